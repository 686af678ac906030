//! Whether a run failed for a reason, read what is there, and kept to what it may send.

use chrono::TimeDelta;
use tallyport_domain::{Outcome, Run, Snapshot};
use tallyport_simulator::EmptyList;

use super::allowance;
use super::faults::Leeway;
use super::history::History;
use super::runs::Excuses;
use super::source::told;
use super::state::State;
use super::truth::less_by_refusals;
use super::wire::{Asked, TIMEOUT};

/// Waits below this that are not for the allowance are the pace, and no patience is needed for them.
const PACE: TimeDelta = TimeDelta::seconds(10);

/// How long a run may be at work before it hears of itself.
const BEAT: TimeDelta = TimeDelta::seconds(5);

impl History {
    /// A run fails for a reason, and says which on one line without the token.
    pub(crate) fn judge_failure(&mut self, run: &Run, excuses: &Excuses) {
        let blind = self.switches.empty_lists == EmptyList::Null && self.with_truth(|truth| truth.visible().is_empty());
        let excused = blind || excuses.meant || self.strikes() != excuses.struck || self.time.jumps().0 != excuses.jumps.0;
        assert!(excused || matches!(run.outcome, Outcome::Succeeded | Outcome::Held), "nothing was wrong: {run:?}");
        let Some(error) = &run.error else { return };
        let token = self.simulator.owner_token().unwrap();
        assert!(
            !error.message.is_empty() && !error.message.contains(['\n', '\r']) && !error.message.contains(&token),
            "{error:?}"
        );
        assert!(tallyport_api_types::Code::ALL.iter().any(|code| code.as_str() == error.code), "{error:?}");
        self.census.count(format!("failed: {}", error.code), 1);
    }

    /// What was read is what is there.
    pub(crate) fn judge_reading(&mut self, read: &Snapshot, before: Option<&State>, excuses: &Excuses, same_world: bool) {
        let struck = self.strikes().0 > excuses.struck.0;
        if !same_world || (struck && excuses.leeway == Leeway::Anything) {
            return;
        }
        let Some((_, selection, _)) = before.and_then(|before| before.terms.clone()) else { return };
        let truth = self.with_truth(|truth| truth.snapshot(&selection));
        let read = told(read);
        if struck && excuses.leeway == Leeway::Refusals {
            assert!(less_by_refusals(&read, &truth), "read {read:#?}\nis {truth:#?}");
        } else {
            assert_eq!(read, truth, "what was read is not what is there");
        }
        self.census.count("readings compared with the world", 1);
    }

    /// 14
    pub(crate) fn judge_requests(&mut self, run: &Run, excuses: &Excuses, resumed: bool, before: Option<&State>) {
        if self.time.jumps().0 != excuses.jumps.0 {
            return;
        }
        let asked = self.asked.lock().unwrap()[excuses.asked..].to_vec();
        self.note(&format!("{asked:?}"));
        let jumped = self.time.jumps() != excuses.jumps;
        self.simulator.read(|world| allowance::kept(world, &asked, jumped));
        let took = run.ended_at.unwrap() - run.started_at;
        assert!(took < TimeDelta::days(3) || jumped, "it took {took}");
        self.census.count("waited for an hour", u64::from(took > TimeDelta::minutes(50)));
        if !jumped {
            self.judge_patience(took, &asked, excuses);
            self.judge_ending(run, &asked, excuses);
        }
        let clean = self.strikes() == excuses.struck && !excuses.meant && !resumed;
        if let Some((_, selection, _)) = before.and_then(|before| before.terms.as_ref()).filter(|_| clean) {
            // The other side's clock is this one, and its bucket does not leak while that is set back.
            let counts = !jumped && self.time.jumps().0 == 0;
            assert!(!counts || asked.iter().all(|request| request.status != Some(429)), "too fast: {asked:#?}");
            let let_through = asked.iter().filter(|request| !matches!(request.status, Some(402 | 429))).count();
            let most = self.with_truth(|truth| allowance::most(truth, selection));
            assert!(let_through <= most, "{let_through} requests, and {most} are enough: {asked:#?}");
            assert_eq!(run.requests as usize, asked.len());
        }
    }

    /// I19: it waits no longer than it may, the pace aside.
    fn judge_patience(&mut self, took: TimeDelta, asked: &[Asked], excuses: &Excuses) {
        let Some(patience) = excuses.patience else { return };
        let requests = TimeDelta::seconds(2) * i32::try_from(asked.len() + 1).unwrap();
        let refused = asked.iter().filter(|request| request.status.is_some_and(|status| status != 200)).count();
        let refused = PACE * i32::try_from(refused).unwrap();
        let struck = (TIMEOUT + PACE) * i32::try_from(self.strikes().0 - excuses.struck.0).unwrap();
        let most = patience + requests + refused + struck;
        assert!(took <= most, "it took {took} with patience for {patience}, which allows {most}: {asked:#?}");
        self.census.count("kept to its patience", 1);
    }

    /// I11: told to end, it ends at once; ended elsewhere, it finds out with the next beat.
    fn judge_ending(&mut self, run: &Run, asked: &[Asked], excuses: &Excuses) {
        if let Some(told) = *excuses.told_to_end.lock().unwrap() {
            let late = asked.len() - (told.asked - excuses.asked);
            assert!(late <= 1, "{late} requests after it was told to end: {asked:#?}");
            assert!(run.ended_at.unwrap() <= told.at, "it was told to end at {} and did not: {run:?}", told.at);
            self.census.count("told to end", 1);
        }
        if let Some(ended) = *excuses.ended_elsewhere.lock().unwrap() {
            let late = asked.iter().filter(|request| request.at > ended.at + BEAT).count();
            assert!(late <= 1, "{late} requests long after it was ended elsewhere: {asked:#?}");
        }
    }
}
