//! Dynamic Registration: how a platform and the tool come to know each other (D).
//!
//! [`PlatformConfiguration`] in, [`ToolRegistration`] out, then [`RegistrationAnswer`] or
//! [`RegistrationRefusal`] in. Which hosts may be contacted is decided by the caller's outbound
//! policy; here addresses are only checked for their form and against each other.

mod answer;
mod configuration;
mod refusal;
mod request;
mod vendor;

pub use answer::{AnswerError, RegistrationAnswer, Secret};
pub use configuration::{
    AuthorizationServer, CheckedConfiguration, ConfigurationError, Endpoint, PlatformConfiguration,
    SupportedMessage, Warning,
};
pub use refusal::RegistrationRefusal;
pub use request::{PrivacyLevel, RequestError, Services, ToolMessage, ToolRegistration};
pub use vendor::{Family, Vendor};

#[cfg(test)]
mod tests;
