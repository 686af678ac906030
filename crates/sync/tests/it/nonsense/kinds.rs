//! The kinds of nonsense, and what each has to come to at each request.

use tallyport_api_types::Code;
use tallyport_simulator::How;

use crate::swarm::faults::status;

/// Which list a request is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum List {
    Workspaces,
    Clients,
    Projects,
    Tasks,
    Members,
}

/// A request of a sync.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// As it is sent.
    pub(crate) target: String,
    pub(crate) list: List,
    /// Which page, where there are pages.
    pub(crate) page: Option<u32>,
    /// The workspace whose list it is.
    pub(crate) workspace: Option<i64>,
}

impl Place {
    pub(crate) fn of(target: &str) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let list = match path.rsplit('/').next().unwrap() {
            "workspaces" => List::Workspaces,
            "clients" => List::Clients,
            "projects" => List::Projects,
            "tasks" => List::Tasks,
            "workspace_users" => List::Members,
            other => panic!("{other} is no list of a sync"),
        };
        let number = |text: &str| text.parse().ok();
        let page = query.split('&').find_map(|pair| pair.strip_prefix("page=")).and_then(|page| page.parse().ok());
        let workspace = path.split("/workspaces/").nth(1).and_then(|rest| number(rest.split('/').next().unwrap()));
        Self { target: target.to_owned(), list, page, workspace }
    }

    pub(crate) fn path(&self) -> &str {
        self.target.split('?').next().unwrap()
    }

    fn is_first(&self) -> bool {
        self.page.is_none_or(|page| page == 1)
    }
}

/// What a sync comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// It fails with this code, the tree is as it was, and the text names the endpoint or the list.
    Fails(Code),
    /// The workspace stays as it is, the others go on (I8).
    LeavesOut,
    /// What was read is what is there: the nonsense was got around.
    AsEver,
    /// The same, except for characters that cannot be (T5).
    OddNames,
    /// Known as another spelling of nothing: an empty list, or a plan without it (I10).
    Empty,
}

/// A kind of nonsense, by its number in the matrix.
pub(crate) struct Kind {
    pub(crate) number: u8,
    pub(crate) how: How,
    pub(crate) end: fn(&Place) -> End,
}

const NONSENSE: End = End::Fails(Code::TogglNonsense);
const UNREACHABLE: End = End::Fails(Code::TogglUnreachable);
const CHANGED: End = End::Fails(Code::TogglChanged);
const REFUSED: End = End::Fails(Code::TogglRefused);

fn nonsense(_: &Place) -> End {
    NONSENSE
}

fn unreachable(_: &Place) -> End {
    UNREACHABLE
}

fn too_fast(_: &Place) -> End {
    End::Fails(Code::RateLimited)
}

fn spent(_: &Place) -> End {
    End::Fails(Code::QuotaSpent)
}

fn retired(_: &Place) -> End {
    End::Fails(Code::TogglRetired)
}

/// `null` is an empty list in some lists, and never in others.
fn null(place: &Place) -> End {
    match place.list {
        List::Workspaces | List::Members => NONSENSE,
        // A total that was told before says that something is missing.
        _ if !place.is_first() => CHANGED,
        _ => End::Empty,
    }
}

/// A status that says no to one list (22 to 24).
fn refused(place: &Place, status: u16) -> End {
    match (place.list, status) {
        (List::Workspaces, 401 | 403) => End::Fails(Code::TokenRejected),
        (List::Workspaces, _) => REFUSED,
        // There are other ways to them.
        (List::Members, 403 | 404) => End::AsEver,
        (_, 403 | 404) => End::LeavesOut,
        _ => REFUSED,
    }
}

/// A page too large is asked for again as a smaller one.
fn bad_request(place: &Place) -> End {
    if place.page == Some(1) { End::AsEver } else { REFUSED }
}

fn not_in_plan(place: &Place) -> End {
    match place.list {
        List::Tasks => End::Empty,
        _ => REFUSED,
    }
}

fn twice(_: &Place) -> End {
    CHANGED
}

/// The first page for every page, with totals that do not change.
fn same_page(place: &Place) -> End {
    if place.is_first() { End::AsEver } else { NONSENSE }
}

