//! What differs from vendor to vendor, as values: one file per vendor.

mod blackboard;
mod brightspace;
mod canvas;
mod ilias;
mod moodle;
mod openedx;
mod openolat;
mod sakai;
mod schoology;
mod standard;

use axum::http::StatusCode;
use serde_json::Value;

use crate::lms::Tool;

/// One vendor's ways.
#[derive(Clone, Debug)]
pub struct Profile {
    /// The name on the command line, such as `moodle`.
    pub name: &'static str,
    /// The name for people.
    pub title: &'static str,
    /// What differs where tools can't register themselves; none where they can.
    pub manual: Option<ManualStyle>,
    /// Where its endpoints are.
    pub paths: Paths,
    /// How a tool gets in.
    pub registration: RegistrationStyle,
    /// How a launch is begun and what its token looks like.
    pub launch: LaunchStyle,
    /// How the token endpoint and the services answer.
    pub services: ServiceStyle,
}

/// Paths below the platform's base URL.
#[derive(Clone, Copy, Debug)]
pub struct Paths {
    /// The openid-configuration document.
    pub configuration: &'static str,
    /// The registration endpoint.
    pub registration: &'static str,
    /// The OIDC authorization endpoint.
    pub authorization: &'static str,
    /// The key set.
    pub jwks: &'static str,
    /// The OAuth 2 token endpoint.
    pub token: &'static str,
    /// The beginning of all service URLs.
    pub services: &'static str,
    /// Where a tool's deep linking response goes.
    pub deep_linking_return: &'static str,
}

/// The ways of a vendor whose administrators add every tool by hand.
#[derive(Clone, Copy, Debug)]
pub struct ManualStyle {
    /// Why there is no registration, for people.
    pub why: &'static str,
    /// The issuer, where all schools have the same.
    pub issuer: Option<&'static str>,
    /// Whether every tool has its own key set, signing key and token endpoint.
    pub own_keys: bool,
    /// Whether a login is begun with GET.
    pub login_by_get: bool,
    /// How an authentication request is recognised and checked.
    pub authorization: AuthorizationStyle,
}

/// How an authentication request is recognised and checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthorizationStyle {
    /// By the rules of the text.
    Strict,
    /// By `lti_message_hint`; `nonce`, `state`, `client_id` and `redirect_uri` have to be right and nothing else is
    /// looked at.
    OpenEdx,
    /// By `login_hint`, a signed token; only `redirect_uri` is looked at, and only if any is configured.
    OpenOlat,
}

/// The absolute addresses of a running platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoints {
    /// The issuer, which need not be on the same host.
    pub issuer: String,
    /// The openid-configuration document; empty where tools are added by hand.
    pub configuration: String,
    /// The registration endpoint; empty where tools are added by hand.
    pub registration: String,
    /// The OIDC authorization endpoint.
    pub authorization: String,
    /// The key set.
    pub jwks: String,
    /// The OAuth 2 token endpoint.
    pub token: String,
}

/// How a tool gets in.
#[derive(Clone, Copy, Debug)]
pub struct RegistrationStyle {
    /// Makes the openid-configuration document.
    pub configuration: fn(&Endpoints) -> Value,
    /// Where the one-time secret travels.
    pub token_place: TokenPlace,
    /// Parameters without which the configuration is refused: `key`, `clientId`, `issuerURL`, `deploymentId`.
    pub configuration_parameters: &'static [&'static str],
    /// Whether the configuration can be fetched only once for each registration.
    pub configuration_once: bool,
    /// How long the secret lives.
    pub token_seconds: i64,
    /// Checks a registration request as this vendor does, beside the tools that are there already.
    pub check: fn(&Value, &[Tool]) -> Result<(), Refusal>,
    /// The refusal for a secret that is not there or not good.
    pub refuse_token: fn(TokenProblem) -> Refusal,
    /// Reads the request into a tool; ids are filled in by the platform.
    pub read: fn(&Value) -> ToolFacts,
    /// The answer to the tool.
    pub answer: fn(&Tool, &Value) -> Value,
    /// The status of a good answer.
    pub status: StatusCode,
    /// Makes a client id.
    pub client_id: fn() -> String,
    /// Makes the deployment id of the tool of this number.
    pub deployment_id: fn(usize) -> String,
    /// Whether a tool can be launched before an administrator switches it on.
    pub active_at_once: bool,
}

/// Where the registration's one-time secret travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenPlace {
    /// As `registration_token`.
    Parameter,
    /// As `registration_token`, and in the query of the configuration URL, which is refused without.
    ParameterAndConfiguration,
    /// Only in the query of the configuration URL, under this name; the registration endpoint in the document carries
    /// it on.
    Configuration(&'static str),
}

/// What can be wrong with a registration's secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenProblem {
    /// None was sent, or not as `Bearer`.
    Missing,
    /// Nobody here made it.
    Unknown,
    /// Too old.
    Expired,
    /// A registration was made with it already.
    Used,
}

/// A refusal in the vendor's own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The status.
    pub status: StatusCode,
    /// The content type.
    pub content_type: &'static str,
    /// The body.
    pub body: String,
}

