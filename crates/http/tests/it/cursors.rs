//! Cursors belong to one list of one person, and come back as they went.

use proptest::prelude::*;
use serde::Serialize;
use tallyport_domain::{AccountId, PersonId};
use tallyport_http::Cursors;

type Key = (Vec<u8>, i64, Option<String>);

fn cursors(account: i64, person: i64, list: &str, filter: impl Serialize) -> Cursors {
    Cursors::of(AccountId(account), PersonId(person), list, &filter)
}

proptest! {
    #[test]
    fn a_key_comes_back_as_it_went_and_from_its_own_list_alone(
        key: Key, account: i64, person: i64, list: String, filter: (bool, String), other: (bool, String)
    ) {
        let ours = cursors(account, person, &list, &filter);
        let cursor = ours.after(&key);
        prop_assert!(cursor.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'), "{cursor}");
        prop_assert_eq!(ours.read::<Key>(&cursor).unwrap(), key);
        let mut strange = vec![
            cursors(account.wrapping_add(1), person, &list, &filter),
            cursors(account, person.wrapping_add(1), &list, &filter),
            cursors(account, person, &format!("{list}s"), &filter),
        ];
        strange.extend((filter != other).then(|| cursors(account, person, &list, &other)));
        for strange in strange {
            prop_assert!(strange.read::<Key>(&cursor).is_err());
        }
    }

    #[test]
    fn one_that_was_changed_anywhere_is_refused_like_any_other(key: Key, at: prop::sample::Index, letter in "[A-Za-z0-9_=%+/ -]") {
        let ours = cursors(1, 2, "people", ());
        let cursor = ours.after(&key);
        let at = at.index(cursor.len());
        let changed = format!("{}{letter}{}", &cursor[..at], &cursor[at + 1..]);
        let refused = format!("{:?}", ours.read::<Key>("").unwrap_err());
        for damaged in [&cursor[..at], &format!("{cursor}{letter}"), &format!("{letter}{cursor}"), &changed] {
            match ours.read::<Key>(damaged) {
                Ok(read) => prop_assert!(damaged == cursor && read == key),
                Err(refusal) => prop_assert_eq!(format!("{refusal:?}"), refused.clone()),
            }
        }
    }

    #[test]
    fn no_text_is_more_than_a_refusal(text in any::<String>()) {
        prop_assert!(cursors(1, 2, "people", ()).read::<Key>(&text).is_err());
    }
}
