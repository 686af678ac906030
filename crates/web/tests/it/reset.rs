//! `/reset` and `/reset/{secret}`.

use http::{StatusCode, header};
use tallyport_domain::PersonId;

use crate::bench::{Bench, Browser, EMAIL, PASSWORD, path_of};

const NEW: &str = "another tally, counted";

#[tokio::test] // A4, A7
async fn a_link_is_asked_for_by_mail_and_the_answer_is_the_same_whoever_it_is() {
    let bench = Bench::with_mail().await;
    let mut browser = Browser::default();
    assert!(bench.get(&mut browser, "/reset").await.has("Send link"));
    for email in [EMAIL, "nobody@nordlicht.example"] {
        assert_eq!(bench.post(&mut browser, "/reset", &[("email", email)]).await.leads_to(), "/reset?sent=1");
    }
    assert!(bench.get(&mut browser, "/reset?sent=1").await.has("If somebody here has this address"));
    let shown = bench.post(&mut browser, "/reset", &[("email", "ana")]).await;
    assert!(shown.has("id=\"email-error\"") && shown.has("value=\"ana\""), "{}", shown.text);
    let link = bench.link().await;
    assert!(bench.get(&mut browser, &link).await.has(EMAIL));
    assert_eq!(bench.post(&mut browser, &link, &[("password", NEW)]).await.leads_to(), "/sign-in?done=password");
}

#[tokio::test] // N3
async fn a_server_that_sends_no_mail_says_who_helps() {
    let shown = Bench::new().await;
    let shown = shown.get(&mut Browser::default(), "/reset").await;
    assert!(shown.has("This server sends no mail.") && !shown.has("<form"), "{}", shown.text);
}

#[tokio::test] // A7
async fn a_link_sets_a_password_once_and_ends_all_sessions_and_looking_at_it_changes_nothing() {
    let bench = Bench::new().await;
    let mut elsewhere = bench.signed_in().await;
    let ana = bench.ana().await;
    let link = path_of(&bench.app.resets.hand_over(&ana, PersonId(1)).await.unwrap().unwrap());
    let mut browser = Browser::default();
    for _ in 0..3 {
        let page = bench.get(&mut browser, &link).await;
        assert!(page.has("Set a new password") && page.has(EMAIL));
        assert_eq!(page.header(header::REFERRER_POLICY), "no-referrer");
    }
    let shown = bench.post(&mut browser, &link, &[("password", "t1ny")]).await;
    assert_eq!(shown.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(shown.has("id=\"password-error\"") && !shown.has("t1ny"));
    assert_eq!(shown.header(header::REFERRER_POLICY), "no-referrer");
    assert_eq!(bench.get(&mut elsewhere, "/").await.status, StatusCode::OK);

    assert_eq!(bench.post(&mut browser, &link, &[("password", NEW)]).await.leads_to(), "/sign-in?done=password");
    assert_eq!(bench.get(&mut elsewhere, "/").await.leads_to(), "/sign-in");
    for shown in [bench.get(&mut browser, &link).await, bench.post(&mut browser, &link, &[("password", NEW)]).await] {
        assert_eq!((shown.status, shown.has("This link is over")), (StatusCode::GONE, true));
    }
    let shown = bench.post(&mut browser, "/sign-in", &[("email", EMAIL), ("password", PASSWORD)]).await;
    assert_eq!(shown.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(bench.post(&mut browser, "/sign-in", &[("email", EMAIL), ("password", NEW)]).await.leads_to(), "/");
}

#[tokio::test] // A7
async fn what_is_no_link_of_this_kind_is_over_too() {
    let bench = Bench::new().await;
    for secret in ["nonsense", "tpr_000000000000000000000000000000_000000", "tpi_x", "%00", "%F0%9F%98%80"] {
        let shown = bench.get(&mut Browser::default(), &format!("/reset/{secret}")).await;
        assert_eq!((shown.status, shown.has("This link does not work")), (StatusCode::BAD_REQUEST, true), "{secret}");
        assert!(!shown.has("tpr_") && !shown.has("nonsense"), "a secret is not written into a page");
    }
}
