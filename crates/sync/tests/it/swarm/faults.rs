//! Which faults a seed turns on, and where they strike.

use tallyport_simulator::{Change, Fault, How, World};

use super::chance::Chance;
use super::world;

/// Kinds of trouble. Each seed has a subset of its own, so that rare pairs come up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Trouble {
    Statuses,
    Bodies,
    Wire,
    ChangesBetweenPages,
    Store,
    ClockJumps,
    Deaths,
    Cancels,
    DeedsMeanwhile,
    QuotaSpentElsewhere,
    Impatience,
}

impl Trouble {
    pub(crate) const ALL: [Self; 11] = [
        Self::Statuses,
        Self::Bodies,
        Self::Wire,
        Self::ChangesBetweenPages,
        Self::Store,
        Self::ClockJumps,
        Self::Deaths,
        Self::Cancels,
        Self::DeedsMeanwhile,
        Self::QuotaSpentElsewhere,
        Self::Impatience,
    ];
}

/// What a reading may show under a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Leeway {
    /// The truth.
    None,
    /// The truth less what was refused.
    Refusals,
    /// Another truth: the world changed meanwhile, or the fault cannot be told from one that did.
    Anything,
}

/// An answer with this status, in place of the true one.
pub(crate) fn status(status: u16, body: &str, headers: &[(&str, &str)]) -> How {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    How::Status { status, body: body.to_owned(), headers }
}

fn statuses(chance: &mut Chance) -> (How, Leeway) {
    let quota = |left, resets| [("X-Toggl-Quota-Remaining", left), ("X-Toggl-Quota-Resets-In", resets)];
    match chance.below(18) {
        0 => (How::status(500), Leeway::None),
        1 => (How::status(502), Leeway::None),
        2 => (status(503, "<html>busy</html>", &[("Retry-After", "120")]), Leeway::None),
        3 => (How::status(504), Leeway::None),
        4 => (How::status(429), Leeway::None),
        5 => (status(429, "", &[("Retry-After", "0")]), Leeway::None),
        6 => (status(429, "", &[("Retry-After", "-1")]), Leeway::None),
        7 => (status(429, "", &[("Retry-After", "1000000000")]), Leeway::None),
        8 => (status(402, "\"You have hit your hourly limit\"", &quota("0", "600")), Leeway::None),
        9 => (status(402, "\"Feature not available in your plan\"", &[]), Leeway::Refusals),
        10 => (How::status(401), Leeway::None),
        11 => (How::status(403), Leeway::Refusals),
        12 => (status(404, "\"Resource can not be found\"", &[]), Leeway::Refusals),
        13 => (How::status(410), Leeway::None),
        14 => (status(400, "\"Invalid per_page\"", &[]), Leeway::Refusals),
        15 => (How::HtmlBadRequest, Leeway::None),
        16 => (How::Redirect { status: 302, to: "https://elsewhere.example/".to_owned() }, Leeway::None),
        _ => (How::Redirect { status: 307, to: "http://127.0.0.1:9/".to_owned() }, Leeway::None),
    }
}

fn bodies(chance: &mut Chance) -> (How, Leeway) {
    match chance.below(15) {
        0 => (How::EmptyBody, Leeway::None),
        // Documented as an empty list for some, and then not to be told from one.
        1 => (How::Null, Leeway::Anything),
        2 => (How::EmptyObject, Leeway::None),
        3 => (How::NoContent, Leeway::None),
        4 => (How::PartialContent, Leeway::None),
        5 => (How::TruncatedJson, Leeway::None),
        6 => (How::WrongTypes, Leeway::None),
        7 => (How::DuplicateIds, Leeway::None),
        8 => (How::ForeignRows { workspace: 17 }, Leeway::None),
        9 => (How::SamePage, Leeway::None),
        10 => (How::NulInName, Leeway::Anything),
        11 => (How::LoneSurrogate, Leeway::Anything),
        12 => (How::InvalidUtf8, Leeway::None),
        13 => (How::DeepJson { depth: 10_000 }, Leeway::None),
        _ => (How::BrokenGzip, Leeway::None),
    }
}

fn wire(chance: &mut Chance) -> (How, Leeway) {
    let how = match chance.below(8) {
        0 => How::ResetBeforeHead,
        1 => How::ResetInBody,
        2 => How::ShortBody,
        3 => How::StallBeforeHead,
        4 => How::StallInBody,
        5 => How::Slow { milliseconds: 10_000 },
        6 => How::MalformedStatusLine,
        _ => How::HugeHeader { bytes: 1024 * 1024 },
    };
    (how, Leeway::None)
}

/// An order of this kind for some request of the next reading; nothing for kinds that are no order.
pub(crate) fn order(trouble: Trouble, world: &World, chance: &mut Chance) -> Option<(Fault, Leeway)> {
    let (how, leeway) = match trouble {
        Trouble::Statuses => statuses(chance),
        Trouble::Bodies => bodies(chance),
        Trouble::Wire => wire(chance),
        Trouble::ChangesBetweenPages => {
            let changes: Vec<Change> = (0..=chance.below(3)).filter_map(|_| world::change(world, chance)).collect();
            (How::Change(changes), Leeway::Anything)
        }
        _ => return None,
    };
    let nth = 1 + u64::try_from(chance.below(14)).unwrap();
    // Mostly once, so that it is got over; now and then until nobody tries again.
    let fault = Fault::on("", how);
    let fault = if chance.percent(25) { fault.from(nth) } else { fault.nth(nth) };
    Some((fault, leeway))
}
