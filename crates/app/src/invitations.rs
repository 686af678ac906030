//! Invitations: co-workers are asked to join by a link, which works once, for seven days (N1, N2).

use std::collections::HashSet;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::SecretString;
use tallyport_domain::{
    Email, INVITATION_LASTS, Invitation, InvitationId, InvitationState, MailState, Name, Person, PersonId, Role, Secret,
    SecretKind,
};
use tallyport_storage::{Account, Done, NewInvitation, Once, StoreError};

use crate::people::parse_role;
use crate::{Actor, Caller, Error, Result, Shared, passwords};

/// Invitations.
#[derive(Clone)]
pub struct Invitations(pub(crate) Arc<Shared>);

/// An invitation as administrators see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitationView {
    /// What is known of it.
    pub invitation: Invitation,
    /// Who asked them.
    pub invited_by: Person,
    /// `open`, `expired`, `accepted` or `revoked`, at the time of the answer.
    pub state: &'static str,
    /// The link to hand over: when it is made and no mail brings it, and never again (N3).
    pub link: Option<String>,
}

/// What an invitation offers to who has its link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The account to join.
    pub account: Account,
    /// The address that they will have there.
    pub email: Email,
    /// Who asks.
    pub invited_by: Person,
    /// Until when the link works.
    pub expires_at: Option<DateTime<Utc>>,
}

/// The most people that are invited at once: each gets a mail, and a mail server takes its time for each.
const MOST_AT_ONCE: usize = 500;
/// How often the same person is sent a link at most.
const MAILED_EVERY: TimeDelta = TimeDelta::minutes(1);
/// The page on which an invitation is accepted.
pub(crate) const ACCEPT_PAGE: &str = "accept";

impl Invitations {
    /// Invites people, all or none. A mail brings each their link; where no mail leaves, the answer has it, this once (N1, N3).
    ///
    /// The answer to a request that is made again is kept under the account's keys, since links stand in it (E7).
    ///
    /// # Errors
    /// Administrators only; addresses and roles that are none, `EmailTaken`, `Invited`, `ReplayDiffers`.
    pub async fn invite(
        &self,
        actor: &Actor,
        emails: &[String],
        role: Option<&str>,
        once: Option<Once<[InvitationView]>>,
    ) -> Result<Done<Vec<InvitationView>>> {
        actor.administrator("invite people")?;
        let role = role.map(parse_role).transpose()?.unwrap_or(Role::Member);
        let (new, links): (Vec<NewInvitation>, Vec<Option<String>>) = self.new_invitations(emails, role)?.into_iter().unzip();
        let (account, now) = (actor.account(), self.0.clock.now());
        let inviter = actor.person().clone();
        let view = move |invitations: &[Invitation]| -> Vec<InvitationView> {
            let with_links = invitations.iter().cloned().zip(links.iter().cloned());
            with_links.map(|(invitation, link)| InvitationView::of(invitation, inviter.clone(), link, now)).collect()
        };
        let answered = view.clone();
        let once = once.map(|once| {
            let answer = once.answer.clone();
            let answer = move |invitations: &[Invitation]| answer(&answered(invitations));
            self.0.sealing(account, Once { key: once.key, request: once.request, answer: Arc::new(answer) })
        });
        match self.0.store.invite(account, &new, actor.person().id, now, once.transpose()?).await? {
            Done::Now(invitations) => {
                self.0.mail.notify_one();
                Ok(Done::Now(view(&invitations)))
            }
            Done::Before(answer) => Ok(Done::Before(self.0.unsealed(account, &answer)?)),
        }
    }

    /// All invitations, the newest first.
    ///
    /// # Errors
    /// Administrators only.
    pub async fn list(&self, actor: &Actor) -> Result<Vec<InvitationView>> {
        actor.administrator("see invitations")?;
        let invitations = self.0.store.invitations(actor.account()).await?;
        let people = self.0.store.people(actor.account()).await?;
        let now = self.0.clock.now();
        let by = |id: PersonId| people.iter().find(|person| person.id == id).cloned().ok_or(Error::Internal);
        let view = |one: Invitation| by(one.invited_by).map(|by| InvitationView::of(one, by, None, now));
        invitations.into_iter().map(view).collect()
    }

    /// Gives an open or expired invitation another link; the old one stops working (N2). A mail brings it; where no mail leaves,
    /// or the link was asked for `by_hand`, the answer has it, this once.
    ///
    /// Whoever was sent a link within the last minute, or is being sent one, is not sent another; one whose mail failed or
    /// possibly left is.
    ///
    /// # Errors
    /// Administrators only; `NotFound`, `NotOpen` for one that was accepted or revoked, `TooManyTries`.
    pub async fn resend(&self, actor: &Actor, invitation: InvitationId, by_hand: bool) -> Result<InvitationView> {
        actor.administrator("send invitations again")?;
        let (account, now) = (actor.account(), self.0.clock.now());
        let mailed = self.0.mailer.is_some() && !by_hand;
        let invitations = self.0.store.invitations(account).await?;
        let found = invitations.into_iter().find(|one| one.id == invitation).ok_or(Error::NotFound("invitation"))?;
        if mailed && let Some(wait) = wait_to_mail(&found, now) {
            return Err(Error::TooManyTries { seconds: wait });
        }
        let secret = (!mailed).then(|| Secret::generate(SecretKind::Invitation, self.0.random.as_ref()));
        let hash = secret.as_ref().map(Secret::hash);
        let renewed = self.0.store.renew_invitation(account, invitation, hash, actor.person().id, now).await?;
        self.0.mail.notify_one();
        let invited_by = self.0.person(actor, renewed.invited_by).await?;
        let link = secret.map(|secret| self.0.site.link(ACCEPT_PAGE, &secret));
        Ok(InvitationView::of(renewed, invited_by, link, now))
    }

