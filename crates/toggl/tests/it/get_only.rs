//! Nothing but GET leaves, to nobody but the configured host, and with TLS of its own (I2, I18).

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use http::{HeaderMap, HeaderValue, StatusCode};
use tallyport_domain::{Source, SourceError};
use tallyport_simulator::{Size, World, secrets};
use tallyport_toggl::{Answer, Broken, Config, Toggl, Transport};

use crate::support::{
    Account, Canned, Listener, Simulated, TOKEN, TestClock, TestRandom, config, json, request, serve, toggl, toggl_with,
};

#[tokio::test] // I18
async fn every_request_is_a_get_without_a_body() {
    let server = serve(Account::new().with_projects(250).with_tasks(250), |_, _| None).await;
    let clock = TestClock::new();
    let toggl = toggl(&server.url, &clock);
    toggl.identify().await.unwrap();
    toggl.workspaces().await.unwrap();
    toggl.read(request(), &Listener::patient(&clock)).await.unwrap();
    let requests = server.requests();
    assert!(requests.len() > 8);
    for request in &requests {
        assert_eq!(request.method, "GET");
        assert_eq!(request.header("content-length"), None);
        assert_eq!(request.header("transfer-encoding"), None);
        assert_eq!(request.header("referer"), None);
        assert!(request.header("accept-encoding").unwrap().contains("gzip"));
    }
}

#[tokio::test] // I18
async fn whatever_the_simulator_is_asked_it_is_never_told_to_write() {
    let simulated = Simulated::of(World::generate(1, &Size::default()));
    simulated.toggl.identify().await.unwrap();
    simulated.read().await.unwrap();
    assert!(simulated.simulator().requests().len() > 4);
    assert_eq!(simulated.simulator().requests_that_write(), 0);
}

#[tokio::test] // I2, I19
async fn secrets_of_harmless_bodies_reach_neither_reading_nor_parts() {
    let simulated = Simulated::of(World::generate(2, &Size { members: 20, ..Size::default() }));
    let token = simulated.simulator().owner_token().unwrap();
    let listener = Listener::patient(&simulated.clock);
    let user = simulated.toggl.identify().await.unwrap();
    let reading = simulated.toggl.read(request(), &listener).await.unwrap();
    assert!(!listener.kept().is_empty());
    let parts: Vec<u8> = listener.kept().iter().flat_map(|part| part.bytes.clone()).collect();
    let shown = format!("{user:?} {reading:?} {:?} {}", listener.told(), String::from_utf8_lossy(&parts));
    for secret in secrets::ALL.into_iter().chain([token.as_str()]) {
        assert!(!shown.contains(secret), "{secret}");
    }
}

#[tokio::test] // I18
async fn a_client_of_the_embedders_own_does_not_follow_redirects_either() {
    let trap = Canned::serve(|_, _| json("{\"id\":1}")).await;
    let to = format!("{}/me", trap.url);
    let server = Canned::serve(move |_, _| crate::support::reply(307, &[("location", &to)], "")).await;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let tls = tls.with_root_certificates(rustls::RootCertStore::empty()).with_no_client_auth();
    let builder = reqwest::Client::builder().tls_backend_preconfigured(tls).redirect(reqwest::redirect::Policy::limited(5));
    let clock = TestClock::new();
    let toggl = Toggl::with_client(config(&server.url), builder, TOKEN.into(), clock, Arc::new(TestRandom(0))).unwrap();
    assert!(matches!(toggl.identify().await, Err(SourceError::Nonsense { .. })));
    assert!(trap.requests().is_empty());
}

#[test]
fn a_client_for_toggl_itself_is_built_without_any_tls_provider_of_the_process() {
    assert!(rustls::crypto::CryptoProvider::get_default().is_none());
    let clock = TestClock::new();
    for config in [Config::default(), Config::at("https://toggl.example/api/v9"), Config::at("http://127.0.0.1:1/")] {
        Toggl::new(config, TOKEN.into(), clock.clone(), Arc::new(TestRandom(0))).unwrap();
    }
    assert!(rustls::crypto::CryptoProvider::get_default().is_none(), "nor is one installed");
}

#[tokio::test] // I18
async fn a_server_that_speaks_no_tls_does_not_get_the_token_in_clear() {
    let server = serve(Account::new(), |_, _| None).await;
    let hasty = Config { connect_timeout: Duration::from_millis(200), ..config(&server.url.replace("http://", "https://")) };
    let error = toggl_with(hasty, TOKEN, &TestClock::new()).identify().await.unwrap_err();
    assert!(matches!(error, SourceError::Unreachable { .. }), "{error:?}");
    assert!(server.requests().is_empty());
}

/// A transport in this process.
struct InProcess;

#[async_trait]
impl Transport for InProcess {
    async fn get(&self, target: &str, authorization: HeaderValue) -> Result<Answer, Broken> {
        assert!(authorization.is_sensitive());
        match target {
            "/me" => Ok(Answer { status: StatusCode::OK, headers: HeaderMap::new(), body: "{\"id\":1}".into() }),
            _ => Err(Broken::Lost(format!("no {target} here, {TOKEN}"))),
        }
    }
}

#[tokio::test] // I2
async fn another_transport_can_stand_in_for_the_network() {
    let clock = TestClock::new();
    let toggl =
        Toggl::over(Config::at("http://localhost"), Arc::new(InProcess), TOKEN.into(), clock, Arc::new(TestRandom(0))).unwrap();
    assert_eq!(toggl.identify().await.unwrap().id.0, 1);
    let SourceError::Unreachable { detail, .. } = toggl.workspaces().await.unwrap_err() else { panic!() };
    assert_eq!(detail, "no /me/workspaces here, …");
}
