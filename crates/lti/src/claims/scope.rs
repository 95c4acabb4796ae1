//! The scopes of the services (Assignment and Grade Services 2.0, Names and Role Provisioning
//! Services 2.0, Course Groups 1.0).
//!
//! ```
//! use lti::claims::scope;
//!
//! // What a tool asks for that reads line items and sends scores.
//! let wanted = [scope::LINE_ITEM_READONLY, scope::SCORE].join(" ");
//! assert!(wanted.ends_with("/lti-ags/scope/score"));
//! ```

macro_rules! scopes {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        $($(#[$doc])* pub const $name: &str = concat!("https://purl.imsglobal.org/spec/", $text);)*
    };
}

scopes! {
    /// Read, create, change and delete line items.
    LINE_ITEM = "lti-ags/scope/lineitem";
    /// Read line items.
    LINE_ITEM_READONLY = "lti-ags/scope/lineitem.readonly";
    /// Read results.
    RESULT_READONLY = "lti-ags/scope/result.readonly";
    /// Send scores.
    SCORE = "lti-ags/scope/score";
    /// Read the members of a course.
    MEMBERSHIP_READONLY = "lti-nrps/scope/contextmembership.readonly";
    /// Read the groups of a course.
    CONTEXT_GROUP_READONLY = "lti-gs/scope/contextgroup.readonly";
    /// Register for notifications.
    NOTICE_HANDLERS = "lti/scope/noticehandlers";
    /// Read and change the tool's own registration (Canvas).
    REGISTRATION = "lti-reg/scope/registration";
    /// Read the tool's own registration (Canvas).
    REGISTRATION_READONLY = "lti-reg/scope/registration.readonly";
}

/// The four scopes of Assignment and Grade Services.
pub const GRADES: [&str; 4] = [LINE_ITEM, LINE_ITEM_READONLY, RESULT_READONLY, SCORE];
