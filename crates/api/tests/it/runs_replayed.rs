//! Requests that start a run, and come twice, start one (E7, I11).

use axum::Router;
use axum::body::Body;
use http::{Method, Request, header};
use serde_json::{Value, json};

use crate::bench::{Answered, Bench, Who};

/// Who begins with what, and asks for what under a key.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Asking {
    Start,
    Confirm,
    Enable,
    EnableAgain,
    ReEnable,
    ReEnableWithToken,
    Select,
    Set,
}

pub(crate) const ALL: [Asking; 8] = [
    Asking::Start,
    Asking::Confirm,
    Asking::Enable,
    Asking::EnableAgain,
    Asking::ReEnable,
    Asking::ReEnableWithToken,
    Asking::Select,
    Asking::Set,
];

impl Asking {
    pub(crate) fn route(self) -> &'static str {
        match self {
            Self::Start => "POST /integrations/toggl/runs",
            Self::Confirm => "POST /integrations/toggl/runs/{id}/confirm",
            Self::Enable | Self::EnableAgain => "PUT /integrations/toggl",
            Self::ReEnable | Self::ReEnableWithToken => "POST /integrations/toggl/re-enable",
            Self::Select => "PUT /integrations/toggl/selection",
            Self::Set => "PUT /integrations/toggl/settings",
        }
    }
}

struct Scene {
    bench: Bench,
    method: Method,
    path: String,
    body: Value,
    /// Another one that the route would take.
    other: Value,
    status: u16,
}

impl Scene {
    async fn new(asking: Asking) -> Self {
        let bench = if let Asking::Enable = asking { Bench::new().await } else { Bench::imported().await };
        // What Toggl allows an hour is no matter of how often it is asked here.
        bench.server.simulator().switch(|switches| switches.user_quota = 1_000_000);
        let token = json!(bench.server.simulator().owner_token().unwrap());
        let wait = json!({"patience_seconds": 60});
        let run = if let Asking::Confirm = asking { held(&bench).await } else { 0 };
        let (method, path) = asking.route().split_once(' ').unwrap();
        let path = path.replace("{id}", &run.to_string());
        let (body, other, status) = match asking {
            Asking::Start | Asking::Confirm => (json!({}), wait, 202),
            Asking::Enable => (json!({"api_token": token}), json!({"api_token": "x"}), 200),
            Asking::EnableAgain => {
                let gone = bench.send(Who::Administrator, &Method::DELETE, "/integrations/toggl?imported=archive", None).await;
                assert_eq!(gone.status, 200, "{}", gone.text);
                (json!({"api_token": token}), json!({"api_token": token, "run": wait}), 200)
            }
            Asking::ReEnable => (json!({}), json!({"api_token": token}), 202),
            Asking::ReEnableWithToken => (json!({"api_token": token}), json!({}), 202),
            Asking::Select => (json!({"all": true}), json!({"workspaces": ["1"]}), 202),
            Asking::Set => (json!({"schedule": "6h"}), json!({"schedule": "off"}), 200),
        };
        Self { bench, method: method.parse().unwrap(), path, body, other, status }
    }

    async fn ask_of(&self, router: &Router, key: &str, body: &Value) -> Answered {
        let request = Request::builder().method(&self.method).uri(format!("/api/v1{}", self.path));
        let request = request.header(header::CONTENT_TYPE, "application/json").header("idempotency-key", key);
        self.bench.request_of(router, Who::Administrator, request.body(Body::from(body.to_string())).unwrap()).await
    }

    async fn ask(&self) -> Answered {
        self.ask_of(&self.bench.router, "k", &self.body).await
    }

    async fn runs(&self) -> Vec<Value> {
        let listed = self.bench.get(Who::Administrator, "/integrations/toggl/runs").await;
        listed.json().as_array().unwrap().clone()
    }

    /// How many runs there are, and how many of them succeeded, once none is at work.
    async fn settled(&self) -> (usize, usize) {
        self.bench.app.idle().await;
        let runs = self.runs().await;
        (runs.len(), runs.iter().filter(|run| run["outcome"] == "succeeded").count())
    }
}

/// Has Toggl lose so much that a sync needs a yes; answers the run that waits for one.
async fn held(bench: &Bench) -> i64 {
    bench.server.simulator().change(|world| {
        for client in ["Café Ñandú", "Müller & Söhne Präzisionswerkzeuge GmbH & Co. KG", "株式会社みなと"] {
            world.archive_client(world.find_client(client).unwrap()).unwrap();
        }
    });
    let run = bench.post(Who::Administrator, "/integrations/toggl/runs", &json!({})).await;
    let run = bench.ended(&run).await;
    assert_eq!(run["outcome"], "held", "{run}");
    run["id"].as_i64().unwrap()
}

fn is_replayed(answered: &Answered) -> bool {
    answered.headers.get("idempotent-replayed").is_some_and(|value| value == "true")
}

