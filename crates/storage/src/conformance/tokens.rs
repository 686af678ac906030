//! Personal API tokens (A4, A5).

use tallyport_domain::{Scope, TokenId, USE_NOTED_EVERY};

use super::secrets::{SECOND, by, comes, new_token, sign_in, subjects, token, until};
use super::world::{Fresh, picture};
use crate::{Credential, NewToken, StoreError, Subject, TokenRow};

// A4
pub async fn a_token_tells_who_comes_with_it_and_what_it_may_do(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let before = s.latest_change(w.ours).await.unwrap();
    for (number, scope) in (1..).zip(Scope::ALL) {
        let row = s.create_token(w.ours, w.cem, &new_token(number, scope, w.at(1)), None).await.unwrap().now();
        let bearer = comes(s, number, w.at(2)).await.unwrap();
        assert_eq!(bearer.by, Credential::Token(row.id, scope));
        assert_eq!((bearer.account.id, bearer.person.id), (w.ours, w.cem));
        let made = TokenRow {
            id: row.id,
            name: format!("Script {number}"),
            scope,
            created_at: w.at(1),
            used_at: None,
            expires_at: None,
            revoked_at: None,
        };
        assert_eq!(row, made);
    }
    assert_eq!(subjects(&db, before).await, [Subject::Person(w.cem)]);
}

// A4
pub async fn a_token_works_until_it_expires(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let until = w.at(60);
    let new = NewToken { expires_at: Some(until), ..new_token(1, Scope::Read, w.at(1)) };
    let row = s.create_token(w.ours, w.cem, &new, None).await.unwrap().now();
    let endless = token(s, w.ours, w.cem, 2, w.at(1)).await;
    assert_eq!(row.expires_at, Some(until));
    assert_eq!(by(s, 1, until - SECOND).await, Some(Credential::Token(row.id, Scope::Read)));
    assert_eq!(by(s, 1, until).await, None);
    let years = chrono::TimeDelta::days(4_000);
    assert_eq!(by(s, 2, until + years).await, Some(Credential::Token(endless.id, Scope::Admin)));
    assert_eq!(s.tokens(w.ours, w.cem).await.unwrap().len(), 2, "it stays on record");
}

// A4
pub async fn a_revoked_token_opens_nothing_and_stays_on_record(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let row = token(s, w.ours, w.cem, 1, w.at(1)).await;
    let other = token(s, w.ours, w.cem, 2, w.at(1)).await;
    let before = s.latest_change(w.ours).await.unwrap();
    refused!(s.revoke_token(w.ours, w.dee, row.id, w.at(2)).await, StoreError::NotFound(_));
    refused!(s.revoke_token(w.ours, w.cem, TokenId(999), w.at(2)).await, StoreError::NotFound(_));
    assert_eq!(s.latest_change(w.ours).await.unwrap(), before);
    let revoked = s.revoke_token(w.ours, w.cem, row.id, w.at(2)).await.unwrap();
    assert_eq!(revoked, TokenRow { revoked_at: Some(w.at(2)), ..row.clone() });
    assert_eq!(subjects(&db, before).await, [Subject::Person(w.cem)]);
    assert_eq!((by(s, 1, w.at(2)).await, by(s, 2, w.at(2)).await), (None, Some(Credential::Token(other.id, other.scope))));
    assert_eq!(s.revoke_token(w.ours, w.cem, row.id, w.at(3)).await.unwrap(), revoked, "one that is revoked stays so");
    assert!(s.tokens(w.ours, w.cem).await.unwrap().contains(&revoked));
}

// A4
pub async fn tokens_are_listed_the_newest_first_and_to_their_owner_alone(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let mut wanted = Vec::new();
    for number in [1, 2, 3] {
        wanted.insert(0, token(s, w.ours, w.cem, number, w.at(1)).await);
    }
    let dees = token(s, w.ours, w.dee, 4, w.at(1)).await;
    let theirs = token(s, w.theirs, w.cem, 5, w.at(1)).await;
    assert_eq!(theirs.id, wanted[2].id, "numbers count within their account");
    assert_eq!(s.tokens(w.ours, w.cem).await.unwrap(), wanted);
    assert_eq!(s.tokens(w.ours, w.dee).await.unwrap(), [dees]);
    assert_eq!(s.tokens(w.theirs, w.cem).await.unwrap(), std::slice::from_ref(&theirs)); // A1
    assert_eq!(s.tokens(w.ours, w.ada).await.unwrap(), []);
    s.revoke_token(w.ours, w.cem, theirs.id, w.at(2)).await.unwrap();
    assert_eq!(by(s, 5, w.at(2)).await, Some(Credential::Token(theirs.id, theirs.scope))); // A1
}

// A4
pub async fn the_use_of_a_token_is_noted_every_ten_minutes(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    token(s, w.ours, w.cem, 1, w.noon).await;
    token(s, w.theirs, w.cem, 2, w.noon).await;
    let used = async || s.tokens(w.ours, w.cem).await.unwrap()[0].used_at;
    comes(s, 1, w.at(1)).await.unwrap();
    until(Some(w.at(1)), &used).await;
    comes(s, 1, w.at(1) + USE_NOTED_EVERY - SECOND).await.unwrap();
    // Had it been noted, it would have been before this.
    s.rehash_password(w.ours, w.cem, "none", "none").await.unwrap();
    assert_eq!(used().await, Some(w.at(1)));
    comes(s, 1, w.at(1) + USE_NOTED_EVERY).await.unwrap();
    until(Some(w.at(1) + USE_NOTED_EVERY), &used).await;
    assert_eq!(s.tokens(w.theirs, w.cem).await.unwrap()[0].used_at, None); // A1
}

// A4
pub async fn sessions_and_tokens_are_never_taken_for_each_other(db: Fresh) {
    let (s, w) = (&*db.store, db.world);
    let session = sign_in(s, w.ours, w.cem, 1, w.at(1)).await;
    let row = token(s, w.ours, w.cem, 2, w.at(1)).await;
    let before = picture(s, w.ours).await;
    refused!(s.revoke_token(w.ours, w.cem, TokenId(session.0), w.at(2)).await, StoreError::NotFound(_));
    refused!(s.end_session(w.ours, w.cem, tallyport_domain::SessionId(row.id.0), w.at(2)).await, StoreError::NotFound(_));
    assert_eq!(picture(s, w.ours).await, before);
    s.set_password(w.ours, w.cem, "new", None, w.cem, w.at(3)).await.unwrap();
    assert_eq!((by(s, 1, w.at(3)).await, by(s, 2, w.at(3)).await), (None, Some(Credential::Token(row.id, row.scope))));
}
