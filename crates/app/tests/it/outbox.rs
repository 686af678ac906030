//! Mail leaves once, whatever happens to its server, to the store and to who sends it (N3).

use chrono::TimeDelta;
use tallyport_app::{App, InvitationView};
use tallyport_domain::{ABANDONED_AFTER, Clock as _, MailState, Posted};
use tallyport_storage::Moment;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::bench::{Bench, code, soon};
use crate::postbox::secret_in;

const INES: &str = "ines@nordlicht.example";

/// The runner of a process.
struct Runner {
    stop: oneshot::Sender<()>,
    running: JoinHandle<()>,
}

impl Runner {
    fn of(app: &App) -> Self {
        let (stop, stopped) = oneshot::channel();
        let outbox = app.outbox.clone();
        let running = tokio::spawn(async move { outbox.run(async move { stopped.await.unwrap() }).await });
        Self { stop, running }
    }

    async fn stop(self) {
        self.stop.send(()).unwrap();
        soon(self.running).await.unwrap();
    }
}

async fn invite(bench: &Bench, emails: &[&str]) -> Vec<InvitationView> {
    let emails: Vec<String> = emails.iter().map(|&email| email.to_owned()).collect();
    bench.app.invitations.invite(&bench.ana, &emails, None, None).await.unwrap().now()
}

async fn state(bench: &Bench) -> Option<MailState> {
    bench.app.invitations.list(&bench.ana).await.unwrap()[0].invitation.mail
}

/// Waits until the mail of the last invitation is in this state, while the time goes on by itself.
async fn becomes(bench: &Bench, expected: MailState) {
    soon(async {
        while state(bench).await != Some(expected) {
            bench.clock.advance_if_awaited(TimeDelta::seconds(30)).await;
        }
    })
    .await;
}

#[tokio::test] // N3
async fn a_mail_leaves_as_soon_as_it_is_queued_with_a_link_that_works() {
    let bench = Bench::mailing().await;
    let runner = Runner::of(&bench.app);
    let invited = invite(&bench, &[INES]).await;
    assert_eq!((invited[0].link.as_deref(), invited[0].invitation.mail), (None, Some(MailState::Queued)));
    let letters = bench.post().after_tries(1).await;
    becomes(&bench, MailState::Sent).await;
    assert_eq!(letters[0].to.as_str(), INES);
    for text in [&letters[0].text, &letters[0].html] {
        let offer = bench.app.invitations.look(tallyport_app::Caller::here(), &secret_in(text)).await.unwrap();
        assert_eq!(offer.email.as_str(), INES);
    }
    runner.stop().await;
    assert_eq!(bench.post().tries().len(), 1);
}

#[tokio::test] // N3
async fn a_clock_that_is_set_back_holds_up_no_mail() {
    let bench = Bench::mailing().await;
    invite(&bench, &[INES]).await;
    bench.clock.advance(-TimeDelta::hours(5));
    let runner = Runner::of(&bench.app);
    assert_eq!(bench.post().after_tries(1).await[0].to.as_str(), INES);
    becomes(&bench, MailState::Sent).await;
    runner.stop().await;
}

#[tokio::test] // N3
async fn what_did_not_leave_is_tried_again_ever_more_rarely_with_a_fresh_link_and_then_given_up() {
    let bench = Bench::mailing().await;
    bench.post().expect((0..8).map(|_| Posted::NotSent("no answer".to_owned())));
    let runner = Runner::of(&bench.app);
    let began = bench.clock.now();
    invite(&bench, &[INES]).await;
    becomes(&bench, MailState::Failed).await;
    let letters = bench.post().tries();
    assert_eq!(letters.len(), 8);
    assert!((1..4).contains(&(bench.clock.now() - began).num_days()));
    assert!(letters.iter().all(|letter| letter.id == letters[0].id));
    for letter in &letters[..7] {
        let look = bench.app.invitations.look(tallyport_app::Caller::here(), &secret_in(&letter.text)).await;
        assert_eq!(code(look), "link_dead");
    }
    let troubled = bench.app.outbox.troubled(&bench.ana).await.unwrap();
    assert_eq!((troubled.len(), troubled[0].problem.as_deref()), (1, Some("no answer")));
    runner.stop().await;
}

