//! The identity provider that an organisation's people sign in to the portal at: OpenID Connect's authorization code flow
//! with PKCE, and the checks of its ID token, which LTI has in common (decision 0346).
//!
//! Nothing here knows a page, a user or a session: [`Oidc`] says where the browser goes, and who came back.

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
