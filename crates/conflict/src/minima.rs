//! Separation minima and the margins measured against them.

/// Gaps that two claims must keep: a pair violates when all three gaps are below their minimum.
///
/// Gaps are measured between closed sets; where a minimum is zero, touching violates.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Minima {
    /// Lateral minimum, metres.
    pub lateral_m: f64,
    /// Vertical minimum, micrometres.
    pub vertical_um: i64,
    /// Time minimum, nanoseconds.
    pub time_ns: i64,
}

/// The three gaps between two volumes; all zero where they share a point of space-time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Margin {
    /// Lateral gap, metres; zero where the footprints touch or overlap.
    pub lateral_m: f64,
    /// Vertical gap, micrometres; `None` where one of the two has no altitude (a surface claim).
    pub vertical_um: Option<i64>,
    /// Time gap, nanoseconds; zero where the spans touch or overlap.
    pub time_ns: i64,
    /// Whether the closed volumes share a point of space-time (undecided means yes).
    pub overlap: bool,
}

impl Minima {
    /// Whether a time gap of `gap_ns` nanoseconds is too small.
    pub const fn violates_time(self, gap_ns: i64) -> bool {
        gap_ns == 0 || gap_ns < self.time_ns
    }

    /// Whether a vertical gap of `gap_um` micrometres is too small; `None` (a surface claim) always is.
    pub const fn violates_vertical(self, gap_um: Option<i64>) -> bool {
        match gap_um {
            Some(gap_um) => gap_um == 0 || gap_um < self.vertical_um,
            None => true,
        }
    }

    /// The lateral minimum as a distance: a minimum below zero, or not a number, counts as zero.
    pub(crate) fn reach_m(self) -> f64 {
        self.lateral_m.max(0.0)
    }
}