/// What a registration request says about a tool.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ToolFacts {
    /// Its name.
    pub name: String,
    /// A sentence about it.
    pub description: String,
    /// Its domain.
    pub domain: String,
    /// Where a launch is begun.
    pub login_url: String,
    /// Where tokens may be posted to.
    pub redirect_uris: Vec<String>,
    /// Its key set; empty if its key was pasted.
    pub jwks_url: String,
    /// Its public key as a JWK, if that was pasted.
    pub public_key: Option<Value>,
    /// Where launches go.
    pub target_link_uri: String,
    /// Where deep linking goes, if the tool takes part.
    pub deep_linking_url: Option<String>,
    /// Its picture.
    pub logo_url: String,
    /// The scopes it got.
    pub scopes: Vec<String>,
    /// Its custom parameters.
    pub custom: serde_json::Map<String, Value>,
    /// Whether it is told names.
    pub names: bool,
    /// Whether it is told addresses.
    pub email: bool,
}

/// How a launch is begun and what its token looks like.
#[derive(Clone, Copy, Debug)]
pub struct LaunchStyle {
    /// How long an id_token lives.
    pub token_seconds: i64,
    /// Whether the authentication request must carry `prompt`.
    pub prompt_required: bool,
    /// How its pages keep values for the tools they show, where they do.
    pub storage: Option<StorageStyle>,
    /// Where LTI 1.1's basic outcomes go, for a platform that offers them beside the grade service.
    pub basic_outcomes: Option<&'static str>,
    /// The finishing touch on the claims, once all are there.
    pub shape: fn(&mut serde_json::Map<String, Value>),
    /// `tool_platform.product_family_code`.
    pub product_family_code: &'static str,
    /// `tool_platform.version`.
    pub version: &'static str,
}

/// How a vendor's pages keep values for the tools they show (LTI postMessage storage).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StorageStyle {
    /// The name of a frame that passes messages on, on the authorization endpoint's origin; without one the page
    /// itself answers.
    pub frame: Option<&'static str>,
    /// Whether `lti_storage_target` comes with the launch too, not only with the login.
    pub at_launch: bool,
}

impl StorageStyle {
    /// The value of `lti_storage_target`.
    pub fn target(self) -> &'static str {
        self.frame.unwrap_or("_parent")
    }
}

/// How the token endpoint and the services answer.
#[derive(Clone, Copy, Debug)]
pub struct ServiceStyle {
    /// Checks the claims of a verified client assertion; the text is OAuth's `error`. Gets the token endpoint and the time.
    pub check_assertion: fn(&Value, &str, i64) -> Result<(), &'static str>,
    /// The content type of the token endpoint's answers.
    pub token_content_type: &'static str,
    /// How long an access token lives.
    pub token_seconds: i64,
    /// Whether one scope that is not granted refuses the whole request.
    pub all_scopes_or_none: bool,
}

impl Profile {
    /// Every profile there is.
    pub fn all() -> Vec<Self> {
        vec![
            Self::moodle(),
            Self::canvas(),
            Self::brightspace(),
            Self::blackboard(),
            Self::sakai(),
            Self::ilias(),
            Self::schoology(),
            Self::openedx(),
            Self::openolat(),
        ]
    }

    /// The profile of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::all().into_iter().find(|profile| profile.name == name)
    }

    /// A Moodle 4.5, as seen running.
    pub fn moodle() -> Self {
        moodle::profile()
    }

    /// A Canvas: strict schema, deployment id at the top level. Its launches are Moodle's with a few facts changed.
    pub fn canvas() -> Self {
        canvas::profile()
    }

    /// A Brightspace: the secret is in the configuration URL, which works once. Its registration's form is a guess.
    pub fn brightspace() -> Self {
        brightspace::profile()
    }

    /// A Blackboard: no deployment id in the answer. Its registration's form is a guess.
    pub fn blackboard() -> Self {
        blackboard::profile()
    }

    /// A Sakai: four parameters in the configuration URL, strict token requests.
    pub fn sakai() -> Self {
        sakai::profile()
    }

    /// An ILIAS: the deployment id is a number.
    pub fn ilias() -> Self {
        ilias::profile()
    }

    /// A Schoology: by hand, one issuer for all schools.
    pub fn schoology() -> Self {
        schoology::profile()
    }

    /// An Open edX: by hand, with keys and a token endpoint for each tool.
    pub fn openedx() -> Self {
        openedx::profile()
    }

    /// An OpenOLAT: by hand, logins recognised by a signed hint.
    pub fn openolat() -> Self {
        openolat::profile()
    }
}

/// The AGS scopes.
pub const AGS_SCOPES: [&str; 4] = [
    "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem",
    "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly",
    "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly",
    "https://purl.imsglobal.org/spec/lti-ags/scope/score",
];
/// The NRPS scope.
pub const NRPS_SCOPE: &str =
    "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly";
/// The member of a registration that speaks about LTI.
pub const TOOL_CONFIGURATION: &str = "https://purl.imsglobal.org/spec/lti-tool-configuration";
/// The member of an openid-configuration that speaks about LTI.
pub const PLATFORM_CONFIGURATION: &str =
    "https://purl.imsglobal.org/spec/lti-platform-configuration";
