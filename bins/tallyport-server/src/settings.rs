//! Every setting, in one table: from it come the flags, the environment variables, the keys of the file, and the file of defaults.

/// A setting, whatever way it comes in.
#[derive(Debug)]
pub(crate) struct Setting {
    /// Its key in the file; with two dashes before it, its flag.
    pub(crate) key: &'static str,
    /// Its environment variable.
    pub(crate) variable: &'static str,
    /// What stands for its value in the help.
    pub(crate) value: &'static str,
    /// What it is for, as a sentence without its end.
    pub(crate) text: &'static str,
    /// What holds where it is not set, as it would stand in the file.
    pub(crate) default: &'static str,
    /// Whether that is a value, or an example where nothing holds.
    pub(crate) is_example: bool,
    /// Whether it takes several values.
    pub(crate) is_list: bool,
}

const fn setting(key: &'static str, variable: &'static str, value: &'static str, text: &'static str) -> Setting {
    Setting { key, variable, value, text, default: "", is_example: true, is_list: false }
}

impl Setting {
    const fn by_default(self, default: &'static str) -> Self {
        Self { default, is_example: false, ..self }
    }

    const fn such_as(self, default: &'static str) -> Self {
        Self { default, is_example: true, ..self }
    }

    const fn list(self) -> Self {
        Self { is_list: true, ..self }
    }
}

/// Where it listens.
pub(crate) const LISTEN: &str = "listen";
/// Where people reach it.
pub(crate) const PUBLIC_URL: &str = "public-url";
/// The database.
pub(crate) const DATABASE: &str = "database";
/// Where it tells its numbers.
pub(crate) const METRICS_LISTEN: &str = "metrics-listen";
/// Whose word counts on addresses.
pub(crate) const TRUSTED_PROXIES: &str = "trusted-proxies";
/// The base of Toggl's API.
pub(crate) const TOGGL_URL: &str = "toggl-url";
/// Requests a second to Toggl.
pub(crate) const TOGGL_RATE: &str = "toggl-rate";
/// The mail server.
pub(crate) const SMTP_HOST: &str = "smtp-host";
/// Its port.
pub(crate) const SMTP_PORT: &str = "smtp-port";
/// How the way to it is kept secret.
pub(crate) const SMTP_SECURITY: &str = "smtp-security";
/// Who signs in there.
pub(crate) const SMTP_USER: &str = "smtp-user";
/// Where their password is.
pub(crate) const SMTP_PASSWORD_FILE: &str = "smtp-password-file";
/// From whom mail comes.
pub(crate) const SMTP_FROM: &str = "smtp-from";
/// Certificates that are trusted beside those of the machine.
pub(crate) const SMTP_CERTIFICATES: &str = "smtp-certificates";
/// The shape of logs.
pub(crate) const LOG_FORMAT: &str = "log-format";
/// How much is logged.
pub(crate) const LOG_LEVEL: &str = "log-level";

/// The file of settings, which cannot name itself.
pub(crate) const CONFIG: Setting =
    setting("config", "TALLYPORT_CONFIG", "FILE", "A file of settings; flags and environment variables come before it");

