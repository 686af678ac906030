//! Live events over whatever comes between (E6): a server that ends or dies, and a client that is started anew.

use std::net::SocketAddr;
use std::sync::Arc;

use rustix::process::Signal;
use tallyport_api_types::{ApiToken, Change, NewTask, SelectionChange, StartRun, TaskChange};
use tallyport_client::{Address, Client, Http, Live};
use tallyport_compose::{Local, LocalOptions};
use tallyport_simulator::{Clock, NewProject, Plan, Server as Toggl, Simulator, World};
use tokio::sync::watch;
use tokio::task::{JoinHandle, block_in_place};

use crate::support::{Bench, DEADLINE, OLGA};

/// How often the server goes and comes back.
const ROUNDS: usize = 4;
/// Changes in each of them: by requests, and by another process before, while and after the server is away.
const BY_REQUESTS: usize = 5;
const BESIDE: usize = 8;
/// Those, and a sync.
const A_ROUND: usize = BY_REQUESTS + 2 + 3 * BESIDE;

/// What one client heard, and how often it had to connect for it.
#[derive(Debug, Default)]
struct Heard {
    told: Vec<(i64, Change)>,
    connections: usize,
}

/// A client of whoever is at this address.
pub(crate) fn client(address: SocketAddr, token: &str) -> Client {
    let http = Http::new(Address::parse(&format!("http://{address}")).unwrap());
    Client::new(Arc::new(http.token(&token.into()).unwrap()))
}

/// A client that follows, and the number of what it heard last.
struct Following {
    heard: JoinHandle<Heard>,
    number: watch::Receiver<i64>,
}

impl Following {
    async fn has_heard(&mut self, number: i64) {
        let hearing = self.number.wait_for(|heard| *heard >= number);
        tokio::time::timeout(DEADLINE, hearing).await.expect("it is heard").unwrap();
    }
}

/// Follows from the change `after` until the task `last` changes. Whenever the connection ends, and once so `many` events were
/// heard over it, a client that knows nothing but the number goes on.
fn follow(addresses: &watch::Receiver<SocketAddr>, token: &str, after: i64, last: i64, many: usize) -> Following {
    let (addresses, token) = (addresses.clone(), token.to_owned());
    let (tell, number) = watch::channel(after);
    let following = async move {
        let (mut heard, mut after) = (Heard::default(), after);
        loop {
            let address = *addresses.borrow();
            // Nobody is there, or by now somebody else's server: it is tried again at the newest address.
            let Ok(mut events) = client(address, &token).events(Some(after)).await else { continue };
            heard.connections += 1;
            let mut left = many;
            while let Some(Ok(live)) = events.next().await {
                let Live::Change(change) = live else { panic!("{live:?} is not what happened, one by one") };
                after = events.last().unwrap();
                let is_last = change.subject == "task" && change.id == Some(last);
                heard.told.push((after, change));
                tell.send_replace(after);
                if is_last {
                    return heard;
                }
                left -= 1;
                if left == 0 {
                    break;
                }
            }
        }
    };
    let heard = tokio::spawn(async { tokio::time::timeout(DEADLINE, following).await.expect("the last change is heard") });
    Following { heard, number }
}

async fn rename(client: &Client, task: i64, times: usize) {
    for number in 0..times {
        let change = TaskChange { name: Some(format!("Renamed {number}")), parent: None };
        client.tasks().change(task, &change).await.unwrap();
    }
}

/// A sync: two changes, that it began and what it brought.
pub(crate) async fn sync(client: &Client) -> i64 {
    let run = client.runs().start(&StartRun::default()).await.unwrap();
    let ended = client.runs().follow(run.id, |_| {}).await.unwrap().value;
    assert_eq!(ended.outcome, "succeeded", "{ended:?}");
    run.id
}

