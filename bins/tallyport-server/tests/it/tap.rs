//! A tap between clients and a server, which keeps every byte that the server says.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread::spawn;

/// Passes connections on to a server, for as long as there are any.
pub(crate) struct Tap {
    pub(crate) address: SocketAddr,
    kept: Kept,
}

/// What was said over each connection.
type Kept = Arc<Mutex<Vec<Said>>>;

/// What a server said over one connection: head, body and events as they are.
#[derive(Debug, Clone)]
pub(crate) struct Said {
    /// Method and path, without a secret in it.
    pub(crate) asked: String,
    pub(crate) answer: Vec<u8>,
}

impl Tap {
    pub(crate) fn before(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (address, kept) = (listener.local_addr().unwrap(), Kept::default());
        let keeping = kept.clone();
        spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let kept = keeping.clone();
                spawn(move || pass(client, server, &kept));
            }
        });
        Self { address, kept }
    }

    /// Everything that was said until now.
    pub(crate) fn said(&self) -> Vec<Said> {
        self.kept.lock().unwrap().clone()
    }
}

fn pass(client: TcpStream, server: SocketAddr, kept: &Kept) {
    let Ok(mut upstream) = TcpStream::connect(server) else { return };
    let (mut from_client, mut to_client) = (client.try_clone().unwrap(), client);
    let mut piece = vec![0; 1 << 16];
    let Ok(length) = from_client.read(&mut piece) else { return };
    let asked = asked(&piece[..length]);
    let number = {
        let mut kept = kept.lock().unwrap();
        kept.push(Said { asked, answer: Vec::new() });
        kept.len() - 1
    };
    // Whoever hangs up is not waited for.
    let mut answers = upstream.try_clone().unwrap();
    spawn(move || {
        let _hung_up = upstream.write_all(&piece[..length]).and_then(|()| std::io::copy(&mut from_client, &mut upstream));
        let _hung_up = upstream.shutdown(Shutdown::Write);
    });
    let mut piece = vec![0; 1 << 16];
    while let Ok(length @ 1..) = answers.read(&mut piece) {
        kept.lock().unwrap()[number].answer.extend_from_slice(&piece[..length]);
        if to_client.write_all(&piece[..length]).is_err() {
            break;
        }
    }
    let _hung_up = to_client.shutdown(Shutdown::Both);
}

/// The first two words of a request, up to a secret of ours.
fn asked(head: &[u8]) -> String {
    let line: Vec<u8> = head.iter().copied().take_while(|byte| *byte != b'\r').collect();
    let words: Vec<String> = String::from_utf8_lossy(&line).split(' ').take(2).map(str::to_owned).collect();
    let text = words.join(" ");
    text.split("tp").next().unwrap_or_default().to_owned()
}
