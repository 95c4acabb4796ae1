//! Names of claims and configuration members. They are opaque strings, compared byte for byte (LTI
//! Core 1.3 §5.2).
//!
//! ```
//! use lti::claims::name;
//!
//! assert_eq!(name::ROLES, "https://purl.imsglobal.org/spec/lti/claim/roles");
//! ```

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        $($(#[$doc])* pub const $name: &str = concat!("https://purl.imsglobal.org/spec/", $text);)*
    };
}

names! {
    /// The kind of message.
    MESSAGE_TYPE = "lti/claim/message_type";
    /// The version of LTI, `1.3.0`.
    VERSION = "lti/claim/version";
    /// The tool's installation that the launch comes from.
    DEPLOYMENT_ID = "lti/claim/deployment_id";
    /// The launch's destination.
    TARGET_LINK_URI = "lti/claim/target_link_uri";
    /// The link that was opened.
    RESOURCE_LINK = "lti/claim/resource_link";
    /// The person's roles, as URIs.
    ROLES = "lti/claim/roles";
    /// The course.
    CONTEXT = "lti/claim/context";
    /// The platform's description of itself.
    TOOL_PLATFORM = "lti/claim/tool_platform";
    /// The users a mentor looks after.
    ROLE_SCOPE_MENTOR = "lti/claim/role_scope_mentor";
    /// Window, size, return address, locale.
    LAUNCH_PRESENTATION = "lti/claim/launch_presentation";
    /// Ids of the student information system.
    LIS = "lti/claim/lis";
    /// Custom parameters.
    CUSTOM = "lti/claim/custom";
    /// The person a message is about.
    FOR_USER = "lti/claim/for_user";
    /// Ids of LTI 1.1.
    LTI1P1 = "lti/claim/lti1p1";
    /// The person's id in LTI 1.1.
    LTI11_LEGACY_USER_ID = "lti/claim/lti11_legacy_user_id";
    /// Where to subscribe to notices.
    PLATFORM_NOTIFICATION_SERVICE = "lti/claim/platformnotificationservice";
    /// Assignment and Grade Services.
    AGS_ENDPOINT = "lti-ags/claim/endpoint";
    /// Names and Role Provisioning Services.
    NAMES_ROLE_SERVICE = "lti-nrps/claim/namesroleservice";
    /// Course Groups.
    GROUPS_SERVICE = "lti-gs/claim/groupsservice";
    /// LTI 1.1 outcomes within LTI 1.3.
    BASIC_OUTCOME = "lti-bo/claim/basicoutcome";
    /// Settings of a deep linking request.
    DEEP_LINKING_SETTINGS = "lti-dl/claim/deep_linking_settings";
    /// Items of a deep linking response.
    CONTENT_ITEMS = "lti-dl/claim/content_items";
    /// The opaque data a deep linking response echoes.
    DEEP_LINKING_DATA = "lti-dl/claim/data";
    /// Message for the person after deep linking.
    DEEP_LINKING_MSG = "lti-dl/claim/msg";
    /// Message for the log after deep linking.
    DEEP_LINKING_LOG = "lti-dl/claim/log";
    /// Error for the person after deep linking.
    DEEP_LINKING_ERROR_MSG = "lti-dl/claim/errormsg";
    /// Error for the log after deep linking.
    DEEP_LINKING_ERROR_LOG = "lti-dl/claim/errorlog";
    /// The LTI part of a platform's configuration document.
    PLATFORM_CONFIGURATION = "lti-platform-configuration";
    /// The LTI part of a tool's registration.
    TOOL_CONFIGURATION = "lti-tool-configuration";
}
