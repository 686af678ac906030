//! Applying a plan, and recording one that is held (I10, I12, I14).

use rusqlite::Connection;
use tallyport_domain::plan::{Counts, Hold, NewTask, Place, ShownChanges, TaskChange};
use tallyport_domain::{AccountId, ExternalId, Grant, Member, Outcome, Run, RunId, SortKey, TaskId, search_key};
use tallyport_storage::{Application, Lease, StoreError, Subject};

use crate::assignments;
use crate::changes::{Counter, missing, noted, restructured, take};
use crate::errors::Result;
use crate::rows::{Statements, json, stored, unreadable};
use crate::runs;
use crate::tasks;

/// A plan with all that can be worked out before the writer's turn.
pub(crate) struct Prepared {
    application: Application,
    counts: Counts,
    created_keys: Vec<SortKey>,
    items: Vec<Written>,
}

/// An item of the run as it is stored.
struct Written {
    about: About,
    json: String,
}

/// What an item is about.
enum About {
    Task(TaskId),
    Created(u32),
    Nothing,
}

impl Prepared {
    /// Works everything out that does not need the database.
    ///
    /// # Errors
    /// An item that cannot be written as JSON.
    pub(crate) fn of(application: Application) -> Result<Self> {
        let Application { plan, current, .. } = &application;
        let counts = plan.counts(current);
        let created_keys = plan.created.iter().map(|task| task.name.sort_key()).collect();
        let items = plan.items(current).map(|mut item| {
            let about = match (item.task.take(), item.created.take()) {
                (Some(task), _) => About::Task(task),
                (None, Some(index)) => About::Created(index),
                (None, None) => About::Nothing,
            };
            Ok(Written { about, json: json(&item)? })
        });
        let items = items.collect::<Result<_>>()?;
        Ok(Self { application, counts, created_keys, items })
    }
}

/// Applies a plan; see the port.
pub(crate) fn apply(db: &Connection, account: AccountId, lease: &Lease, prepared: &Prepared) -> Result<Run> {
    let Application { plan, version, now, .. } = &prepared.application;
    runs::check(db, account, lease)?;
    let structure =
        db.one("SELECT structure FROM accounts WHERE account_id = ?1", [account.0], |row| Ok(row.get::<_, i64>(0)?))?;
    if structure != Some(*version) {
        return Err(StoreError::Stale.into());
    }

    let first = take_numbers(db, account, plan.created.len())?;
    let writing = Writing { db, account, run: lease.run, created: Some(first) };
    for (index, (task, key)) in (0..).zip(plan.created.iter().zip(&prepared.created_keys)) {
        writing.create(index, task, key)?;
    }
    for change in &plan.changed {
        writing.change(change)?;
    }
    for grant in &plan.withdraw {
        assignments::end_automatic(db, account, *grant)?;
    }
    for grant in &plan.assign {
        assignments::make_automatic(db, account, *grant, *now, Some(lease.run))?;
    }
    for (person, index) in &plan.assign_created {
        let grant = Grant { person: *person, task: writing.number(*index)? };
        assignments::make_automatic(db, account, grant, *now, Some(lease.run))?;
    }
    for (workspace, members) in &plan.members {
        writing.remember(*workspace, members)?;
    }
    writing.remember_workspaces()?;

    runs::supersede(db, account)?;
    runs::drop_parts(db, account)?;
    writing.record(prepared, Outcome::Succeeded)?;
    db.run("UPDATE integrations SET last_synced_at = ?2 WHERE account_id = ?1", (account.0, stored(*now)))?;
    let run = runs::known(db, account, lease.run)?;
    restructured(db, account, Subject::Run(run.id), run.started_by, *now)?;
    Ok(run)
}

/// Records a plan that needs a yes; see the port.
pub(crate) fn hold(
    db: &Connection,
    account: AccountId,
    lease: &Lease,
    prepared: &Prepared,
    hold: &Hold,
    shown: &ShownChanges,
) -> Result<Run> {
    runs::check(db, account, lease)?;
    runs::supersede(db, account)?;
    runs::drop_parts(db, account)?;
    Writing { db, account, run: lease.run, created: None }.record(prepared, Outcome::Held)?;
    db.run(
        "UPDATE runs SET hold = ?3, shown = ?4 WHERE account_id = ?1 AND run_id = ?2",
        (account.0, lease.run.0, json(hold)?, json(shown)?),
    )?;
    let run = runs::known(db, account, lease.run)?;
    noted(db, account, Subject::Run(run.id), run.started_by, prepared.application.now)?;
    Ok(run)
}

/// Takes the numbers of the tasks to create; answers the first.
fn take_numbers(db: &Connection, account: AccountId, many: usize) -> Result<i64> {
    let many = i64::try_from(many).map_err(|_| unreadable("a count", many))?;
    Ok(take(db, account, Counter::Task, many)? - many + 1)
}

/// What writing a plan needs to know throughout.
struct Writing<'a> {
    db: &'a Connection,
    account: AccountId,
    run: RunId,
    /// The number of the first task that is created; nothing where the plan is only recorded.
    created: Option<i64>,
}

