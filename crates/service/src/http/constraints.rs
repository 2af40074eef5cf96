//! Constraint references.

use crate::http::answer::Answer;
use crate::http::asked::{Asked, Target};
use crate::http::body::aside;
use crate::http::intents::unexpected;
use crate::http::refusal::Refusal;
use crate::wire::{self, Problems, UrlRules, request};
use axum::http::StatusCode;
use deconflict_astm as astm;
use deconflict_registry::{Action, DeleteConstraint, EntityId, Outcome, Ovn, PutConstraint};

/// All constraints in an area.
pub async fn query(asked: Asked<'_>) -> Result<Answer, Refusal> {
    let area = asked.area(|query: astm::QueryConstraintReferenceParameters| query.area_of_interest, Refusal::of_query).await?;
    let (node, uss) = (asked.service.node.clone(), asked.uss);
    let look = move || {
        let found = node.read(|registry, _| registry.constraints_in(&area, &uss));
        let constraint_references = found.iter().map(wire::constraint_reference).collect();
        Answer::ok(&astm::QueryConstraintReferencesResponse { constraint_references })
    };
    Ok(aside(look).await)
}

/// One constraint.
pub fn get(asked: &Asked) -> Result<Answer, Refusal> {
    let id = asked.named(request::entity_id)?;
    let found = asked.service.node.read(|registry, _| registry.constraint(id, &asked.uss));
    let constraint_reference = wire::constraint_reference(&found.ok_or(Refusal::NotThere)?);
    Ok(Answer::ok(&astm::GetConstraintReferenceResponse { constraint_reference }))
}

/// A new constraint.
pub async fn create(asked: Asked<'_>) -> Result<Answer, Refusal> {
    let target = asked.new_target(request::entity_id);
    put(asked, target, StatusCode::CREATED).await
}

/// Another version of a constraint.
pub async fn update(asked: Asked<'_>) -> Result<Answer, Refusal> {
    let target = asked.known_target(request::entity_id, request::ovn);
    put(asked, target, StatusCode::OK).await
}

/// The end of a constraint.
pub async fn delete(asked: Asked<'_>) -> Result<Answer, Refusal> {
    let (id, ovn) = asked.named_version(request::entity_id, request::ovn)?;
    let delete = DeleteConstraint { caller: asked.uss, id, ovn };
    let outcome = asked.service.propose(Action::DeleteConstraint(delete)).await?;
    let Outcome::ConstraintDeleted { reference, subscribers } = outcome else { unexpected(&outcome) };
    Ok(Answer::ok(&wire::constraint_changed(&reference, &subscribers)))
}

async fn put(asked: Asked<'_>, target: Target<EntityId, Ovn>, status: StatusCode) -> Result<Answer, Refusal> {
    let of = |body: &astm::PutConstraintReferenceParameters, urls: UrlRules, problems: &mut Problems| {
        Ok(request::constraint(body, urls, problems))
    };
    let (constraint, id, expected) = asked.put(target, of).await?;
    let put = PutConstraint {
        caller: asked.uss,
        id,
        expected,
        volumes: constraint.volumes,
        uss_base_url: constraint.uss_base_url,
        ovn: asked.service.fresh_bits(),
    };
    let outcome = asked.service.propose(Action::PutConstraint(put)).await?;
    let Outcome::ConstraintPut { reference, subscribers } = outcome else { unexpected(&outcome) };
    Ok(Answer::json(status, &wire::constraint_changed(&reference, &subscribers)))
}
