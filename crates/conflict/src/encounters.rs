//! All pairs of many aircraft that have lost, or will lose, separation. Does not know who flies them.
//!
//! Paths and minima are put in boxes, a tree of the boxes finds those that meet, and the closed form of `encounter` decides.

use std::num::NonZeroUsize;
use std::thread;

use deconflict_spacetime::AltitudeReference;

use crate::aircraft::{AircraftState, Lookahead, ProtectedZone};
use crate::box_tree::{Bounds, BoxTree};
use crate::encounter::{Course, LossOfSeparation};

/// For fewer states than this another thread costs more than it saves.
const WORTH_A_THREAD: usize = 1024;

/// Two aircraft, by their index in the input, that have lost or will lose separation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Encounter {
    /// Index of the first aircraft; less than `intruder`.
    pub ownship: usize,
    /// Index of the second aircraft.
    pub intruder: usize,
    /// When, and how close.
    pub loss: LossOfSeparation,
}

/// Every two aircraft of which one is, or within the look-ahead will be, in the protected zone of the other, as
/// [`loss_of_separation`](crate::loss_of_separation) decides. Sorted by (`ownship`, `intruder`).
///
/// All states are of one instant. The answer does not depend on `threads`, of which no more are used than help.
///
/// Laws: the same pairs whatever the order of the aircraft; a larger zone or look-ahead never gives fewer.
///
/// Cost: near-linear in the aircraft, the pairs whose boxes meet, and the answer. There is one encounter for every pair
/// of a heap, so that a heap of *n* aircraft at one place gives *n*²/2.
///
/// # Panics
/// More than 2³² states.
pub fn encounters(states: &[AircraftState], zone: ProtectedZone, lookahead: Lookahead, threads: NonZeroUsize) -> Vec<Encounter> {
    let threads = threads.get().min(states.len().div_ceil(WORTH_A_THREAD)).max(1);
    let common = commonest_reference(states);
    let (courses, boxes) = prepared(states, threads, |course| course.bounds(zone, lookahead, Some(common)));
    let tree = BoxTree::new(&boxes, threads);
    let order = tree.order();
    // Neighbours are compared with each other: beside each other in memory they are at hand.
    let courses: Vec<Course> = order.iter().map(|&number| courses[number as usize]).collect();
    let mut found = tree.meeting(threads, |i, j| {
        // The closed form is asked the same way round whatever the tree.
        let (i, j) = if order[i] < order[j] { (i, j) } else { (j, i) };
        let loss = courses[i].loss(&courses[j], zone, lookahead)?;
        Some(Encounter { ownship: order[i] as usize, intruder: order[j] as usize, loss })
    });
    found.sort_unstable_by_key(|encounter| (encounter.ownship, encounter.intruder));
    found
}

/// The states prepared for comparison and their boxes, in order.
fn prepared(states: &[AircraftState], threads: usize, bounds: impl Fn(&Course) -> Bounds + Sync) -> (Vec<Course>, Vec<Bounds>) {
    let prepare = |states: &[AircraftState]| -> (Vec<Course>, Vec<Bounds>) {
        let courses: Vec<Course> = states.iter().map(Course::new).collect();
        let boxes = courses.iter().map(&bounds).collect();
        (courses, boxes)
    };
    if threads < 2 {
        return prepare(states);
    }
    let mut chunks = states.chunks(states.len().div_ceil(threads));
    let first = chunks.next().unwrap_or_default();
    thread::scope(|scope| {
        let others: Vec<_> = chunks.map(|chunk| scope.spawn(|| prepare(chunk))).collect();
        let (mut courses, mut boxes) = prepare(first);
        for other in others {
            let (mut more_courses, mut more_boxes) = other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            courses.append(&mut more_courses);
            boxes.append(&mut more_boxes);
        }
        (courses, boxes)
    })
}

/// The reference of most altitudes that can be compared.
fn commonest_reference(states: &[AircraftState]) -> AltitudeReference {
    let count = |reference| states.iter().filter(|state| state.comparable_reference() == Some(reference)).count();
    let all = [AltitudeReference::W84, AltitudeReference::Amsl, AltitudeReference::Std];
    all.into_iter().max_by_key(|&reference| count(reference)).expect("there are references")
}

#[cfg(test)]
#[path = "encounters_tests.rs"]
mod tests;
