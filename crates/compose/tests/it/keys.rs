//! The key file: made on first need, its owner's alone, and never made anew in silence.

use secrecy::ExposeSecret as _;
use tallyport_api_types::{ApiToken, OptionalApiToken, StartRun};
use tallyport_app::{KeyError, Keys as _};
use tallyport_client::Client;
use tallyport_compose::{AccountToCreate, Demo, KeyFile, Local, LocalOptions};
use tallyport_sync::system::SystemRandom;

#[test]
fn a_key_file_is_made_once_and_only_to_seal_with() {
    let folder = tempfile::tempdir().unwrap();
    let file = KeyFile::beside(&folder.path().join("tallyport.db"));
    assert!(file.ring().unwrap().is_empty());
    assert!(!file.path().exists());
    assert!(!file.ring_to_seal(&SystemRandom).unwrap().is_empty());
    let text = std::fs::read_to_string(file.path()).unwrap();
    assert_eq!(text.trim().len(), 64);
    file.ring_to_seal(&SystemRandom).unwrap();
    assert_eq!(std::fs::read_to_string(file.path()).unwrap(), text);
    let names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["tallyport.db.key"]);
}

#[cfg(unix)]
#[test]
fn a_key_file_that_others_can_read_is_refused() {
    use std::fs::{Permissions, set_permissions};
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().unwrap();
    let file = KeyFile::beside(&folder.path().join("tallyport.db"));
    file.ring_to_seal(&SystemRandom).unwrap();
    assert_eq!(file.path().metadata().unwrap().permissions().mode() & 0o777, 0o600);
    for mode in [0o640, 0o604, 0o660, 0o601] {
        set_permissions(file.path(), Permissions::from_mode(mode)).unwrap();
        assert!(matches!(file.ring(), Err(KeyError::Exposed(_))), "{mode:o}");
        assert!(matches!(file.ring_to_seal(&SystemRandom), Err(KeyError::Exposed(_))), "{mode:o}");
    }
    set_permissions(file.path(), Permissions::from_mode(0o600)).unwrap();
    assert!(!file.ring().unwrap().is_empty());
}

#[test]
fn what_holds_no_key_is_said_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = KeyFile::beside(&folder.path().join("tallyport.db"));
    file.ring_to_seal(&SystemRandom).unwrap();
    for content in [&b""[..], b"no key", &[0xff, 0xfe], &[b'5'; 100]] {
        std::fs::write(file.path(), content).unwrap();
        assert!(matches!(file.ring_to_seal(&SystemRandom), Err(KeyError::Malformed(_))));
        assert_eq!(std::fs::read(file.path()).unwrap(), content);
    }
}

async fn enabled(demo: &Demo, options: LocalOptions) -> (Local, Client) {
    let local = Local::open(options).await.unwrap();
    let account = AccountToCreate {
        name: Demo::ACCOUNT.to_owned(),
        admin_email: Demo::OWNER.1.to_owned(),
        admin_name: None,
        password: None,
        timezone: None,
    };
    local.create_account(account).await.unwrap();
    let client = Client::new(local.acting(None, None).await.unwrap());
    let token = ApiToken { api_token: demo.token().expose_secret().to_owned(), run: StartRun::default() };
    client.integration().enable(&token).await.unwrap();
    (local, client)
}

#[tokio::test] // I17
async fn a_lost_key_file_is_told_and_back_again_it_works() {
    let demo = Demo::start().unwrap();
    let (local, client) = enabled(&demo, demo.options()).await;
    let file = KeyFile::beside(&demo.database());
    let elsewhere = demo.database().with_extension("elsewhere");
    std::fs::rename(file.path(), &elsewhere).unwrap();
    assert_eq!(client.integration().status().await.unwrap().state, "key_missing");
    let refusal = client.runs().start(&StartRun::default()).await.unwrap_err();
    assert_eq!(refusal.problem().unwrap().code, "key_missing");
    assert!(!file.path().exists(), "no new key in silence");

    std::fs::rename(&elsewhere, file.path()).unwrap();
    assert_eq!(client.integration().status().await.unwrap().state, "enabled");
    std::fs::remove_file(file.path()).unwrap();
    let token = OptionalApiToken { api_token: Some(demo.token().expose_secret().to_owned()), run: StartRun::default() };
    client.integration().re_enable(&token).await.unwrap();
    assert_eq!(client.integration().status().await.unwrap().state, "enabled");
    local.close().await;
}

#[tokio::test] // I2
async fn a_key_that_is_given_needs_no_file() {
    let demo = Demo::start().unwrap();
    let options = LocalOptions { secret_key: Some("5a".repeat(32).into()), ..demo.options() };
    let (local, client) = enabled(&demo, options).await;
    assert_eq!(client.integration().status().await.unwrap().state, "enabled");
    assert!(!KeyFile::beside(&demo.database()).path().exists());
    local.close().await;

    let local = Local::open(LocalOptions { create: false, ..demo.options() }).await.unwrap();
    let client = Client::new(local.acting(None, None).await.unwrap());
    assert_eq!(client.integration().status().await.unwrap().state, "key_missing");
    local.close().await;
}

#[tokio::test] // I2
async fn neither_token_nor_key_is_in_the_database_and_after_unlinking_not_even_sealed() {
    let demo = Demo::start().unwrap();
    let (local, client) = enabled(&demo, demo.options()).await;
    let token = demo.token().expose_secret().as_bytes().to_vec();
    let key = std::fs::read_to_string(KeyFile::beside(&demo.database()).path()).unwrap().trim().to_owned();
    let in_files = |what: &[u8]| {
        let folder = demo.database().parent().unwrap().to_owned();
        let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let files = files.filter(|path| path.extension().is_none_or(|extension| extension != "key"));
        files.filter(|path| std::fs::read(path).unwrap().windows(what.len()).any(|window| window == what)).count()
    };
    assert_eq!((in_files(&token), in_files(key.as_bytes())), (0, 0));
    client.integration().unlink(tallyport_api_types::Imported::Archive).await.unwrap();
    local.close().await;
    assert_eq!((in_files(&token), in_files(key.as_bytes())), (0, 0));
}
