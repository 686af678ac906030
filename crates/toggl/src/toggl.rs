//! The source itself.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::ClientBuilder;
use secrecy::SecretString;
use tallyport_domain::{
    Clock, Impatient, Part, Parts, Random, ReadProgress, ReadRequest, Reading, Source, SourceError, SourceUser, SourceWorkspace,
    WaitFor,
};

use crate::asker::{Asker, Connection, Trouble};
use crate::config::{Base, Config, ConfigError};
use crate::credential::Credential;
use crate::endpoint::Endpoint;
use crate::limits::Limits;
use crate::retry::Backoff;
use crate::transport::Transport;
use crate::web::Http;
use crate::{snapshot, wire};

/// How long somebody who only asked for a name is kept waiting between two tries.
const PATIENCE: TimeDelta = TimeDelta::seconds(10);

/// Toggl Track, as the owner of one API token sees it.
///
/// What it learns of Toggl's limits holds for all that is asked through it, so one is made per token and kept.
pub struct Toggl {
    config: Config,
    connection: Connection,
}

impl fmt::Debug for Toggl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Toggl").field("config", &self.config).finish_non_exhaustive()
    }
}

impl Toggl {
    /// Prepares to talk to Toggl; nothing is sent yet.
    ///
    /// # Errors
    /// A base that the token must not be sent to, a pace that is none, or a machine without certificates to trust.
    pub fn new(config: Config, token: SecretString, clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Result<Self, ConfigError> {
        let transport = Arc::new(Http::new(&config, &config.base()?, None)?);
        Self::over(config, transport, token, clock, random)
    }

    /// The same with an embedder's own HTTP client, for proxies and certificates of theirs.
    ///
    /// It comes as a builder so that redirects can be turned off, which would carry the token elsewhere (I18), and the
    /// configuration's timeouts set. Its TLS is left as it is.
    ///
    /// # Errors
    /// Those of [`Toggl::new`], and a builder that does not build.
    pub fn with_client(
        config: Config,
        client: ClientBuilder,
        token: SecretString,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Self, ConfigError> {
        let transport = Arc::new(Http::new(&config, &config.base()?, Some(client))?);
        Self::over(config, transport, token, clock, random)
    }

    /// The same over another transport: a stand-in in this process, say.
    ///
    /// # Errors
    /// Those of [`Toggl::new`] that concern the configuration.
    pub fn over(
        config: Config,
        transport: Arc<dyn Transport>,
        token: SecretString,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Self, ConfigError> {
        let base = config.base()?;
        let limits = Limits::new(config.pace(base.loopback)?, config.quota_reserve);
        let backoff = Backoff::new(config.retry_base, base.loopback);
        let credential = Credential::new(token);
        let Base { url, loopback, .. } = base;
        let connection = Connection { transport, credential, base: url, loopback, limits, backoff, clock, random };
        Ok(Self { config, connection })
    }
}

#[async_trait]
impl Source for Toggl {
    async fn identify(&self) -> Result<SourceUser, SourceError> {
        let connection = &self.connection;
        let nobody = Nobody { clock: &*connection.clock };
        let endpoint = Endpoint::me();
        let asker = Asker::new(connection, &nobody);
        match asker.get(&endpoint).await {
            Ok(answer) => wire::me(&answer.body).map_err(|why| asker.nonsense(&endpoint, &why)),
            Err(Trouble::Refused(refusal)) if refusal.login && connection.credential.looks_like_focus() => {
                Err(SourceError::OtherProduct)
            }
            Err(trouble) => Err(trouble.into()),
        }
    }

    async fn workspaces(&self) -> Result<Vec<SourceWorkspace>, SourceError> {
        let nobody = Nobody { clock: &*self.connection.clock };
        let seen = snapshot::workspaces(&self.connection, &nobody).await?;
        Ok(seen.into_iter().map(|seen| seen.workspace).collect())
    }

    async fn read(&self, request: ReadRequest, parts: &dyn Parts) -> Result<Reading, SourceError> {
        snapshot::read(&self.connection, request, parts).await
    }
}

/// Nobody follows a single question; it waits for what passes soon, and for nothing else.
struct Nobody<'a> {
    clock: &'a dyn Clock,
}

#[async_trait]
impl Parts for Nobody<'_> {
    async fn keep(&self, _: Part) {}

    fn progress(&self, _: ReadProgress) {}

    async fn wait(&self, until: DateTime<Utc>, why: WaitFor) -> Result<(), Impatient> {
        if why == WaitFor::Quota || until - self.clock.now() > PATIENCE {
            return Err(Impatient);
        }
        self.clock.sleep_until(until).await;
        Ok(())
    }
}
