//! Co-workers are asked to join by a link that works once (N1, N2).

use std::sync::Arc;

use chrono::TimeDelta;
use secrecy::SecretString;
use tallyport_app::{Caller, Done, InvitationView, Once};
use tallyport_domain::{InvitationId, MailState, Posted, Secret, SecretKind};
use tallyport_sync::system::SystemRandom;

use crate::bench::{Bench, code, id_of, person, soon};
use crate::postbox::secret_in;

const BJORK: &str = "bjork@nordlicht.example";

fn texts(emails: &[&str]) -> Vec<String> {
    emails.iter().map(|&email| email.to_owned()).collect()
}

async fn invite(bench: &Bench, email: &str) -> InvitationView {
    let invited = bench.app.invitations.invite(&bench.ana, &texts(&[email]), None, None).await.unwrap();
    invited.now().remove(0)
}

fn secret_of(view: &InvitationView) -> String {
    secret_in(view.link.as_ref().expect("a link is handed over"))
}

fn password() -> SecretString {
    "correct horse battery".into()
}

async fn accept(bench: &Bench, secret: &str) -> Result<i64, tallyport_app::Error> {
    let joined = bench.app.invitations.accept(Caller::here(), secret, "Björk", &password()).await;
    joined.map(|(_, person)| person.id.0)
}

#[tokio::test] // A2, N1
async fn only_administrators_invite_and_see_who_is_invited() {
    let bench = Bench::new().await;
    let invitations = &bench.app.invitations;
    for actor in [&bench.zoe, &bench.lukasz] {
        assert_eq!(code(invitations.invite(actor, &texts(&[BJORK]), None, None).await), "administrator_required");
        assert_eq!(code(invitations.list(actor).await), "administrator_required");
        assert_eq!(code(invitations.resend(actor, InvitationId(1), false).await), "administrator_required");
        assert_eq!(code(invitations.revoke(actor, InvitationId(1)).await), "administrator_required");
    }
}

#[tokio::test] // N2, P4
async fn who_accepts_is_a_member_with_the_tasks_of_their_workspaces_and_the_link_is_used_up() {
    let bench = Bench::imported().await;
    let invited = invite(&bench, "Bjork@Nordlicht.example").await;
    let secret = secret_of(&invited);
    let offer = bench.app.invitations.look(Caller::here(), &secret).await.unwrap();
    assert_eq!((offer.account.name.as_str(), offer.invited_by.name.as_str()), ("Nordlicht", "Ana"));
    assert_eq!(bench.app.invitations.look(Caller::here(), &secret).await.unwrap(), offer, "looking uses nothing up");

    let joined = bench.app.invitations.accept(Caller::here(), &secret, " Björk ", &password()).await.unwrap().1;
    assert_eq!(
        (joined.name.as_str(), joined.email.as_str(), joined.role.as_str()),
        ("Björk", "Bjork@Nordlicht.example", "member")
    );
    let access = bench.app.people.access(&bench.ana, joined.id, false).await.unwrap();
    let paths: Vec<&str> = access.iter().map(|row| row.path.last().unwrap().as_str()).collect();
    assert_eq!(paths, ["Pro bono"]);
    assert!(access[0].via[0].1, "it is automatic");

    assert_eq!(code(accept(&bench, &secret).await), "link_dead");
    let look = bench.app.invitations.look(Caller::here(), &secret).await.unwrap_err();
    assert_eq!((look.to_string().as_str(), look.code().as_str()), ("this invitation was accepted already", "link_dead"));
    assert!(look.hint().starts_with("Sign in"));
    let listed = bench.app.invitations.list(&bench.ana).await.unwrap();
    assert_eq!((listed[0].state, listed[0].link.as_ref()), ("accepted", None));
}

#[tokio::test] // A2, N2
async fn the_role_is_the_invitations() {
    let bench = Bench::new().await;
    let invited = bench.app.invitations.invite(&bench.ana, &texts(&[BJORK]), Some("manager"), None).await.unwrap().now();
    let (_, joined) = bench.app.invitations.accept(Caller::here(), &secret_of(&invited[0]), "B", &password()).await.unwrap();
    assert_eq!(joined.role.as_str(), "manager");
}

#[tokio::test] // N1
async fn people_are_invited_all_or_none() {
    let bench = Bench::new().await;
    invite(&bench, "invited@x.example").await;
    let many: Vec<String> = (0..501).map(|n| format!("p{n}@x.example")).collect();
    let lists: [(Vec<String>, Option<&str>, &str); 8] = [
        (vec![], None, "invalid_request"),
        (many, None, "invalid_request"),
        (texts(&["new@x.example", "NEW@x.example "]), None, "invalid_request"),
        (texts(&["new@x.example", "nobody"]), None, "invalid_email"),
        (texts(&["new@x.example", "a@x.example\r\nBcc: eve@evil.example"]), None, "invalid_email"),
        (texts(&["new@x.example"]), Some("boss"), "invalid_request"),
        (texts(&["new@x.example", "BEA@nordlicht.example"]), None, "email_taken"),
        (texts(&["new@x.example", "Invited@x.example"]), None, "already_invited"),
    ];
    for (emails, role, expected) in lists {
        assert_eq!(code(bench.app.invitations.invite(&bench.ana, &emails, role, None).await), expected, "{emails:?}");
    }
    assert_eq!(bench.app.invitations.list(&bench.ana).await.unwrap().len(), 1);
}

