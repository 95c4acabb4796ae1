//! The answer of `GET /api/idtoken`, in the format that applications written for LTIAAS expect
//! (ltiaas-api.md §2.2).
//!
//! Absent values are omitted, never null. Old names that applications still read are included
//! beside the new ones.

mod platform;
mod services;
mod user;
mod visit;

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::openapi::schema::{AdditionalProperties, ObjectBuilder, Schema, Type};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

use super::facts::Facts;
use super::service_place::ServicePlace;
use crate::settings::registration::Services;
use platform::IdTokenPlatform;
use services::IdTokenServices;
use user::IdTokenUser;
use visit::IdTokenLaunch;

/// A launch in our format, or as the platform sent it.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum IdTokenAnswer<'a> {
    Formatted(Box<IdToken<'a>>),
    Raw(RawClaims),
}

/// The claims as received.
#[derive(Serialize)]
#[serde(transparent)]
pub(crate) struct RawClaims(pub(super) Map<String, Value>);

impl ToSchema for RawClaims {}

impl PartialSchema for RawClaims {
    fn schema() -> RefOr<Schema> {
        let claims = ObjectBuilder::new()
            .description(Some("The claims as they came, and `ltiVersion`."))
            .property("iss", ObjectBuilder::new().schema_type(Type::String))
            .required("iss")
            .additional_properties(Some(AdditionalProperties::FreeForm(true)));
        claims.into()
    }
}

/// The adapter supplies the member as JSON; the document's root knows its type.
fn student_member() -> Ref {
    Ref::from_schema_name("LaunchedStudent")
}

/// Who launched, from where, and what for.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct IdToken<'a> {
    /// Always `1.3.0`, whatever the adapter, because SDKs check it.
    lti_version: &'static str,
    user: IdTokenUser<'a>,
    platform: IdTokenPlatform<'a>,
    launch: IdTokenLaunch<'a>,
    services: IdTokenServices<'a>,
    /// Custom parameters, as in `launch`.
    custom: &'a BTreeMap<String, String>,
    /// The student and their placements, from the adapter; its own document describes the format.
    #[schema(schema_with = student_member)]
    #[serde(skip_serializing_if = "Option::is_none")]
    student: Option<&'a Value>,
}

impl<'a> IdToken<'a> {
    /// The answer for a launch from `place`, of a tool that uses the `enabled` services. If the
    /// platform offers them, the first function of `tokens` creates the key for using services
    /// after the launch, and the second the address that cancels a selection.
    pub(super) fn new<E>(
        facts: &'a Facts,
        place: &'a ServicePlace,
        launch_id: &str,
        enabled: Services,
        line_item_is_known: bool,
        tokens: (
            impl FnOnce() -> Result<String, E>,
            impl FnOnce() -> Result<String, E>,
        ),
    ) -> Result<Self, E> {
        Ok(Self {
            lti_version: "1.3.0",
            user: IdTokenUser::new(facts, launch_id),
            platform: (&facts.platform).into(),
            launch: IdTokenLaunch::new(facts, enabled, line_item_is_known),
            services: IdTokenServices::new(facts, place, enabled, tokens)?,
            custom: &facts.custom,
            student: facts.student.as_ref(),
        })
    }
}
