use insta::assert_json_snapshot;

use crate::support::{json, keys, little, rows, text};

#[test]
fn each_endpoint_of_the_structure_has_its_shape() {
    let little = little();
    let (workspace, organization) = (little.workspace, little.organization);
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.bind(|| {
        for (name, target) in [
            ("me", "/me".to_owned()),
            ("me_with_related_data", "/me?with_related_data=true".to_owned()),
            ("me_workspaces", "/me/workspaces".to_owned()),
            ("me_organizations", "/me/organizations".to_owned()),
            ("me_quota", "/me/quota".to_owned()),
            ("me_features", "/me/features".to_owned()),
            ("workspace", format!("/workspaces/{workspace}")),
            ("organization", format!("/organizations/{organization}")),
            ("clients", format!("/workspaces/{workspace}/clients?status=both")),
            ("projects", format!("/workspaces/{workspace}/projects?active=both&per_page=200")),
            ("tasks", format!("/workspaces/{workspace}/tasks?active=both&per_page=200&sort_field=created_at")),
            ("tasks_of_project", format!("/workspaces/{workspace}/projects/{}/tasks", little.project)),
            ("users", format!("/workspaces/{workspace}/users")),
            ("workspace_users", format!("/workspaces/{workspace}/workspace_users?includeIndirect=true")),
            ("organization_workspace_users", format!("/organizations/{organization}/workspaces/{workspace}/workspace_users")),
            ("organization_users", format!("/organizations/{organization}/users")),
            ("tags", format!("/workspaces/{workspace}/tags")),
        ] {
            assert_json_snapshot!(name, json(&little.get(&target)));
        }
    });
}

/// The keys as they were recorded of the real API, in alphabetical order.
fn recorded(text: &str) -> Vec<String> {
    let mut keys: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
    keys.sort();
    keys
}

#[test]
fn clients_projects_tags_and_workspaces_have_the_recorded_keys() {
    let little = little();
    let with = json(&little.get("/me?with_related_data=true"));
    assert_eq!(keys(&with["clients"][0]), recorded("id wid archived name at creator_id"));
    assert_eq!(keys(&with["tags"][0]), recorded("id workspace_id name at creator_id"));
    let project = "id workspace_id client_id name is_private active at created_at server_deleted_at color billable template \
                   auto_estimates estimated_hours estimated_seconds rate rate_last_updated currency recurring template_id \
                   recurring_parameters fixed_fee actual_hours actual_seconds tasks_count can_track_time start_date status wid \
                   cid is_shared pinned";
    assert_eq!(keys(&with["projects"][0]), recorded(project));
    assert_eq!(keys(&rows(&little.list("/projects"))[0]), recorded(project));
    let workspace = "id organization_id name premium business_ws admin role suspended_at server_deleted_at default_hourly_rate \
                     rate_last_updated default_currency only_admins_may_create_projects only_admins_may_create_tags \
                     only_admins_see_billable_rates only_admins_see_team_dashboard projects_billable_by_default \
                     projects_private_by_default projects_enforce_billable limit_public_project_data last_modified \
                     reports_collapse rounding rounding_minutes api_token at logo_url ical_url ical_enabled csv_upload \
                     subscription hide_start_end_times working_hours_in_minutes";
    assert_eq!(keys(&with["workspaces"][0]), recorded(workspace));
    let listed = json(&little.get("/me/workspaces"));
    assert_eq!(keys(&listed[0]), recorded(&format!("{workspace} active_project_count")));
}

#[test]
fn me_and_organizations_have_the_recorded_keys_and_a_newer_one_each() {
    let little = little();
    let me = "id api_token email fullname timezone toggl_accounts_id default_workspace_id beginning_of_week image_url created_at \
              updated_at openid_email openid_enabled country_id has_password at intercom_hash oauth_providers \
              authorization_updated_at 2fa_enabled";
    assert_eq!(keys(&json(&little.get("/me"))), recorded(me));
    let organization = "id name pricing_plan_id created_at at server_deleted_at is_multi_workspace_enabled suspended_at user_count \
                        trial_info is_unified max_workspaces permissions admin owner pricing_plan_name pricing_plan_enterprise \
                        max_data_retention_days";
    let listed = &json(&little.get("/me/organizations"))[0];
    assert_eq!(keys(listed), recorded(organization));
    assert_eq!(listed["pricing_plan_name"], "Starter");
    let alone = json(&little.get(&format!("/organizations/{}", little.organization)));
    assert_eq!(alone["pricing_plan_name"], "");
    let trial = "trial trial_available trial_end_date next_payment_date last_pricing_plan_id can_have_trial trial_plan_id";
    assert_eq!(keys(&alone["trial_info"]), recorded(trial));
}

