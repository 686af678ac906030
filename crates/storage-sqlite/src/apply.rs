//! Applying a plan, and recording one that is held (I10, I12, I14).

use std::ops::Range;
use std::sync::mpsc::Receiver;
use std::thread;

use rusqlite::Connection;
use tallyport_domain::plan::{Hold, NewTask, Place, ShownChanges, TaskChange};
use tallyport_domain::{AccountId, ExternalId, Grant, Member, Outcome, Run, RunId, TaskId};
use tallyport_storage::{Application, Lease, StoreError, Subject};

use crate::assignments;
use crate::bulk;
use crate::changes::{Counter, missing, noted, restructured, structure, take};
use crate::errors::{Error, Result};
use crate::history::History;
use crate::keys::{self, Keys};
use crate::rows::{Statements, json, stored, unreadable};
use crate::runs;
use crate::tasks;

/// Applies a plan; see the port.
pub(crate) fn apply(db: &Connection, account: AccountId, lease: &Lease, application: &Application) -> Result<Run> {
    let Application { plan, current, version, now, .. } = application;
    runs::check(db, account, lease)?;
    if structure(db, account)? != Some(*version) {
        return Err(StoreError::Stale.into());
    }

    let created = take_numbers(db, account, plan.created.len())?;
    let writing = Writing { db, account, run: lease.run, created: created.clone() };
    // Names and history are together as much work as the writing, and none of it for the database.
    thread::scope(|scope| {
        let history = History::ahead(scope, plan.items(current), (db, account, lease.run), Some(created));
        writing.create(&plan.created, &keys::ahead(scope, &plan.created), &history)?;
        history.finish()
    })?;
    for change in &plan.changed {
        writing.change(change)?;
    }
    for grant in &plan.withdraw {
        assignments::end_automatic(db, account, *grant, *now)?;
    }
    for grant in &plan.assign {
        assignments::make_automatic(db, account, *grant, *now, Some(lease.run))?;
    }
    for (person, index) in &plan.assign_created {
        let grant = Grant { person: *person, task: writing.number(*index) };
        assignments::make_automatic(db, account, grant, *now, Some(lease.run))?;
    }
    for (workspace, members) in &plan.members {
        writing.remember(*workspace, members)?;
    }
    writing.remember_workspaces()?;

    runs::supersede(db, account)?;
    runs::drop_parts(db, account)?;
    record(db, account, lease.run, application, Outcome::Succeeded)?;
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
    application: &Application,
    hold: &Hold,
    shown: &ShownChanges,
) -> Result<Run> {
    runs::check(db, account, lease)?;
    runs::supersede(db, account)?;
    runs::drop_parts(db, account)?;
    let items = application.plan.items(&application.current);
    thread::scope(|scope| History::ahead(scope, items, (db, account, lease.run), None).finish())?;
    record(db, account, lease.run, application, Outcome::Held)?;
    db.run(
        "UPDATE runs SET hold = ?3, shown = ?4 WHERE account_id = ?1 AND run_id = ?2",
        (account.0, lease.run.0, json(hold)?, json(shown)?),
    )?;
    let run = runs::known(db, account, lease.run)?;
    noted(db, account, Subject::Run(run.id), run.started_by, application.now)?;
    Ok(run)
}

/// Takes the numbers of the tasks to create.
fn take_numbers(db: &Connection, account: AccountId, many: usize) -> Result<Range<i64>> {
    let many = i64::try_from(many).map_err(|_| unreadable("a count", many))?;
    let end = take(db, account, Counter::Task, many)? + 1;
    Ok(end - many..end)
}

/// Closes the run's record.
fn record(db: &Connection, account: AccountId, run: RunId, application: &Application, outcome: Outcome) -> Result<()> {
    let Application { plan, current, proof, requests, quota, now, .. } = application;
    runs::end_under_way(db, account, run, outcome, None, *now)?;
    db.run(
        "UPDATE runs SET requests = ?3, counts = ?4, warnings = ?5, proof = ?6 WHERE account_id = ?1 AND run_id = ?2",
        (account.0, run.0, requests, json(&plan.counts(current))?, json(&plan.warnings)?, json(proof)?),
    )?;
    runs::heard(db, account, *quota)
}

/// What writing a plan needs to know throughout.
struct Writing<'a> {
    db: &'a Connection,
    account: AccountId,
    run: RunId,
    /// The numbers of the tasks that are created.
    created: Range<i64>,
}

impl Writing<'_> {
    /// The number of a created task.
    fn number(&self, index: u32) -> TaskId {
        TaskId(self.created.start + i64::from(index))
    }

    fn parent(&self, place: Place) -> Option<TaskId> {
        match place {
            Place::Top => None,
            Place::Under(task) => Some(task),
            Place::UnderCreated(index) => Some(self.number(index)),
        }
    }

    fn create(&self, tasks: &[NewTask], keys: &Receiver<Keys>, history: &History<'_>) -> Result<()> {
        let into = "tasks (account_id, task_id, parent_id, name, sort_key, search_key, origin, kind, external_id, color, billable, \
                    changed_run)";
        for (chunk, tasks) in tasks.chunks(keys::TOGETHER).enumerate() {
            let keys = keys.recv().map_err(|_| Error::Panic("nobody makes sort keys any more".to_owned()))?;
            bulk::insert(self.db, into, tasks.len(), |index, values| {
                let (task, (sort_key, search_key)) = (&tasks[index], keys.get(index));
                let index = chunk * keys::TOGETHER + index;
                let index = u32::try_from(index).map_err(|_| unreadable("an index", index))?;
                values.push(self.account.0)?;
                values.push(self.number(index).0)?;
                values.push(self.parent(task.place).map(|parent| parent.0))?;
                values.push(task.name.as_str())?;
                values.push(sort_key)?;
                values.push(search_key)?;
                values.push("imported")?;
                values.push(task.identity.kind().as_str())?;
                values.push(task.identity.external_id().map(|id| id.0))?;
                values.push(task.color.map(|color| color.to_string()))?;
                values.push(task.billable)?;
                values.push(self.run.0)
            })?;
            history.catch_up()?;
        }
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
            tasks::write_parent(self.db, self.account, change.task, self.parent(place))?;
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
}
