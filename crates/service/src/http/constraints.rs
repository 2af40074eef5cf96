//! Constraint references.

use crate::http::answer::Answer;
use crate::http::asked::Asked;
use crate::http::body::{aside, work_out};
use crate::http::intents::unexpected;
use crate::http::refusal::Refusal;
use crate::wire::request;
use crate::wire::{self, Problems};
use axum::http::StatusCode;
use deconflict_astm as astm;
use deconflict_registry::{Action, DeleteConstraint, EntityId, Expected, Outcome, Ovn, PutConstraint};

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
    let id = asked.entity()?;
    let found = asked.service.node.read(|registry, _| registry.constraint(id, &asked.uss));
    let constraint_reference = wire::constraint_reference(&found.ok_or(Refusal::NotThere)?);
    Ok(Answer::ok(&astm::GetConstraintReferenceResponse { constraint_reference }))
}

/// A new constraint.
pub async fn create(asked: Asked<'_>) -> Result<Answer, Refusal> {
    let mut problems = Problems::default();
    let id = request::entity_id(&asked.parameters[0], &mut problems);
    put(asked, id, Some(Expected::Nothing), problems, StatusCode::CREATED).await
}

/// Another version of a constraint.
pub async fn update(asked: Asked<'_>) -> Result<Answer, Refusal> {
    let mut problems = Problems::default();
    let id = request::entity_id(&asked.parameters[0], &mut problems);
    let expected = request::ovn(&asked.parameters[1], &mut problems).map(Expected::Version);
    put(asked, id, expected, problems, StatusCode::OK).await
}

/// The end of a constraint.
pub async fn delete(asked: Asked<'_>) -> Result<Answer, Refusal> {
    let (id, ovn) = asked.entity_and_ovn()?;
    let delete = DeleteConstraint { caller: asked.uss, id, ovn };
    let outcome = asked.service.propose(Action::DeleteConstraint(delete)).await?;
    let Outcome::ConstraintDeleted { reference, subscribers } = outcome else { unexpected(&outcome) };
    Ok(Answer::ok(&wire::constraint_changed(&reference, &subscribers)))
}

async fn put(
    asked: Asked<'_>,
    id: Option<EntityId>,
    expected: Option<Expected<Ovn>>,
    mut problems: Problems,
    status: StatusCode,
) -> Result<Answer, Refusal> {
    let urls = asked.service.urls();
    let read = work_out(asked.service, asked.body.clone(), move |body| {
        let body: astm::PutConstraintReferenceParameters = request::read(body).map_err(Refusal::Form)?;
        let constraint = request::constraint(&body, urls, &mut problems);
        problems.or(constraint.zip(id.zip(expected))).map_err(Refusal::Problems)
    });
    let (constraint, (id, expected)) = read.await?;
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
