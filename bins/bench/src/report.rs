//! The table that is printed.

use crate::series::Series;

/// A number that should not be above another.
pub(crate) struct Line {
    pub(crate) what: String,
    pub(crate) found: String,
    /// What it should be at most, in words; nothing where it is only told.
    pub(crate) target: Option<String>,
    pub(crate) met: bool,
}

impl Line {
    /// A ratio of medians.
    pub(crate) fn ratio(what: impl Into<String>, product: &Series, floor: &Series, most: f64) -> Self {
        let ratio = product.median() / floor.median();
        let best = product.least() / floor.least();
        Self {
            what: what.into(),
            found: format!("{ratio:.2} × ({product} ÷ {floor}; of the fastest {best:.2} ×)"),
            target: Some(format!("≤ {most} ×")),
            met: ratio <= most,
        }
    }

    /// Something that is only told.
    pub(crate) fn told(what: impl Into<String>, found: impl Into<String>) -> Self {
        Self { what: what.into(), found: found.into(), target: None, met: true }
    }

    /// A number with a bound.
    pub(crate) fn bound(what: impl Into<String>, found: impl Into<String>, target: impl Into<String>, met: bool) -> Self {
        Self { what: what.into(), found: found.into(), target: Some(target.into()), met }
    }

    pub(crate) fn print(&self) {
        let target = self.target.as_ref().map(|target| {
            let met = if self.met { "met" } else { "NOT met" };
            format!("  [{target}: {met}]")
        });
        println!("  {}: {}{}", self.what, self.found, target.unwrap_or_default());
    }
}
