//! Small worlds, and clients for the core and for the socket.

use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::Request;
use serde_json::Value;
use tallyport_simulator::{Answer, NewProject, Plan, Role, Server, Simulator, World};

/// What a test needs to know of the little world.
pub(crate) struct Little {
    pub(crate) simulator: Simulator,
    pub(crate) workspace: i64,
    pub(crate) organization: i64,
    pub(crate) client: i64,
    pub(crate) archived_client: i64,
    pub(crate) project: i64,
    pub(crate) private_project: i64,
    pub(crate) archived_project: i64,
    pub(crate) task: i64,
    pub(crate) done_task: i64,
    pub(crate) owner: i64,
    pub(crate) member: i64,
    pub(crate) token: String,
    pub(crate) member_token: String,
}

/// One workspace on Starter with a few of everything in it.
pub(crate) fn little() -> Little {
    let (mut world, workspace) = World::with_workspace(Plan::Starter, "Studio").unwrap();
    let owner = world.find_user("ana.novakova@nordlicht.example").unwrap();
    let member = world.add_user("Zoë Lefèvre", "Zoe.Lefevre@Nordlicht.example");
    world.add_member(workspace, member, Role::Member).unwrap();
    let client = world.add_client(workspace, "Müller & Söhne").unwrap();
    let archived_client = world.add_client(workspace, "Gone <b>").unwrap();
    world.archive_client(archived_client).unwrap();
    let project = world.add_project(workspace, NewProject::named("Website").under(client)).unwrap();
    let secret = world.add_client(workspace, "Secret client").unwrap();
    let private = NewProject::named("Tender").under(secret).private(&[]);
    let private_project = world.add_project(workspace, private).unwrap();
    let archived_project = world.add_project(workspace, NewProject::named("Attic").archived()).unwrap();
    let task = world.add_task(project, "Design").unwrap();
    let done_task = world.add_task(project, "Brief").unwrap();
    world.finish_task(done_task).unwrap();
    world.add_task(private_project, "Calculation").unwrap();
    world.add_tag(workspace, "urgent").unwrap();
    let token = world.owner_token().unwrap().to_owned();
    let member_token = world.issue_token(member).unwrap();
    let organization = world.workspace(workspace).unwrap().organization;
    let simulator = Simulator::new(world);
    Little {
        simulator,
        workspace,
        organization,
        client,
        archived_client,
        project,
        private_project,
        archived_project,
        task,
        done_task,
        owner,
        member,
        token,
        member_token,
    }
}

impl Little {
    /// Asks the core as the owner.
    pub(crate) fn get(&self, target: &str) -> Answer {
        get(&self.simulator, target, &self.token)
    }

    /// Asks for something below the workspace, as the owner.
    pub(crate) fn list(&self, target: &str) -> Value {
        json(&self.get(&format!("/workspaces/{}{target}", self.workspace)))
    }

    /// Asks for something below the workspace, as the plain member.
    pub(crate) fn member_list(&self, target: &str) -> Answer {
        get(&self.simulator, &format!("/workspaces/{}{target}", self.workspace), &self.member_token)
    }
}

pub(crate) fn basic(token: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{token}:api_token")))
}

pub(crate) fn ask(simulator: &Simulator, method: &str, target: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let start = Request::builder().method(method).uri(target);
    let builder = headers.iter().fold(start, |builder, (name, value)| builder.header(*name, *value));
    simulator.answer(&builder.body(Bytes::from(body.to_owned())).unwrap())
}

pub(crate) fn get(simulator: &Simulator, target: &str, token: &str) -> Answer {
    ask(simulator, "GET", &format!("/api/v9{target}"), &[("authorization", &basic(token))], "")
}

pub(crate) fn text(answer: &Answer) -> String {
    String::from_utf8(answer.body.to_bytes().to_vec()).unwrap()
}

/// The body of a good answer.
pub(crate) fn json(answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{}", text(answer));
    serde_json::from_slice(&answer.body.to_bytes()).unwrap()
}

/// The rows of a list, which is none when it is `null`.
pub(crate) fn rows(list: &Value) -> Vec<Value> {
    let rows = if list.is_object() { &list["data"] } else { list };
    rows.as_array().cloned().unwrap_or_default()
}

pub(crate) fn ids(list: &Value) -> Vec<i64> {
    rows(list).iter().map(|row| row["id"].as_i64().unwrap()).collect()
}

pub(crate) fn names(list: &Value) -> Vec<String> {
    rows(list).iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect()
}

pub(crate) fn keys(row: &Value) -> Vec<String> {
    row.as_object().unwrap().keys().cloned().collect()
}

/// What a client saw of a connection: the bytes, and how it ended.
pub(crate) struct Seen {
    pub(crate) bytes: Vec<u8>,
    pub(crate) error: Option<io::ErrorKind>,
}

impl Seen {
    pub(crate) fn head(&self) -> String {
        let end = self.bytes.windows(4).position(|window| window == b"\r\n\r\n").unwrap_or(self.bytes.len());
        String::from_utf8_lossy(&self.bytes[..end]).into_owned()
    }

    pub(crate) fn body(&self) -> &[u8] {
        let end = self.bytes.windows(4).position(|window| window == b"\r\n\r\n").map_or(self.bytes.len(), |at| at + 4);
        &self.bytes[end..]
    }

    pub(crate) fn declared_length(&self) -> Option<usize> {
        let head = self.head();
        let line = head.lines().find_map(|line| line.strip_prefix("Content-Length: "))?;
        line.parse().ok()
    }
}

/// Sends one GET on a connection of its own, and reads until the connection ends or is silent for `patience`.
pub(crate) fn raw(server: &Server, target: &str, token: &str, patience: Duration) -> Seen {
    let mut stream = TcpStream::connect(server.address()).unwrap();
    stream.set_read_timeout(Some(patience)).unwrap();
    let authorization = basic(token);
    let request =
        format!("GET /api/v9{target} HTTP/1.1\r\nHost: simulator\r\nAuthorization: {authorization}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut bytes = Vec::new();
    let error = stream.read_to_end(&mut bytes).err().map(|error| error.kind());
    Seen { bytes, error }
}
