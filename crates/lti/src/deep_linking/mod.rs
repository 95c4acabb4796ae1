//! The answer to a deep linking request: which items the platform accepts, and the message that
//! contains them (LTI Deep Linking 2.0 §4, E.2).
//!
//! ```
//! use lti::claims::Claims;
//! use lti::content_item::ContentItem;
//! use lti::deep_linking::{ContentRequest, ResponseClaims, Words};
//! use lti::registration::Family;
//! use serde_json::json;
//!
//! # let payload = r#"{
//! #   "iss": "https://lms.example", "aud": "client-1", "sub": "42", "nonce": "n", "iat": 1795354440, "exp": 1795354500,
//! #   "https://purl.imsglobal.org/spec/lti/claim/version": "1.3.0",
//! #   "https://purl.imsglobal.org/spec/lti/claim/message_type": "LtiDeepLinkingRequest",
//! #   "https://purl.imsglobal.org/spec/lti/claim/deployment_id": "1",
//! #   "https://purl.imsglobal.org/spec/lti/claim/target_link_uri": "https://tool.example/",
//! #   "https://purl.imsglobal.org/spec/lti/claim/roles": [],
//! #   "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings": {
//! #     "deep_link_return_url": "https://lms.example/return", "accept_types": ["ltiResourceLink"],
//! #     "accept_presentation_document_targets": ["iframe"], "data": {"for": [1, 2]}}}"#;
//! let claims = Claims::from_payload(payload)?; // of a launch that was checked
//! let settings = claims.deep_linking.expect("a deep linking request");
//! let tool = [url::Url::parse("https://tool.example")?.origin()];
//! let request = ContentRequest::new(&settings, Family::Other, "https://tool.example/lti/launch", &tool);
//!
//! let chosen = json!([{"type": "ltiResourceLink", "title": "Fractions", "custom": {"quiz": "7"}}]);
//! let accepted = request.accept(ContentItem::list(chosen).expect("items")).expect("acceptable");
//! assert_eq!(accepted.items[0].text("url"), Some("https://tool.example/lti/launch"));
//!
//! // Sign these claims as a JWT, and have the browser post it in a field JWT to `settings.return_url`.
//! let claims = ResponseClaims::new("client-1", "https://lms.example", "1", "a fresh nonce", 1_795_354_450)
//!     .items(&accepted.items)
//!     .data(settings.data.as_deref())?
//!     .words(Words::default());
//! let text = serde_json::to_string(&claims)?;
//! assert!(text.contains(r#""https://purl.imsglobal.org/spec/lti-dl/claim/data":{"for": [1, 2]}"#));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod accept;
mod response;
#[cfg(test)]
mod tests;

pub use accept::{AcceptedItems, ContentRequest, Note, Warning};
pub use response::{
    BACKDATED_SECONDS, LIFE_SECONDS, ResponseClaims, Words, foreign_claims, is_reserved,
};
