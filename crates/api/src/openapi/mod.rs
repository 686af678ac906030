//! The API's own document (OpenAPI 3.1), put together from its routes and the signatures of their handlers.

mod links;
mod operation;
mod signature;

use serde_json::{Map, Value, json};
use tallyport_api_types::{Code, Problem};

pub(crate) use operation::{Operation, Schemas};
pub(crate) use signature::Signature;

use crate::routes::{self, Described};

/// The resources: with each of these names begin the ids of its operations.
const RESOURCES: &[(&str, &str)] = &[
    ("setup", "The first account of a server."),
    ("session", "Signing in and out."),
    ("me", "Who is signed in."),
    ("tokens", "API tokens of one's own."),
    ("timer", "The timer that runs: at most one of a person."),
    ("entries", "Time that was counted or typed."),
    ("timesheet", "Somebody's time by task and day."),
    ("tags", "What people call their time, beside its task."),
    ("reports", "What time adds up to, and entries to take away."),
    ("password_reset", "Forgotten passwords."),
    ("people", "The people of the account."),
    ("invitations", "Asking people to join."),
    ("outbox", "Mail that wants a person's eye."),
    ("tasks", "The tree of tasks."),
    ("assignments", "Who may track time on what."),
    ("toggl", "The link to Toggl Track."),
    ("runs", "Syncs, with what each changed."),
    ("events", "What happens in the account, as it happens."),
];

/// What no type tells of a body: which of its fields go together.
fn together(body: &str) -> Option<Value> {
    let null = json!({ "type": "null" });
    let absent = &null;
    let (text, list) = (json!({ "type": "string" }), json!({ "type": "array" }));
    let (some, none) = (json!({ "type": "array", "minItems": 1 }), json!({ "type": "array", "maxItems": 0 }));
    let (all, not_all) = (json!({ "const": true }), json!({ "const": false }));
    // Each of a group is a way to fill it in: what has to stand in it, and what else may.
    let one = |must: &str, what: &Value, other: &str, may: &Value| json!({ "required": [must], "properties": { must: what, other: may } });
    let either = |one: Value, other: Value| Some(json!({ "oneOf": [one, other] }));
    match body {
        "PersonChange" => either(one("role", &text, "email", &null), one("email", &text, "role", &null)),
        "TaskChange" => either(one("name", &text, "parent", &null), one("parent", &json!({ "type": "object" }), "name", &null)),
        "AssignmentsChange" => either(one("assign", &some, "unassign", &none), one("unassign", &some, "assign", &none)),
        "SelectionChange" => either(one("all", &all, "workspaces", &null), one("workspaces", &list, "all", &not_all)),
        "PreviewRequest" => either(one("all", &all, "workspaces", &null), json!({ "properties": { "all": not_all } })),
        "NewEntry" => either(
            json!({ "required": ["start", "end"], "properties": { "start": text, "end": text, "date": absent, "duration": absent } }),
            json!({
                "required": ["date", "duration"],
                "properties": { "date": text, "duration": text, "start": absent, "end": absent, "counted": not_all },
            }),
        ),
        "EntryChange" => {
            let ends = json!({ "properties": { "start": absent, "end": absent } });
            Some(json!({ "anyOf": [ends, { "properties": { "duration": absent } }] }))
        }
        "EntriesChange" => {
            let no_times = json!({ "properties": { "start": absent, "end": absent, "duration": absent } });
            Some(json!({ "allOf": [{ "properties": { "change": no_times } }] }))
        }
        "SettingsChange" => {
            let given = |field: &str| json!({ "required": [field], "properties": { field: text } });
            Some(json!({ "anyOf": [given("private_projects"), given("schedule")] }))
        }
        _ => None,
    }
}

const ABOUT: &str = "Tallyport tracks the time of a team whose work is structured in Toggl Track.\n\n\
    Ids are integers, ids of Toggl are strings, instants are RFC 3339 in UTC. Answers may gain fields; requests with fields that \
    are not known are refused. What goes wrong is told as `application/problem+json` with a `code`, the status that goes with \
    it, and a `hint` what to do.";

