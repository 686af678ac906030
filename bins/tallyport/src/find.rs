//! What people call things, and which ones they mean.

use tallyport_api_types::{Code, Person, Task};
use tallyport_client::{Client, TaskState};

use crate::failure::{Failure, Stop};
use crate::render::text;

/// The task that is meant: an id, or text that matches exactly one task the person sees.
///
/// Text matches a task when its parts, between ` / `, are in the task's name and, before that, in names above it, whatever
/// the case. Whole names go before parts of names, so that "Design" means the task of that name beside a "Design review".
///
/// # Errors
/// None matches (`not_found`), or several do (`ambiguous`, with their paths).
pub(crate) async fn task(client: &Client, wanted: &str, among: TaskState) -> Result<i64, Stop> {
    if is_number(wanted) {
        return number(wanted, "task").map_err(Stop::from);
    }
    one_of(&client.tasks().list(among).await?, wanted)
}

fn one_of(tasks: &[Task], wanted: &str) -> Result<i64, Stop> {
    match matching(tasks, wanted).as_slice() {
        [] => {
            let failure = Failure::new(Code::NotFound, format!("no task matches \"{wanted}\""));
            Err(failure.hint("`tallyport tasks search TEXT` finds tasks by any words of their paths.").into())
        }
        [task] => Ok(task.id),
        several => Err(ambiguous(several, &format!("match \"{wanted}\"")).into()),
    }
}

/// The tag that is meant: its number, or its name whatever the case.
///
/// # Errors
/// There is none.
pub(crate) async fn tag(client: &Client, wanted: &str) -> Result<i64, Stop> {
    let tags = client.tags().list().await?;
    let key = wanted.trim().to_lowercase();
    let named = tags.iter().find(|tag| tag.name.to_lowercase() == key);
    let found = named.or_else(|| tags.iter().find(|tag| tag.id.to_string() == key));
    found.map(|tag| tag.id).ok_or_else(|| {
        let failure = Failure::new(Code::NotFound, format!("there is no tag \"{wanted}\""));
        failure.hint("`tallyport tags list` lists them.").into()
    })
}

/// How many tasks a search tells at once.
const BEST: usize = 100;

/// The task that time is to be tracked on: as [`task`], among those that the person may track time on, which are looked for by the
/// words of their paths so that a large tree need not be read.
///
/// # Errors
/// As [`task`].
pub(crate) async fn trackable(client: &Client, wanted: &str) -> Result<i64, Stop> {
    if is_number(wanted) {
        return number(wanted, "task").map_err(Stop::from);
    }
    let words = wanted.replace(text::SEPARATOR, " ");
    let mut tasks = client.tasks().search(&words, TaskState::Active).await?;
    if tasks.len() >= BEST {
        // Among more than are told at once there may be others.
        tasks = client.tasks().list(TaskState::Active).await?;
    }
    tasks.retain(|task| task.trackable);
    one_of(&tasks, wanted)
}

/// The task that is meant to be changed: an id, its whole name, or its whole path, whatever the case.
///
/// Parts of names are for looking: whoever deletes "plan" does not mean "Planning 2024" with all below it.
///
/// # Errors
/// None is called so (`not_found`, with those that a part of it finds), or several are (`ambiguous`, with their paths).
pub(crate) async fn task_to_change(client: &Client, wanted: &str, among: TaskState) -> Result<i64, Stop> {
    if is_number(wanted) {
        return number(wanted, "task").map_err(Stop::from);
    }
    let tasks = client.tasks().list(among).await?;
    match called(&tasks, wanted).as_slice() {
        [] => {
            let failure = Failure::new(Code::NotFound, format!("no task is called \"{wanted}\""));
            let hint = "Give its id, its whole name or its whole path; `tallyport tasks search TEXT` finds it by any words.";
            Err(failure.hint(hint).details(listed(&matching(&tasks, wanted))).into())
        }
        [task] => Ok(task.id),
        several => {
            let failure = ambiguous(several, &format!("are called \"{wanted}\""));
            Err(failure.hint("Give the id or the whole path of the one you mean.").into())
        }
    }
}

