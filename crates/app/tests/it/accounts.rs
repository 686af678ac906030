//! Accounts, created by whoever holds the machine.

use tallyport_app::AccountToCreate;
use tallyport_domain::Role;

use crate::bench::{Bench, code};

fn account(name: &str, email: &str) -> AccountToCreate {
    AccountToCreate { name: name.to_owned(), admin_email: email.to_owned(), admin_name: None, password: None, timezone: None }
}

#[tokio::test] // A3
async fn an_account_begins_with_an_administrator() {
    let bench = Bench::new().await;
    let (created, ada) = bench.app.accounts.create(account(" Werft ", "ada@werft.example")).await.unwrap();
    assert_eq!((created.name.as_str(), created.zone.as_str()), ("Werft", "UTC"));
    assert_eq!((ada.name.as_str(), ada.role, ada.active), ("ada", Role::Administrator, true));
}

#[tokio::test] // A3
async fn what_cannot_be_an_account_is_refused() {
    let bench = Bench::new().await;
    let accounts = &bench.app.accounts;
    assert_eq!(code(accounts.create(account("NORDLICHT", "ada@werft.example")).await), "account_exists");
    assert_eq!(code(accounts.create(account("  ", "ada@werft.example")).await), "invalid_name");
    assert_eq!(code(accounts.create(account("Werft", "ada")).await), "invalid_email");
    let zone = AccountToCreate { timezone: Some("Mars/Olympus".to_owned()), ..account("Werft", "ada@werft.example") };
    assert_eq!(code(accounts.create(zone).await), "invalid_zone");
    let password = AccountToCreate { password: Some("short".into()), ..account("Werft", "ada@werft.example") };
    assert_eq!(code(accounts.create(password).await), "invalid_password");
    assert_eq!(accounts.list().await.unwrap().len(), 1);
}

#[tokio::test] // A1
async fn nothing_of_one_account_is_found_from_another() {
    let bench = Bench::imported().await;
    let (werft, ada) = bench.app.accounts.create(account("Werft", "ada@werft.example")).await.unwrap();
    let ada = bench.app.actor(werft.id, ada.id).await.unwrap();
    let root = bench.task("Toggl").await.task.id;
    assert_eq!(code(bench.app.tasks.show(&ada, root).await), "not_found");
    assert_eq!(bench.app.tasks.tree(&ada, tallyport_app::Which::All).await.unwrap(), []);
    assert_eq!(code(bench.app.people.access(&ada, bench.zoe.person().id, true).await), "not_found");
    assert_eq!(bench.app.integration.status(&ada).await.unwrap().state.as_str(), "disabled");
    assert_eq!(code(bench.app.integration.run(&ada, tallyport_domain::RunId(1)).await), "not_found");
    let error = bench.app.tasks.show(&ada, root).await.unwrap_err();
    let absent = bench.app.tasks.show(&ada, tallyport_domain::TaskId(987_654)).await.unwrap_err();
    assert_eq!((error.to_string(), error.hint(), error.details()), (absent.to_string(), absent.hint(), absent.details()));
}
