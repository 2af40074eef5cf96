//! The joint picture in the log and in snapshots: its commands are carried by the registry's, and its state stands behind the registry's.

use deconflict_joint::{Command as JointCommand, State as Joint};
use deconflict_journal::Position;
use deconflict_registry::{Action, Command};
use std::collections::VecDeque;
use std::sync::Arc;

use crate::node::NodeError;

/// What ends a snapshot that has a joint picture in it; before it stands how many bytes that has.
const MARK: &[u8; 8] = b"JOINT 1\n";

/// Whether this program can apply a command that it reads in the log.
///
/// # Errors
/// It carries something that a newer program wrote.
pub(super) fn check(command: &Command, position: Position) -> Result<(), NodeError> {
    let Action::Carry(carry) = &command.action else { return Ok(()) };
    JointCommand::decode(&carry.record).map(drop).map_err(|source| NodeError::Joint { position, source })
}

/// Applies a command to the joint picture, if it carries one of its own. It was checked, or this program made it. Gives what was applied:
/// a command that rests on another state changes nothing, and whoever prepared it prepares it again.
pub(super) fn apply(joint: &mut Arc<Joint>, command: &Command) -> Carried {
    let Action::Carry(carry) = &command.action else { return Carried::Nothing };
    let carried = JointCommand::decode(&carry.record).expect("it was checked when it was read");
    if Arc::make_mut(joint).apply(carried.clone()) { Carried::Applied(carried) } else { Carried::Overtaken }
}

/// What became of the part of a command that is the joint picture's.
pub(super) enum Carried {
    /// It has none.
    Nothing,
    /// It was applied.
    Applied(JointCommand),
    /// Another one came before it.
    Overtaken,
}

/// So many effects are kept of what was applied last.
const EFFECTS_KEPT: usize = 20_000;

/// The latest commands that were applied, for a desk that follows them one by one.
#[derive(Debug, Default)]
pub(super) struct Latest {
    commands: VecDeque<JointCommand>,
    effects: usize,
}

impl Latest {
    pub fn keep(&mut self, command: JointCommand) {
        self.effects += command.effects.len();
        self.commands.push_back(command);
        while self.effects > EFFECTS_KEPT
            && let Some(oldest) = self.commands.pop_front()
        {
            self.effects -= oldest.effects.len();
        }
    }

    /// Those from a number of applied commands up to `applied`; `None` where not all of them are kept.
    pub fn since(&self, from: u64, applied: u64) -> Option<Vec<JointCommand>> {
        let wanted = applied.checked_sub(from)?;
        let index = self.commands.len().checked_sub(usize::try_from(wanted).ok()?)?;
        Some(self.commands.iter().skip(index).cloned().collect())
    }
}

/// What stands behind the registry in a snapshot; nothing as long as there is no joint picture.
pub(super) fn written(joint: &Joint) -> Vec<u8> {
    if joint.applied == 0 {
        return Vec::new();
    }
    let mut bytes = joint.snapshot().encode();
    bytes.extend((bytes.len() as u64).to_be_bytes());
    bytes.extend(MARK);
    bytes
}

/// Splits a snapshot into the registry's bytes and the joint picture.
///
/// # Errors
/// It ends with a joint picture that cannot be read.
pub(super) fn read(snapshot: &[u8], position: Position) -> Result<(&[u8], Joint), NodeError> {
    let parts = snapshot.strip_suffix(MARK).and_then(|rest| rest.split_last_chunk::<8>()).and_then(|(rest, bytes)| {
        let bytes = usize::try_from(u64::from_be_bytes(*bytes)).ok()?;
        rest.split_at_checked(rest.len().checked_sub(bytes)?)
    });
    let Some((registry, joint)) = parts else { return Ok((snapshot, Joint::default())) };
    let snapshot = JointCommand::decode(joint).map_err(|source| NodeError::Joint { position, source })?;
    Ok((registry, Joint::of_snapshot(snapshot)))
}
