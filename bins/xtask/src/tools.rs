//! What some tests need beside the checkout, found or installed.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::cargo::root;

/// The folder of recorded answers beside the checkout. It is not part of the repository.
const RECORDED: &str = "../shared/reference/toggl-recorded";

/// Clients that others wrote for Toggl, and their versions.
const CLIENTS: &str = "crates/toggl/tests/clients/requirements.txt";

/// A mail server that keeps what it is sent.
const MAIL_SERVER: &str = "crates/mail/tests/catcher/requirements.txt";

/// What sends the API whatever its document allows, and does not allow.
const SCHEMATHESIS: &str = "crates/api/tests/schemathesis/requirements.txt";

/// What looks at the pages in a browser, beside chromium itself.
const BROWSER: &str = "crates/web/tests/browser/package.json";

/// Tests whose faults strace makes.
const STRACED: [&str; 2] = ["failing_calls", "dies_at_any_call"];

/// What there is of all that.
#[derive(Debug, Default)]
pub(crate) struct Tools {
    /// What tells tests where it is.
    pub(crate) environment: Vec<(&'static str, OsString)>,
    /// Tests that cannot run without it, by a part of their names, and why.
    pub(crate) missing: Vec<(&'static str, String)>,
}

impl Tools {
    /// Finds or installs everything.
    ///
    /// # Errors
    /// On a machine that tests every change: something that can be installed, and is not.
    pub(crate) fn prepare() -> Result<Self, String> {
        let mut tools = Self::default();
        if !root().join(RECORDED).is_dir() {
            tools.missing.push(("recorded", format!("they need {RECORDED}")));
        }
        match python("real-clients", CLIENTS) {
            Ok(python) => tools.environment.push(("TALLYPORT_REAL_CLIENTS", python.into())),
            Err(why) => tools.lacks("real_clients", why)?,
        }
        match python("mail-server", MAIL_SERVER) {
            Ok(python) => tools.environment.push(("TALLYPORT_MAIL_SERVER", python.into())),
            Err(why) => tools.lacks("real_mail_server", why)?,
        }
        match python("schemathesis", SCHEMATHESIS) {
            Ok(python) => tools.environment.push(("TALLYPORT_SCHEMATHESIS", python.into())),
            Err(why) => tools.lacks("schemathesis", why)?,
        }
        match browser() {
            Ok(folder) => tools.environment.push(("TALLYPORT_BROWSER", folder.into())),
            Err(why) => tools.lacks("browser::every_state", why)?,
        }
        if let Err(why) = strace() {
            STRACED.into_iter().try_for_each(|tests| tools.lacks(tests, why.clone()))?;
        }
        if let Err(why) = xfs() {
            tools.lacks("power_cut", why)?;
        }
        if let Err(why) = installed("curl") {
            tools.lacks("curl", why)?;
        }
        Ok(tools)
    }

    fn lacks(&mut self, tests: &'static str, why: String) -> Result<(), String> {
        if is_ci() {
            return Err(why);
        }
        self.missing.push((tests, why));
        Ok(())
    }
}

/// A Python with what a file requires.
fn python(name: &str, requirements: &str) -> Result<PathBuf, String> {
    let python = |folder: &Path| folder.join("bin/python");
    let folder = prepared(name, requirements, |folder, requirements| {
        run("python3", [OsStr::new("-m"), "venv".as_ref(), folder.as_ref()])?;
        let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"].map(OsStr::new);
        run(python(folder), install.into_iter().chain([requirements.as_ref()]))
    })?;
    Ok(python(&folder))
}

/// A folder with what drives a browser, once there is one.
fn browser() -> Result<PathBuf, String> {
    installed("chromium")?;
    prepared("browser", BROWSER, |folder, package| {
        let copied = std::fs::create_dir_all(folder).and_then(|()| std::fs::copy(package, folder.join("package.json")));
        copied.map_err(|error| format!("{} cannot be written: {error}", folder.display()))?;
        let install = ["install", "--silent", "--ignore-scripts", "--no-package-lock", "--prefix"].map(OsStr::new);
        run("npm", install.into_iter().chain([folder.as_ref()]))
    })
}

/// A folder of its own below `target` with what a file requires, installed anew where the file has changed.
fn prepared(name: &str, requirements: &str, install: impl FnOnce(&Path, &Path) -> Result<(), String>) -> Result<PathBuf, String> {
    let requirements = root().join(requirements);
    let wanted =
        std::fs::read_to_string(&requirements).map_err(|error| format!("{} cannot be read: {error}", requirements.display()))?;
    let folder = root().join("target").join(name);
    let installed = folder.join("installed.txt");
    if !std::fs::read_to_string(&installed).is_ok_and(|installed| installed == wanted) {
        install(&folder, &requirements)?;
        std::fs::write(&installed, wanted).map_err(|error| format!("{} cannot be written: {error}", installed.display()))?;
    }
    Ok(folder)
}

/// The program that makes calls of the system fail.
fn strace() -> Result<(), String> {
    if !cfg!(target_os = "linux") {
        return Err("strace is for Linux alone".to_owned());
    }
    installed("strace")
}

/// A file system that shares blocks between copies, which is what a power cut is made with.
fn xfs() -> Result<(), String> {
    let version = Command::new("mkfs.xfs").arg("-V").stdout(Stdio::null()).status();
    if version.is_ok_and(|status| status.success()) {
        return Ok(());
    }
    run("apt-get", ["install", "--yes", "--quiet", "xfsprogs"])
}

/// A program that the system's packages have under its own name.
fn installed(program: &str) -> Result<(), String> {
    let version = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if version.is_ok_and(|status| status.success()) {
        return Ok(());
    }
    run("apt-get", ["install", "--yes", "--quiet", program])
}

fn run(program: impl AsRef<OsStr>, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Result<(), String> {
    let mut command = Command::new(program);
    command.args(arguments);
    println!("+ {command:?}");
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{command:?} failed: {status}")),
        Err(error) => Err(format!("{command:?} does not run: {error}")),
    }
}

#[expect(clippy::disallowed_methods, reason = "whether this machine tests every change is in its environment alone")]
fn is_ci() -> bool {
    std::env::var("CI").is_ok_and(|ci| ci == "true")
}
