//! API tokens.

use tallyport_api_types::Token;

use super::table::{Column, Table};
use super::{Ink, Page, text, time};

/// Tokens, one a line.
pub(crate) fn list(tokens: &[Token], page: &Page) -> String {
    let columns = [
        Column::number("id"),
        Column::cut("name", 8),
        Column::whole("scope"),
        Column::whole("made"),
        Column::whole("used"),
        Column::whole("state"),
    ];
    let mut table = Table::new(columns);
    for token in tokens {
        let (ink, state) = state(token, page);
        table.row([
            (Ink::Dim, token.id.to_string()),
            (Ink::Plain, text::name(&token.name)),
            (Ink::Plain, text::harmless(&token.scope)),
            (Ink::Dim, time::day(page, &token.created_at)),
            (Ink::Dim, token.used_at.as_deref().map_or_else(|| "never".to_owned(), |used| time::ago(page, used))),
            (ink, state),
        ]);
    }
    table.draw(page)
}

/// A token that was made, in full.
pub(crate) fn made(token: &Token, _: &Page) -> String {
    format!("{}\n", text::harmless(token.token.as_deref().unwrap_or_default()))
}

fn state(token: &Token, page: &Page) -> (Ink, String) {
    if let Some(revoked) = &token.revoked_at {
        return (Ink::Warn, format!("revoked {}", time::day(page, revoked)));
    }
    match &token.expires_at {
        None => (Ink::Plain, String::new()),
        Some(end) if time::parse(end).is_some_and(|end| end <= page.now) => {
            (Ink::Warn, format!("expired {}", time::day(page, end)))
        }
        Some(end) => (Ink::Plain, format!("until {}", time::day(page, end))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test] // A4
    fn tokens_are_listed_with_scope_use_and_state() {
        let token = |id, name: &str, used: Option<&str>, expires: Option<&str>, revoked: Option<&str>| Token {
            id,
            name: name.into(),
            scope: "manage".into(),
            created_at: "2026-05-03T10:00:00Z".into(),
            used_at: used.map(Into::into),
            expires_at: expires.map(Into::into),
            revoked_at: revoked.map(Into::into),
            token: None,
        };
        let tokens = [
            token(4, "Terminal on björk", Some("2026-11-24T13:56:00Z"), None, None),
            token(3, "Build\u{1b}", None, Some("2026-12-01T10:00:00Z"), None),
            token(2, "Old", None, Some("2026-11-01T10:00:00Z"), None),
            token(1, "Lost", None, None, Some("2026-11-02T10:00:00Z")),
        ];
        insta::assert_snapshot!(list(&tokens, &Page::plain()), @r"
        id  name               scope   made   used       state
         4  Terminal on björk  manage  3 May  4 min ago
         3  Build\u{1b}        manage  3 May  never      until 1 Dec
         2  Old                manage  3 May  never      expired 1 Nov
         1  Lost               manage  3 May  never      revoked 2 Nov
        ");
    }
}
