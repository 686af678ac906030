//! What the simulator puts where Toggl's bodies carry secrets, so that a test can search for a leak.

/// The `api_token` of every workspace object.
pub const WORKSPACE_TOKEN: &str = "leakmarkerworkspacetoken00000000";
/// Part of the `ical_url` of every workspace object.
pub const ICAL: &str = "leakmarkericallink00000000000000";
/// The `intercom_hash` of `/me`.
pub const INTERCOM: &str = "leakmarkerintercom0000000000000000000000000000000000000000000000";
/// The `invitation_code`, and part of the `invite_url`, of a person who was invited.
pub const INVITATION: &str = "leakmarkerinvitation000000000000";

/// All of the markers. Beside them, `/me` shows the token that asked.
pub const ALL: [&str; 4] = [WORKSPACE_TOKEN, ICAL, INTERCOM, INVITATION];
