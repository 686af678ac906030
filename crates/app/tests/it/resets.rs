//! Passwords that were forgotten, on a store that does not do what it is asked (A4, A7).

use chrono::TimeDelta;
use tallyport_app::Caller;
use tallyport_domain::MailKind;
use tallyport_storage::Moment;

use crate::bench::{Bench, code, soon};

const NOBODY: &str = "nobody@nordlicht.example";

#[tokio::test] // A4, A7
async fn what_the_store_does_not_do_is_told_to_everybody_alike_or_done_later() {
    let bench = Bench::mailing().await;
    let ana = bench.ana.person().email.to_string();
    let (app, faulty) = bench.failing();
    for moment in [Moment::Before, Moment::Busy, Moment::After] {
        // Until nothing of it fails any more.
        for nth in 1.. {
            let mut answers = Vec::new();
            let mut struck = 0;
            for (email, gets) in [(NOBODY, false), (ana.as_str(), true)] {
                let before = faulty.injected();
                faulty.fail(moment, nth);
                let answer = app.resets.ask(Caller::here(), email, None).await;
                let time_passes = async {
                    loop {
                        bench.clock.advance_if_awaited(TimeDelta::seconds(5)).await;
                    }
                };
                tokio::select! {
                    () = soon(app.idle()) => {}
                    () = time_passes => {}
                }
                faulty.relent();
                struck = faulty.injected() - before;
                let expected = if gets && answer.is_ok() { vec![(MailKind::Reset, ana.clone())] } else { Vec::new() };
                assert_eq!(bench.mail().await, expected, "{email}, {moment:?} at call {nth}: {answer:?}");
                answers.push(answer.map_err(|error| error.code().as_str()));
            }
            assert_eq!(answers[0], answers[1], "{moment:?} at call {nth}");
            assert!(nth > 2 || answers[0].is_err(), "what fails before the answer is told in it");
            if struck == 0 {
                assert!(nth > 4, "there are calls before the answer and after it");
                break;
            }
        }
    }
}

#[tokio::test] // A4
async fn without_a_mail_server_nothing_is_done_for_anybody() {
    let bench = Bench::new().await;
    let (app, faulty) = bench.failing();
    for email in [NOBODY, bench.ana.person().email.as_str()] {
        faulty.fail(Moment::Before, 2);
        app.resets.ask(Caller::here(), email, None).await.unwrap();
        assert!(faulty.relent(), "the account is looked up, and nothing else");
    }
    assert_eq!(code(app.resets.ask(Caller::here(), "ana", None).await), "invalid_email");
}
