//! The server under test: the real program on one core, with its own store.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use serde_json::json;
use sqlx::{Connection, Executor};
use tokio::net::TcpSocket;
use tokio::process::{Child, Command};

use crate::client::{Ask, Client};
use crate::platform::{CLIENT_ID, DEPLOYMENT_ID, Platform};

/// The application's key.
pub(crate) const API_KEY: &str = "bench-0123456789abcdef0123456789abcdef";
/// The server's secret key, with which the rows of students are sealed that no launch made
/// (growth/students.rs).
pub(crate) const SECRET_KEY: &str =
    "93c163ab2060f246af8985d9a2f4b4cc892864814fc99a57807209a62f147862";
/// The password of the portal's owner.
pub(crate) const PORTAL_PASSWORD: &str = "correct horse battery";
/// All the load comes from one address and one issuer.
const TOOL: &str = r#"{"launchUrl": "http://127.0.0.1:9/app",
    "limits": {"loginsPerAddress": 0, "launchesPerAddress": 0}}"#;
/// No start takes that long.
const START: Duration = Duration::from_secs(20);
/// How often to look whether it has come to rest, how many quiet looks that takes, and the longest
/// wait.
const LOOK: Duration = Duration::from_millis(500);
const QUIET_LOOKS: u32 = 3;
const SETTLES_WITHIN: Duration = Duration::from_secs(60);

/// Where the server keeps what it must.
#[derive(Clone, Debug)]
pub(crate) enum Store {
    /// A new file.
    Sqlite,
    /// A new database of this server.
    Postgres(String),
}

impl fmt::Display for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "SQLite",
            Self::Postgres(_) => "PostgreSQL",
        })
    }
}

/// A command that runs on one core, where the machine can pin it.
pub(crate) fn on_core(core: usize, program: &Path) -> Command {
    let mut command = Command::new("taskset");
    command.arg("-c").arg(core.to_string()).arg(program);
    command.kill_on_drop(true);
    command
}

/// A running server.
pub(crate) struct Server {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// The same as a URL.
    pub(crate) url: String,
    /// The URL of its database.
    pub(crate) database: String,
    program: PathBuf,
    core: usize,
    data: tempfile::TempDir,
    child: Child,
}

impl Server {
    /// Starts it on a new store and registers the platform.
    pub(crate) async fn start(
        program: &Path,
        core: usize,
        store: &Store,
        platform: &Platform,
    ) -> anyhow::Result<Self> {
        let data = tempfile::tempdir()?;
        let database = match store {
            Store::Sqlite => format!("sqlite:{}", data.path().join("bench.db").display()),
            Store::Postgres(url) => new_database(url).await?,
        };
        let address = free_address()?;
        let child = spawn(program, core, address, &database, data.path())?;
        let server = Self {
            address,
            url: format!("http://{address}"),
            database,
            program: program.to_owned(),
            core,
            data,
            child,
        };
        server.wait().await?;
        let issuer = &platform.issuer;
        let registered = json!({
            "name": "bench", "url": issuer, "clientId": CLIENT_ID, "active": true,
            "authenticationEndpoint": format!("{issuer}/auth"), "accesstokenEndpoint": format!("{issuer}/token"),
            "authConfig": {"method": "JWK_SET", "key": format!("{issuer}/jwks")},
        });
        let answer = server
            .admin("POST", "/admin/platforms", &registered)
            .await?;
        let id = answer["id"]
            .as_str()
            .context("the registration has no id")?;
        let deployment = json!({"deploymentId": DEPLOYMENT_ID, "status": "active"});
        server
            .admin(
                "POST",
                &format!("/admin/platforms/{id}/deployments"),
                &deployment,
            )
            .await?;
        Ok(server)
    }

    /// A request of the tool's owner, with a body if there is one.
    pub(crate) async fn admin(
        &self,
        method: &str,
        path: &str,
        body: &serde_json::Value,
    ) -> anyhow::Result<serde_json::Value> {
        let output = Command::new("curl")
            .args([
                "--silent",
                "--show-error",
                "--fail-with-body",
                "--request",
                method,
                "--header",
            ])
            .arg(format!("Authorization: Bearer {API_KEY}"))
            .args(match body {
                serde_json::Value::Null => Vec::new(),
                body => vec![
                    "--header".to_owned(),
                    "Content-Type: application/json".to_owned(),
                    "--data".to_owned(),
                    body.to_string(),
                ],
            })
            .arg(format!("{}{path}", self.url))
            .output()
            .await
            .context("curl, which sets the server up")?;
        let text = String::from_utf8_lossy(&output.stdout);
        anyhow::ensure!(output.status.success(), "{method} {path}: {text}");
        Ok(serde_json::from_str(&text)?)
    }

    /// Changes how long launches are kept.
    pub(crate) async fn keep_launches_for_minutes(&self, minutes: u32) -> anyhow::Result<()> {
        let change = json!({"retention": {"launchMinutes": minutes}});
        self.admin("PATCH", "/admin/tool", &change).await.map(drop)
    }

    /// Keeps traces of launches for a day, or none.
    pub(crate) async fn trace_launches(&self, traced: bool) -> anyhow::Result<()> {
        let minutes = if traced { 24 * 60 } else { 0 };
        let change = json!({"retention": {"traceMinutes": minutes}});
        self.admin("PATCH", "/admin/tool", &change).await.map(drop)
    }

    /// Resident memory, in MB of 1,000,000 bytes.
    pub(crate) fn rss_mb(&self) -> anyhow::Result<u64> {
        self.status_mb("VmRSS:")
    }

