//! The tree, the archive and the search as people see them, and what is on record (T4, P6, P7, I9, W1).

use tallyport_domain::plan::ItemChange;
use tallyport_domain::{Color, Fate, Name, TaskId};

use super::snapshot::{INTERNAL, NORTHLIGHT, WEBSITE, changed, content, project_of, task, toggl};
use super::world::{Fresh, manager, member_view, name, sync};
use crate::{TaskRow, Viewer, Which};

pub(super) async fn add(db: &Fresh, parent: Option<TaskId>, text: &str) -> TaskId {
    let w = db.world;
    db.store.add_task(w.ours, parent, &name(text), w.ada, w.at(1)).await.unwrap()
}

pub(super) async fn found(db: &Fresh, id: TaskId) -> TaskRow {
    db.store.task(db.world.ours, manager(db.world.ada), id).await.unwrap().unwrap()
}

/// What a tree shows, as level and name.
pub(super) fn shown(rows: &[TaskRow]) -> Vec<(u32, &str)> {
    rows.iter().map(|row| (row.level, row.task.name.as_str())).collect()
}

pub(super) fn numbers(rows: &[TaskRow]) -> Vec<TaskId> {
    rows.iter().map(|row| row.task.id).collect()
}

pub(super) async fn tree(db: &Fresh, viewer: Viewer) -> Vec<TaskRow> {
    db.store.tree(db.world.ours, viewer, false).await.unwrap()
}

// T4
pub async fn the_tree_is_in_the_order_that_people_expect(db: Fresh) {
    let w = db.world;
    for text in ["task 10", "Task 9", "\u{f6}ffnung", "zebra", "Zebra", "\u{65e5}\u{672c}", "9 lives", "10 lives"] {
        add(&db, Some(w.kitchen), text).await;
    }
    let below = add(&db, Some(w.sink), "Below").await;
    add(&db, None, "apple").await;
    let rows = tree(&db, manager(w.ada)).await;
    assert_eq!(
        shown(&rows),
        [
            (1, "apple"),
            (1, "Garden"),
            (1, "House"),
            (2, "Kitchen"),
            (3, "9 lives"),
            (3, "10 lives"),
            (3, "\u{f6}ffnung"),
            (3, "Sink"),
            (4, "Below"),
            (3, "Task 9"),
            (3, "task 10"),
            (3, "zebra"),
            (3, "Zebra"),
            (3, "\u{65e5}\u{672c}"),
        ]
    );
    let row = rows.iter().find(|row| row.task.id == below).unwrap();
    assert_eq!(row.path, ["House", "Kitchen", "Sink", "Below"].map(name));
}

// T4
pub async fn names_alike_are_in_the_order_of_their_numbers(db: Fresh) {
    let w = db.world;
    let (one, two, three) =
        (add(&db, Some(w.garden), "same").await, add(&db, Some(w.garden), "Same").await, add(&db, Some(w.garden), "same").await);
    let rows = tree(&db, manager(w.ada)).await;
    assert_eq!(numbers(&rows)[..4], [w.garden, one, two, three]);
}

// T1, T4
pub async fn imported_tasks_stand_in_the_tree_with_what_the_source_says(db: Fresh) {
    let w = db.world;
    let mirror = db.mirrored().await;
    let rows = tree(&db, manager(w.bea)).await;
    assert_eq!(
        shown(&rows[4..]),
        [
            (1, "Toggl"),
            (2, "Northlight"),
            (3, "Harbour"),
            (4, "Website"),
            (5, "Draft"),
            (5, "Review"),
            (3, "Internal"),
            (2, "Southwind"),
            (3, "Advice")
        ]
    );
    let website = found(&db, mirror.website).await.task;
    assert_eq!((website.color, website.billable), (Color::parse("#0b83d9"), Some(true)));
}

// I8, T4
pub async fn archived_tasks_are_listed_apart_with_their_paths(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = db.mirrored().await;
    let mut source = toggl();
    project_of(&mut source, WEBSITE).active = false;
    sync(s, w.ours, w.ada, &source, w.at(10)).await;
    s.archive_task(w.ours, w.sink, w.ada, w.at(11)).await.unwrap();

    let rows = s.tree(w.ours, manager(w.ada), true).await.unwrap();

    assert_eq!(shown(&rows), [(3, "Sink"), (4, "Website"), (5, "Draft"), (5, "Review")]);
    assert_eq!(rows[2].path, ["Toggl", "Northlight", "Harbour", "Website", "Draft"].map(name));
    assert!(rows.iter().all(|row| row.task.archived.is_some() && !row.trackable));
    let active = tree(&db, manager(w.ada)).await;
    assert!(active.iter().all(|row| row.task.archived.is_none()));
    assert!(!numbers(&active).contains(&mirror.website));
}

