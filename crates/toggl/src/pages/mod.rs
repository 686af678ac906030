//! Reads one list to its end and shows that nothing is missing (I20).

mod gathered;

use chrono::{DateTime, Utc};
use http::HeaderMap;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tallyport_domain::{ExternalId, ListProof, SourceError};

use crate::asker::{Asker, Trouble};
use crate::classify::Refusal;
use crate::endpoint::Endpoint;
use crate::resume::{self, Kept, Place, Stored};
use crate::wire::{Key, Page};

use gathered::{Gathered, Step};

/// No list has more pages; one that has does not end.
const MOST_PAGES: u32 = 1000;

/// Reads body and headers of the page of that number.
pub(crate) type Decode<'a, T> = dyn Fn(&[u8], &HeaderMap, u32) -> Result<Page<T>, String> + Send + Sync + 'a;

/// How many rows to ask for in a page.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PageSize {
    /// The most that the API is known to give.
    pub(crate) wanted: u64,
    /// What it gives where nothing is asked for; asked for where more is refused.
    pub(crate) usual: u64,
}

/// One list to read.
pub(crate) struct List<'a, T> {
    /// What it is called in the proof and in progress.
    pub(crate) name: &'static str,
    /// The same for one workspace or organization, in a word.
    pub(crate) id: String,
    /// What it is called in errors.
    pub(crate) title: String,
    pub(crate) workspace: Option<ExternalId>,
    /// Without page.
    pub(crate) endpoint: Endpoint,
    /// How many rows a page has; none where there are no pages.
    pub(crate) size: Option<PageSize>,
    /// Reads the body of a page.
    pub(crate) decode: Box<Decode<'a, T>>,
    /// What must not be taken for missing after one reading, if that cannot be proven complete.
    pub(crate) known: &'a [ExternalId],
    /// Whether the reader administers it: who does not sees another list.
    pub(crate) administered: bool,
    /// Pages kept from before then are too old; none is kept where nothing is set.
    pub(crate) not_before: Option<DateTime<Utc>>,
}

impl<T> List<'_, T> {
    fn asked(&self) -> String {
        format!("{} {}", self.endpoint.target(), if self.administered { "administrator" } else { "member" })
    }

    fn endpoint(&self, page: u32, size: u64) -> Endpoint {
        let mut endpoint = self.endpoint.clone();
        if self.size.is_some() {
            let separator = if endpoint.query.is_empty() { "" } else { "&" };
            endpoint.query = format!("{}{separator}per_page={size}", endpoint.query);
            endpoint.page = Some(page);
        }
        endpoint
    }
}

/// Reads a list, from pages that were kept where they are still good.
pub(crate) async fn read<T>(asker: &Asker<'_>, kept: &Kept, list: &List<'_, T>) -> Result<(Vec<T>, ListProof), Trouble>
where
    T: Serialize + DeserializeOwned + Send + Sync,
{
    asker.tracker().state.list = Some(list.name.to_owned());
    let stored = match list.not_before {
        Some(not_before) => kept.take(&list.id, &list.asked(), not_before, asker.now()),
        None => Vec::new(),
    };
    let resumed = !stored.is_empty();
    let first = match once(asker, kept, list, stored).await? {
        Some(gathered) => gathered,
        None => again(asker, kept, list).await?,
    };
    let lacks = |gathered: &Gathered<T>| list.known.iter().any(|known| !gathered.has(&Key::Id(known.0)));
    // Totals can agree although rows moved, once pages of two times are put together.
    let provable = first.pages() <= 1 || (first.total().is_some() && !(resumed && first.mixed()));
    let read_twice = !provable && lacks(&first);
    let whole = if read_twice { again(asker, kept, list).await?.and(first) } else { first };
    asker.tracker().expect(&list.id, 0);
    let proof = ListProof {
        list: list.name.to_owned(),
        workspace: list.workspace,
        pages: whole.pages(),
        rows: whole.count(),
        total: whole.total(),
        read_twice,
    };
    Ok((whole.into_items(), proof))
}

/// Reads a list from its start, once more if it changed meanwhile.
async fn again<T>(asker: &Asker<'_>, kept: &Kept, list: &List<'_, T>) -> Result<Gathered<T>, Trouble>
where
    T: Serialize + DeserializeOwned + Send + Sync,
{
    match once(asker, kept, list, Vec::new()).await? {
        Some(gathered) => Ok(gathered),
        None => Err(SourceError::Changed { list: list.title.clone() }.into()),
    }
}

/// Reads a list to its end; nothing where its pages do not fit together.
async fn once<T>(
    asker: &Asker<'_>,
    kept: &Kept,
    list: &List<'_, T>,
    stored: Vec<Stored<T>>,
) -> Result<Option<Gathered<T>>, Trouble>
where
    T: Serialize + DeserializeOwned + Send + Sync,
{
    let mut size = list.size.map_or(0, |size| size.wanted);
    let usual = list.size.map_or(0, |size| size.usual);
    let mut gathered = Gathered::new(size);
    let mut began = None;
    for Stored { page, began: then, part, .. } in stored {
        began = Some(then);
        let step = gathered.take(page);
        asker.parts.keep(part).await;
        count(asker, list, &gathered, step.as_ref().ok());
        match step {
            Ok(Step::More) => {}
            Ok(Step::Done) => return Ok(Some(gathered)),
            Ok(Step::Torn) | Err(_) => return Ok(None),
        }
    }
    gathered.fresh_from_here();
    for number in gathered.pages() + 1.. {
        let endpoint = list.endpoint(number, size);
        if number > MOST_PAGES {
            return Err(asker.nonsense(&endpoint, &format!("the list does not end after {MOST_PAGES} pages")).into());
        }
        let answer = match asker.get(&endpoint).await {
            Err(Trouble::Refused(Refusal { status: 400, .. })) if number == 1 && size > usual => {
                size = usual;
                gathered = Gathered::new(size);
                asker.get(&list.endpoint(1, size)).await?
            }
            answer => answer?,
        };
        let read_at = asker.now();
        let page = (list.decode)(&answer.body, &answer.headers, number).map_err(|why| asker.nonsense(&endpoint, &why))?;
        drop(answer);
        let (total, told_size) = (page.total, page.size);
        let step = match gathered.take(page) {
            Ok(step) => step,
            // Pages of two times are no nonsense, whatever they look like together.
            Err(_) if gathered.resumes() => return Ok(None),
            Err(why) => return Err(asker.nonsense(&endpoint, &why).into()),
        };
        count(asker, list, &gathered, Some(&step));
        let last = step == Step::Done;
        if step == Step::Torn {
            return Ok(None);
        }
        let began = *began.get_or_insert(read_at.timestamp_micros());
        let place = Place { list: &list.id, asked: &list.asked(), page: number, began, last };
        if list.not_before.is_some()
            && let Some(part) = resume::part(kept.key(), place, (gathered.newest(), total, told_size), read_at)
        {
            asker.parts.keep(part).await;
        }
        if last {
            break;
        }
    }
    Ok(Some(gathered))
}

/// Tells of the page that was taken last.
fn count<T>(asker: &Asker<'_>, list: &List<'_, T>, gathered: &Gathered<T>, step: Option<&Step>) {
    let mut tracker = asker.tracker();
    tracker.state.pages = tracker.state.pages.saturating_add(1);
    tracker.state.items = tracker.state.items.saturating_add(gathered.newest().len() as u64);
    tracker.expect(&list.id, if step == Some(&Step::More) { gathered.pages_ahead() } else { 0 });
    drop(tracker);
    asker.report();
}
