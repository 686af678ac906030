//! Toggl's limits are kept to, and what is waited for is told (I19).

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use tallyport_domain::{Clock as _, Impatient, Part, Parts, Quota, ReadProgress, ReadRequest, Source, SourceError, WaitFor};
use tallyport_simulator::{Bucket, Plan, RateLimit, Size, World};
use tallyport_toggl::Config;

use crate::support::{
    Account, Canned, Listener, Simulated, TOKEN, TestClock, config, content, json, reply, request, serve, toggl, toggl_with,
};

fn paced(server: &Canned, clock: &Arc<TestClock>) -> tallyport_toggl::Toggl {
    toggl_with(Config { requests_per_second: Some(1.0), ..config(&server.url) }, TOKEN, clock)
}

fn is_clients(path: &str) -> bool {
    path.ends_with("/clients")
}

#[tokio::test] // I19
async fn requests_are_a_second_apart_and_nobody_is_bothered_with_that() {
    let server = serve(Account::new(), |_, _| None).await;
    let clock = TestClock::new();
    let began = clock.now();
    let toggl = paced(&server, &clock);
    let listener = Listener::patient(&clock);
    toggl.read(request(), &listener).await.unwrap();
    toggl.identify().await.unwrap();
    assert_eq!(clock.now() - began, TimeDelta::seconds(5), "six requests, the first at once");
    assert!(listener.waited().is_empty());
}

#[tokio::test] // I19
async fn a_slower_pace_is_a_wait_like_any_other() {
    let server = serve(Account::new(), |_, _| None).await;
    let clock = TestClock::new();
    let toggl = toggl_with(Config { requests_per_second: Some(0.1), ..config(&server.url) }, TOKEN, &clock);
    let listener = Listener::impatient(&clock);
    let error = toggl.read(request(), &listener).await.unwrap_err();
    assert_eq!(error, SourceError::RateLimited { endpoint: "GET /workspaces/11/clients".to_owned() });
    assert_eq!((listener.waited()[0].why, listener.waited()[0].seconds()), (WaitFor::Rate, 10));
}

#[tokio::test] // I19
async fn too_many_requests_are_followed_by_one_two_and_five_minutes_and_then_by_giving_up() {
    let server =
        serve(Account::new(), |request, _| is_clients(request.path()).then(|| reply(429, &[], "<html>slow down</html>"))).await;
    let clock = TestClock::new();
    let listener = Listener::patient(&clock);
    let error = toggl(&server.url, &clock).read(request(), &listener).await.unwrap_err();
    assert_eq!(error, SourceError::RateLimited { endpoint: "GET /workspaces/11/clients".to_owned() });
    let waited: Vec<_> = listener.waited().iter().map(|waited| (waited.why, waited.seconds())).collect();
    assert_eq!(waited, [(WaitFor::Rate, 60), (WaitFor::Rate, 120), (WaitFor::Rate, 300)]);
    assert_eq!(listener.last().requests, 5);
}

#[tokio::test] // I19
async fn retry_after_is_honoured_within_reason() {
    let cases = [(None, 60), (Some("0"), 1), (Some("-1"), 1), (Some("90"), 90), (Some("1000000000"), 900)];
    let date = ("Fri, 27 Nov 2026 12:05:00 GMT", 300);
    for (header, seconds) in cases.into_iter().chain([(Some(date.0), date.1)]) {
        let server = serve(Account::new(), move |request, before| {
            let headers: Vec<_> = header.iter().map(|value| ("retry-after", *value)).collect();
            (is_clients(request.path()) && before == 0).then(|| reply(429, &headers, ""))
        })
        .await;
        let clock = TestClock::new();
        let began = clock.now();
        toggl(&server.url, &clock).read(request(), &Listener::patient(&clock)).await.unwrap();
        assert_eq!((clock.now() - began).num_seconds(), seconds, "{header:?}");
    }
}

#[tokio::test] // I19
async fn who_does_not_wait_is_told_until_when_it_would_have_been() {
    let server = serve(Account::new(), |request, _| is_clients(request.path()).then(|| reply(429, &[], ""))).await;
    let clock = TestClock::new();
    let error = toggl(&server.url, &clock).read(request(), &Listener::impatient(&clock)).await.unwrap_err();
    assert!(matches!(error, SourceError::RateLimited { .. }));

    let spent = [("x-toggl-quota-remaining", "0"), ("x-toggl-quota-resets-in", "600")];
    let server =
        serve(Account::new(), move |request, _| is_clients(request.path()).then(|| reply(402, &spent, "\"spent\""))).await;
    let clock = TestClock::new();
    let listener = Listener::impatient(&clock);
    let error = toggl(&server.url, &clock).read(request(), &listener).await.unwrap_err();
    let until = clock.now() + TimeDelta::seconds(601);
    assert_eq!(error, SourceError::QuotaSpent { until });
    assert_eq!((listener.waited()[0].why, listener.waited()[0].until), (WaitFor::Quota, until));
}

