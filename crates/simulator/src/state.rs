//! The core: a request goes in, an answer comes out, and nothing else happens.
//!
//! On its way it meets the faults, the request rate, the credentials, the quota, and at last the endpoint.

use std::io::Write as _;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::header::{ACCEPT_ENCODING, USER_AGENT};
use http::{HeaderMap, Method, Request};

use crate::answer::{Answer, Body, Delivery, JSON, Refusal};
use crate::auth::{self, Credentials};
use crate::endpoints::Context;
use crate::faults::{Faults, How};
use crate::log::RequestRecord;
use crate::query::Query;
use crate::quota::{self, Level, Quotas};
use crate::random;
use crate::rate::{Rates, TOO_MANY};
use crate::simulator::BASE_PATH;
use crate::switches::Switches;
use crate::times::http_date;
use crate::world::World;

/// All that an answer depends on, but for the request.
pub(crate) struct State {
    pub(crate) world: World,
    pub(crate) switches: Switches,
    pub(crate) faults: Faults,
    pub(crate) log: Vec<RequestRecord>,
    pub(crate) quotas: Quotas,
    rates: Rates,
    /// How many came, forgotten ones included.
    requests: u64,
}

impl State {
    pub(crate) fn new(world: World) -> Self {
        Self {
            world,
            switches: Switches::default(),
            faults: Faults::default(),
            log: Vec::new(),
            quotas: Quotas::default(),
            rates: Rates::default(),
            requests: 0,
        }
    }

    pub(crate) fn requests_that_write(&self) -> usize {
        self.log.iter().filter(|request| request.method != "GET").count()
    }

    /// Answers a request to the API, and takes it down.
    pub(crate) fn answer(&mut self, request: &Request<Bytes>) -> Answer {
        self.requests += 1;
        let whole = request.uri().path();
        let below = whole.strip_prefix(BASE_PATH).filter(|rest| rest.is_empty() || rest.starts_with('/'));
        let text = request.uri().query().unwrap_or_default();
        let credentials = auth::credentials(request.headers());
        let (answer, fault) = match below {
            Some(path) => self.answer_below_base(path, text, request.method(), &credentials),
            None => (Answer::new(404, "404 page not found").with("Content-Type", "text/plain; charset=utf-8"), None),
        };
        let answer = self.dress(answer, request.headers());
        let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        self.log.push(RequestRecord {
            number: self.requests,
            at: self.world.now,
            method: request.method().to_string(),
            path: below.unwrap_or(whole).to_owned(),
            query: text.to_owned(),
            status: answer.status,
            token: match &credentials {
                Credentials::Token(token) => Some(auth::masked(token)),
                Credentials::Missing | Credentials::Unreadable => None,
            },
            user_agent: header(USER_AGENT),
            fault,
        });
        answer
    }

    /// The answer, and the name of the first fault that struck.
    fn answer_below_base(
        &mut self,
        path: &str,
        text: &str,
        method: &Method,
        credentials: &Credentials,
    ) -> (Answer, Option<String>) {
        let target = if text.is_empty() { format!("{method} {path}") } else { format!("{method} {path}?{text}") };
        let struck = self.faults.strike(&target);
        let name = struck.first().map(How::name);
        for how in &struck {
            let How::Change(changes) = how else { continue };
            for change in changes {
                if let Err(unknown) = self.world.apply(change) {
                    return (Answer::json(500, &format!("the ordered change failed: {unknown}")), name);
                }
            }
        }
        let fault = struck.iter().find(|how| !matches!(how, How::Change(_)));
        let answer = match fault.and_then(How::instead) {
            Some(answer) => answer,
            None => self.answer_or_spoil(path, text, method, credentials, fault),
        };
        (answer, name)
    }

    fn answer_or_spoil(
        &mut self,
        path: &str,
        text: &str,
        method: &Method,
        credentials: &Credentials,
        fault: Option<&How>,
    ) -> Answer {
        let mut query = Query::parse(text);
        let Some(fault) = fault else { return self.answer_rightly(path, &query, method, credentials) };
        let asked = query.clone();
        fault.bend(&mut query);
        let answer = self.answer_rightly(path, &query, method, credentials);
        fault.spoil(answer, &asked)
    }

