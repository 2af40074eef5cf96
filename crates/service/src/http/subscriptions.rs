//! Subscriptions. Only their owners see them.

use crate::http::answer::Answer;
use crate::http::asked::Asked;
use crate::http::body::{aside, work_out, write_out};
use crate::http::intents::unexpected;
use crate::http::operation::{CONSTRAINT_PROCESSING, STRATEGIC_COORDINATION};
use crate::http::refusal::Refusal;
use crate::wire::request;
use crate::wire::{self, Problems};
use deconflict_astm as astm;
use deconflict_registry::{Action, DeleteSubscription, Expected, OpaqueVersion, Outcome, PutSubscription, SubscriptionId};

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
    let mut problems = Problems::default();
    let id = request::subscription_id(&asked.parameters[0], &mut problems);
    let id = problems.or(id).map_err(Refusal::Problems)?;
    let found = asked.service.node.read(|registry, _| registry.subscription(id)).ok_or(Refusal::NotThere)?;
    if found.manager != asked.uss {
        return Err(Refusal::NotOwner);
    }
    Ok(Answer::ok(&astm::GetSubscriptionResponse { subscription: wire::subscription(&found) }))
}

/// A new subscription.
pub async fn create(asked: Asked<'_>) -> Result<Answer, Refusal> {
    let mut problems = Problems::default();
    let id = request::subscription_id(&asked.parameters[0], &mut problems);
    put(asked, id, Some(Expected::Nothing), problems).await
}

/// Another version of a subscription.
pub async fn update(asked: Asked<'_>) -> Result<Answer, Refusal> {
    let mut problems = Problems::default();
    let id = request::subscription_id(&asked.parameters[0], &mut problems);
    let expected = request::version(&asked.parameters[1], &mut problems).map(Expected::Version);
    put(asked, id, expected, problems).await
}

/// The end of a subscription.
pub async fn delete(asked: Asked<'_>) -> Result<Answer, Refusal> {
    let mut problems = Problems::default();
    let id = request::subscription_id(&asked.parameters[0], &mut problems);
    let version = request::version(&asked.parameters[1], &mut problems);
    let (id, version) = problems.or(id.zip(version)).map_err(Refusal::Problems)?;
    let delete = DeleteSubscription { caller: asked.uss, id, version };
    let outcome = asked.service.propose(Action::DeleteSubscription(delete)).await?;
    let Outcome::SubscriptionDeleted { subscription } = outcome else { unexpected(&outcome) };
    Ok(Answer::ok(&astm::DeleteSubscriptionResponse { subscription: wire::subscription(&subscription) }))
}

async fn put(
    asked: Asked<'_>,
    id: Option<SubscriptionId>,
    expected: Option<Expected<OpaqueVersion>>,
    mut problems: Problems,
) -> Result<Answer, Refusal> {
    let urls = asked.service.urls();
    let read = work_out(asked.service, asked.body.clone(), move |body| {
        let body: astm::PutSubscriptionParameters = request::read(body).map_err(Refusal::Form)?;
        let subscription = request::subscription(&body, urls, &mut problems);
        Ok((body.notify_for_operational_intents, body.notify_for_constraints, problems.or(subscription.zip(id.zip(expected)))))
    });
    let (for_intents, for_constraints, read) = read.await?;
    if asked.service.settings.strict_scopes {
        if for_intents == Some(true) {
            asked.need(STRATEGIC_COORDINATION, "notify_for_operational_intents")?;
        }
        if for_constraints == Some(true) {
            asked.need(CONSTRAINT_PROCESSING, "notify_for_constraints")?;
        }
    }
    let (subscription, (id, expected)) = read.map_err(Refusal::Problems)?;
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