fn foreign(place: &Place) -> End {
    if place.list == List::Workspaces { End::AsEver } else { NONSENSE }
}

fn odd_names(_: &Place) -> End {
    End::OddNames
}

/// Rows whose ids are none, in the shape of the list.
fn ids(place: &Place, id: &str) -> String {
    let row = format!("{{\"id\":{id},\"name\":\"x\",\"email\":\"x@x.test\",\"project_id\":1}}");
    match place.list {
        List::Tasks => {
            format!("{{\"total_count\":1,\"page\":{},\"per_page\":2,\"data\":[{row}]}}", place.page.unwrap_or(1))
        }
        _ => format!("[{row}]"),
    }
}

/// Every kind at this place, but for those of the wire itself.
pub(crate) fn at(place: &Place) -> Vec<Kind> {
    let kind = |number, how, end| Kind { number, how, end };
    let spent_now = [("X-Toggl-Quota-Remaining", "0"), ("X-Toggl-Quota-Resets-In", "600")];
    let limit = "\"You have hit your hourly limit for API calls. The quota will reset in 600 seconds.\"";
    let mut kinds = vec![
        kind(7, How::EmptyBody, nonsense as fn(&Place) -> End),
        kind(8, How::Null, null),
        kind(9, How::EmptyObject, nonsense),
        kind(10, How::Body("<!DOCTYPE html><title>Toggl</title>".to_owned()), nonsense),
        kind(11, How::WrongTypes, nonsense),
        kind(12, How::DuplicateIds, twice),
        kind(13, How::SamePage, same_page),
        kind(17, How::BrokenGzip, nonsense),
        kind(18, How::DeepJson { depth: 10_000 }, nonsense),
        kind(18, How::Body("[".repeat(10_000)), nonsense),
        kind(19, How::InvalidUtf8, nonsense),
        kind(19, How::LoneSurrogate, odd_names),
        kind(19, How::NulInName, odd_names),
        kind(20, How::Redirect { status: 302, to: "https://elsewhere.example/".to_owned() }, nonsense),
        kind(20, How::Redirect { status: 307, to: "https://elsewhere.example/".to_owned() }, nonsense),
        kind(21, How::Redirect { status: 301, to: "http://api.track.toggl.com/api/v9/me".to_owned() }, nonsense),
        kind(22, How::status(401), |place| refused(place, 401)),
        kind(23, status(403, "\"User does not have access\"", &[]), |place| refused(place, 403)),
        kind(24, status(404, "\"Resource can not be found\"", &[]), |place| refused(place, 404)),
        kind(25, status(402, "\"This is not in your plan\"", &[]), not_in_plan),
        kind(25, status(402, limit, &[]), spent),
        kind(25, status(402, limit, &spent_now), spent),
        kind(26, How::status(429), too_fast),
        kind(27, How::HtmlBadRequest, unreachable),
        kind(27, status(400, "\"Invalid per_page\"", &[]), bad_request),
        kind(27, How::status(410), retired),
        kind(27, How::status(418), retired),
        kind(28, How::NoContent, nonsense),
        kind(28, How::PartialContent, nonsense),
        kind(30, How::ForeignRows { workspace: 17 }, foreign),
        kind(0, How::TruncatedJson, nonsense),
    ];
    if matches!(place.list, List::Projects | List::Tasks) {
        // Their total is none that any other page tells.
        kinds.push(kind(14, How::EndlessPages, twice));
    }
    // Somebody without a number is told from others by their address.
    let none = if place.list == List::Members { "[]" } else { "null" };
    for id in ["\"41\"", "-41", "4.5", "9223372036854775808", none, "0"] {
        kinds.push(kind(11, How::Body(ids(place, id)), nonsense));
    }
    for after in ["0", "-1", "Thu, 26 Nov 2026 15:00:00 GMT", "1000000000", "soon"] {
        kinds.push(kind(26, status(429, "<html>nginx</html>", &[("Retry-After", after)]), too_fast));
    }
    for code in [500, 502, 503, 504] {
        kinds.push(kind(27, status(code, "<html>busy</html>", &[]), unreachable));
    }
    kinds
}
