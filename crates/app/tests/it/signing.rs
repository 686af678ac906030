//! Signing in: what is kept of a password, and what is told of it (A3, A4).

use argon2::password_hash::PasswordHasher as _;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, Version};
use secrecy::SecretString;
use tallyport_app::{AccountToSetUp, Caller, Error, SignIn, TokenToMake, Visitor};
use tallyport_domain::PersonId;

use crate::bench::{Bench, code, id_of};

const PASSWORD: &str = "a ship in the harbour";

fn with(email: &str, password: &str) -> SignIn {
    SignIn { email: email.to_owned(), password: password.into(), account: None }
}

fn weak(password: &str) -> String {
    let weak = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(64, 1, 1, None).unwrap());
    let hashed: PasswordHash = weak.hash_password_with_salt(password.as_bytes(), &[7; 16]).unwrap();
    hashed.to_string()
}

async fn kept(bench: &Bench, person: PersonId) -> String {
    bench.store.password(bench.account, person).await.unwrap().unwrap()
}

#[tokio::test] // A4
async fn a_hash_of_earlier_days_is_renewed_at_sign_in_and_only_then() {
    let bench = Bench::new().await;
    let (zoe, email) = (id_of(&bench.zoe), bench.zoe.person().email.as_str().to_owned());
    // One that nobody may choose today still lets its owner in.
    for password in [PASSWORD, "password"] {
        let old = weak(password);
        bench.store.set_password(bench.account, zoe, &old, None, zoe, bench.now()).await.unwrap();
        let visitor = Visitor::default();
        assert_eq!(code(bench.app.sessions.sign_in(&visitor, &with(&email, "wrong horse")).await), "sign_in_refused");
        assert_eq!(kept(&bench, zoe).await, old);
        bench.app.sessions.sign_in(&visitor, &with(&email, password)).await.unwrap();
        let new = kept(&bench, zoe).await;
        assert!(new.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{new}");
        bench.app.sessions.sign_in(&visitor, &with(&email, password)).await.unwrap();
        assert_eq!(kept(&bench, zoe).await, new);
    }
}

#[tokio::test] // A4
async fn a_hash_that_cannot_be_read_lets_nobody_in() {
    let bench = Bench::new().await;
    let (zoe, email) = (id_of(&bench.zoe), bench.zoe.person().email.as_str().to_owned());
    for broken in ["", PASSWORD, "$argon2id$v=19$m=19456,t=2,p=1$", "$2b$12$abcdefghijklmnopqrstuv"] {
        bench.store.set_password(bench.account, zoe, broken, None, zoe, bench.now()).await.unwrap();
        for password in [PASSWORD, broken] {
            let refused = bench.app.sessions.sign_in(&Visitor::default(), &with(&email, password)).await;
            assert_eq!(code(refused), "sign_in_refused", "{broken:?}");
        }
    }
}

#[tokio::test] // A4
async fn nothing_that_is_printed_or_refused_tells_a_secret() {
    let bench = Bench::new().await;
    let (zoe, email) = (id_of(&bench.zoe), bench.zoe.person().email.as_str().to_owned());
    let hashed = weak(PASSWORD);
    bench.store.set_password(bench.account, zoe, &hashed, None, zoe, bench.now()).await.unwrap();
    let signed = bench.app.sessions.sign_in(&Visitor::default(), &with(&email, PASSWORD)).await.unwrap();
    let visitor = Visitor { session: Some(signed.secret.clone()), ..Visitor::default() };
    let token = TokenToMake { name: "x".to_owned(), scope: "read".to_owned(), days: None };
    let made = bench.app.tokens.create(&bench.zoe, &token, None).await.unwrap().now();
    let set_up = AccountToSetUp {
        code: "tps_sesame".into(),
        account: "A".to_owned(),
        email: email.clone(),
        name: "A".to_owned(),
        password: PASSWORD.into(),
        timezone: None,
    };
    let (session, token) = (signed.secret.reveal().to_owned(), made.secret.reveal().to_owned());
    let refused = |error: Error| format!("{error:?} {error} {} {:?}", error.hint(), error.details());
    let caller = Caller::default();
    let printed = [
        format!("{signed:?} {visitor:?} {made:?} {:?} {set_up:?} {:?}", with(&email, PASSWORD), bench.app),
        refused(bench.app.set_ups.set_up(&visitor, set_up).await.unwrap_err()),
        refused(bench.app.resets.confirm(caller, &token, &SecretString::from(PASSWORD)).await.unwrap_err()),
        refused(bench.app.resets.confirm(caller, &session, &SecretString::from("short")).await.unwrap_err()),
        refused(bench.app.me.confirm_email(&bench.zoe, caller, &token[..30]).await.unwrap_err()),
        refused(bench.app.me.set_password(&bench.zoe, caller, &"sesame open".into(), &PASSWORD.into()).await.unwrap_err()),
        format!("{:?}", bench.store.credentials(None, &bench.zoe.person().email).await.unwrap()),
    ];
    for text in &printed {
        for canary in [&session[..20], &token[..20], PASSWORD, "sesame", &hashed[40..]] {
            assert!(!text.contains(canary), "{canary}: {text}");
        }
    }
}

#[tokio::test] // A4
async fn whoever_asks_no_token_makes_one_that_may_more() {
    let bench = Bench::new().await;
    let token = |scope: &str| TokenToMake { name: "x".to_owned(), scope: scope.to_owned(), days: None };
    let made = bench.app.tokens.create(&bench.ana, &token("manage"), None).await.unwrap().now();
    let actor = bench.app.bearer(&made.secret).await.unwrap();
    assert_eq!(code(bench.app.tokens.create(&actor, &token("admin"), None).await), "scope_required");
    assert!(bench.app.tokens.create(&actor, &token("manage"), None).await.is_ok());
}