#[tokio::test] // E7, I11
async fn a_replay_is_answered_alike_and_starts_nothing_while_the_run_is_at_work_and_after_and_in_another_process() {
    for asking in ALL {
        let scene = Scene::new(asking).await;
        let before = scene.settled().await;
        let first = scene.ask().await;
        assert_eq!((first.status, is_replayed(&first)), (scene.status, false), "{asking:?}: {}", first.text);
        let (other, _) = scene.bench.beside();
        let again = async |when: &str| {
            for router in [&scene.bench.router, &other] {
                let again = scene.ask_of(router, "k", &scene.body).await;
                assert_eq!((again.status, is_replayed(&again)), (scene.status, true), "{asking:?} {when}: {}", again.text);
                assert_eq!(again.text, first.text, "{asking:?} {when}");
                for name in [header::CONTENT_TYPE, header::ETAG] {
                    assert_eq!(again.headers.get(&name), first.headers.get(&name), "{asking:?} {when}");
                }
            }
        };
        again("at once").await;
        let started = usize::from(!matches!(asking, Asking::Enable));
        assert_eq!(scene.settled().await, (before.0 + started, before.1 + started), "{asking:?}");
        again("after it ended").await;
        let differs = scene.ask_of(&scene.bench.router, "k", &scene.other).await;
        assert_eq!((differs.status, differs.outcome().as_str()), (422, "replay_differs"), "{asking:?}");
        let gone = scene.bench.send(Who::Administrator, &Method::DELETE, "/integrations/toggl?imported=keep", None).await;
        assert_eq!(gone.status, 200, "{asking:?}: {}", gone.text);
        again("after the integration was unlinked").await;
        assert_eq!(scene.settled().await.0, before.0 + started, "{asking:?}");
    }
}

#[tokio::test] // E7
async fn whoever_comes_while_it_is_answered_is_told_to_come_again() {
    for asking in ALL {
        let scene = Scene::new(asking).await;
        let before = scene.settled().await.0;
        let (one, two, three) = tokio::join!(scene.ask(), scene.ask(), scene.ask());
        let answers = [one, two, three];
        let made: Vec<&Answered> = answers.iter().filter(|answer| answer.status < 400 && !is_replayed(answer)).collect();
        let [made] = made.as_slice() else { panic!("{asking:?} was done {} times", made.len()) };
        let mut in_flight = 0;
        for answer in &answers {
            if answer.status == 409 {
                assert_eq!(answer.outcome(), "in_flight", "{asking:?}");
                assert_eq!(answer.headers[header::RETRY_AFTER], "1");
                in_flight += 1;
            } else {
                assert_eq!((answer.status, &answer.text), (scene.status, &made.text), "{asking:?}");
            }
        }
        assert!(in_flight > 0, "{asking:?}: all came one after the other");
        let again = scene.ask().await;
        assert_eq!((is_replayed(&again), &again.text), (true, &made.text), "{asking:?}");
        assert!(scene.settled().await.0 <= before + 1, "{asking:?}");
    }
}

#[tokio::test(flavor = "multi_thread")] // E7, I11
async fn two_processes_that_are_asked_at_once_start_one_run_and_give_one_answer() {
    for asking in ALL {
        let scene = Scene::new(asking).await;
        let before = scene.settled().await.0;
        let (other, app) = scene.bench.beside();
        let (one, two) = tokio::join!(scene.ask(), scene.ask_of(&other, "k", &scene.body));
        assert_eq!((one.status, two.status), (scene.status, scene.status), "{asking:?}: {} {}", one.text, two.text);
        assert_eq!(one.text, two.text, "{asking:?}");
        assert!(is_replayed(&one) != is_replayed(&two), "{asking:?}");
        app.idle().await;
        assert!(scene.settled().await.0 <= before + 1, "{asking:?}");
    }
}

#[tokio::test] // E7
async fn what_was_refused_is_tried_anew_under_its_key() {
    let bench = Bench::imported().await;
    let scene = Scene { bench, ..Scene::new(Asking::Start).await };
    let wrong = json!({"api_token": "0123456789abcdef0123456789abcdef"});
    let re_enable = Scene { path: "/integrations/toggl/re-enable".to_owned(), ..scene };
    assert_eq!(re_enable.ask_of(&re_enable.bench.router, "k", &wrong).await.outcome(), "token_rejected");
    let run = re_enable.ask_of(&re_enable.bench.router, "k", &json!({})).await;
    assert_eq!((run.status, is_replayed(&run)), (202, false), "{}", run.text);
    re_enable.settled().await;
}

#[tokio::test] // E7
async fn whoever_goes_away_while_it_is_done_finds_it_done() {
    for asking in [Asking::Start, Asking::Select, Asking::EnableAgain] {
        let scene = Scene::new(asking).await;
        let before = scene.settled().await;
        // Gone before the answer: at each place where it waits, a little later each time.
        for polls in 1.. {
            let mut asked = Box::pin(scene.ask());
            let mut context = std::task::Context::from_waker(std::task::Waker::noop());
            let mut answered = false;
            for _ in 0..polls {
                answered = answered || asked.as_mut().poll(&mut context).is_ready();
                tokio::task::yield_now().await;
            }
            drop(asked);
            if answered {
                break;
            }
        }
        let again = scene.ask().await;
        assert_eq!(again.status, scene.status, "{asking:?}: {}", again.text);
        let after = scene.settled().await;
        assert_eq!(after, (before.0 + 1, before.1 + 1), "{asking:?}: a run was opened that nobody drove");
    }
}
