//! *Test it*: whether the application answers at the launch URL.

use axum::extract::State;

use crate::kit::outbound::{OutboundError, Purpose, Request};
use crate::portal::page::PortalAnswer;
use crate::portal::people::rights::OfSettings;
use crate::portal::room::Portal;
use crate::portal::signed_in::PortalForm;
use crate::web::texts::portal_trial as texts;

const HOME: &str = "/portal";
/// How much of the page is read: enough to know that there is one.
const BYTES: usize = 64 * 1024;

/// `POST /portal/launch-url/test`
pub(crate) async fn test(
    State(portal): State<Portal>,
    form: PortalForm<OfSettings>,
) -> PortalAnswer {
    let person = &form.person;
    let Some(url) = &person.tool.settings.launch_url else {
        return portal.refused(person, HOME, texts::NO_LAUNCH_URL);
    };
    let request = Request {
        purpose: Purpose::Invited,
        source: None,
        url,
        accept: "text/html",
        bearer: None,
        limit: BYTES,
    };
    let status = match portal.directory.outbound.get(request).await {
        Ok(answer) => answer.status.to_string(),
        Err(OutboundError::TooLarge(_)) => "200".to_owned(),
        Err(error) => {
            let told = texts::NO_ANSWER.with("why", error.to_string());
            return portal.refused(person, HOME, told);
        }
    };
    portal.done(person, HOME, texts::ANSWERS.with("status", status))
}
