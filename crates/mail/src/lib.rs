//! Takes Tallyport's mail to a mail server, over SMTP.
//!
//! [`Smtp`] is the `Mailer` of a server. It drives each transaction step by step, since what a failure means hangs on where it
//! happens: as long as the text of a mail has not begun to leave, the mail certainly did not, and may be tried again; once it has
//! begun, a connection that is cut leaves nobody knowing (N3).
//!
//! ```no_run
//! use std::sync::Arc;
//! use tallyport_domain::Clock;
//! use tallyport_mail::{Security, Smtp, SmtpConfig};
//!
//! # fn example(clock: Arc<dyn Clock>) -> Result<(), tallyport_mail::BadSmtp> {
//! let config = SmtpConfig {
//!     user: Some("tallyport".to_owned()),
//!     password: Some("correct horse".into()),
//!     ..SmtpConfig::at("mail.example.com", Security::StartTls, "Tallyport <tallyport@example.com>")
//! };
//! let smtp = Smtp::new(config, clock)?;
//! # Ok(())
//! # }
//! ```

#[cfg(feature = "catcher")]
mod catcher;
mod config;
mod message;
mod smtp;
mod steps;

#[cfg(feature = "catcher")]
pub use catcher::Catcher;
pub use config::{BadSmtp, Security, SmtpConfig};
pub use smtp::Smtp;
