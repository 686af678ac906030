//! Which account is meant and who acts, where the database is of this machine.

use tallyport_domain::{Email, Person, Role};
use tallyport_storage::{Account, Store};

use crate::{Error, Result};

/// How many are listed to choose from.
const LISTED: usize = 20;

/// The account of that name or number, or the only one there is.
pub(crate) async fn account(store: &dyn Store, named: Option<&str>) -> Result<Account> {
    let mut accounts = store.accounts().await?;
    let listed = || some(accounts.iter().map(|account| format!("{}  {}", account.id, account.name)));
    let Some(named) = named.map(str::trim).filter(|named| !named.is_empty()) else {
        return match accounts.len() {
            0 => Err(Error::NoAccount),
            1 => Ok(accounts.remove(0)),
            _ => Err(Error::WhichAccount(listed())),
        };
    };
    let folded = named.to_lowercase();
    let by_id = accounts.iter().position(|account| account.id.to_string() == named);
    let by_name = || accounts.iter().position(|account| account.name.to_lowercase() == folded);
    match by_id.or_else(by_name) {
        Some(index) => Ok(accounts.swap_remove(index)),
        None if accounts.is_empty() => Err(Error::NoAccount),
        None => Err(Error::UnknownAccount { named: named.chars().take(80).collect(), accounts: listed() }),
    }
}

/// The person with that email, or the only one who could be meant.
pub(crate) async fn person(store: &dyn Store, account: &Account, email: Option<&str>) -> Result<Person> {
    if let Some(email) = email.map(str::trim).filter(|email| !email.is_empty()) {
        let email = Email::parse(email).map_err(tallyport_app::Error::from)?;
        let person = store.person_by_email(account.id, &email).await?;
        let person = person.ok_or_else(|| Error::UnknownPerson(email.as_str().to_owned()))?;
        return if person.active { Ok(person) } else { Err(Error::PersonInactive(person.name)) };
    }
    let mut active = store.people(account.id).await?;
    active.retain(|person| person.active);
    if let [only] = active.as_slice() {
        return Ok(only.clone());
    }
    let mut administrators = active.iter().filter(|person| person.role == Role::Administrator);
    match (administrators.next(), administrators.next()) {
        (Some(only), None) => Ok(only.clone()),
        _ => Err(Error::WhichPerson(some(active.iter().map(|one| format!("{}  {}", one.email, one.role.as_str()))))),
    }
}

fn some(all: impl ExactSizeIterator<Item = String>) -> Vec<String> {
    let more = all.len().saturating_sub(LISTED);
    let mut listed: Vec<String> = all.take(LISTED).collect();
    if more > 0 {
        listed.push(format!("and {more} more"));
    }
    listed
}
