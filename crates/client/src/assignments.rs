//! `tasks/{id}/assignments`: who has which task.

use http::Method;
use tallyport_api_types::{Assignment, AssignmentsChange};

use crate::{Call, Client};

/// The methods on assignments.
pub struct Assignments<'a> {
    pub(crate) client: &'a Client,
}

impl<'a> Assignments<'a> {
    /// `GET tasks/{id}/assignments`.
    pub fn list(&self, task: i64) -> Call<'a, Vec<Assignment>> {
        self.client.call(Method::GET, &format!("tasks/{task}/assignments"))
    }

    /// `POST tasks/{id}/assignments`: all of the change or none of it; answers how the task stands after.
    pub fn change(&self, task: i64, change: &AssignmentsChange) -> Call<'a, Vec<Assignment>> {
        self.client.call_with(Method::POST, &format!("tasks/{task}/assignments"), change)
    }

    /// `PUT tasks/{id}/assignments/{person_id}`: assigns somebody (P2).
    pub fn assign(&self, task: i64, person: i64) -> Call<'a, Vec<Assignment>> {
        self.client.call(Method::PUT, &format!("tasks/{task}/assignments/{person}"))
    }

    /// `DELETE tasks/{id}/assignments/{person_id}`: takes somebody off (P5).
    pub fn unassign(&self, task: i64, person: i64) -> Call<'a, Vec<Assignment>> {
        self.client.call(Method::DELETE, &format!("tasks/{task}/assignments/{person}"))
    }
}
