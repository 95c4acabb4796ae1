//! The second half of a registration, after the administrator's click if one is wanted.

use std::sync::Arc;

use axum::response::Response;
use store::registrations::Status;
use url::Url;

use super::attempt::{Mode, Registration, RegistrationId};
use super::refusal::RegistrationError;
use super::registered;
use super::room::Registrations;
use crate::directory::tools::Tool;
use crate::traces::{Recorder, Step};
use crate::web::language::Language;
use crate::web::problem::Problem;
use crate::web::redirect;

/// What comes after the click, or where none is wanted: the tool's own page, or the registration itself.
pub(super) async fn proceed(
    room: &Registrations,
    tool: &Arc<Tool>,
    language: Language,
    registration: Registration,
    confirmed: Option<RegistrationId>,
    trace: &mut Recorder,
) -> Result<Response, Problem> {
    trace.facts.issuer = Some(registration.offer.configuration.issuer.clone());
    if registration.mode(tool) == Mode::PreApproval {
        let page = tool
            .settings
            .registration
            .pre_approval
            .url
            .clone()
            .ok_or(RegistrationError::NoApprovalPage)?;
        let id = match confirmed {
            None => registration.wait(room, tool, Status::Pending).await?,
            Some(id) if Registration::confirmed(room, tool, &id).await? => id,
            Some(_) => return Err(RegistrationError::NotWaiting.into()),
        };
        return to_approval_page(page, &id);
    }
    let from = confirmed.map(|id| (id, Status::Confirm));
    let origins = registration.offer.frame_origins().policy();
    let done = registration.send(room, tool, from).await?;
    trace.done(Step::PlatformAnswered);
    trace.platform = Some(Arc::new(done.platform.clone()));
    let page = registered::page(&room.random, tool, language, &origins, &done);
    Ok(page)
}

fn to_approval_page(mut page: Url, id: &RegistrationId) -> Result<Response, Problem> {
    page.query_pairs_mut()
        .append_pair("registrationId", id.as_str());
    redirect::see_other(&page)
}
