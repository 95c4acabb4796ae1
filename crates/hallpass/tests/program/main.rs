//! The program as a user starts it: a process, its output and its exit code.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

#[cfg(feature = "simulator")]
mod api_keys;
#[cfg(unix)]
mod ascode;
#[cfg(feature = "simulator")]
mod backup;
#[cfg(feature = "simulator")]
#[path = "../../../gateway/tests/http/chromium.rs"]
#[rustfmt::skip] // formatted by the options of the tests it belongs to
#[expect(
    dead_code,
    unreachable_pub,
    reason = "written for the gateway's tests, which need more of it"
)]
mod chromium;
#[cfg(all(feature = "simulator", target_os = "linux"))]
mod clock;
#[cfg(feature = "simulator")]
mod crash;
#[cfg(feature = "simulator")]
mod deliveries;
#[cfg(feature = "simulator")]
mod demo;
#[cfg(feature = "simulator")]
mod demo_home;
#[cfg(feature = "simulator")]
mod demo_picture;
#[cfg(feature = "simulator")]
mod doctor;
#[cfg(feature = "simulator")]
mod examples;
#[cfg(unix)]
mod files;
#[cfg(feature = "simulator")]
mod grades;
#[cfg(feature = "simulator")]
mod keys;
#[cfg(feature = "simulator")]
mod kills;
#[cfg(feature = "simulator")]
mod load;
#[cfg(feature = "simulator")]
mod logs;
#[cfg(all(feature = "simulator", target_os = "linux"))]
mod many_platforms;
#[cfg(feature = "simulator")]
mod pipes;
#[cfg(feature = "simulator")]
mod placement;
#[cfg(feature = "simulator")]
mod platforms;
#[cfg(feature = "simulator")]
mod portal;
#[path = "../../../gateway/tests/http/ports.rs"]
#[rustfmt::skip] // formatted by the options of the tests it belongs to
#[expect(
    dead_code,
    unreachable_pub,
    reason = "written for the gateway's tests, which need more of it"
)]
mod ports;
#[cfg(unix)]
mod readiness;
#[cfg(unix)]
mod reload;
#[cfg(feature = "simulator")]
mod rolling;
#[cfg(all(feature = "simulator", target_os = "linux"))]
mod roster;
#[cfg(feature = "simulator")]
mod school;
#[cfg(feature = "simulator")]
mod sdk;
mod serve;
mod settings;
#[cfg(unix)]
mod silence;
#[cfg(feature = "simulator")]
mod simulate;
#[cfg(unix)]
mod stopping;
#[cfg(feature = "simulator")]
mod studyreel;
#[cfg(feature = "simulator")]
mod studyreel_register;
mod support;
#[cfg(target_os = "linux")]
mod terminal;
mod tls;
#[cfg(feature = "simulator")]
mod traces;
#[cfg(feature = "simulator")]
#[path = "../../../gateway/tests/http/undisturbed.rs"]
#[rustfmt::skip] // formatted by the options of the tests it belongs to
#[expect(
    unreachable_pub,
    reason = "written for the gateway's tests, as a public function"
)]
mod undisturbed;
