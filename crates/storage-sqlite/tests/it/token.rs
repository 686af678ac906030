//! That unlinking leaves no byte of the token behind (I15).

use std::fs;
use std::path::Path;

use tallyport_domain::Fate;
use tallyport_storage::IntegrationStore;

use crate::support::{account, enabled, noon, open};

const TOKEN: &[u8] = b"sealed-0123456789-abcdefghijklmnopqrstuvwxyz-this-must-vanish-from-the-disk";

/// How often a part of the token stands in the file and its log.
///
/// Reading a file gives away the locks that this process has on it; nobody else is there to take them.
fn traces(folder: &Path) -> usize {
    let files = fs::read_dir(folder).unwrap().map(|entry| fs::read(entry.unwrap().path()).unwrap());
    let parts: Vec<&[u8]> = TOKEN.chunks_exact(16).collect();
    files.map(|bytes| parts.iter().filter(|part| bytes.windows(16).any(|window| window == **part)).count()).sum()
}

#[tokio::test] // I15
async fn unlinking_leaves_no_byte_of_the_token_in_the_file_or_its_log() {
    for fate in [Fate::Archive, Fate::Keep] {
        let folder = tempfile::tempdir().unwrap();
        let store = open(&folder.path().join("tallyport.db"));
        let (ours, ada) = account(&store).await;
        enabled(&store, ours, ada, TOKEN).await;
        assert!(traces(folder.path()) > 0);
        store.unlink(ours, fate, ada, noon()).await.unwrap();
        assert_eq!(traces(folder.path()), 0);
        store.close();
        assert_eq!(traces(folder.path()), 0);
    }
}

#[tokio::test] // I15, I16
async fn an_earlier_token_vanishes_when_another_one_takes_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder.path().join("tallyport.db"));
    let (ours, ada) = account(&store).await;
    enabled(&store, ours, ada, TOKEN).await;
    assert!(traces(folder.path()) > 0);
    let integration = store.integration(ours).await.unwrap().unwrap();
    let enable = tallyport_storage::Enable {
        owner: ada,
        toggl_user: integration.toggl_user.unwrap(),
        sealed_token: b"another".to_vec(),
        workspaces: Vec::new(),
        now: noon(),
    };
    store.re_enable(ours, &enable).await.unwrap();
    assert_eq!(traces(folder.path()), 0);
    assert_eq!(store.integration(ours).await.unwrap().unwrap().sealed_token.as_deref(), Some(&b"another"[..]));
}