#[tokio::test(flavor = "multi_thread")] // E6
async fn no_event_is_missed_or_repeated_whoever_is_started_anew_and_however_it_was_changed() {
    let (mut world, workspace) = World::with_workspace(Plan::Starter, "Studio").unwrap();
    let project = world.add_project(workspace, NewProject::named("Website")).unwrap();
    let toggl = Toggl::start(Simulator::with_clock(world, Clock::real())).unwrap();
    let bench = Bench::new();
    let url = toggl.url();
    let start = || block_in_place(|| bench.start_with(&["--toggl-url", &url]));
    let mut server = start();
    let token = block_in_place(|| server.set_up());
    let mut over_http = client(server.address, &token);
    let api_token = toggl.simulator().owner_token().unwrap();
    over_http.integration().enable(&ApiToken { api_token, run: StartRun::default() }).await.unwrap();
    let all = SelectionChange { all: true, ..SelectionChange::default() };
    let run = over_http.integration().select(&all).await.unwrap();
    over_http.runs().follow(run.id, |_| {}).await.unwrap();
    let beside = Local::open(LocalOptions::at(bench.path("tallyport.db"))).await.unwrap();
    let on_the_file = Client::new(beside.acting(None, Some(OLGA.0)).await.unwrap());
    let mut tasks = Vec::new();
    for name in ["By requests", "By another process", "The last one"] {
        tasks.push(over_http.tasks().add(&NewTask { name: name.to_owned(), parent_id: None }).await.unwrap().id);
    }
    let [by_requests, by_another, last] = tasks[..] else { unreachable!("there are three") };

    let mut from_now_on = over_http.events(None).await.unwrap();
    assert_eq!(from_now_on.next().await.unwrap().unwrap(), Live::Ready);
    let begin = from_now_on.last().unwrap();
    let (address, addresses) = watch::channel(server.address);
    let mut steady = follow(&addresses, &token, begin, last, usize::MAX);
    let mut forgetful = follow(&addresses, &token, begin, last, 7);
    let mut runs = Vec::new();
    for round in 0..ROUNDS {
        rename(&over_http, by_requests, BY_REQUESTS).await;
        toggl.simulator().change(|world| world.rename_project(project, format!("Website {round}"))).unwrap();
        runs.push(sync(&over_http).await);
        // The server is told to end, or killed, while another process goes on writing.
        let signal = if round % 2 == 0 { Signal::TERM } else { Signal::KILL };
        let ending = async { block_in_place(|| (server.signal(signal), server.ended())) };
        tokio::join!(rename(&on_the_file, by_another, BESIDE), ending);
        rename(&on_the_file, by_another, BESIDE).await;
        let starting = async { start() };
        server = tokio::join!(rename(&on_the_file, by_another, BESIDE), starting).1;
        over_http = client(server.address, &token);
        address.send_replace(server.address);
        let so_far = begin + i64::try_from((round + 1) * A_ROUND).unwrap();
        tokio::join!(steady.has_heard(so_far), forgetful.has_heard(so_far));
    }
    rename(&over_http, last, 1).await;

    let heard = [steady.heard.await.unwrap(), forgetful.heard.await.unwrap()];
    let afterwards = follow(&addresses, &token, begin, last, usize::MAX).heard.await.unwrap();
    let expected = ROUNDS * A_ROUND + 1;
    let numbers: Vec<i64> = (begin + 1..).take(expected).collect();
    for Heard { told, .. } in &heard {
        assert_eq!(told.iter().map(|(number, _)| *number).collect::<Vec<_>>(), numbers, "each once, in order");
        assert_eq!(told, &afterwards.told, "what is told while it happens is what is told later");
        let about = |subject: &str, id: i64| told.iter().filter(|(_, it)| it.subject == subject && it.id == Some(id)).count();
        assert_eq!(about("task", by_requests), ROUNDS * BY_REQUESTS);
        assert_eq!(about("task", by_another), ROUNDS * 3 * BESIDE);
        assert_eq!(runs.iter().map(|run| about("run", *run)).collect::<Vec<_>>(), [2; ROUNDS]);
    }
    let seen = over_http.tasks().get(by_another).await.unwrap();
    assert_eq!(seen.name, format!("Renamed {}", BESIDE - 1), "what is heard of can be seen");
    let [steady, forgetful] = heard.map(|heard| heard.connections);
    assert!(steady > ROUNDS, "{steady} connections over {ROUNDS} restarts");
    assert!(forgetful >= expected / 7, "{forgetful} connections for {expected} events");
    beside.close().await;
    block_in_place(|| server.stop());
}
