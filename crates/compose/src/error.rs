//! What can go wrong before a request can be sent.

use tallyport_api_types::{Code, Problem};
use tallyport_toggl::ConfigError;

/// Why the parts cannot be put together, or nobody can act.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Store, keys, or a use case.
    #[error(transparent)]
    App(#[from] tallyport_app::Error),
    /// Toggl's address or pace cannot be used.
    #[error(transparent)]
    Toggl(#[from] ConfigError),
    /// No mail could leave with these settings.
    #[cfg(feature = "server")]
    #[error(transparent)]
    Mail(#[from] tallyport_mail::BadSmtp),
    /// The database has no account yet.
    #[error("there is no account in this database yet")]
    NoAccount,
    /// The database has several accounts and none was named.
    #[error("this database has several accounts")]
    WhichAccount(Vec<String>),
    /// The database has no account of this name or number.
    #[error("there is no account {named:?}")]
    UnknownAccount {
        /// What was named.
        named: String,
        /// The accounts there are.
        accounts: Vec<String>,
    },
    /// Several people could act and none was named.
    #[error("several people could act here")]
    WhichPerson(Vec<String>),
    /// The one who was named to act is not in the account.
    #[error("nobody in this account has the email {0}")]
    UnknownPerson(String),
    /// The one who was named to act is deactivated.
    #[error("{0} is deactivated and cannot act")]
    PersonInactive(String),
    /// A server of this machine serves the database already.
    #[error(
        "the database {database} is served already{}",
        .process.map(|process| format!(", by process {process}")).unwrap_or_default()
    )]
    Served {
        /// Which database.
        database: String,
        /// The number of that server's process, where it is known.
        process: Option<u32>,
    },
    /// The file by which servers agree who serves a database cannot be used.
    #[error("{path} cannot be locked")]
    ServerLock {
        /// Which file.
        path: String,
        /// Why.
        #[source]
        cause: std::io::Error,
    },
    /// Nothing can listen at the address.
    #[error("nothing can listen at {address}: {cause}")]
    Listen {
        /// Where.
        address: std::net::SocketAddr,
        /// Why.
        #[source]
        cause: std::io::Error,
    },
    /// The database that a demonstration was to be served from holds somebody's accounts.
    #[error("the database holds accounts that are no demonstration's")]
    NoDemonstration,
    /// The demonstration cannot be set up on this machine.
    #[error("the demonstration cannot be set up")]
    Demo(#[source] std::io::Error),
}

impl Error {
    /// The name of this error in every interface.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Self::App(error) => error.code(),
            Self::Toggl(ConfigError::Tls(_) | ConfigError::Client(_)) | Self::Demo(_) => Code::Internal,
            #[cfg(feature = "server")]
            Self::Mail(_) => Code::InvalidRequest,
            Self::Toggl(_) | Self::Listen { .. } | Self::NoDemonstration => Code::InvalidRequest,
            Self::Served { .. } | Self::ServerLock { .. } => Code::DatabaseUnusable,
            Self::NoAccount | Self::WhichAccount(_) => Code::AccountNeeded,
            Self::WhichPerson(_) => Code::ActorNeeded,
            Self::UnknownAccount { .. } | Self::UnknownPerson(_) => Code::NotFound,
            Self::PersonInactive(_) => Code::PersonInactive,
        }
    }

    /// The error as the API would tell it, in words of the terminal: whoever opens a database stands at one.
    #[must_use]
    pub fn problem(&self) -> Problem {
        let hint = match self {
            Self::App(error) => Code::in_terminal(&error.hint()),
            Self::NoAccount => "Create one: `tallyport account create --name NAME --admin-email EMAIL`.".to_owned(),
            Self::UnknownAccount { .. } => "Give the name or the id of one that there is.".to_owned(),
            Self::UnknownPerson(_) => "Give the email of somebody in the account with --as.".to_owned(),
            Self::PersonInactive(_) => "Act as somebody who is active.".to_owned(),
            Self::Toggl(_) => "The address is https or on this machine, the rate from 0.001 to 1000.".to_owned(),
            Self::Served { .. } => {
                "Stop that server first, or give this one a database of its own. The command line works beside a server."
                    .to_owned()
            }
            Self::ServerLock { .. } => "Check that the folder of the database can be written and has file locks.".to_owned(),
            #[cfg(feature = "server")]
            Self::Mail(_) => "`tallyport-server config` says what the settings that begin with smtp mean.".to_owned(),
            Self::NoDemonstration => {
                "Give a demonstration a database of its own, or none: then it leaves nothing behind.".to_owned()
            }
            Self::Listen { .. } => "Choose another address or port with --listen or --metrics-listen.".to_owned(),
            Self::Demo(_) => "Check that the temporary folder has room and that ports of 127.0.0.1 can be opened.".to_owned(),
            Self::WhichAccount(_) | Self::WhichPerson(_) => Code::in_terminal(self.code().hint()),
        };
        let details = match self {
            Self::App(error) => error.details(),
            Self::WhichAccount(list) | Self::WhichPerson(list) | Self::UnknownAccount { accounts: list, .. } => list.clone(),
            _ => Vec::new(),
        };
        Problem::new(self.code(), self.to_string()).hint(hint).details(details)
    }
}

impl From<tallyport_storage::StoreError> for Error {
    fn from(error: tallyport_storage::StoreError) -> Self {
        Self::App(error.into())
    }
}
