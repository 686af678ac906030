use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use http_body_util::BodyExt;
use tallyport_api_types::{ApiToken, Code, NewPerson, PersonChange, StartRun};
use tallyport_client::{Address, Client, ClientError, Http, TaskState, TransportError};

use crate::server::Does::{HangsUp, Says, Sends, Stalls};
use crate::server::Server;

const ADA: &str = r#"{"id":1,"email":"ada@example.com","name":"Ada","role":"member","active":true}"#;
const CUT: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n[{\"id\":1,";
const CUT_CHUNKS: &str = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\n[{\"id\":1,\r\n";

fn overloaded() -> &'static str {
    r#"{"type":"urn:x","code":"overloaded","title":"too much to do","status":503,"hint":"wait"}"#
}

fn bo() -> NewPerson {
    NewPerson { email: "bo@example.com".into(), name: "Bo".into(), role: None, password: None }
}

#[tokio::test] // C5
async fn a_request_carries_path_body_and_token_and_its_answer_is_read() {
    let server = Server::doing([Says(200, vec![], ADA)]);
    let (client, _) = server.client();
    assert_eq!(client.people().change(3, &PersonChange::default()).await.unwrap().name, "Ada");
    let asked = server.asked().remove(0);
    assert!(asked.starts_with("PATCH /api/v1/people/3 HTTP/1.1\r\n") && asked.ends_with("\r\n\r\n{}"), "{asked}");
    assert_eq!(server.header("authorization"), [Some("Bearer tpt_canary".to_owned())]);
    assert_eq!(server.header("content-type"), [Some("application/json".to_owned())]);
    assert_eq!(server.header("idempotency-key"), [None], "it makes nothing");
}

#[tokio::test]
async fn what_changes_nothing_is_asked_three_times_more() {
    let server =
        Server::doing([HangsUp, Says(503, vec![("retry-after", "7")], overloaded()), Sends(CUT), Says(200, vec![], "[]")]);
    let (client, machine) = server.client();
    assert!(client.people().list().await.unwrap().is_empty());
    assert_eq!(server.asked().len(), 4);
    let pauses = machine.pauses();
    assert_eq!(pauses.len(), 3);
    assert_eq!(pauses[1], Duration::from_secs(7), "as the server asks for");
    assert!(pauses[2] > pauses[0], "{pauses:?}");
    assert_ne!(pauses[0], Duration::from_millis(50), "chance has a part in it");
}

#[tokio::test]
async fn after_three_more_tries_it_is_told_as_it_is() {
    let busy = || Says(503, vec![], overloaded());
    let server = Server::doing([busy(), busy(), busy(), busy()]);
    let error = server.client().0.people().list().await.unwrap_err();
    assert_eq!((error.code(), error.to_string().as_str()), (Code::Overloaded, "too much to do"));
    let server = Server::doing([HangsUp, HangsUp, HangsUp, HangsUp]);
    let error = server.client().0.people().list().await.unwrap_err();
    assert_eq!((error.code(), server.asked().len()), (Code::ServerUnreachable, 4), "{error}");
}

#[tokio::test] // E7
async fn what_makes_something_is_sent_again_with_the_same_key() {
    let made = [HangsUp, Says(502, vec![], "<html>Bad gateway</html>"), Says(201, vec![], ADA), Says(201, vec![], ADA)];
    let server = Server::doing(made);
    let (client, _) = server.client();
    client.people().add(&bo()).await.unwrap();
    client.people().add(&bo()).await.unwrap();
    let keys = server.header("idempotency-key");
    assert!(keys[0].as_ref().is_some_and(|key| key.len() == 32), "{keys:?}");
    assert!(keys[0] == keys[1] && keys[1] == keys[2] && keys[2] != keys[3], "{keys:?}");
}

#[tokio::test] // E7
async fn a_key_of_ones_own_is_kept() {
    let server = Server::doing([Says(201, vec![], ADA)]);
    server.client().0.people().add(&bo()).keyed("from the queue on disk").await.unwrap();
    assert_eq!(server.header("idempotency-key"), [Some("from the queue on disk".to_owned())]);
    let unsendable = server.client().0.people().add(&bo()).keyed("two\nlines").await.unwrap_err();
    assert!(matches!(unsendable, ClientError::Unsendable(_)), "{unsendable:?}");
}

#[tokio::test]
async fn a_change_is_made_only_while_nobody_else_has_changed_it() {
    let changed = r#"{"type":"urn:x","code":"changed_meanwhile","title":"changed","status":412,"hint":"look"}"#;
    let server = Server::doing([Says(200, vec![("etag", "\"a1\"")], ADA), Says(412, vec![], changed)]);
    let (client, _) = server.client();
    let seen = client.people().get(1).answer().await.unwrap();
    let change = client.people().change(1, &PersonChange::default()).if_still(seen.tag.as_deref().unwrap());
    assert_eq!(change.await.unwrap_err().code(), Code::Changed);
    assert_eq!(server.header("if-match"), [None, Some("\"a1\"".to_owned())]);
}

#[tokio::test] // E7
async fn what_may_have_been_done_is_sent_once_and_is_unknown() {
    let server = Server::doing([HangsUp]);
    let (client, machine) = server.client();
    let error = client.integration().cancel().await.unwrap_err();
    assert_eq!((error.code(), server.asked().len()), (Code::OutcomeUnknown, 1), "{error}");
    assert!(machine.pauses().is_empty());
    for cut in [CUT, CUT_CHUNKS] {
        let server = Server::doing([Sends(cut)]);
        let error = server.client().0.tasks().archive(7).await.unwrap_err();
        assert_eq!((error.code(), server.asked().len()), (Code::OutcomeUnknown, 1), "{error}");
    }
    let server = Server::doing([Says(503, vec![], overloaded())]);
    let error = server.client().0.tasks().restore(7).await.unwrap_err();
    assert_eq!((error.code(), server.asked().len()), (Code::Overloaded, 1));
}

#[tokio::test] // E7, I11
async fn a_run_that_may_have_been_started_is_asked_for_again_by_its_key() {
    let run = r#"{"id":4,"outcome":"running","trigger":"manual","started_by":null,"started_at":"2026-11-24T10:00:00Z","duration_ms":0,
        "requests":0,"created":0,"renamed":0,"moved":0,"archived":0,"restored":0,"unchanged":0,"assigned":0,"withdrawn":0,
        "warnings":[],"proof":[]}"#;
    let at_it = r#"{"type":"urn:x","code":"in_flight","title":"at it","status":409,"hint":"again"}"#;
    let server = Server::doing([HangsUp, Says(409, vec![("retry-after", "1")], at_it), Says(202, vec![], run)]);
    let (client, machine) = server.client();
    assert_eq!(client.runs().start(&StartRun::default()).await.unwrap().id, 4);
    let keys = server.header("idempotency-key");
    assert!(keys.len() == 3 && keys[0].is_some() && keys.iter().all(|key| *key == keys[0]), "{keys:?}");
    assert_eq!(machine.pauses()[1], Duration::from_secs(1));
    let refused = r#"{"type":"urn:x","code":"run_under_way","title":"no","status":409,"hint":"wait"}"#;
    let server = Server::doing([Says(409, vec![], refused)]);
    assert_eq!(server.client().0.runs().start(&StartRun::default()).await.unwrap_err().code(), Code::RunUnderWay);
}

#[tokio::test]
async fn where_nobody_listens_nothing_was_done() {
    let server = Server::doing([]);
    let (client, machine) = server.client();
    let error = client.tasks().archive(7).await.unwrap_err();
    assert_eq!(error.code(), Code::ServerUnreachable, "{error}");
    assert!(error.to_string().contains("http://127.0.0.1:"), "{error}");
    assert!(machine.pauses().is_empty());
    assert!(matches!(client.people().list().await.unwrap_err(), ClientError::Transport(TransportError::Unreachable(_))));
    assert_eq!(machine.pauses().len(), 3);
}

#[tokio::test]
async fn what_toggl_says_is_not_asked_for_again() {
    let spent = r#"{"type":"urn:x","code":"quota_spent","title":"spent","status":503,"hint":"later"}"#;
    let server = Server::doing([Says(503, vec![("retry-after", "1")], spent)]);
    assert_eq!(server.client().0.integration().workspaces().await.unwrap_err().code(), Code::QuotaSpent);
    assert_eq!(server.asked().len(), 1);
    let server = Server::doing([Says(429, vec![("retry-after", "3600")], "slow down")]);
    assert!(matches!(server.client().0.people().list().await.unwrap_err(), ClientError::Unreadable { status: 429, .. }));
}

#[tokio::test]
async fn a_long_answer_that_breaks_off_is_an_error_and_never_half_an_answer() {
    let server = Server::doing([Sends(CUT_CHUNKS), Sends(CUT_CHUNKS)]);
    let (client, _) = server.client();
    let error = client.tasks().list(TaskState::Active).await.unwrap_err();
    assert!(matches!(error, ClientError::Transport(TransportError::BrokenOff(_))), "{error:?}");
    let mut body = client.tasks().list(TaskState::Active).raw().await.unwrap().into_data_stream();
    assert_eq!(body.next().await.unwrap().unwrap(), "[{\"id\":1,");
    assert!(body.next().await.unwrap().is_err());
    assert!(body.next().await.is_none());
}

#[tokio::test]
async fn the_token_follows_no_redirect() {
    let elsewhere = Server::doing([Says(200, vec![], "[]")]);
    let to: &'static str = format!("{}/stolen?token=x", elsewhere.http(&Arc::default()).address()).leak();
    for status in [301, 302, 303, 307, 308] {
        let server = Server::doing([Says(status, vec![("location", to)], "")]);
        let error = server.client().0.people().list().await.unwrap_err();
        assert!(
            matches!(&error, ClientError::Elsewhere { to: Some(to) } if to.starts_with("http://127.0.0.1:") && !to.contains("stolen")),
            "{error:?}"
        );
        assert_eq!(error.code(), Code::ServerUnreachable);
    }
    assert!(elsewhere.asked().is_empty());
}

#[tokio::test]
async fn a_proxys_page_is_no_problem_of_the_api_and_no_answer() {
    let page = "<html><h1>502 Bad gateway</h1></html>";
    let server = Server::doing([Says(500, vec![], page), Says(200, vec![], page), Says(404, vec![], page)]);
    let (client, _) = server.client();
    for status in [500, 200, 404] {
        let error = client.people().list().await.unwrap_err();
        assert!(matches!(&error, ClientError::Unreadable { status: found, .. } if *found == status), "{error:?}");
        assert!(!error.to_string().contains("html"));
    }
}

#[tokio::test]
async fn a_server_that_never_answers_is_not_waited_for_for_ever() {
    let begun = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\n[\r\n";
    let server = Server::doing([Stalls(""), Stalls(""), Stalls(begun)]);
    let client = server.hasty_client();
    assert_eq!(client.people().list().await.unwrap_err().code(), Code::ServerUnreachable);
    assert_eq!(client.tasks().archive(1).await.unwrap_err().code(), Code::OutcomeUnknown);
    let error = client.people().list().await.unwrap_err();
    assert!(matches!(error, ClientError::Transport(TransportError::BrokenOff(_))), "{error:?}");
    assert_eq!(server.asked().len(), 3);
}

#[tokio::test] // I19
async fn what_asks_toggl_is_waited_for_longer() {
    let server = Server::doing([Stalls("")]);
    let client = server.hasty_client();
    let integration = client.integration();
    let token = ApiToken { api_token: "x".into(), run: StartRun::default() };
    let enabling = integration.enable(&token).into_future();
    assert!(tokio::time::timeout(Duration::from_millis(400), enabling).await.is_err(), "four times as long as others may take");
}

#[tokio::test]
async fn no_token_is_in_anything_that_is_said() {
    let server = Server::doing([HangsUp, Says(401, vec![], "tpt_canary")]);
    let http = server.http(&Arc::default());
    let mut said = vec![format!("{http:?} {:?}", http.clone())];
    let client = Client::new(Arc::new(http));
    for error in [client.tasks().archive(1).await.unwrap_err(), client.people().list().await.unwrap_err()] {
        said.push(format!("{error:?} {error}"));
    }
    let bad = Http::new(Address::parse("https://x.example").unwrap()).token(&"tpt_canary with a space".into()).unwrap_err();
    said.push(format!("{bad:?} {bad}"));
    assert!(!said.iter().any(|said| said.contains("canary")), "{said:?}");
}

#[tokio::test]
async fn a_text_that_cannot_be_sent_is_no_token() {
    let http = || Http::new(Address::parse("https://x.example").unwrap());
    for text in ["", " ", "tpt_a b", "tpt_a\nb", "tpt_é", "tpt_\u{0}"] {
        assert!(http().token(&text.into()).is_err(), "{text:?}");
    }
    assert!(http().token(&" tpt_abc\n".into()).is_ok());
}
