//! JSON arrays that are written as they are sent, so that a tree of a hundred thousand tasks is never in memory twice.

use std::convert::Infallible;

use axum::body::{Body, Bytes};
use axum::response::{IntoResponse as _, Response};
use futures_util::{Stream, stream};
use http::{HeaderValue, header};
use serde::Serialize;

/// About how much is sent at once.
const PIECE: usize = 32 * 1024;

/// An array of `rows`, each written when its turn has come.
pub(crate) fn array<T, I>(rows: I) -> Response
where
    T: Serialize,
    I: IntoIterator<Item = T>,
    I::IntoIter: Send + 'static,
{
    json(stream::iter(Pieces { rows: rows.into_iter(), begun: false, done: false }.map(Ok::<_, Infallible>)))
}

/// A body of JSON that arrives in pieces.
pub(crate) fn json<E>(pieces: impl Stream<Item = Result<Bytes, E>> + Send + 'static) -> Response
where
    E: Into<axum::BoxError> + 'static,
{
    let mut response = Body::from_stream(pieces).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

struct Pieces<I> {
    rows: I,
    begun: bool,
    done: bool,
}

impl<T: Serialize, I: Iterator<Item = T>> Iterator for Pieces<I> {
    type Item = Bytes;

    fn next(&mut self) -> Option<Bytes> {
        if self.done {
            return None;
        }
        let mut piece = Vec::with_capacity(PIECE + 1024);
        if !self.begun {
            piece.push(b'[');
        }
        while piece.len() < PIECE {
            let Some(row) = self.rows.next() else {
                piece.push(b']');
                self.done = true;
                break;
            };
            if self.begun {
                piece.push(b',');
            }
            self.begun = true;
            write(&mut piece, &row);
        }
        Some(piece.into())
    }
}

/// Writes one row of a list.
pub(crate) fn write(into: &mut Vec<u8>, row: &impl Serialize) {
    serde_json::to_writer(into, row).expect("wire types have string keys and are written to memory, which cannot fail");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(rows: Vec<String>) -> (usize, Vec<String>) {
        let pieces: Vec<Bytes> = Pieces { rows: rows.into_iter(), begun: false, done: false }.collect();
        (pieces.len(), serde_json::from_slice(&pieces.concat()).unwrap())
    }

    #[test]
    fn an_array_is_whole_however_many_pieces_it_has() {
        for count in [0, 1, 2, 10, 5000] {
            let rows: Vec<String> = (0..count).map(|n| format!("row {n}, of some length")).collect();
            let (pieces, read) = whole(rows.clone());
            assert_eq!(read, rows);
            assert_eq!(pieces > 1, count == 5000);
        }
    }

    #[test]
    fn a_row_longer_than_a_piece_does_not_break_it() {
        let rows = vec!["x".repeat(PIECE * 2), String::new(), "y".repeat(PIECE)];
        assert_eq!(whole(rows.clone()).1, rows);
    }
}
