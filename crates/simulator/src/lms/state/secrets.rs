//! Secrets that the platform gave out: of registrations and of services.

/// What is known about a registration that was begun.
#[derive(Clone, Debug)]
pub(crate) struct Secret {
    pub(crate) client_id: String,
    pub(crate) expires: i64,
    pub(crate) used: bool,
    pub(crate) configuration_fetched: bool,
}

/// An access token that was given out.
#[derive(Clone, Debug)]
pub(crate) struct AccessToken {
    pub(crate) client_id: String,
    pub(crate) scopes: Vec<String>,
    pub(crate) expires: i64,
}
