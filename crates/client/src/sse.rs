//! Server-sent events, as far as the API uses them.

use bytes::Bytes;

/// Takes the pieces of a stream of events and gives the data of each event as soon as it is whole.
///
/// Names, ids and retry times of events are passed over; line ends are LF or CR LF, as the API sends them.
#[derive(Default)]
pub(crate) struct Events {
    line: Vec<u8>,
    data: Option<Vec<u8>>,
}

impl Events {
    /// Takes a piece, which may end anywhere, and gives the events that end in it.
    pub(crate) fn take(&mut self, piece: &Bytes) -> Vec<Vec<u8>> {
        let mut whole = Vec::new();
        for byte in piece {
            if *byte == b'\n' {
                whole.extend(self.end_line());
            } else {
                self.line.push(*byte);
            }
        }
        whole
    }

    fn end_line(&mut self) -> Option<Vec<u8>> {
        let line = std::mem::take(&mut self.line);
        let line = line.strip_suffix(b"\r").unwrap_or(&line);
        if line.is_empty() {
            return self.data.take();
        }
        if let Some(value) = line.strip_prefix(b"data:") {
            let value = value.strip_prefix(b" ").unwrap_or(value);
            match &mut self.data {
                Some(data) => {
                    data.push(b'\n');
                    data.extend_from_slice(value);
                }
                None => self.data = Some(value.to_vec()),
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(pieces: &[&'static str]) -> Vec<String> {
        let mut events = Events::default();
        let whole = pieces.iter().flat_map(|piece| events.take(&Bytes::from_static(piece.as_bytes()))).collect::<Vec<_>>();
        whole.into_iter().map(|data| String::from_utf8(data).unwrap()).collect()
    }

    #[test]
    fn an_event_may_arrive_in_any_pieces() {
        let text = "event: progress\ndata: {\"ü\":1}\nid: 7\n\n: still here\n\ndata:a\r\ndata: b\r\n\r\n";
        assert_eq!(data(&[text]), ["{\"ü\":1}", "a\nb"]);
        for cut in (0..text.len()).filter(|cut| text.is_char_boundary(*cut)) {
            assert_eq!(data(&[&text[..cut], &text[cut..]]), ["{\"ü\":1}", "a\nb"], "cut at {cut}");
        }
    }

    #[test]
    fn an_event_that_breaks_off_is_none() {
        assert_eq!(data(&["data: 1\n"]), Vec::<String>::new());
    }
}
