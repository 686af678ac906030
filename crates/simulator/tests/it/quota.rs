use chrono::TimeDelta;
use tallyport_simulator::{Bucket, Plan, QuotaMode, RateLimit};

use crate::support::{get, json, little, text};

fn left(answer: &tallyport_simulator::Answer) -> (i64, i64) {
    let number = |name| answer.header(name).unwrap().parse::<i64>().unwrap();
    (number("X-Toggl-Quota-Remaining"), number("X-Toggl-Quota-Resets-In"))
}

#[test]
fn the_two_buckets_are_counted_apart_and_windows_begin_with_their_first_request() {
    let little = little();
    let workspace = format!("/workspaces/{}/clients", little.workspace);
    assert_eq!(left(&little.get("/me")), (29, 3600));
    little.simulator.clock().advance(TimeDelta::seconds(600));
    assert_eq!(left(&little.get(&workspace)), (239, 3600));
    assert_eq!(left(&little.get("/me")), (28, 3000));
    little.simulator.clock().advance(TimeDelta::seconds(3000));
    assert_eq!(left(&little.get("/me")), (29, 3600));
    assert_eq!(left(&little.get(&workspace)), (238, 600));
}

#[test]
fn a_spent_budget_is_402_with_headers_and_the_sentence_until_the_window_ends() {
    let little = little();
    for _ in 0..30 {
        assert_eq!(little.get("/me").status, 200);
    }
    little.simulator.clock().advance(TimeDelta::milliseconds(500));
    let refused = little.get("/me");
    assert_eq!(refused.status, 402);
    assert_eq!(left(&refused), (0, 3600));
    assert!(text(&refused).starts_with("\"You have hit your hourly limit for API calls. The quota will reset in 3600 seconds."));
    assert_eq!(little.get(&format!("/workspaces/{}", little.workspace)).status, 200);
    little.simulator.clock().advance(TimeDelta::milliseconds(3_599_500));
    assert_eq!(little.get("/me").status, 200);
}

#[test]
fn budgets_belong_to_a_person_and_other_programs_eat_from_them() {
    let little = little();
    little.simulator.consume_quota(little.owner, Bucket::User, 28);
    assert_eq!(left(&little.get("/me")).0, 1);
    assert_eq!(left(&get(&little.simulator, "/me", &little.member_token)).0, 29);
    let second = little.simulator.change(|world| world.issue_token(little.owner)).unwrap();
    assert_eq!(left(&get(&little.simulator, "/me", &second)).0, 0);
}

#[test]
fn the_allowance_follows_the_plan_at_run_time() {
    let little = little();
    let target = format!("/workspaces/{}/clients", little.workspace);
    for (plan, remaining) in [(Plan::Starter, 239), (Plan::Premium, 598), (Plan::Enterprise, 5_997), (Plan::Free, 26)] {
        little.simulator.change(|world| world.change_plan(little.organization, plan)).unwrap();
        assert_eq!(left(&little.get(&target)).0, remaining);
    }
}

#[test]
fn a_quota_that_is_only_counted_goes_below_zero() {
    let little = little();
    little.simulator.switch(|switches| switches.quota = QuotaMode::Counted);
    little.simulator.consume_quota(little.owner, Bucket::User, 33);
    assert_eq!(left(&little.get("/me")).0, -4);
    let quota = json(&little.get("/me/quota"));
    assert_eq!(quota[0]["organization_id"], serde_json::Value::Null);
    assert_eq!(quota[0]["remaining"], -5);
    assert_eq!(quota[1]["organization_id"], little.organization);
    assert_eq!((&quota[1]["remaining"], &quota[1]["total"]), (&240.into(), &240.into()));
}

#[test]
fn refused_requests_count_only_by_switch_and_headers_go_by_switch() {
    let little = little();
    little.simulator.switch(|switches| {
        switches.quota_counts_refused = true;
        switches.user_quota = 1;
    });
    little.get("/me");
    little.get("/me");
    little.simulator.switch(|switches| switches.user_quota = 3);
    assert_eq!(left(&little.get("/me")).0, 0);
    little.simulator.switch(|switches| switches.quota_headers = false);
    assert_eq!(little.get("/me").header("X-Toggl-Quota-Remaining"), None);
}

#[test]
fn tasks_on_a_free_plan_are_402_without_quota_headers_unless_switched() {
    let little = little();
    little.simulator.change(|world| world.change_plan(little.organization, Plan::Free)).unwrap();
    let target = format!("/workspaces/{}/tasks", little.workspace);
    let refused = little.get(&target);
    assert_eq!(refused.status, 402);
    assert_eq!(refused.header("X-Toggl-Quota-Remaining"), None);
    assert!(!text(&refused).contains("hourly"));
    little.simulator.switch(|switches| switches.plan_refusal_shows_quota = true);
    assert_eq!(left(&little.get(&target)).0, 28);
    let workspace = &json(&little.get("/me/workspaces"))[0];
    assert_eq!((&workspace["premium"], &workspace["business_ws"]), (&false.into(), &false.into()));
    little.simulator.change(|world| world.change_plan(little.organization, Plan::Starter)).unwrap();
    assert_eq!(little.get(&target).status, 200);
}

#[test]
fn a_full_leaky_bucket_is_429_in_html_and_drains_with_the_clock() {
    let little = little();
    little.simulator.switch(|switches| switches.rate_limit = Some(RateLimit { burst: 2.0, per_second: 1.0 }));
    assert_eq!([little.get("/me").status, little.get("/me").status], [200, 200]);
    let refused = little.get("/me");
    assert_eq!(refused.status, 429);
    assert!(text(&refused).starts_with("<html>"));
    assert_eq!(refused.header("Retry-After"), None);
    assert_eq!(get(&little.simulator, "/me", &little.member_token).status, 200);
    little.simulator.clock().advance(TimeDelta::seconds(1));
    assert_eq!([little.get("/me").status, little.get("/me").status], [200, 429]);
    little.simulator.switch(|switches| switches.retry_after = Some("60".to_owned()));
    assert_eq!(little.get("/me").header("Retry-After"), Some("60"));
}
