//! Which account is meant, and who acts.

use std::path::Path;
use std::sync::Arc;

use tallyport_api_types::{NewPerson, PersonChange};
use tallyport_client::{Client, Transport};
use tallyport_compose::{AccountToCreate, Error, Local, LocalOptions};

async fn local(folder: &Path) -> Local {
    let options = LocalOptions { create: true, ..LocalOptions::at(folder.join("nested").join("tallyport.db")) };
    Local::open(options).await.unwrap()
}

fn account(name: &str, email: &str) -> AccountToCreate {
    AccountToCreate { name: name.to_owned(), admin_email: email.to_owned(), admin_name: None, password: None, timezone: None }
}

fn person(email: &str, role: &str) -> NewPerson {
    NewPerson { email: email.to_owned(), name: "P".to_owned(), role: Some(role.to_owned()), password: None }
}

fn refused(acting: Result<Arc<dyn Transport>, Error>) -> (String, Vec<String>) {
    let problem = acting.map(|_| ()).unwrap_err().problem();
    (problem.code, problem.details)
}

async fn email(acting: Result<Arc<dyn Transport>, Error>) -> Vec<String> {
    let people = Client::new(acting.unwrap()).people().list().await.unwrap();
    people.into_iter().map(|person| person.email).collect()
}

#[tokio::test]
async fn an_account_is_named_only_where_there_are_several() {
    let folder = tempfile::tempdir().unwrap();
    let local = local(folder.path()).await;
    assert_eq!(refused(local.acting(None, None).await).0, "account_needed");
    assert_eq!(refused(local.acting(Some("Werft"), None).await).0, "account_needed");
    let werft = local.create_account(account("Werft", "ada@werft.example")).await.unwrap();
    assert_eq!(email(local.acting(None, None).await).await, ["ada@werft.example"]);
    let studio = local.create_account(account("Studio", "bea@studio.example")).await.unwrap();

    let (code, accounts) = refused(local.acting(None, None).await);
    assert_eq!((code.as_str(), accounts.len()), ("account_needed", 2));
    assert_eq!(email(local.acting(Some(" werft "), None).await).await, ["ada@werft.example"]);
    assert_eq!(email(local.acting(Some(&studio.id.to_string()), None).await).await, ["bea@studio.example"]);
    let (code, accounts) = refused(local.acting(Some("Hafen"), None).await);
    assert_eq!((code.as_str(), accounts), ("not_found", vec![format!("{}  Werft", werft.id), format!("{}  Studio", studio.id)]));
}

#[tokio::test]
async fn who_acts_is_named_where_it_is_not_plain() {
    let folder = tempfile::tempdir().unwrap();
    let local = local(folder.path()).await;
    local.create_account(account("Werft", "ada@werft.example")).await.unwrap();
    let ada = Client::new(local.acting(None, None).await.unwrap());
    let bea = ada.people().add(&person("bea@werft.example", "member")).await.unwrap();
    // One active administrator.
    assert_eq!(email(local.acting(None, None).await).await.len(), 2);

    let change = PersonChange { role: Some("administrator".to_owned()), email: None };
    ada.people().change(bea.id, &change).await.unwrap();
    let (code, people) = refused(local.acting(None, None).await);
    assert_eq!((code.as_str(), people.len()), ("actor_needed", 2));
    assert_eq!(email(local.acting(None, Some("BEA@werft.example ")).await).await.len(), 2);
    assert_eq!(refused(local.acting(None, Some("cem@werft.example")).await).0, "not_found");
    assert_eq!(refused(local.acting(None, Some("cem")).await).0, "invalid_email");

    ada.people().deactivate(bea.id, false).await.unwrap();
    assert_eq!(refused(local.acting(None, Some("bea@werft.example")).await).0, "person_inactive");
    // One active person.
    assert_eq!(email(local.acting(None, None).await).await.len(), 2);
}

#[tokio::test]
async fn what_cannot_be_opened_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let open = async |options: LocalOptions| Local::open(options).await.map(|_| ()).unwrap_err().problem();
    let absent = folder.path().join("absent.db");
    assert_eq!(open(LocalOptions::at(&absent)).await.code, "database_unusable");
    assert!(!absent.exists());
    let create = LocalOptions { create: true, ..LocalOptions::at(&absent) };
    for url in ["http://toggl.example/api", "nonsense", "https://ada:sesame@toggl.example"] {
        let problem = open(LocalOptions { toggl_url: Some(url.to_owned()), ..create.clone() }).await;
        assert_eq!(problem.code, "invalid_request", "{url}");
        assert!(!problem.title.contains("sesame"));
    }
    assert_eq!(open(LocalOptions { toggl_rate: Some(0.0), ..create.clone() }).await.code, "invalid_request");
    let problem = open(LocalOptions { secret_key: Some("sesame".into()), ..create }).await;
    assert_eq!(problem.code, "key_missing");
    assert!(!problem.title.contains("sesame") && problem.title.contains("TALLYPORT_SECRET_KEY"), "{problem:?}");
    assert!(!absent.exists(), "nothing is made before everything is checked");
}
