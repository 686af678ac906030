use futures_util::StreamExt;
use http_body_util::BodyExt;
use tallyport_api_types::{Code, NewPerson, ParentChange, SelectionChange, TaskChange};
use tallyport_client::{ClientError, TaskState};

use crate::support::{Prepared, Script, says};

const ADA: &str = r#"{"id":1,"email":"ada@example.com","name":"Ada","role":"member","active":true,"more":"later"}"#;

#[tokio::test]
async fn an_answer_is_read_and_its_json_kept() {
    let (client, _) = Script::client([says(201, ADA)]);
    let new = NewPerson { email: "ada@example.com".into(), name: "Ada".into(), role: None, password: None };
    let answer = client.people().add(&new).answer().await.unwrap();
    assert_eq!(answer.value.name, "Ada");
    assert_eq!(answer.body, ADA);
}

#[tokio::test]
async fn a_raw_body_comes_piece_by_piece_as_it_was_sent() {
    let pieces = vec![Ok("[{\"id\" : 1},"), Ok("{\"id\":2}]"), Err("the line is dead")];
    let (client, _) = Script::client([Prepared { status: 200, next: None, pieces }]);
    let mut body = client.tasks().list(TaskState::Active).raw().await.unwrap().into_data_stream();
    assert_eq!(body.next().await.unwrap().unwrap(), "[{\"id\" : 1},");
    assert_eq!(body.next().await.unwrap().unwrap(), "{\"id\":2}]");
    assert!(body.next().await.unwrap().is_err());
}

#[tokio::test]
async fn a_refusal_is_a_problem_whether_the_answer_is_wanted_read_or_raw() {
    let problem =
        r#"{"type":"urn:tallyport:problem:cycle","code":"cycle","title":"no","status":409,"hint":"so","details":["a","b"]}"#;
    let (client, _) = Script::client([says(409, problem), says(409, problem)]);
    let read = client.tasks().get(1).await.unwrap_err();
    let raw = client.tasks().get(1).raw().await.map(drop).unwrap_err();
    for error in [read, raw] {
        assert_eq!((error.code(), error.to_string().as_str()), (Code::Cycle, "no"));
        assert_eq!(error.problem().unwrap().details, ["a", "b"]);
    }
}

#[tokio::test]
async fn a_code_of_another_version_is_unknown_but_keeps_its_words() {
    let problem = r#"{"type":"urn:x","code":"moon_phase","title":"the moon is full","status":418,"hint":"wait"}"#;
    let (client, _) = Script::client([says(418, problem)]);
    let error = client.tasks().get(1).await.unwrap_err();
    assert_eq!((error.code(), error.to_string().as_str()), (Code::Unknown, "the moon is full"));
}

#[tokio::test]
async fn what_does_not_speak_the_api_is_unreadable() {
    let broken = Prepared { status: 200, next: None, pieces: vec![Ok("[1"), Err("cut")] };
    let (client, _) = Script::client([says(502, "<html>Bad gateway</html>"), says(200, "[1,2"), broken]);
    let page = client.tasks().get(1).await.unwrap_err();
    assert!(matches!(page, ClientError::Unreadable { status: 502, .. }), "{page:?}");
    let half = client.people().list().await.unwrap_err();
    assert!(matches!(half, ClientError::Unreadable { status: 200, .. }), "{half:?}");
    assert!(matches!(client.people().list().await.unwrap_err(), ClientError::Transport(_)));
    assert!(matches!(client.people().list().await.unwrap_err(), ClientError::Transport(_)));
}

#[tokio::test]
async fn methods_ask_for_their_routes() {
    let (client, script) = Script::client([]);
    let _ = client.tasks().search("a & b", TaskState::All).page(5, Some("c-_")).await;
    let _ = client.tasks().change(7, &TaskChange { name: None, parent: Some(ParentChange { id: None }) }).await;
    let _ = client.people().deactivate(3, true).await;
    let _ = client.people().access(3, true).await;
    let _ = client.integration().select(&SelectionChange { all: true, ..SelectionChange::default() }).await;
    assert_eq!(
        script.asked(),
        [
            "GET /api/v1/tasks?state=all&q=a%20%26%20b&limit=5&cursor=c-_",
            r#"PATCH /api/v1/tasks/7 {"parent":{"id":null}}"#,
            r#"POST /api/v1/people/3/deactivate {"confirm":true}"#,
            "GET /api/v1/people/3/access?effective=true",
            r#"PUT /api/v1/integrations/toggl/selection {"all":true,"confirm":false,"run":{"confirm":false}}"#,
        ]
    );
}

#[tokio::test]
async fn a_list_is_read_page_by_page_along_its_cursors() {
    let page = |body, next| Prepared { next, ..says(200, body) };
    let people = format!("[{ADA},{ADA}]").leak();
    let (client, script) = Script::client([page(people, Some("a")), page("[]", Some("b")), page(people, None)]);
    let mut pages = client.people().list().pages(2);
    let mut read = Vec::new();
    while let Some(page) = pages.next().await {
        read.push(page.unwrap().len());
    }
    assert_eq!(read, [2, 0, 2]);
    let list = "GET /api/v1/people?limit=2";
    assert_eq!(script.asked(), [list.to_owned(), format!("{list}&cursor=a"), format!("{list}&cursor=b")]);
}

#[tokio::test]
async fn pages_end_where_one_of_them_is_refused() {
    let gone = r#"{"type":"urn:x","code":"invalid_cursor","title":"no","status":400,"hint":"so"}"#;
    let (client, script) = Script::client([Prepared { next: Some("a"), ..says(200, "[]") }, says(400, gone)]);
    let mut pages = client.people().list().pages(2);
    assert!(pages.next().await.unwrap().unwrap().is_empty());
    assert_eq!(pages.next().await.unwrap().unwrap_err().code(), Code::InvalidCursor);
    assert!(pages.next().await.is_none());
    assert_eq!(script.asked().len(), 2);
}

#[tokio::test]
async fn a_text_too_long_for_a_url_is_refused_before_it_is_sent() {
    let (client, script) = Script::client([]);
    let error = client.tasks().search(&"x".repeat(70_000), TaskState::All).await.unwrap_err();
    assert_eq!(error.code(), Code::InvalidRequest);
    assert!(script.asked().is_empty());
}
