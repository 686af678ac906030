//! The way of one mail.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use lettre::address::Envelope;
use lettre::message::Mailbox;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};
use lettre::transport::smtp::response::Severity;
use secrecy::{ExposeSecret as _, SecretString};
use tallyport_domain::{Clock, Letter, Mailer, Posted};
use tokio::time::timeout;

use crate::BadSmtp;
use crate::config::{Security, SmtpConfig, Target};
use crate::message::{Travelling, compose};
use crate::steps::{Step, after_text, before_text};

/// How long one of several addresses of a server is tried.
const CONNECT: Duration = Duration::from_secs(20);
/// How long a server is waited for that has nothing to say any more which matters.
const FAREWELL: Duration = Duration::from_secs(5);

/// A mail server that is reached over SMTP. Each mail has a connection of its own.
pub struct Smtp {
    target: Target,
    security: Security,
    tls: Option<TlsParameters>,
    credentials: Option<(String, SecretString)>,
    from: Mailbox,
    reach: Duration,
    answer: Duration,
    clock: Arc<dyn Clock>,
}

impl std::fmt::Debug for Smtp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Smtp").field("target", &self.target).field("security", &self.security).finish_non_exhaustive()
    }
}

impl Smtp {
    /// A mail server; nothing is sent to it yet.
    ///
    /// # Errors
    /// [`BadSmtp`] for a configuration with which no mail could leave, or would leave in the open.
    pub fn new(config: SmtpConfig, clock: Arc<dyn Clock>) -> Result<Self, BadSmtp> {
        let (target, tls, from) = (config.target()?, config.tls()?, config.mailbox()?);
        let credentials = match (config.user, config.password) {
            (Some(user), Some(password)) => Some((user, password)),
            (None, None) => None,
            _ => return Err(BadSmtp::Credentials),
        };
        let SmtpConfig { security, reach, answer, .. } = config;
        Ok(Self { target, security, tls, credentials, from, reach, answer, clock })
    }

    /// Everything up to the text.
    async fn announce(&self, envelope: &Envelope) -> Result<AsyncSmtpConnection, Posted> {
        let mut connection = self.connect().await.map_err(|error| before_text(Step::Reach, &error))?;
        if let Some((user, password)) = &self.credentials {
            let credentials = Credentials::new(user.clone(), password.expose_secret().to_owned());
            let signed_in = connection.auth(DEFAULT_MECHANISMS, &credentials).await;
            signed_in.map_err(|error| before_text(Step::SignIn, &error))?;
        }
        let mut options = Vec::new();
        if envelope.from().into_iter().chain(envelope.to()).any(|address| !AsRef::<str>::as_ref(address).is_ascii()) {
            if !connection.server_info().supports_feature(Extension::SmtpUtfEight) {
                return Err(Posted::Refused("the mail server takes no addresses with such letters".to_owned()));
            }
            options.push(MailParameter::SmtpUtfEight);
        }
        let refused = |error| before_text(Step::Address, &error);
        connection.command(Mail::new(envelope.from().cloned(), options)).await.map_err(refused)?;
        for to in envelope.to() {
            connection.command(Rcpt::new(to.clone(), Vec::new())).await.map_err(refused)?;
        }
        let go_on = connection.command(Data).await.map_err(refused)?;
        if go_on.has_code(354) {
            Ok(connection)
        } else {
            // An answer too many was heard somewhere; whose answers the next ones are is not known.
            Err(Posted::NotSent(format!("the mail server answered {} where the text was to come", go_on.code())))
        }
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, lettre::transport::smtp::Error> {
        let hello = ClientId::default();
        let at_once = self.tls.clone().filter(|_| self.security == Security::Tls);
        let connecting = Some(CONNECT);
        let mut connection = match &self.target {
            Target::Named(host, port) => {
                AsyncSmtpConnection::connect_tokio1((host.as_str(), *port), connecting, &hello, at_once, None).await?
            }
            Target::Here(addresses) => {
                AsyncSmtpConnection::connect_tokio1(addresses.as_slice(), connecting, &hello, at_once, None).await?
            }
        };
        if self.security == Security::StartTls
            && let Some(tls) = self.tls.clone()
        {
            connection.starttls(tls, &hello).await?;
        }
        Ok(connection)
    }
}

#[async_trait]
impl Mailer for Smtp {
    async fn send(&self, letter: &Letter) -> Posted {
        let Travelling { envelope, text } = match compose(letter, &self.from, self.clock.now()) {
            Ok(travelling) => travelling,
            Err(why) => return Posted::Refused(why),
        };
        let mut connection = match timeout(self.reach, self.announce(&envelope)).await {
            Ok(Ok(connection)) => connection,
            Ok(Err(posted)) => return posted,
            Err(_) => return Posted::NotSent("the mail server did not answer in time".to_owned()),
        };
        // From here on the mail may arrive.
        let answered = match timeout(self.answer, connection.message(&text)).await {
            Ok(Ok(answer)) if answer.code().severity == Severity::PositiveCompletion => Posted::Sent,
            Ok(Ok(answer)) => Posted::Unknown(format!("the mail server answered {} to the text", answer.code())),
            Ok(Err(error)) => after_text(&error),
            Err(_) => Posted::Unknown("the mail server did not say in time whether it took the text".to_owned()),
        };
        let _said = timeout(FAREWELL, connection.quit()).await;
        answered
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test] // N3
    fn whatever_a_server_does_sending_returns_within_two_minutes() {
        let config = SmtpConfig::at("mail.example.com", Security::Tls, "a@b.example");
        assert!(config.reach + config.answer + FAREWELL < Duration::from_mins(2));
    }
}
