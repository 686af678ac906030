//! `tasks`.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;
use tallyport_api_types::{NewTask, Task, TaskChange, TaskState, Why};
use tallyport_app::{App, TaskRow, Wanted, Which};
use tallyport_domain::{Scope, TaskId};
use tallyport_http::{Answer, Asked, Body, Ids, IfMatch, Refusal, RequestKey, Signed, Tagged};
use utoipa::ToSchema;

use super::Routes;
use crate::page::{Cursor, Listing};
use crate::{convert, once};

pub(super) fn add_to(routes: Routes) -> Routes {
    routes
        .get("/tasks", tasks)
        .says("tasks_list", "The tasks one may see in display order, or what a search finds, best first.")
        .lists::<Task>()
        .post("/tasks", Scope::Manage, add)
        .says("tasks_add", "Adds a native task.")
        .answers::<Task>(201)
        .get("/tasks/{id}", show)
        .says("tasks_show", "A task in its place.")
        .patch("/tasks/{id}", Scope::Manage, change)
        .says("tasks_change", "Gives a native task another name or another place.")
        .delete("/tasks/{id}", Scope::Manage, delete)
        .says("tasks_delete", "Deletes a native task with everything below it.")
        .post("/tasks/{id}/archive", Scope::Manage, archive)
        .says("tasks_archive", "Archives a native task with everything below it.")
        .post("/tasks/{id}/restore", Scope::Manage, restore)
        .says("tasks_restore", "Restores a native task with everything below it and what it hangs under.")
        .get("/tasks/{id}/why", why)
        .says("tasks_why", "Why a task is as it is.")
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WhichTasks {
    /// Which of them; the active ones where it is left out.
    #[serde(default)]
    state: TaskState,
    /// Only those that hang under this one directly.
    #[schema(minimum = 1)]
    parent: Option<i64>,
    /// Words to search for.
    q: Option<String>,
    /// How many at most; a search finds 100 where it is left out.
    #[schema(minimum = 1)]
    limit: Option<u32>,
    /// Goes on where the page ended that came with this `Next-Cursor`.
    cursor: Option<Cursor>,
}

impl WhichTasks {
    fn wanted(&self) -> Wanted {
        let which = match self.state {
            TaskState::Active => Which::Active,
            TaskState::Archived => Which::Archived,
            TaskState::All => Which::All,
        };
        Wanted { which, parent: self.parent.map(TaskId) }
    }
}

/// `GET tasks?state=&parent=&q=`: the tree in display order, or with `q` what its words find, best first (T4, P6).
async fn tasks(State(app): State<App>, Signed(actor): Signed, Asked(asked): Asked<WhichTasks>) -> Answer<Response> {
    let (wanted, paging) = (asked.wanted(), (asked.limit, asked.cursor));
    let list = Listing::of(&actor, "tasks", &(wanted, &asked.q), paging);
    match asked.q {
        Some(text) => {
            let list = list.never_whole();
            let found = app.tasks.search(&actor, &text, wanted, &list.page()?).await?;
            Ok(list.answer(found, convert::task))
        }
        None => Ok(list.answer(app.tasks.tree_page(&actor, wanted, &list.page()?).await?, convert::task)),
    }
}

/// `POST tasks`: a native one (T2, E7).
async fn add(State(app): State<App>, Signed(actor): Signed, key: RequestKey, Body(new): Body<NewTask>) -> Answer<Response> {
    let once = once::asked(&key, &new, |row: &TaskRow| convert::task(row.clone()));
    let done = app.tasks.add_once(&actor, &new.name, new.parent_id.map(TaskId), once).await?;
    Ok(once::created(done, convert::task))
}

/// `GET tasks/{id}`.
async fn show(State(app): State<App>, Signed(actor): Signed, Ids([id]): Ids<1>) -> Answer<Tagged<Task>> {
    Ok(Tagged::whole(convert::task(app.tasks.show(&actor, TaskId(id)).await?)))
}

/// `PATCH tasks/{id}`: another name or another place; one of the two, so that none is done without the other (T2).
async fn change(
    State(app): State<App>,
    Signed(actor): Signed,
    Ids([id]): Ids<1>,
    seen: IfMatch,
    Body(change): Body<TaskChange>,
) -> Answer<Tagged<Task>> {
    let still = seen.still(|row: &TaskRow| convert::task(row.clone()));
    let row = match (&change.name, &change.parent) {
        (Some(name), None) => app.tasks.rename_if(&actor, TaskId(id), name, still).await?,
        (None, Some(parent)) => app.tasks.move_to_if(&actor, TaskId(id), parent.id.map(TaskId), still).await?,
        _ => return Err(Refusal::invalid("give either a name or a parent to change")),
    };
    Ok(Tagged::whole(convert::task(row)))
}

/// `DELETE tasks/{id}`, with everything below it (T2).
async fn delete(State(app): State<App>, Signed(actor): Signed, Ids([id]): Ids<1>) -> Answer<StatusCode> {
    app.tasks.delete(&actor, TaskId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST tasks/{id}/archive`, with everything below it (T2).
async fn archive(State(app): State<App>, Signed(actor): Signed, Ids([id]): Ids<1>) -> Answer<Json<Task>> {
    Ok(Json(convert::task(app.tasks.archive(&actor, TaskId(id)).await?)))
}

/// `POST tasks/{id}/restore`, with everything below it and what it hangs under (T2).
async fn restore(State(app): State<App>, Signed(actor): Signed, Ids([id]): Ids<1>) -> Answer<Json<Task>> {
    Ok(Json(convert::task(app.tasks.restore(&actor, TaskId(id)).await?)))
}

/// `GET tasks/{id}/why` (W1).
async fn why(State(app): State<App>, Signed(actor): Signed, Ids([id]): Ids<1>) -> Answer<Json<Why>> {
    Ok(Json(convert::why(app.tasks.why(&actor, TaskId(id)).await?)))
}
