//! The orders that stand: which of them a request strikes.

use super::{Fault, How};

/// A fault and how many requests it has matched.
#[derive(Debug, Clone)]
struct Armed {
    fault: Fault,
    calls: u64,
}

/// The orders that stand, and how often any of them struck.
#[derive(Debug, Clone, Default)]
pub(crate) struct Faults {
    armed: Vec<Armed>,
    pub(crate) injected: u64,
}

impl Faults {
    pub(crate) fn arm(&mut self, fault: Fault) {
        self.armed.push(Armed { fault, calls: 0 });
    }

    pub(crate) fn clear(&mut self) {
        self.armed.clear();
    }

    /// Counts a request, and says what strikes it: at most one fault besides any number of changes.
    pub(crate) fn strike(&mut self, request: &str) -> Vec<How> {
        let mut struck: Vec<How> = Vec::new();
        for armed in &mut self.armed {
            if !matches(&armed.fault.on, request) {
                continue;
            }
            armed.calls += 1;
            let change = matches!(armed.fault.how, How::Change(_));
            let taken = struck.iter().any(|how| !matches!(how, How::Change(_)));
            if armed.fault.when.strikes(armed.calls) && (change || !taken) {
                self.injected += 1;
                struck.push(armed.fault.how.clone());
            }
        }
        struck
    }
}

/// Whether the pieces between the pattern's stars occur in the text one after another.
fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, mut rest) = match pattern.strip_suffix('$') {
        Some(anchored) => {
            let (before, last) = anchored.rsplit_once('*').unwrap_or(("", anchored));
            match text.strip_suffix(last) {
                Some(rest) => (before, rest),
                None => return false,
            }
        }
        None => (pattern, text),
    };
    pattern.split('*').all(|piece| match rest.find(piece) {
        Some(at) => {
            rest = &rest[at + piece.len()..];
            true
        }
        None => false,
    })
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_pattern_is_found_anywhere_and_its_stars_stand_for_anything() {
        assert!(matches("/projects", "GET /workspaces/1/projects?page=2"));
        assert!(matches("GET *s/1/*page=2", "GET /workspaces/1/projects?page=2"));
        assert!(!matches("page=2*projects", "GET /workspaces/1/projects?page=2"));
        assert!(matches("", "GET /me"));
    }

    #[test]
    fn a_dollar_at_the_end_stands_for_the_end() {
        assert!(matches("/me$", "GET /me"));
        assert!(!matches("/me$", "GET /me/workspaces"));
        assert!(matches("/workspaces/*/projects*page=2$", "GET /workspaces/1/projects?per_page=9&page=2"));
        assert!(!matches("/workspaces/*page=2$", "GET /workspaces/1/projects?page=21"));
        assert!(!matches("/clients*page=2$", "GET /workspaces/1/projects?page=2"));
    }
}
