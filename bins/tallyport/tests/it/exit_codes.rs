//! Every exit code is reached (interface: exit codes).

use tallyport_simulator::{Fault, How};

use crate::support::{Bench, in_every_mode};

in_every_mode!(each_exit_code_means_what_it_says);

fn each_exit_code_means_what_it_says(bench: &Bench) {
    assert_eq!(bench.run(&["tasks", "tree"]).code, 1, "there is no database");
    bench.imported().done(&["people", "add", "bo@example.com", "--name", "Bo"]);
    assert_eq!(bench.run(&["toggl", "sync"]).code, 0);
    assert_eq!(bench.run(&["toggl", "sink"]).code, 2);
    assert_eq!(bench.run(&["toggl", "sync", "--as", "bo@example.com"]).code, 3);
    assert_eq!(bench.run(&["tasks", "show", "4711"]).code, 4);
    assert_eq!(bench.run(&["toggl", "select", "--none"]).code, 5);
    let limit =
        [("X-Toggl-Quota-Remaining".to_owned(), "0".to_owned()), ("X-Toggl-Quota-Resets-In".to_owned(), "1800".to_owned())];
    bench
        .simulator()
        .inject(Fault::on("/clients", How::Status { status: 402, body: String::new(), headers: limit.to_vec() }).first(1));
    assert_eq!(bench.run(&["toggl", "sync", "--wait", "0"]).code, 7);
    bench.simulator().clear_faults();
    bench.simulator().inject(Fault::on("/me/workspaces", How::Body("nonsense".into())));
    assert_eq!(bench.run(&["toggl", "workspaces"]).code, 8);
    bench.simulator().clear_faults();
    let token = bench.token();
    bench.simulator().change(|world| world.revoke_token(&token));
    assert_eq!(bench.run(&["toggl", "sync"]).code, 6);
}
