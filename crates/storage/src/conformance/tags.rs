//! Tags of the account (E2).

use tallyport_domain::TagId;
use tallyport_domain::time::{Tag, What};

use super::commands::{add, cem, on, tags, world};
use super::world::{Fresh, ever};
use crate::StoreError;

pub async fn tags_are_put_in_order_wherever_they_are(db: Fresh) {
    let (s, w) = (&*db.store, world(&db).await);
    let command =
        |words: &[&str]| add(What { tags: tags(words), ..on(w.sink) }, "UTC", "2026-11-26T08:00:00Z", "2026-11-26T09:00:00Z");
    for words in [&["ui", "Draft"][..], &["UI", "design"], &["design"]] {
        cem(&db, &command(words), 1).await.unwrap();
    }
    let list = async |account| -> Vec<(i64, String, u64)> {
        s.tags(account).await.unwrap().iter().map(|tag| (tag.id.0, tag.name.as_str().to_owned(), tag.entries)).collect()
    };
    let row = |id, name: &str, entries| (id, name.to_owned(), entries);
    let before = list(w.ours).await;
    let number = |name: &str| TagId(before.iter().find(|tag| tag.1 == name).unwrap().0);
    let (ui, draft, design) = (number("ui"), number("Draft"), number("design"));
    assert_eq!(before, [row(design.0, "design", 2), row(draft.0, "Draft", 1), row(ui.0, "ui", 2)]);
    let named = Tag::typed("Interface").unwrap();
    assert!(matches!(s.rename_tag(w.ours, ui, &Tag::typed("DESIGN").unwrap(), w.ada, w.at(2)).await, Err(StoreError::TagExists)));
    s.rename_tag(w.ours, ui, &named, w.ada, w.at(2)).await.unwrap();
    s.merge_tags(w.ours, design, ui, w.ada, w.at(3)).await.unwrap();
    assert_eq!(list(w.ours).await, [row(draft.0, "Draft", 1), row(ui.0, "Interface", 3)]);
    s.remove_tag(w.ours, draft, w.ada, w.at(4)).await.unwrap();
    let rows = s.entries(w.ours, w.cem, ever()).await.unwrap();
    assert!(rows.iter().all(|row| row.tracked.record().details.tags == tags(&["Interface"])), "{rows:?}");
    assert!(list(w.theirs).await.is_empty());
    let missing = |error: StoreError| matches!(error, StoreError::NotFound("tag"));
    assert!(missing(s.remove_tag(w.theirs, ui, w.ada, w.at(5)).await.unwrap_err()));
    assert!(missing(s.merge_tags(w.ours, ui, draft, w.ada, w.at(5)).await.unwrap_err()));
}
