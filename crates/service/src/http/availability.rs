//! The availability of USSs.

use crate::http::answer::Answer;
use crate::http::asked::Asked;
use crate::http::intents::unexpected;
use crate::http::refusal::Refusal;
use crate::wire::{self, request};
use deconflict_astm as astm;
use deconflict_registry::{Action, Outcome, SetUssAvailability};

/// What was declared of a USS; `Unknown` if nothing was.
pub fn get(asked: &Asked) -> Result<Answer, Refusal> {
    let uss = asked.named(request::uss_id)?;
    Ok(Answer::ok(&wire::uss_availability(&asked.service.node.read(|registry, _| registry.uss_availability(&uss)))))
}

/// Declares whether a USS answers.
pub async fn set(asked: Asked<'_>) -> Result<Answer, Refusal> {
    let body: astm::SetUssAvailabilityStatusParameters = request::read(&asked.body).map_err(Refusal::Form)?;
    let uss = asked.named(request::uss_id)?;
    let (expected, availability) = request::availability(&body);
    let set = SetUssAvailability { uss, expected, availability, version: asked.service.fresh_version() };
    let outcome = asked.service.propose(Action::SetUssAvailability(set)).await?;
    let Outcome::UssAvailabilitySet(status) = outcome else { unexpected(&outcome) };
    Ok(Answer::ok(&wire::uss_availability(&status)))
}
