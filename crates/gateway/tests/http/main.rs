//! The gateway over HTTP, on both stores: one module a capability, one program so that it links once.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod launch;
mod management;
mod storage;
mod studyreel;
mod support;
