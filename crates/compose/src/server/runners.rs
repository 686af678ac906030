//! What a server does by itself, again and again, until it is stopped.

use std::time::Duration;

use tallyport_app::{App, ScheduleNews};
use tallyport_domain::AccountId;
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};

use super::signal::stopped;

/// How often schedules are looked at: by a timer of the machine, so that no clock that is set can hold them up.
const TURN: Duration = Duration::from_secs(15);

/// How often what has had its day is deleted.
const SWEEP: Duration = Duration::from_hours(1);

/// Starts the syncs that are due (I4).
pub(crate) async fn schedules(app: App, mut stopping: watch::Receiver<bool>) {
    let mut turns = interval(TURN);
    turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut failing = false;
    loop {
        tokio::select! {
            biased;
            () = stopped(&mut stopping) => return,
            _ = turns.tick() => {}
        }
        match app.schedules.turn().await {
            Ok(news) => {
                failing = false;
                for (account, news) in &news {
                    tell(*account, news);
                }
            }
            Err(error) if !failing => {
                failing = true;
                tracing::error!(%error, "schedules cannot be read");
            }
            Err(_) => {}
        }
    }
}

/// Takes mail away; what is in hand when the server stops is brought to its end (N3).
pub(crate) async fn mail(app: App, mut stopping: watch::Receiver<bool>) {
    app.outbox.run(stopped(&mut stopping)).await;
}

/// Deletes what has had its day, a little at a time.
pub(crate) async fn sweeps(app: App, mut stopping: watch::Receiver<bool>) {
    let mut turns = interval(SWEEP);
    turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            biased;
            () = stopped(&mut stopping) => return,
            _ = turns.tick() => {}
        }
        let mut deleted = 0;
        loop {
            match app.sweeps.bite().await {
                Ok((swept, more)) => {
                    deleted += swept.total();
                    if !more {
                        break;
                    }
                }
                // What stays is found by the next turn.
                Err(error) => {
                    tracing::warn!(code = error.code().as_str(), "what has had its day could not be deleted");
                    break;
                }
            }
            if *stopping.borrow() {
                return;
            }
        }
        if deleted > 0 {
            tracing::info!(deleted, "what has had its day is deleted");
        }
    }
}

fn tell(account: AccountId, news: &ScheduleNews) {
    let account = account.0;
    match news {
        ScheduleNews::Started(run) => tracing::info!(account, run = run.0, "a scheduled sync was started"),
        ScheduleNews::NotStarted(error) => {
            tracing::warn!(account, code = error.code().as_str(), "a scheduled sync is due and cannot be started");
        }
        ScheduleNews::Told(mails) => tracing::info!(account, mails, "administrators are told of a scheduled sync"),
        ScheduleNews::Failed(error) => {
            tracing::error!(account, code = error.code().as_str(), "administrators could not be told of a scheduled sync");
        }
    }
}

#[cfg(test)]
mod tests {
    use tallyport_app::Site;
    use tallyport_domain::{Clock as _, Email, Role, SESSION_LONGEST, SecretHash, Zone};
    use tallyport_storage::{NewAccount, NewPerson, NewSession};
    use tallyport_sync::system::SystemClock;

    use super::*;
    use crate::LocalOptions;
    use crate::local::application;

    #[tokio::test] // A4
    async fn what_has_had_its_day_is_deleted_bite_by_bite_until_nothing_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let options = LocalOptions { create: true, ..LocalOptions::at(folder.path().join("t.db")) };
        let (store, app) = application(options, None, Site::at("http://localhost")).await.unwrap();
        let then = SystemClock.now() - SESSION_LONGEST * 2;
        let email = Email::parse("ada@tally.test").unwrap();
        let administrator = NewPerson { email, name: "Ada".to_owned(), role: Role::Administrator, password_hash: None };
        let account = NewAccount { name: "Ours".to_owned(), zone: Zone::utc(), administrator, now: then };
        let (account, ada) = store.create_account(&account).await.unwrap();
        for number in 0..450_u32 {
            let mut hash = [0; 32];
            hash[..4].copy_from_slice(&number.to_be_bytes());
            let session = NewSession { hash: SecretHash(hash), client: String::new(), ends: None, now: then };
            store.begin_session(account.id, ada.id, &session).await.unwrap();
        }
        let left = async || store.sessions(account.id, ada.id, then).await.unwrap().len();
        assert_eq!(left().await, 450);
        let stopping = watch::Sender::new(false);
        let runner = tokio::spawn(sweeps(app, stopping.subscribe()));
        while left().await > 0 {
            tokio::task::yield_now().await;
        }
        stopping.send_replace(true);
        runner.await.unwrap();
    }
}
