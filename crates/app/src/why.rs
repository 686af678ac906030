//! Why a task is as it is (W1): what is on record about it, in sentences that name their rule.

use chrono::{DateTime, Utc};
use tallyport_domain::plan::ItemChange;
use tallyport_domain::{Archived, Identity, Origin, Person, PersonId, Reason, RunId, Trigger};
use tallyport_storage::{RunItem, StandingFact, TaskFacts, TaskRow};

use crate::Actor;
use crate::wording::path_text;

/// One reason.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WhyReason {
    /// The number of the rule.
    pub rule: &'static str,
    /// The reason in words.
    pub text: String,
    /// The run that made it so.
    pub run: Option<RunId>,
    /// When.
    pub at: Option<DateTime<Utc>>,
    /// What it was before.
    pub before: Option<String>,
    /// What it was after.
    pub after: Option<String>,
    /// Whom it is about, where it is an assignment.
    pub person: Option<Person>,
}

/// The reasons that `actor` may read, what matters most first: the archive, the origin, changes, then assignments.
///
/// Who does not see the whole tree reads no path that the task had before, and of assignments only their own (P6).
pub(crate) fn reasons(actor: &Actor, row: &TaskRow, facts: &TaskFacts, people: &[Person]) -> Vec<WhyReason> {
    let mut reasons = Vec::new();
    reasons.extend(row.task.archived.map(|archived| archive(row, archived, facts)));
    reasons.push(origin(row, facts));
    reasons.extend(facts.items.iter().filter_map(|fact| {
        let adopted = |other: &RunItem| other.run.id == fact.run.id && other.item.change == ItemChange::Adopted;
        change(actor, fact, facts.items.iter().any(adopted))
    }));
    for fact in &facts.standings {
        if actor.manages() || fact.person == actor.person().id {
            assignment(row, fact, people, &mut reasons);
        }
    }
    reasons
}

fn archive(row: &TaskRow, archived: Archived, facts: &TaskFacts) -> WhyReason {
    let last = facts.items.iter().find(|fact| matches!(fact.item.change, ItemChange::Archived | ItemChange::ReasonChanged));
    let run = last.filter(|fact| fact.item.reason == Some(archived.reason)).map(|fact| fact.run.id);
    let native = row.task.origin.imported().is_none();
    let (rule, text) = match archived.reason {
        Reason::ArchivedInToggl => ("I8", "It is archived because it is archived in Toggl."),
        Reason::DoneInToggl => ("I8", "It is archived because it is marked done in Toggl."),
        Reason::DeletedInToggl => ("I8", "It is archived because Toggl's complete list no longer has it: it was deleted there."),
        Reason::TemplateInToggl => ("I5", "It is archived because it became a template in Toggl, on which nobody tracks time."),
        Reason::Deselected => ("I3", "It is archived because its workspace is not selected any more."),
        Reason::NotVisible => ("I8", "It is archived because the Toggl token does not see it any more; it may still exist."),
        Reason::LeftOut => ("I21", "It is archived because it is private and the settings leave private projects out."),
        Reason::ParentArchived if native => ("T2", "It is archived because something above it is."),
        Reason::ParentArchived => ("I8", "It is archived because something above it is; it has no reason of its own."),
        Reason::Unlinked => ("I15", "It is archived because the Toggl integration was unlinked."),
        Reason::ArchivedHere => ("T2", "It is archived because somebody archived it here."),
    };
    let before = last.and_then(|fact| fact.item.old_reason).map(|reason| reason.as_str().to_owned());
    let after = Some(archived.reason.as_str().to_owned());
    WhyReason { rule, text: text.to_owned(), run, at: Some(archived.at), before, after, person: None }
}

fn origin(row: &TaskRow, facts: &TaskFacts) -> WhyReason {
    let created = facts.items.iter().find(|fact| fact.item.change == ItemChange::Created);
    let run = created.map(|fact| fact.run.id);
    let at = created.map(when);
    let (rule, text) = match row.task.origin {
        Origin::Native => ("T2", "It was made here and can be changed here.".to_owned()),
        Origin::Kept(identity) => {
            let text = format!("It mirrored {} until the integration was unlinked, and was kept.", thing(identity));
            ("I15", text)
        }
        Origin::Imported(Identity::Root) => {
            ("I3", "It is the root of what comes from Toggl, there as long as the integration is linked.".to_owned())
        }
        Origin::Imported(identity) => {
            let text = format!("It mirrors {} and is changed only there.", thing(identity));
            ("I7", text)
        }
    };
    WhyReason { rule, text, run, at, ..WhyReason::default() }
}

