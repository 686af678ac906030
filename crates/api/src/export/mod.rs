//! Files for other programs: tables as CSV and XLSX, and the same as JSON (E8).
//!
//! What is exported is written piece by piece as it is read, so that it takes the same little memory however much it is. CSV and
//! JSON leave as they come to be; a workbook can only be sent once it is whole, so it comes to be in a temporary file, on a thread
//! of its own.

mod cell;
mod csv;
mod entries;
mod file;
mod json;
mod report;
mod xlsx;

use axum::body::Body;
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, stream};
use http::header;
use tallyport_api_types::ExportFormat;
use tallyport_app::{Error, Export, Exported, Report};
use tallyport_domain::time::DayRange;
use tallyport_http::Answer;

use crate::convert;
use cell::Cell;

/// Entries, as they are read.
pub(crate) async fn entries(mut export: Export, format: ExportFormat) -> Answer<Response> {
    let days = export.days();
    // What keeps the first page from being read is told as any error is; after it, all that can be done is to break off.
    let first = export.next().await?;
    let pages = stream::unfold((first, export), |(page, mut export)| async move {
        let next = match export.next().await {
            Ok(next) => next,
            Err(error) => return Some((Err(error), (None, export))),
        };
        page.map(|page| (Ok(page), (next, export)))
    });
    let body = match format {
        ExportFormat::Csv => Body::from_stream(csv::entries(pages)),
        ExportFormat::Json => Body::from_stream(json::entries(pages)),
        ExportFormat::Xlsx => {
            let rows = pages.map(|page| Ok(page?.iter().map(entries::row).collect()));
            xlsx::render("Entries", entries::TITLES.map(str::to_owned).to_vec(), rows).await?
        }
    };
    Ok(attached(body, "entries", days, format))
}

/// A report.
pub(crate) async fn report(report: &Report, format: ExportFormat) -> Answer<Response> {
    let (titles, rows) = (report::titles(report), report::rows(report));
    let body = match format {
        ExportFormat::Csv => Body::from(csv::table(&titles, &rows)),
        ExportFormat::Json => Body::from(json::document(&convert::report(report))),
        ExportFormat::Xlsx => xlsx::render("Report", titles, stream::iter([Ok(rows)])).await?,
    };
    Ok(attached(body, "report", report.days, format))
}

/// An answer that browsers keep as a file of a name that tells what it is.
fn attached(body: Body, what: &str, days: DayRange, format: ExportFormat) -> Response {
    let name = format!("tallyport-{what}-{}-{}.{}", days.from(), days.to(), format.as_str());
    let headers = [
        (header::CONTENT_TYPE, format.media_type().to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    (headers, body).into_response()
}
