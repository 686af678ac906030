//! `access`.

use clap::Args;

use crate::failure::Stop;
use crate::find;
use crate::out::Out;
use crate::render;
use crate::session::Session;

/// What somebody is assigned to, and what gives it
#[derive(Debug, Args)]
pub(crate) struct Access {
    /// Their address, or their number
    email: String,
    /// All tasks they have by that, not only those they are assigned to directly
    #[arg(long)]
    effective: bool,
}

impl Access {
    pub(crate) async fn run(self, session: &Session, out: &Out) -> Result<(), Stop> {
        let person = find::person(session.client(), &self.email).await?;
        let call = session.client().people().access(person.id, self.effective);
        out.show(call, |tasks, page| {
            if tasks.is_empty() {
                return format!("{} has no task\n", render::text::name(&person.name));
            }
            render::access::list(tasks, page)
        })
        .await
    }
}
