//! Following what another desk has prepared over the same state: its rows, and the picture that comes of them. What there was to tell
//! is among the rows.

use std::collections::BTreeSet;

use deconflict_plan::Edit;
use deconflict_spacetime::Time;

use super::{Desk, Draft, Refusal};
use crate::command::{Command, Effect};

/// What a command makes worth reading again.
#[derive(Debug, Default)]
struct Touched {
    frame: bool,
    claims: BTreeSet<String>,
    /// Parties that fell silent or were heard of again: what they planned counts otherwise.
    parties: BTreeSet<String>,
}

impl Desk {
    /// Follows a command of another desk; `false` if it rests on another state, and this desk has to be opened anew.
    ///
    /// # Errors
    /// What is filed can no longer be read: the desk is of no use any more.
    pub fn follow(&mut self, command: Command) -> Result<bool, Refusal> {
        if command.after != self.state.applied {
            return Ok(false);
        }
        let touched = self.touched(&command);
        for effect in &command.effects {
            if let Effect::Claim(key, row) = effect {
                self.keep_dependents(key, row.as_ref().map(|row| &row.piece));
            }
        }
        let is_first = self.live.is_none();
        let had = self.state.now_ns;
        let before = touched.frame.then(|| self.plan());
        self.state.apply(command);
        if self.state.frame.is_some() {
            if is_first {
                self.read_all()?;
            } else {
                let as_of = (self.state.now_ns != had).then(|| Time::from_ns(self.state.now_ns));
                let edit = before.map_or(Ok(Edit::default()), |before| self.frame_after(&before))?;
                self.edit(Edit { as_of, ..edit });
                self.look_again(&self.claims_of(touched))?;
            }
        }
        // It is in the log: nothing of it is taken back.
        self.draft = Draft::default();
        Ok(true)
    }

    fn touched(&self, command: &Command) -> Touched {
        let mut touched = Touched::default();
        for effect in &command.effects {
            match effect {
                Effect::Frame(_) | Effect::Paper(..) => touched.frame = true,
                Effect::Claim(key, _) => {
                    touched.claims.insert(key.clone());
                }
                Effect::Contact(party, contact) => {
                    let is_silent = contact.as_ref().is_some_and(|contact| contact.silent);
                    if self.state.contacts.get(party).is_some_and(|known| known.silent) != is_silent {
                        touched.parties.insert(party.clone());
                    }
                }
                _ => {}
            }
        }
        touched
    }

    fn claims_of(&self, touched: Touched) -> BTreeSet<String> {
        let Touched { mut claims, parties, .. } = touched;
        let rows = self.state.claims.values().filter(|row| parties.contains(&row.party));
        claims.extend(rows.map(|row| row.key()));
        claims
    }
}
