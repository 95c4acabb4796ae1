//! An endpoint of a platform.

use serde_json::{Map, Value};
use url::Url;

use super::problems::ConfigurationError;
use crate::target::plain_web_url;

/// An address, both as text and parsed. The text matters because a token endpoint is also the
/// audience of our assertions, and platforms compare that as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    text: String,
    url: Url,
}

impl Endpoint {
    /// As the platform wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Parsed.
    #[must_use]
    pub const fn url(&self) -> &Url {
        &self.url
    }

    /// Reads a required member.
    pub(super) fn read(
        members: &Map<String, Value>,
        name: &'static str,
    ) -> Result<Self, ConfigurationError> {
        let text = members
            .get(name)
            .and_then(Value::as_str)
            .filter(|text| !text.is_empty())
            .ok_or(ConfigurationError::MissingMember(name))?;
        let url = plain_web_url(text).map_err(|_| ConfigurationError::BadAddress(name))?;
        if url.fragment().is_some() {
            return Err(ConfigurationError::BadAddress(name));
        }
        Ok(Self {
            text: text.to_owned(),
            url,
        })
    }
}
