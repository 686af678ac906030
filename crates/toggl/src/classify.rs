//! What an answer means for what happens next.

use chrono::{DateTime, TimeDelta, Utc};
use http::StatusCode;
use tallyport_domain::SourceError;

use crate::credential::Credential;
use crate::endpoint::Endpoint;
use crate::headers;
use crate::said;
use crate::transport::Answer;

/// A spent quota that tells no time is full again after one window.
const WINDOW: TimeDelta = TimeDelta::hours(1);

/// A refusal whose meaning depends on who asked for what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// What was asked for.
    pub(crate) endpoint: String,
    pub(crate) status: u16,
    /// What Toggl said.
    pub(crate) detail: String,
    /// Whether it can only be about the token, so that there is no use in asking again.
    pub(crate) login: bool,
}

impl From<Refusal> for SourceError {
    fn from(Refusal { endpoint, status, detail, login }: Refusal) -> Self {
        if login {
            Self::TokenRejected { detail: format!("status {status}: {detail}") }
        } else {
            Self::Refused { endpoint, status, detail }
        }
    }
}

/// What to do with an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Read it.
    Fine,
    /// Ask again later: too fast.
    TooFast(Option<TimeDelta>),
    /// Ask again when the quota is full.
    Spent(TimeDelta),
    /// Ask again soon: overloaded.
    Overloaded(String, Option<TimeDelta>),
    /// This workspace's plan does not have it.
    NotInPlan,
    /// See who asked for what.
    Refused(Refusal),
    /// Give up.
    Failed(SourceError),
}

/// Judges an answer by its status, its headers and, where those leave it open, its body.
pub(crate) fn classify(endpoint: &Endpoint, answer: &Answer, credential: &Credential, now: DateTime<Utc>) -> Verdict {
    let status = answer.status.as_u16();
    let detail = || said::reason(&answer.body, &answer.headers, credential);
    let nonsense = |what: &str| {
        let detail = format!("status {status}, {what}");
        Verdict::Failed(SourceError::Nonsense { endpoint: endpoint.to_string(), detail })
    };
    let after = || headers::retry_after(&answer.headers, now);
    match status {
        200 => Verdict::Fine,
        402 => payment_required(endpoint, answer, credential),
        400 if said::is_page(&answer.body) => {
            Verdict::Overloaded("status 400 with a page, as when overloaded".to_owned(), after())
        }
        429 => Verdict::TooFast(after()),
        500 | 502..=504 => Verdict::Overloaded(format!("status {status}: {}", detail()), after()),
        410 | 418 => Verdict::Failed(SourceError::Retired { endpoint: endpoint.to_string() }),
        300..=399 => nonsense("a redirect, and none is ever followed"),
        ..400 => nonsense("where the whole answer was expected"),
        _ => Verdict::Refused(refusal(endpoint, answer, credential)),
    }
}

fn refusal(endpoint: &Endpoint, answer: &Answer, credential: &Credential) -> Refusal {
    let about_login = answer.headers.contains_key("x-remaining-login-attempts")
        || answer.headers.contains_key("x-authorization-missing")
        || endpoint.is_personal();
    Refusal {
        endpoint: endpoint.to_string(),
        status: answer.status.as_u16(),
        detail: said::reason(&answer.body, &answer.headers, credential),
        login: about_login && matches!(answer.status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN),
    }
}

/// 402 has two meanings: the hourly quota is spent, or the plan does not have this at all.
fn payment_required(endpoint: &Endpoint, answer: &Answer, credential: &Credential) -> Verdict {
    let said = said::sentence(&answer.body).unwrap_or_default();
    let told = headers::tells_quota(&answer.headers);
    // Where the headers are left out, the sentence is all there is to tell them apart.
    let spent = told || said.to_lowercase().contains("hourly limit") || seconds_in(&said).is_some();
    let left = headers::remaining(&answer.headers).is_some_and(|left| left > 0);
    if endpoint.paid && (left || !spent) {
        return Verdict::NotInPlan;
    }
    if !spent {
        return Verdict::Refused(refusal(endpoint, answer, credential));
    }
    let resets_in = headers::resets_in(&answer.headers).or_else(|| seconds_in(&said));
    Verdict::Spent(resets_in.unwrap_or(WINDOW))
}