    /// The most of it at any moment so far.
    pub(crate) fn peak_mb(&self) -> anyhow::Result<u64> {
        self.status_mb("VmHWM:")
    }

    fn status_mb(&self, name: &str) -> anyhow::Result<u64> {
        let id = self.child.id().context("the server has ended")?;
        let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let kib: u64 = line
            .and_then(|line| line.split_whitespace().next())
            .with_context(|| format!("/proc tells no {name}"))?
            .parse()?;
        Ok(kib * 1024 / 1_000_000)
    }

    /// How long its threads have run so far. Threads that ended since are not in it.
    pub(crate) fn cpu(&self) -> anyhow::Result<Duration> {
        let id = self.child.id().context("the server has ended")?;
        let mut nanos = 0;
        for task in std::fs::read_dir(format!("/proc/{id}/task"))? {
            let told = std::fs::read_to_string(task?.path().join("schedstat")).unwrap_or_default();
            let ran = told.split_whitespace().next().unwrap_or("0");
            nanos += ran.parse::<u64>()?;
        }
        Ok(Duration::from_nanos(nanos))
    }

    /// Waits until it has done what follows a start, such as filling its pool of key pairs: seconds
    /// of a core that belong to no request.
    pub(crate) async fn settled(&self) -> anyhow::Result<()> {
        let started = Instant::now();
        let mut quiet = 0;
        while quiet < QUIET_LOOKS {
            ensure!(
                started.elapsed() < SETTLES_WITHIN,
                "it doesn't come to rest"
            );
            let ran = self.cpu()?;
            tokio::time::sleep(LOOK).await;
            let is_quiet = self.cpu()?.saturating_sub(ran) < LOOK / 100;
            quiet = if is_quiet { quiet + 1 } else { 0 };
        }
        Ok(())
    }

    /// Stops it and starts it again on the same store; how long until it answered.
    pub(crate) async fn restart(&mut self) -> anyhow::Result<Duration> {
        self.end().await?;
        self.start_again().await
    }

    /// Starts it after [`Self::end`]; how long until it answered.
    pub(crate) async fn start_again(&mut self) -> anyhow::Result<Duration> {
        let started = Instant::now();
        self.child = spawn(
            &self.program,
            self.core,
            self.address,
            &self.database,
            self.data.path(),
        )?;
        self.wait().await?;
        Ok(started.elapsed())
    }

    /// Asks it to end, and waits until it has.
    pub(crate) async fn stop(mut self) -> anyhow::Result<()> {
        self.end().await.map(drop)
    }

    /// Ends it and keeps its store; how long that took.
    pub(crate) async fn end(&mut self) -> anyhow::Result<Duration> {
        let asked = Instant::now();
        let id = self.child.id().context("the server has ended")?;
        Command::new("kill").arg(id.to_string()).status().await?;
        self.child.wait().await?;
        Ok(asked.elapsed())
    }

    async fn wait(&self) -> anyhow::Result<()> {
        let started = Instant::now();
        loop {
            if let Ok(mut client) = Client::connect(self.address).await {
                let ask = Ask {
                    target: "/readyz",
                    ..Ask::default()
                };
                if client.ask(ask).await?.status == 204 {
                    return Ok(());
                }
            }
            anyhow::ensure!(started.elapsed() < START, "the server did not start");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}

fn spawn(
    program: &Path,
    core: usize,
    address: SocketAddr,
    database: &str,
    data: &Path,
) -> anyhow::Result<Child> {
    on_core(core, program)
        .args(["serve", "--listen", &address.to_string()])
        .args(["--public-url", &format!("http://{address}")])
        .args(["--database-url", database, "--data-dir"])
        .arg(data)
        .env("HALLPASS_BOOTSTRAP_API_KEY", API_KEY)
        .env("HALLPASS_BOOTSTRAP_ADMIN_PASSWORD", PORTAL_PASSWORD)
        .env("HALLPASS_SECRET_KEY", SECRET_KEY)
        .env("HALLPASS_TOOL", TOOL)
        .env("HALLPASS_LOG_LEVEL", "warn")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| format!("starting {} with taskset", program.display()))
}

/// An address that nothing listens on. A socket that doesn't listen reserves its port until this
/// program ends.
pub(crate) fn free_address() -> anyhow::Result<SocketAddr> {
    static HELD: Mutex<Vec<TcpSocket>> = Mutex::new(Vec::new());
    let holder = TcpSocket::new_v4()?;
    holder.set_reuseaddr(true)?;
    holder.bind((Ipv4Addr::UNSPECIFIED, 0).into())?;
    let port = holder.local_addr()?.port();
    let mut held = HELD.lock().unwrap_or_else(PoisonError::into_inner);
    held.push(holder);
    Ok((Ipv4Addr::LOCALHOST, port).into())
}

/// Makes a fresh database.
async fn new_database(url: &str) -> anyhow::Result<String> {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let name = format!("bench_{}_{number}", std::process::id());
    let mut connection = sqlx::PgConnection::connect(url).await?;
    let drop = format!("DROP DATABASE IF EXISTS {name}");
    connection.execute(sqlx::AssertSqlSafe(drop)).await?;
    let create = format!("CREATE DATABASE {name}");
    connection.execute(sqlx::AssertSqlSafe(create)).await?;
    let mut url = url::Url::parse(url)?;
    url.set_path(&name);
    Ok(url.into())
}
