//! The same for programs.

use futures_util::StreamExt as _;
use serde::Serialize;
use tallyport_domain::time::Tracked;

use super::{Bytes, Error, Exported, Stream, convert, stream};

/// Entries as one array, page by page.
pub(crate) fn entries(
    pages: impl Stream<Item = Result<Vec<Exported>, Error>> + Send + 'static,
) -> impl Stream<Item = Result<Bytes, Error>> + Send + 'static {
    let mut begun = false;
    let rows = pages.map(move |page| {
        let mut out = Vec::new();
        for exported in page? {
            out.extend_from_slice(if begun { b",\n" } else { b"[" });
            begun = true;
            let now = match &exported.entry.row.tracked {
                Tracked::Ended(entry) => entry.span.end(),
                Tracked::Running(timer) => timer.start,
            };
            write(&mut out, &convert::exported(&exported, now.utc()));
        }
        Ok(Bytes::from(out))
    });
    // Whether there was any row is known once the last one has come.
    let all = rows.map(Some).chain(stream::iter([None]));
    all.scan((false, false), |(some, failed), piece| {
        let piece = match piece {
            Some(Ok(bytes)) => {
                *some |= !bytes.is_empty();
                Some(Ok(bytes))
            }
            Some(Err(error)) => {
                *failed = true;
                Some(Err(error))
            }
            None if *failed => None,
            None => Some(Ok(Bytes::from_static(if *some { b"]\n" } else { b"[]\n" }))),
        };
        futures_util::future::ready(piece)
    })
}

/// One document.
pub(crate) fn document(value: &impl Serialize) -> Bytes {
    let mut out = Vec::new();
    write(&mut out, value);
    out.push(b'\n');
    out.into()
}

fn write(out: &mut Vec<u8>, value: &impl Serialize) {
    serde_json::to_writer(out, value).expect("a Vec takes whatever is written, and wire types have texts for keys");
}
