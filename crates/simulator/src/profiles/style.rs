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
    /// The audience of token requests, if it isn't the token endpoint.
    pub audience: Option<&'static str>,
    /// The prefix of all service URLs.
    pub services: &'static str,
    /// Where a tool posts its deep linking response.
    pub deep_linking_return: &'static str,
}

/// The behaviour of a vendor whose administrators add every tool by hand.
#[derive(Clone, Copy, Debug)]
pub struct ManualStyle {
    /// Why there is no registration, for people.
    pub why: &'static str,
    /// The issuer, if all schools share one.
    pub issuer: Option<&'static str>,
    /// Whether every tool has its own key set, signing key and token endpoint.
    pub own_keys: bool,
    /// Whether a login starts with GET.
    pub login_by_get: bool,
    /// How an authentication request is recognised and checked.
    pub authorization: AuthorizationStyle,
}

/// How an authentication request is recognised and checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthorizationStyle {
    /// According to the specification.
    Strict,
    /// By `lti_message_hint`; `nonce`, `state`, `client_id` and `redirect_uri` must be correct, and
    /// nothing else is checked.
    OpenEdx,
    /// By `login_hint`, a signed token; only `redirect_uri` is checked, and only if one is
    /// configured.
    OpenOlat,
}

/// How a launch starts and what its token looks like.
#[derive(Clone, Copy, Debug)]
pub struct LaunchStyle {
    /// The lifetime of an id_token, in seconds.
    pub token_seconds: i64,
    /// Whether the authentication request must carry `prompt`.
    pub prompt_required: bool,
    /// How its pages store values for the tools they show, if they do.
    pub storage: Option<StorageStyle>,
    /// The address of LTI 1.1's basic outcomes, for a platform that offers them beside the grade
    /// service.
    pub basic_outcomes: Option<&'static str>,
    /// Applied to the complete claims at the end.
    pub shape: fn(&mut Map<String, Value>),
    /// `tool_platform.product_family_code`.
    pub product_family_code: &'static str,
    /// `tool_platform.version`.
    pub version: &'static str,
}

/// How content is requested with deep linking, and how the answer is handled.
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
    /// `accept_lineitem`, if it sends that.
    pub line_item: Option<bool>,
    /// Whether it sends `data`, which must be echoed.
    pub data: bool,
    /// What it does with a resource link without an address, if not link to the tool's launch URL.
    pub without_url: Option<&'static str>,
    /// Whether its return page passes the items to the surrounding dialog, and does nothing in a
    /// separate window.
    pub dialog: bool,
    /// Additional requirements for an item; the text is the complaint.
    pub demands: fn(&Value) -> Option<&'static str>,
    /// Its wording for one of our complaints, if known.
    pub words: fn(&str) -> Option<&'static str>,
}

/// How a vendor's pages store values for the tools they show (LTI postMessage storage).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StorageStyle {
    /// The name of the frame that forwards messages, on the authorization endpoint's origin;
    /// without one, the page itself answers.
    pub frame: Option<&'static str>,
    /// Whether `lti_storage_target` is sent with the launch, too, not only with the login.
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
    /// Checks the claims of a verified client assertion, given its audience and the time; the error
    /// is OAuth's `error`.
    pub check_assertion: fn(&Value, &str, i64) -> Result<(), &'static str>,
    /// Whether an assertion with an already used `jti` is refused.
    pub assertions_once: bool,
    /// The content type of the token endpoint's answers.
    pub token_content_type: &'static str,
    /// The lifetime of an access token, in seconds.
    pub token_seconds: i64,
    /// Whether a single ungranted scope causes the whole request to be refused.
    pub all_scopes_or_none: bool,
    /// Its answer to an access token that is not accepted; the text is the last part of the
    /// required scope.
    pub refuse_access: fn(AccessProblem, &str) -> Refusal,
    /// How its lists are paged.
    pub lists: ListStyle,
    /// How its gradebook handles scores.
    pub grades: GradeStyle,
}

/// What is wrong with an access token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessProblem {
    /// Missing, not issued here, or expired.
    Token,
    /// It has the wrong scope.
    Scope,
}

/// How long lists are split into pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListStyle {
    /// Whether line item links are written as in Moodle: with typographic quotes, the address
    /// escaped for HTML, and first, canonical and last among them.
    pub curly_links: bool,
    /// Whether the link to the next page of a roster lacks the role filter.
    pub loses_role: bool,
    /// The most members per page, whatever is requested.
    pub members_at_most: usize,
    /// Whether a line item's `resourceId` and `tag` come back form-encoded, names of a single
    /// character not at all, and filters are compared with the encoded form (Sakai up to version
    /// 25).
    pub encodes_names: bool,
    /// Whether a new line item takes over the course's column with the same label (Sakai).
    pub one_column_per_label: bool,
    /// Whether line items and results always come complete, ignoring the requested link, person and
    /// limit (Sakai).
    pub whole: bool,
}

impl ListStyle {
    /// As in the specification.
    pub const PLAIN: Self = Self {
        curly_links: false,
        loses_role: false,
        members_at_most: usize::MAX,
        encodes_names: false,
        one_column_per_label: false,
        whole: false,
    };
}
