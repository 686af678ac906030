//! What administrators decide about the integration, the run that follows, and the key that it is asked by: one step (E7, I3, I4).

use std::sync::Arc;

use tallyport_domain::{Fate, Outcome, Selection, SettingsChange, Trigger};

use super::snapshot::workspaces;
use super::world::{Fresh, begin_by, enable, open, picture};
use crate::{BeginRun, Begun, Done, Faulty, IntegrationStore, Moment, Once, Save, Saved, StoreError, What};

/// A key whose answer names the run that was started last.
fn key(text: &str, request: u8) -> Once<Saved> {
    let answer = |saved: &Saved| format!("run {:?}", saved.last_run.as_ref().map(|run| run.id.0)).into_bytes();
    Once { key: text.to_owned(), request: [request; 32], answer: Arc::new(answer) }
}

/// Everything that can be saved of an integration that is enabled.
fn whats(db: &Fresh) -> [What; 4] {
    let w = db.world;
    [
        What::Nothing,
        What::ReEnable(enable(w.ada, w.at(20))),
        What::Selection { selection: Selection::All, seen: workspaces() },
        What::Settings(SettingsChange::default()),
    ]
}

fn save(db: &Fresh, what: What, once: Option<Once<Saved>>) -> Save {
    let w = db.world;
    let run = Some(BeginRun { trigger: Trigger::Saved, ..begin_by(w.ada, w.at(20)) });
    Save { run, once, ..Save::of(what, w.ada, w.at(20)) }
}

fn opened(saved: &Saved) -> bool {
    matches!(saved.begun, Some(Begun::Open { .. }))
}

// I3, I4, I11
pub async fn the_run_that_follows_is_opened_in_the_same_step(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    for what in whats(&db) {
        let saves = !matches!(what, What::Nothing);
        if saves {
            // A run under way is cancelled, and does not stand in the way of the one that follows.
            open(s, w.ours, &begin_by(w.bea, w.at(20))).await;
        }
        let saved = s.save(w.ours, save(&db, what, None)).await.unwrap().now();
        let Some(Begun::Open { lease, run, .. }) = &saved.begun else { panic!("{saved:?}") };
        assert_eq!((saved.last_run.as_ref(), saved.integration.last_run), (Some(&**run), Some(run.id)));
        assert_eq!((run.trigger, run.started_by, run.outcome), (Trigger::Saved, Some(w.ada), Outcome::Running));
        let runs = s.runs(w.ours, None, 2).await.unwrap();
        assert_eq!(runs[0], **run);
        assert_eq!(runs[1].outcome, if saves { Outcome::Cancelled } else { Outcome::Succeeded });
        s.end_run(w.ours, lease, super::runs::failed(&db, 21)).await.unwrap();
    }
    s.unlink(w.ours, Fate::Keep, w.ada, w.at(22)).await.unwrap();
    let enabling = What::Enable(enable(w.ada, w.at(23)));
    assert!(opened(&s.save(w.ours, save(&db, enabling, None)).await.unwrap().now()), "and where it is enabled again");
}

// E7
pub async fn what_is_asked_for_twice_under_one_key_is_saved_and_started_once(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    for (what, text) in whats(&db).into_iter().zip(["start", "re-enable", "select", "set"]) {
        let ask = async |request| s.save(w.ours, save(&db, what.clone(), Some(key(text, request)))).await;
        let made = ask(1).await.unwrap().now();
        let (before, theirs) = (picture(s, w.ours).await, picture(s, w.theirs).await);
        let answer = format!("run {:?}", made.last_run.as_ref().map(|run| run.id.0)).into_bytes();
        let again = ask(1).await.unwrap();
        assert!(matches!(&again, Done::Before(before) if *before == answer), "{again:?}");
        refused!(ask(2).await, StoreError::ReplayDiffers);
        assert_eq!((picture(s, w.ours).await, picture(s, w.theirs).await), (before, theirs));
        assert_eq!(s.replayed(w.ours, w.ada, text, [1; 32], w.at(20)).await.unwrap(), Some(answer));
        s.cancel_run(w.ours, None, w.at(21)).await.unwrap();
    }
    // Whatever became of the integration since.
    s.unlink(w.ours, Fate::Keep, w.ada, w.at(22)).await.unwrap();
    let again = s.save(w.ours, save(&db, What::Nothing, Some(key("start", 1)))).await.unwrap();
    assert!(matches!(again, Done::Before(_)), "{again:?}");
    let enabling = || save(&db, What::Enable(enable(w.ada, w.at(23))), Some(key("enable", 1)));
    assert!(opened(&s.save(w.ours, enabling()).await.unwrap().now()));
    assert!(matches!(s.save(w.ours, enabling()).await.unwrap(), Done::Before(_)), "it is no error that it is enabled");
}

// E7, I11
pub async fn a_run_that_cannot_start_leaves_its_key_free(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    db.mirrored().await;
    let (at_work, ..) = open(s, w.ours, &begin_by(w.bea, w.at(20))).await;
    let ask = async || s.save(w.ours, save(&db, What::Nothing, Some(key("start", 1)))).await.unwrap();
    let before = picture(s, w.ours).await;
    let refused = ask().await.now();
    assert!(matches!(&refused.begun, Some(Begun::UnderWay { lease, .. }) if *lease == at_work), "{refused:?}");
    assert_eq!(picture(s, w.ours).await, before);
    s.cancel_run(w.ours, None, w.at(21)).await.unwrap();
    assert!(opened(&ask().await.now()));
}

// E7
pub async fn what_is_refused_saves_nothing_and_starts_nothing(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let never = picture(s, w.ours).await;
    for what in whats(&db) {
        let refusal = s.save(w.ours, save(&db, what, Some(key("early", 1)))).await;
        refused!(refusal, StoreError::Integration { enabled: false });
    }
    assert_eq!(picture(s, w.ours).await, never);
    db.mirrored().await;
    let before = picture(s, w.ours).await;
    let enabling = What::Enable(enable(w.bea, w.at(20)));
    refused!(s.save(w.ours, save(&db, enabling, Some(key("late", 1)))).await, StoreError::Integration { enabled: true });
    assert_eq!(picture(s, w.ours).await, before);
    for text in ["early", "late"] {
        assert_eq!(s.replayed(w.ours, w.ada, text, [1; 32], w.at(20)).await.unwrap(), None);
    }
}

// E7
pub async fn who_never_heard_of_their_run_hears_of_it_by_asking_again(db: Fresh) {
    let w = db.world;
    db.mirrored().await;
    let faulty = Faulty::over(Arc::clone(&db.store));
    faulty.fail(Moment::After, 1);
    let ask = async || faulty.save(w.ours, save(&db, What::Nothing, Some(key("start", 1)))).await;
    refused!(ask().await, StoreError::Unknown(_));
    let run = db.store.runs(w.ours, None, 1).await.unwrap().remove(0).id.0;
    let again = ask().await.unwrap();
    assert!(matches!(&again, Done::Before(answer) if *answer == format!("run Some({run})").into_bytes()), "{again:?}");
    assert_eq!(faulty.injected(), 1);
}
