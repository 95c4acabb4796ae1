//! From settings to a listening server, and to its end.

mod accept;
mod answering;
mod arriving;
mod connections;
mod counted;
mod date;
mod error;
mod finishing;
mod frame_budget;
mod frames;
mod leftover;
mod linger;
mod live;
mod passing;
mod path;
mod pem;
mod reload;
mod requests;
mod slots;
mod source_connections;
mod source_frames;
mod tls;
mod trouble;
mod work;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;

use self::accept::{Accepting, listen};
use self::connections::Connections;
pub use self::error::StartError;
use self::live::{Live, Phase};
pub use self::reload::{Files, Reload};
use self::reload::{allowed, warn_of_unused_tool};
use self::slots::ConnectionSlots;
use self::tls::{Certificate, Tls};
use crate::app::App;
use crate::directory::tools::Tool;
use crate::kit::clock::Stopwatch;
use crate::kit::outbound::Outbound;
use crate::kit::supplies::Supplies;
use crate::operator::setup::{self, FirstStart, HeldStore};
use crate::settings::installation::Config;
use crate::settings::proxies::TrustedProxies;
use crate::studyreel::access;
use crate::{background, jobs, registration, routes};
use store::Db;

/// How often to check the certificate's files.
const CERTIFICATE: Duration = Duration::from_secs(60);

/// A server that is set up and listening, but not answering yet.
pub struct Server {
    /// The service.
    pub app: App,
    /// What the first start created, to be shown once.
    pub first_start: Option<FirstStart>,
    /// Where it listens.
    pub address: SocketAddr,
    listener: TcpListener,
    live: Arc<Live>,
    /// Keeps others from replacing the database meanwhile.
    _held: HeldStore,
}

/// Checks everything that could make a start fail, as far as that requires neither the port nor the
/// store.
fn checked(config: &Config) -> Result<Option<Tls>, StartError> {
    setup::known_secret_keys(config)?;
    let certificate = config.tls().map(Certificate::read).transpose();
    Ok(certificate.map_err(StartError::Tls)?.map(Tls::new))
}

/// Checks settings as a start would, without starting: the secret keys, the certificate and its
/// key, the data folder and the file of an embedded database. The database itself is not opened.
///
/// # Errors
/// What is wrong and which setting to look at.
pub fn check(config: &Config) -> Result<(), StartError> {
    checked(config)?;
    Ok(setup::foresee(config)?)
}

/// Warns at each start about tools that accept StudyReel launches from anyone.
fn warn_of_open_launches(app: &App) {
    let tools = app.tools.all();
    let is_local = app.config.is_local();
    let opened = |tool: &&Arc<Tool>| access::is_open(&tool.settings.studyreel, is_local);
    for tool in tools.iter().filter(opened) {
        tracing::warn!(
            tool_id = tool.id,
            "studyreel.requireCapability is false: anybody who knows this server's address can make students here and \
             get a login link for any of them. Set it to true, or to null, and give StudyReel the capabilityLaunchUrl \
             of GET /admin/studyreel"
        );
    }
}

/// Warns at each start about tools that send browsers to pages that they will block.
fn warn_of_blocked_pages(app: &App) {
    for tool in app.tools.all().iter() {
        for page in tool.settings.blocked_pages(&app.config.public_url) {
            tracing::warn!(tool_id = tool.id, url = page.host(), "{page}");
        }
    }
}

/// Warns if the address is https but nothing is known to handle TLS.
fn warn_of_plain_http(config: &Config) {
    let is_public = config.public_url.is_https() && !config.public_url.is_loopback();
    if is_public && config.tls().is_none() && config.trusted_proxies == TrustedProxies::default() {
        tracing::warn!(
            listen = %config.listen,
            "public_url is https, and this port speaks plain http. Put a proxy that speaks https in front and name it in \
             trusted_proxies, or set tls_cert and tls_key"
        );
    }
}

impl Server {
    /// Opens the store, sets it up if it is empty, and listens.
    ///
    /// # Errors
    /// What is wrong and which setting to look at.
    pub async fn start(mut config: Config) -> Result<Self, StartError> {
        let tls = checked(&config)?;
        let wanted = config.listen;
        let failed = |error| StartError::Listen(wanted, error);
        let listener = listen(wanted).map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        config.listens_on(address);
        Self::set_up(listener, config, Supplies::default(), tls).await
    }

    /// Like [`Self::start`], but on an open listener, with the caller's time, randomness and key
    /// pairs.
    ///
    /// # Errors
    /// See [`Self::start`].
    pub async fn start_on(
        listener: TcpListener,
        config: Config,
        supplies: Supplies,
    ) -> Result<Self, StartError> {
        let tls = checked(&config)?;
        Self::set_up(listener, config, supplies, tls).await
    }

