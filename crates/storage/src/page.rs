//! Lists in parts: so many rows after a key, whatever others change meanwhile.

/// Which part of a list is wanted; all of it where nothing is said.
///
/// What it begins after is a key in the order of the list and not a count of rows, so that from part to part nothing that stays
/// is missed or comes twice, whatever comes in or goes away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<K> {
    /// The key that it comes after.
    pub after: Option<K>,
    /// How many rows at most; at least one.
    pub limit: Option<u32>,
}

/// A part of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed<T, K> {
    /// Its rows.
    pub rows: Vec<T>,
    /// The key of the last of them, where more come after it.
    pub next: Option<K>,
}

impl<K> Default for Page<K> {
    fn default() -> Self {
        Self { after: None, limit: None }
    }
}

impl<K: Ord> Page<K> {
    /// Cuts this part out of rows that are in the order of their keys.
    pub fn cut<T>(&self, mut rows: Vec<T>, key: impl Fn(&T) -> K) -> Listed<T, K> {
        if let Some(after) = &self.after {
            let passed = rows.partition_point(|row| key(row) <= *after);
            rows.drain(..passed);
        }
        let limit = self.limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
        let goes_on = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| goes_on).map(key);
        Listed { rows, next }
    }
}

impl<T, K> Listed<T, K> {
    /// The same part with other rows in their places.
    pub fn map<U>(self, shown: impl FnMut(T) -> U) -> Listed<U, K> {
        Listed { rows: self.rows.into_iter().map(shown).collect(), next: self.next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(after: Option<i32>, limit: Option<u32>, rows: &[i32]) -> (Vec<i32>, Option<i32>) {
        let Listed { rows, next } = Page { after, limit }.cut(rows.to_vec(), |row| *row);
        (rows, next)
    }

    #[test]
    fn a_part_begins_after_its_key_and_tells_where_more_come() {
        let rows = [1, 3, 5, 7];
        assert_eq!(cut(None, None, &rows), (vec![1, 3, 5, 7], None));
        assert_eq!(cut(None, Some(2), &rows), (vec![1, 3], Some(3)));
        assert_eq!(cut(Some(3), Some(2), &rows), (vec![5, 7], None));
        assert_eq!(cut(Some(4), Some(1), &rows), (vec![5], Some(5)), "whether or not the row is still there");
        assert_eq!(cut(Some(9), None, &rows), (vec![], None));
        assert_eq!(cut(None, Some(4), &rows).1, None, "nothing comes after the last");
    }
}
