//! Toggl answers nonsense, of every kind, at every request of a sync, and in pairs: the tree stays, or just the workspace that
//! Toggl refuses to show does, and the text says what was asked when.

mod bench;
mod kinds;
mod lists;
mod memory;
mod sockets;

use std::panic::{AssertUnwindSafe, catch_unwind};

use chrono::TimeDelta;
use tallyport_api_types::Code;
use tallyport_domain::plan::Warning;
use tallyport_domain::{Content, ExternalId, Identity, Outcome};
use tallyport_simulator::{Fault, How};

use crate::support::tell;
use crate::swarm::chance::Chance;
use crate::swarm::source::told;
use crate::swarm::state::State;
use crate::swarm::truth::less_by_refusals;
use crate::swarm::words;

use bench::{Bench, Came, below, switches};
use kinds::{End, List, Place, at};

fn inside<T>(test: impl FnOnce() -> T) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
    let _inside = runtime.enter();
    test()
}

/// A fault at just this request, as often as it is sent.
fn strike(place: &Place, how: &How) -> Fault {
    Fault::on(format!("GET {}$", place.target), how.clone())
}

/// A run that failed says why on one line, and names what was asked at one of these places or the list that it was part of.
fn readable(came: &Came, places: &[Place], expected: Option<Code>) {
    let error = came.run.error.as_ref().unwrap();
    let code = Code::parse(&error.code);
    assert_ne!(code, Code::Unknown, "{error:?}");
    assert!(expected.is_none_or(|expected| expected == code), "{error:?}");
    assert!((10..500).contains(&error.message.len()) && !error.message.chars().any(char::is_control), "{error:?}");
    let named = match code {
        // What is wrong with a token or an allowance is nothing about one list.
        Code::TokenRejected | Code::QuotaSpent => true,
        Code::TogglChanged => error.message.contains("the list of") || error.message.contains("the members of"),
        _ => places.iter().any(|place| error.message.contains(place.path())),
    };
    assert!(named, "{error:?} names none of {places:?}");
}

/// One workspace is as it was, and all else is as it is there.
fn left_out(came: &Came, place: &Place) {
    assert_eq!(came.run.outcome, Outcome::Succeeded, "{:?}", came.run);
    let refused = Identity::Workspace(ExternalId(place.workspace.unwrap()));
    assert_eq!(below(&came.before, refused), below(&came.after, refused), "a workspace that was not read changed");
    for task in &came.after.current.tasks {
        if let Some(other @ Identity::Workspace(_)) = task.origin.imported().filter(|other| *other != refused) {
            assert_ne!(below(&came.before, other), below(&came.after, other), "the others go on");
        }
    }
    let told = |warning: &Warning| matches!(warning, Warning::WorkspaceRefused { detail, .. } if detail.contains(place.path()));
    assert!(came.run.warnings.iter().any(told), "{:?}", came.run.warnings);
}

fn expect(bench: &Bench, came: &Came, place: &Place, end: End) {
    match end {
        End::Fails(code) => {
            assert_eq!(came.run.outcome, Outcome::Failed, "{:?}", came.run);
            readable(came, std::slice::from_ref(place), Some(code));
            // It is remembered until another token is stored.
            let rejected = |state: &State| state.link.as_ref().unwrap().token_rejected;
            assert_eq!(rejected(&came.after), rejected(&came.before) || code == Code::TokenRejected, "I17");
        }
        End::LeavesOut => left_out(came, place),
        End::AsEver => {
            assert_eq!(came.run.outcome, Outcome::Succeeded, "{:?}", came.run);
            let truth = bench.truth(|truth| truth.snapshot(&tallyport_domain::Selection::All));
            assert_eq!(told(came.read.as_ref().unwrap()), truth);
        }
        End::OddNames => {
            assert_eq!(came.run.outcome, Outcome::Succeeded, "{:?}", came.run);
            let odd = came.after.current.tasks.iter().filter(|task| task.name.as_str().starts_with('\u{fffd}')).count();
            assert_eq!(odd, usize::from(place.list != List::Members), "one name has a character in place of what cannot be");
        }
        End::Empty => {
            assert_eq!(came.run.outcome, Outcome::Succeeded, "{:?}", came.run);
            let read = came.read.as_ref().unwrap();
            let space = read.workspaces.iter().find(|space| Some(space.workspace.id.0) == place.workspace).unwrap();
            let Content::Read(content) = &space.content else { panic!("{space:?}") };
            match place.list {
                List::Clients => assert!(content.clients.is_empty()),
                List::Projects => assert!(content.projects.is_empty()),
                List::Tasks => assert!(content.tasks.as_ref().is_none_or(Vec::is_empty)),
                List::Workspaces | List::Members => panic!("these are never empty"),
            }
        }
    }
    assert!(came.took < TimeDelta::hours(6), "it took {}", came.took);
}

