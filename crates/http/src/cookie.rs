//! The cookie that holds a session (A4).

use http::header::{self, HeaderMap, HeaderValue};
use tallyport_app::Site;
use tallyport_domain::{SESSION_LONGEST, Secret};

/// Bound to this host alone, which browsers grant over TLS only.
const SECURE: &str = "__Host-tallyport";
/// For a server on this machine without TLS.
const PLAIN: &str = "tallyport";

fn name(site: &Site) -> &'static str {
    if site.is_secure() { SECURE } else { PLAIN }
}

/// The text of the session that a request comes with.
pub(crate) fn session<'a>(headers: &'a HeaderMap, site: &Site) -> Option<&'a str> {
    let cookies = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(found, _)| *found == name(site)).map(|(_, text)| text)
}

/// What has a browser keep a session: a value of `Set-Cookie`.
///
/// # Panics
/// Never: a secret consists of letters, digits and underlines.
#[must_use]
pub fn keep_session(site: &Site, secret: &Secret) -> HeaderValue {
    let mut value = written(site, secret.reveal(), SESSION_LONGEST.num_seconds());
    value.set_sensitive(true);
    value
}

/// What has a browser forget its session: a value of `Set-Cookie`.
#[must_use]
pub fn forget_session(site: &Site) -> HeaderValue {
    written(site, "", 0)
}

fn written(site: &Site, text: &str, seconds: i64) -> HeaderValue {
    let secure = if site.is_secure() { "; Secure" } else { "" };
    let text = format!("{}={text}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}", name(site));
    HeaderValue::try_from(text).expect("name and secret consist of letters, digits, hyphens and underlines")
}

#[cfg(test)]
mod tests {
    use tallyport_domain::{Random, SecretKind};

    use super::*;

    struct Zeros;

    impl Random for Zeros {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(0);
        }
    }

    #[test] // A4
    fn over_tls_the_cookie_is_bound_to_the_host_and_on_this_machine_it_has_another_name() {
        let secret = Secret::generate(SecretKind::Session, &Zeros);
        let text = secret.reveal();
        let kept = keep_session(&Site::at("https://time.example.com"), &secret);
        let expected = format!("__Host-tallyport={text}; Path=/; Max-Age=7776000; HttpOnly; SameSite=Lax; Secure");
        assert_eq!(kept.to_str().unwrap(), expected);
        assert!(!format!("{kept:?}").contains(text), "a header that is logged does not tell it");
        let kept = keep_session(&Site::at("http://127.0.0.1:8080"), &secret);
        assert_eq!(kept.to_str().unwrap(), format!("tallyport={text}; Path=/; Max-Age=7776000; HttpOnly; SameSite=Lax"));
        let forgotten = forget_session(&Site::at("https://time.example.com"));
        assert_eq!(forgotten, "__Host-tallyport=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure");
    }

    #[test] // A4
    fn the_cookie_is_found_among_others_and_only_by_the_name_that_the_site_gives_it() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("theme=dark; tallyport=plain"));
        headers.append(header::COOKIE, HeaderValue::from_static("x=y;__Host-tallyport=secure ; z"));
        assert_eq!(session(&headers, &Site::at("https://x")), Some("secure"));
        assert_eq!(session(&headers, &Site::at("http://x")), Some("plain"));
        assert_eq!(session(&HeaderMap::new(), &Site::at("http://x")), None);
    }
}
