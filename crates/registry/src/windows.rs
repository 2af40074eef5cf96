//! What a request wants in one cell: boxes of time and altitude, and whether something meets one of them.
//!
//! A request may have thousands of volumes in one cell, and the cell thousands of others. Each of those is asked once, and the
//! boxes form a tree of two dimensions (k-d), so that a "no" costs about the square root of their number and not all of it.

use crate::time::TimeSpan;
use crate::volume::AltitudeBand;
use alloc::vec::Vec;

/// A closed box of time and altitude.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Window {
    pub time: TimeSpan,
    pub altitude: AltitudeBand,
}

impl Window {
    fn intersects(self, other: Self) -> bool {
        self.time.intersects(other.time) && self.altitude.intersects(other.altitude)
    }

    fn hull(self, other: Self) -> Self {
        Self { time: self.time.hull(other.time), altitude: self.altitude.hull(other.altitude) }
    }
}

/// Windows as a tree: the middle of a part of the list is its root, what lies before and after are its branches.
#[derive(Debug, Default)]
pub(crate) struct Windows(Vec<Node>);

#[derive(Clone, Copy, Debug)]
struct Node {
    window: Window,
    /// Around the window and all below it.
    hull: Window,
}

impl Windows {
    /// Takes these windows in place of those before.
    pub fn refill(&mut self, windows: impl Iterator<Item = Window>) {
        self.0.clear();
        self.0.extend(windows.map(|window| Node { window, hull: window }));
        grow(&mut self.0, true);
    }

    /// Whether one of the windows meets `asked`.
    pub fn meet(&self, asked: Window) -> bool {
        meets(&self.0, asked)
    }
}

/// Puts the nodes in their places; gives the hull of all of them.
fn grow(nodes: &mut [Node], by_time: bool) -> Option<Window> {
    let middle = nodes.len() / 2;
    if nodes.len() > 2 {
        if by_time {
            nodes.select_nth_unstable_by_key(middle, |node| node.window.time.start());
        } else {
            nodes.select_nth_unstable_by_key(middle, |node| node.window.altitude.lower_cm());
        }
    }
    let (before, rest) = nodes.split_at_mut(middle);
    let (root, after) = rest.split_first_mut()?;
    for hull in [grow(before, !by_time), grow(after, !by_time)].into_iter().flatten() {
        root.hull = root.hull.hull(hull);
    }
    Some(root.hull)
}

fn meets(nodes: &[Node], asked: Window) -> bool {
    let (before, rest) = nodes.split_at(nodes.len() / 2);
    let Some((root, after)) = rest.split_first() else { return false };
    root.hull.intersects(asked) && (root.window.intersects(asked) || meets(before, asked) || meets(after, asked))
}

#[cfg(test)]
#[path = "windows_tests.rs"]
mod tests;