    /// Takes an invitation back; its link stops working (N2).
    ///
    /// # Errors
    /// Administrators only; `NotFound`, `NotOpen` for one that was accepted.
    pub async fn revoke(&self, actor: &Actor, invitation: InvitationId) -> Result<InvitationView> {
        actor.administrator("revoke invitations")?;
        let (account, now) = (actor.account(), self.0.clock.now());
        let revoked = self.0.store.revoke_invitation(account, invitation, actor.person().id, now).await?;
        let invited_by = self.0.person(actor, revoked.invited_by).await?;
        Ok(InvitationView::of(revoked, invited_by, None, now))
    }

    /// What a link offers. Looking changes nothing, so programs that look at what is in a mail use nothing up.
    ///
    /// # Errors
    /// What is no such secret; `LinkDead`, `InvitationOver`; `TooManyTries`.
    pub async fn look(&self, caller: Caller, secret: &str) -> Result<Offer> {
        self.0.throttle.secret(caller)?;
        let secret = Secret::parse(SecretKind::Invitation, secret)?;
        self.offer(&secret).await
    }

    /// Joins by a link, once: makes the person with the address and the role of the invitation, and matches them (N2, P4).
    ///
    /// # Errors
    /// As [`Invitations::look`]; a name or a password that is none; `EmailTaken` where the address joined meanwhile; `Busy`.
    pub async fn accept(&self, caller: Caller, secret: &str, name: &str, password: &SecretString) -> Result<(Account, Person)> {
        // What is wrong with these says nothing of the link, and costs nobody a try.
        let name = Name::typed(name)?;
        passwords::check(password)?;
        self.0.throttle.secret(caller)?;
        let secret = Secret::parse(SecretKind::Invitation, secret)?;
        // Hashing is dear: nobody has it done for a link that does not work.
        self.offer(&secret).await?;
        let hashed = self.0.hash_password(password).await?;
        let accepted = self.0.store.accept_invitation(&secret.hash(), name.as_str(), &hashed, self.0.clock.now()).await;
        accepted.map_err(|error| match error {
            StoreError::NotFound(_) => Error::LinkDead,
            StoreError::NotOpen(word) => Error::InvitationOver(word),
            error => error.into(),
        })
    }

    async fn offer(&self, secret: &Secret) -> Result<Offer> {
        let (account, invitation) = self.0.store.invitation(&secret.hash()).await?.ok_or(Error::LinkDead)?;
        let now = self.0.clock.now();
        if !invitation.is_acceptable(now) {
            return Err(Error::InvitationOver(invitation.word(now)));
        }
        let invited_by = self.0.store.person(account.id, invitation.invited_by).await?.ok_or(Error::Internal)?;
        Ok(Offer { account, email: invitation.email, invited_by, expires_at: invitation.expires_at })
    }

    /// What to store of each, and the link where no mail brings it.
    fn new_invitations(&self, emails: &[String], role: Role) -> Result<Vec<(NewInvitation, Option<String>)>> {
        if emails.is_empty() || emails.len() > MOST_AT_ONCE {
            return Err(Error::Invalid(format!("invite between one and {MOST_AT_ONCE} people at once")));
        }
        let mailed = self.0.mailer.is_some();
        let mut seen = HashSet::new();
        let mut new = Vec::with_capacity(emails.len());
        for email in emails {
            let email = Email::parse(email)?;
            if !seen.insert(email.key().to_owned()) {
                return Err(Error::Invalid(format!("{email} is in the list twice")));
            }
            let secret = (!mailed).then(|| Secret::generate(SecretKind::Invitation, self.0.random.as_ref()));
            let hash = secret.as_ref().map(Secret::hash);
            new.push((NewInvitation { email, role, hash }, secret.map(|secret| self.0.site.link(ACCEPT_PAGE, &secret))));
        }
        Ok(new)
    }
}

impl InvitationView {
    fn of(invitation: Invitation, invited_by: Person, link: Option<String>, now: DateTime<Utc>) -> Self {
        let state = invitation.word(now);
        Self { invitation, invited_by, state, link }
    }
}

/// For how many seconds no other mail goes to somebody; nothing where one may go now.
fn wait_to_mail(invitation: &Invitation, now: DateTime<Utc>) -> Option<u32> {
    if invitation.state != InvitationState::Open {
        return None;
    }
    let mailed_at = match invitation.mail {
        // Its link was made when it began to leave.
        Some(MailState::Sent | MailState::Sending) => invitation.expires_at? - INVITATION_LASTS,
        _ => return None,
    };
    let wait = (mailed_at + MAILED_EVERY - now).min(MAILED_EVERY).num_seconds();
    if wait > 0 {
        u32::try_from(wait).ok()
    } else if invitation.mail == Some(MailState::Sending) {
        Some(1)
    } else {
        None
    }
}
