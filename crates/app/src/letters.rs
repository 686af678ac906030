//! What stands in a mail (N1, N3, A6, A7, I14).
//!
//! Names come from people and from Toggl and may hold any Unicode. Here they become words of one line, and in HTML they are
//! escaped and set apart, so that none of them is markup, a header, or turns its neighbours around.

use askama::Template;
use chrono::{DateTime, Utc};
use tallyport_domain::{EMAIL_LINK_LASTS, INVITATION_LASTS, Letter, MailKind, Outcome, RESET_LASTS, Run, Secret};
use tallyport_storage::Mail;

use crate::{Error, Result, RunProblem, Site, wording};

/// Characters of a name in a subject: the rest would not be shown anyway.
const IN_SUBJECT: usize = 60;

/// What is known beside the mail itself.
#[derive(Default)]
pub(crate) struct Known {
    /// What somebody is called in Toggl who has no name here yet.
    pub(crate) name: Option<String>,
    /// The mirrored workspaces that they are a member of.
    pub(crate) workspaces: Vec<String>,
    /// The run that the mail is about.
    pub(crate) run: Option<Run>,
}

/// What the templates say.
struct Facts {
    subject: String,
    account: String,
    to: String,
    name: Option<String>,
    by: Option<String>,
    workspaces: Vec<String>,
    link: String,
    until: String,
    host: String,
    run: String,
    problem: String,
    hint: String,
}

macro_rules! templates {
    ($($text:ident $text_file:tt $html:ident $html_file:tt)*) => {
        $(
            #[derive(Template)]
            #[template(path = $text_file)]
            struct $text<'a> {
                facts: &'a Facts,
            }

            #[derive(Template)]
            #[template(path = $html_file)]
            struct $html<'a> {
                facts: &'a Facts,
            }
        )*
    };
}

templates! {
    InvitationText "mail/invitation.txt" InvitationHtml "mail/invitation.html"
    ResetText "mail/reset.txt" ResetHtml "mail/reset.html"
    EmailText "mail/email.txt" EmailHtml "mail/email.html"
    HeldText "mail/held.txt" HeldHtml "mail/held.html"
    FailingText "mail/failing.txt" FailingHtml "mail/failing.html"
}

/// Writes a mail that leaves now, with the secret that its link brings.
///
/// # Errors
/// `Internal` where a template fails, which none does.
pub(crate) fn write(mail: &Mail, secret: Option<&Secret>, known: &Known, site: &Site, now: DateTime<Utc>) -> Result<Letter> {
    let facts = facts(mail, secret, known, site, now);
    let written = match mail.kind {
        MailKind::Invitation => both(InvitationText { facts: &facts }, InvitationHtml { facts: &facts }),
        MailKind::Reset => both(ResetText { facts: &facts }, ResetHtml { facts: &facts }),
        MailKind::Email => both(EmailText { facts: &facts }, EmailHtml { facts: &facts }),
        MailKind::Held => both(HeldText { facts: &facts }, HeldHtml { facts: &facts }),
        MailKind::Failing => both(FailingText { facts: &facts }, FailingHtml { facts: &facts }),
    };
    let (text, html) = written.map_err(|_| Error::Internal)?;
    Ok(Letter { to: mail.to.clone(), subject: facts.subject, text, html, id: id(mail, site) })
}

fn both(text: impl Template, html: impl Template) -> askama::Result<(String, String)> {
    Ok((text.render()? + "\n", html.render()? + "\n"))
}

fn facts(mail: &Mail, secret: Option<&Secret>, known: &Known, site: &Site, now: DateTime<Utc>) -> Facts {
    let account = line(&mail.account.name);
    let by = mail.by.as_deref().map(line);
    let (page, lasts) = match mail.kind {
        MailKind::Invitation => ("accept", INVITATION_LASTS),
        MailKind::Reset => ("reset", RESET_LASTS),
        MailKind::Email => ("email", EMAIL_LINK_LASTS),
        MailKind::Held | MailKind::Failing => ("", chrono::TimeDelta::zero()),
    };
    let zone = &mail.account.zone;
    let problem = known.run.as_ref().and_then(RunProblem::of);
    let held = known.run.as_ref().filter(|run| run.outcome == Outcome::Held).and_then(|run| run.hold.as_ref());
    Facts {
        subject: subject(mail.kind, &account, by.as_deref()),
        to: line(mail.to.as_str()),
        name: mail.name.as_ref().or(known.name.as_ref()).map(|name| line(name)).filter(|name| !name.is_empty()),
        by,
        workspaces: known.workspaces.iter().map(|name| line(name)).map(unnamed).collect(),
        link: secret.map_or_else(|| site.base().to_owned(), |secret| site.link(page, secret)),
        until: format!("{} ({zone})", zone.written(now + lasts)),
        host: site.host().to_owned(),
        run: mail.run.map_or_else(String::new, |run| run.to_string()),
        problem: match held {
            Some(hold) => wording::hold(hold),
            None => problem.as_ref().map_or_else(|| "its record is gone".to_owned(), |problem| line(&problem.message)),
        },
        hint: problem.map_or_else(String::new, |problem| line(&problem.hint)),
        account,
    }
}

