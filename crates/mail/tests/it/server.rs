//! A mail server that does its work, but for one step.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// When something happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum At {
    Greeting,
    Hello,
    SignIn,
    Sender,
    Recipient,
    Data,
    /// When some of the text has arrived.
    Text,
    /// When all of it has.
    End,
    Farewell,
    Never,
}

/// What happens then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Do {
    /// Says this in place of what it should.
    Say(&'static str),
    /// Says nothing more, and reads nothing more.
    Stall,
    /// Hangs up.
    Drop,
}

/// A mail server on a free port.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    /// How often it did what it should not.
    pub(crate) faults: Arc<AtomicU32>,
    /// The texts that it took.
    pub(crate) taken: Arc<Mutex<Vec<String>>>,
    /// The first words of what was said to it.
    pub(crate) heard: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub(crate) async fn start(at: At, what: Do) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            address: listener.local_addr().unwrap(),
            faults: Arc::default(),
            taken: Arc::default(),
            heard: Arc::default(),
        };
        let (faults, taken, heard) = (server.faults.clone(), server.taken.clone(), server.heard.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let talk = Talk { at, what, faults: faults.clone(), taken: taken.clone(), heard: heard.clone() };
                tokio::spawn(talk.hold(stream));
            }
        });
        server
    }

    pub(crate) fn faults(&self) -> u32 {
        self.faults.load(Ordering::SeqCst)
    }
}

struct Talk {
    at: At,
    what: Do,
    faults: Arc<AtomicU32>,
    taken: Arc<Mutex<Vec<String>>>,
    heard: Arc<Mutex<Vec<String>>>,
}

/// Nothing more is to be said.
struct Over;

impl Talk {
    async fn hold(self, stream: TcpStream) {
        let mut stream = BufReader::new(stream);
        let _over = self.talk(&mut stream).await;
    }

    async fn talk(&self, stream: &mut BufReader<TcpStream>) -> Result<(), Over> {
        self.answer(stream, At::Greeting, "220 mail.example ESMTP").await?;
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await.map_err(|_| Over)? == 0 {
                return Err(Over);
            }
            let verb = line.split([' ', ':', '\r']).next().unwrap_or_default().to_ascii_uppercase();
            self.heard.lock().unwrap().push(verb.clone());
            match verb.as_str() {
                "EHLO" => self.answer(stream, At::Hello, "250-mail.example\r\n250 AUTH PLAIN LOGIN").await?,
                "AUTH" => self.answer(stream, At::SignIn, "235 welcome").await?,
                "MAIL" => self.answer(stream, At::Sender, "250 ok").await?,
                "RCPT" => self.answer(stream, At::Recipient, "250 ok").await?,
                "DATA" => {
                    self.answer(stream, At::Data, "354 go on").await?;
                    self.text(stream).await?;
                }
                "QUIT" => {
                    self.answer(stream, At::Farewell, "221 bye").await?;
                    return Ok(());
                }
                _ => self.say(stream, "502 what?").await?,
            }
        }
    }

    async fn text(&self, stream: &mut BufReader<TcpStream>) -> Result<(), Over> {
        let mut text = vec![0; 64];
        stream.read_exact(&mut text).await.map_err(|_| Over)?;
        if self.at == At::Text {
            self.answer(stream, At::Text, "").await?;
        }
        while !text.ends_with(b"\r\n.\r\n") {
            if stream.read_until(b'\n', &mut text).await.map_err(|_| Over)? == 0 {
                return Err(Over);
            }
        }
        self.answer(stream, At::End, "250 taken").await?;
        self.taken.lock().unwrap().push(String::from_utf8(text).unwrap());
        Ok(())
    }

    async fn answer(&self, stream: &mut BufReader<TcpStream>, at: At, usual: &str) -> Result<(), Over> {
        if at != self.at {
            return self.say(stream, usual).await;
        }
        self.faults.fetch_add(1, Ordering::SeqCst);
        match self.what {
            Do::Say(words) => self.say(stream, words).await,
            Do::Stall => std::future::pending().await,
            Do::Drop => Err(Over),
        }
    }

    async fn say(&self, stream: &mut BufReader<TcpStream>, words: &str) -> Result<(), Over> {
        stream.write_all(format!("{words}\r\n").as_bytes()).await.map_err(|_| Over)
    }
}
