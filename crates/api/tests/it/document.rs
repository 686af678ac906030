//! The document of the API.

use std::collections::BTreeSet;

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
