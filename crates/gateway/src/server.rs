//! From settings to a listening server.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::ServiceExt;
use axum::extract::Request;
use axum::http::Uri;
use axum::serve::{Listener, ListenerExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tower::Layer;
use tower::util::MapRequestLayer;

use crate::app::App;
use crate::clock::{Clock, Random};
use crate::config::{Config, TlsFiles};
use crate::outbound::Outbound;
use crate::setup::{self, FirstStart, SetupError};
use crate::store::{Db, StoreError};
use crate::{background, registration, routes};

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

impl Server {
    /// Opens the store, sets it up where it is empty, and listens.
    ///
    /// # Errors
    /// What is wrong and which setting to look at.
    pub async fn start(config: Config) -> Result<Self, StartError> {
        let listener = TcpListener::bind(config.listen)
            .await
            .map_err(|error| StartError::Listen(config.listen, error))?;
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
        let secret = setup::secret_key(&config, &random)?;
        let tls = config.tls.as_ref().map(acceptor).transpose()?;
        let db = Db::open(&config.database_url).await?;
        let first_start = setup::first_start(&config, &db, &secret, &clock, &random).await?;
        if matches!(db, Db::Sqlite { .. }) {
            registration::after_restart(&db, clock.now_ms()).await?;
        }
        let mut allowed = config.outbound_allow.clone();
        if config.public_url.is_developer_mode() {
            allowed = allowed.with_loopback();
        }
        let app = App::new(config, db, Outbound::new(allowed)?, clock, random, &secret);
        app.reload_tools().await?;
        Ok(Self {
            app,
            first_start,
            listener,
            tls,
        })
    }

    /// Serves until `stop` is done, then finishes the requests under way and closes the store.
    ///
    /// # Errors
    /// The listener broke.
    pub async fn run(self, stop: impl Future<Output = ()> + Send + 'static) -> std::io::Result<()> {
        let (stopping, stopped) = watch::channel(false);
        let background = tokio::spawn(background::run(self.app.clone(), stopped.clone()));
        let service = MapRequestLayer::new(tidy_path).layer(routes::router(self.app.clone()));
        let service =
            ServiceExt::<Request>::into_make_service_with_connect_info::<SocketAddr>(service);
        let mut until = stopped;
        let until = async move {
            let _ = until.wait_for(|stop| *stop).await;
        };
        tokio::spawn(async move {
            stop.await;
            let _ = stopping.send(true);
        });
        let listener = self.listener.tap_io(|stream| {
            // Answers are small: waiting to fill a packet only costs time.
            let _ = stream.set_nodelay(true);
        });
        match self.tls {
            None => {
                axum::serve(listener, service)
                    .with_graceful_shutdown(until)
                    .await?;
            }
            Some(acceptor) => {
                // Tapped only because axum knows the address of such listeners.
                let listener = TlsListener::start(listener, acceptor).tap_io(|_| {});
                axum::serve(listener, service)
                    .with_graceful_shutdown(until)
                    .await?;
            }
        }
        let _ = background.await;
        self.app.db.close().await;
        Ok(())
    }
}

/// Real clients send `//api/idtoken` and `/lti/launch/?x=1` (ltiaas-api.md §2): slashes in front are one, one at the
/// end is none. Slashes in between stay: a line item's id may hold two.
fn tidy_path(mut request: Request) -> Request {
    let path = request.uri().path();
    if !path.starts_with("//") && (path.len() == 1 || !path.ends_with('/')) {
        return request;
    }
    let tidy = format!("/{}", path.trim_start_matches('/').trim_end_matches('/'));
    let tidy = match request.uri().query() {
        Some(query) => format!("{tidy}?{query}"),
        None => tidy,
    };
    if let Ok(uri) = Uri::try_from(tidy) {
        *request.uri_mut() = uri;
    }
    request
}

fn acceptor(files: &TlsFiles) -> Result<TlsAcceptor, StartError> {
    use rustls::pki_types::pem::PemObject;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};
    let wrong = |file: &std::path::Path, error: &dyn std::fmt::Display| {
        StartError::Tls(format!("{}: {error}", file.display()))
    };
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(&files.cert)
        .and_then(Iterator::collect)
        .map_err(|error| wrong(&files.cert, &error))?;
    let key =
        PrivateKeyDer::from_pem_file(&files.key).map_err(|error| wrong(&files.key, &error))?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
        .map_err(|error| wrong(&files.cert, &error))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// Takes connections whose TLS handshake is done; a slow one holds nobody up.
struct TlsListener {
    ready: mpsc::Receiver<(TlsStream<TcpStream>, SocketAddr)>,
    address: std::io::Result<SocketAddr>,
}

impl TlsListener {
    fn start(
        mut listener: impl Listener<Io = TcpStream, Addr = SocketAddr>,
        acceptor: TlsAcceptor,
    ) -> Self {
        const HANDSHAKE: Duration = Duration::from_secs(10);
        let (done, ready) = mpsc::channel(64);
        let address = listener.local_addr();
        tokio::spawn(async move {
            loop {
                let (stream, from) = tokio::select! {
                    accepted = listener.accept() => accepted,
                    () = done.closed() => return,
                };
                let (acceptor, done) = (acceptor.clone(), done.clone());
                tokio::spawn(async move {
                    match tokio::time::timeout(HANDSHAKE, acceptor.accept(stream)).await {
                        Ok(Ok(stream)) => drop(done.send((stream, from)).await),
                        Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
                        Err(_) => tracing::debug!("a TLS handshake took too long"),
                    }
                });
            }
        });
        Self { ready, address }
    }
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.ready.recv().await {
            Some(connection) => connection,
            // The accepting task ended with the server.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> std::io::Result<Self::Addr> {
        match &self.address {
            Ok(address) => Ok(*address),
            Err(error) => Err(std::io::Error::new(error.kind(), error.to_string())),
        }
    }
}