fn thing(identity: Identity) -> String {
    match identity.external_id() {
        Some(id) => format!("the {} {id} in Toggl", identity.kind().as_str()),
        None => "Toggl".to_owned(),
    }
}

/// What a run did to the task; `adopted` where that run found it again, and so overwrote what was changed here meanwhile (I16).
fn change(actor: &Actor, fact: &RunItem, adopted: bool) -> Option<WhyReason> {
    let item = &fact.item;
    let by = match fact.run.trigger {
        Trigger::Manual => "a sync",
        Trigger::Saved => "the sync after a save",
        Trigger::Schedule => "a scheduled sync",
        Trigger::Confirmed => "a confirmed sync",
        Trigger::ReEnabled => "the sync after re-enabling",
    };
    let active = || Some("active".to_owned());
    let word = |reason: Option<Reason>| reason.map(|reason| reason.as_str().to_owned());
    let (rule, text, before, after) = match item.change {
        // Told by the origin and by the assignments.
        ItemChange::Created | ItemChange::Assigned | ItemChange::Withdrawn => return None,
        ItemChange::Renamed => {
            let before = item.old_name.as_ref().map(|name| name.as_str().to_owned());
            let (rule, text) = followed("renamed", item.identity.is_none(), adopted, by);
            (rule, text, before, Some(item.name.as_str().to_owned()))
        }
        ItemChange::Moved => {
            let shown = actor.manages();
            let before = item.old_path.as_ref().filter(|_| shown).map(|path| path_text(path));
            let (rule, text) = followed("moved", item.identity.is_none(), adopted, by);
            (rule, text, before, shown.then(|| path_text(&item.path)))
        }
        ItemChange::Archived => ("I8", format!("It was archived by {by}."), active(), word(item.reason)),
        ItemChange::Restored => ("I8", format!("It came back with {by}."), word(item.old_reason), active()),
        ItemChange::ReasonChanged => {
            let text = format!("It stayed archived, and {by} found another reason.");
            ("I8", text, word(item.old_reason), word(item.reason))
        }
        ItemChange::Recolored => ("T1", format!("Its colour or billing changed in Toggl; {by} followed."), None, None),
        ItemChange::Adopted => ("I16", format!("It had been kept here, and {by} found it again by Toggl's id."), None, None),
    };
    Some(WhyReason { rule, text, run: Some(fact.run.id), at: Some(when(fact)), before, after, person: None })
}

/// Why a run renamed or moved a task: Toggl did, unless it is a native one, or one that was kept and changed here.
fn followed(done: &str, native: bool, adopted: bool, by: &str) -> (&'static str, String) {
    if native {
        ("I16", format!("It was {done} by {by} to make room: nothing of here hangs under what comes from Toggl."))
    } else if adopted {
        ("I16", format!("It had been kept here, and {by} overwrote it with what Toggl says: it was {done}."))
    } else {
        ("I7", format!("It was {done} in Toggl; {by} followed."))
    }
}

fn assignment(row: &TaskRow, fact: &StandingFact, people: &[Person], reasons: &mut Vec<WhyReason>) {
    let Some(person) = people.iter().find(|person| person.id == fact.person) else { return };
    let name = |id: PersonId| people.iter().find(|person| person.id == id).map_or("somebody", |person| person.name.as_str());
    let about = |rule, text, run, at| WhyReason { rule, text, run, at, person: Some(person.clone()), ..WhyReason::default() };
    if fact.standing.automatic {
        let at = fact.automatic_since.map(|(at, _)| at);
        let run = fact.automatic_since.and_then(|(_, run)| run);
        reasons.push(if row.task.origin.imported() == Some(Identity::Root) {
            about("P3", format!("{} has it as owner of the Toggl integration.", person.name), run, at)
        } else {
            about("P4", format!("{} has it as a member of this workspace in Toggl.", person.name), run, at)
        });
    }
    if fact.standing.manual {
        let at = fact.manual_since.map(|(at, _)| at);
        let by = fact.manual_since.map_or("somebody", |(_, by)| name(by));
        reasons.push(about("P2", format!("{} has it because {by} assigned it.", person.name), None, at));
    }
    if fact.standing.suppressed {
        let text =
            format!("{} had it from Toggl, somebody took it away, and so it stays until somebody assigns it.", person.name);
        reasons.push(about("P5", text, None, None));
    }
}

fn when(fact: &RunItem) -> DateTime<Utc> {
    fact.run.ended_at.unwrap_or(fact.run.started_at)
}
