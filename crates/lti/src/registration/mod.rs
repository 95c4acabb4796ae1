//! Dynamic registration: how a platform and the tool register with each other (LTI Dynamic
//! Registration 1.0, RFC 7591, RFC 7592, D).
//!
//! The platform sends a [`PlatformConfiguration`], the tool sends a [`ToolRegistration`], and the
//! platform replies with a [`RegistrationAnswer`] or a [`RegistrationRefusal`]. The caller decides
//! which hosts may be contacted; here addresses are only checked for their form and against each
//! other.
//!
//! ```
//! use lti::registration::{PlatformConfiguration, RegistrationAnswer, ToolRegistration};
//! use url::Url;
//!
//! // What `openid_configuration` leads to.
//! let address = Url::parse("https://lms.example/openid-configuration")?;
//! let document = br#"{
//!     "issuer": "https://lms.example",
//!     "authorization_endpoint": "https://lms.example/auth",
//!     "registration_endpoint": "https://lms.example/register",
//!     "jwks_uri": "https://lms.example/keys",
//!     "token_endpoint": "https://lms.example/token",
//!     "https://purl.imsglobal.org/spec/lti-platform-configuration": {
//!         "product_family_code": "moodle",
//!         "messages_supported": [{"type": "LtiResourceLinkRequest"}]
//!     }
//! }"#;
//! let platform = PlatformConfiguration::parse(document)?;
//! let checked = platform.check(&address)?;
//! assert!(checked.foreign_origins.is_empty());
//! // What to post to its `registration_endpoint`, with the registration token as bearer.
//! let tool = ToolRegistration::new(
//!     "Fractions",
//!     "https://tool.example/launch",
//!     "https://tool.example/login",
//!     "https://tool.example/keys",
//! );
//! let request = tool.request(&platform)?;
//! assert_eq!(request["client_name"], "Fractions");
//! // What it answers.
//! let answer = RegistrationAnswer::parse(br#"{"client_id": "client-1"}"#)?;
//! assert_eq!(answer.client_id, "client-1");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod answer;
mod checked;
mod configuration;
mod endpoint;
mod problems;
mod refusal;
mod request;
mod tool_message;
mod vendor;
mod wishes;

pub use answer::{AnswerError, RegistrationAnswer, Secret};
pub use checked::{AuthorizationServer, CheckedConfiguration};
pub use configuration::{PlatformConfiguration, SupportedMessage};
pub use endpoint::Endpoint;
pub use problems::{ConfigurationError, ConfigurationWarning};
pub use refusal::RegistrationRefusal;
pub use request::{RequestError, ToolRegistration};
pub use tool_message::{PlacementDetails, ToolMessage, Visibility};
pub use vendor::{CloudVendor, Family};
pub use wishes::{PrivacyLevel, WantedServices};

#[cfg(test)]
mod tests;
