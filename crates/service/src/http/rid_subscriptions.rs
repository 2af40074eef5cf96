//! Subscriptions of F3411, in either of its versions. Searches find the caller's own; everybody may see one whose id it knows.

use crate::http::answer::Answer;
use crate::http::asked::{Asked, Target};
use crate::http::body::{aside, write_out};
use crate::http::intents::unexpected;
use crate::http::refusal::Refusal;
use crate::wire::{Problems, Rid, UrlRules, query, request};
use deconflict_registry::{Action, DeleteRidSubscription, Outcome, PutRidSubscription, RidVersion, SubscriptionId};

/// The caller's subscriptions at a place that have not ended.
pub async fn search<V: Rid>(asked: Asked<'_>) -> Result<Answer, Refusal> {
    let mut problems = Problems::default();
    let cells = query::area(&asked.query, &mut problems);
    let cells = problems.or(cells).map_err(Refusal::of_query)?;
    let (node, uss) = (asked.service.node.clone(), asked.uss);
    let look =
        move || Answer::ok(&V::subscriptions(&node.read(|registry, now| registry.rid_subscriptions_in(&cells, &uss, now))));
    Ok(aside(look).await)
}

/// One subscription, ended or not.
pub fn get<V: Rid>(asked: &Asked) -> Result<Answer, Refusal> {
    let id = asked.named(request::rid_subscription_id)?;
    let found = asked.service.node.read(|registry, _| registry.rid_subscription(id));
    Ok(Answer::ok(&V::subscription(&found.ok_or(Refusal::NotThere)?)))
}

/// A new subscription.
pub async fn create<V: Rid>(asked: Asked<'_>) -> Result<Answer, Refusal> {
    let target = asked.new_target(request::rid_subscription_id);
    put::<V>(asked, target).await
}

/// Another version of a subscription.
pub async fn update<V: Rid>(asked: Asked<'_>) -> Result<Answer, Refusal> {
    let version = |text: &str, problems: &mut Problems| request::rid_version(text, problems).map(Some);
    let target = asked.known_target(request::rid_subscription_id, version);
    put::<V>(asked, target).await
}

/// The end of a subscription.
pub async fn delete<V: Rid>(asked: Asked<'_>) -> Result<Answer, Refusal> {
    let (id, version) = asked.named_version(request::rid_subscription_id, request::rid_version)?;
    let delete = DeleteRidSubscription { caller: asked.uss, id, version };
    let outcome = asked.service.propose(Action::DeleteRidSubscription(delete)).await?;
    let Outcome::RidSubscriptionDeleted { subscription } = outcome else { unexpected(&outcome) };
    Ok(Answer::ok(&V::subscription(&subscription)))
}

async fn put<V: Rid>(asked: Asked<'_>, target: Target<SubscriptionId, RidVersion>) -> Result<Answer, Refusal> {
    let of =
        |body: &V::SubscriptionBody, urls: UrlRules, problems: &mut Problems| Ok(V::asked_subscription(body, urls, problems));
    let (subscription, id, expected) = asked.put(target, of).await?;
    let put = PutRidSubscription {
        caller: asked.uss,
        id,
        expected,
        cells: subscription.extent.cells,
        start: subscription.extent.start.or_else(|| asked.service.start_of_new(expected)),
        end: subscription.extent.end,
        url: subscription.url,
    };
    let outcome = asked.service.propose(Action::PutRidSubscription(put)).await?;
    let Outcome::RidSubscriptionPut { subscription, service_areas } = outcome else { unexpected(&outcome) };
    let entries = service_areas.len();
    Ok(write_out(entries, move || Answer::ok(&V::subscription_put(&subscription, &service_areas))).await)
}
