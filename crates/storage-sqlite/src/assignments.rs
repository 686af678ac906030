//! Who is on which task, automatically, by hand or kept away (P2–P5, P8).

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use rusqlite::{Connection, Row, params_from_iter};
use tallyport_domain::access;
use tallyport_domain::matching::{Seen, rematch};
use tallyport_domain::{AccountId, Grant, Member, PersonId, Roster, RosterPerson, RunId, Standing, TaskId};
use tallyport_storage::{StandingFact, StoreError, Subject};

use crate::changes::{noted, restructured};
use crate::errors::Result;
use crate::forest::Direct;
use crate::integration;
use crate::people;
use crate::rows::{Statements, email, instant, stored};
use crate::tasks;

/// Gives a person a task automatically; a suppression stays what it is.
pub(crate) fn make_automatic(
    db: &Connection,
    account: AccountId,
    grant: Grant,
    since: DateTime<Utc>,
    run: Option<RunId>,
) -> Result<()> {
    db.run(
        "INSERT INTO assignments (account_id, task_id, person_id, automatic_since, automatic_run) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO UPDATE SET automatic_since = excluded.automatic_since, automatic_run = excluded.automatic_run
         WHERE automatic_since IS NULL",
        (account.0, grant.task.0, grant.person.0, stored(since), run.map(|run| run.0)),
    )?;
    Ok(())
}

/// Ends an automatic assignment, if there is one.
pub(crate) fn end_automatic(db: &Connection, account: AccountId, grant: Grant, now: DateTime<Utc>) -> Result<()> {
    end_automatic_where(db, "task_id = ?2 AND person_id = ?3", &[account.0, grant.task.0, grant.person.0], now).map(drop)
}

/// Ends the automatic assignments that fulfil a condition; answers how many they were.
///
/// The account is the first parameter.
pub(crate) fn end_automatic_where(db: &Connection, condition: &str, params: &[i64], now: DateTime<Utc>) -> Result<usize> {
    remember_end(db, &format!("automatic_since IS NOT NULL AND manual_since IS NULL AND {condition}"), params, now)?;
    let only = db.run(
        &format!(
            "DELETE FROM assignments WHERE account_id = ?1 AND automatic_since IS NOT NULL AND manual_since IS NULL
             AND suppressed = 0 AND {condition}"
        ),
        params_from_iter(params),
    )?;
    let beside = db.run(
        &format!(
            "UPDATE assignments SET automatic_since = NULL, automatic_run = NULL
             WHERE account_id = ?1 AND automatic_since IS NOT NULL AND {condition}"
        ),
        params_from_iter(params),
    )?;
    Ok(only + beside)
}

/// Keeps on record when the assignments that fulfil a condition ended: what a device did before that still stands (E7).
fn remember_end(db: &Connection, condition: &str, params: &[i64], now: DateTime<Utc>) -> Result<()> {
    let last = params.len() + 1;
    db.run(
        &format!(
            "INSERT INTO access_ended (account_id, person_id, task_id, at)
             SELECT account_id, person_id, task_id, ?{last} FROM assignments WHERE account_id = ?1 AND {condition}
             ON CONFLICT DO UPDATE SET at = excluded.at"
        ),
        params_from_iter(params.iter().copied().chain([stored(now)])),
    )
    .map(drop)
}

/// Turns every automatic assignment into a manual one, remembered so that [`restore_automatic`] finds it (I15).
pub(crate) fn turn_manual(db: &Connection, account: AccountId, by: PersonId, now: DateTime<Utc>) -> Result<()> {
    db.run(
        "UPDATE assignments SET formerly_automatic = 1, made_by_unlinking = manual_since IS NULL,
         manual_since = coalesce(manual_since, ?3), manual_by = coalesce(manual_by, ?2),
         automatic_since = NULL, automatic_run = NULL
         WHERE account_id = ?1 AND automatic_since IS NOT NULL",
        (account.0, by.0, stored(now)),
    )
    .map(drop)
}

/// Makes automatic again what [`turn_manual`] turned (I16).
pub(crate) fn restore_automatic(db: &Connection, account: AccountId, now: DateTime<Utc>) -> Result<()> {
    db.run(
        "UPDATE assignments SET automatic_since = ?2,
         manual_since = CASE WHEN made_by_unlinking THEN NULL ELSE manual_since END,
         manual_by = CASE WHEN made_by_unlinking THEN NULL ELSE manual_by END,
         formerly_automatic = 0, made_by_unlinking = 0
         WHERE account_id = ?1 AND formerly_automatic",
        (account.0, stored(now)),
    )
    .map(drop)
}

