//! What was read before a spent quota is not read again, and nothing that does not fit is used (I19).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::TimeDelta;
use tallyport_domain::{Clock as _, ExternalId, Kind, Part, ReadRequest, Reading, Source, SourceError};

use crate::support::{
    Account, Answer, Canned, Listener, Request, TOKEN, TestClock, config, content, reply, serve, task, toggl, toggl_with,
};

const SPENT: [(&str, &str); 2] = [("x-toggl-quota-remaining", "0"), ("x-toggl-quota-resets-in", "600")];

fn account() -> Account {
    Account::new().with_projects(250).with_tasks(450)
}

/// A server whose quota is spent at the first request of which `stop` is true, and full again after that.
async fn cut(account: Account, stop: impl Fn(&Request) -> bool + Send + Sync + 'static) -> Canned {
    serve(account, move |request, before| (before == 0 && stop(request)).then(|| reply(402, &SPENT, ""))).await
}

fn page_of(list: &'static str, page: usize) -> impl Fn(&Request) -> bool + Send + Sync {
    move |request| request.path().ends_with(list) && request.page() == page
}

/// Reads until the quota is spent, and gives what was kept.
async fn first_half(server: &Canned, clock: &Arc<TestClock>) -> Vec<Part> {
    let listener = Listener::impatient(clock);
    let error = toggl(&server.url, clock).read(ReadRequest::default(), &listener).await.unwrap_err();
    assert!(matches!(error, SourceError::QuotaSpent { .. }), "{error:?}");
    listener.kept()
}

fn going_on(kept: Vec<Part>) -> ReadRequest {
    ReadRequest { kept, ..ReadRequest::default() }
}

async fn second_half(server: &Canned, clock: &Arc<TestClock>, kept: Vec<Part>) -> (Reading, Vec<String>) {
    let before = server.requests().len();
    let reading = toggl(&server.url, clock).read(going_on(kept), &Listener::patient(clock)).await.unwrap();
    (reading, server.targets().split_off(before))
}

async fn uncut(account: Account) -> Reading {
    crate::support::read(&serve(account, |_, _| None).await).await.unwrap()
}

#[tokio::test] // I19
async fn a_list_with_a_total_goes_on_at_the_missing_page() {
    let clock = TestClock::new();
    let server = cut(account(), page_of("/tasks", 3)).await;
    let kept = first_half(&server, &clock).await;
    let lists: Vec<_> = kept.iter().map(|part| (part.list.as_str(), part.page)).collect();
    assert_eq!(lists, [("11/clients", 1), ("11/projects", 1), ("11/projects", 2), ("11/tasks", 1), ("11/tasks", 2)]);
    assert!(kept.iter().all(|part| part.read_at == clock.now()));

    let (reading, asked) = second_half(&server, &clock, kept).await;
    assert_eq!(
        asked,
        [
            "/me/workspaces",
            "/workspaces/11/tasks?active=both&sort_field=created_at&per_page=200&page=3",
            "/organizations/22/workspaces/11/workspace_users?per_page=200&page=1",
        ]
    );
    assert_eq!(reading, uncut(account()).await);
}

#[tokio::test] // I19
async fn a_list_without_a_total_is_resumed_only_whole() {
    let clock = TestClock::new();
    let server = cut(account(), page_of("/projects", 2)).await;
    let kept = first_half(&server, &clock).await;
    assert_eq!(kept.last().map(|part| (part.list.as_str(), part.page)), Some(("11/projects", 1)));
    let (reading, asked) = second_half(&server, &clock, kept).await;
    assert_eq!(asked[1], "/workspaces/11/projects?active=both&per_page=200&page=1");
    assert_eq!(reading, uncut(account()).await);
}

#[tokio::test] // I19, I20
async fn a_page_that_was_kept_and_comes_again_under_the_next_number_means_that_the_list_changed() {
    let clock = TestClock::new();
    let mut later = account();
    later.tasks.splice(0..0, (1..=200).map(|number| task(4000 + number, &format!("Imported {number}"))));
    let (expected, changed) = (uncut(later.clone()).await, Arc::new(AtomicBool::new(false)));
    let now_changed = Arc::clone(&changed);
    let spent = page_of("/tasks", 3);
    let server = serve(account(), move |request, _| {
        if changed.load(Ordering::SeqCst) {
            return Some(later.answer(request));
        }
        spent(request).then(|| reply(402, &SPENT, ""))
    })
    .await;
    let kept = first_half(&server, &clock).await;
    now_changed.store(true, Ordering::SeqCst);
    let (reading, _) = second_half(&server, &clock, kept).await;
    assert_eq!(reading, expected);
}

