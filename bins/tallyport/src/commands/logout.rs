//! `logout`.

use clap::Args;
use serde::Serialize;
use tallyport_api_types::Code;

use crate::cli::Globals;
use crate::failure::{Failure, Stop};
use crate::login::Login as Kept;
use crate::out::Out;

/// Sign out: revoke the token that login made, and remove it from this machine
#[derive(Debug, Args)]
pub(crate) struct Logout {}

/// What `logout` prints.
#[derive(Serialize)]
struct SignedOut {
    server: Option<String>,
    revoked: bool,
}

impl Logout {
    pub(crate) async fn run(self, _: &Globals, out: &Out) -> Result<(), Stop> {
        let Ok(kept) = Kept::kept() else {
            Kept::forget()?;
            let what = "the token that was kept cannot be used; it is removed from this machine";
            let failure = Failure::new(Code::SignInRequired, what);
            return Err(failure.hint("If it may still work, revoke it on the server.").into());
        };
        let Some(kept) = kept else {
            return out.record(&SignedOut { server: None, revoked: false }, |_, _| "Nobody is signed in\n".to_owned());
        };
        // Whatever the server says: who signs out leaves nothing on the machine.
        Kept::forget()?;
        if kept.made
            && let Err(stop) = kept.revoke(out).await
        {
            out.note("The token is removed from this machine, but still works: revoke it on the server.");
            return Err(stop);
        }
        let signed_out = SignedOut { server: Some(kept.server.to_string()), revoked: kept.made };
        out.record(&signed_out, |_, _| format!("Signed out of {}\n", kept.server))
    }
}
