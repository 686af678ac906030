//! Against a mail server that others wrote (N3).

use std::path::PathBuf;

use tallyport_domain::{Email, Letter, Mailer as _, Posted};
use tallyport_mail::{Catcher, Security, SmtpConfig};
use tempfile::TempDir;

use crate::{letter, smtp};

/// A Python that has it, as the command that runs all tests prepares it.
const PYTHON: &str = "TALLYPORT_MAIL_SERVER";

const USER: (&str, &str) = ("tallyport", "correct horse battery é");

#[expect(clippy::disallowed_methods, reason = "where it is installed is known to the command that installed it alone")]
fn start(security: Security) -> (Catcher, TempDir) {
    let python: PathBuf = std::env::var_os(PYTHON).unwrap_or_else(|| panic!("{PYTHON} names no Python")).into();
    let folder = tempfile::tempdir().unwrap();
    (Catcher::start(&python, folder.path(), security, Some(USER)).unwrap(), folder)
}

#[tokio::test] // N3
#[ignore = "needs aiosmtpd: cargo xtask test"]
async fn it_takes_mail_whole_by_each_way_and_keeps_it_once() {
    for security in Security::ALL {
        let (catcher, _folder) = start(security);
        assert_eq!(smtp(catcher.config().unwrap()).send(&letter()).await, Posted::Sent, "{security:?}");
        let mails = catcher.mails().unwrap();
        assert_eq!(mails.len(), 1, "{security:?}");
        for part in ["Message-ID: <invitation.1.7@time.example>", "To: ines@nordlicht.example", "Content-Type: text/html"] {
            assert!(mails[0].contains(part), "{part} is missing in {}", mails[0]);
        }
    }
}

#[tokio::test] // N3
#[ignore = "needs aiosmtpd: cargo xtask test"]
async fn lines_with_dots_arrive_as_they_were_and_end_nothing() {
    let (catcher, _folder) = start(Security::Plain);
    let dots = Letter { text: "one\n.\n..\nQUIT\n.\nRCPT TO:<eve@evil.example>\nlast\n".to_owned(), ..letter() };
    assert_eq!(smtp(catcher.config().unwrap()).send(&dots).await, Posted::Sent);
    let mails = catcher.mails().unwrap();
    assert_eq!(mails.len(), 1);
    assert!(mails[0].contains("one\r\n.\r\n..\r\nQUIT\r\n.\r\nRCPT TO:<eve@evil.example>\r\nlast\r\n"), "{}", mails[0]);
}

#[tokio::test] // N3
#[ignore = "needs aiosmtpd: cargo xtask test"]
async fn addresses_of_any_script_arrive() {
    let (catcher, _folder) = start(Security::Plain);
    let to = Email::parse("用户@例子.example").unwrap();
    assert_eq!(smtp(catcher.config().unwrap()).send(&Letter { to, ..letter() }).await, Posted::Sent);
    assert_eq!(catcher.mails().unwrap().len(), 1);
}

#[tokio::test] // N3
#[ignore = "needs aiosmtpd: cargo xtask test"]
async fn a_wrong_password_and_none_at_all_are_told_and_tried_again() {
    let (catcher, _folder) = start(Security::StartTls);
    let wrong = SmtpConfig { password: Some("wrong".into()), ..catcher.config().unwrap() };
    let none = SmtpConfig { user: None, password: None, ..catcher.config().unwrap() };
    for (config, expected) in [
        (wrong, "the mail server does not accept the user or the password: 535"),
        (none, "the mail server wants a user and a password: 530"),
    ] {
        let posted = smtp(config).send(&letter()).await;
        assert!(matches!(&posted, Posted::NotSent(why) if why.starts_with(expected)), "{posted:?}");
    }
    assert!(catcher.mails().unwrap().is_empty());
}

#[tokio::test] // N3
#[ignore = "needs aiosmtpd: cargo xtask test"]
async fn a_certificate_that_nobody_vouches_for_or_of_another_host_gets_no_mail() {
    for security in [Security::StartTls, Security::Tls] {
        let (catcher, _folder) = start(security);
        let unknown = SmtpConfig { trusted: None, ..catcher.config().unwrap() };
        let elsewhere = SmtpConfig { host: "127.0.0.2".to_owned(), ..catcher.config().unwrap() };
        for config in [unknown, elsewhere] {
            let posted = smtp(config).send(&letter()).await;
            assert!(matches!(&posted, Posted::NotSent(why) if why.starts_with("the mail server cannot be used")), "{posted:?}");
        }
        assert!(catcher.mails().unwrap().is_empty());
    }
}
