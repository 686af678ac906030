//! A server, and programs of the terminal beside it and over it, on one file (M26): no write is lost.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};
use tallyport_api_types::{NewTask, TaskChange};
use tallyport_client::Client;
use tallyport_compose::{Local, LocalOptions};

use crate::asking::Asking;
use crate::faults::told;
use crate::support::{Bench, OLGA};

/// How many tasks each client makes that stays connected, and each that is a new process for whatever it does.
const CONNECTED: usize = 265;
const PROCESSES: usize = 50;

/// What all of them did together.
#[derive(Default)]
struct Done {
    operations: AtomicUsize,
    /// The names of the tasks that have to be there.
    names: Mutex<BTreeSet<String>>,
}

impl Done {
    fn count(&self, operations: usize) {
        self.operations.fetch_add(operations, Ordering::Relaxed);
    }

    fn keep(&self, name: String) {
        assert!(self.names.lock().unwrap().insert(name));
    }
}

/// Makes tasks over HTTP, gives them another name, and deletes some.
fn over_http(admin: &Asking, client: usize, done: &Done) {
    for number in 0..CONNECTED {
        let name = format!("http {client} {number}");
        let id = &admin.done("POST /api/v1/tasks", &json!({"name": format!("{name}, new")}))["id"];
        let renamed = admin.done(&format!("PATCH /api/v1/tasks/{id}"), &json!({"name": name}));
        assert_eq!(renamed["name"], *name);
        if number % 5 == 0 {
            assert_eq!(admin.ask(&format!("DELETE /api/v1/tasks/{id}"), &Value::Null).status, 204);
        } else {
            assert_eq!(admin.done(&format!("GET /api/v1/tasks/{id}"), &Value::Null)["name"], *name);
            done.keep(name);
        }
        done.count(3);
    }
}

/// Makes tasks as a program of the terminal does that stays at work on the file.
fn beside(bench: &Bench, client: usize, done: &Done) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    runtime.block_on(async {
        let local = Local::open(LocalOptions::at(bench.path("tallyport.db"))).await.unwrap();
        let api = Client::new(local.acting(None, Some(OLGA.0)).await.unwrap());
        for number in 0..CONNECTED {
            let name = format!("beside {client} {number}");
            let new = NewTask { name: format!("{name}, new"), parent_id: None };
            let id = api.tasks().add(&new).await.unwrap().id;
            let rename = TaskChange { name: Some(name.clone()), parent: None };
            api.tasks().change(id, &rename).await.unwrap();
            assert_eq!(api.tasks().get(id).await.unwrap().name, name);
            done.keep(name);
            done.count(3);
        }
        local.close().await;
    });
}

/// Makes tasks, each and each new name by a process of its own.
fn by_processes(client: &str, command: impl Fn(&[&str]) -> Command, done: &Done) {
    let succeeds = |arguments: &[&str]| -> Value {
        let ran = Bench::ran(command(arguments));
        assert_eq!(ran.code, Some(0), "{arguments:?}: {ran:?}");
        serde_json::from_str(&ran.stdout).unwrap()
    };
    for number in 0..PROCESSES {
        let name = format!("{client} {number}");
        let added = succeeds(&["tasks", "add", &format!("{name}, new"), "--json"]);
        succeeds(&["tasks", "rename", &added["id"].to_string(), &name, "--json"]);
        done.keep(name);
        done.count(2);
    }
}

/// The program of the terminal over the server.
fn remote(bench: &Bench, address: SocketAddr, token: &str, arguments: &[&str]) -> Command {
    let mut command = bench.terminal(arguments);
    command.env_remove("TALLYPORT_DATABASE").env("TALLYPORT_SERVER", format!("http://{address}"));
    command.env("TALLYPORT_TOKEN", token);
    command
}

#[test] // L1, L8
#[ignore = "needs the program of the terminal: cargo xtask test"]
fn a_server_and_terminals_that_write_at_once_lose_nothing() {
    let (bench, done) = (Bench::new(), Done::default());
    let server = bench.start();
    let token = server.set_up();
    let admin = Asking::with(&server, &token);
    std::thread::scope(|scope| {
        let (bench, address, token, admin, done) = (&bench, server.address, &token, &admin, &done);
        for client in 0..4 {
            scope.spawn(move || over_http(admin, client, done));
        }
        for client in 0..2 {
            scope.spawn(move || beside(bench, client, done));
        }
        for client in ["first", "second"] {
            scope.spawn(move || by_processes(client, |arguments| bench.terminal(arguments), done));
        }
        scope.spawn(move || by_processes("remote", |arguments| remote(bench, address, token, arguments), done));
        let second = bench.run(&["--listen", "127.0.0.1:0"]);
        assert!(second.code == Some(1) && second.stderr.contains("is served already, by process"), "{second:?}");
    });
    let tree = admin.done("GET /api/v1/tasks", &Value::Null);
    let tree = tree.as_array().unwrap();
    let names: BTreeSet<&str> = tree.iter().map(|task| task["name"].as_str().unwrap()).collect();
    let wanted = done.names.into_inner().unwrap();
    assert_eq!(names, wanted.iter().map(String::as_str).collect());
    let ids: BTreeSet<i64> = tree.iter().map(|task| task["id"].as_i64().unwrap()).collect();
    assert_eq!((tree.len(), ids.len()), (wanted.len(), wanted.len()));
    server.stop();
    let ran = Bench::ran(bench.terminal(&["doctor", "--json"]));
    assert_eq!(ran.code, Some(0), "{ran:?}");
    told("a server and terminals on one file, operations at once", done.operations.into_inner());
}