#[tokio::test] // N2
async fn a_link_that_is_foreign_mistyped_unknown_revoked_replaced_or_old_opens_nothing() {
    let bench = Bench::new().await;
    let invitations = &bench.app.invitations;
    let of_kind = |kind| Secret::generate(kind, &SystemRandom).reveal().to_owned();
    let revoked = invite(&bench, "revoked@x.example").await;
    invitations.revoke(&bench.ana, revoked.invitation.id).await.unwrap();
    let replaced = invite(&bench, "replaced@x.example").await;
    let replacing = invitations.resend(&bench.ana, replaced.invitation.id, false).await.unwrap();
    let old = invite(&bench, "old@x.example").await;
    let whole = secret_of(&replacing);
    let table = [
        (String::new(), "invalid_secret"),
        ("0123456789abcdef0123456789abcdef".to_owned(), "invalid_secret"),
        (of_kind(SecretKind::Token), "invalid_secret"),
        (of_kind(SecretKind::Reset), "invalid_secret"),
        (whole[..40].to_owned(), "invalid_secret"),
        (format!("{whole}\0"), "invalid_secret"),
        (of_kind(SecretKind::Invitation), "link_dead"),
        (secret_of(&revoked), "link_dead"),
        (secret_of(&replaced), "link_dead"),
    ];
    for (secret, expected) in &table {
        assert_eq!(code(invitations.look(Caller::here(), secret).await), *expected, "{secret}");
        assert_eq!(code(accept(&bench, secret).await), *expected, "{secret}");
    }
    assert!(invitations.look(Caller::here(), &whole).await.is_ok());
    bench.clock.advance(TimeDelta::days(7));
    let late = invitations.look(Caller::here(), &secret_of(&old)).await.unwrap_err();
    assert_eq!(late.to_string(), "this invitation has expired");
    assert_eq!(code(accept(&bench, &secret_of(&old)).await), "link_dead");
    assert_eq!(bench.app.people.list(&bench.ana).await.unwrap().len(), 4, "nobody joined");
    let again = invitations.resend(&bench.ana, old.invitation.id, false).await.unwrap();
    assert!(accept(&bench, &secret_of(&again)).await.is_ok(), "sent again it works");
}

#[tokio::test] // N2, A4
async fn a_slip_while_accepting_uses_nothing_up() {
    let bench = Bench::new().await;
    let secret = secret_of(&invite(&bench, BJORK).await);
    let accept_with = |name: &'static str, password: &'static str| {
        let (invitations, secret) = (bench.app.invitations.clone(), secret.clone());
        async move { invitations.accept(Caller::here(), &secret, name, &password.into()).await }
    };
    assert_eq!(code(accept_with("", "correct horse battery").await), "invalid_name");
    assert_eq!(code(accept_with("A\nB", "correct horse battery").await), "invalid_name");
    assert_eq!(code(accept_with("Björk", "short").await), "invalid_password");
    assert!(accept_with("Björk", "correct horse battery").await.is_ok());
}

#[tokio::test] // N2
async fn of_many_who_accept_at_once_one_joins() {
    let bench = Bench::new().await;
    let secret = secret_of(&invite(&bench, BJORK).await);
    let accepting: Vec<_> = (0..4)
        .map(|_| {
            let (app, secret) = (bench.beside(), secret.clone());
            tokio::spawn(async move { app.invitations.accept(Caller::here(), &secret, "Björk", &password()).await.is_ok() })
        })
        .collect();
    let mut joined = 0;
    for accepted in accepting {
        joined += usize::from(soon(accepted).await.unwrap());
    }
    assert_eq!((joined, bench.app.people.list(&bench.ana).await.unwrap().len()), (1, 5));
}

#[tokio::test] // A6, N2
async fn an_address_that_joined_meanwhile_is_refused_plainly() {
    let bench = Bench::new().await;
    let secret = secret_of(&invite(&bench, BJORK).await);
    bench.app.people.add(&bench.ana, vec![person(BJORK, "Björk", "member")]).await.unwrap();
    assert_eq!(code(accept(&bench, &secret).await), "email_taken");
}

