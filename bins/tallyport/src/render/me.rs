//! Oneself.

use tallyport_api_types::Me;

use super::{Page, people, text};

/// Who acts, in which account, with zone and week.
pub(crate) fn draw(me: &Me, _: &Page) -> String {
    let own = |own: bool| if own { "" } else { " (the account's)" };
    let day = {
        let mut letters = me.week_start.chars();
        let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
        text::harmless(&format!("{first}{}", letters.as_str()))
    };
    format!(
        "{}\n{} of {}\n{}{}, week from {day}{}\n",
        people::addressed(&me.person.name, &me.person.email),
        text::harmless(&me.person.role),
        text::name(&me.account.name),
        text::harmless(&me.timezone),
        own(me.own_timezone),
        own(me.own_week_start),
    )
}

#[cfg(test)]
mod tests {
    use tallyport_api_types::{AccountRef, Person};

    use super::*;

    #[test] // E5
    fn who_acts_is_told_with_zone_and_week() {
        let person = Person { id: 1, email: "ada@example.com".into(), name: "Ada".into(), role: "manager".into(), active: true };
        let me = Me {
            person,
            account: AccountRef { id: 1, name: "Café Ñandú".into() },
            timezone: "Europe/Berlin".into(),
            own_timezone: true,
            week_start: "monday".into(),
            own_week_start: false,
        };
        insta::assert_snapshot!(draw(&me, &Page::plain()), @r"
        Ada <ada@example.com>
        manager of Café Ñandú
        Europe/Berlin, week from Monday (the account's)
        ");
    }
}
