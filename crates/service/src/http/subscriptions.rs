//! Subscriptions. Only their owners see them.

use crate::http::answer::Answer;
use crate::http::asked::{Asked, Target};
use crate::http::body::{aside, write_out};
use crate::http::intents::unexpected;
use crate::http::operation::{CONSTRAINT_PROCESSING, STRATEGIC_COORDINATION};
use crate::http::refusal::Refusal;
use crate::wire::{self, Problems, UrlRules, request};
use deconflict_astm as astm;
use deconflict_registry::{Action, DeleteSubscription, OpaqueVersion, Outcome, PutSubscription, SubscriptionId};

/// The caller's subscriptions in an area.
pub async fn query(asked: Asked<'_>) -> Result<Answer, Refusal> {
    let area = asked.area(|query: astm::QuerySubscriptionParameters| query.area_of_interest, Refusal::of_query).await?;
    let (node, uss) = (asked.service.node.clone(), asked.uss);
    let look = move || {
        let found = node.read(|registry, now| registry.subscriptions_in(&area, &uss, now));
        let subscriptions = found.iter().map(wire::subscription).collect();
        Answer::ok(&astm::QuerySubscriptionsResponse { subscriptions })
    };
    Ok(aside(look).await)
}

/// One subscription.
pub fn get(asked: &Asked) -> Result<Answer, Refusal> {
    let id = asked.named(request::subscription_id)?;
    let found = asked.service.node.read(|registry, _| registry.subscription(id)).ok_or(Refusal::NotThere)?;
    if found.manager != asked.uss {
        return Err(Refusal::NotOwner);
    }
    Ok(Answer::ok(&astm::GetSubscriptionResponse { subscription: wire::subscription(&found) }))
}

/// A new subscription.
pub async fn create(asked: Asked<'_>) -> Result<Answer, Refusal> {
    let target = asked.new_target(request::subscription_id);
    put(asked, target).await
}

/// Another version of a subscription.
pub async fn update(asked: Asked<'_>) -> Result<Answer, Refusal> {
    let target = asked.known_target(request::subscription_id, request::version);
    put(asked, target).await
}

/// The end of a subscription.
pub async fn delete(asked: Asked<'_>) -> Result<Answer, Refusal> {
    let (id, version) = asked.named_version(request::subscription_id, request::version)?;
    let delete = DeleteSubscription { caller: asked.uss, id, version };
    let outcome = asked.service.propose(Action::DeleteSubscription(delete)).await?;
    let Outcome::SubscriptionDeleted { subscription } = outcome else { unexpected(&outcome) };
    Ok(Answer::ok(&astm::DeleteSubscriptionResponse { subscription: wire::subscription(&subscription) }))
}

async fn put(asked: Asked<'_>, target: Target<SubscriptionId, OpaqueVersion>) -> Result<Answer, Refusal> {
    let strict_scopes = asked.service.settings.strict_scopes;
    let [coordinates, processes_constraints] =
        [STRATEGIC_COORDINATION, CONSTRAINT_PROCESSING].map(|scope| asked.caller.has(scope));
    let of = move |body: &astm::PutSubscriptionParameters, urls: UrlRules, problems: &mut Problems| {
        if strict_scopes && !coordinates && body.notify_for_operational_intents == Some(true) {
            return Err(Refusal::Scope(format!("notify_for_operational_intents needs the scope {STRATEGIC_COORDINATION}")));
        }
        if strict_scopes && !processes_constraints && body.notify_for_constraints == Some(true) {
            return Err(Refusal::Scope(format!("notify_for_constraints needs the scope {CONSTRAINT_PROCESSING}")));
        }
        Ok(request::subscription(body, urls, problems))
    };
    let (subscription, id, expected) = asked.put(target, of).await?;
    let put = PutSubscription {
        caller: asked.uss,
        id,
        expected,
        cells: subscription.extent.cells,
        start: subscription.extent.start.or_else(|| asked.service.start_of_new(expected)),
        end: subscription.extent.end,
        uss_base_url: subscription.uss_base_url,
        notify_for_operational_intents: subscription.notify_for_operational_intents,
        notify_for_constraints: subscription.notify_for_constraints,
        version: asked.service.fresh_version(),
    };
    let outcome = asked.service.propose(Action::PutSubscription(put)).await?;
    let Outcome::SubscriptionPut { subscription, operational_intents, constraints } = outcome else { unexpected(&outcome) };
    let entries = operational_intents.len() + constraints.len();
    let write = move || Answer::ok(&wire::subscription_put(&subscription, &operational_intents, &constraints));
    Ok(write_out(entries, write).await)
}
