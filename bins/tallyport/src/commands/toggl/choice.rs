//! A choice of workspaces, for `select` and `preview`.

use clap::Args;
use tallyport_api_types::{Code, Selection, Workspace};

use crate::failure::{Failure, Stop};
use crate::render::text;
use crate::session::Session;

/// Which workspaces. Each can be given by its id, or by its name where no other has it.
#[derive(Debug, Args)]
#[group(multiple = true)]
pub(super) struct Choice {
    /// Just these workspaces
    #[arg(value_name = "ID", conflicts_with_all = ["all", "none", "add", "remove"])]
    workspaces: Vec<String>,
    /// All workspaces, those of later included
    #[arg(long, conflicts_with_all = ["none", "add", "remove"])]
    all: bool,
    /// No workspace at all
    #[arg(long, conflicts_with_all = ["add", "remove"])]
    none: bool,
    /// These beside those of now
    #[arg(long, value_name = "ID", num_args = 1..)]
    add: Vec<String>,
    /// Those of now without these
    #[arg(long, value_name = "ID", num_args = 1..)]
    remove: Vec<String>,
}

/// What was chosen, as the API takes it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Chosen {
    /// All of now and of later.
    All,
    /// Just these ids.
    Just(Vec<String>),
}

impl Chosen {
    pub(super) fn is_all(&self) -> bool {
        *self == Self::All
    }

    pub(super) fn ids(self) -> Option<Vec<String>> {
        match self {
            Self::All => None,
            Self::Just(ids) => Some(ids),
        }
    }
}

impl Choice {
    /// Whether anything was chosen.
    pub(super) fn is_given(&self) -> bool {
        self.all || self.none || !(self.workspaces.is_empty() && self.add.is_empty() && self.remove.is_empty())
    }

    /// What was chosen, with names turned into ids and what is chosen now taken into account.
    ///
    /// # Errors
    /// A workspace named twice, a name of none, a name of several.
    pub(super) async fn read(&self, session: &Session) -> Result<Chosen, Stop> {
        if self.all {
            return Ok(Chosen::All);
        }
        if self.none {
            return Ok(Chosen::Just(Vec::new()));
        }
        let integration = session.client().integration();
        let is_change = self.workspaces.is_empty();
        let is_by_name = |workspace: &String| workspace.is_empty() || !workspace.bytes().all(|byte| byte.is_ascii_digit());
        let selection = if is_change { integration.status().await?.selection } else { None };
        let mut known = selection.as_ref().map(selected).unwrap_or_default();
        let is_all = selection.is_some_and(|selection| selection.all);
        // Toggl's requests are few: what is selected is known without one.
        let is_selected =
            |wanted: &String| id(wanted, &known).is_ok_and(|id| known.iter().any(|workspace| workspace.external_id == id));
        let is_new = self.workspaces.iter().chain(&self.add).any(is_by_name) || !self.remove.iter().all(is_selected);
        if is_all || is_new {
            known = integration.workspaces().await?;
        }
        let [just, add, remove] = [&self.workspaces, &self.add, &self.remove].map(|wanted| ids(wanted, &known));
        let (just, add, remove) = (just?, add?, remove?);
        twice(just.iter().chain(&add).chain(&remove))?;
        if !is_change {
            return Ok(Chosen::Just(just));
        }
        changed(&known, is_all, add, &remove).map_err(Stop::from)
    }
}

/// The workspaces of a selection that was picked.
fn selected(selection: &Selection) -> Vec<Workspace> {
    let named = selection.workspaces.iter().zip(&selection.names);
    let workspace =
        |(id, name): (&String, &String)| Workspace { external_id: id.clone(), name: name.clone(), selected: true, visible: true };
    named.map(workspace).collect()
}

