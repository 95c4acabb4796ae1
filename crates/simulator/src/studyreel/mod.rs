//! The pretend StudyReel: it registers tools, launches invented students into them, and judges the
//! answers.

mod api;
mod attack;
mod attacking;
pub mod conformance;
mod handle;
mod judge;
mod message;
mod overrides;
mod pages;
mod register;
mod routes;
mod sending;
mod signature;
mod students;
mod switches;
mod system;
mod tool;
mod transcript;
mod verdict;
mod visit;

use std::{
    collections::HashMap,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex},
    time::Duration,
};

use self::system::{State, System};
pub use self::{
    attack::Attack,
    message::{
        ALPHALEARN_ISSUER, DOCUMENTED_DEPLOYMENT, DOCUMENTED_ISSUER, PRINTED_EXAMPLE,
        PRODUCTION_ISSUER, deployment_of,
    },
    overrides::Overrides,
    students::{Student, Subjects},
    switches::{Switches, Times},
    tool::StudyReelTool,
    transcript::Launched,
    verdict::Verdict,
    visit::Visit,
};
use crate::{
    Error,
    browser::Browser,
    clock::Clock,
    random,
    server::{Bound, Running},
};

/// How to start a pretend StudyReel.
#[derive(Clone, Debug)]
pub struct StudyReelOptions {
    /// Where to listen; port 0 means any free one.
    pub addr: SocketAddr,
    /// Its public URL, if not `http://` and the address.
    pub public_url: Option<String>,
    /// The launch URL of a tool that exists from the start.
    pub launch_url: Option<String>,
    /// The issuer of launches.
    pub issuer: String,
    /// The deployment id of launches into that tool.
    pub deployment_id: String,
    /// The `x-api-key` for registering tools; created if not given.
    pub api_key: Option<String>,
    /// How long to wait for an answer.
    pub timeout: Duration,
    /// Origins other than the launch URL's on which login links may be.
    pub link_origins: Vec<String>,
    /// How launches differ from the documented form.
    pub switches: Switches,
}

impl Default for StudyReelOptions {
    /// On 127.0.0.1 and any free port, launching as documented.
    fn default() -> Self {
        Self {
            addr: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            public_url: None,
            launch_url: None,
            issuer: DOCUMENTED_ISSUER.to_owned(),
            deployment_id: DOCUMENTED_DEPLOYMENT.to_owned(),
            api_key: None,
            timeout: Duration::from_secs(10),
            link_origins: Vec::new(),
            switches: Switches::default(),
        }
    }
}

/// A running pretend StudyReel. It stops when dropped.
pub struct StudyReel {
    system: Arc<System>,
    running: Running,
}

impl StudyReel {
    /// Listens and serves until the value is dropped.
    pub async fn start(options: StudyReelOptions) -> Result<Self, Error> {
        let bound = Bound::new(options.addr).await?;
        let base = options
            .public_url
            .unwrap_or_else(|| bound.url())
            .trim_end_matches('/')
            .to_owned();
        let tools = options
            .launch_url
            .map(|url| StudyReelTool::configured(url, options.deployment_id))
            .into_iter()
            .collect();
        let clock = Clock::default();
        let state = State {
            issuer: options.issuer,
            switches: options.switches,
            students: students::everybody(),
            tools,
            // Starts at the current time, so that a receiver that outlives this process never sees
            // a value twice.
            jti: clock.now().as_microsecond().unsigned_abs(),
            histories: HashMap::new(),
            transcript: Vec::new(),
            browsers: HashMap::new(),
        };
        let system = Arc::new(System {
            base,
            api_key: options.api_key.unwrap_or_else(|| random::alphanumeric(24)),
            timeout: options.timeout,
            link_origins: options.link_origins,
            clock,
            client: Browser::new()?,
            state: Mutex::new(state),
        });
        let running = bound.serve(routes::router(&system));
        Ok(Self { system, running })
    }
}
