//! The identity provider with which an organisation's people sign in to the portal: OpenID Connect's authorization code
//! flow with PKCE, and the checks of its ID token, which it shares with LTI (decision 0346).
//!
//! Nothing here knows about pages, users or sessions: [`Oidc`] says where to send the browser, and who came back.

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
