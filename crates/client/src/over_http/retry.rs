//! Which requests are sent again, when, and how often.

use std::time::Duration;

use http::{HeaderMap, Request, StatusCode, header};
use tallyport_api_types::{Code, Problem};

use crate::call::IDEMPOTENCY_KEY;

/// How often a request is sent again.
pub(super) const TRIES: u32 = 3;
/// The longest wait that a server may ask for; who asks for more gets no second request.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// About how long the first pause is; each further one is three times as long.
const FIRST_PAUSE: Duration = Duration::from_millis(100);

/// Whether sending it twice does no more than sending it once: it changes nothing, or the server knows it by its key (E7).
pub(super) fn is_repeatable<T>(request: &Request<T>) -> bool {
    request.method().is_safe() || request.headers().contains_key(IDEMPOTENCY_KEY)
}

/// Whether an answer may say, by its status, that the request was not done, or is being done, and may be sent again.
pub(super) fn may_be_passing(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::CONFLICT | StatusCode::TOO_MANY_REQUESTS | StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE
    )
}

/// How long to wait after such an answer; nothing where waiting does not help.
///
/// What the API itself says of Toggl, of a disk or of an unknown outcome stays so for now; a proxy's page may be gone at once.
pub(super) fn pause_after(headers: &HeaderMap, body: &[u8], again: u32, chance: u8) -> Option<Duration> {
    if let Ok(problem) = serde_json::from_slice::<Problem>(body) {
        let passing = matches!(Code::parse(&problem.code), Code::InFlight | Code::Overloaded | Code::Busy | Code::TooManyTries);
        if !passing {
            return None;
        }
    }
    let told = headers.get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse().ok());
    match told.map(Duration::from_secs) {
        Some(wait) if wait > LONGEST_WAIT => None,
        Some(wait) => Some(wait.max(FIRST_PAUSE)),
        None => Some(pause(again, chance)),
    }
}

/// The pause before try `again`, from 1: cut by chance to between half and all of it, so that clients do not return together.
pub(super) fn pause(again: u32, chance: u8) -> Duration {
    let whole = FIRST_PAUSE * 3_u32.pow(again.saturating_sub(1).min(5));
    whole / 2 + whole / 2 * u32::from(chance) / u32::from(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_server_asks_for_is_waited_for_unless_it_is_too_long() {
        let after = |told: &'static str| {
            let headers = HeaderMap::from_iter([(header::RETRY_AFTER, http::HeaderValue::from_static(told))]);
            pause_after(&headers, b"<html>", 1, 255)
        };
        assert_eq!(after("7"), Some(Duration::from_secs(7)));
        assert_eq!(after("0"), Some(FIRST_PAUSE));
        assert_eq!(after("31"), None);
        for odd in ["-1", "soon", "Tue, 24 Nov 2026 18:00:00 GMT", "99999999999999999999999"] {
            assert_eq!(after(odd), Some(FIRST_PAUSE), "{odd}");
        }
    }

    #[test]
    fn only_what_may_pass_soon_is_waited_for() {
        let after = |code: Code| {
            let body = serde_json::to_vec(&Problem::new(code, "no")).unwrap();
            pause_after(&HeaderMap::new(), &body, 1, 0)
        };
        for code in [Code::InFlight, Code::Overloaded, Code::Busy, Code::TooManyTries] {
            assert_eq!(after(code), Some(FIRST_PAUSE / 2), "{code}");
        }
        for code in [Code::QuotaSpent, Code::TogglUnreachable, Code::OutcomeUnknown, Code::RateLimited, Code::RunUnderWay] {
            assert_eq!(after(code), None, "{code}");
        }
    }

    #[test]
    fn pauses_grow_threefold_and_chance_takes_at_most_half() {
        assert_eq!([1, 2, 3].map(|again| pause(again, 255).as_millis()), [100, 300, 900]);
        assert_eq!([1, 2, 3].map(|again| pause(again, 0).as_millis()), [50, 150, 450]);
    }
}
