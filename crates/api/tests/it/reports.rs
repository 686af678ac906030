//! Reports and exports: what they say, to whom, and that files say the same (E5, E8, P6, L9, S8).

use std::collections::BTreeMap;
use std::io::Cursor;

use calamine::{Data, Reader as _, Xlsx};
use http::header;
use http_body_util::BodyExt as _;
use serde_json::{Value, json};

use crate::bench::{Bench, Who};

/// An account with a native task on which the member tracks.
struct Scene {
    bench: Bench,
    native: i64,
}

impl Scene {
    async fn new(name: &str) -> Self {
        let bench = Bench::new().await;
        let native = bench.native(name).await;
        let assign = json!({"assign": ["lukasz.wisniewski@nordlicht.example", "zoe.lefevre@nordlicht.example"]});
        assert_eq!(bench.post(Who::Administrator, &format!("/tasks/{native}/assignments"), &assign).await.status, 200);
        Self { bench, native }
    }

    async fn add(&self, who: Who, entry: Value) -> i64 {
        let mut whole = json!({"counted": true, "timezone": "UTC"});
        whole.as_object_mut().unwrap().extend(entry.as_object().unwrap().clone());
        let added = self.bench.post(who, "/entries", &whole).await;
        assert_eq!(added.status, 201, "{whole}: {}", added.text);
        added.json()["id"].as_i64().unwrap()
    }

    async fn report(&self, who: Who, query: &str) -> Value {
        let answered = self.bench.get(who, &format!("/reports?{query}")).await;
        assert_eq!(answered.status, 200, "{query}: {}", answered.text);
        answered.json()
    }

    async fn file(&self, who: Who, query: &str) -> Vec<u8> {
        let (status, body) = self.bench.open(who, &format!("/export?{query}"), None).await;
        let body = body.collect().await.unwrap().to_bytes();
        assert_eq!(status, 200, "{query}: {}", String::from_utf8_lossy(&body));
        body.to_vec()
    }
}

const DAYS: &str = "from=2026-11-20&to=2026-11-21";

/// What both tracked around midnight: 3600 of the member, 1800 of the manager.
async fn tracked(scene: &Scene) {
    let native = scene.native;
    let mine = json!({"task_id": native, "start": "2026-11-20T23:30:00Z", "end": "2026-11-21T00:30:00Z", "tags": ["ui", "call"],
                      "billable": true, "note": "Taps"});
    scene.add(Who::Member, mine).await;
    scene.add(Who::Manager, json!({"start": "2026-11-21T08:00:00Z", "end": "2026-11-21T08:30:00Z"})).await;
}

