//! Names as they are shown: visible, harmless, and no wider than there is room.

use unicode_width::UnicodeWidthStr;

/// What stands between the names of a path.
pub(crate) const SEPARATOR: &str = " / ";

/// A name as it is shown: "(unnamed)" where it is empty (T5), and nothing in it that a terminal would obey.
pub(crate) fn name(name: &str) -> String {
    if name.is_empty() { "(unnamed)".to_owned() } else { harmless(name) }
}

/// The names of a path, one after the other.
pub(crate) fn path(names: &[String]) -> String {
    names.iter().map(|part| name(part)).collect::<Vec<_>>().join(SEPARATOR)
}

/// The path down to what the last name hangs under; empty for a root.
pub(crate) fn above(names: &[String]) -> String {
    path(names.split_last().map_or(&[], |(_, above)| above))
}

/// Spells out every character that would move the cursor, ring, recolour or turn the line around.
pub(crate) fn harmless(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            // Line and paragraph separators, and the marks that set a direction for all that follows.
            '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                shown.extend(character.escape_unicode());
            }
            _ if character.is_control() => shown.extend(character.escape_unicode()),
            _ => shown.push(character),
        }
    }
    shown
}

/// How many columns a text takes.
pub(crate) fn width(text: &str) -> usize {
    text.width()
}

/// The text, or as much of its beginning as fits with an ellipsis.
pub(crate) fn fit(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let room = columns.saturating_sub(1);
    let mut end = 0;
    for (start, character) in text.char_indices() {
        let next = start + character.len_utf8();
        if width(&text[..next]) > room {
            break;
        }
        end = next;
    }
    // A joiner left at the end would pull the ellipsis into the emoji before it.
    let beginning = text[..end].trim_end_matches('\u{200d}').trim_end();
    format!("{beginning}{}", if columns == 0 { "" } else { "…" })
}

/// The text with spaces after it up to that width.
pub(crate) fn pad(text: &str, columns: usize) -> String {
    let missing = columns.saturating_sub(width(text));
    format!("{text}{}", " ".repeat(missing))
}

/// The text in lines of at most that width, broken at spaces where it is wider.
pub(crate) fn wrap(text: &str, columns: usize) -> Vec<String> {
    if !text.is_empty() && width(text) <= columns {
        return vec![text.to_owned()];
    }
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        match lines.last_mut() {
            Some(line) if width(line) + 1 + width(word) <= columns => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Facts with middle dots between them, in lines of at most that width, broken between facts.
pub(crate) fn facts(facts: impl IntoIterator<Item = String>, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for fact in facts.into_iter().filter(|fact| !fact.is_empty()) {
        match lines.last_mut() {
            Some(line) if width(line) + 3 + width(&fact) <= columns => {
                line.push_str(" · ");
                line.push_str(&fact);
            }
            _ => lines.push(fact),
        }
    }
    lines
}

/// "1 request", "2 requests".
pub(crate) fn count(number: impl Into<u64>, one: &str, many: &str) -> String {
    let number = number.into();
    if number == 1 { format!("1 {one}") } else { format!("{number} {many}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test] // T5
    fn a_name_is_shown_whole_and_an_empty_one_is_called_unnamed() {
        assert_eq!(name(""), "(unnamed)");
        assert_eq!(name("Café Ñandú 📷 株式会社"), "Café Ñandú 📷 株式会社");
        assert_eq!(path(&["A".into(), String::new(), "B".into()]), "A / (unnamed) / B");
        assert_eq!(above(&["A".into(), "B".into()]), "A");
        assert_eq!(above(&["A".into()]), "");
    }

    #[test]
    fn nothing_in_a_name_moves_the_cursor_or_turns_the_line_around() {
        assert_eq!(harmless("a\u{1b}[2Jb\u{9b}c\u{7}\nd\te\u{7f}"), "a\\u{1b}[2Jb\\u{9b}c\\u{7}\\nd\\te\\u{7f}");
        assert_eq!(harmless("safe\u{202e}exe"), "safe\\u{202e}exe");
        assert_eq!(harmless("حملة 👩\u{200d}💻"), "حملة 👩\u{200d}💻");
    }

    #[test]
    fn a_text_is_cut_by_columns_and_never_inside_a_character() {
        assert_eq!(fit("Design", 6), "Design");
        assert_eq!(fit("Design", 5), "Desi…");
        assert_eq!(fit("株式会社", 5), "株式…");
        assert_eq!(fit("株式会社", 4), "株…");
        assert_eq!(fit("a 👩\u{200d}💻 b", 4), "a…");
        assert_eq!(fit("two words", 5), "two…");
        assert_eq!(fit("x", 0), "");
        for columns in 0..12 {
            assert!(width(&fit("e\u{301}株👍🏽 حملة", columns)) <= columns, "{columns}");
        }
    }

    #[test]
    fn lines_are_broken_between_facts() {
        let told = ["two words", "", "more words", "last"].map(str::to_owned);
        assert_eq!(facts(told.clone(), 80), ["two words · more words · last"]);
        assert_eq!(facts(told, 20), ["two words", "more words · last"]);
    }

    #[test]
    fn lines_are_broken_at_spaces() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("unbreakable x", 5), ["unbreakable", "x"]);
    }
}