#[test]
fn tasks_have_the_keys_that_are_known_and_spell_the_workspace_one_way() {
    let little = little();
    let tasks = little.list("/tasks");
    assert_eq!(keys(&tasks), recorded("total_count page per_page sort_field sort_order data"));
    let task = "id name workspace_id project_id user_id recurring active at server_deleted_at estimated_seconds tracked_seconds \
                toggl_accounts_id";
    assert_eq!(keys(&tasks["data"][0]), recorded(task));
    assert!(tasks["data"][0]["id"].as_i64().unwrap() > i64::from(u32::MAX));
}

#[test]
fn entries_have_the_recorded_keys() {
    let little = little();
    let now = little.simulator.clock().now();
    little.simulator.change(|world| {
        world.add_entry(tallyport_simulator::TimeEntry {
            id: 0,
            user: little.owner,
            workspace: little.workspace,
            project: Some(little.project),
            task: None,
            description: Some("Copy & paste".to_owned()),
            start: now,
            stop: Some(now),
            at: now,
            deleted_at: None,
        })
    });
    let entry = "id workspace_id project_id task_id billable start stop duration description tags tag_ids duronly at \
                 server_deleted_at user_id uid wid pid";
    assert_eq!(keys(&json(&little.get("/me/time_entries"))[0]), recorded(entry));
    let meta = "client_name project_name project_color project_active project_billable user_name user_avatar_url";
    let with = json(&little.get("/me/time_entries?meta=true"));
    assert_eq!(keys(&with[0]), recorded(&format!("{entry} {meta}")));
}

#[test]
fn ampersands_and_angle_brackets_are_escaped_and_other_characters_are_not() {
    let little = little();
    let body = text(&little.get(&format!("/workspaces/{}/clients?status=both", little.workspace)));
    assert!(body.contains(r#""name":"Müller \u0026 Söhne""#), "{body}");
    assert!(body.contains(r#""name":"Gone \u003cb\u003e""#), "{body}");
}

#[test]
fn keys_come_in_the_recorded_order_and_both_time_formats_in_one_answer() {
    let little = little();
    let body = text(&little.get("/me?with_related_data=true"));
    let order = ["\"id\"", "\"api_token\"", "\"email\"", "\"fullname\"", "\"tags\"", "\"clients\"", "\"projects\""];
    let places: Vec<usize> = order.iter().map(|key| body.find(key).unwrap()).collect();
    assert!(places.is_sorted(), "{places:?}");
    assert!(body.contains("2026-11-26T14:06:00+00:00") && body.contains("2026-11-26T14:06:00Z"));
}

#[test]
fn an_answer_of_the_core_can_be_had_as_a_response() {
    let little = little();
    let response = little.get("/me").to_response().unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["x-toggl-quota-remaining"], "29");
    assert_eq!(response.body(), &little.get("/me").body.to_bytes());
}

#[test]
fn good_answers_carry_the_headers_of_the_real_ones() {
    let little = little();
    let answer = little.get("/me");
    assert_eq!(answer.header("Content-Type"), Some("application/json; charset=utf-8"));
    assert_eq!(answer.header("X-Service-Level"), Some("GREEN"));
    assert_eq!(answer.header("Date"), Some("Thu, 26 Nov 2026 14:06:00 GMT"));
    assert_eq!(answer.header("X-Toggl-Request-Id").map(str::len), Some(32));
    assert_ne!(answer.header("X-Toggl-Request-Id"), little.get("/me").header("X-Toggl-Request-Id"));
    assert_eq!((answer.header("ETag"), answer.header("Last-Modified")), (None, None));
    assert_eq!(little.get("/nowhere").status, 404);
    assert_eq!(little.get("/nowhere").header("X-Service-Level"), None);
}
