//! Several programs over one database.

use rustix::process::Signal;
use tallyport_api_types::NewTask;
use tallyport_client::Client;
use tallyport_compose::{Local, LocalOptions};

use crate::support::{Bench, OLGA, ask, follow};

#[test]
fn a_second_server_is_refused_and_told_which_process_serves() {
    let bench = Bench::new();
    let first = bench.start();
    let second = bench.run(&["--listen", "127.0.0.1:0"]);
    assert_eq!((second.code, second.stdout.as_str()), (Some(1), ""));
    let expected = format!("is served already, by process {}\n", first.process());
    assert!(second.stderr.contains(&expected), "{}", second.stderr);
    assert_eq!(second.stderr.lines().count(), 2, "{}", second.stderr);
    assert_eq!(first.get("/readyz").status, 200);
    first.signal(Signal::KILL);
    first.ended();
    bench.start();
}

#[tokio::test(flavor = "multi_thread")] // E6
async fn who_works_on_the_file_beside_a_server_is_heard_by_who_follows_it() {
    let bench = Bench::new();
    let server = bench.start();
    let token = server.set_up();
    let mut stream = follow(server.address, &token);
    let beside = Local::open(LocalOptions::at(bench.path("tallyport.db"))).await.unwrap();
    let client = Client::new(beside.acting(None, Some(OLGA.0)).await.unwrap());
    let added = client.tasks().add(&NewTask { name: "Garden".to_owned(), parent_id: None }).await.unwrap();
    let heard = tokio::task::spawn_blocking(move || {
        let mut line = String::new();
        while !line.contains("\"subject\"") {
            line.clear();
            assert!(std::io::BufRead::read_line(&mut stream, &mut line).unwrap() > 0);
        }
        line
    });
    assert!(heard.await.unwrap().contains("task"));
    let path = format!("GET /api/v1/tasks/{}", added.id);
    let seen = ask(server.address, &path, &[&format!("Authorization: Bearer {token}")], "");
    assert_eq!(seen.json()["name"], "Garden");
    beside.close().await;
    server.stop();
}