#[tokio::test] // N3
async fn a_wrong_password_is_shown_while_mail_waits_and_mail_leaves_once_it_is_mended() {
    const WRONG: &str = "the mail server does not accept the user or the password: 535 no";
    let bench = Bench::mailing().await;
    bench.post().expect([Posted::NotSent(WRONG.to_owned())]);
    let runner = Runner::of(&bench.app);
    invite(&bench, &[INES]).await;
    let troubled = async || bench.app.outbox.troubled(&bench.ana).await.unwrap();
    soon(async {
        while troubled().await.is_empty() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    let waiting = troubled().await;
    assert_eq!((waiting[0].state, waiting[0].problem.as_deref()), (MailState::Queued, Some(WRONG)));
    becomes(&bench, MailState::Sent).await;
    assert!(troubled().await.is_empty());
    assert_eq!(bench.post().tries().len(), 2);
    runner.stop().await;
}

#[tokio::test] // N3
async fn what_was_refused_or_possibly_left_is_never_sent_again_by_itself_but_by_a_person() {
    for (posted, becomes_so) in [
        (Posted::Refused("550 nobody".to_owned()), MailState::Failed),
        (Posted::Unknown("cut off".to_owned()), MailState::PossiblySent),
    ] {
        let bench = Bench::mailing().await;
        bench.post().expect([posted]);
        let runner = Runner::of(&bench.app);
        let invited = invite(&bench, &[INES]).await;
        becomes(&bench, becomes_so).await;
        for _ in 0..200 {
            bench.clock.advance_if_awaited(TimeDelta::hours(1)).await;
        }
        assert_eq!(bench.post().tries().len(), 1, "{becomes_so:?}");
        let troubled = bench.app.outbox.troubled(&bench.ana).await.unwrap();
        assert_eq!((troubled.len(), troubled[0].state, troubled[0].invitation), (1, becomes_so, Some(invited[0].invitation.id)));
        bench.app.invitations.resend(&bench.ana, invited[0].invitation.id, false).await.unwrap();
        becomes(&bench, MailState::Sent).await;
        assert_eq!(bench.post().tries().len(), 2);
        runner.stop().await;
    }
}

#[tokio::test] // N3
async fn several_processes_on_one_database_send_each_mail_once() {
    const MAILS: usize = 60;
    let bench = Bench::mailing().await;
    let (beside, apart) = (bench.beside(), bench.apart());
    let runners = [Runner::of(&bench.app), Runner::of(&beside), Runner::of(&apart)];
    let emails: Vec<String> = (0..MAILS).map(|n| format!("p{n}@nordlicht.example")).collect();
    let emails: Vec<&str> = emails.iter().map(String::as_str).collect();
    invite(&bench, &emails).await;
    let all_sent = async || {
        let all = bench.app.invitations.list(&bench.ana).await.unwrap();
        all.iter().all(|one| one.invitation.mail == Some(MailState::Sent))
    };
    // So that those look who were not told; never so far that a mail in hand would count as abandoned.
    for _ in 0..10 {
        bench.clock.advance(TimeDelta::seconds(5));
        tokio::task::yield_now().await;
    }
    soon(async {
        while !all_sent().await {
            tokio::task::yield_now().await;
        }
    })
    .await;
    for runner in runners {
        runner.stop().await;
    }
    let mut to: Vec<String> = bench.post().tries().into_iter().map(|letter| letter.to.to_string()).collect();
    to.sort();
    let sent = to.len();
    to.dedup();
    assert_eq!((sent, to.len()), (MAILS, MAILS));
}

#[tokio::test] // N3
async fn what_a_dead_process_was_at_is_possibly_sent_and_not_sent_again() {
    let bench = Bench::mailing().await;
    invite(&bench, &[INES]).await;
    assert_eq!(bench.mail().await.len(), 1);
    let runner = Runner::of(&bench.app);
    let died = bench.clock.now();
    becomes(&bench, MailState::PossiblySent).await;
    assert!(bench.clock.now() - died >= ABANDONED_AFTER);
    runner.stop().await;
    assert!(bench.post().tries().is_empty());
}

#[tokio::test] // N3
async fn whatever_call_to_the_store_fails_a_mail_is_sent_once_or_said_to_be_possibly_sent() {
    let mut struck = 0;
    for moment in [Moment::Before, Moment::Busy, Moment::After] {
        for nth in 1..=6 {
            let bench = Bench::mailing().await;
            invite(&bench, &[INES]).await;
            let (app, faulty) = bench.failing();
            faulty.fail(moment, nth);
            let runner = Runner::of(&app);
            soon(async {
                while !matches!(state(&bench).await, Some(MailState::Sent | MailState::PossiblySent)) {
                    bench.clock.advance_if_awaited(TimeDelta::seconds(1)).await;
                }
            })
            .await;
            // What became of the mail may still have to be taken down once more.
            tokio::select! {
                () = runner.stop() => {}
                () = async { loop { bench.clock.advance_if_awaited(TimeDelta::seconds(1)).await } } => {}
            }
            let (tries, state) = (bench.post().tries().len(), state(&bench).await.unwrap());
            assert_eq!(tries, usize::from(state == MailState::Sent), "{moment:?} at call {nth}: {state:?}");
            struck += faulty.injected();
        }
    }
    // The sixth call is the look for the next mail, which not every run gets to before it is stopped.
    assert!((15..=18).contains(&struck), "{struck} faults struck");
}

#[tokio::test] // N3
async fn who_stops_brings_the_mail_in_hand_to_its_end_and_takes_no_other() {
    let bench = Bench::mailing().await;
    let looking = bench.post().counter.lock().await;
    let mut runner = Runner::of(&bench.app);
    invite(&bench, &["first@nordlicht.example", "second@nordlicht.example"]).await;
    bench.post().after_tries(1).await;
    runner.stop.send(()).unwrap();
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
    assert!(!runner.running.is_finished());
    drop(looking);
    soon(&mut runner.running).await.unwrap();
    let states: Vec<_> = bench.app.invitations.list(&bench.ana).await.unwrap().iter().map(|one| one.invitation.mail).collect();
    assert_eq!(states, [Some(MailState::Queued), Some(MailState::Sent)]);
    assert_eq!(bench.post().tries().len(), 1);
}

#[tokio::test] // N2, N3
async fn the_mail_of_a_revoked_invitation_does_not_leave() {
    let bench = Bench::mailing().await;
    let invited = invite(&bench, &[INES, "omar@elsewhere.example"]).await;
    bench.app.invitations.revoke(&bench.ana, invited[0].invitation.id).await.unwrap();
    let runner = Runner::of(&bench.app);
    becomes(&bench, MailState::Sent).await;
    runner.stop().await;
    let to: Vec<String> = bench.post().tries().into_iter().map(|letter| letter.to.to_string()).collect();
    assert_eq!(to, ["omar@elsewhere.example"]);
}

#[tokio::test] // N3
async fn without_a_mail_server_the_runner_waits_to_be_stopped() {
    let bench = Bench::new().await;
    let runner = Runner::of(&bench.app);
    tokio::task::yield_now().await;
    assert!(!runner.running.is_finished());
    runner.stop().await;
}

#[tokio::test] // A2
async fn only_administrators_see_what_became_of_mail() {
    let bench = Bench::mailing().await;
    for actor in [&bench.zoe, &bench.lukasz] {
        assert_eq!(code(bench.app.outbox.troubled(actor).await), "administrator_required");
    }
}
