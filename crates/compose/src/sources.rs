//! Toggl, built when something is asked of it and not before.

use std::sync::{Arc, Mutex, PoisonError};

use secrecy::{ExposeSecret as _, SecretString};
use tallyport_app::SourceFactory;
use tallyport_domain::{Clock, Random, Source, SourceError};
use tallyport_toggl::{Config, ConfigError, Toggl};

/// How many tokens are remembered with what was learned of their limits.
const REMEMBERED: usize = 16;

/// Makes a source for each token, and keeps it: what it learns of Toggl's limits holds for all that the token asks (I19).
pub struct TogglSources {
    config: Config,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    made: Mutex<Vec<(SecretString, Arc<dyn Source>)>>,
}

impl TogglSources {
    /// Checks the settings; no client is built yet, and no certificate read.
    ///
    /// # Errors
    /// An address that the token must not be sent to, or a pace that is none.
    pub fn new(config: Config, clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Result<Self, ConfigError> {
        config.check()?;
        Ok(Self { config, clock, random, made: Mutex::default() })
    }
}

impl SourceFactory for TogglSources {
    fn source(&self, token: &SecretString) -> Result<Arc<dyn Source>, SourceError> {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, source)) = made.iter().find(|(known, _)| known.expose_secret() == token.expose_secret()) {
            return Ok(source.clone());
        }
        let (clock, random) = (self.clock.clone(), self.random.clone());
        let toggl = Toggl::new(self.config.clone(), token.clone(), clock, random);
        let toggl: Arc<dyn Source> =
            Arc::new(toggl.map_err(|error| SourceError::Unreachable {
                endpoint: self.config.base_url.clone(),
                detail: error.to_string(),
            })?);
        if made.len() == REMEMBERED {
            made.remove(0);
        }
        made.push((token.clone(), toggl.clone()));
        Ok(toggl)
    }
}
