//! The document of the API.

use std::collections::BTreeSet;

use insta::Settings;
use serde_json::Value;

#[test]
fn the_document_is_the_one_that_was_looked_at_last() {
    let mut settings = Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_sort_maps(true);
    settings.bind(|| insta::assert_json_snapshot!("openapi", tallyport_api::openapi()));
}

#[test]
fn the_document_has_every_route_with_its_scope() {
    let routed: BTreeSet<String> = tallyport_api::routes()
        .iter()
        .map(|route| format!("{} {} {}", route.method, route.path, route.scope.map_or("nobody", |scope| scope.as_str())))
        .collect();
    let document = tallyport_api::openapi();
    let mut documented = BTreeSet::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let scope = operation["x-scope"].as_str().unwrap_or("nobody");
            documented.insert(format!("{} {path} {scope}", method.to_uppercase()));
        }
    }
    assert_eq!(documented, routed);
}

#[test]
fn the_operations_in_a_list() {
    let document = tallyport_api::openapi();
    let operations =
        document["paths"].as_object().unwrap().values().flat_map(|operations| operations.as_object().unwrap().values());
    let mut lines: Vec<String> = operations.map(in_short).collect();
    lines.sort();
    insta::assert_snapshot!(lines.join("\n"));
}

/// The id, the scope, what it hears and what it answers.
fn in_short(operation: &Value) -> String {
    let name = |schema: &Value| {
        let of = |schema: &Value| schema["$ref"].as_str().unwrap_or_default().rsplit('/').next().unwrap_or_default().to_owned();
        if schema["type"] == "array" { format!("[{}]", of(&schema["items"])) } else { of(schema) }
    };
    let parameters =
        operation["parameters"].as_array().into_iter().flatten().map(|parameter| parameter["name"].as_str().unwrap());
    let body = name(&operation["requestBody"]["content"]["application/json"]["schema"]);
    let answers = operation["responses"].as_object().unwrap().iter().filter(|(status, _)| *status != "default");
    let answers = answers.map(|(status, answer)| {
        let content = answer["content"].as_object().and_then(|content| content.iter().next());
        content.map_or(status.clone(), |(kind, content)| format!("{status} {} {}", kind, name(&content["schema"])))
    });
    let parts = [
        operation["operationId"].as_str().unwrap().to_owned(),
        operation["x-scope"].as_str().unwrap_or_default().to_owned(),
        parameters.collect::<Vec<_>>().join(" "),
        body,
        answers.collect::<Vec<_>>().join(", "),
    ];
    parts.join(" | ")
}

#[cfg(feature = "docs")]
mod page {
    use axum::Router;
    use axum::body::Body;
    use http::{HeaderMap, Request, StatusCode, header};
    use http_body_util::BodyExt as _;
    use serde_json::Value;
    use tower::ServiceExt as _;

    async fn get(path: &str) -> (StatusCode, HeaderMap, String) {
        let router: Router = tallyport_api::docs();
        let response = router.oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let body = response.into_body().collect().await.unwrap().to_bytes();
        (status, headers, String::from_utf8_lossy(&body).into_owned())
    }

    #[tokio::test]
    async fn the_document_is_served() {
        let (status, headers, text) = get("/api/openapi.json").await;
        assert_eq!((status, &headers[header::CONTENT_TYPE]), (StatusCode::OK, &"application/json".parse().unwrap()));
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), tallyport_api::openapi());
    }

    #[tokio::test]
    async fn the_page_shows_it_with_nothing_from_another_host() {
        let (status, headers, _) = get("/api/docs").await;
        assert_eq!((status, &headers[header::LOCATION]), (StatusCode::PERMANENT_REDIRECT, &"/api/docs/".parse().unwrap()));
        let (status, headers, page) = get("/api/docs/").await;
        assert_eq!(status, StatusCode::OK);
        assert!(headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap().contains("script-src 'self';"));
        let named: Vec<&str> = page.split(['"', '\'']).filter(|text| text.contains("//") || text.contains("./")).collect();
        assert!(named.len() > 3 && named.iter().all(|text| text.starts_with("./")), "{named:?}");
        for file in named {
            let (status, headers, text) = get(&format!("/api/docs/{}", &file[2..])).await;
            assert!(status.is_success() && headers.contains_key(header::CONTENT_TYPE), "{file}");
            if file.contains("initializer") {
                assert!(text.contains("\"/api/openapi.json\"") && text.contains("\"validatorUrl\": \"none\""), "{text}");
            }
        }
        assert_eq!(get("/api/docs/what.js").await.0, StatusCode::NOT_FOUND);
    }
}
