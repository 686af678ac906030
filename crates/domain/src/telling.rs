//! What administrators are told of scheduled runs (I14).

use crate::{MailKind, Outcome, RunId};

/// How an account's last scheduled runs ended, and what was told of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScheduledRuns {
    /// The last one.
    pub last: Option<(RunId, Outcome)>,
    /// How the one before it ended.
    pub before: Option<Outcome>,
    /// The last one of which administrators were told.
    pub told: Option<RunId>,
    /// Whether that one failed, and every one since.
    pub failing_since_told: bool,
}

impl ScheduledRuns {
    /// The run of which administrators are to be told now, and by which kind of mail: one that is held, or the second that
    /// failed in a row; a row of failures is told of once (I14).
    #[must_use]
    pub fn to_tell(self) -> Option<(RunId, MailKind)> {
        let (run, outcome) = self.last?;
        if self.told == Some(run) {
            return None;
        }
        match outcome {
            Outcome::Held => Some((run, MailKind::Held)),
            Outcome::Failed if self.before == Some(Outcome::Failed) && !self.failing_since_told => Some((run, MailKind::Failing)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is told after each of these runs, the first one numbered 1.
    fn told(outcomes: &[Outcome]) -> Vec<(i64, MailKind)> {
        let (mut told, mut all) = (None, Vec::new());
        for end in 1..=outcomes.len() {
            let runs = &outcomes[..end];
            let at = |back: usize| runs.len().checked_sub(back).map(|place| runs[place]);
            let number = i64::try_from(end).unwrap();
            let since = told.is_some_and(|RunId(run)| {
                runs[usize::try_from(run - 1).unwrap()..].iter().all(|outcome| *outcome == Outcome::Failed)
            });
            let last = at(1).map(|outcome| (RunId(number), outcome));
            let runs = ScheduledRuns { last, before: at(2), told, failing_since_told: since };
            if let Some((run, kind)) = runs.to_tell() {
                told = Some(run);
                all.push((run.0, kind));
                let again = ScheduledRuns { told, failing_since_told: outcomes[end - 1] == Outcome::Failed, ..runs };
                assert_eq!(again.to_tell(), None, "run {run} is told of once");
            }
        }
        all
    }

    use MailKind::{Failing, Held as IsHeld};
    use Outcome::{Cancelled, Failed, Held, Rejected, Running, Succeeded, Superseded};

    #[test] // I14
    fn a_held_run_is_told_of_once_and_each_one_anew() {
        assert_eq!(told(&[Succeeded, Held]), [(2, IsHeld)]);
        assert_eq!(told(&[Held, Held]), [(1, IsHeld), (2, IsHeld)]);
        assert_eq!(told(&[Failed, Held, Failed]), [(2, IsHeld)]);
    }

    #[test] // I14
    fn the_second_failure_in_a_row_is_told_of_and_no_other_of_that_row() {
        assert_eq!(told(&[Failed]), []);
        assert_eq!(told(&[Failed, Failed]), [(2, Failing)]);
        assert_eq!(told(&[Failed; 9]), [(2, Failing)]);
        assert_eq!(told(&[Failed, Failed, Failed, Succeeded, Failed, Failed]), [(2, Failing), (6, Failing)]);
        assert_eq!(told(&[Held, Failed, Failed, Failed]), [(1, IsHeld), (3, Failing)]);
    }

    #[test] // I14
    fn what_ended_otherwise_breaks_a_row_and_is_not_told_of() {
        for other in [Succeeded, Cancelled, Rejected, Superseded, Running] {
            assert_eq!(told(&[other]), []);
            assert_eq!(told(&[Failed, other, Failed]), [], "{other:?}");
        }
        assert_eq!(told(&[]), []);
    }

    #[test] // I14
    fn a_row_of_failures_of_which_nobody_was_told_in_time_is_told_of_later() {
        let late = ScheduledRuns {
            last: Some((RunId(9), Failed)),
            before: Some(Failed),
            told: Some(RunId(3)),
            failing_since_told: false,
        };
        assert_eq!(late.to_tell(), Some((RunId(9), Failing)));
    }
}