fn ambiguous(several: &[&Task], what: &str) -> Failure {
    Failure::new(Code::Ambiguous, format!("{} tasks {what}", several.len())).details(listed(several))
}

fn listed(tasks: &[&Task]) -> Vec<String> {
    tasks.iter().map(|task| format!("{}  {}", task.id, text::path(&task.path))).collect()
}

/// The person who is meant: an id, or an address.
///
/// # Errors
/// Nobody has it (`not_found`).
pub(crate) async fn person(client: &Client, wanted: &str) -> Result<Person, Stop> {
    let id = if is_number(wanted) { Some(number(wanted, "person")?) } else { None };
    let address = wanted.trim().to_lowercase();
    let is_meant = |person: &Person| id.map_or_else(|| person.email.trim().to_lowercase() == address, |id| person.id == id);
    // Everybody may ask for themselves; the list is for managers.
    let me = client.people().me().await?;
    if is_meant(&me) {
        return Ok(me);
    }
    client.people().list().await?.into_iter().find(is_meant).ok_or_else(|| {
        let what = if id.is_some() { "number" } else { "email" };
        let failure = Failure::new(Code::NotFound, format!("nobody in this account has the {what} {wanted}"));
        failure.hint(Code::in_terminal(Code::UNKNOWN_PEOPLE)).into()
    })
}

/// The token that is meant: an id, or the name of exactly one that is not revoked.
///
/// # Errors
/// None is called so (`not_found`), or several are (`ambiguous`).
pub(crate) async fn token(client: &Client, wanted: &str) -> Result<i64, Stop> {
    if is_number(wanted) {
        return number(wanted, "token").map_err(Stop::from);
    }
    let mut tokens = client.tokens().list().await?;
    tokens.retain(|token| token.revoked_at.is_none() && token.name.trim().to_lowercase() == wanted.trim().to_lowercase());
    match tokens.as_slice() {
        [] => {
            let failure = Failure::new(Code::NotFound, format!("you have no token called \"{wanted}\""));
            Err(failure.hint("`tallyport tokens list` shows those there are.").into())
        }
        [token] => Ok(token.id),
        several => {
            let failure = Failure::new(Code::Ambiguous, format!("{} tokens are called \"{wanted}\"", several.len()));
            let ids = several.iter().map(|token| format!("{}  {}", token.id, text::name(&token.name)));
            Err(failure.hint("Give the number of the one you mean.").details(ids.collect()).into())
        }
    }
}

/// The invitation that is meant: an id, or an address, whose last one it is; one that is open goes before others.
///
/// # Errors
/// Nobody of that address was invited (`not_found`).
pub(crate) async fn invitation(client: &Client, wanted: &str) -> Result<i64, Stop> {
    if is_number(wanted) {
        return number(wanted, "invitation").map_err(Stop::from);
    }
    let mut invitations = client.invitations().list().await?;
    let address = wanted.trim().to_lowercase();
    invitations.retain(|invitation| invitation.email.trim().to_lowercase() == address);
    let meant = invitations.iter().max_by_key(|invitation| (invitation.state == "open", invitation.id));
    meant.map(|invitation| invitation.id).ok_or_else(|| {
        let failure = Failure::new(Code::NotFound, format!("nobody with the email {wanted} was invited"));
        failure.hint("`tallyport invitations list` shows who was.").into()
    })
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Digits too many to be an id are the id of nothing.
fn number(digits: &str, what: &str) -> Result<i64, Failure> {
    digits.parse().map_err(|_| Failure::new(Code::NotFound, format!("there is no {what} {digits}")))
}

/// The tasks that have just this name or just this path.
fn called<'a>(tasks: &'a [Task], wanted: &str) -> Vec<&'a Task> {
    let lower = |text: &str| text.trim().to_lowercase();
    let (name, path) = (lower(wanted), wanted.split(text::SEPARATOR).map(lower).collect::<Vec<_>>());
    let is_called = |task: &&Task| {
        lower(&task.name) == name || (path.len() > 1 && task.path.iter().map(|part| lower(part)).eq(path.iter().cloned()))
    };
    tasks.iter().filter(is_called).collect()
}

