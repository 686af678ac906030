//! Tests against mail servers on sockets: some that do at one step what none should, and a real one.

#![expect(clippy::unwrap_used, reason = "a test whose helper cannot go on has failed")]

mod outcomes;
mod real_mail_server;

mod server;

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use tallyport_domain::{Clock, Email, Letter, Posted};
use tallyport_mail::{Smtp, SmtpConfig};

/// A clock that stands still.
struct Still;

#[async_trait]
impl Clock for Still {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_701_600, 0).unwrap()
    }

    async fn sleep_until(&self, _: DateTime<Utc>) {}
}

fn smtp(config: SmtpConfig) -> Smtp {
    Smtp::new(config, Arc::new(Still)).unwrap()
}

fn letter() -> Letter {
    Letter {
        to: Email::parse("ines@nordlicht.example").unwrap(),
        subject: "Ana Nováková invites you".to_owned(),
        text: "Hello Inês,\n.\n..follow the link".to_owned(),
        html: "<p>Hello Inês</p>\n".to_owned(),
        id: "invitation.1.7".to_owned(),
    }
}

/// The word for what became of a mail.
fn word(posted: &Posted) -> &'static str {
    match posted {
        Posted::Sent => "sent",
        Posted::NotSent(_) => "not sent",
        Posted::Refused(_) => "refused",
        Posted::Unknown(_) => "unknown",
    }
}
