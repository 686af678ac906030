//! One operation of the document, while it is put together.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use utoipa::ToSchema;

/// The shapes that operations name, each written once.
#[derive(Default)]
pub(crate) struct Schemas(Map<String, Value>);

impl Schemas {
    /// A type where it is used: a reference, or a list of references.
    pub(crate) fn of<T: ToSchema>(&mut self) -> Value {
        let mut nested = Vec::new();
        T::schemas(&mut nested);
        for (name, schema) in nested {
            self.0.entry(name).or_insert_with(|| as_value(&schema));
        }
        let mut schema = as_value(&T::schema());
        if schema["type"] != "array" {
            return self.refer(&T::name(), schema);
        }
        if schema["items"]["$ref"].is_null() {
            // A list writes its rows out, and only its type's own name tells what they are called.
            let name = std::any::type_name::<T>().trim_end_matches('>');
            let name = name.rsplit("::").next().unwrap_or(name);
            schema["items"] = self.refer(name, schema["items"].take());
        }
        schema
    }

    fn refer(&mut self, name: &str, schema: Value) -> Value {
        self.0.entry(name).or_insert(schema);
        json!({ "$ref": format!("#/components/schemas/{name}") })
    }

    /// A list of a type.
    pub(crate) fn list_of<T: ToSchema>(&mut self) -> Value {
        json!({ "type": "array", "items": self.of::<T>() })
    }

    /// All of them, by their names.
    pub(crate) fn into_components(self) -> Map<String, Value> {
        self.0
    }
}

fn as_value(schema: &utoipa::openapi::RefOr<utoipa::openapi::Schema>) -> Value {
    let mut value = serde_json::to_value(schema).expect("a schema has texts for keys");
    tell_ranges(&mut value);
    value
}

/// Numbers without a sign are told by half of their range, which is put right here: we have no others of 32 bits.
fn tell_ranges(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            if fields.get("format").is_some_and(|format| format == "int32") {
                fields.insert("format".to_owned(), "uint32".into());
                fields.entry("maximum").or_insert(u32::MAX.into());
            }
            fields.values_mut().for_each(tell_ranges);
        }
        Value::Array(items) => items.iter_mut().for_each(tell_ranges),
        _ => {}
    }
}

/// What a route hears and answers.
pub(crate) struct Operation<'a> {
    schemas: &'a mut Schemas,
    /// The status of what the handler answers by its type.
    status: Option<u16>,
    whole_ids: bool,
    parameters: Vec<Value>,
    body: Option<Value>,
    answers: BTreeMap<u16, Value>,
}

impl<'a> Operation<'a> {
    pub(crate) fn new(schemas: &'a mut Schemas, status: Option<u16>) -> Self {
        Self { schemas, status, whole_ids: false, parameters: Vec::new(), body: None, answers: BTreeMap::new() }
    }

    pub(crate) fn schemas(&mut self) -> &mut Schemas {
        self.schemas
    }

    /// That what stands in the path are ids.
    pub(crate) fn hears_ids(&mut self) {
        self.whole_ids = true;
    }

    /// That the query has the fields of a type.
    pub(crate) fn hears_query<T: ToSchema>(&mut self) {
        let schema = as_value(&T::schema());
        let mut nested = Vec::new();
        T::schemas(&mut nested);
        let nested: BTreeMap<String, Value> = nested.iter().map(|(name, schema)| (name.clone(), as_value(schema))).collect();
        let required: Vec<&str> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        for (name, field) in schema["properties"].as_object().into_iter().flatten() {
            let (description, schema) = parameter(field, &nested);
            self.parameters.push(json!({
                "name": name,
                "in": "query",
                "required": required.contains(&name.as_str()),
                "description": description,
                "schema": schema,
            }));
        }
    }

    /// That a header is heard.
    pub(crate) fn hears_header(&mut self, name: &str, description: &str, schema: &Value) {
        let header = json!({ "name": name, "in": "header", "required": false, "description": description, "schema": schema });
        self.parameters.push(header);
    }

