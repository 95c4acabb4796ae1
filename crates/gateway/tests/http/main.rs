//! The gateway over HTTP, on both stores: one module a capability, one program so that it links
//! once.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
#![expect(unreachable_pub, reason = "nobody uses a test program from outside")]

mod blocked;
mod chromium;
mod claims;
mod dead_ends;
mod dynamic;
mod errors;
mod frames;
mod framing;
mod garbage;
mod headers;
mod idtoken;
mod key_fetches;
mod key_rotation;
mod keys;
mod launch;
mod limits;
mod login;
mod lti_claims;
mod management;
mod nginx;
mod openapi;
mod operator;
mod pages;
mod platforms;
mod pool;
mod registered;
mod registration;
mod replicas;
mod rows;
mod rules;
mod secret_key;
mod separate;
mod settings;
mod storage;
mod store;
mod studyreel;
mod studyreel_conformance;
mod support;
mod tokens;
mod traces;
mod transport;
mod waits;
