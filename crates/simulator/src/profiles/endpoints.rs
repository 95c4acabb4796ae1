//! The addresses of a running platform.

/// The absolute addresses of a running platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoints {
    /// The issuer, which need not be on the same host.
    pub issuer: String,
    /// The openid-configuration document; empty if tools are added by hand.
    pub configuration: String,
    /// The registration endpoint; empty if tools are added by hand.
    pub registration: String,
    /// The OIDC authorization endpoint.
    pub authorization: String,
    /// The key set.
    pub jwks: String,
    /// The OAuth 2 token endpoint.
    pub token: String,
    /// The audience of token requests: the token endpoint, or an address beside it.
    pub audience: String,
}
