use tallyport_domain::ExternalId;
use tallyport_domain::plan::ItemChange;

use super::*;

const ACCOUNT: AccountId = AccountId(1);
const RUN: RunId = RunId(1);

/// A file with an account and a run that succeeded.
fn file() -> Connection {
    let mut db = Connection::open_in_memory().unwrap();
    crate::migrate::up(&mut db, &crate::migrate::all()).unwrap();
    db.execute_batch(
        r#"INSERT INTO accounts (account_id, name, zone) VALUES (1, 'Ours', 'UTC');
           INSERT INTO runs (account_id, run_id, trigger, started_at, ended_at, outcome, counts, warnings, proof) VALUES
               (1, 1, 'manual', 0, 1, 'succeeded', '{"created":0,"renamed":0,"moved":0,"archived":0,"restored":0,"unchanged":0,"assigned":0,"withdrawn":0}', '[]', '{"lists":[]}');"#,
    )
    .unwrap();
    db
}

fn item(change: ItemChange, name: &str) -> Item {
    let name = Name::from_source(name);
    Item {
        change,
        task: None,
        created: None,
        identity: None,
        path: vec![name.clone()],
        name,
        reason: None,
        old_reason: None,
        old_name: None,
        old_path: None,
        person: None,
    }
}

/// So many created tasks, one that was renamed, and an assignment of the last created one.
fn history(created: u32) -> Vec<Item> {
    let mut items: Vec<Item> =
        (0..created).map(|index| Item { created: Some(index), ..item(ItemChange::Created, &format!("Task {index}")) }).collect();
    items.push(Item { task: Some(TaskId(7)), ..item(ItemChange::Renamed, "Seven") });
    let person = Some(PersonId(3));
    items.push(Item { created: created.checked_sub(1), person, ..item(ItemChange::Assigned, "Last") });
    items
}

fn write(db: &Connection, items: Vec<Item>, created: Option<Range<i64>>) {
    std::thread::scope(|scope| History::ahead(scope, items.into_iter(), (db, ACCOUNT, RUN), created).finish()).unwrap();
}

#[test] // I14
fn every_window_of_a_long_history_is_read_as_it_was_written() {
    for created in [1, 127, 128, 300] {
        let db = file();
        let written = history(created);
        write(&db, written.clone(), Some(1000..1000 + i64::from(created)));
        let expected: Vec<Item> = written
            .into_iter()
            .map(|mut item| {
                item.task = item.task.or(item.created.take().map(|index| TaskId(1000 + i64::from(index))));
                item
            })
            .collect();
        assert_eq!(items(&db, ACCOUNT, RUN, 0, u32::MAX).unwrap(), expected);
        for (skip, limit) in [(0, 0), (0, 1), (0, 128), (1, 128), (126, 3), (127, 1), (128, 1), (250, 100), (299, 2), (400, 5)] {
            let window: Vec<Item> = expected.iter().skip(skip).take(limit).cloned().collect();
            let found = items(&db, ACCOUNT, RUN, u32::try_from(skip).unwrap(), u32::try_from(limit).unwrap()).unwrap();
            assert_eq!(found, window, "{created} created, {limit} after {skip}");
        }
    }
}

#[test] // I14, W1
fn the_items_of_one_task_are_found_among_all_others() {
    let db = file();
    write(&db, history(300), Some(1000..1300));
    let told = |task: i64| -> Vec<String> {
        let facts = of_task(&db, ACCOUNT, TaskId(task)).unwrap();
        facts.into_iter().map(|fact| fact.item.name.as_str().to_owned()).collect()
    };
    assert_eq!(told(1000), ["Task 0"]);
    assert_eq!(told(1128), ["Task 128"]);
    assert_eq!(told(1299), ["Task 299", "Last"]);
    assert_eq!(told(7), ["Seven"]);
    for other in [8, 999, 1300] {
        assert!(told(other).is_empty(), "{other}");
    }
}

#[test] // I12
fn what_would_be_created_has_no_number() {
    let db = file();
    write(&db, history(2), None);
    let tasks: Vec<Option<TaskId>> = items(&db, ACCOUNT, RUN, 0, 10).unwrap().into_iter().map(|item| item.task).collect();
    assert_eq!(tasks, [None, None, Some(TaskId(7)), None]);
}

#[test]
fn items_in_files_keep_their_form() {
    let db = file();
    let (toggl, logo) = (Name::from_source("Toggl"), Name::from_source("Logo"));
    let created = Item {
        created: Some(0),
        identity: Some(Identity::Task(ExternalId(5_000_000_131))),
        path: vec![toggl.clone(), logo.clone()],
        ..item(ItemChange::Created, "Logo")
    };
    let changed = Item {
        task: Some(TaskId(7)),
        reason: Some(Reason::DoneInToggl),
        old_reason: Some(Reason::ArchivedInToggl),
        old_name: Some(logo),
        old_path: Some(vec![toggl]),
        person: Some(PersonId(3)),
        ..item(ItemChange::Archived, "Seven")
    };
    write(&db, vec![created, changed], Some(1000..1001));
    let stored: String = db.query_row("SELECT items FROM run_items", [], |row| row.get(0)).unwrap();
    let expected = [
        r#"[{"identity":{"Task":5000000131},"path":["Toggl","Logo"]},"#,
        r#"{"change":"archived","task":7,"path":["Seven"],"reason":"done_in_toggl","old_reason":"archived_in_toggl","#,
        r#""old_name":"Logo","old_path":["Toggl"],"person":3}]"#,
    ];
    assert_eq!(stored, expected.concat());
}
