//! Whether what clients saw could have happened one thing after the other: linearizability of registers that are replaced by naming what is
//! there.
//!
//! Every value is written once, and names the one before it. So the writes that took effect are one line, and it only has to be
//! looked at whether each client saw that line in the order of real time: whoever asks after somebody was answered sees no less.

use crate::pool::Ovn;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

/// What a client asked of a register.
#[derive(Clone, Debug)]
pub enum Asked {
    /// Which value there is.
    Read,
    /// To replace `from` by `to`.
    Write { from: Ovn, to: String },
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Came {
    /// The value that there is.
    Value(Ovn),
    /// It was replaced.
    Done,
    /// It was not: something else is there.
    Refused,
    /// Nobody knows, or it was not carried out.
    Unknown,
}

/// One request.
#[derive(Clone, Debug)]
pub struct Event {
    pub register: usize,
    pub asked: Asked,
    pub came: Came,
    pub began: Instant,
    pub ended: Instant,
}

/// What is wrong with a history, register by register.
pub fn violations(events: &[Event]) -> Vec<String> {
    let registers: BTreeSet<usize> = events.iter().map(|event| event.register).collect();
    registers
        .into_iter()
        .flat_map(|register| {
            let of_it: Vec<&Event> = events.iter().filter(|event| event.register == register).collect();
            violations_of(&of_it).into_iter().map(move |problem| format!("register {register}: {problem}"))
        })
        .collect()
}

fn violations_of(events: &[&Event]) -> Vec<String> {
    let (places, mut problems) = line_of(events);
    // Where each answered request stands: at the value that it saw, or between two of them.
    let mut placed: Vec<(&Event, usize, usize)> = Vec::new();
    for event in events {
        match (&event.asked, &event.came) {
            (Asked::Read, Came::Value(value)) => match places.get(value) {
                Some(place) => placed.push((event, *place, *place)),
                None => problems.push(format!("{value:?} was read, and never written")),
            },
            (Asked::Write { to, .. }, Came::Done) => {
                if let Some(place) = places.get(&Some(to.clone())) {
                    placed.push((event, place - 1, *place));
                }
            }
            _ => {}
        }
    }
    // Whoever began after somebody had ended sees what that one saw or left, or later values.
    let mut by_begin = placed.clone();
    by_begin.sort_by_key(|(event, ..)| event.began);
    let mut by_end = placed;
    by_end.sort_by_key(|(event, ..)| event.ended);
    let (mut ended, mut least) = (by_end.iter().peekable(), 0);
    for (event, before, after) in by_begin {
        while let Some((_, _, left)) = ended.next_if(|(other, ..)| other.ended < event.began) {
            least = least.max(*left);
        }
        if before < least {
            problems.push(format!("{:?} saw value {before} (then {after}) after value {least} was there", event.asked));
        }
    }
    problems
}

/// The values in the order in which each replaced the one before: those that were acknowledged or seen.
fn line_of(events: &[&Event]) -> (BTreeMap<Ovn, usize>, Vec<String>) {
    let mut problems = Vec::new();
    let mut from_of: BTreeMap<&String, &Ovn> = BTreeMap::new();
    let mut taken: BTreeSet<&String> = BTreeSet::new();
    for event in events {
        match (&event.asked, &event.came) {
            (Asked::Write { from, to }, came) => {
                from_of.insert(to, from);
                if *came == Came::Done {
                    taken.insert(to);
                }
                if *came == Came::Refused {
                    continue;
                }
            }
            (Asked::Read, Came::Value(Some(value))) => drop(taken.insert(value)),
            _ => {}
        }
    }
    // What a value that took effect replaced took effect, too.
    let mut waiting: Vec<&String> = taken.iter().copied().collect();
    while let Some(to) = waiting.pop() {
        if let Some(Some(from)) = from_of.get(to).copied()
            && taken.insert(from)
        {
            waiting.push(from);
        }
    }
    let mut next_of: BTreeMap<&Ovn, &String> = BTreeMap::new();
    for to in &taken {
        let Some(from) = from_of.get(to) else {
            problems.push(format!("{to} was read, and never written"));
            continue;
        };
        if let Some(other) = next_of.insert(from, to) {
            problems.push(format!("{other} and {to} both replaced {from:?}"));
        }
    }
    let (mut places, mut at, mut place) = (BTreeMap::from([(None, 0)]), &None, 0);
    let mut line = Vec::new();
    while let Some(to) = next_of.get(at) {
        place += 1;
        line.push(Some((*to).clone()));
        places.insert(Some((*to).clone()), place);
        if place > taken.len() {
            break;
        }
        at = next_of.keys().find(|key| key.as_ref() == Some(to)).copied().unwrap_or(&None);
        if at.is_none() {
            break;
        }
    }
    if places.len() != taken.len() + 1 && problems.is_empty() {
        problems.push(format!("{} values took effect, and only {} of them follow each other", taken.len(), places.len() - 1));
    }
    (places, problems)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    /// A history of one register: asked, came, from when to when.
    fn history(events: &[(Asked, Came, u64, u64)]) -> Vec<Event> {
        let start = Instant::now();
        let at = |ms: &u64| start + Duration::from_millis(*ms);
        let event = |(asked, came, began, ended): &(Asked, Came, u64, u64)| Event {
            register: 0,
            asked: asked.clone(),
            came: came.clone(),
            began: at(began),
            ended: at(ended),
        };
        events.iter().map(event).collect()
    }

    fn write(from: Option<&str>, to: &str) -> Asked {
        Asked::Write { from: from.map(str::to_owned), to: to.to_owned() }
    }

    fn value(value: Option<&str>) -> Came {
        Came::Value(value.map(str::to_owned))
    }

    #[test]
    fn what_could_have_happened_is_let_be() {
        let good = history(&[
            (Asked::Read, value(None), 0, 5),
            (write(None, "a"), Came::Done, 1, 9),
            (Asked::Read, value(Some("a")), 2, 4),
            (write(Some("a"), "b"), Came::Unknown, 10, 12),
            (Asked::Read, value(Some("a")), 13, 14),
            // It arrives late.
            (Asked::Read, value(Some("b")), 15, 16),
            (write(Some("a"), "c"), Came::Refused, 17, 18),
            (write(Some("b"), "d"), Came::Done, 19, 30),
            (Asked::Read, value(Some("d")), 20, 21),
        ]);
        assert_eq!(Vec::<String>::new(), violations(&good));
    }

    #[test]
    fn what_could_not_have_happened_is_found() {
        for (what, bad) in [
            ("lost", vec![(write(None, "a"), Came::Done, 0, 1), (Asked::Read, value(None), 2, 3)]),
            (
                "stale",
                vec![
                    (write(None, "a"), Came::Done, 0, 1),
                    (write(Some("a"), "b"), Came::Done, 2, 3),
                    (Asked::Read, value(Some("a")), 4, 5),
                ],
            ),
            ("split", vec![(write(None, "a"), Came::Done, 0, 1), (write(None, "b"), Came::Done, 2, 3)]),
            ("made up", vec![(Asked::Read, value(Some("x")), 0, 1)]),
            (
                "there and back",
                vec![
                    (write(None, "a"), Came::Unknown, 0, 9),
                    (Asked::Read, value(Some("a")), 1, 2),
                    (Asked::Read, value(None), 3, 4),
                ],
            ),
            ("gone", vec![(write(None, "a"), Came::Done, 0, 1), (write(Some("z"), "b"), Came::Done, 2, 3)]),
        ] {
            assert!(!violations(&history(&bad)).is_empty(), "{what}");
        }
    }
}
