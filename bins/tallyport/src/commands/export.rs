//! `export`.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use futures_util::StreamExt as _;
use http_body_util::BodyExt as _;
use serde::Serialize;
use tallyport_api_types::Code;
use tallyport_client::{Body, ClientError, ExportFormat, ExportWhat};

use super::report::Time;
use crate::failure::{Failure, Stop};
use crate::out::Out;
use crate::render::text;
use crate::session::Session;

/// Write entries, or what they add up to, as CSV, XLSX or JSON
#[derive(Debug, Args)]
pub(crate) struct Export {
    /// As what kind of file; by the end of FILE, else csv
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Entry by entry, or what they add up to
    #[arg(long, value_enum, default_value_t = What::Entries)]
    what: What,
    /// With `--what report`: one or two of task, person, client, project, day, week, month, tag, billable
    #[arg(long, value_name = "WHAT[,WHAT]")]
    by: Option<String>,
    /// The file to write, whole or not at all; standard output where it is left out
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    time: Time,
}

// Its values have no texts of their own: one would spread the help over another screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Csv,
    Xlsx,
    Json,
}

impl From<Format> for ExportFormat {
    fn from(format: Format) -> Self {
        match format {
            Format::Csv => Self::Csv,
            Format::Xlsx => Self::Xlsx,
            Format::Json => Self::Json,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
    Entries,
    Report,
}

impl From<What> for ExportWhat {
    fn from(what: What) -> Self {
        match what {
            What::Entries => Self::Entries,
            What::Report => Self::Report,
        }
    }
}

/// What it prints where a file was written.
#[derive(Debug, Serialize)]
struct Written {
    file: String,
    bytes: u64,
}

impl Export {
    pub(crate) async fn run(self, session: &Session, out: &Out) -> Result<(), Stop> {
        let format = self.format(out)?;
        if self.by.is_some() && self.what == What::Entries {
            let failure = Failure::new(Code::InvalidRequest, "entries are not grouped");
            return Err(failure.hint("Ask for `--what report`, or leave --by out.").into());
        }
        let Self { what, by, output, time, .. } = self;
        let client = session.client();
        let meant = time.meant(client, by).await?;
        let body = client.reports().export(&meant, what.into(), format).raw().await?;
        let Some(file) = output else { return out.stream(body).await.map(drop) };
        let bytes = write(&file, body).await?;
        let written = Written { file: file.display().to_string(), bytes };
        if out.is_json() {
            return out.record(&written, |_, _| String::new());
        }
        out.note(&format!("Wrote {}, {bytes} bytes", text::harmless(&written.file)));
        Ok(())
    }

    /// As what kind of file: as it is said, else as the file is called.
    fn format(&self, out: &Out) -> Result<ExportFormat, Stop> {
        let end = self.output.as_deref().and_then(Path::extension).and_then(|end| end.to_str()).map(str::to_lowercase);
        let called = ExportFormat::ALL.into_iter().find(|format| end.as_deref() == Some(format.as_str()));
        let usual = if out.is_json() && self.output.is_none() { ExportFormat::Json } else { ExportFormat::Csv };
        let format = self.format.map(ExportFormat::from).or(called).unwrap_or(usual);
        if self.output.is_some() {
            return Ok(format);
        }
        if out.is_json() && format != ExportFormat::Json {
            let failure =
                Failure::new(Code::InvalidRequest, format!("with --json standard output is JSON and not {}", format.as_str()));
            return Err(failure.hint("Name a file with -o FILE, or leave --json out.").into());
        }
        if format == ExportFormat::Xlsx && out.is_shown() {
            let failure = Failure::new(Code::InvalidRequest, "a workbook is nothing that a terminal can show");
            return Err(failure.hint("Name a file with -o FILE.").into());
        }
        Ok(format)
    }
}

/// Writes a file in the place of one that may be there, once all of it has come.
async fn write(file: &Path, body: Body) -> Result<u64, Stop> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let unwritten = |error: &dyn std::error::Error| {
        Failure::new(Code::InvalidRequest, format!("{} cannot be written: {error}", text::harmless(&file.display().to_string())))
            .hint("Name a file in a folder that you may write to; nothing was left behind.")
    };
    let mut part =
        tempfile::Builder::new().prefix(".tallyport-").suffix(".part").tempfile_in(folder).map_err(|error| unwritten(&error))?;
    let (mut pieces, mut bytes) = (body.into_data_stream(), 0);
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|source| Stop::from(ClientError::from(source)))?;
        part.write_all(&piece).map_err(|error| unwritten(&error))?;
        bytes += piece.len() as u64;
    }
    part.as_file().sync_all().map_err(|error| unwritten(&error))?;
    part.persist(file).map_err(|error| unwritten(&error.error))?;
    Ok(bytes)
}
