//! What a look at the database found.

use super::{Ink, Lines, Page, text};
use crate::commands::doctor::Examined;

/// Every check with its state, what to do below it, and the sum.
pub(crate) fn draw(examined: &Examined, page: &Page) -> String {
    let mut lines = Lines::default();
    let widest = examined.checks.iter().map(|check| text::width(check.name)).max().unwrap_or_default();
    let indent = 4 + 2 + widest + 2;
    for check in &examined.checks {
        let ink = match check.state {
            "ok" => Ink::Good,
            "warn" => Ink::Warn,
            _ => Ink::Bad,
        };
        let start = format!("{}  {}  ", page.ink(ink, &text::pad(check.state, 4)), text::pad(check.name, widest));
        let room = page.width.saturating_sub(indent).max(20);
        for (index, part) in text::wrap(&text::harmless(&check.message), room).iter().enumerate() {
            lines.line(if index == 0 { format!("{start}{part}") } else { format!("{:indent$}{part}", "") });
        }
        for part in check.hint.iter().flat_map(|hint| text::wrap(&text::harmless(hint), room)) {
            lines.line(format!("{:indent$}{}", "", page.ink(Ink::Dim, &part)));
        }
    }
    lines.line(match (examined.healthy, examined.checks.iter().any(|check| check.state == "warn")) {
        (true, false) => page.ink(Ink::Good, "All is well"),
        (true, true) => page.ink(Ink::Warn, "It works, but look at what is marked"),
        (false, _) => page.ink(Ink::Bad, "Something is wrong"),
    });
    lines.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::doctor::Check;

    #[test]
    fn each_check_says_how_it_is_and_what_to_do() {
        let check = |name, state, message: &str, hint: Option<&str>| Check {
            name,
            state,
            message: message.into(),
            hint: hint.map(str::to_owned),
        };
        let checks = vec![
            check("file", "ok", "/d/t.db", None),
            check(
                "file system",
                "bad",
                "a network file system (NFS), where locks cannot be relied on",
                Some("Put it elsewhere."),
            ),
        ];
        let examined = Examined { healthy: false, checks };
        insta::assert_snapshot!(draw(&examined, &Page::plain()), @r"
        ok    file         /d/t.db
        bad   file system  a network file system (NFS), where locks cannot be relied on
                           Put it elsewhere.
        Something is wrong
        ");
    }
}
