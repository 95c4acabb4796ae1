//! The pretend LMS.
//!
//! [`Lms::start`] runs it and returns a handle for tests. Its pages are for people.

mod answer;
mod gradebook;
mod handle;
mod oracle;
mod pages;
mod protocol;
mod routes;
mod state;

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use self::state::{Addresses, Platform};
pub use self::{
    gradebook::GradebookHandle,
    oracle::{Harm, HarmKind, Ledger, SentWork},
    protocol::enrolment::RegistrationStart,
    state::{
        DeepLinkingResponse, Ending, Exchange, Launch, LaunchRecord, LineItem, LoginRequest,
        Message, Parameter, ScoreRecord, StorageFault,
    },
};
use crate::{
    Error,
    browser::Browser,
    jose::SigningKey,
    profiles::Profile,
    server::{Bound, Running},
};
pub use crate::{
    claim_names::claim_name,
    endpoint::Endpoint,
    tool::{ManualTool, Tool},
};

/// How to start a pretend LMS.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where to listen; port 0 means any free one.
    pub addr: SocketAddr,
    /// Its public URL, if not `http://` and the address.
    pub public_url: Option<String>,
    /// A second address to listen on, for a platform like hosted Canvas, whose authorization
    /// endpoint is on another host than its pages: serves that endpoint and the frame that forwards
    /// tools' messages.
    pub sign_on: Option<SocketAddr>,
    /// The public URL of that second host, if not `http://` and the address, as behind a TLS proxy.
    pub sign_on_url: Option<String>,
    /// The issuer, if it is neither the public URL nor the vendor's common one.
    pub issuer: Option<String>,
    /// Which vendor it behaves like.
    pub profile: Profile,
    /// The first signing key; created if not given.
    pub key: Option<SigningKey>,
    /// The only certificate or authority to trust for tools, in PEM, if given.
    pub authority: Option<Vec<u8>>,
    /// Where tools' owners can read the trace of a launch, with `{reference}` as a placeholder for
    /// the tool's reference. The Wire page links there.
    pub traces: Option<String>,
}

impl Default for Options {
    /// A Moodle on 127.0.0.1 and any free port.
    fn default() -> Self {
        Self {
            addr: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            public_url: None,
            sign_on: None,
            sign_on_url: None,
            issuer: None,
            profile: Profile::moodle(),
            key: None,
            authority: None,
            traces: None,
        }
    }
}

/// A running pretend LMS. It stops when dropped.
pub struct Lms {
    platform: Arc<Platform>,
    /// None while it is down.
    running: Mutex<Option<Running>>,
    addr: SocketAddr,
    listens_on: String,
    _sign_on: Option<Running>,
}

impl Lms {
    /// Listens and serves until the value is dropped.
    pub async fn start(options: Options) -> Result<Self, Error> {
        let bound = Bound::new(options.addr).await?;
        let (listens_on, addr) = (bound.url(), bound.addr());
        let base = public(options.public_url, &bound);
        let shared = options.profile.manual.and_then(|manual| manual.issuer);
        let issuer = options
            .issuer
            .or_else(|| shared.map(str::to_owned))
            .unwrap_or_else(|| base.clone());
        let key = options.key.map_or_else(SigningKey::generate, Ok)?;
        let sign_on = match options.sign_on {
            Some(addr) => Some(Bound::new(addr).await?),
            None => None,
        };
        let platform = Arc::new(Platform::new(
            options.profile,
            Addresses {
                sign_on: match &sign_on {
                    Some(bound) => public(options.sign_on_url, bound),
                    None => base.clone(),
                },
                base,
                issuer,
                traces: options.traces,
            },
            key,
            match options.authority {
                Some(authority) => Browser::trusting(&authority)?,
                None => Browser::new()?,
            },
        ));
        let running = bound.serve(routes::router(&platform));
        let sign_on = sign_on.map(|bound| bound.serve(routes::router(&platform)));
        Ok(Self {
            platform,
            running: Mutex::new(Some(running)),
            addr,
            listens_on,
            _sign_on: sign_on,
        })
    }

    /// Its public URL, without a trailing slash.
    pub fn url(&self) -> &str {
        &self.platform.base
    }

    /// The address it listens on, for a proxy in front of it: [`Lms::url`] without a public URL.
    pub fn listens_on(&self) -> &str {
        &self.listens_on
    }

    /// Stops listening, like a server that restarts. It keeps its memory, except for access tokens.
    pub fn go_down(&self) {
        self.running().take();
        self.forget_access_tokens();
    }

    /// Listens again at the same address.
    pub async fn come_up(&self) -> Result<(), Error> {
        let mut attempts = 0;
        let bound = loop {
            match Bound::new(self.addr).await {
                Ok(bound) => break bound,
                // The previous server's last connections are still being closed.
                Err(_) if attempts < REBINDINGS => attempts += 1,
                Err(error) => return Err(error),
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        };
        *self.running() = Some(bound.serve(routes::router(&self.platform)));
        Ok(())
    }

    /// Waits until the server ends.
    pub async fn ended(self) {
        let running = self.running().take();
        if let Some(mut running) = running {
            running.ended().await;
        }
    }

    fn running(&self) -> MutexGuard<'_, Option<Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How often to retry listening.
const REBINDINGS: u32 = 100;

/// A server's public URL, without a trailing slash.
fn public(given: Option<String>, bound: &Bound) -> String {
    let url = given.unwrap_or_else(|| bound.url());
    url.trim_end_matches('/').to_owned()
}
