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

/// What tells a mail from every other one, those of another Tallyport that sends from the same host included.
fn id(mail: &Mail, site: &Site) -> String {
    use blake2::Digest as _;
    let here = blake2::Blake2b512::digest(site.base().as_bytes());
    let here = u32::from_be_bytes([here[0], here[1], here[2], here[3]]);
    format!("{}.{}.{}.{here:08x}", mail.kind.as_str(), mail.account.id, mail.id)
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
