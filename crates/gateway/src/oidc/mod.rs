//! The identity provider that an organisation's people use to sign in to the portal: OpenID
//! Connect's authorization code flow with PKCE, and the checks of the ID token, which are shared
//! with LTI (decision 0346).
//!
//! This module knows no pages, users or sessions: [`Oidc`] says where to send the browser, and who
//! came back.

mod claims;
mod discovery;
mod error;
mod exchange;
mod request;
mod room;

pub(crate) use claims::{MailProblem, ProviderPerson};
pub(crate) use discovery::ProviderDocument;
pub(crate) use error::{OidcError, code_of};
pub(crate) use request::SignInRequest;
pub(crate) use room::{Oidc, ProviderAnswer};