/// The document.
pub(crate) fn document() -> Value {
    let mut schemas = Schemas::default();
    schemas.of::<Problem>();
    let mut paths: Map<String, Value> = Map::new();
    for described in &routes::all().list {
        let operation = operation(described, &mut schemas);
        paths.entry(described.route.path).or_insert_with(|| json!({}))[described.route.method.as_str().to_lowercase()] =
            operation;
    }
    let mut components = schemas.into_components();
    for (name, schema) in &mut components {
        if let (Some(schema), Some(Value::Object(together))) = (schema.as_object_mut(), together(name)) {
            schema.extend(together);
        }
    }
    links::link(&mut paths, &components);
    let tags = RESOURCES.iter().map(|(name, about)| json!({ "name": name, "description": about }));
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Tallyport",
            "version": env!("CARGO_PKG_VERSION"),
            "description": ABOUT,
            "license": { "name": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": "/api/v1" }],
        "tags": tags.collect::<Vec<_>>(),
        "paths": paths,
        "components": {
            "schemas": components,
            "responses": { "Problem": problem() },
            "securitySchemes": {
                "bearer": { "type": "http", "scheme": "bearer", "description": "An API token (`POST /tokens`)." },
                "cookie": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": "__Host-tallyport",
                    "description": "A session (`POST /session`); `tallyport` on a server without TLS. What changes something has to come from \
                        Tallyport's own pages.",
                },
            },
        },
    })
}

fn operation(described: &Described, schemas: &mut Schemas) -> Value {
    let mut operation = Operation::new(schemas, described.status);
    (described.signature)(&mut operation);
    for (status, answer) in &described.answers {
        answer(&mut operation, *status);
    }
    for (name, pattern, about) in &described.headers {
        operation.hears_header(name, about, &json!({ "type": "string", "pattern": pattern }));
    }
    let mut value = operation.into_value(described.route.path);
    value["operationId"] = described.id.into();
    value["summary"] = described.summary.into();
    value["tags"] = resource(described.id).into_iter().collect::<Vec<_>>().into();
    value["security"] = match described.route.scope {
        Some(scope) => {
            value["x-scope"] = scope.as_str().into();
            json!([{ "bearer": [] }, { "cookie": [] }])
        }
        None => json!([]),
    };
    value
}

/// The resource that an operation belongs to.
fn resource(id: &str) -> Option<&'static str> {
    let names = RESOURCES.iter().map(|(name, _)| *name);
    names.filter(|name| id.strip_prefix(name).is_some_and(|rest| rest.starts_with('_'))).max_by_key(|name| name.len())
}

/// What every operation may answer in place of what it is asked for.
fn problem() -> Value {
    let codes = Code::ALL.iter().map(|code| (code.as_str().to_owned(), json!({ "status": code.status(), "hint": code.hint() })));
    json!({
        "description": "What went wrong, and what to do about it.",
        "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
        "headers": { "Retry-After": { "description": "After how many seconds to try again.", "schema": { "type": "integer" } } },
        "x-codes": codes.collect::<Map<_, _>>(),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_route_says_what_it_does_and_what_it_answers() {
        let mut schemas = Schemas::default();
        let mut ids = BTreeSet::new();
        for described in &routes::all().list {
            let (Described { id, summary, .. }, route) = (described, &described.route);
            let named = format!("{} {}", route.method, route.path);
            assert!(!id.is_empty() && !summary.is_empty(), "{named}: say what it does, after its registration");
            assert!(resource(id).is_some(), "{named}: {id} does not begin with a resource");
            assert!(ids.insert(*id), "{named}: {id} is another route's");
            let operation = operation(described, &mut schemas);
            let answers = operation["responses"].as_object().unwrap().keys().filter(|status| *status != "default");
            assert!(answers.count() > 0, "{named}: its handler returns a response; say which");
            let parameters =
                operation["parameters"].as_array().into_iter().flatten().filter(|parameter| parameter["in"] != "path");
            let silent: Vec<&Value> = parameters.filter(|parameter| !parameter["description"].is_string()).collect();
            assert!(silent.is_empty(), "{named}: say what they are for: {silent:?}");
        }
    }

    #[test]
    fn every_reference_leads_to_something() {
        let document = document();
        let text = document.to_string();
        for reference in text.split("\"$ref\":\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(document.pointer(reference).is_some(), "{reference}");
        }
    }
}
