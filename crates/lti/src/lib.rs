//! The tool side of LTI 1.3 (1EdTech Learning Tools Interoperability): types and pure checks.
//!
//! Nothing here does I/O, reads a clock or draws random numbers. Time is passed in as seconds since
//! 1970-01-01 UTC, keys and texts as bytes, and every refusal is returned as a value.
//!
//! # A launch, from start to end
//!
//! | step | type | specification |
//! | --- | --- | --- |
//! | the platform initiates a login | [`login::LoginRequest`] | Security Framework 1.0 §5.1.1.1 |
//! | the tool sends the browser to the platform | [`login::AuthenticationRequest`] | §5.1.1.2 |
//! | the platform posts a form back | [`login::LaunchForm`] | §5.1.1.3 |
//! | its token is readable | [`id_token::UnverifiedToken`] | §5.1.2 |
//! | the token is signed with the platform's key | [`id_token::SignedToken`] with a key of a [`key::KeySet`] | §5.1.3, RFC 7515, RFC 7517 |
//! | the token is a launch, meant for us, and current | [`id_token::Checked`] | §5.1.3, LTI Core 1.3 §5.3 |
//! | the launch's claims are read | [`claims::Claims`] | LTI Core 1.3 §5.3, §5.4 |
//!
//! # Everything else
//!
//! - [`registration`]: how a platform and a tool register with each other (LTI Dynamic Registration
//!   1.0, RFC 7591, RFC 7592);
//! - [`content_item`] and [`deep_linking`]: the answer to a platform that asks for content (LTI
//!   Deep Linking 2.0);
//! - [`service_token`]: access tokens for a platform's services (Security Framework 1.0 §4.1,
//!   RFC 7523);
//! - [`nrps`], [`ags`], [`groups`]: the services themselves: rosters, grades and groups (Names and
//!   Role Provisioning Services 2.0, Assignment and Grade Services 2.0, Course Groups 1.0), with
//!   [`paging`] through their lists;
//! - [`role`] and [`message`]: the vocabularies (LTI Core 1.3, appendix A and §5.3.1);
//! - [`target`]: where a launch may lead (LTI Core 1.3 §5.3.4);
//! - [`json`]: strict reading of JSON from outside.
//!
//! # Rule ids
//!
//! Ids such as `B-27` in this documentation refer to rules in [docs/spec/lti.md] in the project's
//! repository. Each rule names its source: the specification, an RFC, or the platform that needs
//! it. A letter, a dot and a number, such as `B.2`, is a section of that document. Ids beginning
//! with `SV` are rules in services.md, in the same folder, and those beginning with `TC` are cases
//! in lti-testcases.md.
//!
//! | id | about | specification |
//! | --- | --- | --- |
//! | `A-…` | login | Security Framework 1.0 §5.1.1, OpenID Connect Core 1.0 §4 |
//! | `B-…` | the id_token and its claims | Security Framework 1.0 §5.1.2 and §5.1.3, LTI Core 1.3 §5 |
//! | `D-…` | registration | LTI Dynamic Registration 1.0, RFC 7591, RFC 7592 |
//! | `E-…` | deep linking | LTI Deep Linking 2.0 |
//! | `F-…` | services and their access tokens | Security Framework 1.0 §4.1, RFC 6749, RFC 7523 |
//! | `G-…` | keys | Security Framework 1.0 §6, RFC 7517, RFC 7518, RFC 7638 |
//! | `H-…` | LTI 1.1 | LTI 1.1, LTI 1.3 migration |
//! | `I-…` | attacks | the list of that document |
//!
//! [docs/spec/lti.md]: https://github.com/hallpass-lti/hallpass/blob/main/docs/spec/lti.md

pub mod ags;
pub mod claims;
pub mod content_item;
pub mod deep_linking;
mod fault;
pub mod groups;
pub mod id_token;
pub mod json;
pub mod key;
pub mod login;
pub mod message;
pub mod nrps;
pub mod paging;
pub mod registration;
pub mod role;
pub mod service_token;
pub mod target;
mod token_refusal;

pub use fault::Fault;

#[cfg(test)]
mod fixture;

/// Compiles the example in the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
