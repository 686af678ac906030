//! The states of the pages.

use axum::Extension;
use tallyport_app::{Caller, Done, PersonToAdd, SignIn, Visitor};
use tallyport_domain::{InvitationId, PersonId};
use tallyport_http::Peer;

use super::visit::{Place, Visit};
use crate::bench::{Bench, EMAIL, PASSWORD, path_of};

/// What is no page, and is shown as one.
pub(crate) const NOWHERE: &str = "nowhere";

const NEW: &str = "another tally, counted";
const INES: &str = "ines.carvalho@nordlicht.example";
const SIGN_IN: [(&str, &str); 2] = [("email", EMAIL), ("password", PASSWORD)];
const JOIN: [(&str, &str); 2] = [("name", "Inês"), ("password", PASSWORD)];

/// Servers, and what is looked at on them.
#[derive(Default)]
pub(crate) struct States {
    places: Vec<Place>,
    visits: Vec<Visit>,
}

impl States {
    pub(crate) fn visits(&self) -> &[Visit] {
        &self.visits
    }

    fn at(&mut self, place: Place, visits: impl IntoIterator<Item = Visit>) {
        self.places.push(place);
        self.visits.extend(visits);
    }
}

pub(crate) async fn all() -> States {
    let mut states = States::default();
    setting_up(&mut states).await;
    signing_in(&mut states).await;
    several_accounts(&mut states).await;
    too_often(&mut states).await;
    joining(&mut states).await;
    forgetting(&mut states).await;
    another_address(&mut states).await;
    states
}

async fn setting_up(states: &mut States) {
    let place = Place::fresh().await;
    let code = place.bench.app.set_ups.code().await.unwrap().unwrap();
    let right = [
        ("code", code.reveal()),
        ("account", "Nordlicht Studio"),
        ("name", "Ana Nováková"),
        ("email", EMAIL),
        ("password", PASSWORD),
        ("timezone", "Europe/Berlin"),
    ];
    let but = |field: &str, text: &'static str| right.map(|(id, typed)| (id, if id == field { text } else { typed }));
    let form = || place.visit("/setup", "/setup", (200, "Set up this server"));
    let wrong = [
        ("code", "tps_1", "was cut off or mistyped"),
        ("account", " ", "name"),
        ("name", " ", "name"),
        ("email", "ana", "email"),
        ("password", "t1ny", "The password is too short."),
        ("timezone", "Berlin", "time zone"),
    ];
    let wrong = wrong.map(|(field, text, says)| form().typed(&but(field, text), (422, "/setup", says)).focus(field));
    let visits = wrong
        .into_iter()
        .chain([form().typed(&right, (200, "/", "Nordlicht Studio"))])
        .chain([place.visit("/setup", "/setup", (410, "This server is set up"))])
        .collect::<Vec<_>>();
    states.at(place, visits);
}

async fn signing_in(states: &mut States) {
    let place = Place::new().await;
    let form = || place.visit("/sign-in", "/sign-in", (200, "to Nordlicht Studio"));
    let ana = place.bench.signed_in().await;
    let visits = [
        form().typed(&SIGN_IN, (200, "/", "Signed in as")),
        form().typed(&[("email", EMAIL), ("password", "wrong one")], (422, "/sign-in", "That did not match.")).focus("password"),
        form().typed(&[("email", "ana"), ("password", PASSWORD)], (422, "/sign-in", "email")).focus("email"),
        place.visit("/sign-in", "/sign-in?done=password", (200, "Your new password is set.")),
        place.visit("/sign-in", "/sign-in?done=joined", (200, "You have joined.")),
        place.visit_as(&ana, "/", "/?done=email", (200, "Your new email is taken.")),
        place
            .visit_as(&ana, "/sign-out", "/", (200, "Sign out"))
            .typed(&[], (200, "/sign-in?done=signed-out", "You are signed out.")),
        place.visit("/reset", "/reset", (200, "This server sends no mail.")),
        place.visit(NOWHERE, "/people", (404, "There is no such page")),
        place.visit(NOWHERE, "/sign-out", (405, "There is no such page")),
    ];
    states.at(place, visits);
}

async fn several_accounts(states: &mut States) {
    let place = Place::with_mail().await;
    place.bench.create("Werft").await;
    let form = || place.visit("/sign-in", "/sign-in", (200, "This server holds several: give the name"));
    let with = |account| [("account", account), ("email", EMAIL), ("password", PASSWORD)];
    let visits = [
        form().typed(&with("werft"), (200, "/", "Werft")),
        form().typed(&with(""), (422, "/sign-in", "Say which account you mean.")).focus("account"),
        form().typed(&with("Warf"), (422, "/sign-in", "Check the account, the email and the password")).focus("password"),
        place
            .visit("/reset", "/reset", (200, "This server holds several: give the name"))
            .typed(&[("account", ""), ("email", EMAIL)], (422, "/reset", "Say which account you mean."))
            .focus("account"),
    ];
    states.at(place, visits);
}

