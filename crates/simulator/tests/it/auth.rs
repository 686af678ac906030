use tallyport_simulator::secrets;

use crate::support::{ask, basic, get, json, little, text};

#[test]
fn without_credentials_the_answer_is_401_with_an_empty_body_and_a_header() {
    let little = little();
    let answer = ask(&little.simulator, "GET", "/api/v9/me", &[], "");
    assert_eq!(answer.status, 401);
    assert!(answer.body.is_empty());
    assert_eq!(answer.header("x-authorization-missing"), Some("true"));
    assert_eq!(answer.header("content-type"), None);
}

#[test]
fn a_wrong_token_is_403_in_plain_text_or_401_by_switch() {
    let little = little();
    let wrong = "0123456789abcdef0123456789abcdef";
    let answer = get(&little.simulator, "/me", wrong);
    assert_eq!(answer.status, 403);
    assert_eq!(text(&answer), "Incorrect username and/or password");
    assert_eq!(answer.header("X-Remaining-Login-Attempts"), Some("9"));

    little.simulator.switch(|switches| switches.wrong_token_status = 401);
    assert_eq!(get(&little.simulator, "/me", wrong).status, 401);
}

#[test]
fn anything_but_the_token_as_the_name_and_api_token_as_the_password_is_refused() {
    let little = little();
    for credentials in [format!("Bearer {}", little.token), "Basic !!!".to_owned(), "Basic".to_owned(), "Basic YTpi".to_owned()] {
        let answer = ask(&little.simulator, "GET", "/api/v9/me", &[("authorization", &credentials)], "");
        assert_eq!(answer.status, 403, "{credentials}");
    }
}

#[test]
fn a_revoked_token_is_refused_and_a_new_one_accepted() {
    let little = little();
    assert_eq!(little.get("/me").status, 200);
    little.simulator.change(|world| world.revoke_token(&little.token));
    assert_eq!(little.get("/me").status, 403);
    let fresh = little.simulator.change(|world| world.issue_token(little.owner)).unwrap();
    assert_eq!(get(&little.simulator, "/me", &fresh).status, 200);
}

#[test]
fn logged_answers_nothing_with_200() {
    let answer = little().get("/me/logged");
    assert_eq!((answer.status, answer.body.len()), (200, 0));
}

#[test]
fn me_tells_the_clock_and_the_token_that_asked() {
    let little = little();
    let me = json(&little.get("/me"));
    assert_eq!(me["at"], "2026-11-26T14:06:00Z");
    assert_eq!(me["api_token"], little.token.as_str());
    little.simulator.clock().advance(chrono::TimeDelta::microseconds(1_500_000));
    assert_eq!(json(&little.get("/me"))["at"], "2026-11-26T14:06:01.5Z");
}

#[test]
fn every_secret_field_holds_a_marker() {
    let little = little();
    let invited = little.simulator.change(|world| world.add_user("Siobhán O’Connell", "siobhan@nordlicht.example"));
    let invite = |world: &mut tallyport_simulator::World| {
        world.invite_member(little.workspace, invited, tallyport_simulator::Role::Member)
    };
    little.simulator.change(invite).unwrap();
    let everything = ["/me".to_owned(), "/me/workspaces".to_owned(), format!("/workspaces/{}/workspace_users", little.workspace)]
        .iter()
        .map(|target| text(&little.get(target)))
        .collect::<String>();
    for marker in secrets::ALL {
        assert!(everything.contains(marker), "{marker} is nowhere");
    }
}

#[test]
fn the_log_masks_the_token_and_writing_is_counted_and_refused() {
    let little = little();
    let authorization = basic(&little.token);
    let target = format!("/api/v9/workspaces/{}/clients?status=both", little.workspace);
    assert_eq!(little.simulator.requests_that_write(), 0);
    let headers = [("authorization", authorization.as_str()), ("user-agent", "tests/1")];
    assert_eq!(ask(&little.simulator, "POST", &target, &headers, "{}").status, 405);
    assert_eq!(ask(&little.simulator, "GET", &target, &headers, "").status, 200);

    let log = little.simulator.requests();
    assert_eq!(log.len(), 2);
    assert_eq!(log[0].method, "POST");
    assert_eq!(log[0].status, 405);
    assert_eq!(log[1].target(), format!("/workspaces/{}/clients?status=both", little.workspace));
    assert_eq!(log[1].user_agent.as_deref(), Some("tests/1"));
    let told = serde_json::to_string(&log).unwrap();
    assert!(!told.contains(&little.token));
    assert!(told.contains(&little.token[..4]));
    assert_eq!(little.simulator.requests_that_write(), 1); // I18
}
