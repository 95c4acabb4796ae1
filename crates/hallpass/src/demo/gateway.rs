//! The demo's gateway. It can be stopped and restarted, as the checks of the launch contract
//! require.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Context;
use gateway::app::App;
use gateway::kit::clock::Clock;
use gateway::kit::supplies::Supplies;
use gateway::operator::Operator;
use gateway::server::Server;
use gateway::settings::installation::Config;
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::sync::{Mutex, Notify, oneshot};
use tokio::task::JoinHandle;

/// How long running requests may take at the end.
const PATIENCE: Duration = Duration::from_secs(3);

/// A gateway on one address and one folder, across any number of restarts.
pub(super) struct Gateway {
    config: Config,
    /// The address it listens on, which may differ from its public address.
    address: SocketAddr,
    running: Mutex<Option<RunningGateway>>,
    ended: Arc<Notify>,
}

struct RunningGateway {
    app: App,
    clock: Clock,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Gateway {
    /// Starts it on an open listener.
    pub(super) async fn start(listener: TcpListener, config: Config) -> anyhow::Result<Self> {
        let gateway = Self {
            config,
            address: listener.local_addr()?,
            running: Mutex::default(),
            ended: Arc::default(),
        };
        let running = gateway.run(listener).await?;
        *gateway.running.lock().await = Some(running);
        Ok(gateway)
    }

    async fn run(&self, listener: TcpListener) -> anyhow::Result<RunningGateway> {
        let clock = Clock::default();
        let supplies = Supplies {
            clock: clock.clone(),
            ..Supplies::default()
        };
        let server = Server::start_on(listener, self.config.clone(), supplies).await?;
        let app = server.app.clone();
        let (stop, stopped) = oneshot::channel::<()>();
        let asked = Arc::new(AtomicBool::new(false));
        let (ended, was_asked) = (Arc::clone(&self.ended), Arc::clone(&asked));
        let task = tokio::spawn(async move {
            server
                .run(async move {
                    // A message and a dropped sender both mean stop.
                    let _ = stopped.await;
                    asked.store(true, Ordering::Relaxed);
                })
                .await;
            if !was_asked.load(Ordering::Relaxed) {
                ended.notify_one();
            }
        });
        Ok(RunningGateway {
            app,
            clock,
            stop,
            task,
        })
    }

    /// Waits for it to stop unexpectedly.
    pub(super) async fn ended(&self) {
        self.ended.notified().await;
    }

    /// Stops it and starts it again on the same store, with the correct time.
    pub(super) async fn restart(&self) -> anyhow::Result<()> {
        let mut running = self.running.lock().await;
        let address = self.address;
        stop(running.take()).await;
        let listener = TcpListener::bind(address)
            .await
            .with_context(|| format!("can't listen on {address} again"))?;
        // The compiler can't prove that the future of a start is `Send`, so it stays on this
        // thread.
        let started = || Handle::current().block_on(self.run(listener));
        *running = Some(tokio::task::block_in_place(started)?);
        Ok(())
    }

    /// The portal's address; as long as there is no owner, the address that creates one.
    pub(super) async fn portal(&self) -> anyhow::Result<String> {
        let operator = Operator::new(&self.config, Clock::default()).await?;
        let address = if operator.portal_users().await?.is_empty() {
            operator.portal_address(None).await?.address
        } else {
            self.config.public_url.join("/portal")
        };
        operator.close().await;
        Ok(address)
    }

    /// Makes its store unavailable until [`Self::restart`].
    pub(super) async fn lose_store(&self) {
        if let Some(running) = &*self.running.lock().await {
            running.app.db.close().await;
        }
    }

    /// Advances its clock, until [`Self::restart`].
    pub(super) async fn advance(&self, by: Duration) {
        if let Some(running) = &*self.running.lock().await {
            running.clock.advance(by);
        }
    }

    /// Everything in its store: the raw files.
    pub(super) fn dump(&self) -> std::io::Result<Vec<u8>> {
        let mut dump = Vec::new();
        for file in std::fs::read_dir(&self.config.data_dir)? {
            let path = file?.path();
            if path.is_file() {
                dump.extend(std::fs::read(path)?);
            }
        }
        Ok(dump)
    }

    pub(super) async fn stop(&self) {
        stop(self.running.lock().await.take()).await;
    }
}

async fn stop(running: Option<RunningGateway>) {
    let Some(RunningGateway { stop, mut task, .. }) = running else {
        return;
    };
    let _ = stop.send(());
    if tokio::time::timeout(PATIENCE, &mut task).await.is_err() {
        task.abort();
        // Its listener is closed only once the task has ended.
        let _ = task.await;
    }
}
