//! How a fault turns a right answer, or none, into a wrong one.

use super::How;
use super::bodies;
use crate::answer::{Answer, Body, Delivery, JSON};
use crate::query::Query;

const HTML: &str = "text/html";
const BAD_REQUEST: &str = "<html>\r\n<head><title>400 Bad Request</title></head>\r\n<body>\r\n<center><h1>400 Bad Request</h1></center>\r\n\
     <hr><center>nginx</center>\r\n</body>\r\n</html>\r\n";

impl How {
    /// The answer of something in front of the API, which then never sees the request.
    pub(crate) fn instead(&self) -> Option<Answer> {
        let json = |body: &str| Answer::new(200, body.to_owned()).with("Content-Type", JSON);
        let answer = match self {
            Self::Status { status, body, headers } => Answer {
                status: *status,
                headers: headers.clone(),
                body: Body::Whole(body.clone().into()),
                delivery: Delivery::Whole,
            },
            Self::HtmlBadRequest => Answer::new(400, BAD_REQUEST).with("Content-Type", HTML),
            Self::Body(body) => json(body),
            Self::EmptyBody => json(""),
            Self::Null => json("null"),
            Self::EmptyObject => json("{}"),
            Self::NoContent => Answer::new(204, ""),
            Self::Redirect { status, to } => Answer::new(*status, "").with("Location", to.clone()),
            Self::DeepJson { depth } => Answer::new(200, bodies::deep(*depth)).with("Content-Type", JSON),
            Self::HugePage { mebibytes } => {
                Answer { body: bodies::huge(*mebibytes), ..Answer::new(200, "").with("Content-Type", JSON) }
            }
            Self::GzipBomb { mebibytes } => {
                Answer::new(200, bodies::bomb(*mebibytes)).with("Content-Type", JSON).with("Content-Encoding", "gzip")
            }
            Self::BrokenGzip => json("[{\"id\":1}]").with("Content-Encoding", "gzip"),
            Self::ResetBeforeHead => Answer { delivery: Delivery::ResetBeforeHead, ..json("") },
            Self::StallBeforeHead => Answer { delivery: Delivery::StallBeforeHead, ..json("") },
            _ => return None,
        };
        Some(answer)
    }

    /// Bends the request before the API answers it.
    pub(crate) fn bend(&self, query: &mut Query) {
        if matches!(self, Self::SamePage | Self::EndlessPages) {
            query.set("page", "1");
        }
    }

    /// Spoils the right answer.
    pub(crate) fn spoil(&self, answer: Answer, query: &Query) -> Answer {
        let body = |edit: fn(&[u8]) -> Vec<u8>| {
            let edited = edit(&answer.body.to_bytes());
            Body::Whole(edited.into())
        };
        match self {
            Self::TruncatedJson => Answer { body: body(bodies::first_half), ..answer },
            Self::WrongTypes => Answer { body: body(bodies::wrong_types), ..answer },
            Self::DuplicateIds => Answer { body: body(bodies::first_row_twice), ..answer },
            Self::NulInName => Answer { body: body(|whole| bodies::into_first_name(whole, b"\\u0000")), ..answer },
            Self::LoneSurrogate => Answer { body: body(|whole| bodies::into_first_name(whole, b"\\ud83d")), ..answer },
            Self::InvalidUtf8 => Answer { body: body(|whole| bodies::into_first_name(whole, &[0xFF])), ..answer },
            Self::ForeignRows { workspace } => {
                let edited = bodies::last_row_elsewhere(&answer.body.to_bytes(), *workspace);
                Answer { body: Body::Whole(edited.into()), ..answer }
            }
            Self::SamePage => {
                let edited = bodies::said_to_be(&answer.body.to_bytes(), page(query));
                Answer { body: Body::Whole(edited.into()), ..answer }
            }
            Self::EndlessPages => {
                let size = query.number("per_page").ok().flatten();
                let edited = bodies::another_page(&answer.body.to_bytes(), page(query), size);
                Answer { body: Body::Whole(edited.into()), ..answer }
            }
            Self::PartialContent => Answer { status: 206, ..answer },
            Self::ResetInBody => Answer { delivery: Delivery::ResetInBody, ..answer },
            Self::ShortBody => Answer { delivery: Delivery::ShortBody, ..answer },
            Self::StallInBody => Answer { delivery: Delivery::StallInBody, ..answer },
            Self::Slow { milliseconds } => Answer { delivery: Delivery::Slow(*milliseconds), ..answer },
            Self::MalformedStatusLine => Answer { delivery: Delivery::MalformedStatusLine, ..answer },
            Self::HugeHeader { bytes } => Answer { delivery: Delivery::HugeHeader(*bytes), ..answer },
            _ => answer,
        }
    }
}

/// The page that was asked for.
fn page(query: &Query) -> i64 {
    query.number("page").ok().flatten().unwrap_or(1)
}
