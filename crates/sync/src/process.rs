//! Which process holds a lease, and whether it still lives (I11).

use tallyport_storage::Holder;

/// This process, as others of the same machine can recognise it.
pub(crate) fn this() -> Holder {
    let process = std::process::id();
    Holder { machine: machine(), process, started: started(process).unwrap_or_default() }
}

/// Whether the holder is a process of this machine that is gone.
///
/// Says no where it cannot know: then the lease has to run out.
pub(crate) fn is_dead(holder: &Holder) -> bool {
    let machine = machine();
    !machine.is_empty() && holder.machine == machine && started(holder.process) != Some(holder.started)
}

/// The boot of this machine and the space in which its process numbers mean something; empty where neither is told.
///
/// Two containers share a boot but count their processes apart, so a number alone would condemn a living neighbour.
fn machine() -> String {
    let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    let space = std::fs::read_link("/proc/self/ns/pid").unwrap_or_default();
    if boot.is_empty() || space.as_os_str().is_empty() {
        return String::new();
    }
    format!("{} {}", boot.trim(), space.display())
}

/// When the process started, in ticks since boot; nothing where there is no such process.
fn started(process: u32) -> Option<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name of the program stands in parentheses and may hold anything; what follows the last one is fields 3 and on.
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_whitespace();
    let state = fields.next()?;
    if state == "Z" || state == "X" { None } else { fields.nth(18)?.parse().ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test] // I11
    fn this_process_lives_and_one_that_ended_is_dead() {
        let me = this();
        if me.machine.is_empty() {
            return; // Nothing is told here, so nothing is judged.
        }
        assert!(!is_dead(&me));
        let mut child = std::process::Command::new("true").spawn().unwrap();
        let process = child.id();
        child.wait().unwrap();
        assert!(is_dead(&Holder { process, ..me.clone() }));
        assert!(is_dead(&Holder { started: me.started + 1, ..me.clone() }), "the number came again");
        assert!(!is_dead(&Holder { process, machine: "elsewhere".into(), ..me }));
    }
}