#[tokio::test] // I19
async fn wherever_the_quota_ends_the_reading_is_the_same_and_no_page_is_asked_for_twice_over() {
    let whole = uncut(account()).await;
    let requests = {
        let server = serve(account(), |_, _| None).await;
        crate::support::read(&server).await.unwrap();
        server.targets()
    };
    for target in requests.clone() {
        let clock = TestClock::new();
        let stop = target.clone();
        let server = cut(account(), move |request| request.target == stop).await;
        let kept = first_half(&server, &clock).await;
        clock.set(clock.now() + TimeDelta::minutes(11));
        let (reading, asked) = second_half(&server, &clock, kept).await;
        assert_eq!(reading, whole, "{target}");
        let left = requests.iter().skip_while(|request| **request != target).count();
        // The workspaces are asked for anew, and half a list without totals is read from its start.
        assert!(asked.len() <= left + 2, "{target}: {asked:#?}");
    }
}

#[tokio::test] // I19
async fn pages_that_served_are_kept_again_for_a_third_reading() {
    let clock = TestClock::new();
    let server = cut(account(), page_of("/tasks", 3)).await;
    let kept = first_half(&server, &clock).await;
    let listener = Listener::patient(&clock);
    toggl(&server.url, &clock).read(going_on(kept.clone()), &listener).await.unwrap();
    for part in &kept {
        assert!(listener.kept().contains(part), "{} {}", part.list, part.page);
    }
}

/// Reads on with parts that were tampered with, and says how many requests it took.
async fn requests_with(change: impl Fn(&mut Vec<Part>)) -> usize {
    let clock = TestClock::new();
    let server = cut(account(), page_of("/workspace_users", 1)).await;
    let mut kept = first_half(&server, &clock).await;
    change(&mut kept);
    let (reading, asked) = second_half(&server, &clock, kept).await;
    assert_eq!(reading, uncut(account()).await);
    asked.len()
}

#[tokio::test] // I19
async fn parts_that_are_damaged_or_foreign_are_ignored() {
    const ALL: usize = 1 + 1 + 2 + 3 + 1;
    assert_eq!(requests_with(|_| {}).await, 2);
    for place in [0, 1, 16, 17, 30, 1000] {
        let flipped = requests_with(|kept| {
            for part in kept {
                let place = place % part.bytes.len();
                part.bytes[place] ^= 0x20;
            }
        });
        assert_eq!(flipped.await, ALL, "byte {place}");
    }
    assert_eq!(requests_with(|kept| kept.iter_mut().for_each(|part| part.bytes.truncate(20))).await, ALL);
    assert_eq!(requests_with(|kept| kept.iter_mut().for_each(|part| part.bytes.clear())).await, ALL);
    assert_eq!(requests_with(|kept| kept.iter_mut().for_each(|part| part.bytes[0] = 9)).await, ALL);
    // Of one page less: that list only.
    assert_eq!(requests_with(|kept| kept.retain(|part| part.list != "11/clients")).await, 3);
    assert_eq!(requests_with(|kept| kept.retain(|part| (part.list.as_str(), part.page) != ("11/tasks", 1))).await, 5);
    assert_eq!(requests_with(|kept| kept.retain(|part| (part.list.as_str(), part.page) != ("11/tasks", 3))).await, 3);
    // A page under another's number, or another workspace's.
    let swapped = |kept: &mut Vec<Part>| {
        for part in kept.iter_mut().filter(|part| part.list == "11/tasks") {
            part.page = 4 - part.page;
        }
    };
    assert_eq!(requests_with(swapped).await, 5);
    let elsewhere = |kept: &mut Vec<Part>| kept.iter_mut().for_each(|part| part.list = part.list.replace("clients", "projects"));
    assert_eq!(requests_with(elsewhere).await, 3);
}

#[tokio::test] // I19
async fn parts_of_another_token_are_ignored() {
    let clock = TestClock::new();
    let server = cut(account(), page_of("/workspace_users", 1)).await;
    let kept = first_half(&server, &clock).await;
    let before = server.requests().len();
    let other = toggl_with(config(&server.url), "fedcba9876543210fedcba9876543210", &clock);
    other.read(going_on(kept), &Listener::patient(&clock)).await.unwrap();
    assert_eq!(server.requests().len() - before, 8);
}

#[tokio::test] // I19
async fn parts_of_an_administrator_do_not_serve_a_plain_member() {
    let clock = TestClock::new();
    let server = serve(account(), |request, before| {
        let mut demoted = account();
        (demoted.workspaces[0]["admin"], demoted.workspaces[0]["role"]) = (false.into(), "member".into());
        match request.path() {
            "/me/workspaces" if before > 0 => Some(demoted.answer(request)),
            path if path.ends_with("/workspace_users") && before == 0 => Some(reply(402, &SPENT, "")),
            _ => None,
        }
    })
    .await;
    let kept = first_half(&server, &clock).await;
    let (_, asked) = second_half(&server, &clock, kept).await;
    assert_eq!(asked.len(), 8, "{asked:#?}");
}

