//! The program as a user starts it: a process, its output and its exit code.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

#[cfg(feature = "simulator")]
mod crash;
#[cfg(feature = "simulator")]
mod demo;
#[cfg(feature = "simulator")]
mod doctor;
#[cfg(feature = "simulator")]
mod logs;
#[cfg(feature = "simulator")]
mod platforms;
mod serve;
#[cfg(feature = "simulator")]
mod simulate;
mod support;
mod tls;
