//! What is found after a crash: the durable part, and of the rest what the case in question lets survive.

use super::{Change, Content, NameChange, SplitMix, State, Survives};
use crate::tail::SECTOR_BYTES;
use std::collections::BTreeMap;

const SECTOR: usize = SECTOR_BYTES as usize;

/// The directory after the crash, in the hands of a new process.
pub(super) fn after(state: &State, survives: Survives) -> State {
    let mut random = SplitMix(match survives {
        Survives::Beginning(seed) | Survives::Some(seed) => seed,
        Survives::Nothing | Survives::Everything => 0,
    });
    let names = names_after(state, survives, &mut random);
    let files: BTreeMap<u64, Content> = names
        .values()
        .map(|file| {
            let bytes = bytes_after(&state.files[file], survives, &mut random);
            (*file, Content { now: bytes.clone(), durable: bytes, changes: Vec::new() })
        })
        .collect();
    State { files, durable_names: names.clone(), names, files_created: state.files_created, ..State::default() }
}

fn names_after(state: &State, survives: Survives, random: &mut SplitMix) -> BTreeMap<String, u64> {
    let mut names = state.durable_names.clone();
    let changes: Vec<&NameChange> = match survives {
        Survives::Nothing => Vec::new(),
        Survives::Everything => state.name_changes.iter().collect(),
        Survives::Beginning(_) => {
            let count = random.below(state.name_changes.len() + 1);
            state.name_changes.iter().take(count).collect()
        }
        Survives::Some(_) => state.name_changes.iter().filter(|_| random.below(2) == 0).collect(),
    };
    for change in changes {
        change.apply(&mut names);
    }
    names
}

fn bytes_after(content: &Content, survives: Survives, random: &mut SplitMix) -> Vec<u8> {
    let mut bytes = content.durable.clone();
    match survives {
        Survives::Nothing => {}
        Survives::Everything => content.changes.iter().for_each(|change| change.apply(&mut bytes)),
        Survives::Beginning(_) => {
            let whole = random.below(content.changes.len() + 1);
            content.changes[..whole].iter().for_each(|change| change.apply(&mut bytes));
            if let Some(Change::Write { offset, bytes: new }) = content.changes.get(whole) {
                let part = new[..random.below(new.len() + 1)].to_vec();
                Change::Write { offset: *offset, bytes: part }.apply(&mut bytes);
            }
        }
        Survives::Some(_) => {
            // Sometimes nearly all, sometimes nearly nothing; and the length comes through or not.
            let chance = 1 + random.below(9);
            for change in &content.changes {
                match change {
                    Change::SetLen(_) if random.below(10) < chance => change.apply(&mut bytes),
                    Change::SetLen(_) => {}
                    Change::Write { offset, bytes: new } => keep_some_sectors(&mut bytes, *offset, new, chance, random),
                }
            }
            if random.below(2) == 0 {
                bytes.resize(bytes.len().max(content.now.len()), 0);
            }
        }
    }
    bytes
}

/// Writes those sectors of a write that survive.
fn keep_some_sectors(bytes: &mut Vec<u8>, offset: usize, new: &[u8], chance: usize, random: &mut SplitMix) {
    let mut start = 0;
    while start < new.len() {
        let to_next_sector = SECTOR - (offset + start) % SECTOR;
        let end = (start + to_next_sector).min(new.len());
        if random.below(10) < chance {
            Change::Write { offset: offset + start, bytes: new[start..end].to_vec() }.apply(bytes);
        }
        start = end;
    }
}
