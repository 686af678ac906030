//! `/sign-in`, `/` and `/sign-out`.

use http::{Request, StatusCode, header};

use crate::bench::{Bench, Browser, EMAIL, PASSWORD};

#[tokio::test] // A4
async fn signing_in_and_out() {
    let bench = Bench::new().await;
    let mut browser = Browser::default();
    assert_eq!(bench.get(&mut browser, "/").await.leads_to(), "/sign-in");
    assert!(bench.get(&mut browser, "/sign-in").await.has("to <bdi>Nordlicht Studio</bdi>"));
    let mut browser = bench.signed_in().await;
    let home = bench.get(&mut browser, "/").await;
    assert!(home.has("Ana &#60;b&#62;Nováková") && home.has("administrator") && home.has(EMAIL), "{}", home.text);
    assert_eq!(bench.get(&mut browser, "/sign-in").await.leads_to(), "/");
    let before = browser.clone();
    assert_eq!(bench.post(&mut browser, "/sign-out", &[]).await.leads_to(), "/sign-in?done=signed-out");
    assert!(bench.get(&mut browser, "/sign-in?done=signed-out").await.has("You are signed out."));
    assert_eq!(bench.get(&mut before.clone(), "/").await.leads_to(), "/sign-in", "the session is over, not just forgotten");
}

#[tokio::test] // A4
async fn who_is_refused_reads_the_same_whatever_was_wrong() {
    let bench = Bench::new().await;
    let refused = async |email: &str, password: &str| {
        let shown = bench.post(&mut Browser::default(), "/sign-in", &[("email", email), ("password", password)]).await;
        assert_eq!(shown.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(shown.has("That did not match.") && shown.has(&format!("value=\"{email}\"")) && !shown.has(password));
        shown.text.replace(email, "")
    };
    assert_eq!(refused(EMAIL, "another password").await, refused("nobody@nordlicht.example", PASSWORD).await);
    let shown = bench.post(&mut Browser::default(), "/sign-in", &[("email", "ana"), ("password", PASSWORD)]).await;
    assert!(shown.has("id=\"email-error\""), "{}", shown.text);
}

#[tokio::test] // A4
async fn one_goes_on_where_one_wanted_to_and_never_elsewhere() {
    let bench = Bench::new().await;
    let fields = |next| [("email", EMAIL), ("password", PASSWORD), ("next", next)];
    for (next, leads_to) in
        [("/people?q=x", "/people?q=x"), ("//evil.example", "/"), ("https://evil.example", "/"), ("/\\evil", "/")]
    {
        let mut browser = Browser::default();
        let form = bench.get(&mut browser, &format!("/sign-in?next={}", next.replace('?', "%3F").replace('\\', "%5C"))).await;
        assert_eq!(form.has("name=\"next\""), leads_to != "/", "{next}");
        assert_eq!(bench.post(&mut browser, "/sign-in", &fields(next)).await.leads_to(), leads_to);
    }
    let wrong = [("email", EMAIL), ("password", "wrong one"), ("next", "/people")];
    let shown = bench.post(&mut Browser::default(), "/sign-in", &wrong).await;
    assert!(shown.has("name=\"next\" value=\"/people\""), "{}", shown.text);
}

#[tokio::test] // A4
async fn where_there_are_several_accounts_one_says_which() {
    let bench = Bench::new().await;
    bench.create("Werft").await;
    let mut browser = Browser::default();
    assert!(bench.get(&mut browser, "/sign-in").await.has("name=\"account\""));
    let shown = bench.post(&mut browser, "/sign-in", &[("email", EMAIL), ("password", PASSWORD)]).await;
    assert!(shown.has("id=\"account-error\">Say which account you mean."), "{}", shown.text);
    let fields = [("email", EMAIL), ("password", PASSWORD), ("account", "werft")];
    assert_eq!(bench.post(&mut browser, "/sign-in", &fields).await.leads_to(), "/");
    assert!(bench.get(&mut browser, "/").await.has("Werft"));
}

#[tokio::test] // A4
async fn a_form_of_another_site_is_refused() {
    let bench = Bench::new().await;
    let mut browser = bench.signed_in().await;
    for path in ["/sign-out", "/sign-in", "/reset"] {
        let request = Request::post(path).header("sec-fetch-site", "cross-site");
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let shown = bench.send(&mut browser, request, "email=a%40b.example&password=xxxxxxxxxx".to_owned()).await;
        assert_eq!((shown.status, shown.has("cross_site")), (StatusCode::FORBIDDEN, true), "{path}");
    }
    assert_eq!(bench.get(&mut browser, "/").await.status, StatusCode::OK);
}

#[tokio::test] // A4
async fn who_tries_too_often_is_told_when_to_try_again() {
    let bench = Bench::new().await;
    let fields = [("email", EMAIL), ("password", "wrong one")];
    let mut last = None;
    for _ in 0..30 {
        let mut request = Request::post("/sign-in").header("sec-fetch-site", "same-origin");
        request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        request = request.extension(tallyport_http::Peer("192.0.2.7".parse().unwrap()));
        let body = fields.map(|(name, text)| format!("{name}={}", text.replace('@', "%40").replace(' ', "+"))).join("&");
        let shown = bench.send(&mut Browser::default(), request, body).await;
        if shown.status == StatusCode::TOO_MANY_REQUESTS {
            last = Some(shown);
            break;
        }
    }
    let shown = last.expect("thirty tries are too many");
    assert!(shown.header(header::RETRY_AFTER).parse::<u32>().unwrap() > 0 && shown.has("That was tried too often."));
}
