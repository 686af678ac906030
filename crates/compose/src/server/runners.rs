//! What a server does by itself, again and again, until it is stopped.

use std::time::Duration;

use tallyport_app::{App, ScheduleNews};
use tallyport_domain::AccountId;
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};

use super::signal::stopped;

/// How often schedules are looked at: by a timer of the machine, so that no clock that is set can hold them up.
const TURN: Duration = Duration::from_secs(15);

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
