//! The Toggl account that is measured.

/// How much is in it: one in twenty a client, one in five a project, the rest tasks; a tenth of each inactive.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Account {
    pub(crate) items: usize,
}

impl Account {
    /// Several even in the smallest account, and so many that no list passes ten thousand rows.
    pub(crate) fn workspaces(self) -> usize {
        (self.items / 10_000).max(3)
    }

    /// What the simulator is told.
    pub(crate) fn options(self) -> Vec<String> {
        let clients = self.items / 20;
        let projects = self.items / 5;
        let numbers = [
            ("--workspaces", self.workspaces()),
            ("--clients", clients),
            ("--projects", projects),
            ("--tasks", self.items - clients - projects),
            ("--inactive", 10),
            // Few enough that none comes through a group, so that the cheapest way to members is all it takes.
            ("--members", 6),
        ];
        let numbers = numbers.into_iter().flat_map(|(name, number)| [name.to_owned(), number.to_string()]);
        numbers.chain(["--plan".to_owned(), "enterprise".to_owned()]).collect()
    }
}