fn subject(kind: MailKind, account: &str, by: Option<&str>) -> String {
    let account = short(account);
    match (kind, by) {
        (MailKind::Invitation, Some(by)) => format!("{} invites you to track time at {account}", short(by)),
        (MailKind::Invitation, None) => format!("You are invited to track time at {account}"),
        (MailKind::Reset, _) => format!("Choose a new password for {account}"),
        (MailKind::Email, _) => format!("Confirm your new address at {account}"),
        (MailKind::Held, _) => format!("A sync of {account} waits for your yes"),
        (MailKind::Failing, _) => format!("Syncs of {account} fail"),
    }
}

/// What tells a mail from every other one: those of another Tallyport that sends from the same host included, and those that had
/// the same number in a database which was put back or begun anew since.
fn id(mail: &Mail, site: &Site) -> String {
    use blake2::Digest as _;
    let here = blake2::Blake2b512::digest(site.base().as_bytes());
    let here = u32::from_be_bytes([here[0], here[1], here[2], here[3]]);
    let queued = mail.queued_at.timestamp_millis();
    format!("{}.{}.{}.{queued:x}.{here:08x}", mail.kind.as_str(), mail.account.id, mail.id)
}

/// A name on one line, without characters that control others.
fn line(text: &str) -> String {
    let controls = |c: char| c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.split(controls).collect::<Vec<_>>().join(" ").trim().to_owned()
}

fn short(text: &str) -> String {
    if text.chars().count() <= IN_SUBJECT {
        return text.to_owned();
    }
    let begin: String = text.chars().take(IN_SUBJECT - 1).collect();
    format!("{}…", begin.trim_end())
}

