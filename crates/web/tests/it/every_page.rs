//! What holds for every page.

use axum::Router;
use axum::body::Body;
use axum::middleware::from_fn;
use axum::routing::get;
use http::{StatusCode, header};
use tallyport_app::Error;
use tallyport_domain::InvitationId;
use tallyport_http::Refusal;
use tower::ServiceExt as _;

use crate::bench::{Bench, Browser, PASSWORD, path_of};

#[tokio::test]
async fn a_page_runs_nothing_loads_nothing_from_elsewhere_and_is_kept_nowhere() {
    let (fresh, bench) = (Bench::fresh(), Bench::with_mail().await);
    let ana = bench.ana().await;
    let invited = bench.app.invitations.invite(&ana, &["ines@nordlicht.example".to_owned()], None, None).await;
    assert!(invited.is_ok());
    let link = bench.app.invitations.resend(&ana, InvitationId(1), true).await.unwrap().link.unwrap();
    let mut signed_in = bench.signed_in().await;
    let shown = [
        fresh.get(&mut Browser::default(), "/setup").await,
        bench.get(&mut Browser::default(), "/sign-in").await,
        bench.post(&mut Browser::default(), "/sign-in", &[("email", "x"), ("password", PASSWORD)]).await,
        bench.get(&mut Browser::default(), "/reset").await,
        bench.get(&mut Browser::default(), "/reset?sent=1").await,
        bench.get(&mut Browser::default(), "/reset/x").await,
        bench.get(&mut Browser::default(), "/accept/x").await,
        bench.get(&mut Browser::default(), &path_of(&link)).await,
        bench.get(&mut signed_in, "/email/x").await,
        bench.get(&mut signed_in, "/").await,
    ];
    for page in shown {
        assert_eq!(page.header(header::CONTENT_TYPE), "text/html; charset=utf-8");
        assert_eq!(page.header(header::CACHE_CONTROL), "no-store");
        let policy = page.header(header::CONTENT_SECURITY_POLICY);
        assert!(policy.starts_with("default-src 'none'; style-src 'self';") && !policy.contains("unsafe"), "{policy}");
        assert!(["same-origin", "no-referrer"].contains(&page.header(header::REFERRER_POLICY)));
        for unwanted in ["<script", "style=", "<style", " onclick", "http://", "https://"] {
            assert!(!page.has(unwanted), "{unwanted}: {}", page.text);
        }
        assert!(page.has("<html lang=\"en\">") && page.text.matches("<h1>").count() == 1 && page.has("<main"));
        let fields: Vec<&str> = page.text.split("<input ").skip(1).filter(|field| field.contains("id=")).collect();
        for field in fields {
            let id = field.split("id=\"").nth(1).unwrap().split('"').next().unwrap();
            assert!(page.has(&format!("<label for=\"{id}\">")), "{id} has no label");
        }
    }
}

#[tokio::test]
async fn the_sheet_is_kept_for_good_under_a_name_that_changes_with_it() {
    let bench = Bench::new().await;
    let page = bench.get(&mut Browser::default(), "/sign-in").await;
    let path = page.text.split("rel=\"stylesheet\" href=\"").nth(1).unwrap().split('"').next().unwrap();
    let sheet = bench.get(&mut Browser::default(), path).await;
    assert_eq!((sheet.status, sheet.header(header::CONTENT_TYPE)), (StatusCode::OK, "text/css; charset=utf-8"));
    assert_eq!(sheet.header(header::CACHE_CONTROL), "public, max-age=31536000, immutable");
    assert!(sheet.text.len() < 20_000 && sheet.has("@layer") && !sheet.has("url("), "{}", sheet.text.len());
    assert_eq!(bench.get(&mut Browser::default(), "/assets/tallyport-0.css").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_form_that_cannot_be_read_is_refused_without_a_word_of_it() {
    let bench = Bench::new().await;
    let request = || http::Request::post("/sign-in").header("sec-fetch-site", "same-origin");
    let form = "application/x-www-form-urlencoded";
    for (request, body) in [
        (request(), "email=sesame".to_owned()),
        (request().header(header::CONTENT_TYPE, "application/json"), "{\"email\":\"sesame\"}".to_owned()),
        (request().header(header::CONTENT_TYPE, form), "email=sesame&email=sesame".to_owned()),
        (request().header(header::CONTENT_TYPE, form), format!("email={}", "sesame".repeat(20_000))),
    ] {
        let shown = bench.send(&mut Browser::default(), request, body).await;
        assert_eq!((shown.status, shown.has("sesame")), (StatusCode::BAD_REQUEST, false), "{}", shown.text);
    }
    let shown = bench.send(&mut Browser::default(), http::Request::delete("/sign-in"), String::new()).await;
    assert_eq!(shown.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn what_goes_wrong_outside_of_pages_is_one_for_who_looks_and_none_for_programs() {
    let bench = Bench::new().await;
    let ask = async |request: http::request::Builder| bench.send(&mut Browser::default(), request, String::new()).await;
    let html = "text/html,application/xhtml+xml,*/*;q=0.8";
    for (method, path, status) in [("GET", "/people", 404), ("DELETE", "/sign-in", 405), ("GET", "/assets/x.css", 404)] {
        let request = || http::Request::builder().method(method).uri(path);
        let page = ask(request().header(header::ACCEPT, html)).await;
        assert_eq!((page.status.as_u16(), page.header(header::CONTENT_TYPE)), (status, "text/html; charset=utf-8"), "{path}");
        assert!(page.has("There is no such page") && !page.has("people"), "{}", page.text);
        assert!(page.header(header::CONTENT_SECURITY_POLICY).contains("style-src 'self'"));
        let told = ask(request().header(header::ACCEPT, "*/*")).await;
        assert_eq!((told.status.as_u16(), told.header(header::CONTENT_TYPE)), (status, "application/problem+json"), "{path}");
    }
    let of_the_api = ask(http::Request::get("/api/v1/nothing").header(header::ACCEPT, html)).await;
    assert_eq!(of_the_api.header(header::CONTENT_TYPE), "application/problem+json");
    let busy = Router::new().route("/", get(async || Refusal::from(Error::Busy))).layer(from_fn(tallyport_web::readable));
    let request = http::Request::get("/").header(header::ACCEPT, html).body(Body::empty()).unwrap();
    let shown = busy.oneshot(request).await.unwrap();
    assert_eq!((shown.status(), shown.headers()[header::RETRY_AFTER].as_bytes()), (StatusCode::SERVICE_UNAVAILABLE, &b"1"[..]));
    assert_eq!(shown.headers()[header::CONTENT_TYPE], "text/html; charset=utf-8");
}
