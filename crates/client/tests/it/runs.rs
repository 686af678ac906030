use tallyport_client::ClientError;

use crate::support::{Prepared, Script, says};

const READING: &str = "event: progress\ndata: {\"phase\":\"reading\",\"workspaces_done\":0,\"workspaces\":2,\"workspace\":null,\"list\":null,\
                       \"pages\":1,\"items\":3,\"requests\":1,\"requests_expected\":4,\"requests_left\":29,\"waiting_until\":null}\n\n";

fn run(outcome: &'static str) -> Prepared {
    let body = format!(
        r#"{{"id":4,"outcome":"{outcome}","trigger":"manual","started_by":null,"started_at":"2026-11-24T10:00:00Z","duration_ms":5,
        "requests":4,"created":0,"renamed":0,"moved":0,"archived":0,"restored":0,"unchanged":0,"assigned":0,"withdrawn":0,
        "warnings":[],"proof":[],"changes":[]}}"#
    );
    says(200, body.leak())
}

#[tokio::test]
async fn a_run_is_followed_to_its_end_across_broken_connections() {
    let answers = [says(200, READING), run("running"), says(200, READING), run("succeeded")];
    let (client, script) = Script::client(answers);
    let mut seen = Vec::new();
    let ended = client.runs().follow(4, |progress| seen.push(progress.items)).await.unwrap();
    assert_eq!((ended.value.outcome.as_str(), seen.as_slice()), ("succeeded", [3, 3].as_slice()));
    let (events, end) = ("GET /api/v1/integrations/toggl/runs/4/events", "GET /api/v1/integrations/toggl/runs/4?changes=false");
    assert_eq!(script.asked(), [events, end, events, end]);
}

#[tokio::test]
async fn a_stream_that_breaks_off_is_begun_anew_for_as_long_as_it_says_something() {
    let broken = |said: Option<&'static str>| Prepared {
        status: 200,
        next: None,
        pieces: said.into_iter().map(Ok).chain([Err("cut")]).collect(),
    };
    let (client, script) = Script::client([broken(Some(READING)), run("running"), broken(Some(READING)), run("failed")]);
    assert_eq!(client.runs().follow(4, |_| {}).await.unwrap().value.outcome, "failed");
    assert_eq!(script.asked().len(), 4);
    let (client, script) = Script::client([broken(None), run("running")]);
    assert!(matches!(client.runs().follow(4, |_| {}).await.unwrap_err(), ClientError::Transport(_)));
    assert_eq!(script.asked().len(), 2);
}

#[tokio::test]
async fn a_stream_that_never_says_anything_is_not_asked_for_ever() {
    let (client, script) = Script::client([says(200, ": \n\n"), run("running")]);
    let error = client.runs().follow(4, |_| {}).await.unwrap_err();
    assert!(matches!(error, ClientError::Unreadable { .. }), "{error:?}");
    assert_eq!(script.asked().len(), 2);
}

#[tokio::test]
async fn nonsense_in_the_stream_is_an_error() {
    let (client, _) = Script::client([says(200, "data: nonsense\n\n")]);
    assert!(matches!(client.runs().follow(4, |_| {}).await.unwrap_err(), ClientError::Unreadable { .. }));
}

#[tokio::test]
async fn a_run_whose_end_could_not_be_recorded_is_a_problem_with_its_code() {
    let ended = r#"data: {"phase":"ended","workspaces_done":0,"workspaces":0,"workspace":null,"list":null,"pages":0,"items":0,"requests":0,
        "requests_expected":0,"requests_left":null,"waiting_until":null,"error":{"code":"storage_full","message":"no room","hint":"Make room."}}"#;
    let (client, script) = Script::client([says(200, format!("{}\n\n", ended.replace('\n', "")).leak())]);
    let ClientError::Problem(problem) = client.runs().follow(4, |_| {}).await.unwrap_err() else { panic!("a problem") };
    assert_eq!((problem.code.as_str(), problem.title.as_str(), problem.hint.as_str()), ("storage_full", "no room", "Make room."));
    assert_eq!(script.asked().len(), 1, "it is not followed any further");
}
