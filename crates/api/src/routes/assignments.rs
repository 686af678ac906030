//! `tasks/{id}/assignments`.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use tallyport_api_types::{Assignment, AssignmentsChange};
use tallyport_app::App;
use tallyport_domain::{PersonId, Scope, TaskId};
use tallyport_http::{Answer, Asked, Body, Ids, Refusal, Signed};

use super::Routes;
use crate::convert;
use crate::page::Paging;

pub(super) fn add_to(routes: Routes) -> Routes {
    routes
        .get("/tasks/{id}/assignments", assignments)
        .says("assignments_list", "The people who are assigned to a task directly.")
        .lists::<Assignment>()
        .post("/tasks/{id}/assignments", Scope::Manage, change)
        .says(
            "assignments_change",
            "Assigns people to a task or unassigns people from it, all or none, and tells how it stands after.",
        )
        .put("/tasks/{id}/assignments/{person_id}", Scope::Manage, assign)
        .says("assignments_assign", "Assigns somebody to a task and tells how it stands after.")
        .delete("/tasks/{id}/assignments/{person_id}", Scope::Manage, unassign)
        .says("assignments_unassign", "Unassigns somebody from a task and tells how it stands after.")
}

/// `GET tasks/{id}/assignments`: the people assigned directly (P2).
async fn assignments(
    State(app): State<App>,
    Signed(actor): Signed,
    Ids([task]): Ids<1>,
    Asked(paging): Asked<Paging>,
) -> Answer<Response> {
    let assignments = convert::assignments(app.assignments.list(&actor, TaskId(task)).await?);
    // Who has both kinds is listed twice, the automatic one first.
    paging.of(&actor, &format!("assignments {task}")).cut(assignments, |one| (one.person.id, !one.automatic), |one| one)
}

/// `POST tasks/{id}/assignments`: assigns people or unassigns people, all or none; answers how it stands after (P2, P5).
async fn change(
    State(app): State<App>,
    Signed(actor): Signed,
    Ids([task]): Ids<1>,
    Body(change): Body<AssignmentsChange>,
) -> Answer<Json<Vec<Assignment>>> {
    let after = match (change.assign.as_slice(), change.unassign.as_slice()) {
        (people @ [_, ..], []) => app.assignments.assign(&actor, TaskId(task), people).await?,
        ([], people @ [_, ..]) => app.assignments.unassign(&actor, TaskId(task), people).await?,
        _ => return Err(Refusal::invalid("give either people to assign or people to unassign")),
    };
    Ok(Json(convert::assignments(after)))
}

/// `PUT tasks/{id}/assignments/{person_id}` (P2).
async fn assign(State(app): State<App>, Signed(actor): Signed, Ids([task, person]): Ids<2>) -> Answer<Json<Vec<Assignment>>> {
    Ok(Json(convert::assignments(app.assignments.assign_one(&actor, TaskId(task), PersonId(person)).await?)))
}

/// `DELETE tasks/{id}/assignments/{person_id}` (P5).
async fn unassign(State(app): State<App>, Signed(actor): Signed, Ids([task, person]): Ids<2>) -> Answer<Json<Vec<Assignment>>> {
    Ok(Json(convert::assignments(app.assignments.unassign_one(&actor, TaskId(task), PersonId(person)).await?)))
}
