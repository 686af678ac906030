//! The demonstration: a simulated Toggl, an account over it, and people to sign in as.

use tallyport_compose::{Demo, LocalOptions, ServerOptions};

use crate::failure::Failure;

/// Starts the simulated Toggl and has the server work with it, in a temporary folder unless a database was named.
///
/// # Errors
/// An address beyond this machine, since everybody knows the passwords; no temporary folder, or no port.
pub(crate) fn start(server: &mut ServerOptions, has_database: bool) -> Result<Demo, Failure> {
    if !server.listen.ip().is_loopback() {
        return Err(Failure::settings(
            "a demonstration is for this machine alone: its passwords are known to everybody",
            "Leave out --listen, or give an address of this machine such as 127.0.0.1:8080.",
        ));
    }
    let demo = Demo::start()?;
    let usual = demo.options();
    let database = if has_database { server.local.database.clone() } else { usual.database.clone() };
    server.local = LocalOptions { database, ..usual };
    // Nothing of it may reach anybody.
    server.mail = None;
    Ok(demo)
}

/// How to look at it.
pub(crate) fn guide(url: &str) -> String {
    let people = [(Demo::OWNER, "administrator")].into_iter().chain(Demo::PEOPLE.into_iter().zip(Demo::ROLES));
    let people: Vec<String> = people.map(|((name, email), role)| format!("    {email}  {name}, {role}")).collect();
    format!(
        "This is a demonstration over a simulated Toggl. Open {url} and sign in with one of these addresses\n\
         and the password {}:\n{}",
        Demo::PASSWORD,
        people.join("\n")
    )
}
