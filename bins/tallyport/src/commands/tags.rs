//! `tags`.

use clap::{Args, Subcommand};
use tallyport_api_types::Tag;

use crate::failure::Stop;
use crate::out::Out;
use crate::session::Session;
use crate::{find, render};

/// The tags of the account; they are made as people type them
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum Tags {
    List(List),
    Rename(Rename),
    Merge(Merge),
    Remove(Remove),
}

/// All of them, with how many entries have each
#[derive(Debug, Args)]
pub(crate) struct List {}

/// Call a tag something else, wherever it is
#[derive(Debug, Args)]
pub(crate) struct Rename {
    /// Its number, or its name
    tag: String,
    /// What to call it
    name: String,
}

/// Make one tag of two
#[derive(Debug, Args)]
pub(crate) struct Merge {
    /// The one that goes
    tag: String,
    /// The one that stays
    into: String,
}

/// Take a tag from whatever has it, and away; the time stays
#[derive(Debug, Args)]
pub(crate) struct Remove {
    /// Its number, or its name
    tag: String,
}

impl Tags {
    pub(crate) async fn run(self, session: &Session, out: &Out) -> Result<(), Stop> {
        let client = session.client();
        let tags = client.tags();
        let one = |tag: &Tag, page: &_| render::tags::list(std::slice::from_ref(tag), page);
        match self {
            Self::List(List {}) => out.show(tags.list(), |tags: &Vec<_>, page| render::tags::list(tags, page)).await,
            Self::Rename(Rename { tag, name }) => out.show(tags.rename(find::tag(client, &tag).await?, &name), one).await,
            Self::Merge(Merge { tag, into }) => {
                let (tag, into) = (find::tag(client, &tag).await?, find::tag(client, &into).await?);
                out.show(tags.merge(tag, into), one).await
            }
            Self::Remove(Remove { tag }) => {
                tags.remove(find::tag(client, &tag).await?).await?;
                out.show(tags.list(), |tags: &Vec<_>, page| render::tags::list(tags, page)).await
            }
        }
    }
}
