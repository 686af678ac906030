//! The mail that waits, and the runner that takes it away (N3).
//!
//! A row of the outbox says what a mail is about. Text and secret are made when it leaves, so that nothing of this server that
//! is copied, restored or read ever holds a link that works.

use std::pin::pin;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use tallyport_domain::{ABANDONED_AFTER, Letter, MailKind, MailState, Mailer, Posted, Secret, SecretKind};
use tallyport_storage::{Mail, MailRow, MailSecrets, StoreError};

use crate::letters::{self, Known};
use crate::{Actor, Result, Shared};

/// How often is looked for mail that another process queued.
const LOOK: TimeDelta = TimeDelta::seconds(5);
/// How often is looked for mail that a dead process was at.
const LOOK_FOR_ABANDONED: TimeDelta = TimeDelta::minutes(1);
/// How long is waited before what became of a mail is taken down again, where the store could not.
const AGAIN: TimeDelta = TimeDelta::seconds(2);

/// The mail that waits.
#[derive(Clone)]
pub struct Outbox(pub(crate) Arc<Shared>);

impl Outbox {
    /// Mail that wants a person's eye, the newest first: possibly sent, failed, withheld, and what was tried and waits for its
    /// next try, with what the mail server said last (N3).
    ///
    /// # Errors
    /// Administrators only.
    pub async fn troubled(&self, actor: &Actor) -> Result<Vec<MailRow>> {
        actor.administrator("see what became of mail")?;
        Ok(self.0.store.troubled_mail(actor.account()).await?)
    }

    /// How much mail of all accounts is in which state, for whoever watches over the server.
    pub async fn counts(&self) -> Result<Vec<(MailState, u32)>> {
        Ok(self.0.store.mail_counts().await?)
    }

    /// Takes mail away until `stop` is ready, whatever goes wrong; the mail in hand is brought to its end first. Several
    /// processes may do so over one store: each mail is claimed by one of them. Where no mail leaves it only waits.
    pub async fn run(&self, stop: impl Future<Output = ()>) {
        let mut stop = pin!(stop);
        let Some(mailer) = self.0.mailer.clone() else { return stop.await };
        let mut abandoned_looked_for = None;
        loop {
            let now = self.0.clock.now();
            if abandoned_looked_for.is_none_or(|at| now - at >= LOOK_FOR_ABANDONED || now < at) {
                // A store that fails now is asked again at the next look; the mail is none the worse for it.
                let _asked_again = self.0.store.abandon_mail(now).await;
                abandoned_looked_for = Some(now);
            }
            let wait_until = match self.one(mailer.as_ref(), now).await {
                Ok(true) => now,
                Ok(false) => self.next_look(now).await,
                Err(_) => now + LOOK,
            };
            tokio::select! {
                biased;
                () = &mut stop => return,
                () = self.0.mail.notified(), if wait_until > now => {}
                () = self.0.clock.sleep_until(wait_until) => {}
            }
        }
    }

    /// Takes the mail away that is due longest; answers whether there was one.
    async fn one(&self, mailer: &dyn Mailer, now: DateTime<Utc>) -> Result<bool> {
        let due = self.0.store.next_mail(now).await?;
        if due.is_none_or(|due| due > now) {
            return Ok(false);
        }
        let secrets = Secrets::fresh(&self.0);
        let Some(mail) = self.0.store.claim_mail(&secrets.hashes(), now).await? else { return Ok(false) };
        let posted = match self.compose(&mail, &secrets, now).await {
            Ok(letter) => mailer.send(&letter).await,
            Err(error) => Posted::NotSent(error.to_string()),
        };
        self.settle(&mail, &posted).await;
        Ok(true)
    }

    async fn next_look(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let due = self.0.store.next_mail(now).await.ok().flatten();
        // What is due and was not there to be claimed is somebody else's.
        due.filter(|due| *due > now).map_or(now + LOOK, |due| due.min(now + LOOK))
    }

    async fn compose(&self, mail: &Mail, secrets: &Secrets, now: DateTime<Utc>) -> Result<Letter> {
        let account = mail.account.id;
        let mut known = Known::default();
        if mail.kind == MailKind::Invitation {
            let members = self.0.store.members(account).await?;
            if let Some(member) = members.into_iter().find(|member| member.email == mail.to) {
                known.name = Some(member.name);
                // Just who has joined gets them (P4).
                known.workspaces = if member.joined { member.workspaces } else { Vec::new() };
            }
        }
        if let Some(run) = mail.run {
            known.run = self.0.store.run(account, run).await?;
        }
        letters::write(mail, secrets.of(mail.kind), &known, &self.0.site, now)
    }

    /// Takes down what became of a mail. A store that cannot is asked again, until the mail counts as abandoned anyway: what
    /// was sent and is not known to be would otherwise be called possibly sent for a moment's trouble.
    async fn settle(&self, mail: &Mail, posted: &Posted) {
        let settled_at = self.0.clock.now();
        loop {
            let now = self.0.clock.now();
            match self.0.store.settle_mail(mail.account.id, mail.id, posted, now).await {
                Ok(_) | Err(StoreError::NotFound(_)) => return,
                Err(_) if now - settled_at >= ABANDONED_AFTER => return,
                Err(_) => self.0.clock.sleep_until(now + AGAIN).await,
            }
        }
    }
}

/// Fresh secrets, one for each kind of link that a mail can bring.
struct Secrets {
    invitation: Secret,
    reset: Secret,
    email: Secret,
}

impl Secrets {
    fn fresh(shared: &Shared) -> Self {
        let secret = |kind| Secret::generate(kind, shared.random.as_ref());
        Self { invitation: secret(SecretKind::Invitation), reset: secret(SecretKind::Reset), email: secret(SecretKind::Email) }
    }

    fn hashes(&self) -> MailSecrets {
        MailSecrets { invitation: self.invitation.hash(), reset: self.reset.hash(), email: self.email.hash() }
    }

    fn of(&self, kind: MailKind) -> Option<&Secret> {
        match kind {
            MailKind::Invitation => Some(&self.invitation),
            MailKind::Reset => Some(&self.reset),
            MailKind::Email => Some(&self.email),
            MailKind::Held | MailKind::Failing => None,
        }
    }
}
