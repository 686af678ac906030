//! Sign-in, oneself, and tokens.

use tallyport_api_types as wire;
use tallyport_app::{Account, MadeToken, MeToChange, MeView, SessionRow, TokenRow, TokenToMake, day_word};
use tallyport_domain::{Person, Secret};

use super::{instant, person};

pub(crate) fn account_ref(account: Account) -> wire::AccountRef {
    wire::AccountRef { id: account.id.0, name: account.name }
}

pub(crate) fn signed_in(account: Account, who: Person, token: Option<&Secret>) -> wire::SignedIn {
    let token = token.map(|secret| secret.reveal().to_owned());
    wire::SignedIn { account: account_ref(account), person: person(who), token }
}

pub(crate) fn me(view: MeView) -> wire::Me {
    wire::Me {
        person: person(view.person),
        account: account_ref(view.account),
        timezone: view.profile.zone.as_str().to_owned(),
        own_timezone: view.profile.own_zone,
        week_start: day_word(view.profile.week_start).to_owned(),
        own_week_start: view.profile.own_week_start,
    }
}

pub(crate) fn me_to_change(change: wire::MeChange) -> MeToChange {
    MeToChange { name: change.name, timezone: change.timezone, week_start: change.week_start }
}

pub(crate) fn session((row, current): (SessionRow, bool)) -> wire::Session {
    wire::Session { id: row.id.0, client: row.client, began_at: instant(row.began_at), used_at: instant(row.used_at), current }
}

pub(crate) fn token_to_make(new: wire::NewToken) -> TokenToMake {
    TokenToMake { name: new.name, scope: new.scope, days: new.days }
}

/// A token as it is listed, without its secret.
pub(crate) fn token(row: TokenRow) -> wire::Token {
    wire::Token {
        id: row.id.0,
        name: row.name,
        scope: row.scope.as_str().to_owned(),
        created_at: instant(row.created_at),
        used_at: row.used_at.map(instant),
        expires_at: row.expires_at.map(instant),
        revoked_at: row.revoked_at.map(instant),
        token: None,
    }
}

/// A token as it is shown once.
pub(crate) fn made_token(made: &MadeToken) -> wire::Token {
    wire::Token { token: Some(made.secret.reveal().to_owned()), ..token(made.row.clone()) }
}
