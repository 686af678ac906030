//! Invitations, and mail that wants a person's eye.

use tallyport_api_types as wire;
use tallyport_app::{Account, InvitationView, MailRow, Offer};
use tallyport_domain::Person;

use super::session::account_ref;
use super::{instant, person, person_ref};

pub(crate) fn invitation(view: &InvitationView) -> wire::Invitation {
    let invitation = &view.invitation;
    wire::Invitation {
        id: invitation.id.0,
        email: invitation.email.as_str().to_owned(),
        role: invitation.role.as_str().to_owned(),
        state: view.state.to_owned(),
        invited_by: person_ref(&view.invited_by),
        invited_at: instant(invitation.invited_at),
        expires_at: invitation.expires_at.map(instant),
        mail: invitation.mail.map(|state| state.as_str().to_owned()),
        link: view.link.clone(),
    }
}

pub(crate) fn offer(offer: Offer) -> wire::Invited {
    wire::Invited {
        account: account_ref(offer.account),
        email: offer.email.as_str().to_owned(),
        invited_by: offer.invited_by.name,
        expires_at: offer.expires_at.map(instant),
    }
}

pub(crate) fn joined((account, who): (Account, Person)) -> wire::Joined {
    wire::Joined { account: account_ref(account), person: person(who) }
}

pub(crate) fn troubled_mail(row: MailRow) -> wire::TroubledMail {
    wire::TroubledMail {
        id: row.id.0,
        kind: row.kind.as_str().to_owned(),
        to: row.to.as_str().to_owned(),
        invitation_id: row.invitation.map(|id| id.0),
        state: row.state.as_str().to_owned(),
        problem: row.problem,
        queued_at: instant(row.queued_at),
    }
}
