//! A letter in the form in which it travels.

use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use lettre::address::Envelope;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, Message};
use tallyport_domain::Letter;

/// A letter as it travels.
pub(crate) struct Travelling {
    pub(crate) envelope: Envelope,
    pub(crate) text: Vec<u8>,
}

/// Puts a letter into the form in which it travels; says why where none of its words may become a header.
pub(crate) fn compose(letter: &Letter, from: &Mailbox, now: DateTime<Utc>) -> Result<Travelling, String> {
    let to: Address = letter.to.as_str().parse().map_err(|_| format!("mail cannot be sent to {:?}", letter.to.as_str()))?;
    if letter.subject.chars().any(char::is_control) {
        return Err("the subject has line breaks or control characters".to_owned());
    }
    if letter.id.is_empty() || !letter.id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte)) {
        return Err(format!("{:?} cannot be the id of a mail", letter.id));
    }
    let since_1970 = Duration::from_secs(now.timestamp().try_into().unwrap_or_default());
    let message = Message::builder()
        .from(from.clone())
        .to(Mailbox::new(None, to))
        .date(SystemTime::UNIX_EPOCH + since_1970)
        .message_id(Some(format!("<{}@{}>", letter.id, from.email.domain())))
        .subject(letter.subject.clone())
        // So that nobody's holiday answers it (RFC 3834).
        .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned()))
        .multipart(MultiPart::alternative_plain_html(letter.text.clone(), letter.html.clone()))
        .map_err(|error| error.to_string())?;
    Ok(Travelling { envelope: message.envelope().clone(), text: message.formatted() })
}

#[cfg(test)]
mod tests {
    use tallyport_domain::Email;

    use super::*;

    fn letter() -> Letter {
        Letter {
            to: Email::parse("ines@nordlicht.example").unwrap(),
            subject: "Ana Nováková invites you, 日本".to_owned(),
            text: "Hello Inês,\n.\nfollow the link".to_owned(),
            html: "<p>Hello Inês</p>\n".to_owned(),
            id: "invitation.1.7".to_owned(),
        }
    }

    fn composed(letter: &Letter) -> Result<String, String> {
        let from = "Tallyport <tallyport@time.example>".parse().unwrap();
        let composed = compose(letter, &from, DateTime::from_timestamp(1_795_701_600, 0).unwrap())?;
        Ok(String::from_utf8(composed.text).unwrap())
    }

    #[test] // N3
    fn a_letter_travels_with_its_id_and_both_texts_in_ascii() {
        let text = composed(&letter()).unwrap();
        let (headers, body) = text.split_once("\r\n\r\n").unwrap();
        for header in [
            "From: Tallyport <tallyport@time.example>",
            "To: ines@nordlicht.example",
            "Message-ID: <invitation.1.7@time.example>",
            "Date: Thu, 26 Nov 2026 14:00:00 +0000",
            "Auto-Submitted: auto-generated",
            "MIME-Version: 1.0",
        ] {
            assert!(headers.lines().any(|line| line == header), "{header} is not in {headers}");
        }
        assert!(headers.contains("Content-Type: multipart/alternative;"), "{headers}");
        assert!(
            body.contains("Content-Type: text/plain; charset=utf-8") && body.contains("Content-Type: text/html; charset=utf-8")
        );
        assert!(text.is_ascii(), "{text}");
        assert!(text.split("\r\n").all(|line| !line.contains(['\r', '\n']) && line.len() <= 998));
    }

    #[test] // N3
    fn no_word_becomes_a_header() {
        for subject in ["x\r\nBcc: eve@evil.example", "x\nBcc: e", "x\r", "x\0", "x\u{85}y", "x\u{1b}[2J"] {
            assert!(composed(&Letter { subject: subject.to_owned(), ..letter() }).is_err(), "{subject:?}");
        }
        for id in ["", "a@b", "a b", "a>\r\nBcc: e", "é", "<a"] {
            assert!(composed(&Letter { id: id.to_owned(), ..letter() }).is_err(), "{id:?}");
        }
        for to in ["a,b@x.example", "a>b@x.example", "<a@x.example", "a@x.example>", "a@x;y", "a@x,b.example"] {
            assert!(composed(&Letter { to: Email::parse(to).unwrap(), ..letter() }).is_err(), "{to:?}");
        }
    }

    #[test]
    fn addresses_of_any_script_and_host_are_taken() {
        for to in ["ana@localhost", "jürgen@bücher.example", "o'neil+time@x.example", "用户@例子.example"] {
            assert!(composed(&Letter { to: Email::parse(to).unwrap(), ..letter() }).is_ok(), "{to:?}");
        }
    }
}
