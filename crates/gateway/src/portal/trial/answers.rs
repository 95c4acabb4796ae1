//! *Test the launch URL*: whether the application answers there.

use axum::Json;
use axum::extract::State;

use crate::directory::auth::WithApiKey;
use crate::doctor::launch_url;
use crate::portal::page::PortalAnswer;
use crate::portal::people::rights::OfSettings;
use crate::portal::room::Portal;
use crate::portal::signed_in::PortalForm;
use crate::web::texts::portal_trial as texts;

const HOME: &str = "/portal";

/// `POST /portal/launch-url/test`
pub(crate) async fn test(
    State(portal): State<Portal>,
    form: PortalForm<OfSettings>,
) -> PortalAnswer {
    let person = &form.person;
    if person.tool.settings.launch_url.is_none() {
        return portal.refused(person, HOME, texts::NO_LAUNCH_URL);
    }
    let (room, key) = (portal.directory.clone(), WithApiKey::granted(&person.tool));
    let Json(tested) = launch_url::test(State(room), key).await?;
    match tested.status {
        Some(status) => {
            let told = texts::ANSWERS.with("status", status.to_string());
            portal.done(person, HOME, told)
        }
        None => {
            let told = texts::NO_ANSWER.with("why", tested.problem.unwrap_or_default());
            portal.refused(person, HOME, told)
        }
    }
}
