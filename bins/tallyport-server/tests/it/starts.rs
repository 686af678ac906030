//! What a server answers as soon as it is ready.

use std::time::Instant;

use crate::support::{Bench, JSON, ask};

#[test]
fn it_lives_is_ready_and_numbers_what_it_is_asked() {
    let bench = Bench::new();
    let running = bench.start();
    for (path, body) in [("/healthz", "ok\n"), ("/readyz", "ready\n")] {
        let answer = running.get(path);
        assert_eq!((answer.status, answer.body.as_str()), (200, body));
    }
    let ids = [running.get("/healthz"), running.get("/nowhere")].map(|answer| answer.header("x-request-id").unwrap().to_owned());
    assert_ne!(ids[0], ids[1]);
    let answer = running.get("/api/openapi.json");
    assert_eq!(answer.status, 200);
    assert!(answer.json()["paths"]["/api/v1/tasks"].is_object() || answer.json()["paths"]["/tasks"].is_object());
    assert_eq!(running.get("/api/docs/").status, 200);
    assert_eq!(running.get("/api/v1/me").json()["code"], "sign_in_required");
    assert_eq!(running.get("/nowhere").json()["code"], "no_such_route");
}

#[test]
fn its_numbers_are_on_a_listener_of_their_own() {
    let running = Bench::new().start();
    running.get("/readyz");
    let refused = ask(running.address, "POST /api/v1/session", &[JSON], r#"{"email":"a@b.example","password":"wrong wrong"}"#);
    assert_eq!(refused.status, 401);
    assert_eq!(running.get("/metrics").status, 404);
    let numbers = ask(running.metrics, "GET /metrics", &[], "");
    assert!(numbers.header("content-type").unwrap().starts_with("text/plain; version=0.0.4"));
    for line in [
        "tallyport_requests_total{route=\"/readyz\",method=\"GET\",status=\"200\"} 1",
        "tallyport_sign_ins_refused_total 1",
        "tallyport_streams_open 0",
    ] {
        assert!(numbers.body.lines().any(|found| found == line), "{line} is not in\n{}", numbers.body);
    }
    assert_eq!(ask(running.metrics, "GET /api/v1/setup", &[], "").status, 404);
    assert_eq!(ask(running.metrics, "GET /healthz", &[], "").status, 404);
}

#[test] // A3
fn a_fresh_server_prints_a_code_that_sets_it_up_once_and_never_logs_it() {
    let bench = Bench::new();
    let running = bench.start();
    let code = running.set_up_code();
    let token = running.set_up();
    let me = ask(running.address, "GET /api/v1/me", &[&format!("Authorization: Bearer {token}")], "");
    assert_eq!((me.status, me.json()["email"].as_str()), (200, Some("olga@example.com")));
    assert_eq!(running.get("/api/v1/setup").json()["needed"], false);
    let lines = running.stop();
    let with_code: Vec<&String> = lines.iter().filter(|line| line.contains(&code)).collect();
    assert_eq!(with_code.len(), 1, "{lines:#?}");
    assert!(!with_code[0].contains('{'), "it stands alone and in no event");

    let again = bench.start();
    assert!(!again.seen().iter().any(|line| line.contains("tps_")), "{:#?}", again.seen());
    let me = ask(again.address, "GET /api/v1/me", &[&format!("Authorization: Bearer {token}")], "");
    assert_eq!(me.status, 200, "what was given out holds over a restart");
}

#[test] // A1
fn the_host_that_a_request_names_changes_nothing() {
    let running = Bench::new().start();
    let lies = ["X-Forwarded-Host: evil.example", "X-Forwarded-Proto: https", "X-Forwarded-For: 198.51.100.1"];
    let answer = ask(running.address, "GET /api/v1/setup", &lies, "");
    assert_eq!(answer.status, 200);
    assert!(!format!("{answer:?}").contains("evil.example"));
}

/// Prints what a server costs when nobody asks anything: for people to read, judged by the benchmarks.
#[test]
#[expect(clippy::disallowed_methods, clippy::print_stdout, reason = "how long a start takes is what is told")]
fn what_an_idle_server_costs_is_told() {
    let bench = Bench::new();
    drop(bench.start());
    let begun = Instant::now();
    let running = bench.start();
    let took = begun.elapsed();
    println!("from start to ready {took:?}; {} KiB resident", running.resident());
    assert_eq!(running.get("/readyz").status, 200);
}
