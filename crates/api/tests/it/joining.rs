//! From an administrator's tick to the first look at one's own tasks, by mail (N1–N3, P4).

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use axum::body::Body;
use http::{Request, header};
use serde_json::{Value, json};
use tallyport_domain::{Letter, Mailer, Posted};
use tallyport_mail::{Catcher, Security, Smtp};
use tallyport_sync::system::SystemClock;
use tokio::sync::{oneshot, watch};

use crate::bench::{Bench, Who};

const BJORK: &str = "bjork@nordlicht.example";
const PASSWORD: &str = "a ship in the harbour";

/// A mail server without a network.
#[derive(Default)]
struct Postbox(watch::Sender<Vec<Letter>>);

#[async_trait]
impl Mailer for Postbox {
    async fn send(&self, letter: &Letter) -> Posted {
        self.0.send_modify(|letters| letters.push(letter.clone()));
        Posted::Sent
    }
}

/// Waits for what has to come soon.
async fn soon<T>(mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let looking = async {
        loop {
            if let Some(found) = look().await {
                return found;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), looking).await.expect("it comes within half a minute")
}

/// The secret of the link in a mail.
fn secret_in(mail: &str) -> String {
    let (_, after) = mail.split_once("https://time.example.com/accept/").unwrap_or_else(|| panic!("no link in {mail}"));
    after.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
}

async fn joins(bench: &Bench, mails: impl Fn() -> Vec<String>) {
    let (stop, stopped) = oneshot::channel::<()>();
    let outbox = bench.app.outbox.clone();
    let running = tokio::spawn(async move { outbox.run(async move { stopped.await.unwrap() }).await });
    let member = async || {
        let members = bench.get(Who::Administrator, "/integrations/toggl/members").await.json();
        members.as_array().unwrap().iter().find(|member| member["email"] == BJORK).unwrap().clone()
    };
    let seen = member().await;
    assert_eq!((&seen["person_id"], &seen["invited"]), (&Value::Null, &json!(false)));

    let invited = bench.post(Who::Administrator, "/invitations", &json!({"emails": [BJORK]})).await;
    assert_eq!(invited.status, 201, "{}", invited.text);
    assert_eq!((&invited.json()[0]["state"], &invited.json()[0]["link"]), (&json!("open"), &Value::Null));
    assert_eq!(member().await["invited"], true);

    let secret = secret_in(&soon(async || mails().first().cloned()).await);
    let is_sent = async || {
        let listed = bench.get(Who::Administrator, "/invitations").await;
        assert!(!listed.text.contains(&secret), "a list shows no link");
        (listed.json()[0]["mail"] == "sent").then_some(())
    };
    soon(is_sent).await;

    let offer = bench.post(Who::Anonymous, "/invitations/look", &json!({"secret": secret})).await.json();
    assert_eq!(
        (&offer["email"], &offer["invited_by"], &offer["account"]["name"]),
        (&json!(BJORK), &json!("Ana"), &json!("Nordlicht"))
    );
    let acceptance = json!({"secret": secret, "name": "Björk", "password": PASSWORD});
    let joined = bench.post(Who::Anonymous, "/invitations/accept", &acceptance).await;
    assert_eq!((joined.status, &joined.json()["person"]["role"]), (201, &json!("member")), "{}", joined.text);
    assert!(!joined.headers.contains_key(header::SET_COOKIE), "signing in comes after");
    assert_eq!(bench.post(Who::Anonymous, "/invitations/accept", &acceptance).await.outcome(), "link_dead");
    let here = member().await;
    assert_eq!((&here["person_id"], &here["invited"]), (&joined.json()["person"]["id"], &json!(false)));

    let sign_in = json!({
        "email": BJORK, "password": PASSWORD, "account": "Nordlicht", "token": {"name": "laptop", "scope": "read"},
    });
    let signed_in = bench.post(Who::Anonymous, "/session", &sign_in).await.json();
    let bearer = format!("Bearer {}", signed_in["token"].as_str().unwrap());
    let tasks = Request::get("/api/v1/tasks").header(header::AUTHORIZATION, bearer).body(Body::empty()).unwrap();
    let tasks = bench.request(Who::Anonymous, tasks).await.json();
    let paths: Vec<String> = tasks.as_array().unwrap().iter().map(|task| task["path"].to_string()).collect();
    let all = bench.get(Who::Administrator, "/tasks").await.json();
    let all: Vec<String> = all.as_array().unwrap().iter().map(|task| task["path"].to_string()).collect();
    let theirs: Vec<&String> = all.iter().filter(|path| path.contains("\"Pro bono\"")).collect();
    assert!(theirs.len() > 3 && theirs.iter().all(|path| paths.contains(path)), "{paths:?}");
    // What stands above is shown for context alone (P6).
    assert!(paths.iter().all(|path| theirs.contains(&path) || path == "[\"Toggl\"]"), "{paths:?}");

    assert_eq!(bench.get(Who::Administrator, "/outbox").await.json(), json!([]));
    stop.send(()).unwrap();
    running.await.unwrap();
    assert_eq!(mails().len(), 1);
}

#[tokio::test] // N1, N2, N3, P4
async fn who_is_invited_gets_a_mail_joins_by_its_link_and_sees_just_their_tasks() {
    let postbox = Arc::new(Postbox::default());
    let bench = Bench::mailing(postbox.clone()).await;
    joins(&bench, || postbox.0.borrow().iter().map(|letter| letter.text.clone()).collect()).await;
}

#[tokio::test] // N1, N2, N3, P4
#[ignore = "needs aiosmtpd: cargo xtask test"]
#[expect(clippy::disallowed_methods, reason = "where it is installed is known to the command that installed it alone")]
async fn the_same_with_a_real_mail_server() {
    let python: PathBuf = std::env::var_os("TALLYPORT_MAIL_SERVER").expect("the command that runs all tests names it").into();
    let folder = tempfile::tempdir().unwrap();
    let catcher = Catcher::start(&python, folder.path(), Security::StartTls, Some(("tallyport", PASSWORD))).unwrap();
    let smtp = Smtp::new(catcher.config().unwrap(), Arc::new(SystemClock)).unwrap();
    let bench = Bench::mailing(Arc::new(smtp)).await;
    joins(&bench, || catcher.mails().unwrap()).await;
}

#[tokio::test] // N3, A2
async fn what_a_mail_server_refused_is_shown_to_administrators_with_what_it_said() {
    struct Refusing;

    #[async_trait]
    impl Mailer for Refusing {
        async fn send(&self, _: &Letter) -> Posted {
            Posted::Refused("550 nobody of that name".to_owned())
        }
    }

    let bench = Bench::mailing(Arc::new(Refusing)).await;
    let (stop, stopped) = oneshot::channel::<()>();
    let outbox = bench.app.outbox.clone();
    let running = tokio::spawn(async move { outbox.run(async move { stopped.await.unwrap() }).await });
    let invited = bench.post(Who::Administrator, "/invitations", &json!({"emails": [BJORK]})).await.json();
    let mail = soon(async || bench.get(Who::Administrator, "/outbox").await.json().get(0).cloned()).await;
    assert_eq!((&mail["state"], &mail["problem"]), (&json!("failed"), &json!("550 nobody of that name")));
    assert_eq!((&mail["invitation_id"], &mail["to"]), (&invited[0]["id"], &json!(BJORK)));
    let path = format!("/invitations/{}/resend", invited[0]["id"]);
    let by_hand = bench.post(Who::Administrator, &path, &json!({"by_hand": true})).await.json();
    let secret = secret_in(by_hand["link"].as_str().unwrap());
    assert_eq!(bench.post(Who::Anonymous, "/invitations/look", &json!({"secret": secret})).await.status, 200);
    stop.send(()).unwrap();
    running.await.unwrap();
}
