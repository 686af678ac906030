//! Who has how many connections open.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tallyport_http::Proxies;

use super::Limits;

/// The connections of a listener, counted in all and by client.
pub(crate) struct Connections {
    limits: Limits,
    proxies: Proxies,
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    all: usize,
    /// Only of those who have any, so that this stays as small as what it counts.
    by_client: HashMap<IpAddr, usize>,
    refused: u64,
}

impl Connections {
    pub(crate) fn new(limits: Limits, proxies: Proxies) -> Self {
        Self { limits, proxies, open: Mutex::default() }
    }

    /// A place for a connection from this address; nothing where there are too many.
    pub(crate) fn enter(self: &Arc<Self>, address: IpAddr) -> Option<Place> {
        let address = address.to_canonical();
        let client = household(address);
        let unbounded = address.is_loopback() || self.proxies.believes(address);
        let mut open = self.open();
        let of_client = open.by_client.get(&client).copied().unwrap_or_default();
        if open.all >= self.limits.connections || (!unbounded && of_client >= self.limits.connections_of_one) {
            open.refused += 1;
            return None;
        }
        open.all += 1;
        *open.by_client.entry(client).or_default() += 1;
        Some(Place { connections: Arc::clone(self), client })
    }

    /// How many are open, and how many were refused.
    pub(crate) fn counted(&self) -> (usize, u64) {
        let open = self.open();
        (open.all, open.refused)
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection's place among the others, given back when dropped.
pub(crate) struct Place {
    connections: Arc<Connections>,
    client: IpAddr,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.connections.open();
        open.all -= 1;
        if let Some(left) = open.by_client.get_mut(&self.client) {
            *left -= 1;
            if *left == 0 {
                open.by_client.remove(&self.client);
            }
        }
    }
}

/// What is counted as one client: an IPv4 address, or the network that one customer is given of version six.
fn household(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_client_cannot_take_every_connection() {
        let limits = Limits { connections: 4, connections_of_one: 2, ..Limits::default() };
        let connections = Arc::new(Connections::new(limits, Proxies::parse(["10.0.0.1"]).unwrap()));
        let from = |address: &str| connections.enter(address.parse().unwrap());
        let held = [from("2001:db8::1"), from("2001:db8::2")];
        assert!(held.iter().all(Option::is_some));
        assert!(from("2001:db8::3").is_none(), "the same network");
        let others = [from("10.0.0.1"), from("10.0.0.1")];
        assert!(others.iter().all(Option::is_some));
        assert!(from("192.0.2.1").is_none(), "four in all");
        drop(held);
        let more = [from("10.0.0.1"), from("10.0.0.1")];
        assert!(more.iter().all(Option::is_some), "a proxy may have them all");
        assert_eq!(connections.counted(), (4, 2));
        drop((others, more));
        assert!(connections.open().by_client.is_empty());
    }
}
