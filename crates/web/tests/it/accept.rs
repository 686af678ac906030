//! `/accept/{secret}`.

use http::{StatusCode, header};
use tallyport_app::{Done, PersonToAdd};

use crate::bench::{Bench, Browser, EMAIL, PASSWORD, path_of};

async fn invited(bench: &Bench) -> (String, tallyport_domain::InvitationId) {
    let emails = ["ines.carvalho@nordlicht.example".to_owned()];
    let invited = bench.app.invitations.invite(&bench.ana().await, &emails, Some("manager"), None).await.unwrap();
    let Done::Now(views) = invited else { panic!("made just now") };
    (path_of(views[0].link.as_deref().unwrap()), views[0].invitation.id)
}

#[tokio::test] // N2
async fn who_has_the_link_joins_once_and_is_signed_in_and_looking_changes_nothing() {
    let bench = Bench::new().await;
    let (link, _) = invited(&bench).await;
    let mut browser = Browser::default();
    for _ in 0..3 {
        let page = bench.get(&mut browser, &link).await;
        assert!(page.has("Join <bdi>Nordlicht Studio</bdi>") && page.has("Ana &#60;b&#62;Nováková"), "{}", page.text);
        assert!(page.has("value=\"ines.carvalho@nordlicht.example\" readonly"));
        assert_eq!(page.header(header::REFERRER_POLICY), "no-referrer");
    }
    for (fields, field) in
        [([("name", " "), ("password", PASSWORD)], "name"), ([("name", "Inês"), ("password", "t1ny")], "password")]
    {
        let shown = bench.post(&mut browser, &link, &fields).await;
        assert_eq!(shown.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(shown.has(&format!("id=\"{field}-error\"")), "{}", shown.text);
        assert!(!shown.has(fields[1].1) && (field == "name" || shown.has("value=\"Inês\"")));
    }
    // The address and the role are the invitation's, whatever is sent.
    let fields = [("name", "Inês"), ("password", PASSWORD), ("email", "mallory@x.example"), ("role", "administrator")];
    assert_eq!(bench.post(&mut browser, &link, &fields).await.leads_to(), "/");
    let home = bench.get(&mut browser, "/").await;
    assert!(home.has("Inês") && home.has("manager") && home.has("ines.carvalho@nordlicht.example"), "{}", home.text);
    let shown = bench.post(&mut Browser::default(), &link, &fields).await;
    assert!(shown.has("was accepted already") && shown.has("href=\"/sign-in\""), "{}", shown.text);
    assert_eq!(bench.get(&mut Browser::default(), &link).await.status, StatusCode::GONE);
}

#[tokio::test] // N2
async fn an_invitation_that_was_taken_back_says_so() {
    let bench = Bench::new().await;
    let (link, id) = invited(&bench).await;
    bench.app.invitations.revoke(&bench.ana().await, id).await.unwrap();
    for shown in [
        bench.get(&mut Browser::default(), &link).await,
        bench.post(&mut Browser::default(), &link, &[("name", "Inês"), ("password", PASSWORD)]).await,
    ] {
        assert_eq!((shown.status, shown.has("taken back")), (StatusCode::GONE, true), "{}", shown.text);
    }
}

#[tokio::test] // N2
async fn who_joined_meanwhile_by_another_way_is_led_to_sign_in() {
    let bench = Bench::new().await;
    let (link, _) = invited(&bench).await;
    let person =
        PersonToAdd { email: "Ines.Carvalho@nordlicht.example".to_owned(), name: "Inês".to_owned(), role: None, password: None };
    bench.app.people.add(&bench.ana().await, vec![person]).await.unwrap();
    let shown = bench.post(&mut Browser::default(), &link, &[("name", "Inês"), ("password", PASSWORD)]).await;
    assert!(shown.has("You are in this account already") && shown.has("href=\"/sign-in\""), "{}", shown.text);
    assert_eq!(bench.app.people.list(&bench.ana().await).await.unwrap().len(), 2);
}

#[tokio::test] // N2
async fn a_link_that_was_mistyped_makes_nobody() {
    let bench = Bench::new().await;
    let (link, _) = invited(&bench).await;
    let shown = bench.post(&mut Browser::default(), &format!("{link}x"), &[("name", "Inês"), ("password", PASSWORD)]).await;
    assert_eq!(shown.status, StatusCode::BAD_REQUEST);
    assert_eq!(bench.app.people.list(&bench.ana().await).await.unwrap().len(), 1);
    assert!(bench.get(&mut bench.signed_in().await, &link).await.has("Join"), "{EMAIL} may look at it too");
}