// P6
pub async fn a_member_sees_what_they_have_and_what_it_hangs_under(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = db.mirrored().await;
    assert_eq!(tree(&db, member_view(w.dee)).await, []);
    s.assign(w.ours, mirror.website, &[w.dee], w.ada, w.at(10)).await.unwrap();
    s.assign(w.ours, w.kitchen, &[w.dee], w.ada, w.at(10)).await.unwrap();

    let rows = tree(&db, member_view(w.dee)).await;

    let told: Vec<_> = rows.iter().map(|row| (row.level, row.task.name.as_str(), row.trackable)).collect();
    assert_eq!(
        told,
        [
            (1, "House", false),
            (2, "Kitchen", true),
            (3, "Sink", true),
            (1, "Toggl", false),
            (2, "Northlight", false),
            (3, "Harbour", false),
            (4, "Website", true),
            (5, "Draft", true),
            (5, "Review", true),
        ]
    );
    let one = async |id| s.task(w.ours, member_view(w.dee), id).await.unwrap();
    assert_eq!(one(mirror.draft).await.as_ref(), Some(&rows[7]));
    assert_eq!(one(mirror.harbour).await.as_ref(), Some(&rows[5]));
    for id in [mirror.internal, mirror.southwind, mirror.advice, w.garden] {
        assert_eq!(one(id).await, None);
    }
    assert_eq!(tree(&db, member_view(tallyport_domain::PersonId(999))).await, []);
}

// P6
pub async fn a_member_sees_just_their_own_archived_tasks(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = db.mirrored().await;
    s.assign(w.ours, mirror.website, &[w.dee], w.ada, w.at(4)).await.unwrap();
    let mut source = toggl();
    project_of(&mut source, WEBSITE).active = false;
    project_of(&mut source, INTERNAL).active = false;
    sync(s, w.ours, w.ada, &source, w.at(10)).await;
    let rows = s.tree(w.ours, member_view(w.dee), true).await.unwrap();
    assert_eq!(numbers(&rows), [mirror.website, mirror.draft, mirror.review]);
    assert!(rows.iter().all(|row| !row.trackable));
    assert!(s.task(w.ours, member_view(w.dee), mirror.draft).await.unwrap().is_some());
    assert_eq!(s.task(w.ours, member_view(w.dee), mirror.internal).await.unwrap(), None);
    assert_eq!(tree(&db, member_view(w.dee)).await, []);
}

// P7, I9
pub async fn who_sees_everything_tracks_only_where_they_are_assigned(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = db.mirrored().await;
    s.assign(w.ours, w.kitchen, &[w.bea], w.ada, w.at(4)).await.unwrap();
    let rows = tree(&db, manager(w.bea)).await;
    assert_eq!(rows.len(), 13);
    let trackable: Vec<_> = rows.iter().filter(|row| row.trackable).map(|row| row.task.id).collect();
    let northlight = [mirror.northlight, mirror.harbour, mirror.website, mirror.draft, mirror.review, mirror.internal];
    assert_eq!(trackable, [&[w.kitchen, w.sink][..], &northlight].concat());
    s.archive_task(w.ours, w.sink, w.ada, w.at(5)).await.unwrap();
    assert!(!s.task(w.ours, manager(w.bea), w.sink).await.unwrap().unwrap().trackable);
    assert!(s.task(w.ours, manager(w.bea), mirror.draft).await.unwrap().unwrap().trackable);
    assert!(!s.task(w.ours, manager(w.bea), mirror.advice).await.unwrap().unwrap().trackable);
}