fn unnamed(name: String) -> String {
    if name.is_empty() { tallyport_domain::Name::UNNAMED.to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use tallyport_domain::plan::{Counts, Hold};
    use tallyport_domain::{AccountId, Email, MailId, Proof, Random, RunError, RunId, SecretKind, Trigger, Zone};
    use tallyport_storage::Account;

    use super::*;

    struct Zeros;

    impl Random for Zeros {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(0);
        }
    }

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_701_720, 0).unwrap()
    }

    fn mail(kind: MailKind) -> Mail {
        let account =
            Account { id: AccountId(1), name: "Nordlicht Studio".to_owned(), zone: Zone::parse("Europe/Berlin").unwrap() };
        Mail {
            account,
            id: MailId(7),
            kind,
            to: Email::parse("siobhan.oconnell@nordlicht.example").unwrap(),
            name: (kind != MailKind::Invitation).then(|| "Siobhán O'Connell".to_owned()),
            by: (kind == MailKind::Invitation).then(|| "Ana Nováková".to_owned()),
            run: matches!(kind, MailKind::Held | MailKind::Failing).then_some(RunId(12)),
            tries: 1,
            queued_at: now(),
        }
    }

    fn known(kind: MailKind) -> Known {
        let run = |outcome, error, hold| Run {
            id: RunId(12),
            trigger: Trigger::Schedule,
            started_by: None,
            started_at: now() - TimeDelta::minutes(3),
            ended_at: Some(now()),
            outcome,
            waiting_until: None,
            requests: 7,
            counts: Counts::default(),
            error,
            hold,
            warnings: Vec::new(),
            proof: Proof::default(),
        };
        let error = RunError { code: "toggl_unreachable".to_owned(), message: "Toggl did not answer".to_owned() };
        match kind {
            MailKind::Invitation => Known {
                name: Some("Siobhán".to_owned()),
                workspaces: vec!["Nordlicht Studio".to_owned(), "Labs".to_owned()],
                run: None,
            },
            MailKind::Held => {
                let hold = Hold { archives: 58, active: 312, overwrites: 0 };
                Known { run: Some(run(Outcome::Held, None, Some(hold))), ..Known::default() }
            }
            MailKind::Failing => Known { run: Some(run(Outcome::Failed, Some(error), None)), ..Known::default() },
            MailKind::Reset | MailKind::Email => Known::default(),
        }
    }

    fn secret(kind: MailKind) -> Option<Secret> {
        let kind = match kind {
            MailKind::Invitation => SecretKind::Invitation,
            MailKind::Reset => SecretKind::Reset,
            MailKind::Email => SecretKind::Email,
            MailKind::Held | MailKind::Failing => return None,
        };
        Some(Secret::generate(kind, &Zeros))
    }

    fn written(mail: &Mail, known: &Known) -> Letter {
        let site = Site::at("https://time.nordlicht.example");
        write(mail, secret(mail.kind).as_ref(), known, &site, now()).unwrap()
    }

    #[test] // N1, N3, A6, A7, I14
    fn letters_read_as_they_are_meant_to() {
        for kind in MailKind::ALL {
            let letter = written(&mail(kind), &known(kind));
            let text = format!("{}\n{}\n\n{}", letter.id, letter.subject, letter.text);
            insta::assert_snapshot!(format!("{}_text", kind.as_str()), text);
            insta::assert_snapshot!(format!("{}_html", kind.as_str()), letter.html);
        }
    }

    #[test] // N1
    fn an_invitation_says_just_what_is_known() {
        let nobody = Mail { by: None, ..mail(MailKind::Invitation) };
        let letter = written(&nobody, &Known::default());
        assert_eq!(letter.subject, "You are invited to track time at Nordlicht Studio");
        assert!(letter.text.contains("Hello,\n") && letter.html.contains("Hello,<br>"));
        assert!(!letter.text.contains("Toggl") && !letter.html.contains("Toggl"));
        let one = Known { workspaces: vec![String::new()], ..Known::default() };
        assert!(written(&nobody, &one).text.contains("here already: the workspace (unnamed)."));
    }

    #[test] // A7
    fn a_reset_by_an_administrator_says_by_whom() {
        let by_ana = Mail { by: Some("Ana".to_owned()), ..mail(MailKind::Reset) };
        assert!(written(&by_ana, &Known::default()).text.contains("Ana sends you a link"));
    }

    #[test] // N3, T5
    fn no_name_becomes_markup_a_header_or_a_direction() {
        let names = [
            "<script>alert(1)</script>",
            "\"><img src=x onerror=alert(1)>",
            "{{ facts.link }} {% raw %}",
            "Ana\r\nBcc: eve@evil.example\r\n\r\n",
            "Ana\0\u{1b}[2J\u{85}",
            "\u{202e}gnorw\u{2066}\u{2069}\u{2028}\u{2029}",
            "日本 العربية 👩‍👩‍👧 é",
            &"long ".repeat(900),
        ];
        for (kind, name) in MailKind::ALL.into_iter().flat_map(|kind| names.map(|name| (kind, name))) {
            let mut mail = Mail { name: Some(name.to_owned()), by: Some(name.to_owned()), ..mail(kind) };
            name.clone_into(&mut mail.account.name);
            let mut known = Known { workspaces: vec![name.to_owned()], ..known(kind) };
            if let Some(error) = known.run.as_mut().and_then(|run| run.error.as_mut()) {
                name.clone_into(&mut error.message);
            }
            let letter = written(&mail, &known);
            assert!(!letter.html.contains("<script") && !letter.html.contains("<img"), "{}", letter.html);
            assert!(!letter.subject.contains(char::is_control) && letter.subject.chars().count() < 200, "{:?}", letter.subject);
            for text in [&letter.subject, &letter.text, &letter.html] {
                assert!(!text.contains(['\0', '\r', '\u{1b}', '\u{202e}', '\u{2066}', '\u{2028}']), "{text:?}");
                assert!(!text.lines().any(|line| line.starts_with("Bcc:")), "{text}");
            }
            let links = letter.html.matches("href=").count();
            assert_eq!(links, 2, "{}", letter.html);
        }
    }

    #[test] // N3
    fn each_try_of_a_mail_has_the_same_id_and_no_other_mail_has_it() {
        let site = Site::at("https://time.nordlicht.example");
        let first = mail(MailKind::Invitation);
        let again = Mail { tries: 2, ..first.clone() };
        assert_eq!(id(&first, &site), id(&again, &site));
        let other = Mail { id: MailId(8), ..first.clone() };
        assert_ne!(id(&first, &site), id(&other, &site));
        assert_ne!(id(&first, &site), id(&first, &Site::at("https://test.nordlicht.example")));
        let anew = Mail { queued_at: first.queued_at + TimeDelta::milliseconds(1), ..first.clone() };
        assert_ne!(id(&first, &site), id(&anew, &site));
    }
}
