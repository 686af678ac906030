//! From which address a request comes.

use std::net::IpAddr;
use std::str::FromStr;
use std::sync::Arc;

use http::HeaderMap;
use http::request::Parts;
use tallyport_app::Caller;

/// Who is at the other end of the connection: an extension that the server adds to each request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

/// The reverse proxies that are believed when they say for whom they ask: an extension that the server adds to each request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proxies(Arc<[Network]>);

/// An address, or all addresses that begin alike: `10.0.0.0/8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Network {
    address: IpAddr,
    bits: u8,
}

/// A text that names no address or network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadProxy(String);

impl std::fmt::Display for BadProxy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} is no address or network such as 10.0.0.0/8", self.0)
    }
}

impl std::error::Error for BadProxy {}

impl Proxies {
    /// Reads addresses and networks, such as `127.0.0.1` and `10.0.0.0/8`.
    ///
    /// # Errors
    /// The first one that is none.
    pub fn parse<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Self, BadProxy> {
        let network = |text: &str| Network::parse(text.trim()).ok_or_else(|| BadProxy(text.chars().take(80).collect()));
        Ok(Self(texts.into_iter().map(network).collect::<Result<_, _>>()?))
    }

    /// Whether an address is one of theirs.
    #[must_use]
    pub fn believes(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.holds(address))
    }

    /// For whom a request is made that arrived from `peer`: the last of those named in `X-Forwarded-For` that is no proxy of ours.
    /// What stands before it was written by whoever it is, and is not looked at.
    fn behind(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let lines: Vec<&str> = headers.get_all("x-forwarded-for").iter().map(|line| line.to_str().unwrap_or_default()).collect();
        let mut named = lines.iter().flat_map(|line| line.split(',')).rev().map(str::trim);
        let mut address = peer.to_canonical();
        while self.believes(address) {
            match named.next().and_then(parse_address) {
                Some(before) => address = before,
                None => break,
            }
        }
        address
    }
}

/// From where a request comes: nothing but what the server says of the connection, and what its proxies say of it.
pub(crate) fn caller(parts: &Parts) -> Caller {
    let Some(Peer(peer)) = parts.extensions.get() else { return Caller::here() };
    let address = parts.extensions.get::<Proxies>().map_or(*peer, |proxies| proxies.behind(*peer, &parts.headers));
    Caller::at(address)
}

/// An address, as proxies write it: some add the port.
fn parse_address(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|text| text.split_once(']')).map_or(text, |(inside, _)| inside);
    let address = IpAddr::from_str(bare).ok();
    address
        .or_else(|| bare.parse::<std::net::SocketAddr>().ok().map(|address| address.ip()))
        .map(|address| address.to_canonical())
}

impl Network {
    fn parse(text: &str) -> Option<Self> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse().ok()?)),
            None => (text, None),
        };
        let address = IpAddr::from_str(address).ok()?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.unwrap_or(most);
        (bits <= most).then_some(Self { address, bits })
    }

    fn holds(self, address: IpAddr) -> bool {
        match (self.address, address) {
            (IpAddr::V4(ours), IpAddr::V4(theirs)) => (ours.to_bits() ^ theirs.to_bits()).leading_zeros() >= u32::from(self.bits),
            (IpAddr::V6(ours), IpAddr::V6(theirs)) => (ours.to_bits() ^ theirs.to_bits()).leading_zeros() >= u32::from(self.bits),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(proxies: &[&str], peer: &str, lines: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        Proxies::parse(proxies.iter().copied()).unwrap().behind(peer.parse().unwrap(), &headers).to_string()
    }

    #[test] // A4
    fn only_proxies_that_were_named_are_believed_and_only_what_they_wrote_themselves() {
        let proxies = ["127.0.0.1", "10.0.0.0/8", "2001:db8::/32"];
        for (peer, lines, expected) in [
            ("203.0.113.9", &["198.51.100.1"][..], "203.0.113.9"),
            ("127.0.0.1", &[], "127.0.0.1"),
            ("127.0.0.1", &["198.51.100.1"], "198.51.100.1"),
            ("::ffff:127.0.0.1", &["198.51.100.1"], "198.51.100.1"),
            ("127.0.0.1", &["1.1.1.1, 198.51.100.1"], "198.51.100.1"),
            ("127.0.0.1", &["1.1.1.1", "198.51.100.1, 10.1.2.3"], "198.51.100.1"),
            ("127.0.0.1", &["198.51.100.1:4711"], "198.51.100.1"),
            ("2001:db8::7", &["[2001:db9::1]:80"], "2001:db9::1"),
            ("127.0.0.1", &["10.9.9.9"], "10.9.9.9"),
            ("127.0.0.1", &["198.51.100.1, nonsense"], "127.0.0.1"),
            ("127.0.0.1", &["", "unknown"], "127.0.0.1"),
        ] {
            assert_eq!(from(&proxies, peer, lines), expected, "{peer} {lines:?}");
        }
        assert_eq!(from(&[], "127.0.0.1", &["198.51.100.1"]), "127.0.0.1");
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for text in ["", "10.0.0.0/33", "::/129", "10.0.0/8", "example.com", "10.0.0.0/-1", "10.0.0.0/"] {
            assert!(Proxies::parse([text]).is_err(), "{text}");
        }
        assert!(Proxies::parse(["0.0.0.0/0", " ::1 "]).is_ok());
    }
}