// P6, T4
pub async fn searching_finds_every_word_along_the_path_and_names_first(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = db.mirrored().await;
    let both = add(&db, Some(w.garden), "Draft of the website").await;
    let search = async |text: &str| numbers(&s.search(w.ours, manager(w.bea), text, Which::Active, 50).await.unwrap());
    assert_eq!(search("WEB draf").await, [both, mirror.draft]);
    assert_eq!(search("  harbour\trev ").await, [mirror.review]);
    assert_eq!(search("kitchen").await, [w.kitchen, w.sink]);
    assert_eq!(search("toggl advice").await, [mirror.advice]);
    assert_eq!(search("kitchen advice").await, []);
    assert_eq!(search(" ").await, []);
    let row = &s.search(w.ours, manager(w.cem), "advice", Which::Active, 50).await.unwrap()[0];
    assert_eq!((row.level, row.trackable), (3, true));
    assert_eq!(row.path, ["Toggl", "Southwind", "Advice"].map(name));
}

// P6
pub async fn a_member_finds_only_what_they_have(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = db.mirrored().await;
    s.assign(w.ours, mirror.website, &[w.dee], w.ada, w.at(4)).await.unwrap();
    let search = async |text: &str| numbers(&s.search(w.ours, member_view(w.dee), text, Which::Active, 50).await.unwrap());
    assert_eq!(search("toggl").await, [mirror.website, mirror.draft, mirror.review]);
    assert_eq!(search("harbour").await, [mirror.website, mirror.draft, mirror.review]);
    assert_eq!(search("internal").await, []);
    assert_eq!(search("garden").await, []);
    assert_eq!(search("advice").await, []);
}

pub async fn every_character_of_a_search_stands_for_itself(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let percent = add(&db, None, "100% sure_thing \\ 'quoted' \"x\" *").await;
    let umlaut = add(&db, None, "\u{dc}BUNG Stra\u{df}e").await;
    let search = async |text: &str| numbers(&s.search(w.ours, manager(w.bea), text, Which::Active, 50).await.unwrap());
    for text in ["%", "_", "\\", "'", "\"", "*", "100%", "SURE_THING"] {
        assert_eq!(search(text).await, [percent], "{text}");
    }
    assert_eq!(search("k%n").await, []);
    assert_eq!(search("kit_hen").await, []);
    assert_eq!(search("\u{fc}bung stra\u{df}e").await, [umlaut]);
    assert_eq!(search("'; drop table tasks; --").await, []);
}

// T4
pub async fn searching_leaves_archived_tasks_out_unless_asked_and_stops_at_the_limit(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let old = add(&db, Some(w.garden), "Fence, old").await;
    let new = add(&db, Some(w.garden), "Fence, new").await;
    let best = add(&db, None, "Garden fence").await;
    s.archive_task(w.ours, old, w.ada, w.at(2)).await.unwrap();
    let search = async |which, limit| numbers(&s.search(w.ours, manager(w.bea), "garden fence", which, limit).await.unwrap());
    assert_eq!(search(Which::Active, 50).await, [best, new]);
    assert_eq!(search(Which::All, 50).await, [best, new, old]);
    assert_eq!(search(Which::All, 2).await, [best, new]);
    assert_eq!(search(Which::Active, 1).await, [best]);
    assert_eq!(search(Which::Archived, 50).await, [old]);
    assert_eq!(search(Which::Archived, 0).await, []);
}

// T4, P6
pub async fn a_search_finds_what_became_of_everything_since_the_last_one(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = db.mirrored().await;
    let by = |viewer| async move |text: &str| numbers(&s.search(w.ours, viewer, text, Which::Active, 50).await.unwrap());
    let (search, dees) = (by(manager(w.bea)), by(member_view(w.dee)));
    assert_eq!(search("kitchen").await, [w.kitchen, w.sink]);
    let shelf = add(&db, Some(w.garden), "Kitchen shelf").await;
    assert_eq!(search("kitchen").await, [shelf, w.kitchen, w.sink]);
    s.rename_task(w.ours, shelf, &name("Shed"), w.ada, w.at(1)).await.unwrap();
    assert_eq!((search("kitchen").await, search("shed").await), (vec![w.kitchen, w.sink], vec![shelf]));
    s.move_task(w.ours, w.sink, Some(shelf), w.ada, w.at(2)).await.unwrap();
    assert_eq!((search("kitchen").await, search("shed").await), (vec![w.kitchen], vec![shelf, w.sink]));
    s.archive_task(w.ours, shelf, w.ada, w.at(3)).await.unwrap();
    assert_eq!(search("shed").await, []);
    s.restore_task(w.ours, shelf, w.ada, w.at(4)).await.unwrap();
    assert_eq!((search("shed").await, dees("shed").await), (vec![shelf, w.sink], vec![]));
    s.assign(w.ours, w.sink, &[w.dee], w.ada, w.at(5)).await.unwrap();
    assert_eq!(dees("shed").await, [w.sink]);
    s.unassign(w.ours, w.sink, &[w.dee], w.ada, w.at(6)).await.unwrap();
    assert_eq!(dees("shed").await, []);
    s.delete_task(w.ours, shelf, w.ada, w.at(7)).await.unwrap();
    assert_eq!(search("shed").await, []);
    assert_eq!(search("website").await, [mirror.website, mirror.draft, mirror.review]);
    sync(s, w.ours, w.ada, &changed(), w.at(10)).await;
    assert_eq!((search("website").await, search("web site").await), (vec![], vec![mirror.website]));
    s.unlink(w.ours, Fate::Archive, w.ada, w.at(11)).await.unwrap();
    assert_eq!(search("toggl").await, []);
}

