//! The answer of `GET /api/idtoken`, as applications written for LTIAAS read it (ltiaas-api.md §2.2).
//!
//! Absent values are left out, never null. Old names that applications still read stand beside the new ones.

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
use crate::settings::registration::Services;
use platform::IdTokenPlatform;
use services::IdTokenServices;
use user::IdTokenUser;
use visit::IdTokenLaunch;

/// A launch in our form, or as its platform told it.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum IdTokenAnswer<'a> {
    Formatted(Box<IdToken<'a>>),
    Raw(RawClaims),
}

/// The claims as they came.
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

/// The adapter gives the member as JSON; the document's root knows its type.
fn student_member() -> Ref {
    Ref::from_schema_name("LaunchedStudent")
}

/// Who came, from where, and what for.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct IdToken<'a> {
    /// Always `1.3.0`, whatever the adapter: SDKs look for it.
    lti_version: &'static str,
    user: IdTokenUser<'a>,
    platform: IdTokenPlatform<'a>,
    launch: IdTokenLaunch<'a>,
    services: IdTokenServices<'a>,
    /// Custom parameters, as in `launch`.
    custom: &'a BTreeMap<String, String>,
    /// The student as the adapter knows and placed them; its own document says how.
    #[schema(schema_with = student_member)]
    #[serde(skip_serializing_if = "Option::is_none")]
    student: Option<&'a Value>,
}

impl<'a> IdToken<'a> {
    /// The answer for a launch of a tool that uses the `enabled` services. The first of `tokens` makes the key they are
    /// used with after the launch, the second the address that cancels a selection; each if the platform offers that.
    pub(super) fn new<E>(
        facts: &'a Facts,
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
            services: IdTokenServices::new(facts, enabled, tokens)?,
            custom: &facts.custom,
            student: facts.student.as_ref(),
        })
    }
}
