//! A live set against asking about every volume in it, while volumes come and go.

use deconflict_spacetime::{NS_PER_S, Time};

use super::super::testing::{CITY, Draw, Random, awkward_sets, set, wide};
use super::{LiveIndex, VolumeNumber};
use crate::{ClassMinima, Volumes, violates};

const AROUND: Time = Time::from_ns(1_700_000_000 * NS_PER_S);

fn insert(index: &mut LiveIndex, volumes: &Volumes, number: u32) -> VolumeNumber {
    let volume = volumes.volume(number);
    index.insert(volumes.operation(number), volumes.class(number), volume.area.into(), volume.band, volume.span)
}

fn ask(index: &LiveIndex, volumes: &Volumes, number: u32) -> Vec<VolumeNumber> {
    let volume = volumes.volume(number);
    index.conflicts(volumes.operation(number), volumes.class(number), &volume.area.into(), volume.band, volume.span)
}

/// Inserts, removes and asks at random; every answer is compared. Says how many conflicts there were.
fn check(name: &str, volumes: &Volumes, minima: &ClassMinima, around: Time) -> usize {
    let mut random = Random(9);
    let mut index = LiveIndex::new(minima.clone(), around);
    let count = volumes.len();
    let whole: Vec<_> = (0..count as u32).map(|number| volumes.volume(number)).collect();
    let mut there: Vec<(VolumeNumber, u32)> = Vec::new();
    let mut conflicts = 0;
    for step in 0..3 * count {
        let number = (random.unit() * count as f64) as u32;
        if random.unit() < 0.3 && !there.is_empty() {
            let (gone, _) = there.swap_remove((random.unit() * there.len() as f64) as usize);
            assert!(index.remove(gone) && !index.remove(gone), "{name}, step {step}");
        } else {
            there.push((insert(&mut index, volumes, number), number));
        }
        assert_eq!(index.len(), there.len());
        if step % 4 != 0 {
            continue;
        }
        let asked = (random.unit() * count as f64) as u32;
        let close = |&&(_, other): &&(VolumeNumber, u32)| {
            let minima = minima.between(volumes.class(asked), volumes.class(other));
            volumes.operation(asked) != volumes.operation(other)
                && violates(&whole[asked as usize], &whole[other as usize], minima)
        };
        let mut expected: Vec<VolumeNumber> = there.iter().filter(close).map(|(at, _)| *at).collect();
        expected.sort_unstable();
        conflicts += expected.len();
        assert_eq!(ask(&index, volumes, asked), expected, "{name}, step {step}, volume {asked}");
    }
    conflicts
}

#[test]
fn answers_are_those_of_asking_about_every_volume() {
    for (seed, (name, draw)) in awkward_sets().into_iter().enumerate() {
        let volumes = set(seed as u64, 300, draw);
        let touching = check(name, &volumes, &ClassMinima::none(), AROUND);
        let close = check(name, &volumes, &wide(), AROUND);
        assert!(close > 10, "{name}: {touching} touch, {close} are too close");
    }
}

#[test]
fn volumes_of_another_decade_are_found_all_the_same() {
    let volumes = set(3, 150, Draw { day_s: 600.0, ..CITY });
    for around in [Time::from_ns(0), Time::from_ns(4_000_000_000 * NS_PER_S)] {
        assert!(check("another decade", &volumes, &wide(), around) > 10);
    }
}

#[test]
fn an_empty_set_has_no_conflicts_and_a_number_that_is_not_there_cannot_be_removed() {
    let volumes = set(1, 3, CITY);
    let mut index = LiveIndex::new(ClassMinima::none(), AROUND);
    assert!(ask(&index, &volumes, 0).is_empty() && index.is_empty());
    assert!(!index.remove(7));
    assert_eq!(index.operation(7), None);
    let number = insert(&mut index, &volumes, 2);
    assert_eq!(index.operation(number), Some(volumes.operation(2)));
}