#[tokio::test] // I19
async fn only_the_reserve_is_left_to_the_owners_other_apps() {
    let size = Size { workspaces: 1, projects: 5, tasks: 5, members: 3, plan: Plan::Starter, ..Size::default() };
    let simulated = Simulated::of(World::generate(3, &size));
    let simulator = simulated.simulator();
    let (user, organization) =
        simulator.read(|world| (world.users().next().unwrap().id, world.organizations().next().unwrap().id));
    // Of 240 requests another app used all but five: two can be sent, three stay.
    simulator.consume_quota(user, Bucket::Organization(organization), 235);
    let began = simulated.clock.now();
    let listener = Listener::patient(&simulated.clock);
    simulated.toggl.read(request(), &listener).await.unwrap();

    assert_eq!(listener.waited().len(), 1, "{:?}", listener.waited());
    let waited = listener.waited()[0];
    assert_eq!((waited.why, waited.until), (WaitFor::Quota, began + TimeDelta::seconds(3601)));
    let before = simulator.requests().iter().filter(|request| request.at < waited.until).count();
    assert_eq!(before, 1 + 2);
    assert!(simulator.requests().iter().all(|request| request.status == 200), "never refused");
    let told: Vec<i64> = listener.told().iter().filter_map(|told| Some(told.quota?.remaining)).collect();
    assert!(told.contains(&3), "{told:?}");
}

#[tokio::test] // I19
async fn each_bucket_has_an_allowance_of_its_own() {
    let size = Size { organizations: 2, workspaces: 2, projects: 4, tasks: 4, members: 0, plan: Plan::Free, ..Size::default() };
    let simulated = Simulated::of(World::generate(4, &size));
    let simulator = simulated.simulator();
    let user = simulator.read(|world| world.users().next().unwrap().id);
    // The bucket of `/me` has just one request to spare; organizations are not held up by that.
    simulator.consume_quota(user, Bucket::User, 26);
    let listener = Listener::patient(&simulated.clock);
    simulated.toggl.read(request(), &listener).await.unwrap();
    assert!(listener.waited().is_empty());
    // Nor does a look at who it is go past the reserve, or wait for it.
    let Err(SourceError::QuotaSpent { until }) = simulated.toggl.identify().await else { panic!() };
    assert_eq!(until, simulated.clock.now() + TimeDelta::seconds(3601));
    assert_eq!(simulator.requests().iter().filter(|request| request.path == "/me").count(), 0);
}

#[tokio::test] // I19
async fn a_spent_quota_without_headers_is_known_by_its_sentence() {
    let body = "You have hit your hourly limit for API calls. Your quota will reset in 1838 seconds.";
    let server =
        serve(Account::new(), move |request, before| (is_clients(request.path()) && before == 0).then(|| reply(402, &[], body)))
            .await;
    let clock = TestClock::new();
    let listener = Listener::patient(&clock);
    toggl(&server.url, &clock).read(request(), &listener).await.unwrap();
    assert_eq!((listener.waited()[0].why, listener.waited()[0].seconds()), (WaitFor::Quota, 1839));
}

#[tokio::test] // I19
async fn a_quota_that_never_comes_back_ends_the_reading() {
    let spent = [("x-toggl-quota-remaining", "0"), ("x-toggl-quota-resets-in", "0")];
    let server = serve(Account::new(), move |request, _| is_clients(request.path()).then(|| reply(402, &spent, ""))).await;
    let clock = TestClock::new();
    let error = toggl(&server.url, &clock).read(request(), &Listener::patient(&clock)).await.unwrap_err();
    assert!(matches!(error, SourceError::QuotaSpent { .. }));
    assert_eq!(server.requests().len(), 1 + 6);
}

#[tokio::test] // I19
async fn a_quota_below_zero_is_counted_and_not_enforced() {
    let body = r#"[{"id":31,"wid":11,"name":"Big Client"}]"#;
    let headers = [("x-toggl-quota-remaining", "-12"), ("x-toggl-quota-resets-in", "900")];
    let server = serve(Account::new(), move |request, _| is_clients(request.path()).then(|| reply(200, &headers, body))).await;
    let clock = TestClock::new();
    let listener = Listener::patient(&clock);
    let reading = toggl(&server.url, &clock).read(request(), &listener).await.unwrap();
    assert_eq!(content(&reading).clients.len(), 1);
    assert!(listener.waited().is_empty());
    let quota = Quota { remaining: -12, resets_at: clock.now() + TimeDelta::seconds(900) };
    assert_eq!(listener.last().quota, Some(quota));
}

