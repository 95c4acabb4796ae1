//! A deployment that is entered together with its platform, so that its first launch isn't refused.

use axum::extract::{Path, State};
use serde_json::json;
use store::deployments::DeploymentStatus;

use crate::audit::AuditAction;
use crate::directory::auth::WithApiKey;
use crate::directory::deployments;
use crate::kit::text::is_printable_id;
use crate::portal::form::{FormErrors, FormField};
use crate::portal::people::person::Person;
use crate::portal::query::body_of;
use crate::portal::room::Portal;
use crate::web::language::Language;
use crate::web::problem::Problem;
use crate::web::texts::{portal_connect as texts, portal_platforms as platform_texts};

/// The name of the form's field.
pub(super) const FIELD: &str = "deploymentId";

/// The form's field.
pub(super) fn field(value: &str, language: Language, errors: &FormErrors) -> FormField {
    FormField::line(FIELD, platform_texts::DEPLOYMENT_ID.to(language), value)
        .meaning(texts::HAND_DEPLOYMENT.to(language))
        .checked(errors)
}

/// What is wrong with a deployment's id, which may be empty. Asked before anything is registered.
pub(super) fn wrong(deployment: &str) -> Option<FormErrors> {
    let is_right = deployment.is_empty() || is_printable_id(deployment);
    let told = "must be 1 to 255 printable ASCII characters";
    let wrong = (!is_right).then(|| (FIELD, told.to_owned()));
    FormErrors::of_fields("The deployment id can't be right.", wrong.into_iter())
}

/// Adds a deployment that may launch to a platform, given by its id and name.
///
/// # Errors
/// The platform was removed a moment ago, or the store failed.
pub(super) async fn enter(
    portal: &Portal,
    person: &Person,
    (platform_id, name): (&str, &str),
    deployment: &str,
) -> Result<(), Problem> {
    let (room, key) = (portal.directory.clone(), WithApiKey::granted(&person.tool));
    let body = body_of(&json!({"deploymentId": deployment}));
    deployments::create(State(room), key, Path(platform_id.to_owned()), body).await?;
    let entry = person
        .entry(AuditAction::DeploymentEntered, platform_id)
        .named(name)
        .after(json!({"deployment": deployment, "status": DeploymentStatus::Active}));
    portal.audit.write(&portal.db, entry).await?;
    Ok(())
}
