//! The transport in use: reqwest with a TLS configuration of its own, so that no process-wide one is needed or touched.

use std::error::Error;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, StatusCode};
use reqwest::{Client, ClientBuilder, Response, redirect, retry};
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt;

use crate::config::{Base, Config, ConfigError};
use crate::transport::{Answer, Broken, Transport};

/// The largest body that is taken, counted as it is unpacked: a few kilobytes of gzip can become gigabytes.
const LONGEST_BODY: usize = 32 * 1024 * 1024;
/// As much of the body of a refusal as is read.
const LONGEST_REFUSAL: usize = 64 * 1024;

/// GET requests over HTTP.
#[derive(Debug)]
pub(crate) struct Http {
    client: Client,
    base: String,
}

impl Http {
    /// Makes the client. `builder` is an embedder's own, with its proxies and certificates.
    pub(crate) fn new(config: &Config, base: &Base, builder: Option<ClientBuilder>) -> Result<Self, ConfigError> {
        let builder = match builder {
            Some(builder) => builder,
            None => Client::builder().tls_backend_preconfigured(tls(base.https).map_err(ConfigError::Tls)?),
        };
        let agent = HeaderValue::from_str(&config.user_agent)
            .map_err(|_| ConfigError::BadUserAgent(config.user_agent.chars().take(100).collect()))?;
        let json = HeaderValue::from_static("application/json");
        let headers = HeaderMap::from_iter([(ACCEPT, json.clone()), (CONTENT_TYPE, json)]);
        let mut builder = builder
            .user_agent(agent)
            .default_headers(headers)
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            .referer(false)
            .gzip(true)
            .connect_timeout(config.connect_timeout)
            .read_timeout(config.read_timeout)
            .timeout(config.request_timeout);
        if base.loopback {
            // A proxy of the environment is not this machine, and would get the token in clear.
            builder = builder.no_proxy();
        }
        Ok(Self { client: builder.build().map_err(ConfigError::Client)?, base: base.url.clone() })
    }
}

/// TLS with ring and the certificates that this machine trusts; with none at all where only plain HTTP is spoken.
fn tls(https: bool) -> Result<ClientConfig, rustls::Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    let builder = if https { builder.with_platform_verifier()? } else { builder.with_root_certificates(RootCertStore::empty()) };
    let mut config = builder.with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

#[async_trait]
impl Transport for Http {
    async fn get(&self, target: &str, authorization: HeaderValue) -> Result<Answer, Broken> {
        let request = self.client.get(format!("{}{target}", self.base)).header(AUTHORIZATION, authorization);
        let mut response = request.send().await.map_err(|error| broken(&error))?;
        let status = response.status();
        let headers = std::mem::take(response.headers_mut());
        let body = if status == StatusCode::OK { whole(response).await? } else { beginning(response).await };
        Ok(Answer { status, headers, body })
    }
}

async fn whole(mut response: Response) -> Result<Bytes, Broken> {
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| broken(&error))? {
        if body.len() + chunk.len() > LONGEST_BODY {
            return Err(Broken::Nonsense(format!("the body is larger than {} MiB", LONGEST_BODY / 1024 / 1024)));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// As much of a refusal as came: the status alone says enough.
async fn beginning(mut response: Response) -> Bytes {
    let mut body = BytesMut::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        body.extend_from_slice(&chunk[..chunk.len().min(LONGEST_REFUSAL - body.len())]);
        if body.len() == LONGEST_REFUSAL {
            break;
        }
    }
    body.freeze()
}

fn broken(error: &reqwest::Error) -> Broken {
    let chain = || std::iter::successors(Some(error as &dyn Error), |error| (*error).source());
    let hyper = || chain().filter_map(|error| error.downcast_ref::<hyper::Error>());
    if error.is_timeout() {
        let what = if error.is_connect() { "no connection came about in time" } else { "the answer did not come in time" };
        return Broken::TimedOut(what.to_owned());
    }
    if hyper().any(hyper::Error::is_parse) {
        return Broken::Nonsense("the answer is not HTTP".to_owned());
    }
    // The outer errors name the address, the innermost one says what happened.
    let inner = chain().last().map_or_else(String::new, ToString::to_string);
    if error.is_decode() && hyper().next().is_none() {
        return Broken::Nonsense(format!("the body cannot be unpacked: {inner}"));
    }
    Broken::Lost(inner)
}