// W1, I14
pub async fn a_task_tells_what_runs_did_to_it_newest_first(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = db.mirrored().await;
    let second = sync(s, w.ours, w.ada, &changed(), w.at(10)).await;
    let third = sync(s, w.ours, w.ada, &toggl(), w.at(20)).await;

    let items = s.task_facts(w.ours, mirror.website).await.unwrap().items;

    let told: Vec<_> = items.iter().map(|it| (it.run.id, it.item.change)).collect();
    assert_eq!(told.iter().map(|it| it.0).collect::<Vec<_>>().first(), Some(&third.id));
    assert!(told.windows(2).all(|two| two[0].0 >= two[1].0));
    assert_eq!(told.last(), Some(&(mirror.run, ItemChange::Created)));
    for change in [ItemChange::Renamed, ItemChange::Moved, ItemChange::Recolored] {
        assert!(told.contains(&(second.id, change)) && told.contains(&(third.id, change)), "{change:?} {told:?}");
    }
    let renamed = items.iter().find(|it| it.item.change == ItemChange::Renamed && it.run.id == second.id).unwrap();
    assert_eq!(renamed.item.old_name, Some(name("Website")));
    assert_eq!((renamed.run.trigger, renamed.run.started_at), (second.trigger, second.started_at));
    assert_eq!((renamed.run.outcome, renamed.item.task), (second.outcome, Some(mirror.website)));
    let northlight = s.task_facts(w.ours, mirror.northlight).await.unwrap().items;
    assert!(northlight.iter().any(|it| it.item.change == ItemChange::Withdrawn && it.item.person == Some(w.bea)));
    let native = s.task_facts(w.ours, w.house).await.unwrap();
    assert_eq!((native.items, native.standings), (vec![], vec![]));
}

// W1
pub async fn no_more_than_fifty_changes_of_a_task_are_told(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = db.mirrored().await;
    let mut last = mirror.run;
    for round in 0..52 {
        let mut source = toggl();
        project_of(&mut source, INTERNAL).name = Name::from_source(&format!("Internal {round}"));
        last = sync(s, w.ours, w.ada, &source, w.at(10 + round)).await.id;
    }
    let items = s.task_facts(w.ours, mirror.internal).await.unwrap().items;
    assert_eq!((items.len(), items[0].run.id), (50, last));
    assert_eq!(items[0].item.name, name("Internal 51"));
}

// T4, I15
pub async fn an_imported_and_a_native_task_of_one_name_are_told_apart_by_their_paths(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mirror = db.mirrored().await;
    let mut source = toggl();
    let north = content(&mut source, NORTHLIGHT);
    north.tasks.as_mut().unwrap().push(task(tallyport_domain::ExternalId(140), WEBSITE, "Sink"));
    sync(s, w.ours, w.ada, &source, w.at(10)).await;
    s.unlink(w.ours, Fate::Keep, w.ada, w.at(11)).await.unwrap();
    let rows = s.search(w.ours, manager(w.ada), "sink", Which::Active, 10).await.unwrap();
    let paths: Vec<_> = rows.iter().map(|row| row.path.iter().map(Name::as_str).collect::<Vec<_>>().join(" / ")).collect();
    assert_eq!(paths, ["House / Kitchen / Sink", "Toggl / Northlight / Harbour / Website / Sink"]);
    assert!(rows[1].task.parent == Some(mirror.website));
}
