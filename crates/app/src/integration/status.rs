//! How the integration stands (I1, I2, I17).

use chrono::{DateTime, Utc};
use tallyport_domain::{Outcome, Person, Quota, Role, Selection, Settings, SourceUser, State};
use tallyport_storage::Integration as Link;

use super::{Integration, Picked, RunView};
use crate::wording::hold;
use crate::{Actor, Error, KeyError, Result};

/// How the integration stands. Everybody reads this much (I1).
#[derive(Debug, Clone)]
pub struct Status {
    /// The state.
    pub state: State,
    /// When it was last in step.
    pub last_synced_at: Option<DateTime<Utc>>,
    /// What the reader should know or do.
    pub message: Option<String>,
    /// The rest, for administrators, once it was enabled.
    pub details: Option<StatusDetails>,
}

/// What only administrators read of the integration (I1).
#[derive(Debug, Clone)]
pub struct StatusDetails {
    /// Who enabled or re-enabled it last.
    pub owner: Option<Person>,
    /// Whose token it is (I2).
    pub toggl_user: Option<SourceUser>,
    /// What is mirrored.
    pub selection: Picked,
    /// The names of the picked workspaces, in the same order.
    pub names: Vec<String>,
    /// The run that was started last.
    pub last_run: Option<RunView>,
    /// How it is mirrored.
    pub settings: Settings,
    /// What was left of Toggl's allowance when it was last heard of.
    pub quota: Option<Quota>,
}

impl Integration {
    /// How the integration stands; more of it for administrators (I1).
    pub async fn status(&self, actor: &Actor) -> Result<Status> {
        let Some(link) = self.0.store.integration(actor.account()).await? else {
            let message = if actor.administers() {
                "Enable it with the API token of your Toggl Track profile."
            } else {
                "An administrator can enable it."
            };
            let message = Some(message.to_owned());
            return Ok(Status { state: State::Disabled, last_synced_at: None, message, details: None });
        };
        let standing = self.standing(actor, &link).await?;
        if !actor.administers() {
            let message = brief_message(standing.state).map(str::to_owned);
            return Ok(Status { state: standing.state, last_synced_at: link.last_synced_at, message, details: None });
        }
        let last_run = self.last_run(actor, &link).await?;
        Ok(standing.status(&link, last_run))
    }

    /// The run that was started last.
    pub(super) async fn last_run(&self, actor: &Actor, link: &Link) -> Result<Option<RunView>> {
        let Some(run) = link.last_run else { return Ok(None) };
        let Some(run) = self.0.store.run(actor.account(), run).await? else { return Ok(None) };
        self.view_of(actor, run).await.map(Some)
    }

    /// How it stands beside what its own row says.
    pub(super) async fn standing(&self, actor: &Actor, link: &Link) -> Result<Standing> {
        let owner = self.0.store.person(actor.account(), link.owner).await?;
        let (state, key) = self.state(actor, link, owner.as_ref());
        Ok(Standing { state, owner, key: key.map(|error| key_message(&error)) })
    }

    fn state(&self, actor: &Actor, link: &Link, owner: Option<&Person>) -> (State, Option<KeyError>) {
        if !link.linked {
            return (State::Unlinked, None);
        }
        if !owner.is_some_and(|owner| owner.active) {
            return (State::OwnerInactive, None);
        }
        match self.stored_token(actor.account(), link) {
            Err(Error::Key(error)) => (State::KeyMissing, Some(error)),
            _ if link.token_rejected => (State::TokenRejected, None),
            _ => (State::Enabled, None),
        }
    }
}

/// What an integration's status says that does not stand in its own row.
#[derive(Debug, Clone)]
pub(super) struct Standing {
    state: State,
    owner: Option<Person>,
    /// What keeps the token from being opened.
    key: Option<String>,
}

