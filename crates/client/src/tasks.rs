//! `tasks`: the tree.

use http::Method;
use tallyport_api_types::{NewTask, Task, TaskChange, TaskState, Why};

use crate::{Call, Client, query};

/// The methods on tasks.
pub struct Tasks<'a> {
    pub(crate) client: &'a Client,
}

impl<'a> Tasks<'a> {
    /// `GET tasks?state=`: what the one who asks may see, in the order of the tree (T4).
    pub fn list(&self, state: TaskState) -> Call<'a, Vec<Task>> {
        self.client.call(Method::GET, &query::path("tasks", &[("state", Some(state.as_str().to_owned()))]))
    }

    /// `GET tasks?state=&parent=`: those of them that hang under one task directly.
    pub fn below(&self, parent: i64, state: TaskState) -> Call<'a, Vec<Task>> {
        let query = [("state", Some(state.as_str().to_owned())), ("parent", Some(parent.to_string()))];
        self.client.call(Method::GET, &query::path("tasks", &query))
    }

    /// `GET tasks?state=&q=`: those that a text finds, best first; the best hundred unless it is asked for
    /// [by the page](Call::page).
    pub fn search(&self, text: &str, state: TaskState) -> Call<'a, Vec<Task>> {
        let query = [("state", Some(state.as_str().to_owned())), ("q", Some(text.to_owned()))];
        self.client.call(Method::GET, &query::path("tasks", &query))
    }

    /// `GET tasks/{id}`.
    pub fn get(&self, id: i64) -> Call<'a, Task> {
        self.client.call(Method::GET, &format!("tasks/{id}"))
    }

    /// `GET tasks/{id}/why` (W1).
    pub fn why(&self, id: i64) -> Call<'a, Why> {
        self.client.call(Method::GET, &format!("tasks/{id}/why"))
    }

    /// `POST tasks`: a native one.
    pub fn add(&self, task: &NewTask) -> Call<'a, Task> {
        self.client.call_with(Method::POST, "tasks", task).once()
    }

    /// `PATCH tasks/{id}`: another name, another place.
    pub fn change(&self, id: i64, change: &TaskChange) -> Call<'a, Task> {
        self.client.call_with(Method::PATCH, &format!("tasks/{id}"), change)
    }

    /// `POST tasks/{id}/archive`, with everything below it (T2).
    pub fn archive(&self, id: i64) -> Call<'a, Task> {
        self.client.call(Method::POST, &format!("tasks/{id}/archive"))
    }

    /// `POST tasks/{id}/restore`, with everything below it and what it hangs under (T2).
    pub fn restore(&self, id: i64) -> Call<'a, Task> {
        self.client.call(Method::POST, &format!("tasks/{id}/restore"))
    }

    /// `DELETE tasks/{id}`, with everything below it (T2).
    pub fn delete(&self, id: i64) -> Call<'a, ()> {
        self.client.call(Method::DELETE, &format!("tasks/{id}"))
    }
}
