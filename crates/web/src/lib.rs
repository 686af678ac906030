//! Tallyport's pages, rendered by the server and whole without scripts: set-up, sign-in, and what links in mails lead to.
//!
//! Each form is sent to the address it is on. What is wrong is shown in its place with everything that was typed but passwords;
//! what is right leads on by a redirect, so that going back sends nothing twice. Looking at a link changes nothing, since programs
//! that search mail for bad links look at them too.

mod accept;
mod assets;
mod email;
mod form;
mod home;
mod page;
mod reset;
mod set_up;
mod sign_in;
mod visit;

pub use page::readable;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{MethodRouter, get, post};
use tallyport_app::App;
use tallyport_http::{guard, method_not_allowed};

/// The largest form that is read; the longest name has 4 KiB, and is sent with three characters for a byte.
const LARGEST: usize = 64 * 1024;

/// The pages, each at its path with what answers there.
fn pages() -> [(&'static str, MethodRouter<App>); 8] {
    [
        ("/", get(home::show)),
        ("/setup", get(set_up::show).post(set_up::send)),
        ("/sign-in", get(sign_in::show).post(sign_in::send)),
        ("/sign-out", post(home::sign_out)),
        ("/accept/{secret}", get(accept::show).post(accept::send)),
        ("/reset", get(reset::show_ask).post(reset::ask)),
        ("/reset/{secret}", get(reset::show).post(reset::send)),
        ("/email/{secret}", get(email::show).post(email::send)),
    ]
}

/// The paths of the pages, for who has to know all of them.
#[must_use]
pub fn paths() -> Vec<&'static str> {
    pages().into_iter().map(|(path, _)| path).collect()
}

/// The pages over an application, to be merged with what else a server serves.
pub fn router(app: App) -> Router {
    let router = pages().into_iter().fold(Router::new(), |router, (path, page)| router.route(path, page));
    router
        .route("/assets/{file}", get(assets::file))
        .method_not_allowed_fallback(method_not_allowed)
        .layer(DefaultBodyLimit::max(LARGEST))
        .layer(axum::middleware::from_fn_with_state(app.clone(), guard))
        .with_state(app)
}
