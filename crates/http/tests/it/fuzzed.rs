//! Any text at all as a cursor, and any bytes at all as the key in one.
//!
//! The fuzz target `cursor` includes this file, so it stands by itself.

use std::cmp::Reverse;
use std::fmt::Debug;

use serde::de::DeserializeOwned;
use serde::ser::SerializeTuple as _;
use serde::{Serialize, Serializer};
use tallyport_domain::{AccountId, Name, PersonId, Place, RunId, SortKey, TaskId};
use tallyport_http::Cursors;
use tallyport_storage::{Found, Page};

/// Bytes that are written down as they are.
struct Raw<'a>(&'a [u8]);

impl Serialize for Raw<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut bytes = serializer.serialize_tuple(self.0.len())?;
        self.0.iter().try_for_each(|byte| bytes.serialize_element(byte))?;
        bytes.end()
    }
}

fn cursors(list: &str) -> Cursors {
    Cursors::of(AccountId(1), PersonId(2), list, &("active", Some("design")))
}

/// Keys of one kind of list, in their order.
fn place(names: &[&str]) -> Place {
    Place::of(names.iter().zip(1..).map(|(name, id)| (Name::from_source(name).sort_key(), TaskId(id))).collect())
}

/// Reads a text that bears no mark of ours, and bytes that bear one, as the key of this kind.
fn key<K: DeserializeOwned + Serialize + Ord + Debug + Clone>(text: &[u8], marked: &str, rows: &[K]) {
    let ours = cursors("ours");
    if let Ok(text) = std::str::from_utf8(text) {
        assert!(ours.read::<K>(text).is_err(), "a text that nobody marked was taken");
    }
    assert!(cursors("theirs").read::<K>(marked).is_err(), "a cursor of another list was taken");
    let Ok(after) = ours.read::<K>(marked) else { return };
    assert_eq!(ours.read::<K>(&ours.after(&after)).as_ref().ok(), Some(&after), "a key was read as another one");
    let listed = Page { after: Some(after.clone()), limit: Some(1) }.cut(rows.to_vec(), K::clone);
    let expected = rows.iter().find(|row| **row > after);
    assert_eq!(listed.rows.first(), expected, "the page does not begin after {after:?}");
}

/// Reads any bytes as whatever cursors hold.
pub(crate) fn check(input: &[u8]) {
    let marked = cursors("ours").after(&Raw(input));
    let names = ["", "a", "design"].map(SortKey::of);
    key(input, &marked, &[Reverse(RunId(7)), Reverse(RunId(3)), Reverse(RunId(-1))]);
    key(input, &marked, &[0_u32, 1, 1000]);
    key(input, &marked, &names.clone().map(|name| (name, PersonId(1))));
    key(input, &marked, &names.map(|name| (true, name.as_bytes().to_owned(), Some(PersonId(1)))));
    let places = [place(&["a"]), place(&["a", "b"]), place(&["b"])];
    key(input, &marked, &places);
    key(input, &marked, &places.clone().map(|place| Found { by_path: true, place }));
    if let Ok(place) = cursors("ours").read::<Place>(&marked) {
        let above = place.clone().settled(|_| None);
        assert!(above <= place && place.clone().settled(|_| Some(above.clone())) <= place, "{place:?} was settled below itself");
        assert_eq!(above.clone().shortened().settled(|_| Some(above.clone())), above);
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    #[test]
    fn whatever_stands_in_a_cursor_is_read_or_refused() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/cursor");
        let mut inputs = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let input = std::fs::read(entry.unwrap().path()).unwrap();
            (0..=input.len()).for_each(|end| super::check(&input[..end]));
            inputs += 1;
        }
        assert!(inputs >= 5, "only {inputs} inputs");
    }
}
