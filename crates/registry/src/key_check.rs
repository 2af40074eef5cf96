//! The key check: whoever plans or activates a flight shows that it knows the current version of everything relevant
//! (REQ-025 to REQ-028).
//!
//! Relevant is every other intent, the caller's own included, that shares a cell, an altitude and an instant with a volume of
//! the intent; and every constraint that does, if the intent's subscription is about constraints. An intent that is only
//! `Accepted` need not be known while its manager is down. What is missing is listed completely.

use crate::command::PutOperationalIntent;
use crate::outcome::Rejection;
use crate::records::{OperationalIntentRecord, OperationalIntentState, UssAvailability};
use crate::registry::Registry;
use crate::table::Altitude;
use alloc::vec::Vec;

impl Registry {
    /// Whether the key of `put` shows enough. `with_constraints`: the intent's subscription is about constraints.
    pub(crate) fn check_key(&self, put: &PutOperationalIntent, with_constraints: bool) -> Result<(), Rejection> {
        let volumes = put.volumes.as_slice();
        let intents = self.operational_intents.meeting(volumes, Altitude::Counts).into_iter();
        let missing_intents: Vec<_> = intents
            .filter(|intent| intent.id != put.id && !put.key.contains(&intent.ovn) && !self.is_excused(intent))
            .map(|intent| self.operational_intent_reference(intent, &put.caller))
            .collect();
        let constraints = if with_constraints { self.constraints.meeting(volumes, Altitude::Counts) } else { Vec::new() };
        let missing_constraints: Vec<_> = constraints
            .into_iter()
            .filter(|constraint| !put.key.contains(&constraint.ovn))
            .map(|constraint| self.constraint_reference(constraint, &put.caller))
            .collect();
        if missing_intents.is_empty() && missing_constraints.is_empty() {
            return Ok(());
        }
        Err(Rejection::MissingOvns { operational_intents: missing_intents, constraints: missing_constraints })
    }

    /// Nobody can ask a USS that is down for its plans.
    fn is_excused(&self, intent: &OperationalIntentRecord) -> bool {
        intent.state == OperationalIntentState::Accepted && self.availabilities.state(&intent.manager) == UssAvailability::Down
    }
}