#[test] // I8, I10, I12, I14, I17, I18, I20
fn every_kind_of_nonsense_at_every_request_leaves_the_tree_or_one_workspace_as_it_was() {
    inside(|| {
        let mut bench = Bench::new(switches());
        let places: Vec<Place> = bench.targets().iter().map(|target| Place::of(target)).collect();
        assert_eq!(places.len(), 13, "{places:#?}");
        let mut wrong = Vec::new();
        let mut cases = 0;
        for place in &places {
            for kind in at(place) {
                cases += 1;
                let injected = bench.injected();
                let case = catch_unwind(AssertUnwindSafe(|| {
                    let came = bench.sync(vec![strike(place, &kind.how)]);
                    assert!(bench.injected() > injected, "it did not strike");
                    expect(&bench, &came, place, (kind.end)(place));
                }));
                if let Err(panic) = case {
                    let words: String = words(panic.as_ref()).chars().take(700).collect();
                    wrong.push(format!("kind {} at request {}: {:?}\n{words}", kind.number, place.target, kind.how));
                }
                // Whatever was left out or came in odd is back in step before the next.
                bench.sync(Vec::new());
            }
        }
        tell(&format!("M3: {cases} kinds at requests, {} faults injected", bench.injected()));
        assert!(wrong.is_empty(), "{} of {cases}:\n{}", wrong.len(), wrong[..wrong.len().min(8)].join("\n"));
        assert_eq!(bench.simulator.requests_that_write(), 0); // I18
    });
}

#[test] // I8, I10
fn pairs_of_nonsense_do_no_more_harm_than_one() {
    inside(|| {
        let mut bench = Bench::new(switches());
        let places: Vec<Place> = bench.targets().iter().map(|target| Place::of(target)).collect();
        let mut chance = Chance::new(20_261_126);
        let mut failed = 0;
        for pair in 0..500 {
            let (mut faults, mut struck, mut odd) = (Vec::new(), Vec::new(), false);
            for _ in 0..2 {
                let place = chance.pick(&places).unwrap().clone();
                let mut kinds = at(&place);
                let kind = kinds.swap_remove(chance.below(kinds.len()));
                odd |= matches!((kind.end)(&place), End::OddNames | End::Empty);
                let fault = strike(&place, &kind.how);
                // Half of them are gone when asked again, so that the second has its turn.
                faults.push(if chance.percent(50) { fault.first(1) } else { fault });
                struck.push(place);
            }
            let words = format!("{faults:?}");
            let came = bench.sync(faults);
            match came.run.outcome {
                Outcome::Failed => {
                    failed += 1;
                    readable(&came, &struck, None);
                    assert_eq!(came.before.lasting(), came.after.lasting(), "pair {pair}: {words}");
                }
                Outcome::Succeeded if !odd => {
                    let truth = bench.truth(|truth| truth.snapshot(&tallyport_domain::Selection::All));
                    let read = told(came.read.as_ref().unwrap());
                    assert!(less_by_refusals(&read, &truth), "pair {pair}: {words}\nread {read:#?}");
                }
                Outcome::Succeeded | Outcome::Held => {}
                other => panic!("pair {pair}: {words}: {other:?}"),
            }
            assert!(came.took < TimeDelta::hours(12), "pair {pair}: {words}: it took {}", came.took);
            bench.sync(Vec::new());
        }
        tell(&format!("M3: 500 pairs, {} faults injected, {failed} failed", bench.injected()));
        assert!(bench.injected() >= 500 && failed > 200, "{failed}");
    });
}
