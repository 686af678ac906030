//! How much memory bodies without measure take, seen from outside: by the kernel's count, in a process of their own.

use std::process::Command;
use std::time::Duration;

use tallyport_api_types::Code;
use tallyport_domain::Outcome;
use tallyport_simulator::How;

use super::kinds::Place;
use super::sockets::Line;
use crate::support::tell;

/// Set in the process that is measured.
const MEASURED: &str = "TALLYPORT_MEASURE_MEMORY";

/// The most by which the peak may grow.
const MOST_KIBIBYTES: u64 = 64 * 1024;

/// The largest resident size so far.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[expect(clippy::disallowed_methods, reason = "this tells the process that measures from the one that is measured")]
fn is_measured() -> bool {
    std::env::var_os(MEASURED).is_some()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)] // kinds 15 and 16
#[cfg(target_os = "linux")]
#[expect(clippy::print_stdout, reason = "the measurement is told to the process outside")]
async fn bodies_without_measure_take_little_memory() {
    if is_measured() {
        let line = Line::new(Duration::from_mins(1)).await;
        assert_eq!(line.sync().await.outcome, Outcome::Succeeded);
        let place =
            line.simulator().requests().iter().map(|request| Place::of(&request.target())).find(|place| place.page == Some(1));
        let place = place.unwrap();
        let before = peak();
        for how in [How::HugePage { mebibytes: 256 }, How::GzipBomb { mebibytes: 512 }, How::HugePage { mebibytes: 64 }] {
            line.expect(&place, how, Code::TogglNonsense).await;
        }
        println!("grew by {} KiB", peak() - before);
        return;
    }
    let name = "nonsense::memory::bodies_without_measure_take_little_memory";
    let child = Command::new(std::env::current_exe().unwrap()).args(["--exact", name, "--nocapture"]).env(MEASURED, "1").output();
    let child = child.unwrap();
    let said = String::from_utf8_lossy(&child.stdout);
    assert!(child.status.success(), "{said}\n{}", String::from_utf8_lossy(&child.stderr));
    let grew = said.lines().find_map(|line| line.split("grew by ").nth(1)).unwrap_or_else(|| panic!("{said}"));
    let grew: u64 = grew.trim_end_matches(" KiB").parse().unwrap();
    tell(&format!("M3: the peak of memory grew by {grew} KiB"));
    assert!(grew > 8 * 1024, "{grew} KiB: the bodies did not come");
    assert!(grew < MOST_KIBIBYTES, "{grew} KiB");
}
