//! Where people reach Tallyport, which links in mails and cookies rest on: never on what a request says of its host.

use tallyport_domain::Secret;

/// The public address of a server; an address on this machine where none was configured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    base: String,
}

impl Site {
    /// The site at this address, such as `https://time.example.com`; a slash at its end is not looked at.
    #[must_use]
    pub fn at(base: &str) -> Self {
        Self { base: base.trim_end_matches('/').to_owned() }
    }

    /// Its address, without a slash at its end.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Its origin, as browsers write it: scheme, host and port.
    #[must_use]
    pub fn origin(&self) -> &str {
        let host = self.base.find("://").map_or(0, |at| at + 3);
        let end = self.base[host..].find('/').map_or(self.base.len(), |at| host + at);
        &self.base[..end]
    }

    /// Its host, with the port where one is named.
    #[must_use]
    pub fn host(&self) -> &str {
        self.origin().split_once("://").map_or(self.origin(), |(_, host)| host)
    }

    /// Whether it is reached over TLS, so that cookies can be bound to it.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.base.starts_with("https://")
    }

    /// The link that brings somebody with a secret to the page where it is used.
    #[must_use]
    pub fn link(&self, page: &str, secret: &Secret) -> String {
        format!("{}/{page}/{}", self.base, secret.reveal())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_what_stands_before_the_path() {
        let origins = ["https://time.example.com/", "http://127.0.0.1:8080", "https://example.com/tallyport/"]
            .map(|base| Site::at(base).origin().to_owned());
        assert_eq!(origins, ["https://time.example.com", "http://127.0.0.1:8080", "https://example.com"]);
        assert_eq!(Site::at("https://example.com:8443/tallyport").host(), "example.com:8443");
        assert!(Site::at("https://x").is_secure() && !Site::at("http://x").is_secure());
    }
}