/// Somebody of a network who tried too often.
async fn too_often(states: &mut States) {
    let stranger = Peer("192.0.2.7".parse().unwrap());
    let place = Place::of(true, |router| router.layer(Extension(stranger))).await;
    place.bench.create("Nordlicht Studio").await;
    // What is counted stands still as long as the clock is behind.
    place.bench.clock.by_days(1);
    let from = Caller::at(stranger.0);
    for _ in 0..20 {
        let _refused_in_the_end = place.bench.app.resets.look(from, "x").await;
        let _refused_in_the_end = place.bench.app.resets.ask(from, EMAIL, None).await;
        let wrong = SignIn { email: EMAIL.to_owned(), password: "wrong one".into(), account: None };
        let visitor = Visitor { caller: from, ..Visitor::default() };
        let _refused_in_the_end = place.bench.app.sessions.sign_in(&visitor, &wrong).await;
    }
    place.bench.clock.by_days(-1);
    let too_often = "That was tried too often.";
    let visits = [
        place.visit("/reset/{secret}", "/reset/x", (429, "tried too often")),
        place.visit("/reset", "/reset", (200, "We send you a link")).typed(&[("email", EMAIL)], (429, "/reset", too_often)),
        place
            .visit("/sign-in", "/sign-in", (200, "to Nordlicht Studio"))
            .typed(&SIGN_IN, (429, "/sign-in", too_often))
            .focus("password"),
    ];
    states.at(place, visits);
}

async fn invited(bench: &Bench, email: &str) -> (String, InvitationId) {
    let invited = bench.app.invitations.invite(&bench.ana().await, &[email.to_owned()], None, None).await.unwrap();
    let Done::Now(views) = invited else { panic!("made just now") };
    (path_of(views[0].link.as_deref().unwrap()), views[0].invitation.id)
}

async fn joining(states: &mut States) {
    const PAGE: &str = "/accept/{secret}";
    let place = Place::new().await;
    let bench = &place.bench;
    let (open, _) = invited(bench, INES).await;
    let (revoked, id) = invited(bench, "jonas@nordlicht.example").await;
    bench.app.invitations.revoke(&bench.ana().await, id).await.unwrap();
    let (taken, _) = invited(bench, "kira@nordlicht.example").await;
    let kira = PersonToAdd { email: "kira@nordlicht.example".to_owned(), name: "Kira".to_owned(), role: None, password: None };
    bench.app.people.add(&bench.ana().await, vec![kira]).await.unwrap();
    let form = || place.visit(PAGE, &open, (200, "invited you to track time here"));
    let over = "You are in this account already";
    let visits = [
        form().typed(&[("name", " "), ("password", PASSWORD)], (422, &open, "name")).focus("name"),
        form().typed(&[("name", "Inês"), ("password", "password123")], (422, &open, "most common")).focus("password"),
        form().typed(&JOIN, (200, "/", "Signed in as")),
        place.visit(PAGE, &open, (410, "was accepted already")),
        place.visit(PAGE, &taken, (200, "invited you")).typed(&JOIN, (409, &taken, over)),
        place.visit(PAGE, &revoked, (410, "was taken back")),
        place.visit(PAGE, "/accept/x", (400, "This link does not work")),
    ];
    states.at(place, visits);
    let place = Place::new().await;
    let (late, _) = invited(&place.bench, INES).await;
    place.bench.clock.by_days(8);
    let visits = [place.visit(PAGE, &late, (410, "has expired"))];
    states.at(place, visits);
}

async fn forgetting(states: &mut States) {
    const PAGE: &str = "/reset/{secret}";
    let place = Place::with_mail().await;
    let form = || place.visit("/reset", "/reset", (200, "We send you a link"));
    let visits = [
        form().typed(&[("email", "ana")], (422, "/reset", "email")).focus("email"),
        form().typed(&[("email", EMAIL)], (200, "/reset?sent=1", "Look into your mail")),
    ];
    states.at(place, visits);
    let place = Place::new().await;
    let link = async |place: &Place| {
        let made = place.bench.app.resets.hand_over(&place.bench.ana().await, PersonId(1)).await.unwrap();
        path_of(&made.unwrap())
    };
    let open = link(&place).await;
    let form = || place.visit(PAGE, &open, (200, "Set a new password"));
    let visits = [
        form().typed(&[("password", "t1ny")], (422, &open, "The password is too short.")).focus("password"),
        form().typed(&[("password", NEW)], (200, "/sign-in?done=password", "Your new password is set.")),
        place.visit(PAGE, &open, (410, "This link is over")),
        place.visit(PAGE, "/reset/x", (400, "This link does not work")),
    ];
    states.at(place, visits);
}

async fn another_address(states: &mut States) {
    const PAGE: &str = "/email/{secret}";
    const NEW: &str = "ana@nordlicht.example";
    let place = Place::with_mail().await;
    let bench = &place.bench;
    bench.app.me.ask_for_email(&bench.ana().await, Caller::here(), NEW).await.unwrap();
    let link = bench.link().await;
    let ana = bench.signed_in().await;
    let visits = [
        place.visit(PAGE, &link, (200, "Sign in to take your new email")).typed(&SIGN_IN, (200, &link, "Take this email")),
        place.visit_as(&ana, PAGE, &link, (200, "Take this email")).typed(&[], (200, "/?done=email", NEW)),
        place.visit_as(&ana, PAGE, &link, (410, "This link is over")),
        place.visit_as(&ana, PAGE, "/email/x", (400, "This link does not work")),
    ];
    states.at(place, visits);
}