/// Turns automatic assignments, the root's aside, into manual ones for good; see the port (P8).
pub(crate) fn adopt(db: &Connection, account: AccountId, by: PersonId, now: DateTime<Utc>) -> Result<usize> {
    let root = integration::root(db, account)?.map(|root| root.0);
    let automatic = "account_id = ?1 AND automatic_since IS NOT NULL AND task_id IS NOT ?2";
    let tasks = db.all(
        &format!("SELECT DISTINCT task_id FROM assignments WHERE {automatic} ORDER BY task_id"),
        (account.0, root),
        |row| Ok(TaskId(row.get(0)?)),
    )?;
    let many = db.run(
        &format!(
            "UPDATE assignments SET manual_since = coalesce(manual_since, ?4), manual_by = coalesce(manual_by, ?3),
             automatic_since = NULL, automatic_run = NULL WHERE {automatic}"
        ),
        (account.0, root, by.0, stored(now)),
    )?;
    for task in tasks {
        restructured(db, account, Subject::Assignments(task), Some(by), now)?;
    }
    Ok(many)
}

/// Assigns by hand; see the port.
pub(crate) fn assign(
    db: &Connection,
    account: AccountId,
    task: TaskId,
    people: &[PersonId],
    by: PersonId,
    now: DateTime<Utc>,
) -> Result<()> {
    tasks::known(db, account, task)?;
    for person in people {
        if !people::known(db, account, *person)?.active {
            return Err(StoreError::PersonInactive.into());
        }
        let standing = standing(db, account, task, *person)?.assigned();
        // Whoever confirms what unlinking made of an automatic assignment gives it anew.
        db.run(
            "INSERT INTO assignments (account_id, task_id, person_id, manual_since, manual_by, suppressed)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT DO UPDATE SET suppressed = excluded.suppressed, made_by_unlinking = 0,
             manual_since = CASE WHEN made_by_unlinking OR manual_since IS NULL THEN excluded.manual_since ELSE manual_since END,
             manual_by = CASE WHEN made_by_unlinking OR manual_since IS NULL THEN excluded.manual_by ELSE manual_by END",
            (account.0, task.0, person.0, stored(now), by.0, standing.suppressed),
        )?;
        noted(db, account, Subject::Access(*person), Some(by), now)?;
    }
    restructured(db, account, Subject::Assignments(task), Some(by), now)
}

/// Takes both kinds of assignment away; see the port.
pub(crate) fn unassign(
    db: &Connection,
    account: AccountId,
    task: TaskId,
    people: &[PersonId],
    by: PersonId,
    now: DateTime<Utc>,
) -> Result<()> {
    tasks::known(db, account, task)?;
    let above = tasks::above(db, account, task)?;
    for person in people {
        people::known(db, account, *person)?;
        let inherited = access::giver(&above, &grants(db, account, *person)?, *person, task).filter(|giver| *giver != task);
        let standing = standing(db, account, task, *person)?.unassigned(inherited).map_err(StoreError::Unassign)?;
        let of = [account.0, task.0, person.0];
        remember_end(db, "task_id = ?2 AND person_id = ?3", &of, now)?;
        let sql = if standing.suppressed {
            "UPDATE assignments SET automatic_since = NULL, automatic_run = NULL, manual_since = NULL, manual_by = NULL,
             formerly_automatic = 0, made_by_unlinking = 0, suppressed = 1
             WHERE account_id = ?1 AND task_id = ?2 AND person_id = ?3"
        } else {
            "DELETE FROM assignments WHERE account_id = ?1 AND task_id = ?2 AND person_id = ?3"
        };
        db.run(sql, of)?;
        noted(db, account, Subject::Access(*person), Some(by), now)?;
    }
    restructured(db, account, Subject::Assignments(task), Some(by), now)
}

/// The assignments of a person, both kinds.
pub(crate) fn grants(db: &Connection, account: AccountId, person: PersonId) -> Result<BTreeSet<Grant>> {
    let tasks = db.all(
        "SELECT task_id FROM assignments WHERE account_id = ?1 AND person_id = ?2
         AND (automatic_since IS NOT NULL OR manual_since IS NOT NULL)",
        (account.0, person.0),
        |row| Ok(Grant { person, task: TaskId(row.get(0)?) }),
    )?;
    Ok(tasks.into_iter().collect())
}

/// How a person stands to a task.
fn standing(db: &Connection, account: AccountId, task: TaskId, person: PersonId) -> Result<Standing> {
    let fact = db.one(
        &format!("SELECT {FACT} FROM assignments WHERE account_id = ?1 AND task_id = ?2 AND person_id = ?3"),
        (account.0, task.0, person.0),
        fact,
    )?;
    Ok(fact.map_or_else(Standing::default, |fact| fact.standing))
}

/// Who has a task directly, or had it taken away (P5), and how: by person.
pub(crate) fn of_task(db: &Connection, account: AccountId, task: TaskId) -> Result<Vec<StandingFact>> {
    db.all(
        &format!("SELECT {FACT} FROM assignments WHERE account_id = ?1 AND task_id = ?2 ORDER BY person_id"),
        (account.0, task.0),
        fact,
    )
}

