//! A pretend LMS and a pretend StudyReel, to test any LTI 1.3 tool against.
//!
//! Both are small web servers with pages for people and handles for tests. They share no code with
//! the gateway, so that one mistake can't hide on both sides. They listen on loopback by default
//! and only contain invented people at `example.com`.
//!
//! # The LMS
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use simulator::{browser::Browser, lms::{Launch, Lms, ManualTool, Options}};
//!
//! let lms = Lms::start(Options::default()).await?;          // 127.0.0.1, any free port, behaves like Moodle
//!
//! // Let a tool register itself, as an administrator's browser does it, and switch it on.
//! let browser = Browser::new()?;
//! let start = lms.begin_registration("http://127.0.0.2:8080/lti/register")?;
//! browser.get(&start.url).await?;
//! let tool = lms.tools().pop().ok_or("did not register")?;
//! lms.activate(&tool.client_id)?;
//!
//! // Launch it: login initiation, authentication request, form_post, until a page remains.
//! let page = lms.launch(&browser, &Launch::new(&tool.client_id)).await?;
//! println!("{} {}", page.status, page.url);
//!
//! // Or make a token of your own, right or wrong, and post it yourself.
//! let mut claims = lms.claims(&Launch::new(&tool.client_id).nonce("n-1"))?;
//! claims["aud"] = "somebody else".into();
//! let token = lms.sign(&lms.token_header(), &claims)?;
//! # Ok(()) }
//! ```
//!
//! [`Lms::faults`](lms::Lms::faults) makes it misbehave, [`Lms::wire`](lms::Lms::wire) records the
//! messages, [`Lms::hits`](lms::Lms::hits) counts requests,
//! [`Lms::rotate_key`](lms::Lms::rotate_key) changes its key.
//!
//! [`Lms::gradebook`](lms::Lms::gradebook) does what teachers do to grades. It also has an oracle
//! that counts the harm done to them: an application records what it sent in a
//! [`Ledger`](lms::Ledger).
//!
//! [`Lms::page_url`](lms::Lms::page_url) is for a real browser: a page that shows one or more
//! launches in frames or opens them in windows, and stores values for the tools in them (LTI
//! postMessage storage) as the profile's vendor does, correctly or with a
//! [`StorageFault`](lms::StorageFault).
//!
//! # StudyReel
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use simulator::studyreel::{StudyReelOptions, StudyReel};
//!
//! let studyreel = StudyReel::start(StudyReelOptions {
//!     launch_url: Some("http://127.0.0.2:8080/studyreel/launch".into()),
//!     ..StudyReelOptions::default()
//! }).await?;
//! let student = studyreel.students()[0].clone();            // the documented example
//! let verdict = studyreel.launch(&student).await;
//! assert!(verdict.accepted(), "{verdict}");
//! # Ok(()) }
//! ```
//!
//! # The rooms
//!
//! * [`browser`]: a small browser with a cookie jar; the only HTTP client here
//! * [`lms`]: the pretend LMS, whose `state` knows no request, with `protocol` above it, then
//!   `pages`, then `routes`; [`profiles`]: what differs from vendor to vendor
//! * [`studyreel`]: the pretend StudyReel, its judge, its student's browser and the conformance
//!   cases
//! * [`faults`]: ways to misbehave
//! * [`jose`], [`clock`], [`people`]: keys and tokens, the time, the invented people

pub mod browser;
mod claim_names;
pub mod clock;
mod endpoint;
mod error;
pub mod faults;
mod html;
pub mod jose;
pub mod lms;
pub mod people;
pub mod profiles;
mod random;
mod server;
pub mod studyreel;
mod tool;
mod web;

pub use error::Error;
