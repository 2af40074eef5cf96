//! Subscriptions of F3411, in either of its versions. Searches find the caller's own; everybody may see one whose id it knows.

use crate::http::answer::Answer;
use crate::http::asked::Asked;
use crate::http::body::{aside, work_out, write_out};
use crate::http::intents::unexpected;
use crate::http::refusal::Refusal;
use crate::wire::{Problems, Rid, query, request};
use deconflict_registry::{Action, DeleteRidSubscription, Expected, Outcome, PutRidSubscription, RidVersion, SubscriptionId};

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
    let mut problems = Problems::default();
    let id = request::rid_subscription_id(&asked.parameters[0], &mut problems);
    let id = problems.or(id).map_err(Refusal::Problems)?;
    let found = asked.service.node.read(|registry, _| registry.rid_subscription(id));
    Ok(Answer::ok(&V::subscription(&found.ok_or(Refusal::NotThere)?)))
}

/// A new subscription.
pub async fn create<V: Rid>(asked: Asked<'_>) -> Result<Answer, Refusal> {
    let mut problems = Problems::default();
    let id = request::rid_subscription_id(&asked.parameters[0], &mut problems);
    put::<V>(asked, id, Some(Expected::Nothing), problems).await
}

/// Another version of a subscription.
pub async fn update<V: Rid>(asked: Asked<'_>) -> Result<Answer, Refusal> {
    let mut problems = Problems::default();
    let id = request::rid_subscription_id(&asked.parameters[0], &mut problems);
    let expected = request::rid_version(&asked.parameters[1], &mut problems).map(|version| Expected::Version(Some(version)));
    put::<V>(asked, id, expected, problems).await
}

/// The end of a subscription.
pub async fn delete<V: Rid>(asked: Asked<'_>) -> Result<Answer, Refusal> {
    let mut problems = Problems::default();
    let id = request::rid_subscription_id(&asked.parameters[0], &mut problems);
    let version = request::rid_version(&asked.parameters[1], &mut problems);
    let (id, version) = problems.or(id.zip(version)).map_err(Refusal::Problems)?;
    let delete = DeleteRidSubscription { caller: asked.uss, id, version };
    let outcome = asked.service.propose(Action::DeleteRidSubscription(delete)).await?;
    let Outcome::RidSubscriptionDeleted { subscription } = outcome else { unexpected(&outcome) };
    Ok(Answer::ok(&V::subscription(&subscription)))
}

async fn put<V: Rid>(
    asked: Asked<'_>,
    id: Option<SubscriptionId>,
    expected: Option<Expected<RidVersion>>,
    mut problems: Problems,
) -> Result<Answer, Refusal> {
    let urls = asked.service.urls();
    let read = work_out(asked.service, asked.body.clone(), move |body| {
        let body: V::SubscriptionBody = request::read(body).map_err(Refusal::Form)?;
        let subscription = V::asked_subscription(&body, urls, &mut problems);
        problems.or(subscription.zip(id.zip(expected))).map_err(Refusal::Problems)
    });
    let (subscription, (id, expected)) = read.await?;
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