#[tokio::test] // E8
async fn a_report_is_told_as_scripts_rely_on() {
    let scene = Scene::new("Site").await;
    tracked(&scene).await;
    let site = json!({"id": scene.native, "name": "Site", "path": ["Site"], "archived": false});
    assert_eq!(
        scene.report(Who::Manager, DAYS).await,
        json!({
            "by": ["task"], "from": "2026-11-20", "to": "2026-11-21", "timezone": "UTC", "week_start": "monday",
            "seconds": 5400, "billable_seconds": 3600, "archived_seconds": 0, "before_seconds": 0, "people": 2, "days": 2,
            "groups": [
                {"task": site, "level": 1, "own_seconds": 3600, "seconds": 3600, "billable_seconds": 3600, "share": 667},
                {"level": 1, "own_seconds": 1800, "seconds": 1800, "billable_seconds": 0, "share": 333},
            ],
        })
    );
    let nested = scene.report(Who::Manager, &format!("{DAYS}&by=person,tag")).await;
    let told: Vec<String> = nested["groups"]
        .as_array()
        .unwrap()
        .iter()
        .map(|group| {
            let within = group["groups"].as_array().unwrap().iter();
            let within: Vec<String> = within.map(|it| format!("{} {} {}", it["tag"], it["seconds"], it["share"])).collect();
            format!("{} {} {}: {}", group["person"]["name"], group["seconds"], group["share"], within.join(", "))
        })
        .collect();
    // An entry with two tags counts under each, and once for its person.
    assert_eq!(
        told,
        [r#""Łukasz" 3600 667: "call" 3600 334, "ui" 3600 333"#, r#""Zoë" 1800 333: null 1800 333"#],
        "shares of what is within add up to what it is within"
    );
    let days = scene.report(Who::Manager, &format!("{DAYS}&by=day&tag=UI")).await;
    let days =
        days["groups"].as_array().unwrap().iter().map(|it| (it["from"].clone(), it["seconds"].clone())).collect::<Vec<_>>();
    assert_eq!(days, [(json!("2026-11-20"), json!(1800)), (json!("2026-11-21"), json!(1800))]);
    let held = scene.report(Who::Manager, "from=2026-11-21&to=2026-11-21&billable=true").await;
    assert_eq!((&held["seconds"], &held["before_seconds"]), (&json!(1800), &json!(1800)));
}

#[tokio::test] // E3, E8, P6
async fn members_see_their_own_time_and_its_tasks_whatever_became_of_them() {
    let scene = Scene::new("Site").await;
    tracked(&scene).await;
    let site = scene.native;
    let gone = scene.bench.send(Who::Manager, &http::Method::DELETE, &format!("/tasks/{site}/assignments/3"), None).await;
    assert_eq!(gone.status, 200);
    scene.bench.post(Who::Manager, &format!("/tasks/{site}/archive"), &Value::Null).await;
    let report = scene.report(Who::Member, DAYS).await;
    assert_eq!(
        (&report["seconds"], &report["people"], &report["groups"][0]["task"]["name"]),
        (&json!(3600), &json!(1), &json!("Site"))
    );
    // However it is told apart.
    for by in ["task", "day", "tag,person"] {
        let report = scene.report(Who::Manager, &format!("{DAYS}&by={by}")).await;
        assert_eq!((&report["seconds"], &report["archived_seconds"]), (&json!(5400), &json!(3600)), "{by}");
    }
    for query in ["person=2", "person=2,3"] {
        for path in ["reports", "export"] {
            let answered = scene.bench.get(Who::Member, &format!("/{path}?{DAYS}&{query}")).await;
            assert_eq!(answered.outcome(), "manager_required", "{path} {query}");
        }
    }
    let exported: Value = serde_json::from_slice(&scene.file(Who::Member, &format!("{DAYS}&format=json")).await).unwrap();
    assert_eq!(exported.as_array().unwrap().len(), 1);
    assert_eq!((&exported[0]["person"], &exported[0]["task"]["path"]), (&json!("Łukasz"), &json!(["Site"])));
    assert_eq!(scene.report(Who::Manager, &format!("{DAYS}&person=2")).await["seconds"], 1800);
}

#[tokio::test] // E8
async fn what_cannot_be_asked_for_is_refused() {
    let scene = Scene::new("Site").await;
    for (query, code) in [
        ("by=colour", "invalid_request"),
        ("by=task,task", "invalid_request"),
        ("by=task,person,day", "invalid_request"),
        ("by=", "invalid_request"),
        ("from=soon", "invalid_time"),
        ("from=2026-11-21&to=2026-11-20", "invalid_time"),
        ("span=year", "invalid_request"),
        ("span=week&to=2026-11-20", "invalid_request"),
        ("person=me", "invalid_request"),
        ("task=x", "invalid_request"),
        ("billable=maybe", "invalid_request"),
        ("tag=", "invalid_tag"),
        ("surprise=1", "invalid_request"),
    ] {
        for path in ["reports", "export"] {
            let path = format!("/{path}?{query}{}", if path == "export" { "&what=report" } else { "" });
            assert_eq!(scene.bench.get(Who::Manager, &path).await.outcome(), code, "{path}");
        }
    }
    for query in ["what=people", "format=pdf", "by=task"] {
        assert_eq!(scene.bench.get(Who::Manager, &format!("/export?{query}")).await.outcome(), "invalid_request", "{query}");
    }
    assert_eq!(scene.bench.get(Who::Manager, "/reports?person=99").await.outcome(), "not_found");
}

#[tokio::test] // E8
async fn a_file_says_what_it_is_and_what_it_is_called() {
    let scene = Scene::new("Site").await;
    for (query, kind, name) in [
        ("", "text/csv; charset=utf-8", "tallyport-entries-2026-11-20-2026-11-21.csv"),
        ("&format=json", "application/json", "tallyport-entries-2026-11-20-2026-11-21.json"),
        ("&what=report", "text/csv; charset=utf-8", "tallyport-report-2026-11-20-2026-11-21.csv"),
    ] {
        let answered = scene.bench.get(Who::Manager, &format!("/export?{DAYS}{query}")).await;
        assert_eq!((answered.status, answered.headers[header::CONTENT_TYPE].to_str().unwrap()), (200, kind), "{query}");
        let called = format!("attachment; filename=\"{name}\"");
        assert_eq!(answered.headers[header::CONTENT_DISPOSITION].to_str().unwrap(), called);
    }
    let empty = scene.bench.get(Who::Manager, &format!("/export?{DAYS}&format=json")).await;
    assert_eq!(empty.text, "[]\n");
}

/// The rows of a CSV, by the names of its columns.
fn read_csv(file: &[u8]) -> Vec<BTreeMap<String, String>> {
    let text = std::str::from_utf8(file).unwrap().strip_prefix('\u{feff}').unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().map(Result::unwrap).collect()
}

/// The rows of the first sheet, by the names of its columns; and whether any cell has a formula.
fn read_xlsx(file: Vec<u8>) -> (Vec<BTreeMap<String, Data>>, bool) {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(file)).unwrap();
    let name = book.sheet_names()[0].clone();
    let formulas = book.worksheet_formula(&name).unwrap();
    let has_formulas = formulas.used_cells().any(|(_, _, formula)| !formula.is_empty());
    let sheet = book.worksheet_range(&name).unwrap();
    let titles: Vec<String> = sheet.headers().unwrap();
    let rows = sheet.rows().skip(1).map(|row| titles.iter().cloned().zip(row.iter().cloned()).collect());
    (rows.collect(), has_formulas)
}

