//! Backups that are taken while others write (M18, L7).

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use tallyport_api_types::NewTask;
use tallyport_client::Client;
use tallyport_compose::{Local, LocalOptions};

use super::{assert_healthy, bench, names, told};

const BACKUPS: usize = 5;

/// Programs that add tasks until they are told to stop, and take down each name once its task was answered for.
struct Writers {
    stop: Arc<AtomicBool>,
    saved: Arc<Mutex<Vec<String>>>,
    threads: Vec<std::thread::JoinHandle<()>>,
}

impl Writers {
    fn start(database: &str, count: usize) -> Self {
        let (stop, saved) = (Arc::<AtomicBool>::default(), Arc::<Mutex<Vec<String>>>::default());
        let threads = (0..count).map(|writer| {
            let (options, stop, saved) = (LocalOptions::at(database), stop.clone(), saved.clone());
            std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
                runtime.block_on(async {
                    let local = Local::open(options).await.unwrap();
                    let client = Client::new(local.acting(None, None).await.unwrap());
                    for number in 0.. {
                        if stop.load(Ordering::Relaxed) {
                            break;
                        }
                        let name = format!("{writer}-{number}");
                        client.tasks().add(&NewTask { name: name.clone(), parent_id: None }).await.unwrap();
                        saved.lock().unwrap().push(name);
                    }
                    local.close().await;
                });
            })
        });
        let threads = threads.collect();
        Self { stop, saved, threads }
    }

    fn saved(&self) -> Vec<String> {
        self.saved.lock().unwrap().clone()
    }

    /// Waits until that much more is saved.
    fn wait_for(&self, more: usize) {
        let goal = self.saved.lock().unwrap().len() + more;
        while self.saved.lock().unwrap().len() < goal {
            assert!(self.threads.iter().all(|thread| !thread.is_finished()), "a writer gave up");
            std::thread::yield_now();
        }
    }

    fn finish(self) -> HashSet<String> {
        self.stop.store(true, Ordering::Relaxed);
        for thread in self.threads {
            thread.join().unwrap();
        }
        self.saved.lock().unwrap().drain(..).collect()
    }
}

#[test] // L7
fn a_backup_under_load_holds_everything_that_was_saved_before_it_began() {
    let bench = bench();
    let writers = Writers::start(&bench.database(), 3);
    let mut backups: Vec<(PathBuf, Vec<String>)> = Vec::new();
    let mut meanwhile = 0;
    for number in 0..BACKUPS {
        writers.wait_for(100);
        let file = bench.folder().join(format!("copy-{number}.db"));
        let before = writers.saved();
        bench.done(&["backup", "create", &file.display().to_string()]);
        meanwhile += writers.saved().len() - before.len();
        backups.push((file, before));
    }
    let all = writers.finish();
    for (file, before) in &backups {
        let database = file.with_extension("restored");
        bench.done(&["backup", "restore", &file.display().to_string(), "--database", &database.display().to_string()]);
        let found: HashSet<String> = names(&bench, &database).into_iter().collect();
        let lost: Vec<_> = before.iter().filter(|name| !found.contains(*name)).collect();
        assert!(lost.is_empty(), "{} of {} are lost: {lost:?}", lost.len(), before.len());
        let invented: Vec<_> = found.difference(&all).collect();
        assert!(invented.is_empty(), "{invented:?}");
        assert_healthy(&bench, &database);
    }
    let found: HashSet<String> = names(&bench, bench.database().as_ref()).into_iter().collect();
    assert!(found == all);
    told("backups under load, writes meanwhile", meanwhile);
}
