use std::collections::BTreeSet;
use std::fmt::Debug;

use tallyport_domain::plan::{Counts, Hold, ShownChanges, Warning};
use tallyport_domain::{Every, ListProof, PrivateProjects, Proof, Quota, RunError, Selection, Settings, SourceUser};
use tallyport_storage::Holder;

use super::*;

/// What is in files that exist stays readable, and is written as it was.
fn stored_as<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T, text: &str) {
    assert_eq!(json(value).unwrap(), text);
    assert_eq!(&from_json::<T>(text).unwrap(), value);
}

#[test]
fn columns_of_json_keep_their_form() {
    let name = Name::from_source;
    stored_as(&Some(Identity::Root), r#""Root""#);
    stored_as(
        &Counts { created: 1, renamed: 2, moved: 3, archived: 4, restored: 5, unchanged: 6, assigned: 7, withdrawn: 8 },
        r#"{"created":1,"renamed":2,"moved":3,"archived":4,"restored":5,"unchanged":6,"assigned":7,"withdrawn":8}"#,
    );
    stored_as(&Hold { archives: 12, active: 40, overwrites: 1 }, r#"{"archives":12,"active":40,"overwrites":1}"#);
    stored_as(
        &ShownChanges { archived: BTreeSet::from([TaskId(3), TaskId(4)]), overwritten: BTreeSet::new() },
        r#"{"archived":[3,4],"overwritten":[]}"#,
    );
    stored_as(
        &vec![Warning::TasksUnreadable { workspace: name("Northlight"), tasks: 2 }],
        r#"[{"code":"tasks_unreadable","workspace":"Northlight","tasks":2}]"#,
    );
    let list = ListProof {
        list: "projects".to_owned(),
        workspace: Some(ExternalId(100)),
        pages: 2,
        rows: 205,
        total: None,
        read_twice: true,
    };
    stored_as(
        &Proof { lists: vec![list] },
        r#"{"lists":[{"list":"projects","workspace":100,"pages":2,"rows":205,"total":null,"read_twice":true}]}"#,
    );
    stored_as(
        &RunError { code: "interrupted".to_owned(), message: "It ended".to_owned() },
        r#"{"code":"interrupted","message":"It ended"}"#,
    );
    stored_as(&Selection::All, r#""all""#);
    stored_as(&Selection::Only(BTreeSet::from([ExternalId(100)])), r#"{"only":[100]}"#);
    stored_as(
        &Settings { private_projects: PrivateProjects::LeaveOut, schedule: Every::minutes(360) },
        r#"{"private_projects":"leave-out","schedule":360}"#,
    );
    stored_as(
        &Quota { remaining: -3, resets_at: instant(1_795_000_000_000_000).unwrap() },
        r#"{"remaining":-3,"resets_at":"2026-11-18T11:06:40Z"}"#,
    );
    stored_as(
        &SourceUser { id: ExternalId(9), name: "Ada".to_owned(), email: "ada@toggl.test".to_owned() },
        r#"{"id":9,"name":"Ada","email":"ada@toggl.test"}"#,
    );
    stored_as(
        &Holder { machine: "here".to_owned(), process: 4711, started: u64::MAX },
        r#"{"machine":"here","process":4711,"started":18446744073709551615}"#,
    );
}
