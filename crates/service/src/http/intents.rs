//! Operational intent references.

use crate::http::answer::Answer;
use crate::http::asked::{Asked, Target};
use crate::http::body::aside;
use crate::http::operation::{CONFORMANCE_MONITORING_SA, CONSTRAINT_PROCESSING};
use crate::http::refusal::Refusal;
use crate::http::service::Service;
use crate::wire::request::{self, AskedSubscription, Intent};
use crate::wire::{self, Problems, UrlRules};
use axum::http::StatusCode;
use deconflict_astm as astm;
use deconflict_registry::{
    Action, DeleteOperationalIntent, EntityId, Expected, IntentSubscription, NewOvn, Outcome, Ovn, PutOperationalIntent, UssId,
};

/// All intents in an area. One that is too large is a 400 here, as clients expect.
pub async fn query(asked: Asked<'_>) -> Result<Answer, Refusal> {
    let area =
        asked.area(|query: astm::QueryOperationalIntentReferenceParameters| query.area_of_interest, Refusal::Problems).await?;
    let (node, uss) = (asked.service.node.clone(), asked.uss);
    let look = move || {
        let found = node.read(|registry, _| registry.operational_intents_in(&area, &uss));
        let operational_intent_references = found.iter().map(wire::intent_reference).collect();
        Answer::ok(&astm::QueryOperationalIntentReferenceResponse { operational_intent_references })
    };
    Ok(aside(look).await)
}

/// One intent.
pub fn get(asked: &Asked) -> Result<Answer, Refusal> {
    let id = asked.named(request::entity_id)?;
    let found = asked.service.node.read(|registry, _| registry.operational_intent(id, &asked.uss));
    let operational_intent_reference = wire::intent_reference(&found.ok_or(Refusal::NotThere)?);
    Ok(Answer::ok(&astm::GetOperationalIntentReferenceResponse { operational_intent_reference }))
}

/// A new intent.
pub async fn create(asked: Asked<'_>) -> Result<Answer, Refusal> {
    let target = asked.new_target(request::entity_id);
    put(asked, target, StatusCode::CREATED).await
}

/// Another version of an intent.
pub async fn update(asked: Asked<'_>) -> Result<Answer, Refusal> {
    let target = asked.known_target(request::entity_id, request::ovn);
    put(asked, target, StatusCode::OK).await
}

/// The end of an intent.
pub async fn delete(asked: Asked<'_>) -> Result<Answer, Refusal> {
    let (id, ovn) = asked.named_version(request::entity_id, request::ovn)?;
    let delete = DeleteOperationalIntent { caller: asked.uss, id, ovn };
    let outcome = asked.service.propose(Action::DeleteOperationalIntent(delete)).await?;
    let Outcome::OperationalIntentDeleted { reference, subscribers } = outcome else { unexpected(&outcome) };
    Ok(Answer::ok(&wire::intent_changed(&reference, &subscribers)))
}

async fn put(asked: Asked<'_>, target: Target<EntityId, Ovn>, status: StatusCode) -> Result<Answer, Refusal> {
    let strict_scopes = asked.service.settings.strict_scopes;
    let [monitors_conformance, processes_constraints] =
        [CONFORMANCE_MONITORING_SA, CONSTRAINT_PROCESSING].map(|scope| asked.caller.has(scope));
    let of = move |body: &astm::PutOperationalIntentReferenceParameters, urls: UrlRules, problems: &mut Problems| {
        if !request::state(body.state).is_nominal() && !monitors_conformance {
            return Err(Refusal::Scope(format!("the state {:?} needs the scope {CONFORMANCE_MONITORING_SA}", body.state)));
        }
        let new = body.new_subscription.as_ref();
        if strict_scopes && !processes_constraints && new.is_some_and(|new| new.notify_for_constraints == Some(true)) {
            return Err(Refusal::Scope(format!("notify_for_constraints needs the scope {CONSTRAINT_PROCESSING}")));
        }
        Ok(request::intent(body, urls, problems))
    };
    let (intent, id, expected) = asked.put(target, of).await?;

    let service = asked.service;
    let needs_fresh_id = matches!(intent.subscription, AskedSubscription::Implicit { .. });
    let outcome = if needs_fresh_id {
        service.propose_with_fresh_id(|| command(service, asked.uss.clone(), id, expected, intent.clone())).await?
    } else {
        service.propose(command(service, asked.uss, id, expected, intent)).await?
    };
    let Outcome::OperationalIntentPut { reference, subscribers } = outcome else { unexpected(&outcome) };
    Ok(Answer::json(status, &wire::intent_changed(&reference, &subscribers)))
}

fn command(service: &Service, caller: UssId, id: EntityId, expected: Expected<Ovn>, intent: Intent) -> Action {
    let subscription = match intent.subscription {
        AskedSubscription::None => IntentSubscription::None,
        AskedSubscription::Existing(id) => IntentSubscription::Existing { id, version: service.fresh_version() },
        AskedSubscription::Implicit { uss_base_url, notify_for_constraints } => {
            IntentSubscription::Implicit { fresh: service.fresh_subscription(), uss_base_url, notify_for_constraints }
        }
    };
    Action::PutOperationalIntent(PutOperationalIntent {
        caller,
        id,
        expected,
        state: intent.state,
        volumes: intent.volumes,
        uss_base_url: intent.uss_base_url,
        subscription,
        key: intent.key,
        ovn: intent.ovn_suffix.map_or_else(|| NewOvn::Issued(service.fresh_bits()), NewOvn::Requested),
    })
}

/// A registry answers a command with the outcome of its kind, or a rejection.
pub fn unexpected(outcome: &Outcome) -> ! {
    panic!("bug: the registry answered another question: {outcome:?}")
}
