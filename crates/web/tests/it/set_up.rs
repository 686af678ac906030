//! `/setup`.

use http::StatusCode;

use crate::bench::{Bench, Browser, EMAIL, PASSWORD};

const WRONG: &str = "tps_000000000000000000000000000000_000000";

fn form<'a>(code: &'a str, account: &'a str, password: &'a str) -> [(&'a str, &'a str); 6] {
    [
        ("code", code),
        ("account", account),
        ("name", "Ana"),
        ("email", EMAIL),
        ("password", password),
        ("timezone", "Europe/Berlin"),
    ]
}

#[tokio::test] // A3
async fn the_first_account_is_made_with_the_code_and_its_administrator_signed_in() {
    let bench = Bench::fresh();
    let mut browser = Browser::default();
    assert_eq!(bench.get(&mut browser, "/").await.leads_to(), "/setup");
    assert_eq!(bench.get(&mut browser, "/sign-in").await.leads_to(), "/setup");
    assert!(bench.get(&mut browser, "/setup").await.has("Set up this server"));
    let code = bench.app.set_ups.code().await.unwrap().unwrap();
    let made = bench.post(&mut browser, "/setup", &form(code.reveal(), "Nordlicht", PASSWORD)).await;
    assert_eq!(made.leads_to(), "/");
    assert!(bench.get(&mut browser, "/").await.has("Nordlicht"));
    let account = &bench.app.accounts.list().await.unwrap()[0];
    assert_eq!((account.name.as_str(), account.zone.as_str()), ("Nordlicht", "Europe/Berlin"));
}

#[tokio::test] // A3
async fn after_the_first_account_the_page_is_gone() {
    let bench = Bench::new().await;
    let mut browser = Browser::default();
    assert_eq!(bench.get(&mut browser, "/setup").await.status, StatusCode::GONE);
    let sent = bench.post(&mut browser, "/setup", &form(WRONG, "Another", PASSWORD)).await;
    assert_eq!(sent.status, StatusCode::GONE);
    assert_eq!(bench.app.accounts.list().await.unwrap().len(), 1);
}

#[tokio::test] // A3
async fn what_is_wrong_is_shown_at_its_field_with_what_was_typed_but_the_password() {
    let bench = Bench::fresh();
    let mut browser = Browser::default();
    let right = bench.app.set_ups.code().await.unwrap().unwrap();
    let right = right.reveal();
    let other = Bench::fresh().app.set_ups.code().await.unwrap().unwrap();
    for (fields, field, words) in [
        (form(WRONG, "Nordlicht", PASSWORD), "code", "was cut off or mistyped."),
        (form(other.reveal(), "Nordlicht", PASSWORD), "code", "This is not the code of this server."),
        (form(right, " ", PASSWORD), "account", "name"),
        (form(right, "Nordlicht", "t1ny"), "password", "The password is too short."),
        (form(right, "Nordlicht", "password123"), "password", "one of the most common passwords"),
        (form(right, "Nordlicht", PASSWORD).map(|(name, text)| (name, if name == "name" { "" } else { text })), "name", "name"),
        (
            form(right, "Nordlicht", PASSWORD).map(|(name, text)| (name, if name == "email" { "ana" } else { text })),
            "email",
            "email",
        ),
        (
            form(right, "Nordlicht", PASSWORD).map(|(name, text)| (name, if name == "timezone" { "Berlin" } else { text })),
            "timezone",
            "time zone",
        ),
    ] {
        let shown = bench.post(&mut browser, "/setup", &fields).await;
        assert_eq!(shown.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}: {}", shown.text);
        let error =
            shown.text.split(&format!("id=\"{field}-error\">")).nth(1).unwrap_or_else(|| panic!("{field}: {}", shown.text));
        assert!(error.split('<').next().unwrap().contains(words), "{field}: {error}");
        assert!(shown.has(&format!("<a href=\"#{field}\">")) && shown.has("role=\"alert\"") && shown.has("<title>Error: "));
        assert_eq!(shown.text.matches(" autofocus").count(), 1);
        for (name, typed) in fields.iter().filter(|(name, typed)| *name != "password" && !typed.trim().is_empty()) {
            assert!(shown.has(&format!("value=\"{typed}\"")), "{name}");
        }
        assert!(!shown.has(fields[4].1), "the password comes back");
    }
    assert!(bench.app.set_ups.is_needed().await.unwrap());
}
