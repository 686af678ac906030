//! Invitations.

use tallyport_api_types::Invitation;

use super::table::{Column, Table};
use super::{Ink, Page, text, time};

/// Invitations, one a line.
pub(crate) fn list(invitations: &[Invitation], page: &Page) -> String {
    let columns = [
        Column::number("id"),
        Column::cut("email", 12),
        Column::whole("role"),
        Column::whole("state"),
        Column::whole("invited"),
        Column::cut("mail", 8),
    ];
    let mut table = Table::new(columns);
    for invitation in invitations {
        let ink = match invitation.state.as_str() {
            "open" => Ink::Plain,
            "expired" => Ink::Warn,
            _ => Ink::Dim,
        };
        table.row([
            (Ink::Dim, invitation.id.to_string()),
            (Ink::Plain, text::harmless(&invitation.email)),
            (Ink::Plain, text::harmless(&invitation.role)),
            (ink, text::harmless(&invitation.state)),
            (Ink::Dim, time::ago(page, &invitation.invited_at)),
            mail(invitation),
        ]);
    }
    table.draw(page)
}

/// Invitations that were just made: with their links where no mail brings them.
pub(crate) fn sent(invitations: &[Invitation], page: &Page) -> String {
    let linked = |one: &Invitation| Some(format!("{}\n  {}\n", text::harmless(&one.email), text::harmless(one.link.as_deref()?)));
    let links: String = invitations.iter().filter_map(linked).collect();
    let note = "No mail brings these links: hand them over. Each works once, and is shown this once.";
    let note = format!("\n{}\n", text::wrap(note, page.width).join("\n"));
    [list(invitations, page).as_str(), if links.is_empty() { "" } else { &note }, &links].concat()
}

/// What became of the mail, in words.
fn mail(invitation: &Invitation) -> (Ink, String) {
    let (ink, word) = match invitation.mail.as_deref() {
        None => (Ink::Dim, "none"),
        Some("queued") => (Ink::Plain, "waits"),
        Some("sending") => (Ink::Plain, "is being sent"),
        Some("sent") => (Ink::Dim, "sent"),
        Some("possibly_sent") => (Ink::Warn, "perhaps sent"),
        Some("failed") => (Ink::Bad, "failed"),
        Some("withheld") => (Ink::Warn, "held back"),
        Some(other) => return (Ink::Plain, text::harmless(other)),
    };
    (ink, word.to_owned())
}

#[cfg(test)]
mod tests {
    use tallyport_api_types::PersonRef;

    use super::*;

    fn invitation(id: i64, email: &str, state: &str, mail: Option<&str>, link: Option<&str>) -> Invitation {
        Invitation {
            id,
            email: email.into(),
            role: "member".into(),
            state: state.into(),
            invited_by: PersonRef { id: 1, email: "ada@example.com".into(), name: "Ada".into() },
            invited_at: "2026-11-24T13:56:00Z".into(),
            expires_at: None,
            mail: mail.map(Into::into),
            link: link.map(Into::into),
        }
    }

    #[test] // N1, N3
    fn invitations_are_listed_with_what_became_of_them_and_of_their_mail() {
        let invitations = [
            invitation(4, "zoe@example.com", "open", Some("queued"), None),
            invitation(3, "bo@example.com", "accepted", Some("sent"), None),
            invitation(2, "cem@example.com", "expired", Some("possibly_sent"), None),
            invitation(1, "dee@example.com", "revoked", None, None),
        ];
        insta::assert_snapshot!(list(&invitations, &Page::plain()), @r"
        id  email            role    state     invited    mail
         4  zoe@example.com  member  open      4 min ago  waits
         3  bo@example.com   member  accepted  4 min ago  sent
         2  cem@example.com  member  expired   4 min ago  perhaps sent
         1  dee@example.com  member  revoked   4 min ago  none
        ");
    }

    #[test] // N3
    fn a_link_that_no_mail_brings_is_shown_whole() {
        let link = format!("https://tallyport.example/invitations/{}", "tpi_".repeat(20));
        let told = sent(&[invitation(1, "zoe@example.com", "open", None, Some(&link))], &Page::plain());
        assert!(told.lines().any(|line| line.trim() == link), "{told}");
        assert!(
            !sent(&[invitation(1, "zoe@example.com", "open", Some("queued"), None)], &Page::plain()).contains("hand them over")
        );
    }
}
