//! The smallest number of steps that is enough, found by doubling and halving. Knows nothing of what a step is.

/// The smallest count found, from 1 to `most`, for which `enough` says yes; `None` if `most` is not enough.
///
/// Law: the count is enough, and one less is not (none at all is taken as not enough). It is the smallest of all where
/// more is never worse.
pub(super) fn fewest(most: i64, enough: impl Fn(i64) -> bool) -> Option<i64> {
    if most < 1 || !enough(most) {
        return None;
    }
    let (mut too_few, mut many) = (0, 1);
    while many < most && !enough(many) {
        (too_few, many) = (many, many.saturating_mul(2).min(most));
    }
    while many - too_few > 1 {
        let middle = too_few + (many - too_few) / 2;
        if enough(middle) { many = middle } else { too_few = middle }
    }
    Some(many)
}

/// The largest count from 0 to `most` for which `clear` still says yes, where 0 does and more is never better.
pub(super) fn most(most: i64, clear: impl Fn(i64) -> bool) -> i64 {
    fewest(most, |count| !clear(count)).map_or(most.max(0), |first_too_many| first_too_many - 1)
}

#[cfg(test)]
mod tests {
    use super::{fewest, most};

    #[test]
    fn the_fewest_steps_are_enough_and_one_less_is_not() {
        for limit in 0..40 {
            for needed in 1..50 {
                let expected = (needed <= limit).then_some(needed);
                assert_eq!(fewest(limit, |count| count >= needed), expected, "limit {limit}, needed {needed}");
            }
        }
    }

    #[test]
    fn the_most_steps_stop_before_the_first_too_many() {
        for limit in 0..40 {
            for allowed in 0..50 {
                assert_eq!(most(limit, |count| count <= allowed), allowed.min(limit), "limit {limit}, allowed {allowed}");
            }
        }
    }
}
