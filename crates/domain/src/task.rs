//! Tasks: one node of the forest, and where it came from (T1).

use serde::{Deserialize, Serialize};

use crate::{Archived, ExternalId, Name, TaskId};

/// What an imported task is in the source (T1).
///
/// In the order in which they nest: a root holds workspaces, those hold clients and projects, and so on (I5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The one task "Toggl" above everything imported.
    Root,
    /// A workspace.
    Workspace,
    /// A client.
    Client,
    /// A project.
    Project,
    /// A task of a project.
    Task,
}

impl Kind {
    /// Every kind, outermost first.
    pub const ALL: [Self; 5] = [Self::Root, Self::Workspace, Self::Client, Self::Project, Self::Task];

    /// The word for this kind in every interface.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::Workspace => "workspace",
            Self::Client => "client",
            Self::Project => "project",
            Self::Task => "task",
        }
    }

    /// Reads the word of [`Kind::as_str`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// Whether an imported task of this kind can hang under one of that kind (I5).
    #[must_use]
    pub fn hangs_under(self, above: Self) -> bool {
        match self {
            Self::Root => false,
            Self::Workspace => above == Self::Root,
            Self::Client => above == Self::Workspace,
            Self::Project => matches!(above, Self::Workspace | Self::Client),
            Self::Task => above == Self::Project,
        }
    }
}

/// What identifies an imported task for ever: kind and external id, never the name (I7).
///
/// The root has no id in the source, so it is a case of its own rather than a number that means nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Identity {
    /// The root task of the integration.
    Root,
    /// A workspace of the source.
    Workspace(ExternalId),
    /// A client of the source.
    Client(ExternalId),
    /// A project of the source.
    Project(ExternalId),
    /// A task of the source.
    Task(ExternalId),
}

impl Identity {
    /// What it is in the source.
    #[must_use]
    pub fn kind(self) -> Kind {
        match self {
            Self::Root => Kind::Root,
            Self::Workspace(_) => Kind::Workspace,
            Self::Client(_) => Kind::Client,
            Self::Project(_) => Kind::Project,
            Self::Task(_) => Kind::Task,
        }
    }

    /// What the source calls it; nothing for the root.
    #[must_use]
    pub fn external_id(self) -> Option<ExternalId> {
        match self {
            Self::Root => None,
            Self::Workspace(id) | Self::Client(id) | Self::Project(id) | Self::Task(id) => Some(id),
        }
    }

    /// Puts kind and id together again, as a store reads them; nothing where they do not fit.
    #[must_use]
    pub fn from_parts(kind: Kind, id: Option<ExternalId>) -> Option<Self> {
        match (kind, id) {
            (Kind::Root, None) => Some(Self::Root),
            (Kind::Workspace, Some(id)) => Some(Self::Workspace(id)),
            (Kind::Client, Some(id)) => Some(Self::Client(id)),
            (Kind::Project, Some(id)) => Some(Self::Project(id)),
            (Kind::Task, Some(id)) => Some(Self::Task(id)),
            _ => None,
        }
    }
}

/// Where a task came from (T1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Origin {
    /// Made here.
    Native,
    /// Made here out of an imported one when the integration was unlinked (I15); re-enabling finds it again (I16).
    Kept(Identity),
    /// Mirrored from the source; read-only in every interface (T3).
    Imported(Identity),
}

impl Origin {
    /// What it mirrors; nothing for a task that is ordinary now, kept ones included.
    #[must_use]
    pub fn imported(self) -> Option<Identity> {
        match self {
            Self::Imported(identity) => Some(identity),
            Self::Native | Self::Kept(_) => None,
        }
    }

    /// What it mirrors or mirrored.
    #[must_use]
    pub fn identity(self) -> Option<Identity> {
        match self {
            Self::Imported(identity) | Self::Kept(identity) => Some(identity),
            Self::Native => None,
        }
    }
}

/// A colour as Toggl writes it: `#` and six hexadecimal digits, lower case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Color([u8; 3]);

impl Color {
    /// Reads `#rrggbb`; nothing for any other text, which is then drawn without colour.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|d| d.len() == 6 && d.bytes().all(|b| b.is_ascii_hexdigit()))?;
        let number = u32::from_str_radix(digits, 16).ok()?;
        let [_, red, green, blue] = number.to_be_bytes();
        Some(Self([red, green, blue]))
    }

    /// Red, green and blue.
    #[must_use]
    pub fn rgb(self) -> [u8; 3] {
        self.0
    }
}

impl std::fmt::Display for Color {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

impl TryFrom<String> for Color {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).ok_or_else(|| format!("{text:?} is not a colour"))
    }
}

impl From<Color> for String {
    fn from(color: Color) -> Self {
        color.to_string()
    }
}

/// One node of the forest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// Its number in the account.
    pub id: TaskId,
    /// What it hangs under; nothing for the root of a tree.
    pub parent: Option<TaskId>,
    /// What it is called.
    pub name: Name,
    /// Where it came from.
    pub origin: Origin,
    /// Its colour, where the source has one.
    pub color: Option<Color>,
    /// Whether the source says that time on it is billable, where it says so.
    pub billable: Option<bool>,
    /// Whether and why it is archived.
    pub archived: Option<Archived>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_read_and_written_as_toggl_does() {
        let blue = Color::parse("#0B83d9").unwrap();
        assert_eq!((blue.to_string(), String::from(blue)), ("#0b83d9".to_owned(), "#0b83d9".to_owned()));
        assert_eq!(blue.rgb(), [0x0b, 0x83, 0xd9]);
        for text in ["", "0b83d9", "#0b83d", "#0b83d9f", "#gggggg", "#+12345"] {
            assert_eq!(Color::parse(text), None, "{text:?}");
        }
    }

    #[test] // I5
    fn each_kind_hangs_under_its_own_containers() {
        let under = |kind: Kind| Kind::ALL.into_iter().filter(|above| kind.hangs_under(*above)).collect::<Vec<_>>();
        assert_eq!(under(Kind::Root), []);
        assert_eq!(under(Kind::Workspace), [Kind::Root]);
        assert_eq!(under(Kind::Client), [Kind::Workspace]);
        assert_eq!(under(Kind::Project), [Kind::Workspace, Kind::Client]);
        assert_eq!(under(Kind::Task), [Kind::Project]);
    }

    #[test] // I7
    fn an_identity_survives_being_taken_apart() {
        let id = ExternalId(1 << 40);
        let all = [Identity::Root, Identity::Workspace(id), Identity::Client(id), Identity::Project(id), Identity::Task(id)];
        assert_eq!(all.map(Identity::kind), Kind::ALL);
        for identity in all {
            assert_eq!(Identity::from_parts(identity.kind(), identity.external_id()), Some(identity));
        }
        assert_eq!(Identity::from_parts(Kind::Root, Some(ExternalId(1))), None);
        assert_eq!(Identity::from_parts(Kind::Client, None), None);
    }
}
