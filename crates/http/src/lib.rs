//! What Tallyport's API and its pages share: who comes in, what is read of a request, and how errors look.
//!
//! Nothing here knows a route. Handlers take what they need as extractors, each of which refuses with a [`Refusal`].

mod acting;
mod cookie;
mod cross_site;
mod cursor;
mod etag;
mod extract;
mod guard;
mod peer;
mod problem;
mod request_key;

pub use acting::{ActingAs, Needs, Open, Signed};
pub use cookie::{forget_session, keep_session};
pub use cursor::Cursors;
pub use etag::{IfMatch, Tagged, tagged};
pub use extract::{Asked, Body, Ids, OneOrMany, OptionalBody, SecretBody};
pub use guard::{RequestId, guard, method_not_allowed, no_such_route};
pub use peer::{BadProxy, Peer, Proxies};
pub use problem::{Answer, Refusal};
pub use request_key::RequestKey;