/// The assignments of an account that a plan looks at: automatic ones, or suppressions.
pub(crate) fn all_where(db: &Connection, account: AccountId, condition: &str) -> Result<BTreeSet<Grant>> {
    let all = db.all(
        &format!("SELECT person_id, task_id FROM assignments WHERE account_id = ?1 AND {condition}"),
        [account.0],
        |row| Ok(Grant { person: PersonId(row.get(0)?), task: TaskId(row.get(1)?) }),
    )?;
    Ok(all.into_iter().collect())
}

/// Holds for an automatic assignment.
pub(crate) const AUTOMATIC: &str = "automatic_since IS NOT NULL";

/// Holds for a suppression.
pub(crate) const SUPPRESSED: &str = "suppressed";

const FACT: &str = "person_id, automatic_since, automatic_run, manual_since, manual_by, suppressed";

fn fact(row: &Row<'_>) -> Result<StandingFact> {
    let automatic = row.get::<_, Option<i64>>(1)?.map(instant).transpose()?;
    let manual = row.get::<_, Option<i64>>(3)?.map(instant).transpose()?;
    let run = row.get::<_, Option<i64>>(2)?.map(RunId);
    let by = row.get::<_, Option<i64>>(4)?.map(PersonId);
    Ok(StandingFact {
        person: PersonId(row.get(0)?),
        standing: Standing { automatic: automatic.is_some(), manual: manual.is_some(), suppressed: row.get(5)? },
        automatic_since: automatic.map(|since| (since, run)),
        manual_since: manual.zip(by),
    })
}

/// Matches people to the members seen at the last sync: assigns, and withdraws (P4).
///
/// Nobody else is looked at. Workspaces that are archived, or whose members were never read, stand as they are (P5).
pub(crate) fn match_people(db: &Connection, account: AccountId, people: &[PersonId], now: DateTime<Utc>) -> Result<()> {
    let Some(owner) = integration::owner_if_linked(db, account)? else { return Ok(()) };
    let mut roster = Roster { people: Vec::new(), owner };
    for id in people {
        let person = people::known(db, account, *id)?;
        roster.people.push(RosterPerson { id: *id, email_key: person.email.key().to_owned(), active: person.active });
    }
    let ours =
        |grants: BTreeSet<Grant>| grants.into_iter().filter(|grant| people.contains(&grant.person)).collect::<BTreeSet<_>>();
    let automatic = ours(all_where(db, account, AUTOMATIC)?);
    let suppressed = ours(all_where(db, account, SUPPRESSED)?);
    let seen = seen(db, account)?;
    let seen: Vec<Seen<'_>> = seen.iter().map(|(task, members)| Seen { task: *task, members }).collect();
    let root = integration::active_root(db, account)?;
    let change = rematch(&roster, root, &seen, &automatic, &suppressed);
    for grant in change.withdraw {
        end_automatic(db, account, grant, now)?;
    }
    for grant in change.assign {
        make_automatic(db, account, grant, now, None)?;
    }
    Ok(())
}

/// The members of the active workspaces whose members were read, by workspace task.
fn seen(db: &Connection, account: AccountId) -> Result<BTreeMap<TaskId, Vec<Member>>> {
    let rows = db.all(
        "SELECT t.task_id, m.email, m.name, m.joined FROM tasks t
         JOIN members m ON m.account_id = t.account_id AND m.workspace_id = t.external_id
         WHERE t.account_id = ?1 AND t.kind = 'workspace' AND t.origin = 'imported' AND t.archived_reason IS NULL",
        [account.0],
        |row| Ok((TaskId(row.get(0)?), Member { email: email(row, 1)?, name: row.get(2)?, joined: row.get(3)? })),
    )?;
    let mut seen: BTreeMap<TaskId, Vec<Member>> = BTreeMap::new();
    for (task, member) in rows {
        seen.entry(task).or_default().push(member);
    }
    Ok(seen)
}

/// The tasks that a person has directly, and how they have each.
pub(crate) fn direct(db: &Connection, account: AccountId, person: PersonId) -> Result<Direct> {
    let facts = db.all(
        "SELECT task_id, automatic_since IS NOT NULL, manual_since IS NOT NULL, suppressed FROM assignments
         WHERE account_id = ?1 AND person_id = ?2",
        (account.0, person.0),
        |row| {
            let standing = Standing { automatic: row.get(1)?, manual: row.get(2)?, suppressed: row.get(3)? };
            Ok((TaskId(row.get(0)?), standing))
        },
    )?;
    Ok(facts.into_iter().filter(|(_, standing)| standing.gives_access()).collect())
}
