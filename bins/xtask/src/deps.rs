//! Which crate may use which of ours, and what every manifest has to say.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;

use crate::cargo::root;

/// What each library may use, beside what its tests use. A crate that is not here fails the check, so that its place is
/// decided before its first line.
const LIBRARIES: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("api-types", &[]),
    ("canaries", &[]),
    ("simulator", &[]),
    ("storage", &["domain"]),
    ("toggl", &["domain"]),
    ("storage-sqlite", &["domain", "storage"]),
    ("sync", &["domain", "storage"]),
    ("app", &["domain", "storage", "sync", "api-types"]),
    ("mail", &["domain"]),
    ("http", &["app", "domain", "api-types"]),
    ("api", &["http", "app", "domain", "api-types"]),
    ("web", &["http", "app", "domain"]),
    ("client", &["api-types"]),
    (
        "compose",
        &[
            "api",
            "api-types",
            "app",
            "client",
            "domain",
            "http",
            "mail",
            "simulator",
            "storage",
            "storage-sqlite",
            "sync",
            "toggl",
            "web",
        ],
    ),
];

/// What each binary may use: the composed whole and the client's side of the API. The simulator's program is the simulator.
/// What is measured is the way of a sync, as an embedder puts it together.
const BINARIES: &[(&str, &[&str])] = &[
    ("tallyport", &["compose", "client", "api-types"]),
    ("tallyport-server", &["compose", "client", "api-types"]),
    ("tallyport-bench", &["domain", "storage", "storage-sqlite", "sync", "toggl"]),
    ("tallyport-simulator-bin", &["simulator"]),
    ("xtask", &[]),
];

/// A crypto library that would be compiled beside ring, at the price of minutes.
const UNWANTED: &[&str] = &["aws-lc-sys", "openssl-sys"];

/// Checks the table, and that manifests take version and lints from the workspace.
pub(crate) fn check() -> Result<(), String> {
    let metadata = metadata()?;
    let packages = metadata["packages"].as_array().ok_or("cargo metadata names no packages")?;
    let ours: Vec<&Value> = packages.iter().filter(|package| package["source"].is_null()).collect();
    let mut wrong = Vec::new();
    for package in &ours {
        let name = text(&package["name"]);
        match allowed(name) {
            None => wrong.push(format!("{name} has no row in the table of bins/xtask/src/deps.rs")),
            Some(allowed) => {
                let used = used(package);
                wrong.extend(used.difference(&allowed).map(|other| format!("{name} may not use {other}")));
            }
        }
        wrong.extend(manifest(text(&package["manifest_path"]))?.into_iter().map(|what| format!("{name}: {what}")));
    }
    let lock =
        std::fs::read_to_string(root().join("Cargo.lock")).map_err(|error| format!("Cargo.lock cannot be read: {error}"))?;
    let is_locked = |name: &&&str| lock.contains(&format!("name = \"{name}\"\n"));
    wrong.extend(UNWANTED.iter().filter(is_locked).map(|name| format!("{name} is in the tree")));
    if wrong.is_empty() {
        println!("deps: {} crates keep to the table", ours.len());
        Ok(())
    } else {
        Err(wrong.join("\n"))
    }
}

/// What the manifests say. What they lead to is in the lock file: to read those manifests too, cargo would have to fetch packages
/// of every platform there is.
fn metadata() -> Result<Value, String> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps"])
        .output()
        .map_err(|error| format!("cargo metadata does not run: {error}"))?;
    if !output.status.success() {
        return Err(format!("cargo metadata failed:\n{}", String::from_utf8_lossy(&output.stderr)));
    }
    serde_json::from_slice(&output.stdout).map_err(|error| format!("cargo metadata cannot be read: {error}"))
}

fn allowed(package: &str) -> Option<BTreeSet<String>> {
    let library = |row: &&(&str, &[&str])| package.strip_prefix("tallyport-") == Some(row.0);
    let row = BINARIES.iter().find(|row| row.0 == package).or_else(|| LIBRARIES.iter().find(library))?;
    Some(row.1.iter().map(|name| format!("tallyport-{name}")).collect())
}

/// The crates of ours that a package uses outside its tests.
fn used(package: &Value) -> BTreeSet<String> {
    let all = package["dependencies"].as_array().into_iter().flatten();
    let of_ours = all.filter(|dependency| dependency["kind"] != "dev" && !dependency["path"].is_null());
    of_ours.map(|dependency| text(&dependency["name"]).to_owned()).collect()
}

/// What a manifest lacks.
fn manifest(path: &str) -> Result<Vec<&'static str>, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{path} cannot be read: {error}"))?;
    let mut lacks = Vec::new();
    if !text.contains("[lints]\nworkspace = true") {
        lacks.push("does not take the workspace's lints");
    }
    if !text.contains("version.workspace = true") {
        lacks.push("does not take the workspace's version");
    }
    Ok(lacks)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sync_crate_may_not_know_toggl_and_unknown_crates_have_no_place() {
        assert!(!allowed("tallyport-sync").unwrap().contains("tallyport-toggl"));
        assert!(allowed("tallyport-compose").unwrap().contains("tallyport-toggl"));
        assert_eq!(allowed("tallyport-novelty"), None);
    }

    #[test]
    fn what_only_tests_use_does_not_count() {
        let package = serde_json::json!({"dependencies": [
            {"name": "tallyport-domain", "kind": null, "path": "x"},
            {"name": "tallyport-simulator", "kind": "dev", "path": "x"},
            {"name": "serde", "kind": null},
        ]});
        assert_eq!(used(&package), BTreeSet::from(["tallyport-domain".to_owned()]));
    }
}
