//! What became of a mail whose transaction failed, step by step (N3).

use std::net::SocketAddr;
use std::time::Duration;

use tallyport_domain::{Letter, Mailer as _, Posted};
use tallyport_mail::{Security, SmtpConfig};

use crate::server::{At, Do, Server};
use crate::{letter, smtp, word};

const PASSWORD: &str = "correct horse battery";

fn config(address: SocketAddr, patience: Duration) -> SmtpConfig {
    SmtpConfig {
        port: Some(address.port()),
        user: Some("tallyport".to_owned()),
        password: Some(PASSWORD.into()),
        reach: patience,
        answer: patience,
        ..SmtpConfig::at("127.0.0.1", Security::Plain, "Tallyport <tallyport@time.example>")
    }
}

/// Sends a letter to a server that does this at that step; answers what became of it, and how often the fault struck.
async fn send(at: At, what: Do, letter: &Letter) -> (Posted, Server) {
    let server = Server::start(at, what).await;
    let patience = if what == Do::Stall { Duration::from_secs(2) } else { Duration::from_secs(30) };
    let posted = smtp(config(server.address, patience)).send(letter).await;
    (posted, server)
}

#[tokio::test] // N3
async fn a_mail_counts_as_unsent_until_its_text_leaves_and_then_as_possibly_sent_until_there_is_an_answer() {
    use At::{Data, End, Farewell, Greeting, Hello, Recipient, Sender, SignIn, Text};
    use Do::{Drop, Say, Stall};
    const SOON: &str = "421 come again later";
    let table = [
        (Greeting, Say(SOON), "not sent"),
        (Greeting, Say("554 no mail here"), "not sent"),
        (Greeting, Say("HTTP/1.1 400 Bad Request"), "not sent"),
        (Greeting, Stall, "not sent"),
        (Greeting, Drop, "not sent"),
        (Hello, Say(SOON), "not sent"),
        (Hello, Say("550 not you"), "not sent"),
        (Hello, Stall, "not sent"),
        (Hello, Drop, "not sent"),
        (SignIn, Say("454 later"), "not sent"),
        (SignIn, Say("535 5.7.8 bad credentials"), "not sent"),
        (SignIn, Stall, "not sent"),
        (SignIn, Drop, "not sent"),
        (Sender, Say("451 later"), "not sent"),
        (Sender, Say("530 5.7.0 sign in first"), "not sent"),
        (Sender, Say("553 not from there"), "refused"),
        (Sender, Stall, "not sent"),
        (Sender, Drop, "not sent"),
        (Recipient, Say("450 greylisted"), "not sent"),
        (Recipient, Say("550 5.1.1 nobody of that name"), "refused"),
        (Recipient, Stall, "not sent"),
        (Recipient, Drop, "not sent"),
        (Data, Say("451 later"), "not sent"),
        (Data, Say("554 no"), "refused"),
        (Data, Say("250 what text?"), "not sent"),
        (Data, Stall, "not sent"),
        (Data, Drop, "not sent"),
        (Text, Stall, "unknown"),
        (Text, Drop, "unknown"),
        (End, Say("451 try again"), "not sent"),
        (End, Say("552 too large"), "refused"),
        (End, Say("354 more?"), "unknown"),
        (End, Say("gibberish"), "unknown"),
        (End, Stall, "unknown"),
        (End, Drop, "unknown"),
        (Farewell, Stall, "sent"),
        (Farewell, Drop, "sent"),
        (Farewell, Say("500 no way"), "sent"),
    ];
    let sending: Vec<_> = table
        .into_iter()
        .map(|(at, what, expected)| (at, what, expected, tokio::spawn(async move { send(at, what, &letter()).await })))
        .collect();
    let mut struck = 0;
    for (at, what, expected, sent) in sending {
        let (posted, server) = sent.await.unwrap();
        assert_eq!(word(&posted), expected, "{at:?} {what:?}: {posted:?}");
        assert!(!format!("{posted:?}").contains(PASSWORD));
        assert_eq!(server.faults(), 1, "{at:?} {what:?} did not strike");
        struck += server.faults();
        let taken = server.taken.lock().unwrap().len();
        assert_eq!(taken, usize::from(at == Farewell || (at == End && matches!(what, Say(_)))), "{at:?} {what:?}");
    }
    assert_eq!(struck, 38);
}

#[tokio::test] // N3
async fn a_text_that_is_cut_in_the_middle_is_possibly_sent() {
    let long = Letter { text: "x".repeat(70).repeat(200_000), ..letter() };
    for what in [Do::Stall, Do::Drop] {
        let (posted, server) = send(At::Text, what, &long).await;
        assert_eq!((word(&posted), server.faults()), ("unknown", 1), "{what:?}: {posted:?}");
    }
}

#[tokio::test] // N3
async fn a_server_that_works_gets_the_mail_once_and_whole() {
    let (posted, server) = send(At::Never, Do::Drop, &letter()).await;
    assert_eq!(posted, Posted::Sent);
    assert_eq!(*server.heard.lock().unwrap(), ["EHLO", "AUTH", "MAIL", "RCPT", "DATA", "QUIT"]);
    let taken = server.taken.lock().unwrap();
    assert_eq!(taken.len(), 1);
    assert!(taken[0].contains("Message-ID: <invitation.1.7@time.example>\r\n"), "{}", taken[0]);
}

#[tokio::test] // N3
async fn a_wrong_password_is_told_as_such_and_tried_again() {
    let (posted, _) = send(At::SignIn, Do::Say("535 5.7.8 Error: authentication failed"), &letter()).await;
    let expected = "the mail server does not accept the user or the password: 535 5.7.8 Error: authentication failed";
    assert_eq!(posted, Posted::NotSent(expected.to_owned()));
}

#[tokio::test] // N3
async fn a_server_that_is_not_there_is_tried_again() {
    let gone = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let posted = smtp(config(gone, Duration::from_secs(30))).send(&letter()).await;
    assert!(matches!(&posted, Posted::NotSent(why) if why.starts_with("the mail server cannot be used")), "{posted:?}");
}

#[tokio::test] // N3
async fn nothing_is_said_in_the_open_to_a_server_that_has_no_tls() {
    for security in [Security::StartTls, Security::Tls] {
        let server = Server::start(At::Never, Do::Drop).await;
        let config = SmtpConfig { security, ..config(server.address, Duration::from_secs(2)) };
        let posted = smtp(config).send(&letter()).await;
        assert_eq!(word(&posted), "not sent", "{security:?}: {posted:?}");
        let heard = server.heard.lock().unwrap().clone();
        assert!(!heard.iter().any(|verb| ["AUTH", "MAIL", "DATA"].contains(&verb.as_str())), "{security:?}: {heard:?}");
    }
}

#[tokio::test] // N3
async fn what_a_server_says_is_kept_on_one_line_of_bounded_length() {
    const LONG: &str = concat!(
        "550-first\r\n550-\u{1b}[2Jsecond\r\n550 ",
        "third third third third third third third third third",
        "third third third third third third third third third third third third third third third third third third third third",
        "third third third third third third third third third third third third third third third third third third third third"
    );
    let (posted, _) = send(At::Recipient, Do::Say(LONG), &letter()).await;
    let Posted::Refused(why) = posted else { panic!("{posted:?}") };
    assert!(why.len() < 400 && !why.chars().any(char::is_control) && why.contains("first"), "{why:?}");
}
