//! What a project is to be like, said before it is added.

use chrono::NaiveDate;

/// A project to be added: public, active and under no client unless said otherwise.
#[derive(Debug, Clone, Default)]
pub struct NewProject {
    pub(super) name: String,
    pub(super) client: Option<i64>,
    pub(super) members: Option<Vec<i64>>,
    pub(super) archived: bool,
    pub(super) template: bool,
    pub(super) start_date: Option<NaiveDate>,
    pub(super) end_date: Option<NaiveDate>,
}

impl NewProject {
    /// A project of that name.
    pub fn named(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// Puts it under a client.
    #[must_use]
    pub fn under(self, client: i64) -> Self {
        Self { client: Some(client), ..self }
    }

    /// Makes it private, with these members.
    #[must_use]
    pub fn private(self, members: &[i64]) -> Self {
        Self { members: Some(members.to_vec()), ..self }
    }

    /// Archives it.
    #[must_use]
    pub fn archived(self) -> Self {
        Self { archived: true, ..self }
    }

    /// Makes it a template.
    #[must_use]
    pub fn template(self) -> Self {
        Self { template: true, ..self }
    }

    /// Sets its first and, if any, last day.
    #[must_use]
    pub fn lasting(self, from: NaiveDate, to: Option<NaiveDate>) -> Self {
        Self { start_date: Some(from), end_date: to, ..self }
    }
}

impl From<&str> for NewProject {
    fn from(name: &str) -> Self {
        Self::named(name)
    }
}
