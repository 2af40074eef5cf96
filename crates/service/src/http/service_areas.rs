//! Identification service areas of F3411, in either of its versions.

use crate::http::answer::Answer;
use crate::http::asked::Asked;
use crate::http::body::{aside, work_out};
use crate::http::intents::unexpected;
use crate::http::refusal::Refusal;
use crate::wire::{Problems, Rid, query, request};
use deconflict_registry::{
    Action, DeleteIdentificationServiceArea, EntityId, Expected, Outcome, PutIdentificationServiceArea, RidVersion,
};

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
    let mut problems = Problems::default();
    let id = request::area_id(&asked.parameters[0], &mut problems);
    let id = problems.or(id).map_err(Refusal::Problems)?;
    let found = asked.service.node.read(|registry, _| registry.identification_service_area(id));
    Ok(Answer::ok(&V::area(&found.ok_or(Refusal::NotThere)?)))
}

/// A new area.
pub async fn create<V: Rid>(asked: Asked<'_>) -> Result<Answer, Refusal> {
    let mut problems = Problems::default();
    let id = request::area_id(&asked.parameters[0], &mut problems);
    put::<V>(asked, id, Some(Expected::Nothing), problems).await
}

/// Another version of an area.
pub async fn update<V: Rid>(asked: Asked<'_>) -> Result<Answer, Refusal> {
    let mut problems = Problems::default();
    let id = request::area_id(&asked.parameters[0], &mut problems);
    let expected = request::rid_version(&asked.parameters[1], &mut problems).map(|version| Expected::Version(Some(version)));
    put::<V>(asked, id, expected, problems).await
}

/// The end of an area.
pub async fn delete<V: Rid>(asked: Asked<'_>) -> Result<Answer, Refusal> {
    let mut problems = Problems::default();
    let id = request::area_id(&asked.parameters[0], &mut problems);
    let version = request::rid_version(&asked.parameters[1], &mut problems);
    let (id, version) = problems.or(id.zip(version)).map_err(Refusal::Problems)?;
    let delete = DeleteIdentificationServiceArea { caller: asked.uss, id, version };
    let outcome = asked.service.propose(Action::DeleteIdentificationServiceArea(delete)).await?;
    let Outcome::IdentificationServiceAreaDeleted { service_area, subscribers } = outcome else { unexpected(&outcome) };
    Ok(Answer::ok(&V::area_changed(&service_area, &subscribers)))
}

async fn put<V: Rid>(
    asked: Asked<'_>,
    id: Option<EntityId>,
    expected: Option<Expected<RidVersion>>,
    mut problems: Problems,
) -> Result<Answer, Refusal> {
    let urls = asked.service.urls();
    let read = work_out(asked.service, asked.body.clone(), move |body| {
        let body: V::AreaBody = request::read(body).map_err(Refusal::Form)?;
        let area = V::asked_area(&body, urls, &mut problems);
        problems.or(area.zip(id.zip(expected))).map_err(Refusal::Problems)
    });
    let (area, (id, expected)) = read.await?;
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
