//! `people`: who is in the account.

use http::Method;
use tallyport_api_types::{Access, Confirmation, HandedLink, NewPerson, Person, PersonChange};

use crate::{Call, Client};

/// The methods on people.
pub struct People<'a> {
    pub(crate) client: &'a Client,
}

impl<'a> People<'a> {
    /// `GET me`, of which this reads who acts; [`Client::me`] has the rest.
    pub fn me(&self) -> Call<'a, Person> {
        self.client.call(Method::GET, "me")
    }

    /// `GET people`: everybody, the deactivated included.
    pub fn list(&self) -> Call<'a, Vec<Person>> {
        self.client.call(Method::GET, "people")
    }

    /// `GET people/{id}`.
    pub fn get(&self, id: i64) -> Call<'a, Person> {
        self.client.call(Method::GET, &format!("people/{id}"))
    }

    /// `POST people` with one person.
    pub fn add(&self, person: &NewPerson) -> Call<'a, Person> {
        self.client.call_with(Method::POST, "people", person).once()
    }

    /// `POST people` with a list, which is added whole or not at all.
    pub fn add_all(&self, people: &[NewPerson]) -> Call<'a, Vec<Person>> {
        self.client.call_with(Method::POST, "people", &people).once()
    }

    /// `PATCH people/{id}`: another role, another address.
    pub fn change(&self, id: i64, change: &PersonChange) -> Call<'a, Person> {
        self.client.call_with(Method::PATCH, &format!("people/{id}"), change)
    }

    /// `POST people/{id}/deactivate`; `confirm` is a yes to what the integration loses by it (I17).
    pub fn deactivate(&self, id: i64, confirm: bool) -> Call<'a, Person> {
        self.client.call_with(Method::POST, &format!("people/{id}/deactivate"), &Confirmation { confirm })
    }

    /// `POST people/{id}/reactivate`.
    pub fn reactivate(&self, id: i64) -> Call<'a, Person> {
        self.client.call(Method::POST, &format!("people/{id}/reactivate"))
    }

    /// `GET people/{id}/access`: the tasks somebody is assigned to, or with `effective` all they have by that (P1).
    pub fn access(&self, id: i64, effective: bool) -> Call<'a, Vec<Access>> {
        let query = if effective { "?effective=true" } else { "" };
        self.client.call(Method::GET, &format!("people/{id}/access{query}"))
    }

    /// `POST people/{id}/reset-password`: a link with which they set another password, mailed or to be handed over (A7).
    pub fn reset_password(&self, id: i64) -> Call<'a, HandedLink> {
        self.client.call(Method::POST, &format!("people/{id}/reset-password"))
    }
}
