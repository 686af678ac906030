//! Several measurements of one thing.

use std::fmt;

/// Measurements in the order in which they were taken.
#[derive(Debug, Clone, Default)]
pub(crate) struct Series(Vec<f64>);

impl Series {
    pub(crate) fn push(&mut self, value: f64) {
        self.0.push(value);
    }

    /// Takes those of another series in.
    pub(crate) fn add(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    fn sorted(&self) -> Vec<f64> {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        sorted
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn median(&self) -> f64 {
        self.percentile(50)
    }

    /// The one that so many of a hundred are not above.
    pub(crate) fn percentile(&self, percent: usize) -> f64 {
        let sorted = self.sorted();
        let last = sorted.len().saturating_sub(1);
        sorted.get((sorted.len() * percent / 100).min(last)).copied().unwrap_or(f64::NAN)
    }

    pub(crate) fn least(&self) -> f64 {
        self.0.iter().copied().fold(f64::INFINITY, f64::min)
    }

    pub(crate) fn most(&self) -> f64 {
        self.0.iter().copied().fold(0.0, f64::max)
    }
}

impl Extend<f64> for Series {
    fn extend<I: IntoIterator<Item = f64>>(&mut self, values: I) {
        self.0.extend(values);
    }
}

impl FromIterator<f64> for Series {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        Self(values.into_iter().collect())
    }
}

/// Seconds as milliseconds, or as microseconds below one: the median, and between which they lie.
impl fmt::Display for Series {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (unit, of_a_second) = if self.median() < 0.001 { ("µs", 1e6) } else { ("ms", 1e3) };
        let [median, least, most] = [self.median(), self.least(), self.most()].map(|seconds| seconds * of_a_second);
        write!(formatter, "{median:.0} {unit} ({least:.0}–{most:.0})")
    }
}
