//! Several programs over one database.

use rustix::process::Signal;

use crate::support::Bench;

#[test]
fn a_second_server_is_refused_and_told_which_process_serves() {
    let bench = Bench::new();
    let first = bench.start();
    let second = bench.run(&["--listen", "127.0.0.1:0"]);
    assert_eq!((second.code, second.stdout.as_str()), (Some(1), ""));
    let expected = format!("is served already, by process {}\n", first.process());
    assert!(second.stderr.contains(&expected), "{}", second.stderr);
    assert_eq!(second.stderr.lines().count(), 2, "{}", second.stderr);
    assert_eq!(first.get("/readyz").status, 200);
    first.signal(Signal::KILL);
    first.ended();
    bench.start();
}
