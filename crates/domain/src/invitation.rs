//! Invitations: co-workers who were asked to join (N1, N2).

use chrono::{DateTime, Utc};

use crate::{Email, InvitationId, MailState, PersonId, Role};

/// Somebody who was asked to join.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Its number in the account.
    pub id: InvitationId,
    /// Whom it is for: the address that they will have here.
    pub email: Email,
    /// What they will be.
    pub role: Role,
    /// Who asked them.
    pub invited_by: PersonId,
    /// When they were asked first.
    pub invited_at: DateTime<Utc>,
    /// What became of it.
    pub state: InvitationState,
    /// Until when its link works; nothing while no link was made.
    pub expires_at: Option<DateTime<Utc>>,
    /// What became of its mail; nothing where none was to be sent.
    pub mail: Option<MailState>,
}

/// What became of an invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvitationState {
    /// Nobody has accepted it yet.
    Open,
    /// This person came of it.
    Accepted(PersonId),
    /// It was taken back.
    Revoked,
}

impl Invitation {
    /// Whether its link works now (N2).
    #[must_use]
    pub fn is_acceptable(&self, now: DateTime<Utc>) -> bool {
        self.state == InvitationState::Open && self.expires_at.is_some_and(|until| now < until)
    }

    /// The word for how it stands: `open`, `expired`, `accepted` or `revoked`.
    #[must_use]
    pub fn word(&self, now: DateTime<Utc>) -> &'static str {
        match self.state {
            InvitationState::Open if self.expires_at.is_some_and(|until| now >= until) => "expired",
            InvitationState::Open => "open",
            InvitationState::Accepted(_) => "accepted",
            InvitationState::Revoked => "revoked",
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test] // N2
    fn a_link_works_until_it_expires_is_used_or_taken_back() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let open = Invitation {
            id: InvitationId(1),
            email: Email::parse("bea@example.com").unwrap(),
            role: Role::Member,
            invited_by: PersonId(1),
            invited_at: now,
            state: InvitationState::Open,
            expires_at: Some(now + TimeDelta::days(7)),
            mail: None,
        };
        assert!(open.is_acceptable(now));
        assert!(!open.is_acceptable(now + TimeDelta::days(7)));
        assert_eq!(open.word(now + TimeDelta::days(7)), "expired");
        let unsent = Invitation { expires_at: None, ..open.clone() };
        assert!(!unsent.is_acceptable(now));
        assert_eq!(unsent.word(now), "open");
        for (state, word) in [(InvitationState::Accepted(PersonId(2)), "accepted"), (InvitationState::Revoked, "revoked")] {
            let closed = Invitation { state, ..open.clone() };
            assert!(!closed.is_acceptable(now));
            assert_eq!(closed.word(now), word);
        }
    }
}