fn matching<'a>(tasks: &'a [Task], wanted: &str) -> Vec<&'a Task> {
    let parts: Vec<String> = wanted.split(text::SEPARATOR).map(|part| part.trim().to_lowercase()).collect();
    let whole = tasks.iter().filter(|task| matches(task, &parts, |name, part| name == part)).collect::<Vec<_>>();
    if !whole.is_empty() {
        return whole;
    }
    tasks.iter().filter(|task| matches(task, &parts, |name, part| name.contains(part))).collect()
}

/// Whether the last part fits the task and each earlier one a name above it, in order.
fn matches(task: &Task, parts: &[String], fits: impl Fn(&str, &str) -> bool) -> bool {
    let mut names = task.path.iter().rev().map(|name| name.to_lowercase());
    let mut parts = parts.iter().rev();
    let (Some(name), Some(part)) = (names.next(), parts.next()) else { return false };
    fits(&name, part) && parts.all(|part| names.any(|name| fits(&name, part)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::task::samples::native;

    fn tasks() -> Vec<Task> {
        let paths: [&[&str]; 6] = [
            &["Toggl", "Studio", "Website relaunch"],
            &["Toggl", "Studio", "Website relaunch", "Design"],
            &["Toggl", "Studio", "Website relaunch", "Design review"],
            &["Toggl", "Labs", "Shop", "Design"],
            &["Toggl", "Labs", "Żółw i Syn"],
            &["Toggl", "Labs", ""],
        ];
        let numbered = (1..).zip(paths);
        let task = |(id, path): (i64, &[&str])| {
            let path: Vec<String> = path.iter().map(|name| (*name).to_owned()).collect();
            Task { name: path.last().cloned().unwrap_or_default(), path, ..native(id, None, "") }
        };
        numbered.map(task).collect()
    }

    fn found(wanted: &str) -> Vec<i64> {
        matching(&tasks(), wanted).iter().map(|task| task.id).collect()
    }

    #[test]
    fn whole_names_go_before_parts_and_paths_tell_apart() {
        assert_eq!(found("design review"), [3]);
        assert_eq!(found("Design"), [2, 4]);
        assert_eq!(found("shop / design"), [4]);
        assert_eq!(found("Toggl / Labs / Shop / Design"), [4]);
        assert_eq!(found("labs / design"), [4]);
        assert_eq!(found("relaunch"), [1]);
        assert_eq!(found("żółw"), [5]);
        assert_eq!(found("studio / design"), [2]);
        assert_eq!(found("nothing"), Vec::<i64>::new());
        assert_eq!(found("design / shop"), Vec::<i64>::new());
    }

    #[test]
    fn what_is_changed_is_called_by_its_whole_name_or_path() {
        let called = |wanted: &str| called(&tasks(), wanted).iter().map(|task| task.id).collect::<Vec<_>>();
        assert_eq!(called(" design REVIEW "), [3]);
        assert_eq!(called("toggl / labs / shop / design"), [4]);
        assert_eq!(called("Design"), [2, 4]);
        for part in ["relaunch", "review", "shop / design", "Labs / Shop"] {
            assert_eq!(called(part), Vec::<i64>::new(), "{part}");
        }
    }

    #[test]
    fn digits_are_an_id_and_too_many_of_them_are_none() {
        assert_eq!(number("42", "task").unwrap(), 42);
        assert_eq!(number("99999999999999999999", "task").unwrap_err().exit_code(), 4);
        assert!(!is_number("") && !is_number("-1") && !is_number("4a"));
    }
}
