//! A file as the body of an answer.

use std::fs::File;
use std::io;

use axum::body::Body;
use bytes::BytesMut;
use futures_util::stream;
use tokio::io::AsyncReadExt as _;

/// How much is read at once.
const PIECE: usize = 64 << 10;

/// What stands in a file from where it is on, piece by piece.
pub(crate) fn body(file: File) -> Body {
    let file = tokio::fs::File::from_std(file);
    let pieces = stream::try_unfold(file, |mut file| async move {
        let mut piece = BytesMut::with_capacity(PIECE);
        let many = file.read_buf(&mut piece).await?;
        Ok::<_, io::Error>((many > 0).then(|| (piece.freeze(), file)))
    });
    Body::from_stream(pieces)
}