fn number(data: &Data) -> i64 {
    match data {
        Data::Float(number) => format!("{number:.0}").parse().unwrap(),
        Data::Int(number) => *number,
        other => panic!("{other:?} is no number"),
    }
}

fn text(data: &Data) -> &str {
    match data {
        Data::String(text) => text,
        Data::Empty => "",
        other => panic!("{other:?} is no text"),
    }
}

#[tokio::test] // E5, E8, L9
async fn csv_xlsx_and_json_say_the_same_as_the_report() {
    let scene = Scene::new("Site").await;
    tracked(&scene).await;
    // Over a night in which the clocks were set back.
    let (start, end) = ("2026-10-24T20:00:00Z", "2026-10-25T23:30:07Z");
    scene.add(Who::Member, json!({"task_id": scene.native, "start": start, "end": end, "timezone": "Europe/Berlin"})).await;
    for days in [DAYS, "from=2026-10-25&to=2026-11-20", "from=2026-10-25&to=2026-10-25", "span=month&from=2026-10-01"] {
        let report = scene.report(Who::Manager, days).await;
        let total = report["seconds"].as_i64().unwrap();
        assert!(total > 0, "{days}");
        let json: Value = serde_json::from_slice(&scene.file(Who::Manager, &format!("{days}&format=json")).await).unwrap();
        let json = json.as_array().unwrap();
        let csv = read_csv(&scene.file(Who::Manager, days).await);
        let (xlsx, _) = read_xlsx(scene.file(Who::Manager, &format!("{days}&format=xlsx")).await);
        assert_eq!((json.len(), csv.len()), (xlsx.len(), xlsx.len()));
        let counted = [
            json.iter().map(|row| row["counted_seconds"].as_i64().unwrap()).sum::<i64>(),
            csv.iter().map(|row| row["counted_seconds"].parse::<i64>().unwrap()).sum(),
            xlsx.iter().map(|row| number(&row["counted_seconds"])).sum(),
        ];
        assert_eq!(counted, [total; 3], "{days}");
        for ((json, csv), xlsx) in json.iter().zip(&csv).zip(&xlsx) {
            assert_eq!(json["id"].to_string(), csv["id"]);
            assert_eq!((number(&xlsx["id"]), text(&xlsx["note"])), (json["id"].as_i64().unwrap(), csv["note"].as_str()));
            assert_eq!(csv["duration_seconds"], json["duration_seconds"].to_string());
            let Data::DateTime(length) = &xlsx["duration"] else { panic!("{:?}", xlsx["duration"]) };
            assert_eq!(format!("{:.0}", length.as_f64() * 86_400.0), csv["duration_seconds"]);
        }

        let csv = read_csv(&scene.file(Who::Manager, &format!("{days}&what=report&by=task")).await);
        let (xlsx, _) = read_xlsx(scene.file(Who::Manager, &format!("{days}&what=report&by=task&format=xlsx")).await);
        let groups = report["groups"].as_array().unwrap();
        for ((group, csv), xlsx) in groups.iter().zip(&csv).zip(&xlsx) {
            assert_eq!(group["seconds"].to_string(), csv["seconds"]);
            assert_eq!(group["own_seconds"].as_i64().unwrap(), number(&xlsx["own_seconds"]));
            assert_eq!(csv["task"], if group["task"].is_null() { "No task" } else { "Site" });
        }
        assert_eq!(csv.iter().map(|row| row["own_seconds"].parse::<i64>().unwrap()).sum::<i64>(), total);
        let json: Value =
            serde_json::from_slice(&scene.file(Who::Manager, &format!("{days}&what=report&format=json")).await).unwrap();
        assert_eq!(json, report);
    }
}

