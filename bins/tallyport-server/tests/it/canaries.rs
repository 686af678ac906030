//! What lets somebody in, and a search for it in everything that a server said and wrote (S4, M25).

use std::net::SocketAddr;

use serde_json::json;
use tallyport_canaries::Search;
use tallyport_compose::{LocalOptions, chores};

use crate::support::{Answer, Bench, JSON, Running, ask};
use crate::tap::{Said, Tap};

/// Every secret that there was, each with its name and the request whose answer hands it out, if any does.
#[derive(Default)]
pub(crate) struct Secrets(Vec<(&'static str, String, Option<&'static str>)>);

impl Secrets {
    pub(crate) fn know(&mut self, name: &'static str, secret: &str) {
        self.0.push((name, secret.to_owned(), None));
    }

    /// One that the answer to a request hands out.
    pub(crate) fn handed_out(&mut self, name: &'static str, secret: &str, by: &'static str) {
        self.0.push((name, secret.to_owned(), Some(by)));
    }

    fn search(&self) -> Search {
        Search::of(self.0.iter().map(|(name, secret, _)| (*name, secret.as_str())))
    }

    /// Sends each of them everywhere where it does not belong; answers how many requests were refused.
    ///
    /// What stands in a path or a query is told back to whoever wrote it there, so that goes past the tap.
    pub(crate) fn misplace(&self, server: SocketAddr, tap: &Tap, token: &str) -> usize {
        let mut refused = 0;
        for (number, (_, secret, _)) in self.0.iter().enumerate() {
            // Somebody else each time, since tries are slowed down.
            let from = format!("X-Forwarded-For: 192.0.2.{number}");
            let own = format!("Authorization: Bearer {token}");
            let mut send = |address, what: &str, headers: &[&str], body: &str| {
                let Answer { status, .. } = ask(address, what, &[&[from.as_str(), JSON], headers].concat(), body);
                refused += usize::from(status >= 400);
            };
            let (bearer, cookie) = (format!("Authorization: Bearer {secret}x"), format!("Cookie: tallyport={secret}x"));
            for header in [bearer, cookie, format!("Authorization: Basic {secret}"), format!("If-Match: \"{secret}\"")] {
                if header.is_ascii() {
                    send(tap.address, "GET /api/v1/me", &[&header], "");
                    send(tap.address, "PATCH /api/v1/me", &[&header], "{}");
                }
            }
            for body in [json!(secret), json!({ secret: 1 }), json!({"email": secret, "password": [secret]}), json!([secret])] {
                for what in ["POST /api/v1/session", "POST /api/v1/password-reset/confirm", "POST /api/v1/setup"] {
                    send(tap.address, what, &[], &body.to_string());
                }
                send(tap.address, "PUT /api/v1/integrations/toggl", &[&own], &body.to_string());
            }
            for body in [json!({"secret": secret}), json!({"api_token": secret}), json!({"current": secret, "new": secret})] {
                let body = body.to_string();
                send(tap.address, "POST /api/v1/invitations/look", &[], &body);
                send(tap.address, "POST /api/v1/integrations/toggl/re-enable", &[&own], &body);
                send(tap.address, "POST /api/v1/me/password", &[&own], &body);
            }
            let in_path = secret.bytes().fold(String::new(), |path, byte| path + &format!("%{byte:02X}"));
            for path in ["/accept/", "/reset/", "/email/", "/api/v1/tasks/", "/api/v1/tasks?q=", "/", "/api/v1/"] {
                for form in [&in_path, secret] {
                    if form.bytes().all(|byte| byte.is_ascii_graphic()) {
                        send(server, &format!("GET {path}{form}"), &[&own], "");
                    }
                }
            }
        }
        refused
    }
}

/// Stops the server, and searches what it said over the tap, its numbers, its files, a backup and its whole log.
pub(crate) fn search_everything(bench: &Bench, server: Running, tap: &Tap, secrets: &Secrets) {
    let code = server.set_up_code();
    let mut search = secrets.search();
    search.look("the numbers", ask(server.metrics, "GET /metrics", &[], "").body.as_bytes());
    let names = search.look_at_files(bench.path("").as_ref(), "while it serves").unwrap();
    assert!(["tallyport.db", "tallyport.db-wal", "stdout"].iter().all(|name| names.contains(&(*name).to_owned())), "{names:?}");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let database = LocalOptions::at(bench.path("tallyport.db"));
    runtime.block_on(chores::backup(&database, bench.path("backup.db").into(), false)).unwrap();
    let log = server.stop();
    let names = search.look_at_files(bench.path("").as_ref(), "when it has stopped").unwrap();
    assert!(names.contains(&"backup.db".to_owned()), "{names:?}");

    // The code is for whoever started it: on a line of its own, and no event.
    let (told, log): (Vec<String>, Vec<String>) = log.into_iter().partition(|line| line.trim() == code);
    assert!(told.len() == 1 && log.len() > 300, "{} of {} lines tell the code", told.len(), log.len());
    assert!(log.iter().any(|line| line.contains("\"DEBUG\"")), "it says all that it can");
    search.look("the log", log.join("\n").as_bytes());
    search.must_have_found_nothing();

    // Each answer but those that hand out what they are asked for.
    let said = tap.said();
    assert!(said.len() > 100, "{} answers", said.len());
    for (name, secret, by) in &secrets.0 {
        let mut search = Search::of([(*name, secret.as_str())]);
        let (handing_out, others): (Vec<_>, Vec<_>) = said.iter().partition(|said| *by == Some(said.asked.as_str()));
        for said in others {
            search.look(&format!("the answer to {}: {}", said.asked, String::from_utf8_lossy(&said.answer)), &said.answer);
        }
        search.must_have_found_nothing();
        // That they are found where they have to be shows that the search would find them.
        let finds = |said: &&Said| {
            let mut search = Search::of([(*name, secret.as_str())]);
            search.look("what hands it out", &said.answer);
            !search.hits().is_empty()
        };
        assert_eq!(handing_out.into_iter().filter(finds).count(), usize::from(by.is_some()), "{name} is handed out by {by:?}");
    }
}
