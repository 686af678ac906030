//! The HTTP client below: reqwest with a TLS configuration of its own, so that no process-wide one is needed or touched.

use std::error::Error;
use std::sync::Arc;

use reqwest::{Client, redirect, retry};
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt;

use super::{Address, Limits};

/// Makes the client. It follows no redirect, which could carry the token elsewhere.
pub(super) fn client(address: &Address, agent: &str, limits: &Limits) -> Result<Client, Box<dyn Error + Send + Sync>> {
    let mut builder = Client::builder()
        .tls_backend_preconfigured(tls(address.is_https())?)
        .user_agent(agent)
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .referer(false)
        .gzip(true)
        .connect_timeout(limits.connect);
    if address.is_loopback() {
        // A proxy of the environment is not this machine, and would get the token in clear.
        builder = builder.no_proxy();
    }
    Ok(builder.build()?)
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
