//! Timing: a warm-up, then some runs of the whole, or many single calls. Does not know what is timed.

use std::time::{Duration, Instant};

/// Times of several runs of the same thing, ascending, seconds.
#[derive(Clone, Debug)]
pub struct Times(Vec<f64>);

impl Times {
    /// At least one time, in any order.
    pub fn new(times: impl IntoIterator<Item = Duration>) -> Self {
        let mut seconds: Vec<f64> = times.into_iter().map(|time| time.as_secs_f64()).collect();
        assert!(!seconds.is_empty(), "something was timed");
        seconds.sort_by(f64::total_cmp);
        Self(seconds)
    }

    /// The smallest time that `share` of the times do not exceed, by nearest rank.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a length is an index")]
    pub fn quantile_s(&self, share: f64) -> f64 {
        let rank = (share * self.0.len() as f64).ceil() as usize;
        self.0[rank.clamp(1, self.0.len()) - 1]
    }

    /// The middle time; of an even number the lower one of the two.
    pub fn median_s(&self) -> f64 {
        self.quantile_s(0.5)
    }

    /// The shortest time.
    pub fn least_s(&self) -> f64 {
        self.0[0]
    }

    /// The longest time.
    pub fn most_s(&self) -> f64 {
        self.quantile_s(1.0)
    }

    /// How many times there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }
}

/// One run to warm up and `runs` that count; gives back the last answer. Dropping answers is not timed.
pub fn repeated<T>(runs: usize, mut run: impl FnMut() -> T) -> (Times, T) {
    assert!(runs > 0, "at least one run counts");
    let mut answer = run();
    let times: Vec<Duration> = (0..runs)
        .map(|_| {
            let start = Instant::now();
            let next = run();
            let time = start.elapsed();
            answer = next;
            time
        })
        .collect();
    (Times::new(times), answer)
}

/// The time of a single call, and its answer.
pub fn once<T>(call: impl FnOnce() -> T) -> (Duration, T) {
    let start = Instant::now();
    let answer = call();
    (start.elapsed(), answer)
}

#[cfg(test)]
mod tests {
    use super::{Times, repeated};
    use std::time::Duration;

    #[test]
    fn quantiles_are_times_that_were_measured() {
        let of = |ms: &[u64]| Times::new(ms.iter().map(|&ms| Duration::from_millis(ms)));
        let check = |times: &Times, share, expected: f64| {
            assert!((times.quantile_s(share) - expected).abs() < 1e-12, "{times:?} {share}");
        };
        let times = of(&[5, 1, 4, 2, 3]);
        check(&times, 0.5, 0.003);
        check(&times, 0.99, 0.005);
        check(&times, 0.0, 0.001);
        check(&of(&[1, 2]), 0.5, 0.001);
        let hundred: Vec<u64> = (1..=100).collect();
        check(&of(&hundred), 0.99, 0.099);
        assert_eq!(times.count(), 5);
    }

    #[test]
    fn the_warm_up_does_not_count() {
        let mut calls = 0;
        let (times, last) = repeated(3, || {
            calls += 1;
            calls
        });
        assert_eq!((times.count(), last), (3, 4));
    }
}
