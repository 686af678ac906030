//! Requests that a page of another site sends in the name of whoever looks at it (CSRF) are refused.
//!
//! Browsers say where a request comes from in `Sec-Fetch-Site`, older ones in `Origin`; pages cannot forge either.

use http::header::{self, HeaderMap};
use http::request::Parts;
use tallyport_api_types::Code;
use tallyport_app::Site;

use crate::Refusal;

/// Lets a request through that changes nothing, or that does not come from a page of another site.
///
/// Where nothing tells where it comes from, only one `with_cookie` is refused: without one nobody's rights are used.
pub(crate) fn check(parts: &Parts, site: &Site, with_cookie: bool) -> Result<(), Refusal> {
    if parts.method.is_safe() || is_ours(&parts.headers, site).unwrap_or(!with_cookie) {
        return Ok(());
    }
    Err(Refusal::new(Code::CrossSite, "this request comes from a page of another site, or does not say from where"))
}

/// Whether the request comes from our own pages or from the one who sits before the browser; nothing where that is not said.
fn is_ours(headers: &HeaderMap, site: &Site) -> Option<bool> {
    match headers.get("sec-fetch-site") {
        Some(from) => Some(from == "same-origin" || from == "none"),
        None => headers.get(header::ORIGIN).map(|origin| origin == site.origin()),
    }
}

#[cfg(test)]
mod tests {
    use http::{Method, Request};

    use super::*;

    #[test] // A4
    fn what_comes_from_elsewhere_or_does_not_say_from_where_changes_nothing() {
        let site = Site::at("https://time.example.com");
        let passes = |method: Method, headers: &[(&str, &str)], with_cookie: bool| {
            let request =
                headers.iter().fold(Request::builder().method(method), |request, (name, value)| request.header(*name, *value));
            check(&request.body(()).unwrap().into_parts().0, &site, with_cookie).is_ok()
        };
        let ours = ("origin", "https://time.example.com");
        for (headers, passes_with, passes_without) in [
            (&[("sec-fetch-site", "same-origin")][..], true, true),
            (&[("sec-fetch-site", "none")], true, true),
            (&[("sec-fetch-site", "same-site")], false, false),
            (&[("sec-fetch-site", "cross-site")], false, false),
            (&[("sec-fetch-site", "cross-site"), ours], false, false),
            (&[("sec-fetch-site", "same-origin"), ("origin", "https://evil.example")], true, true),
            (&[("sec-fetch-site", "nonsense")], false, false),
            (&[ours], true, true),
            (&[("origin", "http://time.example.com")], false, false),
            (&[("origin", "https://time.example.com.evil.example")], false, false),
            (&[("origin", "https://time.example.com:8443")], false, false),
            (&[("origin", "null")], false, false),
            (&[("host", "time.example.com")], false, true),
            (&[("referer", "https://time.example.com/x")], false, true),
            (&[], false, true),
        ] {
            for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
                assert_eq!(passes(method.clone(), headers, true), passes_with, "{headers:?}");
                assert_eq!(passes(method, headers, false), passes_without, "{headers:?}");
            }
            for method in [Method::GET, Method::HEAD, Method::OPTIONS] {
                assert!(passes(method, headers, true), "{headers:?}");
            }
        }
    }
}