    async fn set_up(
        listener: TcpListener,
        config: Config,
        supplies: Supplies,
        tls: Option<Tls>,
    ) -> Result<Self, StartError> {
        let address = listener.local_addr();
        let address = address.map_err(|error| StartError::Listen(config.listen, error))?;
        let Supplies { clock, random, .. } = &supplies;
        setup::data_dir(&config)?;
        let held = setup::hold_store(&config)?;
        setup::private_database(&config)?;
        let db = Db::open(config.store(), config.fixed.store).await?;
        if config.public_url.is_developer_mode() && !config.listen.ip().is_loopback() {
            tracing::warn!(
                listen = %config.listen,
                "public_url is a loopback address, so this is a developer's installation: it may be made to send \
                 requests to this machine. Set public_url, or listen on a loopback address"
            );
        }
        warn_of_plain_http(&config);
        let outbound = Outbound::new(allowed(&config))?
            .arriving_within(config.fixed.arriving)
            .quick_keys_within(config.fixed.quick_keys)
            .quick_services_within(config.fixed.quick_services);
        if db.is_embedded() {
            registration::after_restart(&db, clock.now_ms()).await?;
        }
        if held.is_first() {
            let beat = config.fixed.job_beat;
            if let Err(error) = jobs::after_restart(&db, clock.now_ms(), beat).await {
                // The disk may be full. The worker looks for dead ones, too.
                tracing::warn!(%error, "jobs of a server that died have to wait");
            }
        }
        for warning in setup::open_files(&config) {
            tracing::warn!("{warning}");
        }
        // Last of all that can fail: a secret key left behind without its database blocks the next
        // start, and the secrets created by the first start are shown only once.
        let keys = held.secret_keys(&config, &db).await?;
        let (first_start, secrets) = setup::first_start(&config, &db, keys, clock, random).await?;
        let app = App::new(config, db, outbound, supplies, &secrets);
        if let Err(error) = app.tools.reload().await {
            // Retried in the background; until then requests are answered with 503.
            tracing::warn!(%error, "the tools can't be read yet");
        }
        let live = Arc::new(Live::new(&app, tls));
        warn_of_open_launches(&app);
        warn_of_blocked_pages(&app);
        warn_of_unused_tool(&app, &app.config.tool);
        setup::warn_of_moved_platforms(&app.config, &app.db).await?;
        Ok(Self {
            app,
            first_start,
            address,
            listener,
            live,
            _held: held,
        })
    }

    /// Changes its settings while it runs.
    pub fn reload(&self) -> Reload {
        Reload {
            app: self.app.clone(),
            live: self.live.clone(),
        }
    }

    /// Serves until `stop` completes and for a while after that, gives running requests some time,
    /// and closes the store.
    pub async fn run(self, stop: impl Future<Output = ()> + Send + 'static) {
        let Self {
            app,
            listener,
            live,
            ..
        } = self;
        let (stopping, stopped) = watch::channel(false);
        let background = tokio::spawn(background::run(app.clone(), stopped));
        // Stops after the last request, because it may have to write that request's trace.
        let (last, written) = watch::channel(false);
        let traces = app.traces.clone();
        let traces = tokio::spawn(async move { traces.run(written).await });
        let (phases, phase) = watch::channel(Phase::Serving);
        let fixed = &app.config.fixed;
        let slots = ConnectionSlots::new(fixed.connections, fixed.unfinished_bytes);
        let connections = Connections {
            router: routes::router(app.clone()),
            live: live.clone(),
            phase,
        };
        let mut accepting = Accepting::new(listener, slots, app.clients.clone(), connections);
        tokio::select! {
            () = accepting.serve() => {}
            () = renew(&live) => {}
            () = stop => {}
        }
        app.readiness.stop();
        let delay = live.shutdown_delay();
        tracing::debug!(?delay, "stopping");
        tokio::select! {
            () = accepting.serve() => {}
            () = tokio::time::sleep(delay) => {}
        }
        accepting.finish();
        let draining = Stopwatch::start();
        app.db.hurry();
        let _ = stopping.send(true);
        phases.send_replace(Phase::Draining);
        if tokio::time::timeout(app.config.fixed.drain, phases.closed())
            .await
            .is_err()
        {
            tracing::warn!("some requests were not finished in time");
            phases.send_replace(Phase::Over);
        }
        // With these lines a slow stop says what it waits for.
        tracing::debug!("connections have ended");
        let writing = async {
            let _ = background.await;
            tracing::debug!("background work has ended");
            let _ = last.send(true);
            let _ = traces.await;
        };
        close(&app, draining, writing).await;
    }
}

/// Closes the store after the last writes, unless it gives no answer. `draining` began when
/// connections were no longer accepted.
async fn close(app: &App, draining: Stopwatch, writing: impl Future<Output = ()>) {
    let fixed = &app.config.fixed;
    let left = (fixed.drain + fixed.last_writes).saturating_sub(draining.elapsed());
    let written = tokio::time::timeout(left, writing).await;
    let closed = tokio::time::timeout(fixed.last_writes, app.db.close()).await;
    if written.is_err() || closed.is_err() {
        tracing::warn!(
            "the store took too long at the end: the last traces and counts of launches may be lost. What was \
             acknowledged is stored"
        );
    }
    tracing::debug!("the store is closed");
}

/// Checks regularly whether the certificate was renewed. A bad one is reported once, and the old
/// one stays in use.
async fn renew(live: &Arc<Live>) {
    // The certificate in use was read at the start.
    let mut tick = tokio::time::interval_at(tokio::time::Instant::now() + CERTIFICATE, CERTIFICATE);
    loop {
        tick.tick().await;
        let looked_at = live.clone();
        let look = move || looked_at.tls.as_ref().map_or(Ok(false), Tls::look);
        match tokio::task::spawn_blocking(look).await {
            Ok(Ok(true)) => {
                live.note_certificate();
                tracing::info!("the renewed TLS certificate is in use");
            }
            Ok(Err(error)) => {
                tracing::warn!(
                    error,
                    "the TLS certificate was not renewed; the old one stays"
                );
            }
            _ => {}
        }
    }
}
