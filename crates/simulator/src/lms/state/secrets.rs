//! Secrets issued by the platform: for registrations and for services.

/// A registration that was started.
#[derive(Clone, Debug)]
pub(crate) struct Secret {
    pub(crate) client_id: String,
    pub(crate) expires: i64,
    pub(crate) used: bool,
    pub(crate) configuration_fetched: bool,
}

/// An access token that was issued.
#[derive(Clone, Debug)]
pub(crate) struct AccessToken {
    pub(crate) client_id: String,
    pub(crate) scopes: Vec<String>,
    pub(crate) expires: i64,
}
