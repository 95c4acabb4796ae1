//! What follows the administrator's confirmation; without confirmation, it happens at once.

use std::sync::Arc;

use axum::response::Response;
use store::registrations::RegistrationStatus;
use url::Url;

use super::asker::Asker;
use super::attempt::{RegistrationAttempt, RegistrationId};
use super::preset::Decision;
use super::refusal::RegistrationError;
use super::registered;
use super::room::Registrations;
use super::send::send;
use crate::directory::tools::Tool;
use crate::traces::{Recorder, Step};
use crate::web::language::Language;
use crate::web::problem::Problem;
use crate::web::redirect::Onward;

/// Redirects to the tool's own page, or registers.
pub(super) async fn proceed(
    room: &Registrations,
    tool: &Arc<Tool>,
    language: Language,
    attempt: RegistrationAttempt,
    asker: Asker,
    confirmed: Option<RegistrationId>,
    trace: &mut Recorder,
) -> Result<Response, Problem> {
    trace.facts.issuer = Some(attempt.offer.configuration.issuer.clone());
    if attempt.decision(&tool.settings) == Decision::PreApproval {
        let page = tool.settings.registration.pre_approval.url.clone();
        let page = page.ok_or(RegistrationError::NoApprovalPage)?;
        let id = match confirmed {
            None => {
                room.wait(&attempt, tool, RegistrationStatus::Pending)
                    .await?
            }
            Some(id) if room.confirmed(tool, &id).await? => id,
            Some(_) => return Err(RegistrationError::NotWaiting.into()),
        };
        let onward = Onward {
            random: &room.random,
            language,
            tool: tool.face_in(language),
        };
        return to_approval_page(onward, page, &id);
    }
    let from = confirmed.map(|id| (id, RegistrationStatus::Confirm));
    let origins = attempt.offer.frame_origins().policy();
    let asked = room.asked(&attempt, tool)?;
    trace.facts.registration = Some(asked.traced(None));
    let done = send(room, tool, attempt, asker, from).await?;
    trace.done(Step::PlatformAnswered);
    trace.facts.registration = Some(asked.traced(Some(&done)));
    trace.platform = Some(Arc::new(done.platform.clone()));
    let page = registered::page(&room.random, tool, language, &origins, &done);
    Ok(page)
}

fn to_approval_page(
    onward: Onward<'_>,
    mut page: Url,
    id: &RegistrationId,
) -> Result<Response, Problem> {
    page.query_pairs_mut()
        .append_pair("registrationId", id.as_str());
    onward.see_other(&page)
}
