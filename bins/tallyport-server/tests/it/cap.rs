//! A limit of memory that the system holds a process to, where this one may set it.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Where groups with limits are made, and the file that holds the limit: of the second version of the system's, and of the first.
const GROUPS: [(&str, &str); 2] = [("/sys/fs/cgroup", "memory.max"), ("/sys/fs/cgroup/memory", "memory.limit_in_bytes")];

/// A process that may have so much memory and no more; what takes more is killed.
pub(crate) struct Capped(PathBuf);

impl Capped {
    /// Nothing where limits are not this process's to set.
    pub(crate) fn at(mib: u64, process: u32) -> Option<Self> {
        GROUPS.iter().find_map(|(root, limit)| {
            let folder = Path::new(root).join(format!("tallyport-{process}"));
            fs::create_dir(&folder).ok()?;
            let capped = Self(folder);
            capped.set(limit, mib << 20)?;
            capped.set("cgroup.procs", process.into())?;
            Some(capped)
        })
    }

    /// Writes into a file that the system made; where there is none the folder is no group.
    fn set(&self, file: &str, number: u64) -> Option<()> {
        let mut file = fs::OpenOptions::new().write(true).open(self.0.join(file)).ok()?;
        file.write_all(number.to_string().as_bytes()).ok()
    }
}

impl Drop for Capped {
    fn drop(&mut self) {
        // It goes once nobody is in it any more.
        let _somebody_is = fs::remove_dir(&self.0);
    }
}
