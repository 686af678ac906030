//! Shares of a total that add up to it (E8).

/// Splits a whole into parts as large as their weights are, so that the parts add up to the whole: what rounding leaves over goes
/// to the largest remainders, of equal ones to the first.
///
/// A report calls it with 1000, for percents with one decimal; then with the share of a row, for the rows below it. Of weights that
/// are all zero every part is zero.
#[must_use]
pub fn shares(whole: u32, weights: &[u64]) -> Vec<u32> {
    let total: u128 = weights.iter().map(|weight| u128::from(*weight)).sum();
    if total == 0 {
        return vec![0; weights.len()];
    }
    let scaled = |weight: &u64| u128::from(*weight) * u128::from(whole);
    let mut parts: Vec<u32> = weights.iter().map(|weight| u32::try_from(scaled(weight) / total).unwrap_or(whole)).collect();
    let mut by_remainder: Vec<usize> = (0..weights.len()).collect();
    by_remainder.sort_by_key(|index| std::cmp::Reverse(scaled(&weights[*index]) % total));
    let left = whole - parts.iter().sum::<u32>();
    for index in by_remainder.into_iter().take(left as usize) {
        parts[index] += 1;
    }
    parts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test] // E8
    fn shares_add_up_to_a_hundred_percent() {
        assert_eq!(shares(1000, &[1, 1, 1]), [334, 333, 333]);
        assert_eq!(shares(1000, &[2_016, 1_244, 0]), [618, 382, 0]);
        assert_eq!(shares(329, &[105 * 3600 + 1800, 96 * 3600]), [172, 157]);
        assert_eq!(shares(1000, &[5]), [1000]);
        assert_eq!(shares(1000, &[0, 0]), [0, 0]);
        assert_eq!(shares(1000, &[]), Vec::<u32>::new());
    }

    proptest! {
        #[test] // E8
        fn shares_of_anything_add_up_and_are_off_by_less_than_one(weights in proptest::collection::vec(any::<u64>(), 1..40)) {
            let parts = shares(1000, &weights);
            let total: u128 = weights.iter().map(|weight| u128::from(*weight)).sum();
            prop_assert_eq!(parts.iter().sum::<u32>(), if total == 0 { 0 } else { 1000 });
            for (part, weight) in parts.iter().zip(&weights) {
                let exact = u128::from(*weight) * 1000;
                prop_assert!(u128::from(*part) * total < exact + total && exact < (u128::from(*part) + 1) * total || total == 0);
            }
        }
    }
}
