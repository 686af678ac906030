//! A real mail server for tests, which keeps what it is sent.

use std::io::{BufRead as _, BufReader, Error, Result};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::{Security, SmtpConfig};

const PROGRAM: &str = include_str!("../tests/catcher/catcher.py");

/// A mail server on a free port of this machine, in a process of its own; it ends when it is dropped.
#[derive(Debug)]
pub struct Catcher {
    child: Child,
    port: u16,
    security: Security,
    user: Option<(String, String)>,
    folder: PathBuf,
}

impl Catcher {
    /// Starts one with a Python that has what it needs; mail is kept in `folder`, and with `user` somebody has to sign in.
    ///
    /// # Errors
    /// Where it does not start.
    pub fn start(python: &Path, folder: &Path, security: Security, user: Option<(&str, &str)>) -> Result<Self> {
        let mut command = Command::new(python);
        command.args(["-W", "ignore", "-c", PROGRAM, "--security", security.as_str(), "--folder"]).arg(folder);
        if let Some((user, password)) = user {
            command.args(["--user", user, "--password", password]);
        }
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let mut line = String::new();
        if let Some(output) = child.stdout.take() {
            BufReader::new(output).read_line(&mut line)?;
        }
        let port = line.trim().parse().map_err(|_| Error::other("the mail server did not start"))?;
        let user = user.map(|(user, password)| (user.to_owned(), password.to_owned()));
        Ok(Self { child, port, security, user, folder: folder.to_owned() })
    }

    /// The port that it listens at.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// How it is reached.
    ///
    /// # Errors
    /// Where its certificate cannot be read.
    pub fn config(&self) -> Result<SmtpConfig> {
        let trusted = match self.security {
            Security::Plain => None,
            _ => Some(std::fs::read(self.folder.join("authority.pem"))?),
        };
        let (user, password) = self.user.clone().unzip();
        Ok(SmtpConfig {
            port: Some(self.port),
            user,
            password: password.map(Into::into),
            trusted,
            ..SmtpConfig::at("127.0.0.1", self.security, "Tallyport <tallyport@time.example>")
        })
    }

    /// The mails that it took, as they came, in their order.
    ///
    /// # Errors
    /// Where they cannot be read.
    pub fn mails(&self) -> Result<Vec<String>> {
        let mut paths = Vec::new();
        for entry in std::fs::read_dir(&self.folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|ending| ending == "eml") {
                paths.push(path);
            }
        }
        paths.sort();
        paths.into_iter().map(std::fs::read_to_string).collect()
    }
}

impl Drop for Catcher {
    fn drop(&mut self) {
        // It is gone already, or goes now.
        let _gone = self.child.kill().and_then(|()| self.child.wait());
    }
}
