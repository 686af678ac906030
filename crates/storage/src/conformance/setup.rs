//! The first account of a store (A3).

use tallyport_domain::{Role, Zone};

use super::world::{Fresh, new_person, picture};
use crate::{NewAccount, StoreError};

// A3
pub async fn the_first_account_is_set_up_like_any_other(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let accounts = s.accounts().await.unwrap();
    let zone = Zone::parse("Europe/Berlin").unwrap();
    assert_eq!((accounts[0].id, accounts[0].name.as_str(), &accounts[0].zone), (w.ours, "Ours", &zone));
    let ada = s.person(w.ours, w.ada).await.unwrap().unwrap();
    assert_eq!((ada.role, ada.active), (Role::Administrator, true));
}

// A3
pub async fn a_store_with_an_account_is_set_up_already(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let before = (picture(s, w.ours).await, s.accounts().await.unwrap());
    let administrator = new_person("eve", Role::Administrator);
    let new = NewAccount { name: "Third".to_owned(), zone: Zone::utc(), administrator, now: w.noon };
    refused!(s.set_up(&new).await, StoreError::AlreadySetUp);
    refused!(s.set_up(&new).await, StoreError::AlreadySetUp);
    assert_eq!((picture(s, w.ours).await, s.accounts().await.unwrap()), before);
    s.create_account(&new).await.unwrap();
}
