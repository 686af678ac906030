//! How much of what a person may do an API token may do for them (A4).

/// The scope of a token; each holds the ones before it. A scope never adds to what the person's role allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Reads what the person may read.
    Read,
    /// Also tracks the person's own time.
    Track,
    /// Also does what managers do: native tasks, assignments, others' time.
    Manage,
    /// Everything that the person may do.
    Admin,
}

impl Scope {
    /// Every scope, the smallest first.
    pub const ALL: [Self; 4] = [Self::Read, Self::Track, Self::Manage, Self::Admin];

    /// The word for this scope in every interface.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Track => "track",
            Self::Manage => "manage",
            Self::Admin => "admin",
        }
    }

    /// Reads the word of [`Scope::as_str`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test] // A4
    fn each_scope_holds_the_ones_before_it_and_is_read_by_its_word() {
        assert!(Scope::ALL.is_sorted());
        assert!(Scope::ALL.iter().all(|scope| Scope::parse(scope.as_str()) == Some(*scope)));
        assert_eq!(Scope::parse("Admin"), None);
    }
}
