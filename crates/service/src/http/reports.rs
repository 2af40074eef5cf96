//! Reports about exchanges that failed. They stay in the log as they came in.

use crate::http::answer::Answer;
use crate::http::asked::Asked;
use crate::http::body::work_out;
use crate::http::intents::unexpected;
use crate::http::refusal::Refusal;
use crate::wire::request;
use axum::http::StatusCode;
use deconflict_astm as astm;
use deconflict_registry::{Action, FileReport, Outcome, ReportId};

/// Keeps a report, and says under which id.
pub async fn file(asked: Asked<'_>) -> Result<Answer, Refusal> {
    let report =
        work_out(asked.service, asked.body.clone(), |body| request::read::<astm::ErrorReport>(body).map_err(Refusal::Form));
    let mut report = report.await?;
    let service = asked.service;
    let outcome = service
        .propose_with_fresh_id(|| {
            let id = ReportId::from_u128(service.fresh_uuid());
            Action::FileReport(FileReport { reporter: asked.uss.clone(), id, body: asked.body.as_ref().into() })
        })
        .await?;
    let Outcome::ReportFiled { id } = outcome else { unexpected(&outcome) };
    report.report_id = Some(id.to_string());
    Ok(Answer::json(StatusCode::CREATED, &report))
}
