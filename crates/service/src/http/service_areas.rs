//! Identification service areas of F3411, in either of its versions.

use crate::http::answer::Answer;
use crate::http::asked::{Asked, Target};
use crate::http::body::aside;
use crate::http::intents::unexpected;
use crate::http::refusal::Refusal;
use crate::wire::{Problems, Rid, UrlRules, query, request};
use deconflict_registry::{Action, DeleteIdentificationServiceArea, EntityId, Outcome, PutIdentificationServiceArea, RidVersion};

/// All areas at a place that have not ended.
pub async fn search<V: Rid>(asked: Asked<'_>) -> Result<Answer, Refusal> {
    let mut problems = Problems::default();
    let (cells, time) = (query::area(&asked.query, &mut problems), query::times(&asked.query, &mut problems));
    let (cells, time) = problems.or(cells.zip(time)).map_err(Refusal::of_query)?;
    let node = asked.service.node.clone();
    let look =
        move || Answer::ok(&V::areas(&node.read(|registry, now| registry.identification_service_areas_in(&cells, time, now))));
    Ok(aside(look).await)
}

/// One area, ended or not.
pub fn get<V: Rid>(asked: &Asked) -> Result<Answer, Refusal> {
    let id = asked.named(request::area_id)?;
    let found = asked.service.node.read(|registry, _| registry.identification_service_area(id));
    Ok(Answer::ok(&V::area(&found.ok_or(Refusal::NotThere)?)))
}

/// A new area.
pub async fn create<V: Rid>(asked: Asked<'_>) -> Result<Answer, Refusal> {
    let target = asked.new_target(request::area_id);
    put::<V>(asked, target).await
}

/// Another version of an area.
pub async fn update<V: Rid>(asked: Asked<'_>) -> Result<Answer, Refusal> {
    let version = |text: &str, problems: &mut Problems| request::rid_version(text, problems).map(Some);
    let target = asked.known_target(request::area_id, version);
    put::<V>(asked, target).await
}

/// The end of an area.
pub async fn delete<V: Rid>(asked: Asked<'_>) -> Result<Answer, Refusal> {
    let (id, version) = asked.named_version(request::area_id, request::rid_version)?;
    let delete = DeleteIdentificationServiceArea { caller: asked.uss, id, version };
    let outcome = asked.service.propose(Action::DeleteIdentificationServiceArea(delete)).await?;
    let Outcome::IdentificationServiceAreaDeleted { service_area, subscribers } = outcome else { unexpected(&outcome) };
    Ok(Answer::ok(&V::area_changed(&service_area, &subscribers)))
}

async fn put<V: Rid>(asked: Asked<'_>, target: Target<EntityId, RidVersion>) -> Result<Answer, Refusal> {
    let of = |body: &V::AreaBody, urls: UrlRules, problems: &mut Problems| Ok(V::asked_area(body, urls, problems));
    let (area, id, expected) = asked.put(target, of).await?;
    let put = PutIdentificationServiceArea {
        caller: asked.uss,
        id,
        expected,
        cells: area.extent.cells,
        start: area.extent.start.or_else(|| asked.service.start_of_new(expected)),
        end: area.extent.end,
        url: area.url,
    };
    let outcome = asked.service.propose(Action::PutIdentificationServiceArea(put)).await?;
    let Outcome::IdentificationServiceAreaPut { service_area, subscribers } = outcome else { unexpected(&outcome) };
    Ok(Answer::ok(&V::area_changed(&service_area, &subscribers)))
}