    fn answer_rightly(&mut self, path: &str, query: &Query, method: &Method, credentials: &Credentials) -> Answer {
        if method != Method::GET {
            return Answer::json(405, &"Method Not Allowed");
        }
        let now = self.world.now;
        let token = match credentials {
            Credentials::Token(token) => token.as_str(),
            Credentials::Missing | Credentials::Unreadable => "",
        };
        if let Some(limit) = self.switches.rate_limit
            && !self.rates.admit(token, limit, now)
        {
            return self.too_many();
        }
        let reader = match auth::reader(&self.world, &self.switches, credentials) {
            Ok(reader) => reader,
            Err(refused) => return *refused,
        };
        let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
        let bucket = quota::bucket(&self.world, &segments);
        let total = quota::total(bucket, &self.world, &self.switches);
        let level = match self.quotas.spend(reader.id, bucket, total, now, &self.switches) {
            Ok(level) => level,
            Err(level) => return self.over_quota(level),
        };
        let context = Context { world: &self.world, switches: &self.switches, quotas: &self.quotas, reader, token, query, now };
        match context.answer(&segments) {
            Ok(reply) => {
                let mut answer = Answer::new(200, reply.body).with("Content-Type", JSON).with("X-Service-Level", "GREEN");
                answer.headers.extend(reply.headers);
                self.with_quota(answer, level)
            }
            Err(Refusal { status, text, for_plan }) => {
                let answer = Answer::json(status, &text);
                if for_plan && !self.switches.plan_refusal_shows_quota { answer } else { self.with_quota(answer, level) }
            }
        }
    }

    fn with_quota(&self, answer: Answer, level: Level) -> Answer {
        if !self.switches.quota_headers {
            return answer;
        }
        answer
            .with("X-Toggl-Quota-Remaining", level.remaining.to_string())
            .with("X-Toggl-Quota-Resets-In", level.resets_in.to_string())
    }

    fn over_quota(&self, level: Level) -> Answer {
        let text = format!("You have hit your hourly limit for API calls. The quota will reset in {} seconds.", level.resets_in);
        self.with_quota(Answer::json(402, &text), level)
    }

    fn too_many(&self) -> Answer {
        let answer = Answer::new(429, TOO_MANY).with("Content-Type", "text/html");
        match &self.switches.retry_after {
            Some(value) => answer.with("Retry-After", value.clone()),
            None => answer,
        }
    }

    /// Adds what every answer of the host carries, and compresses a large body for those who ask.
    fn dress(&self, answer: Answer, asked: &HeaderMap) -> Answer {
        let answer = self.compress(answer, asked);
        let id = random::token(self.requests ^ 0xC0FF_EE00_0000_0000);
        let cache = "no-cache, private, no-store, must-revalidate, max-stale=0, post-check=0, pre-check=0";
        answer
            .with("Date", http_date(self.world.now))
            .with("Server", "nginx")
            .with("Cache-Control", cache)
            .with("Via", "1.1 google")
            .with("X-Content-Type-Options", "nosniff")
            .with("X-Frame-Options", "SAMEORIGIN")
            .with("X-Request-Id", id.clone())
            .with("X-Toggl-Request-Id", id)
    }

    fn compress(&self, answer: Answer, asked: &HeaderMap) -> Answer {
        let accepts = asked
            .get_all(ACCEPT_ENCODING)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .any(|value| value.split(',').any(|coding| coding.trim().starts_with("gzip")));
        let Body::Whole(bytes) = &answer.body else { return answer };
        let plain = answer.header("Content-Encoding").is_none() && answer.delivery == Delivery::Whole;
        if !self.switches.gzip || !accepts || !plain || bytes.len() < self.switches.gzip_from {
            return answer;
        }
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        let compressed = encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("writing to memory does not fail");
        let answer = answer.with("Content-Encoding", "gzip").with("Vary", "Accept-Encoding");
        Answer { body: Body::Whole(compressed.into()), ..answer }
    }
}
