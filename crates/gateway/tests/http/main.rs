//! The gateway over HTTP, on both stores: one module a capability, one program so that it links once.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
#![expect(unreachable_pub, reason = "nobody uses a test program from outside")]

mod claims;
mod dynamic;
mod errors;
mod launch;
mod login;
mod lti_claims;
mod management;
mod operator;
mod registered;
mod rows;
mod storage;
mod store;
mod studyreel;
mod studyreel_conformance;
mod support;
mod tokens;
mod transport;