#[tokio::test] // I19
async fn parts_are_kept_for_the_windows_that_the_price_needs_and_one_more() {
    // Eight requests of the 237 that a paid hour allows: one window, and one more.
    for (age, used) in [(TimeDelta::minutes(119), true), (TimeDelta::minutes(121), false), (TimeDelta::minutes(-10), false)] {
        let clock = TestClock::new();
        let server = cut(account(), page_of("/workspace_users", 1)).await;
        let kept = first_half(&server, &clock).await;
        clock.set(clock.now() + age);
        let (_, asked) = second_half(&server, &clock, kept).await;
        assert_eq!(asked.len(), if used { 2 } else { 8 }, "{age}");
    }
    // A tree that is known to take 300 requests: two windows, and one more.
    for (age, used) in [(TimeDelta::minutes(179), true), (TimeDelta::minutes(181), false)] {
        let clock = TestClock::new();
        let server = cut(account(), page_of("/workspace_users", 1)).await;
        let kept = first_half(&server, &clock).await;
        clock.set(clock.now() + age);
        let mut request = going_on(kept);
        for id in 0..300 * 200 {
            request.known.insert(ExternalId(11), Kind::Task, ExternalId(5001 + id % 450));
        }
        let before = server.requests().len();
        toggl(&server.url, &clock).read(request, &Listener::patient(&clock)).await.unwrap();
        assert_eq!(server.requests().len() - before, if used { 2 } else { 8 }, "{age}");
    }
}

#[tokio::test] // I19, I20
async fn a_total_that_changed_meanwhile_means_reading_the_list_anew() {
    let clock = TestClock::new();
    let server = serve(account(), |request, before| {
        let grown = Account::new().with_projects(250).with_tasks(451);
        match (request.path(), request.page()) {
            ("/workspaces/11/tasks", 3) if before == 0 => Some(reply(402, &SPENT, "")),
            ("/workspaces/11/tasks", page) if before > 0 || page == 3 => Some(grown.answer(request)),
            _ => None,
        }
    })
    .await;
    let kept = first_half(&server, &clock).await;
    let (reading, asked) = second_half(&server, &clock, kept).await;
    assert_eq!(content(&reading).tasks.as_ref().unwrap().len(), 451);
    assert_eq!(asked.iter().filter(|target| target.contains("/tasks")).count(), 1 + 3);
}

#[tokio::test] // I19, I20
async fn pages_of_two_times_do_not_prove_that_something_is_gone() {
    // Meanwhile one task of the first page went and another came: the total is the same, and a row slipped between the pages.
    let mut moved = account();
    moved.tasks.remove(0);
    moved.tasks.push(task(9999, "New"));
    let clock = TestClock::new();
    let server = serve(account(), move |request, before| match (request.path(), request.page()) {
        ("/workspaces/11/tasks", 2) if before == 0 => Some(reply(402, &SPENT, "")),
        ("/workspaces/11/tasks", page) if before > 0 || page > 1 => Some(moved.answer(request)),
        _ => None,
    })
    .await;
    let kept = first_half(&server, &clock).await;
    let mut request = going_on(kept);
    for id in 5001..=5450 {
        request.known.insert(ExternalId(11), Kind::Task, ExternalId(id));
    }
    let reading = toggl(&server.url, &clock).read(request, &Listener::patient(&clock)).await.unwrap();
    let tasks = content(&reading).tasks.as_ref().unwrap();
    assert!(tasks.iter().any(|task| task.id.0 == 5201), "the one that slipped");
    assert!(reading.proof.lists.iter().any(|list| list.list == "tasks" && list.read_twice));
}

#[tokio::test] // I19
async fn a_reading_can_be_dropped_at_any_wait_and_begun_again() {
    let server =
        serve(account(), |request, before| (before == 0 && page_of("/tasks", 1)(request)).then(|| Answer::Stall(Vec::new())))
            .await;
    let clock = TestClock::new();
    let toggl = toggl(&server.url, &clock);
    let listener = Listener::patient(&clock);
    {
        let reading = toggl.read(ReadRequest::default(), &listener);
        let stalled = async {
            while !server.targets().iter().any(|target| target.contains("/tasks")) {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            _ = reading => panic!("the server stalls"),
            () = stalled => {}
        }
    }
    let kept = listener.kept();
    assert_eq!(kept.len(), 3);
    let reading = toggl.read(going_on(kept), &listener).await.unwrap();
    assert_eq!(reading, uncut(account()).await);
    assert!(!format!("{:?}", listener.kept()).contains(TOKEN));
}