#[tokio::test] // I19
async fn the_safe_pace_is_never_too_fast_for_a_leaky_bucket() {
    let size = Size { workspaces: 2, projects: 450, tasks: 450, members: 4, plan: Plan::Premium, ..Size::default() };
    let simulated = Simulated::of(World::generate(6, &size));
    simulated.simulator().switch(|switches| switches.rate_limit = Some(RateLimit { burst: 1.0, per_second: 1.0 }));
    let token = simulated.simulator().owner_token().unwrap();
    let toggl = toggl_with(Config { requests_per_second: Some(1.0), ..config(&simulated.url()) }, &token, &simulated.clock);
    toggl.read(request(), &Listener::patient(&simulated.clock)).await.unwrap();
    assert!(simulated.simulator().requests().iter().all(|request| request.status == 200));
    // And where somebody else of that token is faster, the pauses get everything through in the end.
    simulated.read().await.unwrap();
    assert!(simulated.simulator().requests().iter().any(|request| request.status == 429));
}

#[tokio::test] // I19
async fn overload_is_tried_three_times_more_within_two_seconds_on_this_machine() {
    for status in [500, 502, 503, 504] {
        let server = serve(Account::new(), move |request, before| {
            (is_clients(request.path()) && before < 3).then(|| reply(status, &[("retry-after", "600")], "<html>"))
        })
        .await;
        let clock = TestClock::new();
        let began = clock.now();
        let listener = Listener::impatient(&clock);
        toggl(&server.url, &clock).read(request(), &listener).await.unwrap();
        assert_eq!(listener.last().requests, 5 + 3);
        assert!(clock.now() > began && clock.now() - began < TimeDelta::seconds(2));
    }
}

#[tokio::test] // I19
async fn a_longer_pause_before_trying_again_is_asked_for() {
    let server = serve(Account::new(), |request, _| is_clients(request.path()).then(|| reply(503, &[], "\"busy\""))).await;
    let clock = TestClock::new();
    let slow = Config { retry_base: Some(std::time::Duration::from_secs(2)), ..config(&server.url) };
    let listener = Listener::patient(&clock);
    let error = toggl_with(slow.clone(), TOKEN, &clock).read(request(), &listener).await.unwrap_err();
    let SourceError::Unreachable { endpoint, detail } = error else { panic!("{error:?}") };
    assert_eq!((endpoint.as_str(), detail.as_str()), ("GET /workspaces/11/clients", "status 503: busy"));
    let waited: Vec<_> = listener.waited().iter().map(|waited| (waited.why, waited.seconds())).collect();
    assert_eq!(waited, [(WaitFor::Retry, 2), (WaitFor::Retry, 6), (WaitFor::Retry, 18)]);

    let listener = Listener::impatient(&clock);
    let error = toggl_with(slow, TOKEN, &clock).read(ReadRequest::default(), &listener).await.unwrap_err();
    assert!(matches!(error, SourceError::Unreachable { .. }));
    assert_eq!(listener.waited().len(), 1);
}

#[tokio::test] // I19
async fn a_clock_that_is_set_back_holds_nothing_up_for_long() {
    let server = Canned::serve(move |request, _| {
        let left = [("x-toggl-quota-remaining", "1"), ("x-toggl-quota-resets-in", "3600")];
        if request.path() == "/me" { reply(200, &left, r#"{"id":1}"#) } else { json("[]") }
    })
    .await;
    let clock = TestClock::new();
    let toggl = paced(&server, &clock);
    toggl.identify().await.unwrap();
    assert!(matches!(toggl.identify().await, Err(SourceError::QuotaSpent { .. })));
    let long_ago: DateTime<Utc> = "2025-01-01T00:00:00Z".parse().unwrap();
    clock.set(long_ago);
    toggl.identify().await.unwrap();
    assert_eq!(clock.now(), long_ago);
}

/// Says that it is late enough, at once, and lets no time pass.
#[derive(Default)]
struct Liar(AtomicUsize);

#[async_trait]
impl Parts for Liar {
    async fn keep(&self, _: Part) {}

    fn progress(&self, _: ReadProgress) {}

    async fn wait(&self, _: DateTime<Utc>, _: WaitFor) -> Result<(), Impatient> {
        assert!(self.0.fetch_add(1, Ordering::Relaxed) < 100, "it spins");
        Ok(())
    }
}

#[tokio::test] // I19
async fn a_wait_that_ends_too_soon_costs_a_request_and_no_endless_loop() {
    let left = [("x-toggl-quota-remaining", "2"), ("x-toggl-quota-resets-in", "600")];
    let body = r#"[{"id":31,"wid":11,"name":"Big Client"}]"#;
    let server = serve(Account::new(), move |request, _| is_clients(request.path()).then(|| reply(200, &left, body))).await;
    let liar = Liar::default();
    toggl(&server.url, &TestClock::new()).read(request(), &liar).await.unwrap();
    assert_eq!((liar.0.load(Ordering::Relaxed), server.requests().len()), (1, 5));
}
