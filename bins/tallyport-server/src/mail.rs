//! Settings of the mail server.

use secrecy::SecretString;
use tallyport_compose::{Security, SmtpConfig};

use crate::failure::Failure;
use crate::settings::{SMTP_CERTIFICATES, SMTP_FROM, SMTP_HOST, SMTP_PASSWORD_FILE, SMTP_PORT, SMTP_SECURITY, SMTP_USER};
use crate::values::Values;
use crate::{env, file};

/// The mail server, if one is set.
///
/// # Errors
/// Settings of a mail server without one, a mail server without a sender, and values that cannot be used.
pub(crate) fn config(values: &Values) -> Result<Option<SmtpConfig>, Failure> {
    let Some(host) = values.read(SMTP_HOST, |text| Ok(text.trim().to_owned()))? else {
        let others = [SMTP_CERTIFICATES, SMTP_FROM, SMTP_PASSWORD_FILE, SMTP_PORT, SMTP_SECURITY, SMTP_USER];
        return match others.into_iter().find(|key| values.has(key)) {
            Some(key) => Err(Failure::settings(
                format!("{key} is set, but no mail server"),
                "Say which one with smtp-host, or leave out what begins with smtp.",
            )),
            None => Ok(None),
        };
    };
    let from = values.read(SMTP_FROM, |text| Ok(text.trim().to_owned()))?.ok_or_else(|| {
        Failure::settings(
            "a mail server is set, but nobody from whom mail comes",
            "Say it with smtp-from, such as tallyport@example.com.",
        )
    })?;
    let user = values.read(SMTP_USER, |text| Ok(text.trim().to_owned()))?;
    let password = match values.read(SMTP_PASSWORD_FILE, text)? {
        Some(text) => Some(SecretString::from(text.trim_end_matches(['\r', '\n']))),
        // The variable alone may be there for another program as well.
        None => env::read(env::SMTP_PASSWORD).map(SecretString::from).filter(|_| user.is_some()),
    };
    let security = values.read(SMTP_SECURITY, security)?.unwrap_or(Security::StartTls);
    Ok(Some(SmtpConfig {
        port: values.read(SMTP_PORT, port)?,
        user,
        password,
        trusted: values.read(SMTP_CERTIFICATES, text)?.map(String::into_bytes),
        ..SmtpConfig::at(&host, security, &from)
    }))
}

fn security(text: &str) -> Result<Security, String> {
    Security::parse(text.trim()).ok_or_else(|| "it is none of starttls, tls and plain".to_owned())
}

fn port(text: &str) -> Result<u16, String> {
    text.trim().parse().ok().filter(|port| *port > 0).ok_or_else(|| "it is no port".to_owned())
}

/// What stands in the file that a setting names; it may be a secret, and so is in no error.
fn text(path: &str) -> Result<String, String> {
    file::text(path.trim().as_ref()).map_err(|error| format!("{}: {error}", path.trim()))
}
