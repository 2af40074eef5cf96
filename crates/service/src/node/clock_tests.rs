//! Tests of the clocks of the system.

use super::*;

#[test]
fn the_steady_clock_never_goes_back_and_the_wall_clock_says_a_time_of_this_century() {
    let mut last_ns = 0;
    for _ in 0..1000 {
        let now_ns = SystemClock.steady_ns();
        assert!(now_ns >= last_ns && now_ns > 0);
        last_ns = now_ns;
    }
    let (begin_ns, end_ns) = (1_700_000_000_000_000_000, 4_102_444_800_000_000_000);
    assert!((begin_ns..end_ns).contains(&SystemClock.wall().ns()));
}
