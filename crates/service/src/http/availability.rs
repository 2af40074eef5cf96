//! The availability of USSs.

use crate::http::answer::Answer;
use crate::http::asked::Asked;
use crate::http::intents::unexpected;
use crate::http::refusal::Refusal;
use crate::wire::request;
use crate::wire::{self, Problems};
use deconflict_astm as astm;
use deconflict_registry::{Action, Outcome, SetUssAvailability};

/// What was declared of a USS; `Unknown` if nothing was.
pub fn get(asked: &Asked) -> Result<Answer, Refusal> {
    let mut problems = Problems::default();
    let uss = request::uss_id(&asked.parameters[0], &mut problems);
    let uss = problems.or(uss).map_err(Refusal::Problems)?;
    Ok(Answer::ok(&wire::uss_availability(&asked.service.node.read(|registry, _| registry.uss_availability(&uss)))))
}

/// Declares whether a USS answers.
pub async fn set(asked: Asked<'_>) -> Result<Answer, Refusal> {
    let body: astm::SetUssAvailabilityStatusParameters = request::read(&asked.body).map_err(Refusal::Form)?;
    let mut problems = Problems::default();
    let uss = request::uss_id(&asked.parameters[0], &mut problems);
    let uss = problems.or(uss).map_err(Refusal::Problems)?;
    let (expected, availability) = request::availability(&body);
    let set = SetUssAvailability { uss, expected, availability, version: asked.service.fresh_version() };
    let outcome = asked.service.propose(Action::SetUssAvailability(set)).await?;
    let Outcome::UssAvailabilitySet(status) = outcome else { unexpected(&outcome) };
    Ok(Answer::ok(&wire::uss_availability(&status)))
}
