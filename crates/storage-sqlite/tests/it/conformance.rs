//! The suite that every backend passes: plain, in place, and through the decorator that makes stores fail.

use std::sync::Arc;

use tallyport_storage::Store;
use tallyport_storage_sqlite::{Options, Sqlite};
use tempfile::TempDir;

fn store() -> (Arc<dyn Store>, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let store = Sqlite::open(folder.path().join("tallyport.db"), Options { create: true }).unwrap();
    (Arc::new(store), folder)
}

mod plain {
    use tallyport_storage::conformance::Fresh;

    async fn fresh() -> Fresh {
        let (store, folder) = super::store();
        Fresh::over(store, folder).await
    }

    tallyport_storage::store_conformance!(fresh);
}

mod in_place {
    use std::sync::Arc;

    use tallyport_storage::conformance::Fresh;
    use tallyport_storage_sqlite::{Options, Sqlite};

    async fn fresh() -> Fresh {
        let folder = tempfile::tempdir().unwrap();
        let store = Sqlite::open_in_place(folder.path().join("tallyport.db"), Options { create: true }).unwrap();
        Fresh::over(Arc::new(store), folder).await
    }

    tallyport_storage::store_conformance!(fresh);
}

mod through_faulty {
    use std::sync::Arc;

    use tallyport_storage::Faulty;
    use tallyport_storage::conformance::Fresh;

    async fn fresh() -> Fresh {
        let (store, folder) = super::store();
        Fresh::over(Arc::new(Faulty::over(store)), folder).await
    }

    tallyport_storage::store_conformance!(fresh);
}
