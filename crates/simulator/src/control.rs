//! The simulator's own endpoint, beside the API: changes, faults, the clock, and what was asked.

use chrono::{DateTime, TimeDelta, Utc};
use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::faults::Fault;
use crate::quota::Bucket;
use crate::simulator::Simulator;
use crate::state::State;
use crate::switches::Switches;
use crate::world::{Change, Workspace};

/// What `POST /control` takes. Everything is optional, and carried out in this order.
///
/// Beside it, `GET /control/requests` gives the requests so far and `GET /control/state` what there is, with ids.
///
/// ```
/// let orders = r#"{
///     "advance_seconds": 3600,
///     "switches": { "empty_lists": "brackets" },
///     "changes": [{ "change": "rename_project", "id": 2147483641, "name": "Website 2027" }],
///     "faults": [{ "on": "/tasks", "when": { "nth": 2 }, "how": { "status": { "status": 503 } } }]
/// }"#;
/// let orders: tallyport_simulator::Orders = serde_json::from_str(orders)?;
/// assert_eq!(orders.faults.len(), 1);
/// # Ok::<_, serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Orders {
    /// Forgets the requests so far.
    pub forget_requests: bool,
    /// Takes standing faults back.
    pub clear_faults: bool,
    /// Sets the clock.
    pub set_clock: Option<DateTime<Utc>>,
    /// Moves the clock.
    pub advance_seconds: i64,
    /// Switches to turn, by name; the others stay as they are.
    pub switches: serde_json::Map<String, Value>,
    /// Changes to the world. The first that fails ends the orders.
    pub changes: Vec<Change>,
    /// Faults to come.
    pub faults: Vec<Fault>,
    /// Quota that other programs use up.
    pub consume: Vec<Consumption>,
}

/// Quota that another program of a person uses up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consumption {
    /// The person.
    pub user: i64,
    /// The budget.
    pub bucket: Bucket,
    /// How many requests.
    pub requests: i64,
}

pub(crate) fn answer(simulator: &Simulator, method: &Method, path: &str, body: &[u8]) -> Answer {
    match (method, path) {
        (&Method::POST, "" | "/") => match serde_json::from_slice(body).map_err(|error| error.to_string()) {
            Ok(orders) => obey(simulator, &orders),
            Err(reason) => refused(&reason),
        },
        (&Method::GET, "/requests") => Answer::json(200, &simulator.requests()),
        (&Method::GET, "/state") => Answer::json(200, &state(simulator)),
        (_, "" | "/" | "/requests" | "/state") => Answer::json(405, &json!({ "error": "method not allowed" })),
        _ => Answer::json(404, &json!({ "error": "unknown path" })),
    }
}

fn refused(reason: &str) -> Answer {
    Answer::json(400, &json!({ "error": reason }))
}

fn obey(simulator: &Simulator, orders: &Orders) -> Answer {
    if orders.forget_requests {
        simulator.forget_requests();
    }
    if orders.clear_faults {
        simulator.clear_faults();
    }
    if let Some(instant) = orders.set_clock {
        simulator.clock().set(instant);
    }
    simulator.clock().advance(TimeDelta::seconds(orders.advance_seconds));
    if let Err(reason) = turn(&mut simulator.lock(), &orders.switches) {
        return refused(&reason);
    }
    let mut outcomes = Vec::new();
    for change in &orders.changes {
        match simulator.change(|world| world.apply(change)) {
            Ok(outcome) => outcomes.push(outcome),
            Err(unknown) => return refused(&unknown.to_string()),
        }
    }
    orders.faults.iter().for_each(|fault| simulator.inject(fault.clone()));
    for consumption in &orders.consume {
        simulator.consume_quota(consumption.user, consumption.bucket, consumption.requests);
    }
    Answer::json(200, &json!({ "outcomes": outcomes, "clock": simulator.clock().now() }))
}

/// Lays the given switches over those that stand.
fn turn(state: &mut State, switches: &serde_json::Map<String, Value>) -> Result<(), String> {
    let mut standing = serde_json::to_value(&state.switches).map_err(|error| error.to_string())?;
    if let Some(fields) = standing.as_object_mut() {
        fields.extend(switches.clone());
    }
    state.switches = serde_json::from_value::<Switches>(standing).map_err(|error| error.to_string())?;
    Ok(())
}

fn state(simulator: &Simulator) -> Value {
    let state = simulator.lock();
    let world = &state.world;
    let users: Vec<Value> = world
        .users()
        .map(|user| json!({ "id": user.id, "name": user.name, "email": user.email, "tokens": user.tokens.len() }))
        .collect();
    let organizations: Vec<Value> = world
        .organizations()
        .map(|organization| json!({ "id": organization.id, "name": organization.name, "plan": organization.plan }))
        .collect();
    json!({
        "clock": world.now,
        "requests": state.log.len(),
        "requests_that_write": state.requests_that_write(),
        "faults_injected": state.faults.injected,
        "switches": state.switches,
        "users": users,
        "organizations": organizations,
        "workspaces": world.workspaces().map(workspace).collect::<Vec<_>>(),
    })
}

fn workspace(workspace: &Workspace) -> Value {
    let clients = workspace.clients.iter().filter(|client| client.deleted_at.is_none());
    let projects = workspace.projects.iter().filter(|project| project.deleted_at.is_none());
    let tasks = workspace.tasks.iter().filter(|task| task.deleted_at.is_none());
    json!({
        "id": workspace.id,
        "organization": workspace.organization,
        "name": workspace.name,
        "members": workspace.members.iter().map(|member| json!({
            "user": member.user,
            "role": member.role,
            "joined": member.joined,
            "inactive": member.inactive,
            "direct": member.direct,
        })).collect::<Vec<_>>(),
        "clients": clients.map(|client| json!({
            "id": client.id,
            "name": client.name,
            "archived": client.archived,
        })).collect::<Vec<_>>(),
        "projects": projects.map(|project| json!({
            "id": project.id,
            "name": project.name,
            "client": project.client,
            "active": project.active,
            "private": project.private,
            "template": project.template,
        })).collect::<Vec<_>>(),
        "tasks": tasks.map(|task| json!({
            "id": task.id,
            "name": task.name,
            "project": task.project,
            "active": task.active,
        })).collect::<Vec<_>>(),
    })
}