#[tokio::test] // S8
async fn no_text_becomes_a_formula_in_a_spreadsheet() {
    let evil = "=HYPERLINK(\"http://evil.example\";\"x\")";
    let scene = Scene::new(evil).await;
    for (minute, begin) in ["=1+1", "+1", "-1", "@SUM(A1)"].iter().enumerate() {
        let (start, end) = (format!("2026-11-20T08:0{minute}:00Z"), format!("2026-11-20T08:0{minute}:30Z"));
        let entry = json!({"task_id": scene.native, "start": start, "end": end, "note": begin, "tags": [begin]});
        scene.add(Who::Member, entry).await;
    }
    for what in ["entries", "report&by=task", "report&by=tag"] {
        let query = format!("{DAYS}&what={what}");
        let csv = read_csv(&scene.file(Who::Member, &query).await);
        let (xlsx, has_formulas) = read_xlsx(scene.file(Who::Member, &format!("{query}&format=xlsx")).await);
        assert!(!has_formulas && !xlsx.is_empty() && csv.len() == xlsx.len(), "{what}");
        let mut guarded = 0;
        for (csv, xlsx) in csv.iter().zip(&xlsx) {
            for (title, text) in csv {
                assert!(
                    !text.starts_with(['=', '+', '@']) && (!text.starts_with('-') || text.parse::<f64>().is_err()),
                    "{title}: {text}"
                );
                assert!(!text.starts_with('-'), "{title}: {text}");
                if let Some(text) = text.strip_prefix('\'') {
                    // In a workbook the text stands as it is, and is a text.
                    assert_eq!(xlsx[title], Data::String(text.to_owned()), "{title}");
                    guarded += 1;
                }
            }
        }
        assert!(guarded > 0, "{what}");
    }
}

#[tokio::test] // E5, E8, L9
async fn in_every_zone_reports_are_the_sum_of_their_entries() {
    let scene = Scene::new("Site").await;
    let zones = [
        "UTC",
        "Europe/Berlin",
        "Europe/Dublin",
        "America/New_York",
        "America/St_Johns",
        "America/Sao_Paulo",
        "America/Asuncion",
        "Australia/Lord_Howe",
        "Australia/Eucla",
        "Asia/Kathmandu",
        "Asia/Tehran",
        "Asia/Gaza",
        "Africa/Casablanca",
        "Pacific/Chatham",
        "Pacific/Apia",
        "Pacific/Kiritimati",
        "Antarctica/Troll",
        "Etc/GMT+12",
    ];
    let mut whole = 0;
    // Around each change of the clocks of a year, one entry after the other over its days.
    for (number, zone) in (0_i64..).zip(zones.iter().cycle().take(zones.len() * 5)) {
        let day = [("2026-03-07", 9), ("2026-03-28", 9), ("2026-04-04", 3), ("2026-10-24", 9), ("2026-10-31", 3)];
        let (first, days) = day[usize::try_from(number).unwrap() / zones.len()];
        let from: chrono::DateTime<chrono::Utc> = format!("{first}T00:00:00Z").parse().unwrap();
        let start = from + chrono::TimeDelta::seconds(number * 7_919 % (days * 86_400));
        let end = start + chrono::TimeDelta::seconds(1 + number * 104_729 % 100_000);
        whole += (end - start).num_seconds();
        let what = if number % 3 == 0 { json!(null) } else { json!(scene.native) };
        scene.add(Who::Member, json!({"task_id": what, "start": start, "end": end, "timezone": zone})).await;
    }
    let report = scene.report(Who::Member, "from=2026-01-01&to=2026-12-31&by=day").await;
    assert_eq!(report["seconds"], whole);
    let days: Vec<(String, i64)> = report["groups"]
        .as_array()
        .unwrap()
        .iter()
        .map(|day| (day["from"].as_str().unwrap().to_owned(), day["seconds"].as_i64().unwrap()))
        .collect();
    assert_eq!(days.iter().map(|(_, seconds)| seconds).sum::<i64>(), whole);
    for (at, (first, _)) in days.iter().enumerate().step_by(3) {
        let some = &days[at..(at + 4).min(days.len())];
        let range = format!("from={first}&to={}", some.last().unwrap().0);
        let sum: i64 = some.iter().map(|(_, seconds)| seconds).sum();
        for by in ["task", "person,week", "month,billable", "project,day"] {
            let report = scene.report(Who::Member, &format!("{range}&by={by}")).await;
            let groups = report["groups"].as_array().unwrap();
            let told: i64 =
                groups.iter().filter(|group| group["level"] == 1).map(|group| group["seconds"].as_i64().unwrap()).sum();
            assert_eq!((report["seconds"].as_i64().unwrap(), told), (sum, sum), "{range} {by}");
            let shares: u64 = groups.iter().map(|group| group["share"].as_u64().unwrap()).sum();
            assert_eq!(shares, 1000, "{range} {by}");
        }
        let rows = read_csv(&scene.file(Who::Member, &range).await);
        assert_eq!(rows.iter().map(|row| row["counted_seconds"].parse::<i64>().unwrap()).sum::<i64>(), sum, "{range}");
    }
}