/// The number of seconds that a sentence about the quota names.
fn seconds_in(said: &str) -> Option<TimeDelta> {
    let (before, _) = said.split_once(" second")?;
    let seconds: i64 = before.rsplit(' ').next()?.parse().ok()?;
    (before.contains("reset") && (0..=7200).contains(&seconds)).then(|| TimeDelta::seconds(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use http::HeaderMap;

    fn verdict(paid: bool, status: u16, headers: &[(&'static str, &str)], body: &str) -> Verdict {
        let headers: HeaderMap =
            headers.iter().map(|(name, value)| (http::HeaderName::from_static(name), value.parse().unwrap())).collect();
        let answer =
            Answer { status: StatusCode::from_u16(status).unwrap(), headers, body: Bytes::copy_from_slice(body.as_bytes()) };
        let bucket = crate::endpoint::Bucket::Organization(1);
        let endpoint = Endpoint { paid, path: "/workspaces/1/tasks".to_owned(), bucket, ..Endpoint::me() };
        classify(&endpoint, &answer, &Credential::new("t".into()), "2026-11-26T12:00:00Z".parse().unwrap())
    }

    const LEFT: &str = "x-toggl-quota-remaining";
    const RESETS: &str = "x-toggl-quota-resets-in";
    const SPENT: &str = "You have hit your hourly limit for API calls. Your quota will reset in 1838 seconds.";

    #[test] // I19
    fn payment_required_is_a_spent_quota_or_a_plan_without_tasks() {
        let seconds = |seconds| Verdict::Spent(TimeDelta::seconds(seconds));
        assert_eq!(verdict(false, 402, &[(LEFT, "0"), (RESETS, "600")], ""), seconds(600));
        assert_eq!(verdict(true, 402, &[(LEFT, "0"), (RESETS, "600")], SPENT), seconds(600));
        assert_eq!(verdict(true, 402, &[(LEFT, "0")], SPENT), seconds(1838));
        assert_eq!(verdict(false, 402, &[(LEFT, "0"), (RESETS, "600")], "upgrade your plan"), seconds(600));
        assert_eq!(verdict(true, 402, &[], SPENT), seconds(1838));
        assert_eq!(verdict(true, 402, &[], &format!("\"{SPENT}\"")), seconds(1838));
        assert_eq!(verdict(false, 402, &[], "You have hit your hourly limit for API calls. Upgrade!"), seconds(3600));
        assert_eq!(verdict(true, 402, &[(LEFT, "17"), (RESETS, "600")], "upgrade"), Verdict::NotInPlan);
        assert_eq!(verdict(true, 402, &[], "\"Feature not available in your plan\""), Verdict::NotInPlan);
        assert!(matches!(verdict(false, 402, &[], "\"Feature not available\""), Verdict::Refused(_)));
    }

    #[test]
    fn a_page_with_status_400_is_an_overload_and_a_reason_is_a_refusal() {
        assert!(matches!(verdict(false, 400, &[], "<html>nginx</html>"), Verdict::Overloaded(..)));
        let Verdict::Refused(refusal) = verdict(false, 400, &[], "\"Invalid per_page\"") else { panic!() };
        assert_eq!((refusal.status, refusal.detail.as_str(), refusal.login), (400, "Invalid per_page", false));
    }

    #[test] // I18
    fn redirects_and_half_answers_make_no_sense() {
        for status in [204, 206, 301, 302, 304, 307, 308] {
            assert!(matches!(verdict(false, status, &[], ""), Verdict::Failed(SourceError::Nonsense { .. })), "{status}");
        }
    }

    #[test]
    fn refusals_that_can_only_be_about_the_token_say_so() {
        let login = |headers: &[(&'static str, &str)], status| match verdict(false, status, headers, "") {
            Verdict::Refused(refusal) => refusal.login,
            other => panic!("{other:?}"),
        };
        assert!(login(&[("x-authorization-missing", "true")], 401));
        assert!(login(&[("x-remaining-login-attempts", "3")], 403));
        assert!(!login(&[], 403));
        assert!(!login(&[("x-remaining-login-attempts", "3")], 404));
    }
}