#[tokio::test] // N2
async fn what_is_accepted_or_revoked_is_neither_sent_again_nor_taken_back() {
    let bench = Bench::new().await;
    let invitations = &bench.app.invitations;
    let accepted = invite(&bench, BJORK).await;
    accept(&bench, &secret_of(&accepted)).await.unwrap();
    let revoked = invite(&bench, "x@x.example").await;
    invitations.revoke(&bench.ana, revoked.invitation.id).await.unwrap();
    assert_eq!(invitations.revoke(&bench.ana, revoked.invitation.id).await.unwrap().state, "revoked");
    assert_eq!(code(invitations.revoke(&bench.ana, accepted.invitation.id).await), "invitation_closed");
    for one in [&accepted, &revoked] {
        assert_eq!(code(invitations.resend(&bench.ana, one.invitation.id, false).await), "invitation_closed");
    }
    assert_eq!(code(invitations.resend(&bench.ana, InvitationId(999), false).await), "not_found");
    assert_eq!(code(invitations.revoke(&bench.ana, InvitationId(999)).await), "not_found");
}

#[tokio::test] // N2, N3
async fn nobody_is_mailed_twice_within_a_minute_unless_the_first_may_not_have_come() {
    let bench = Bench::mailing().await;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let outbox = bench.app.outbox.clone();
    let running = tokio::spawn(async move { outbox.run(async move { stopped.await.unwrap_or_default() }).await });
    let id = invite(&bench, BJORK).await.invitation.id;
    let resend = async |by_hand| bench.app.invitations.resend(&bench.ana, id, by_hand).await;
    let mail_is = async |state| {
        soon(async {
            while bench.app.invitations.list(&bench.ana).await.unwrap()[0].invitation.mail != Some(state) {
                tokio::task::yield_now().await;
            }
        })
        .await;
    };
    mail_is(MailState::Sent).await;
    assert_eq!(code(resend(false).await), "too_many_tries");
    let by_hand = resend(true).await.unwrap();
    assert!(bench.app.invitations.look(Caller::here(), &secret_of(&by_hand)).await.is_ok());
    let mailed = secret_in(&bench.post().tries()[0].text);
    assert_eq!(code(bench.app.invitations.look(Caller::here(), &mailed).await), "link_dead", "the old one stopped working");

    bench.post().expect([Posted::Unknown("cut off".to_owned())]);
    resend(false).await.unwrap();
    mail_is(MailState::PossiblySent).await;
    resend(false).await.unwrap();
    mail_is(MailState::Sent).await;
    assert_eq!(code(resend(false).await), "too_many_tries");
    bench.clock.advance(TimeDelta::minutes(1));
    resend(false).await.unwrap();
    bench.post().after_tries(4).await;
    stop.send(()).unwrap();
    soon(running).await.unwrap();
}

#[tokio::test] // N1
async fn members_of_the_workspaces_say_whether_they_are_invited() {
    let bench = Bench::imported().await;
    let invited = async || {
        let members = bench.app.integration.members(&bench.ana).await.unwrap();
        members.into_iter().filter(|member| member.invited).map(|member| member.email.key().to_owned()).collect::<Vec<_>>()
    };
    assert!(invited().await.is_empty());
    let invitation = invite(&bench, "BJORK@nordlicht.example").await;
    assert_eq!(invited().await, [BJORK]);
    bench.clock.advance(TimeDelta::days(7));
    assert!(invited().await.is_empty(), "it has expired");
    let again = bench.app.invitations.resend(&bench.ana, invitation.invitation.id, false).await.unwrap();
    assert_eq!(invited().await, [BJORK]);
    accept(&bench, &secret_of(&again)).await.unwrap();
    assert!(invited().await.is_empty());
}

#[tokio::test] // E7
async fn who_asks_twice_with_one_key_invites_once_and_gets_the_same_link() {
    let bench = Bench::new().await;
    let once = |request: u8| Once {
        key: "once".to_owned(),
        request: [request; 32],
        answer: Arc::new(|made: &[InvitationView]| made[0].link.clone().unwrap().into_bytes()),
    };
    let invite = async |request| bench.app.invitations.invite(&bench.ana, &texts(&[BJORK]), None, Some(once(request))).await;
    let first = match invite(1).await.unwrap() {
        Done::Now(made) => made[0].link.clone().unwrap(),
        Done::Before(_) => panic!("it was not made before"),
    };
    let Done::Before(answer) = invite(1).await.unwrap() else { panic!("it was made before") };
    assert_eq!(String::from_utf8(answer).unwrap(), first);
    assert_eq!(code(invite(2).await), "replay_differs");
    assert_eq!(bench.app.invitations.list(&bench.ana).await.unwrap().len(), 1);
    bench.keys.lose();
    assert_eq!(code(invite(1).await), "key_missing", "the answer is sealed, since a link stands in it");
    assert_eq!(id_of(&bench.ana), bench.app.invitations.list(&bench.ana).await.unwrap()[0].invited_by.id);
}
