//! *Test the launch URL*: whether the application answers there.

use axum::Json;
use axum::extract::State;

use crate::directory::auth::WithApiKey;
use crate::doctor::launch_url;
use crate::portal::page::PortalAnswer;
use crate::portal::people::rights::OfSettings;
use crate::portal::room::Portal;
use crate::portal::signed_in::PortalForm;
use crate::web::texts::{Text, portal_pages as pages, portal_trial as texts};

const HOME: &str = "/portal";
/// What it is called where checks are counted.
const LAUNCH_URL: &str = "launch URL";

/// `POST /portal/launch-url/test`
pub(crate) async fn test(
    State(portal): State<Portal>,
    form: PortalForm<OfSettings>,
) -> PortalAnswer {
    let person = &form.person;
    if person.tool.settings.launch_url.is_none() {
        return portal.refused(person, HOME, texts::NO_LAUNCH_URL);
    }
    portal.count_check(person, LAUNCH_URL, HOME, pages::WAIT_FOR_A_TEST)?;
    let (room, key) = (portal.directory.clone(), WithApiKey::granted(&person.tool));
    let Json(tested) = launch_url::test(State(room), key).await?;
    match tested.status {
        Some(status) => {
            let told = texts::ANSWERS.with("status", status.to_string());
            let mut says = told.to(person.language).into_owned();
            if let Some(meaning) = meaning(status) {
                says.push(' ');
                says.push_str(meaning.to(person.language));
            }
            portal.said(person, HOME, &says)
        }
        None => {
            let told = texts::NO_ANSWER.with("why", tested.problem.unwrap_or_default());
            portal.refused(person, HOME, told)
        }
    }
}

/// What a status means that an application gives without a launch; `None` if it is simply fine.
const fn meaning(status: u16) -> Option<Text> {
    match status {
        404 | 410 => Some(texts::ANSWERS_MISSING),
        400..500 => Some(texts::ANSWERS_REFUSING),
        500.. => Some(texts::ANSWERS_FAILING),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_without_a_launch_is_no_fault() {
        for (status, wanted) in [
            (204, None),
            (403, Some(texts::ANSWERS_REFUSING)),
            (404, Some(texts::ANSWERS_MISSING)),
            (503, Some(texts::ANSWERS_FAILING)),
        ] {
            assert_eq!(meaning(status), wanted, "{status}");
        }
    }
}
