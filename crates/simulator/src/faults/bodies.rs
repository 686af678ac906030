//! Bodies that no client should trust.

use std::io::Write as _;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use crate::answer::Body;

const MEBIBYTE: usize = 1024 * 1024;

pub(super) fn deep(depth: usize) -> Vec<u8> {
    let mut body = vec![b'['; depth];
    body.resize(depth * 2, b']');
    body
}

/// A valid page of rows whose names are long.
pub(super) fn huge(mebibytes: usize) -> Body {
    let row = |id: usize, end: &str| {
        let start = format!("{{\"id\":{id},\"name\":\"");
        let filled = MEBIBYTE - start.len() - 2 - end.len();
        format!("{start}{}\"}}{end}", "x".repeat(filled))
    };
    Body::Repeated {
        head: Bytes::from_static(b"["),
        piece: row(1, ",").into(),
        times: mebibytes.saturating_sub(1),
        tail: row(2, "]").into(),
    }
}

/// An empty list with very much space in it, compressed about a thousand to one.
pub(super) fn bomb(mebibytes: usize) -> Vec<u8> {
    let space = vec![b' '; MEBIBYTE];
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let written = encoder
        .write_all(b"[")
        .and_then(|()| (0..mebibytes).try_for_each(|_| encoder.write_all(&space)))
        .and_then(|()| encoder.write_all(b"]"));
    written.and_then(|()| encoder.finish()).expect("writing to memory does not fail")
}

pub(super) fn first_half(body: &[u8]) -> Vec<u8> {
    body[..body.len() / 2].to_vec()
}

/// Puts bytes at the beginning of the first name in a body.
pub(super) fn into_first_name(body: &[u8], inserted: &[u8]) -> Vec<u8> {
    let key = b"\"name\":\"";
    let Some(found) = body.windows(key.len()).position(|window| window == key) else { return body.to_vec() };
    let (before, after) = body.split_at(found + key.len());
    [before, inserted, after].concat()
}

/// Edits the rows of a list, bare or in an envelope; leaves anything else as it is.
fn edit_rows(body: &[u8], edit: impl FnOnce(&mut Vec<Value>)) -> Vec<u8> {
    let Ok(mut value) = serde_json::from_slice::<Value>(body) else { return body.to_vec() };
    let rows = match &mut value {
        Value::Array(rows) => Some(rows),
        Value::Object(envelope) => envelope.get_mut("data").and_then(Value::as_array_mut),
        _ => None,
    };
    if let Some(rows) = rows {
        edit(rows);
    }
    value.to_string().into_bytes()
}

pub(super) fn first_row_twice(body: &[u8]) -> Vec<u8> {
    edit_rows(body, |rows| {
        if let Some(first) = rows.first().cloned() {
            rows.push(first);
        }
    })
}

pub(super) fn last_row_elsewhere(body: &[u8], workspace: i64) -> Vec<u8> {
    edit_rows(body, |rows| {
        let fields = rows.last_mut().and_then(Value::as_object_mut).into_iter().flatten();
        for (_, value) in fields.filter(|(key, _)| *key == "wid" || *key == "workspace_id") {
            *value = json!(workspace);
        }
    })
}

pub(super) fn wrong_types(body: &[u8]) -> Vec<u8> {
    let wrong = |row: &mut Value| {
        for (key, value) in row.as_object_mut().into_iter().flatten() {
            match key.as_str() {
                "id" => *value = json!(value.to_string()),
                "name" | "fullname" | "email" => *value = json!(7),
                "active" | "archived" => *value = json!("yes"),
                _ => {}
            }
        }
    };
    match serde_json::from_slice::<Value>(body) {
        Ok(mut object @ Value::Object(_)) if object.get("data").is_none() => {
            wrong(&mut object);
            object.to_string().into_bytes()
        }
        _ => edit_rows(body, |rows| rows.iter_mut().for_each(wrong)),
    }
}

/// An envelope that claims to hold that page; a bare list is left as it is.
pub(super) fn said_to_be(body: &[u8], page: i64) -> Vec<u8> {
    match serde_json::from_slice::<Value>(body) {
        Ok(mut envelope @ Value::Object(_)) => {
            envelope["page"] = json!(page);
            envelope.to_string().into_bytes()
        }
        _ => body.to_vec(),
    }
}

/// A full page of rows like the first one, with ids that no other page has, under a total that grows.
pub(super) fn another_page(body: &[u8], page: i64, asked: Option<i64>) -> Vec<u8> {
    let Ok(mut value) = serde_json::from_slice::<Value>(body) else { return body.to_vec() };
    let enveloped = value.is_object();
    let size = asked.or(value.get("per_page").and_then(Value::as_i64)).unwrap_or(151).clamp(1, 200);
    let first = if enveloped { value["data"].get(0) } else { value.get(0) };
    let row = first.cloned().unwrap_or_else(|| json!({ "name": "Another" }));
    let rows = (0..size).map(|index| {
        let mut row = row.clone();
        row["id"] = json!(9_000_000_000 + (page - 1) * size + index);
        row
    });
    let rows = Value::Array(rows.collect());
    if enveloped {
        value["page"] = json!(page);
        value["total_count"] = json!((page + 1) * size);
        value["data"] = rows;
        value.to_string().into_bytes()
    } else {
        rows.to_string().into_bytes()
    }
}