/// The choice of now with some more and without some.
fn changed(known: &[Workspace], is_all: bool, add: Vec<String>, remove: &[String]) -> Result<Chosen, Failure> {
    if let Some(unknown) = remove.iter().find(|id| !known.iter().any(|workspace| workspace.external_id == **id)) {
        return Err(Failure::new(Code::UnknownWorkspace, format!("there is no workspace {unknown} to leave out")));
    }
    if is_all && remove.is_empty() {
        let unknown = add.iter().find(|id| !known.iter().any(|workspace| workspace.external_id == **id));
        return match unknown {
            Some(unknown) => Err(Failure::new(Code::UnknownWorkspace, format!("the token sees no workspace {unknown}"))),
            None => Ok(Chosen::All),
        };
    }
    let selected = known.iter().filter(|workspace| workspace.selected).map(|workspace| workspace.external_id.clone());
    let mut ids: Vec<String> = selected.filter(|id| !remove.contains(id)).collect();
    ids.extend(add.into_iter().filter(|id| !known.iter().any(|workspace| workspace.selected && workspace.external_id == *id)));
    Ok(Chosen::Just(ids))
}

fn ids(wanted: &[String], known: &[Workspace]) -> Result<Vec<String>, Failure> {
    wanted.iter().map(|wanted| id(wanted, known)).collect()
}

fn id(wanted: &str, known: &[Workspace]) -> Result<String, Failure> {
    if !wanted.is_empty() && wanted.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(wanted.to_owned());
    }
    let named = |workspace: &&Workspace| workspace.name.to_lowercase() == wanted.trim().to_lowercase();
    match known.iter().filter(named).collect::<Vec<_>>().as_slice() {
        [] => Err(Failure::new(Code::UnknownWorkspace, format!("there is no workspace \"{wanted}\""))),
        [one] => Ok(one.external_id.clone()),
        several => {
            let failure = Failure::new(Code::Ambiguous, format!("{} workspaces are called \"{wanted}\"", several.len()));
            let list = several.iter().map(|workspace| format!("{}  {}", workspace.external_id, text::name(&workspace.name)));
            Err(failure.hint("Give the id of the one you mean.").details(list.collect()))
        }
    }
}

fn twice<'a>(ids: impl Iterator<Item = &'a String>) -> Result<(), Failure> {
    let mut seen = std::collections::HashSet::new();
    for id in ids {
        if !seen.insert(id) {
            let failure = Failure::new(Code::InvalidRequest, format!("workspace {id} is named twice"));
            return Err(failure.hint("Name each workspace once; nothing was changed."));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Vec<Workspace> {
        let workspace =
            |id: &str, name: &str, selected| Workspace { external_id: id.into(), name: name.into(), selected, visible: true };
        vec![
            workspace("1", "Labs", true),
            workspace("2", "Studio", true),
            workspace("3", "Twin", false),
            workspace("4", "twin", false),
        ]
    }

    fn just(ids: &[&str]) -> Chosen {
        Chosen::Just(ids.iter().map(|id| (*id).to_owned()).collect())
    }

    fn owned(ids: &[&str]) -> Vec<String> {
        ids.iter().map(|id| (*id).to_owned()).collect()
    }

    #[test] // I3
    fn a_change_starts_from_what_is_chosen_now() {
        assert_eq!(changed(&known(), false, owned(&["3"]), &owned(&["1"])).unwrap(), just(&["2", "3"]));
        assert_eq!(changed(&known(), false, owned(&["2", "9"]), &[]).unwrap(), just(&["1", "2", "9"]));
        assert_eq!(changed(&known(), true, owned(&["2"]), &[]).unwrap(), Chosen::All);
        assert_eq!(changed(&known(), true, vec![], &owned(&["1"])).unwrap(), just(&["2"]));
        assert_eq!(changed(&known(), true, owned(&["9"]), &[]).unwrap_err().exit_code(), 4);
        assert_eq!(changed(&known(), false, vec![], &owned(&["9"])).unwrap_err().exit_code(), 4);
    }

    #[test]
    fn a_workspace_can_be_named_where_no_other_has_the_name() {
        assert_eq!(id("17", &known()).unwrap(), "17");
        assert_eq!(id(" labs", &known()).unwrap(), "1");
        assert_eq!(id("nowhere", &known()).unwrap_err().exit_code(), 4);
        let twins = id("Twin", &known()).unwrap_err();
        assert_eq!((twins.exit_code(), twins.details), (5, owned(&["3  Twin", "4  twin"])));
        assert_eq!(twice(owned(&["1", "2", "1"]).iter()).unwrap_err().exit_code(), 2);
    }
}