impl Standing {
    /// How one stands that this person has just enabled.
    pub(super) fn enabled_by(owner: &Person) -> Self {
        Self { state: State::Enabled, owner: Some(owner.clone()), key: None }
    }

    /// What administrators read.
    pub(super) fn status(&self, link: &Link, last_run: Option<RunView>) -> Status {
        let Self { state, owner, key } = self;
        let message = message(*state, key.as_deref(), link, owner.as_ref(), last_run.as_ref());
        let details = StatusDetails {
            owner: owner.clone(),
            toggl_user: link.toggl_user.clone(),
            selection: Picked::of(&link.selection),
            names: names(link),
            last_run,
            settings: link.settings,
            quota: link.quota,
        };
        Status { state: *state, last_synced_at: link.last_synced_at, message, details: Some(details) }
    }
}

fn key_message(error: &KeyError) -> String {
    let hint = error.hint().unwrap_or(tallyport_api_types::Code::KeyMissing.hint());
    format!("It does not sync: {error}. {hint}")
}

/// The names of the picked workspaces.
fn names(link: &Link) -> Vec<String> {
    let Selection::Only(ids) = &link.selection else { return Vec::new() };
    let name = |id| link.workspaces.iter().find(|(seen, _)| seen == id).map_or_else(String::new, |(_, name)| name.clone());
    ids.iter().map(name).collect()
}

/// What everybody reads (I1).
fn brief_message(state: State) -> Option<&'static str> {
    match state {
        State::Enabled | State::Disabled => None,
        State::Unlinked => Some("The link to Toggl was ended by an administrator."),
        State::OwnerInactive | State::TokenRejected | State::KeyMissing => {
            Some("It does not sync at this time; an administrator has to re-enable it.")
        }
    }
}

/// What an administrator reads.
fn message(state: State, key: Option<&str>, link: &Link, owner: Option<&Person>, last_run: Option<&RunView>) -> Option<String> {
    let owner_name = owner.map_or("the owner", |owner| owner.name.as_str());
    match state {
        State::Disabled => None,
        State::Unlinked => Some(
            "The token is destroyed here; revoke it in Toggl too if backups of the database may hold it. \
             Re-enabling links again and finds the earlier tasks."
                .to_owned(),
        ),
        State::OwnerInactive => {
            Some(format!("{owner_name} is deactivated, so it does not sync. Re-enable it with a token of your own."))
        }
        State::TokenRejected => Some(
            "Toggl rejects the token, so it does not sync; nothing is archived because of it. \
             Re-enable it with a valid token."
                .to_owned(),
        ),
        State::KeyMissing => key.map(str::to_owned),
        State::Enabled => enabled_message(link, owner, last_run),
    }
}

fn enabled_message(link: &Link, owner: Option<&Person>, last_run: Option<&RunView>) -> Option<String> {
    let mut sentences = Vec::new();
    if let (Some(owner), Some(user)) = (owner, &link.toggl_user) {
        let same = tallyport_domain::Email::parse(&user.email).is_ok_and(|email| email == owner.email);
        if !same {
            let (name, email) = (&user.name, &user.email);
            sentences.push(format!(
                "The token is that of {name} <{email}> in Toggl, while {} <{}> owns the link.",
                owner.name, owner.email
            ));
        }
    }
    if let Some(owner) = owner.filter(|owner| owner.role != Role::Administrator) {
        let name = &owner.name;
        sentences.push(format!("{name} is no administrator any more: re-enable it with a token of your own."));
    }
    if link.selection == Selection::none() {
        sentences.push("No workspace is selected yet.".to_owned());
    }
    if let Some(view) = last_run.filter(|view| view.run.outcome == Outcome::Held) {
        let what = view.run.hold.as_ref().map_or_else(|| "it needs a yes".to_owned(), hold);
        sentences.push(format!("Run {0} is held, since {what}; confirm or reject it.", view.run.id));
    }
    (!sentences.is_empty()).then(|| sentences.join(" "))
}
