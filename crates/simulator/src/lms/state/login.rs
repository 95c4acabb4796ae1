//! A login initiation, and what is remembered until the tool requests the token.

use url::Url;

use super::Launch;
use crate::Error;

/// A login initiation: a form that the LMS's page posts to the tool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginRequest {
    /// The tool's login URL.
    pub url: String,
    /// The fields in order.
    pub fields: Vec<(String, String)>,
    /// Whether they are sent in the query (GET) rather than in a form.
    pub by_get: bool,
}

impl LoginRequest {
    /// The address with all fields, for a login by GET.
    pub fn address(&self) -> Result<String, Error> {
        let mut url = Url::parse(&self.url).map_err(|_| Error::Url(self.url.clone()))?;
        url.query_pairs_mut().extend_pairs(&self.fields);
        Ok(url.into())
    }

    /// The value of a field.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

/// A login that has started but not finished.
#[derive(Clone, Debug)]
pub(crate) struct PendingLogin {
    pub(crate) launch: Launch,
    pub(crate) login_hint: String,
}
