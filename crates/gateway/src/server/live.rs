//! What can change while the server runs.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

use super::date::Date;
use super::slots::Silence;
use super::tls::Tls;
use crate::app::App;
use crate::health::Readiness;
use crate::kit::certificate::ServedCertificate;
use crate::settings::installation::Config;

/// How far a server is in shutting down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Phase {
    /// It accepts connections.
    Serving,
    /// It finishes running requests.
    Draining,
    /// Anything left is cut off.
    Over,
}

/// Waits until the server reaches a phase or a later one.
pub(super) async fn has_come(phase: &mut watch::Receiver<Phase>, wanted: Phase) {
    // If the server is gone, it has reached its last phase.
    let _ = phase.wait_for(|now| *now >= wanted).await;
}

/// What can change while the server runs.
pub(super) struct Live {
    /// The built-in TLS listener, if there is one.
    pub(super) tls: Option<Tls>,
    /// Shows its certificate's validity to other rooms.
    certificate: ServedCertificate,
    /// Whether it is shutting down.
    pub(super) readiness: Readiness,
    /// The date of answers.
    pub(super) date: Date,
    /// How often to check that an HTTP/2 client is still there.
    pub(super) ping: Duration,
    first: Duration,
    /// Both in milliseconds.
    idle: AtomicU64,
    delay: AtomicU64,
}

impl Live {
    /// Starts with the initial settings.
    pub(super) fn new(app: &App, tls: Option<Tls>) -> Self {
        let config = &app.config;
        let live = Self {
            tls,
            certificate: app.certificate.clone(),
            readiness: app.readiness.clone(),
            date: Date::new(app.clock.clone()),
            ping: config.fixed.ping,
            first: config.fixed.first_request,
            idle: AtomicU64::new(0),
            delay: AtomicU64::new(0),
        };
        live.set(config);
        live.note_certificate();
        live
    }

    /// Records which certificate new connections get.
    pub(super) fn note_certificate(&self) {
        let life = self.tls.as_ref().and_then(Tls::life);
        self.certificate.note(life);
    }

    /// Applies the settings that take effect at once.
    pub(super) fn set(&self, config: &Config) {
        let millis = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        self.idle
            .store(millis(config.idle_timeout), Ordering::Relaxed);
        self.delay
            .store(millis(config.shutdown_delay), Ordering::Relaxed);
    }

    /// How long a connection may be silent.
    pub(super) fn silence(&self) -> Silence {
        Silence {
            first: self.first,
            next: Duration::from_millis(self.idle.load(Ordering::Relaxed)),
        }
    }

    /// How long to keep serving after being told to stop.
    pub(super) fn shutdown_delay(&self) -> Duration {
        Duration::from_millis(self.delay.load(Ordering::Relaxed))
    }

    /// Handles TLS for new connections; `None` on a plain listener.
    pub(super) fn acceptor(&self) -> Option<TlsAcceptor> {
        self.tls.as_ref().map(Tls::acceptor)
    }
}
