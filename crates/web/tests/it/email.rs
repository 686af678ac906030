//! `/email/{secret}`.

use http::{StatusCode, header};
use tallyport_app::Caller;

use crate::bench::{Bench, Browser, EMAIL, PASSWORD};

const NEW: &str = "ana@nordlicht.example";

#[tokio::test] // A6
async fn the_link_takes_the_address_for_the_one_who_asked_once_they_are_signed_in() {
    let bench = Bench::with_mail().await;
    bench.app.me.ask_for_email(&bench.ana().await, Caller::here(), NEW).await.unwrap();
    let link = bench.link().await;
    let mut browser = Browser::default();
    let form = bench.get(&mut browser, &link).await;
    assert!(form.has("Sign in to take your new email") && form.has(&format!("name=\"next\" value=\"{link}\"")), "{}", form.text);
    assert!(!form.has(NEW));
    assert_eq!(form.header(header::REFERRER_POLICY), "no-referrer");
    assert!(bench.post(&mut browser, &link, &[]).await.has("Sign in to take your new email"));
    let fields = [("email", EMAIL), ("password", PASSWORD), ("next", link.as_str())];
    assert_eq!(bench.post(&mut browser, "/sign-in", &fields).await.leads_to(), link);
    for _ in 0..3 {
        let page = bench.get(&mut browser, &link).await;
        assert!(page.has(NEW) && page.has(EMAIL) && page.has("Take this email"), "{}", page.text);
    }
    assert_eq!(bench.post(&mut browser, &link, &[]).await.leads_to(), "/?done=email");
    let home = bench.get(&mut browser, "/?done=email").await;
    assert!(home.has(NEW) && home.has("Your new email is taken"), "{}", home.text);
    assert_eq!(bench.post(&mut browser, &link, &[]).await.status, StatusCode::GONE);
}

#[tokio::test] // A6
async fn the_link_is_over_for_anybody_else() {
    let bench = Bench::with_mail().await;
    bench.app.me.ask_for_email(&bench.ana().await, Caller::here(), NEW).await.unwrap();
    let link = bench.link().await;
    bench.create("Werft").await;
    let mut browser = Browser::default();
    let fields = [("email", EMAIL), ("password", PASSWORD), ("account", "Werft")];
    assert_eq!(bench.post(&mut browser, "/sign-in", &fields).await.leads_to(), "/");
    for shown in [bench.get(&mut browser, &link).await, bench.post(&mut browser, &link, &[]).await] {
        assert_eq!((shown.status, shown.has("This link is over"), shown.has(NEW)), (StatusCode::GONE, true, false));
    }
}
