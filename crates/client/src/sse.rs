//! Server-sent events, as far as the API uses them.

use bytes::Bytes;

/// An event that arrived whole.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Event {
    /// Its name; empty where it has none.
    pub(crate) name: String,
    /// The id that stood in it or in one before it.
    pub(crate) id: Option<String>,
    /// What it says.
    pub(crate) data: Vec<u8>,
}

/// Takes the pieces of a stream of events and gives each event as soon as it is whole.
///
/// Retry times are passed over; line ends are LF or CR LF, as the API sends them.
#[derive(Default)]
pub(crate) struct Events {
    line: Vec<u8>,
    name: String,
    id: Option<String>,
    data: Option<Vec<u8>>,
}

impl Events {
    /// Takes a piece, which may end anywhere, and gives the events that end in it.
    pub(crate) fn take(&mut self, piece: &Bytes) -> Vec<Event> {
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

    fn end_line(&mut self) -> Option<Event> {
        let line = std::mem::take(&mut self.line);
        let line = line.strip_suffix(b"\r").unwrap_or(&line);
        if line.is_empty() {
            let name = std::mem::take(&mut self.name);
            return self.data.take().map(|data| Event { name, id: self.id.clone(), data });
        }
        let (field, value) = match line.iter().position(|byte| *byte == b':') {
            Some(colon) => (&line[..colon], &line[colon + 1..]),
            None => (line, &line[line.len()..]),
        };
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match field {
            b"event" => self.name = String::from_utf8_lossy(value).into_owned(),
            b"id" => self.id = Some(String::from_utf8_lossy(value).into_owned()),
            b"data" => match &mut self.data {
                Some(data) => {
                    data.push(b'\n');
                    data.extend_from_slice(value);
                }
                None => self.data = Some(value.to_vec()),
            },
            _ => {}
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
        whole.into_iter().map(|event| String::from_utf8(event.data).unwrap()).collect()
    }

    #[test]
    fn an_event_has_its_name_and_the_last_id() {
        let mut events = Events::default();
        let text = "id: 7\nevent: change\ndata: 1\n\nevent\ndata\n\n";
        let whole = events.take(&Bytes::from_static(text.as_bytes()));
        let event = |name: &str, data: &[u8]| Event { name: name.to_owned(), id: Some("7".to_owned()), data: data.to_vec() };
        assert_eq!(whole, [event("change", b"1"), event("", b"")]);
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
