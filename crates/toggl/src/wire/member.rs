use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use tallyport_domain::{Email, ExternalId, Member};

use super::{Key, Row, Wire, belongs};
use crate::decode::{Id, Text};

/// A row of `/workspaces/{id}/users`, of either list called `workspace_users`: somebody in one workspace.
///
/// The id means another thing in each, joined is `is_active` or `active`, and the name is `fullname` or `name`.
#[derive(Deserialize)]
pub(crate) struct UserRow {
    id: Option<Id>,
    wid: Option<Id>,
    workspace_id: Option<Id>,
    email: Option<Text>,
    fullname: Option<Text>,
    name: Option<Text>,
    inactive: Option<bool>,
    is_active: Option<bool>,
    active: Option<bool>,
}

/// Somebody in a workspace, as far as the reader may know them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum WorkspaceMember {
    Known(Member),
    /// Without an address that could be matched.
    WithoutAddress,
    /// Deactivated there, so nobody's business.
    Deactivated,
}

impl WorkspaceMember {
    fn new(email: Option<&Text>, name: &str, joined: bool, inactive: bool) -> Self {
        if inactive {
            return Self::Deactivated;
        }
        match email.map(|email| Email::parse(&email.0)) {
            Some(Ok(email)) => Self::Known(Member { email, name: name.replace('\0', "\u{fffd}"), joined }),
            _ => Self::WithoutAddress,
        }
    }
}

fn key(id: Option<Id>, email: Option<&Text>) -> Result<Key, String> {
    match (id, email) {
        (Some(id), _) => Ok(id.into()),
        (None, Some(email)) => Ok(Key::Text(email.0.clone())),
        (None, None) => Err("somebody has neither id nor email".to_owned()),
    }
}

impl Wire for UserRow {
    type Item = WorkspaceMember;

    fn into_row(self, workspace: Option<ExternalId>) -> Result<Row<WorkspaceMember>, String> {
        belongs([self.workspace_id, self.wid], workspace)?;
        let key = key(self.id, self.email.as_ref())?;
        let joined = self.is_active.or(self.active).unwrap_or(true);
        let name = self.fullname.or(self.name).unwrap_or_default().0;
        let inactive = self.inactive.unwrap_or(false);
        Ok(Row { key, item: Some(WorkspaceMember::new(self.email.as_ref(), &name, joined, inactive)) })
    }
}

/// A row of `/organizations/{id}/users`: somebody in several workspaces.
#[derive(Deserialize)]
pub(crate) struct OrganizationUserRow {
    id: Option<Id>,
    email: Option<Text>,
    name: Option<Text>,
    inactive: Option<bool>,
    joined: Option<bool>,
    groups: Option<Vec<IgnoredAny>>,
    workspaces: Option<Vec<UserWorkspace>>,
}

#[derive(Deserialize)]
struct UserWorkspace {
    workspace_id: Id,
    active: Option<bool>,
    inactive: Option<bool>,
}

/// Somebody in an organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OrganizationUser {
    /// What they are in each of their workspaces.
    pub(crate) workspaces: Vec<(ExternalId, WorkspaceMember)>,
    /// Whether they are in a group, by which they can be in more workspaces than the row says.
    pub(crate) grouped: bool,
}

impl Wire for OrganizationUserRow {
    type Item = OrganizationUser;

    fn into_row(self, _: Option<ExternalId>) -> Result<Row<OrganizationUser>, String> {
        let key = key(self.id, self.email.as_ref())?;
        let name = self.name.unwrap_or_default().0;
        let (joined, inactive) = (self.joined.unwrap_or(true), self.inactive.unwrap_or(false));
        let of = |there: UserWorkspace| {
            let joined = joined && there.active.unwrap_or(true);
            let inactive = inactive || there.inactive.unwrap_or(false);
            (there.workspace_id.into(), WorkspaceMember::new(self.email.as_ref(), &name, joined, inactive))
        };
        let workspaces = self.workspaces.unwrap_or_default().into_iter().map(of).collect();
        let grouped = self.groups.is_some_and(|groups| !groups.is_empty());
        Ok(Row { key, item: Some(OrganizationUser { workspaces, grouped }) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(json: &str) -> WorkspaceMember {
        let row: UserRow = serde_json::from_str(json).unwrap();
        row.into_row(Some(ExternalId(11))).unwrap().item.unwrap()
    }

    #[test] // P4
    fn joined_is_found_under_each_of_its_names() {
        for (json, joined) in [
            (r#"{"id":1,"email":"a@x.test","fullname":"A","is_active":true,"inactive":false}"#, true),
            (r#"{"id":1,"email":"a@x.test","fullname":"A","is_active":false}"#, false),
            (r#"{"id":1,"uid":7,"wid":11,"email":"a@x.test","name":"A","active":false}"#, false),
            (r#"{"id":1,"user_id":7,"workspace_id":11,"email":" a@x.test ","name":"A","active":true,"inactive":null}"#, true),
        ] {
            let WorkspaceMember::Known(member) = user(json) else { panic!("{json}") };
            assert_eq!((member.joined, member.name.as_str(), member.email.as_str()), (joined, "A", "a@x.test"));
        }
    }

    #[test] // P4
    fn the_deactivated_and_those_without_an_address_are_nobodys() {
        assert_eq!(user(r#"{"id":1,"email":"a@x.test","inactive":true}"#), WorkspaceMember::Deactivated);
        for json in [r#"{"id":1,"email":""}"#, r#"{"id":1,"email":null}"#, r#"{"id":1}"#, r#"{"id":1,"email":"hidden"}"#] {
            assert_eq!(user(json), WorkspaceMember::WithoutAddress);
        }
    }

    #[test] // P4
    fn somebody_of_an_organization_is_each_workspace_on_its_own() {
        let json = r#"{"id":5,"user_id":7,"name":"A","email":"a@x.test","joined":true,"inactive":false,"groups":null,"workspaces":[
            {"workspace_id":11,"active":true,"inactive":false},{"workspace_id":12,"inactive":true},{"workspace_id":13,"active":false}]}"#;
        let row: OrganizationUserRow = serde_json::from_str(json).unwrap();
        let user = row.into_row(None).unwrap().item.unwrap();
        let joined = |place: usize| match &user.workspaces[place].1 {
            WorkspaceMember::Known(member) => Some(member.joined),
            _ => None,
        };
        assert_eq!((joined(0), joined(1), joined(2), user.grouped), (Some(true), None, Some(false), false));
    }
}
