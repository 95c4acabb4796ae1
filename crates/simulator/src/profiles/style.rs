//! Addresses, launches and services.

use serde_json::{Map, Value};

use super::{grades::GradeStyle, registration::Refusal};

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
    /// The issuer, if all schools share one.
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

/// How a launch is begun and what its token looks like.
#[derive(Clone, Copy, Debug)]
pub struct LaunchStyle {
    /// How long an id_token lives.
    pub token_seconds: i64,
    /// Whether the authentication request must carry `prompt`.
    pub prompt_required: bool,
    /// How its pages keep values for the tools they show, if they do.
    pub storage: Option<StorageStyle>,
    /// Where LTI 1.1's basic outcomes go, for a platform that offers them beside the grade service.
    pub basic_outcomes: Option<&'static str>,
    /// The finishing touch on the claims, once all are there.
    pub shape: fn(&mut Map<String, Value>),
    /// `tool_platform.product_family_code`.
    pub product_family_code: &'static str,
    /// `tool_platform.version`.
    pub version: &'static str,
}

/// How content is asked for with deep linking, and what becomes of the answer.
#[derive(Clone, Copy, Debug)]
pub struct DeepLinkingStyle {
    /// `accept_types`.
    pub types: &'static [&'static str],
    /// `accept_presentation_document_targets`.
    pub targets: &'static [&'static str],
    /// `accept_media_types`, if it names any.
    pub media_types: Option<&'static str>,
    /// `accept_multiple`.
    pub multiple: bool,
    /// `accept_lineitem`, if it says so.
    pub line_item: Option<bool>,
    /// Whether it sends `data`, which has to come back.
    pub data: bool,
    /// What it makes of a resource link without address, if not a link to the tool's launch URL.
    pub without_url: Option<&'static str>,
    /// Whether its return page hands the items to the dialog around it, and does nothing in a window of its own.
    pub dialog: bool,
    /// What it demands of an item beside all that; the text is the complaint.
    pub demands: fn(&Value) -> Option<&'static str>,
    /// Its own words for a complaint of ours, where they are known.
    pub words: fn(&str) -> Option<&'static str>,
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
    /// Whether an assertion whose `jti` came before is refused.
    pub assertions_once: bool,
    /// The content type of the token endpoint's answers.
    pub token_content_type: &'static str,
    /// How long an access token lives.
    pub token_seconds: i64,
    /// Whether one scope that is not granted refuses the whole request.
    pub all_scopes_or_none: bool,
    /// Its words for an access token that opens nothing; the text is the last word of the scope that it should have.
    pub refuse_access: fn(AccessProblem, &str) -> Refusal,
    /// How its lists are paged.
    pub lists: ListStyle,
    /// How its gradebook takes scores.
    pub grades: GradeStyle,
}

/// What is wrong with an access token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessProblem {
    /// There is none, it was not made here, or it is over.
    Token,
    /// It has another scope.
    Scope,
}

/// How long lists are cut into pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListStyle {
    /// Whether the links of line items are written as Moodle does: with typographic quotes, the address escaped for HTML,
    /// and first, canonical and last among them.
    pub curly_links: bool,
    /// Whether the next page of a roster has lost its role.
    pub loses_role: bool,
    /// Members on a page at most, whatever is asked for.
    pub members_at_most: usize,
    /// Whether a line item's `resourceId` and `tag` come back encoded as in a form, one of a single character not at all, and
    /// what is asked for is compared with that (Sakai up to version 25).
    pub encodes_names: bool,
    /// Whether a new line item takes over the column of the course that has its label (Sakai).
    pub one_column_per_label: bool,
    /// Whether line items and results come whole, whichever link or person is asked for, and however few of them (Sakai).
    pub whole: bool,
}

impl ListStyle {
    /// As the specification has it.
    pub const PLAIN: Self = Self {
        curly_links: false,
        loses_role: false,
        members_at_most: usize::MAX,
        encodes_names: false,
        one_column_per_label: false,
        whole: false,
    };
}