    /// That a body is heard.
    pub(crate) fn hears_body(&mut self, schema: &Value, required: bool) {
        self.body = Some(json!({ "required": required, "content": { "application/json": { "schema": schema } } }));
    }

    /// That this is answered, with the status of the handler's type unless the route says another.
    pub(crate) fn says(&mut self, usual: u16, schema: Option<&Value>) {
        let status = self.status.unwrap_or(usual);
        self.answers(status, "application/json", schema);
    }

    /// That this is answered.
    pub(crate) fn answers(&mut self, status: u16, kind: &str, schema: Option<&Value>) {
        let mut answer = json!({ "description": reason(status) });
        if let Some(schema) = schema {
            answer["content"] = json!({ kind: { "schema": schema } });
        }
        self.answers.insert(status, answer);
    }

    /// That this is answered, in one of several kinds.
    pub(crate) fn answers_one_of(&mut self, status: u16, kinds: impl IntoIterator<Item = (&'static str, Value)>) {
        self.answers(status, "", None);
        if let Some(answer) = self.answers.get_mut(&status) {
            let kinds = kinds.into_iter().map(|(kind, schema)| (kind.to_owned(), json!({ "schema": schema })));
            answer["content"] = Value::Object(kinds.collect());
        }
    }

    /// That an answer may have a header.
    pub(crate) fn answers_header(&mut self, status: u16, name: &str, description: &str) {
        if let Some(answer) = self.answers.get_mut(&status) {
            answer["headers"][name] = json!({ "description": description, "schema": { "type": "string" } });
        }
    }

    /// As it stands in the document, at this path.
    pub(crate) fn into_value(self, path: &str) -> Value {
        let mut responses: Map<String, Value> =
            self.answers.into_iter().map(|(status, answer)| (status.to_string(), answer)).collect();
        responses.insert("default".to_owned(), json!({ "$ref": "#/components/responses/Problem" }));
        let kind = if self.whole_ids {
            json!({ "type": "integer", "format": "int64", "minimum": 1 })
        } else {
            json!({ "type": "string" })
        };
        let in_path = path.split(['{', '}']).skip(1).step_by(2);
        let in_path = in_path.map(|name| json!({ "name": name, "in": "path", "required": true, "schema": kind }));
        let parameters: Vec<Value> = in_path.chain(self.parameters).collect();
        let mut operation = json!({ "responses": responses });
        if !parameters.is_empty() {
            operation["parameters"] = parameters.into();
        }
        if let Some(body) = self.body {
            operation["requestBody"] = body;
        }
        operation
    }
}

/// A field of a query: its description, and its shape without what a query cannot say, which is null.
fn parameter(field: &Value, nested: &BTreeMap<String, Value>) -> (Value, Value) {
    let mut schema = field.clone();
    let described = schema.as_object_mut().and_then(|schema| schema.remove("description"));
    if let Some(known) = schema["$ref"].as_str().and_then(|to| nested.get(to.rsplit('/').next().unwrap_or_default())) {
        schema = known.clone();
    }
    for key in ["oneOf", "type"] {
        if let Some(choices) = schema.get_mut(key).and_then(Value::as_array_mut) {
            choices.retain(|choice| choice != "null" && choice["type"] != "null");
            if let [only] = choices.as_slice() {
                let only = only.clone();
                match key {
                    "type" => schema["type"] = only,
                    _ => return parameter_of(described, &only, nested),
                }
            }
        }
    }
    let own = schema.as_object_mut().and_then(|schema| schema.remove("description"));
    (described.or(own).unwrap_or_default(), schema)
}

fn parameter_of(described: Option<Value>, only: &Value, nested: &BTreeMap<String, Value>) -> (Value, Value) {
    let (own, schema) = parameter(only, nested);
    (described.unwrap_or(own), schema)
}

fn reason(status: u16) -> &'static str {
    let status = http::StatusCode::from_u16(status).ok();
    status.and_then(|status| status.canonical_reason()).unwrap_or("An answer")
}
