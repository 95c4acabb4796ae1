//! The platform in the answer of `GET /api/idtoken`.

use serde::Serialize;

use crate::launch::facts::PlatformFacts;
use lti::claims::Lis;
use utoipa::ToSchema;

/// The platform: our id for it, and what it says about itself.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct IdTokenPlatform<'a> {
    /// Our id for it.
    id: &'a str,
    /// Its issuer.
    url: &'a str,
    client_id: &'a str,
    deployment_id: &'a str,
    /// The name its operator gave it here.
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    guid: Option<&'a str>,
    /// Which LMS it is, such as `moodle`.
    #[serde(skip_serializing_if = "Option::is_none")]
    product_family_code: Option<&'a str>,
    /// The old name of `productFamilyCode`.
    #[serde(
        rename = "product_family_code",
        skip_serializing_if = "Option::is_none"
    )]
    product_family_code_before: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contact_email: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lis: Option<IdTokenLis<'a>>,
}

/// Identifiers of the school's student information system.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct IdTokenLis<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    person_sourcedid: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    course_offering_sourcedid: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    course_section_sourcedid: Option<&'a str>,
}

impl<'a> From<&'a PlatformFacts> for IdTokenPlatform<'a> {
    fn from(facts: &'a PlatformFacts) -> Self {
        let about = &facts.about;
        Self {
            id: &facts.id,
            url: &facts.url,
            client_id: &facts.client_id,
            deployment_id: &facts.deployment_id,
            name: &facts.name,
            guid: about.guid.as_deref(),
            product_family_code: about.product_family_code.as_deref(),
            product_family_code_before: about.product_family_code.as_deref(),
            version: about.version.as_deref(),
            description: about.description.as_deref(),
            contact_email: about.contact_email.as_deref(),
            lis: facts.lis.as_ref().map(IdTokenLis::from),
        }
    }
}

impl<'a> From<&'a Lis> for IdTokenLis<'a> {
    fn from(lis: &'a Lis) -> Self {
        Self {
            person_sourcedid: lis.person_sourcedid.as_deref(),
            course_offering_sourcedid: lis.course_offering_sourcedid.as_deref(),
            course_section_sourcedid: lis.course_section_sourcedid.as_deref(),
        }
    }
}
