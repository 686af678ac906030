//! Pages of other sites get nothing done in the name of whoever looks at them (CSRF).

use http::Method;
use serde_json::json;

use crate::door::{ANA, Ask, Door, PASSWORD};

/// Every route that may change something, with some id.
fn changing() -> impl Iterator<Item = (Method, String, bool)> {
    tallyport_api::routes().into_iter().filter(|route| !route.method.is_safe()).map(|route| {
        let path = route.path.replace("{id}", "1").replace("{person_id}", "1");
        (route.method, path, route.scope.is_none())
    })
}

#[tokio::test] // A4
async fn a_cookie_changes_nothing_where_the_request_comes_from_elsewhere_or_does_not_say_from_where() {
    let door = Door::new().await;
    let cookie = door.cookie(ANA).await;
    let before = door.store.latest_change(tallyport_domain::AccountId(1)).await.unwrap();
    for (method, path, _) in changing() {
        let ask = || Ask::new(&method, &path).body(json!({})).cookie(&cookie);
        for ask in [
            ask(),
            ask().header("sec-fetch-site", "cross-site"),
            ask().header("sec-fetch-site", "same-site"),
            ask().header("origin", "https://evil.example"),
            ask().header("origin", "null"),
            ask().header("referer", "https://time.example.com/"),
            ask().header("host", "time.example.com").header("x-forwarded-host", "time.example.com"),
            ask().header("x-http-method-override", "GET"),
        ] {
            assert_eq!(door.ask(ask).await.outcome(), "cross_site", "{method} {path}");
        }
    }
    assert_eq!(door.store.latest_change(tallyport_domain::AccountId(1)).await.unwrap(), before);
}

#[tokio::test] // A4
async fn our_own_pages_and_older_browsers_on_them_get_through() {
    let door = Door::new().await;
    let cookie = door.cookie(ANA).await;
    for (name, value) in [("sec-fetch-site", "same-origin"), ("sec-fetch-site", "none"), ("origin", "https://time.example.com")] {
        let added = door.ask(Ask::post("/tasks", json!({"name": "New"})).cookie(&cookie).header(name, value)).await;
        assert_eq!(added.status, 201, "{name}: {value}: {}", added.text);
    }
    assert_eq!(door.ask(Ask::get("/tasks").cookie(&cookie).header("sec-fetch-site", "cross-site")).await.status, 200);
}

#[tokio::test] // A4
async fn nobody_is_signed_in_or_set_up_from_another_page_either() {
    let door = Door::new().await;
    for (method, path, open) in changing() {
        if open {
            let elsewhere = Ask::new(&method, &path).body(json!({})).header("sec-fetch-site", "cross-site");
            assert_eq!(door.ask(elsewhere).await.outcome(), "cross_site", "{method} {path}");
        }
    }
    let body = json!({"email": ANA, "password": PASSWORD});
    let elsewhere = Ask::post("/session", body.clone()).header("origin", "https://evil.example");
    assert_eq!(door.ask(elsewhere).await.outcome(), "cross_site");
    assert_eq!(door.ask(Ask::post("/session", body)).await.status, 200, "what is no browser says nothing");
}

#[tokio::test] // A4
async fn a_token_is_nobodys_cookie_and_works_from_anywhere() {
    let door = Door::new().await;
    let (token, _) = door.token(1, "admin").await;
    let ask = Ask::post("/tasks", json!({"name": "New"})).bearer(&token).header("sec-fetch-site", "cross-site");
    assert_eq!(door.ask(ask).await.status, 201);
}
