//! The environment variables that are read, each in one place.

/// The database: a path or a URL.
pub(crate) const DATABASE: &str = "TALLYPORT_DATABASE";
/// The server to talk to.
pub(crate) const SERVER: &str = "TALLYPORT_SERVER";
/// An API token for the server.
pub(crate) const TOKEN: &str = "TALLYPORT_TOKEN";
/// Where people reach the server of a local database, for the links of invitations.
pub(crate) const PUBLIC_URL: &str = "TALLYPORT_PUBLIC_URL";
/// The account, where there are several.
pub(crate) const ACCOUNT: &str = "TALLYPORT_ACCOUNT";
/// Who acts on a local database.
pub(crate) const USER: &str = "TALLYPORT_USER";
/// The base of Toggl's API.
pub(crate) const TOGGL_URL: &str = "TALLYPORT_TOGGL_URL";
/// Requests a second to Toggl.
pub(crate) const TOGGL_RATE: &str = "TALLYPORT_TOGGL_RATE";
/// The key that seals tokens.
pub(crate) const SECRET_KEY: &str = "TALLYPORT_SECRET_KEY";
/// A Toggl token, for `toggl enable` and `toggl re-enable`.
pub(crate) const TOGGL_API_TOKEN: &str = "TOGGL_API_TOKEN";
/// Set to anything, it turns colours off.
pub(crate) const NO_COLOR: &str = "NO_COLOR";
/// How wide the output is where it is not a terminal's.
pub(crate) const COLUMNS: &str = "COLUMNS";

/// The value of a variable; an empty one is none.
#[expect(clippy::disallowed_methods, reason = "the one place where this binary reads its environment")]
pub(crate) fn read(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
