//! The client against the list of the API's routes: what the one can ask for is what the other answers.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use tallyport_api_types::{
    Acceptance, ApiToken, AssignmentsChange, CellText, EntriesChange, EntriesChoice, EntryChange, Imported, Invite, LinkSecret,
    MeChange, NewEmail, NewEntry, NewPerson, NewTask, NewTimer, NewToken, OptionalApiToken, PasswordChange, PersonChange,
    PreviewRequest, Resend, Reset, ResetRequest, SelectionChange, SetUp, SettingsChange, SignIn, StartRun, TaskChange,
};
use tallyport_client::{Body, Client, ExportFormat, ExportWhat, SheetOf, TaskState, TimeMeant, Transport, TransportError};

/// The number that stands for every id.
const ID: i64 = 4711;

/// Remembers what it is asked, and answers nothing.
#[derive(Default)]
struct Asked(Mutex<BTreeSet<String>>);

#[async_trait]
impl Transport for Asked {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Body>, TransportError> {
        let path = request.uri().path().strip_prefix("/api/v1").unwrap();
        self.0.lock().unwrap().insert(format!("{} {path}", request.method()));
        Err(TransportError::unreachable("nobody is there"))
    }
}

fn text() -> String {
    "x".to_owned()
}

#[tokio::test]
async fn the_client_asks_for_every_route_of_the_api_and_for_no_other() {
    let asked = Arc::<Asked>::default();
    let client = Client::new(asked.clone());
    macro_rules! ask {
        ($($call:expr),* $(,)?) => { $(drop($call.await);)* };
    }

    let (setup, session, me, tokens) = (client.setup(), client.session(), client.me(), client.tokens());
    let (code, account, email, name, password) = (text(), text(), text(), text(), text());
    ask!(setup.state(), setup.set_up(&SetUp { code, account, email, name, password, timezone: None }));
    let sign_in = SignIn { email: text(), password: text(), account: None, token: None };
    ask!(session.sign_in(&sign_in), session.current(), session.sign_out());
    let passwords = PasswordChange { current: text(), new: text() };
    ask!(me.get(), me.change(&MeChange::default()), me.change_password(&passwords), me.sessions(), me.end_session(ID));
    ask!(me.change_email(&NewEmail { email: text() }), me.confirm_email(&LinkSecret { secret: text() }));
    let token = NewToken { name: text(), scope: text(), days: None };
    ask!(tokens.list(), tokens.create(&token), tokens.revoke(ID));
    let reset = client.password_reset();
    ask!(reset.request(&ResetRequest { email: text(), account: None }));
    ask!(reset.confirm(&Reset { secret: text(), password: text() }));

    let (people, invitations) = (client.people(), client.invitations());
    let person = NewPerson { email: text(), name: text(), role: None, password: None };
    ask!(
        people.list(),
        people.get(ID),
        people.add(&person),
        people.change(ID, &PersonChange::default()),
        people.access(ID, true)
    );
    ask!(people.deactivate(ID, true), people.reactivate(ID), people.reset_password(ID));
    ask!(invitations.list(), invitations.invite(&Invite { emails: vec![], role: None }), invitations.revoke(ID));
    ask!(invitations.resend(ID, &Resend::default()), invitations.look(&LinkSecret { secret: text() }));
    ask!(invitations.accept(&Acceptance { secret: text(), name: text(), password: text() }), invitations.troubled_mail());

    let (tasks, assignments) = (client.tasks(), client.assignments());
    ask!(tasks.list(TaskState::All), tasks.get(ID), tasks.why(ID), tasks.add(&NewTask { name: text(), parent_id: None }));
    ask!(tasks.change(ID, &TaskChange { name: None, parent: None }), tasks.archive(ID), tasks.restore(ID), tasks.delete(ID));
    ask!(assignments.list(ID), assignments.change(ID, &AssignmentsChange::default()));
    ask!(assignments.assign(ID, ID), assignments.unassign(ID, ID));

    let (toggl, runs) = (client.integration(), client.runs());
    let order = StartRun::default();
    ask!(toggl.status(), toggl.enable(&ApiToken { api_token: text(), run: order.clone() }), toggl.unlink(Imported::Keep));
    ask!(toggl.re_enable(&OptionalApiToken::default()), toggl.workspaces(), toggl.select(&SelectionChange::default()));
    ask!(toggl.preview(&PreviewRequest::default()), toggl.members(), toggl.set(&SettingsChange::default()));
    ask!(toggl.cancel(), toggl.adopt_assignments());
    ask!(runs.list(), runs.start(&order), runs.get(ID), runs.changes(ID), runs.events(ID), runs.confirm(ID, &order));
    ask!(runs.reject(ID), client.events(None));

    let (time, tags) = (client.time(), client.tags());
    ask!(time.running(), time.last(), time.start(&NewTimer::default()), time.stop(ID), time.add(&NewEntry::default()));
    ask!(time.entries(None, None, None), time.get(ID), time.change(ID, &EntryChange::default()), time.delete(ID));
    ask!(time.history(ID), time.change_all(&EntriesChange::default()), time.delete_all(&EntriesChoice::default()));
    ask!(time.undo(ID), time.sheet(&SheetOf::default()), time.fill(&CellText::default()));
    ask!(tags.list(), tags.rename(ID, "x"), tags.merge(ID, ID), tags.remove(ID));
    let (reports, meant) = (client.reports(), TimeMeant::default());
    ask!(reports.get(&meant), reports.export(&meant, ExportWhat::Entries, ExportFormat::Csv).raw());

    let routes = tallyport_api::routes().into_iter().map(|route| {
        let path = route.path.replace("{id}", &ID.to_string()).replace("{person_id}", &ID.to_string());
        format!("{} {path}", route.method)
    });
    let (routes, asked) = (routes.collect::<BTreeSet<_>>(), asked.0.lock().unwrap().clone());
    assert_eq!(asked.difference(&routes).collect::<Vec<_>>(), Vec::<&String>::new(), "no such routes");
    assert_eq!(routes.difference(&asked).collect::<Vec<_>>(), Vec::<&String>::new(), "the client has no method for them");
}
