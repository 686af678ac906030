//! Which operation leads to which (links of the document): from what is made or listed to what can be done with it, and from a
//! page to the next one.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::page::NEXT;

/// Where the number of a thing goes in a path.
const ID: &str = "/{id}";

/// Where an answer tells the number of the one thing that it tells, or of the first of many.
const ONE: &str = "$response.body#/id";
const FIRST: &str = "$response.body#/0/id";

/// Puts links into the answers of all operations.
pub(super) fn link(paths: &mut Map<String, Value>, components: &Map<String, Value>) {
    let (homes, known) = (homes(paths, components), paths.clone());
    for (path, operations) in paths.iter_mut() {
        for operation in operations.as_object_mut().into_iter().flat_map(Map::values_mut) {
            let named = operation["operationId"].as_str().unwrap_or_default().to_owned();
            let heard = heard(operation);
            for answer in operation["responses"].as_object_mut().into_iter().flat_map(Map::values_mut) {
                let mut links = Map::new();
                // What an operation of one thing tells of it leads nowhere that its own number does not.
                let told = if path.contains('{') { Vec::new() } else { told(answer, components) };
                for (shape, pointer) in told {
                    for to in homes.get(&shape).into_iter().flatten() {
                        links.insert(to.clone(), json!({ "operationId": to, "parameters": { "id": pointer } }));
                    }
                }
                if answer["headers"][NEXT].is_object() {
                    links.insert("next_page".to_owned(), next_page(&named, path, &heard));
                    links.extend(between(&known, path));
                }
                if !links.is_empty() {
                    answer["links"] = links.into();
                }
            }
        }
    }
}

/// The same question with the cursor of its answer.
fn next_page(operation: &str, path: &str, heard: &[String]) -> Value {
    let mut parameters = json!({ "cursor": format!("$response.header.{NEXT}") });
    if path.contains(ID) {
        parameters["id"] = "$request.path.id".into();
    }
    for name in heard.iter().filter(|name| *name != "cursor") {
        parameters[name] = format!("$request.query.{name}").into();
    }
    json!({ "operationId": operation, "parameters": parameters })
}

/// What an operation hears in its query.
fn heard(operation: &Value) -> Vec<String> {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let query = parameters.filter(|parameter| parameter["in"] == "query");
    query.filter_map(|parameter| parameter["name"].as_str().map(str::to_owned)).collect()
}

/// For each shape that is listed what can be done with one of it: the operations at the path of the list with a number, and below.
fn homes(paths: &Map<String, Value>, components: &Map<String, Value>) -> BTreeMap<String, Vec<String>> {
    let mut homes = BTreeMap::new();
    for (path, operations) in paths {
        let home = format!("{path}{ID}");
        for (shape, pointer) in told(&operations["get"]["responses"]["200"], components) {
            if pointer == FIRST && paths.contains_key(&home) {
                homes.insert(shape, operations_below(paths, &home));
            }
        }
    }
    homes
}

/// From a list of what stands between a thing and others to what can be done with one of these: `person_id` is the number of its
/// `person`.
fn between(paths: &Map<String, Value>, path: &str) -> Map<String, Value> {
    let mut links = Map::new();
    for (below, operations) in paths {
        let name = below.strip_prefix(path).and_then(|rest| rest.strip_prefix("/{")?.strip_suffix("_id}"));
        let name = name.filter(|name| !name.contains('/'));
        for operation in name.and(operations.as_object()).into_iter().flat_map(Map::values) {
            let (to, name) = (&operation["operationId"], name.unwrap_or_default());
            let parameters = json!({ "id": "$request.path.id", format!("{name}_id"): format!("$response.body#/0/{name}/id") });
            links.insert(to.as_str().unwrap_or_default().to_owned(), json!({ "operationId": to, "parameters": parameters }));
        }
    }
    links
}

/// The operations at a path and below.
fn operations_below(paths: &Map<String, Value>, home: &str) -> Vec<String> {
    let below =
        paths.iter().filter(|(path, _)| path.strip_prefix(home).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')));
    let operations = below.filter_map(|(_, operations)| operations.as_object()).flat_map(Map::values);
    operations.filter_map(|operation| operation["operationId"].as_str().map(str::to_owned)).collect()
}

/// The shapes of the things that an answer tells, each with where the number of the first one stands.
fn told(answer: &Value, components: &Map<String, Value>) -> Vec<(String, &'static str)> {
    let schema = &answer["content"]["application/json"]["schema"];
    let one = shapes(schema, components).into_iter().map(|shape| (shape, ONE));
    one.chain(shapes(&schema["items"], components).into_iter().map(|shape| (shape, FIRST))).collect()
}

/// The names of what a schema is, or is among other things.
fn shapes(schema: &Value, components: &Map<String, Value>) -> Vec<String> {
    let Some(name) = schema["$ref"].as_str().and_then(|to| to.rsplit('/').next()) else { return Vec::new() };
    let within = |key: &str| components.get(name).and_then(|schema| schema[key].as_array()).cloned().unwrap_or_default();
    let parts = ["allOf", "oneOf", "anyOf"].into_iter().flat_map(within);
    std::iter::once(name.to_owned()).chain(parts.flat_map(|part| shapes(&part, components))).collect()
}