/// Every setting that a file can hold, in the order in which it is told.
pub(crate) const SETTINGS: &[Setting] = &[
    setting(LISTEN, "TALLYPORT_LISTEN", "ADDRESS:PORT", "Where to listen; beyond this machine only with a public-url")
        .by_default("\"127.0.0.1:8080\""),
    setting(
        PUBLIC_URL,
        "TALLYPORT_PUBLIC_URL",
        "URL",
        "Where people reach the server; links in mails and cookies rest on it. By default where it listens",
    )
    .such_as("\"https://time.example.com\""),
    setting(
        DATABASE,
        "TALLYPORT_DATABASE",
        "PATH",
        "The database, made where there is none; by default a file in the platform's data directory",
    )
    .such_as("\"/var/lib/tallyport/tallyport.db\""),
    setting(
        METRICS_LISTEN,
        "TALLYPORT_METRICS_LISTEN",
        "ADDRESS:PORT",
        "Where to serve /metrics for Prometheus; nowhere by default. Whoever reaches it can read it",
    )
    .such_as("\"127.0.0.1:9090\""),
    setting(
        TRUSTED_PROXIES,
        "TALLYPORT_TRUSTED_PROXIES",
        "NETWORKS",
        "The reverse proxies whose X-Forwarded-For is believed, with commas between them; none by default",
    )
    .such_as("[\"127.0.0.1\", \"10.0.0.0/8\"]")
    .list(),
    setting(
        TOGGL_URL,
        "TALLYPORT_TOGGL_URL",
        "URL",
        "The base of Toggl's API; anything else than Toggl's own host must be https or on this machine",
    )
    .by_default("\"https://api.track.toggl.com/api/v9\""),
    setting(
        TOGGL_RATE,
        "TALLYPORT_TOGGL_RATE",
        "N",
        "Requests a second to Toggl; by default Toggl's safe pace, and none on this machine",
    )
    .such_as("1"),
    setting(
        SMTP_HOST,
        "TALLYPORT_SMTP_HOST",
        "HOST",
        "The mail server; without one no mail leaves, and links are shown to be copied",
    )
    .such_as("\"mail.example.com\""),
    setting(SMTP_FROM, "TALLYPORT_SMTP_FROM", "ADDRESS", "From whom mail comes; needed with smtp-host")
        .such_as("\"Tallyport <tallyport@example.com>\""),
    setting(
        SMTP_SECURITY,
        "TALLYPORT_SMTP_SECURITY",
        "HOW",
        "How the way to the mail server is kept secret: starttls, tls, or plain for one on this machine",
    )
    .by_default("\"starttls\""),
    setting(
        SMTP_PORT,
        "TALLYPORT_SMTP_PORT",
        "PORT",
        "The port of the mail server; by default 587 for starttls, 465 for tls, 25 for plain",
    )
    .such_as("587"),
    setting(SMTP_USER, "TALLYPORT_SMTP_USER", "USER", "Who signs in at the mail server; nobody by default")
        .such_as("\"tallyport\""),
    setting(
        SMTP_PASSWORD_FILE,
        "TALLYPORT_SMTP_PASSWORD_FILE",
        "FILE",
        "The file that holds their password, unless TALLYPORT_SMTP_PASSWORD does",
    )
    .such_as("\"/etc/tallyport/smtp-password\""),
    setting(
        SMTP_CERTIFICATES,
        "TALLYPORT_SMTP_CERTIFICATES",
        "FILE",
        "Certificates (PEM) to trust of the mail server beside those that the machine trusts",
    )
    .such_as("\"/etc/tallyport/mail-ca.pem\""),
    setting(
        LOG_FORMAT,
        "TALLYPORT_LOG_FORMAT",
        "FORMAT",
        "How logs are written to standard error: text, or json with an object a line",
    )
    .by_default("\"text\""),
    setting(LOG_LEVEL, "TALLYPORT_LOG_LEVEL", "LEVEL", "How much is logged: error, warn, info or debug").by_default("\"info\""),
];

/// Secrets come from the environment alone: a command line is read by others, and a file of settings is copied around.
pub(crate) const SECRETS: &[(&str, &str)] = &[
    (
        crate::env::SECRET_KEY,
        "The keys that seal Toggl tokens, the first of them for new ones; by default in a file beside the database",
    ),
    (crate::env::SMTP_PASSWORD, "The password of smtp-user"),
];

/// The file of defaults: every setting, commented out.
pub(crate) fn file() -> String {
    let settings = SETTINGS.iter().map(Setting::lines).collect::<Vec<_>>().concat();
    let secrets = SECRETS.iter().map(|(variable, text)| format!("# {variable}: {text}.\n")).collect::<Vec<_>>().concat();
    format!(
        "# The settings of tallyport-server, each with what holds where it is not set.\n\
         # Flags come before environment variables, and those before this file: `tallyport-server --config FILE`.\n\
         {settings}\n\
         # Secrets do not belong into this file. They are read from the environment:\n\
         {secrets}"
    )
}

impl Setting {
    fn lines(&self) -> String {
        let Self { key, variable, text, default, .. } = self;
        let example = if self.is_example { " (an example; not set by default)" } else { "" };
        format!("\n# {text}.\n# Flag --{key}, variable {variable}{example}\n#{key} = {default}\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_is_named_after_its_key() {
        for setting in SETTINGS.iter().chain([&CONFIG]) {
            let named = format!("TALLYPORT_{}", setting.key.to_uppercase().replace('-', "_"));
            assert_eq!(setting.variable, named);
            assert!(!setting.text.ends_with('.'), "{}", setting.key);
        }
    }
}
