//! The schedule as the engine tells it (I4).

use chrono::TimeDelta;
use tallyport_domain::{Every, Outcome, Settings, Trigger};
use tallyport_sync::Order;

use crate::support::{Act, Desk, Scripted, noon, studio};

#[tokio::test] // I4
async fn a_schedule_is_off_until_it_is_set_and_then_due_one_interval_after_each_run() {
    let desk = Desk::new().await;
    assert_eq!(desk.engine.due_at(desk.account).await.unwrap(), None);
    let settings = Settings { schedule: Every::parse("6h").ok(), ..Settings::default() };
    desk.store.save_settings(desk.account, &settings.into(), desk.ada, noon()).await.unwrap();
    assert_eq!(desk.engine.due_at(desk.account).await.unwrap(), Some(noon()), "there was no run yet");

    let source = Scripted::of([Act::Read(studio(1)), Act::Read(studio(1))]);
    let order = || Order { trigger: Trigger::Schedule, started_by: None, ..desk.order() };
    desk.sync_as(&source, order()).await;
    let next = noon() + TimeDelta::hours(6);
    assert_eq!(desk.engine.due_at(desk.account).await.unwrap(), Some(next));

    desk.clock.advance(TimeDelta::hours(20));
    assert_eq!(desk.engine.due_at(desk.account).await.unwrap(), Some(next), "three slots were missed: it is due, once");
    let run = desk.sync_as(&source, order()).await;
    assert_eq!((run.outcome, run.trigger, run.started_by), (Outcome::Succeeded, Trigger::Schedule, None));
    assert_eq!(desk.engine.due_at(desk.account).await.unwrap(), Some(noon() + TimeDelta::hours(26)));
}

#[tokio::test] // I4, I15
async fn an_unlinked_integration_is_never_due() {
    let desk = Desk::new().await;
    let settings = Settings { schedule: Every::parse("1h").ok(), ..Settings::default() };
    desk.store.save_settings(desk.account, &settings.into(), desk.ada, noon()).await.unwrap();
    desk.store.unlink(desk.account, tallyport_domain::Fate::Keep, desk.ada, noon()).await.unwrap();
    assert_eq!(desk.engine.due_at(desk.account).await.unwrap(), None);
}
