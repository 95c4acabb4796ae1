//! From settings to a listening server.

mod connections;
mod tls;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::{Semaphore, watch};
use tokio_rustls::TlsAcceptor;

use self::connections::Connections;
use crate::app::App;
use crate::directory::tools::Tool;
use crate::kit::clock::{Clock, Random};
use crate::kit::outbound::Outbound;
use crate::operator::setup::{self, FirstStart, SetupError};
use crate::settings::installation::Config;
use crate::{background, registration, routes};
use store::{Db, StoreError};

/// Connections at once; more wait to be accepted.
const CONNECTIONS: usize = 20_000;
/// Connections that the system keeps ready to be accepted. With fewer, those of a school's first minute of a lesson are dropped,
/// and their browsers try again only a second later.
const BACKLOG: u32 = 4_096;
/// What requests under way get when the service stops.
const DRAIN: Duration = Duration::from_secs(20);

/// Listens at an address, as `TcpListener::bind` does with a shorter queue.
fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    // A restart needn't wait for the last server's connections to be forgotten.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Why a start fails.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The first start's work.
    #[error(transparent)]
    Setup(#[from] SetupError),
    /// The store.
    #[error("the setting database_url: {0}")]
    Store(#[from] StoreError),
    /// The address is taken or not ours.
    #[error("the setting listen: can't listen on {0}: {1}")]
    Listen(SocketAddr, #[source] std::io::Error),
    /// The certificate or key.
    #[error("the settings tls_cert and tls_key: {0}")]
    Tls(String),
    /// The system's certificates.
    #[error("the HTTP client can't be made: {0}")]
    Client(#[from] reqwest::Error),
}

/// A server that is set up and listens, but doesn't answer yet.
pub struct Server {
    /// The service.
    pub app: App,
    /// What the first start made, to be told once.
    pub first_start: Option<FirstStart>,
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
}

/// Says at each start which tools take StudyReel launches from anybody.
fn warn_of_open_launches(app: &App) {
    let tools = app.tools.all();
    let opened = |tool: &&Arc<Tool>| tool.settings.studyreel.is_open(&app.config.public_url);
    for tool in tools.iter().filter(opened) {
        tracing::warn!(
            tool_id = tool.id,
            "studyreel.requireCapability is false: anybody who knows this server's address can make students here and \
             get a login link for any of them. Set it to true, or to null, and give StudyReel the capabilityLaunchUrl \
             of GET /admin/studyreel"
        );
    }
}

impl Server {
    /// Opens the store, sets it up where it is empty, and listens.
    ///
    /// # Errors
    /// What is wrong and which setting to look at.
    pub async fn start(config: Config) -> Result<Self, StartError> {
        let listener =
            listen(config.listen).map_err(|error| StartError::Listen(config.listen, error))?;
        Self::start_on(listener, config, Clock::default()).await
    }

    /// The same on a listener that is open already, with a clock that the caller may move.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub async fn start_on(
        listener: TcpListener,
        config: Config,
        clock: Clock,
    ) -> Result<Self, StartError> {
        let random = Random::default();
        setup::data_dir(&config)?;
        let keys = setup::secret_keys(&config, &random)?;
        let tls = config.tls().as_ref().map(tls::acceptor).transpose();
        let tls = tls.map_err(StartError::Tls)?;
        let db = Db::open(&config.database_url, config.fixed.store).await?;
        let mut allowed = config.outbound_allow.clone();
        if config.public_url.is_developer_mode() {
            allowed = allowed.with_loopback();
            if !config.listen.ip().is_loopback() {
                tracing::warn!(
                    listen = %config.listen,
                    "public_url is a loopback address, so this is a developer's installation: it may be made to send \
                     requests to this machine. Set public_url, or listen on a loopback address"
                );
            }
        }
        let outbound = Outbound::new(allowed)?;
        if db.is_embedded() {
            registration::after_restart(&db, clock.now_ms()).await?;
        }
        // Last of what can fail: the secrets it makes are told only once.
        let (first_start, secrets) =
            setup::first_start(&config, &db, keys, &clock, &random).await?;
        let app = App::new(config, db, outbound, clock, random, &secrets);
        if let Err(error) = app.tools.reload().await {
            // Tried again in the background; until then requests are answered with 503.
            tracing::warn!(%error, "the tools can't be read yet");
        }
        warn_of_open_launches(&app);
        Ok(Self {
            app,
            first_start,
            listener,
            tls,
        })
    }

    /// Serves until `stop` is done, then gives the requests under way some time and closes the store.
    ///
    /// # Errors
    /// The listener has no address.
    pub async fn run(self, stop: impl Future<Output = ()> + Send + 'static) -> std::io::Result<()> {
        let (stopping, mut stopped) = watch::channel(false);
        let background = tokio::spawn(background::run(self.app.clone(), stopped.clone()));
        // Stops after the last request, whose trace it may have to write.
        let (last, written) = watch::channel(false);
        let traces = self.app.traces.clone();
        let traces = tokio::spawn(async move { traces.run(written).await });
        tokio::spawn(async move {
            stop.await;
            let _ = stopping.send(true);
        });
        let connections = Connections {
            router: routes::router(self.app.clone()),
            tls: self.tls,
            open: GracefulShutdown::new(),
        };
        let places = Arc::new(Semaphore::new(CONNECTIONS));
        loop {
            let accepted = async {
                let place = places.clone().acquire_owned().await;
                (self.listener.accept().await, place)
            };
            match tokio::select! {
                accepted = accepted => accepted,
                _ = stopped.changed() => break,
            } {
                (Ok((stream, from)), Ok(place)) => connections.serve(stream, from, place),
                (Err(error), _) => {
                    // Out of file descriptors, most likely: others have to close first.
                    tracing::warn!(%error, "a connection was not accepted");
                    tokio::time::sleep(Duration::from_millis(200)).await;
                }
                (_, Err(_)) => break,
            }
        }
        drop(self.listener);
        if tokio::time::timeout(DRAIN, connections.open.shutdown())
            .await
            .is_err()
        {
            tracing::warn!("some requests were not finished in time");
        }
        let _ = background.await;
        let _ = last.send(true);
        let _ = traces.await;
        self.app.db.close().await;
        Ok(())
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use tokio::net::TcpStream;

    use super::*;

    /// A connection that finds no place is tried again after a second.
    #[tokio::test]
    async fn four_hundred_connections_at_once_find_a_place() {
        let listener = listen("127.0.0.1:0".parse().unwrap()).unwrap();
        let address = listener.local_addr().unwrap();
        let connect = || {
            let connecting = TcpStream::connect(address);
            tokio::spawn(tokio::time::timeout(Duration::from_millis(900), connecting))
        };
        let connecting: Vec<_> = (0..400).map(|_| connect()).collect();
        let mut open = Vec::new();
        for connected in connecting {
            open.push(connected.await.unwrap().unwrap().unwrap());
        }
        assert_eq!(open.len(), 400);
    }
}
