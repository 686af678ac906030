//! What somebody has (P1).

use tallyport_api_types::Access;

use super::table::{Column, Table};
use super::{Ink, Page, reasons, text};

/// Tasks somebody has, each with what gives it.
pub(crate) fn list(tasks: &[Access], page: &Page) -> String {
    let mut table = Table::new([Column::number("id"), Column::cut("task", 20), Column::whole("assigned"), Column::cut("in", 12)]);
    for task in tasks {
        let name = task.path.last().map(String::as_str).unwrap_or_default();
        table.row([
            (Ink::Dim, task.id.to_string()),
            (Ink::Plain, text::name(name)),
            (Ink::Plain, via(task)),
            (Ink::Dim, text::above(&task.path)),
        ]);
    }
    table.draw(page)
}

/// "by Toggl", "by hand", "through 2 by Toggl".
fn via(task: &Access) -> String {
    let mut ways: Vec<String> = Vec::new();
    for via in &task.via {
        let way = reasons::assigned(via.automatic);
        let way = if via.task_id == task.id { way.to_owned() } else { format!("{way} on {}", via.task_id) };
        if !ways.contains(&way) {
            ways.push(way);
        }
    }
    ways.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use tallyport_api_types::Via;

    #[test] // P1, P2
    fn access_says_what_gives_it() {
        let via = |task_id, automatic| Via { task_id, automatic };
        let access =
            |id, path: &[&str], via: Vec<Via>| Access { id, path: path.iter().map(|name| (*name).to_owned()).collect(), via };
        let tasks = [
            access(2, &["Toggl", "Labs"], vec![via(2, true), via(2, false)]),
            access(7, &["Toggl", "Labs", "Tide tables app"], vec![via(2, true), via(7, false)]),
        ];
        insta::assert_snapshot!(list(&tasks, &Page::plain()), @r"
        id  task             assigned                in
         2  Labs             by Toggl, by hand       Toggl
         7  Tide tables app  by Toggl on 2, by hand  Toggl / Labs
        ");
    }
}