impl Writing<'_> {
    /// The number of a created task.
    fn number(&self, index: u32) -> Result<TaskId> {
        let first = self.created.ok_or_else(|| unreadable("a task that exists", index))?;
        Ok(TaskId(first + i64::from(index)))
    }

    fn parent(&self, place: Place) -> Result<Option<TaskId>> {
        match place {
            Place::Top => Ok(None),
            Place::Under(task) => Ok(Some(task)),
            Place::UnderCreated(index) => self.number(index).map(Some),
        }
    }

    fn create(&self, index: u32, task: &NewTask, key: &SortKey) -> Result<()> {
        self.db.run(
            "INSERT INTO tasks (account_id, task_id, parent_id, name, sort_key, search_key, origin, kind, external_id, color,
             billable, changed_run) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'imported', ?7, ?8, ?9, ?10, ?11)",
            (
                self.account.0,
                self.number(index)?.0,
                self.parent(task.place)?.map(|parent| parent.0),
                task.name.as_str(),
                key.as_bytes(),
                search_key(task.name.as_str()),
                task.identity.kind().as_str(),
                task.identity.external_id().map(|id| id.0),
                task.color.map(|color| color.to_string()),
                task.billable,
                self.run.0,
            ),
        )?;
        Ok(())
    }

    fn change(&self, change: &TaskChange) -> Result<()> {
        let (account, task) = (self.account.0, change.task.0);
        let exists = self
            .db
            .run("UPDATE tasks SET changed_run = ?3 WHERE account_id = ?1 AND task_id = ?2", (account, task, self.run.0))?;
        if exists == 0 {
            return Err(missing("task"));
        }
        if let Some(name) = &change.name {
            tasks::write_name(self.db, self.account, change.task, name)?;
        }
        if let Some(place) = change.place {
            tasks::write_parent(self.db, self.account, change.task, self.parent(place)?)?;
        }
        if let Some(archived) = change.archived {
            tasks::write_archived(self.db, self.account, change.task, archived)?;
        }
        if let Some(color) = change.color {
            self.db.run(
                "UPDATE tasks SET color = ?3 WHERE account_id = ?1 AND task_id = ?2",
                (account, task, color.map(|color| color.to_string())),
            )?;
        }
        if let Some(billable) = change.billable {
            self.db.run("UPDATE tasks SET billable = ?3 WHERE account_id = ?1 AND task_id = ?2", (account, task, billable))?;
        }
        if let Some(identity) = change.adopted {
            self.db.run(
                "UPDATE tasks SET origin = 'imported', kind = ?3, external_id = ?4 WHERE account_id = ?1 AND task_id = ?2",
                (account, task, identity.kind().as_str(), identity.external_id().map(|id| id.0)),
            )?;
        }
        Ok(())
    }

    /// Remembers who was seen in a workspace, in place of who was seen there before (P4).
    fn remember(&self, workspace: ExternalId, members: &[Member]) -> Result<()> {
        self.db.run("DELETE FROM members WHERE account_id = ?1 AND workspace_id = ?2", (self.account.0, workspace.0))?;
        for member in members {
            self.db.run(
                "INSERT INTO members (account_id, workspace_id, email_key, email, name, joined) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT DO UPDATE SET joined = max(joined, excluded.joined)",
                (self.account.0, workspace.0, member.email.key(), member.email.as_str(), &member.name, member.joined),
            )?;
        }
        Ok(())
    }

    /// Remembers the names of the workspaces that this run brought in or renamed.
    fn remember_workspaces(&self) -> Result<()> {
        self.db.run(
            "INSERT INTO workspaces (account_id, external_id, name)
             SELECT account_id, external_id, name FROM tasks
             WHERE account_id = ?1 AND kind = 'workspace' AND changed_run = ?2
             ON CONFLICT DO UPDATE SET name = excluded.name",
            (self.account.0, self.run.0),
        )?;
        Ok(())
    }

    /// Closes the run's record, and writes down what it changed or would change.
    fn record(&self, prepared: &Prepared, outcome: Outcome) -> Result<()> {
        let Application { plan, proof, requests, quota, now, .. } = &prepared.application;
        runs::end_under_way(self.db, self.account, self.run, outcome, None, *now)?;
        self.db.run(
            "UPDATE runs SET requests = ?3, counts = ?4, warnings = ?5, proof = ?6 WHERE account_id = ?1 AND run_id = ?2",
            (self.account.0, self.run.0, requests, json(&prepared.counts)?, json(&plan.warnings)?, json(proof)?),
        )?;
        runs::heard(self.db, self.account, *quota)?;
        for (number, item) in (1_i64..).zip(&prepared.items) {
            let task = match item.about {
                About::Task(task) => Some(task),
                About::Created(index) if self.created.is_some() => Some(self.number(index)?),
                About::Created(_) | About::Nothing => None,
            };
            self.db.run(
                "INSERT INTO run_items (account_id, run_id, number, task_id, item) VALUES (?1, ?2, ?3, ?4, ?5)",
                (self.account.0, self.run.0, number, task.map(|task| task.0), &item.json),
            )?;
        }
        Ok(())
    }
}
