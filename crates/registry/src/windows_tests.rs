//! The tree of windows against looking at each of them.

use super::*;
use crate::time::Time;
use alloc::vec::Vec;

fn window(start: i64, end: i64, lower_cm: i32, upper_cm: i32) -> Window {
    Window {
        time: TimeSpan::new(Time::from_ns(start), Time::from_ns(end)).unwrap(),
        altitude: AltitudeBand::new(lower_cm, upper_cm).unwrap(),
    }
}

#[test]
fn the_tree_says_what_looking_at_each_says() {
    let mut state = 7_u64;
    let mut below = |limit: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % limit
    };
    let mut drawn = || {
        let (start, lower) = (below(100) as i64, below(100) as i32);
        window(start, start + below(12) as i64, lower, lower + below(12) as i32)
    };
    let mut tree = Windows::default();
    let mut answers = [0; 2];
    for size in (0..40).chain([300]) {
        let windows: Vec<Window> = (0..size).map(|_| drawn()).collect();
        tree.refill(windows.iter().copied());
        for _ in 0..200 {
            let asked = drawn();
            let expected = windows.iter().any(|window| window.intersects(asked));
            assert_eq!(tree.meet(asked), expected, "{asked:?} in {windows:?}");
            answers[usize::from(expected)] += 1;
        }
    }
    assert!(answers.iter().all(|count| *count > 1_000), "one answer is hardly tried: {answers:?}");
}
