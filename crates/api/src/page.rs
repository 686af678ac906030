//! Lists that come page by page, for who asks for pages.
//!
//! A list is an array, whole or in part; that there is more of it says the header `Next-Cursor`. So whoever asks for no page
//! reads what they always did.

use axum::response::Response;
use http::HeaderValue;
use http::header::HeaderName;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tallyport_app::{Actor, Listed, Page};
use tallyport_http::{Answer, Cursors, Refusal};
use utoipa::ToSchema;

use crate::list;

/// Where the next page of a list begins.
pub(crate) const NEXT: &str = "Next-Cursor";
const NEXT_CURSOR: HeaderName = HeaderName::from_static("next-cursor");

/// How many rows a page has where nothing is said.
const ROWS: u32 = 100;

/// What a list goes on by.
#[derive(Deserialize, ToSchema)]
#[schema(min_length = 22, pattern = "^[A-Za-z0-9_-]+$")]
pub(crate) struct Cursor(String);

/// Which page of a list; a list that hears more has these two among the rest.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Paging {
    /// How many at most; all of them where neither this nor a cursor is given.
    #[schema(minimum = 1)]
    limit: Option<u32>,
    /// Goes on where the page ended that came with this `Next-Cursor`.
    cursor: Option<Cursor>,
}

impl Paging {
    /// A page of the list of that name, which has no filter.
    pub(crate) fn of(self, actor: &Actor, list: &str) -> Listing {
        Listing::of(actor, list, &(), (self.limit, self.cursor))
    }
}

/// A list that is asked for.
pub(crate) struct Listing {
    cursors: Cursors,
    limit: Option<u32>,
    cursor: Option<Cursor>,
}

impl Listing {
    /// The list of that name with this filter, and which page of it.
    pub(crate) fn of(actor: &Actor, list: &str, filter: &impl Serialize, (limit, cursor): (Option<u32>, Option<Cursor>)) -> Self {
        let cursors = Cursors::of(actor.account(), actor.person().id, list, filter);
        let limit = limit.or(cursor.as_ref().map(|_| ROWS));
        Self { cursors, limit, cursor }
    }

    /// The same, which comes in pages whether or not they are asked for.
    pub(crate) fn never_whole(self) -> Self {
        Self { limit: self.limit.or(Some(ROWS)), ..self }
    }

    /// The page that is asked for.
    ///
    /// # Errors
    /// A page of no rows; `invalid_cursor`.
    pub(crate) fn page<K: DeserializeOwned>(&self) -> Answer<Page<K>> {
        if self.limit == Some(0) {
            return Err(Refusal::invalid("a limit is at least 1"));
        }
        let after = self.cursor.as_ref().map(|Cursor(cursor)| self.cursors.read(cursor)).transpose()?;
        Ok(Page { after, limit: self.limit })
    }

    /// The answer with the page that is cut out of a whole list, which is in the order of these keys.
    pub(crate) fn cut<T, K, W>(
        &self,
        rows: Vec<T>,
        key: impl Fn(&T) -> K,
        shown: impl FnMut(T) -> W + Send + 'static,
    ) -> Answer<Response>
    where
        T: Send + 'static,
        K: Ord + Serialize + DeserializeOwned,
        W: Serialize,
    {
        Ok(self.answer(self.page()?.cut(rows, key), shown))
    }

    /// The answer with a page, each row of which is written when its turn has come.
    pub(crate) fn answer<T, K, W>(&self, listed: Listed<T, K>, shown: impl FnMut(T) -> W + Send + 'static) -> Response
    where
        T: Send + 'static,
        K: Serialize,
        W: Serialize,
    {
        let next = listed.next.map(|key| self.cursors.after(&key)).and_then(|next| HeaderValue::try_from(next).ok());
        let mut response = list::array(listed.rows.into_iter().map(shown));
        response.headers_mut().extend(next.map(|next| (NEXT_CURSOR, next)));
        response
    }
}
