//! What the machine allows: each part of a launch alone, done with the same library and nothing
//! else.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::Context;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{
    KeyPair as _, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256,
};
use axum::Router;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::routing::{get, post};
use bytes::Bytes;
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use tokio::net::TcpListener;

use crate::client::{Ask, Client, FORM};
use crate::server::{Store, free_address, on_core};
use crate::stats::rate;

const EACH: Duration = Duration::from_secs(2);
/// About the size of a launch's form and of its stored row.
const LAUNCH_BYTES: usize = 4_600;
const ROW_BYTES: usize = 2_800;
const CONCURRENCY: usize = 64;

/// Limits of one core.
#[derive(Debug)]
pub(crate) struct Machine {
    /// RSA-2048 signatures checked a second, with a key that is parsed once.
    pub(crate) verifies: f64,
    /// Requests a second of a bare server: GET answered with a redirect.
    pub(crate) gets: f64,
    /// The same for a POST of a launch's size.
    pub(crate) posts: f64,
}

/// Limits of a store.
#[derive(Debug)]
pub(crate) struct Commits {
    /// Rows a second, each in its own commit, one after the other.
    pub(crate) single: f64,
    /// Rows a second, as many committed together as there are launches at once.
    pub(crate) grouped: f64,
}

/// Measures the core that the server will run on.
pub(crate) async fn machine(core: usize) -> anyhow::Result<Machine> {
    let verifies = verifies()?;
    let program = std::env::current_exe()?;
    let address = free_address()?;
    let mut stub = on_core(core, &program)
        .arg("--stub")
        .env("BENCH_STUB", address.to_string())
        .spawn()
        .context("starting the bare server")?;
    let started = Instant::now();
    while Client::connect(address).await.is_err() {
        anyhow::ensure!(started.elapsed() < EACH, "the bare server did not start");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let gets = requests(address, None).await?;
    let posts = requests(address, Some(vec![b'x'; LAUNCH_BYTES].into())).await?;
    stub.kill().await?;
    Ok(Machine {
        verifies,
        gets,
        posts,
    })
}

fn verifies() -> anyhow::Result<f64> {
    let wrong = |_| anyhow::anyhow!("RSA failed");
    let pair = KeyPair::generate(KeySize::Rsa2048).map_err(wrong)?;
    let message = vec![b'x'; 3_000];
    let mut signature = vec![0; pair.public_modulus_len()];
    pair.sign(
        &RSA_PKCS1_SHA256,
        &SystemRandom::new(),
        &message,
        &mut signature,
    )
    .map_err(wrong)?;
    let key = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, pair.public_key().as_ref())
        .map_err(|_| anyhow::anyhow!("the key can't be parsed"))?;
    let (started, mut count) = (Instant::now(), 0);
    while started.elapsed() < EACH {
        for _ in 0..16 {
            key.verify_sig(&message, &signature).map_err(wrong)?;
        }
        count += 16;
    }
    Ok(rate(count, started.elapsed()))
}

async fn requests(address: SocketAddr, form: Option<Bytes>) -> anyhow::Result<f64> {
    let started = Instant::now();
    let mut workers = Vec::new();
    for _ in 0..CONCURRENCY {
        let (mut client, form) = (Client::connect(address).await?, form.clone());
        workers.push(tokio::task::spawn_local(async move {
            let mut count = 0;
            while started.elapsed() < EACH {
                let ask = Ask {
                    target: "/",
                    body: form.clone().map(|form| (FORM, form)),
                    ..Ask::default()
                };
                let answer = client.ask(ask).await?;
                anyhow::ensure!(
                    answer.status == 303,
                    "the bare server answers {}",
                    answer.status
                );
                count += 1;
            }
            anyhow::Ok(count)
        }));
    }
    let mut count = 0;
    for worker in workers {
        count += worker.await??;
    }
    Ok(rate(count, started.elapsed()))
}

/// The bare server: the same web framework, no work.
pub(crate) async fn serve_stub() -> anyhow::Result<()> {
    let address: SocketAddr = std::env::var("BENCH_STUB").context("BENCH_STUB")?.parse()?;
    let redirect = || {
        (
            StatusCode::SEE_OTHER,
            [(LOCATION, "https://app.example/launch?ltik=none")],
        )
    };
    let router = Router::new().route(
        "/",
        get(move || async move { redirect() })
            .merge(post(move |_: Bytes| async move { redirect() })),
    );
    let listener = TcpListener::bind(address).await?;
    axum::serve(listener, router).await?;
    Ok(())
}

/// Measures a store with rows of a launch's size.
pub(crate) async fn commits(store: &Store) -> anyhow::Result<Commits> {
    match store {
        Store::Sqlite => sqlite().await,
        Store::Postgres(url) => postgres(url).await,
    }
}

const TABLE: &str =
    "CREATE TABLE limit_rows (id TEXT PRIMARY KEY, spent TEXT UNIQUE, document TEXT)";

fn insert(rows: usize) -> String {
    let values: Vec<String> = (0..rows)
        .map(|row| format!("(${}, ${}, ${})", row * 3 + 1, row * 3 + 2, row * 3 + 3))
        .collect();
    format!(
        "INSERT INTO limit_rows (id, spent, document) VALUES {}",
        values.join(", ")
    )
}

/// Inserts groups of rows for a while; rows a second.
macro_rules! fill {
    ($connection:expr, $rows:expr) => {{
        let (sql, document) = (insert($rows), "x".repeat(ROW_BYTES));
        let (started, mut count) = (Instant::now(), 0_usize);
        while started.elapsed() < EACH {
            let mut query = sqlx::query(sqlx::AssertSqlSafe(sql.as_str()));
            for row in 0..$rows {
                let id = format!("{}-{:012}", $rows, count + row);
                let spent = format!("{:x}", (count + row).wrapping_mul(0x9E37_79B9_7F4A_7C15));
                query = query
                    .bind(id)
                    .bind(format!("{}-{spent}", $rows))
                    .bind(document.as_str());
            }
            query.execute(&mut $connection).await?;
            count += $rows;
        }
        rate(count, started.elapsed())
    }};
}

async fn sqlite() -> anyhow::Result<Commits> {
    let folder = tempfile::tempdir()?;
    let options = SqliteConnectOptions::new()
        .filename(folder.path().join("limits.db"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    sqlx::query(TABLE).execute(&mut connection).await?;
    Ok(Commits {
        single: fill!(connection, 1),
        grouped: fill!(connection, CONCURRENCY),
    })
}

async fn postgres(url: &str) -> anyhow::Result<Commits> {
    let mut connection = sqlx::PgConnection::connect(url).await?;
    sqlx::query("DROP TABLE IF EXISTS limit_rows")
        .execute(&mut connection)
        .await?;
    sqlx::query(TABLE).execute(&mut connection).await?;
    let commits = Commits {
        single: fill!(connection, 1),
        grouped: fill!(connection, CONCURRENCY),
    };
    sqlx::query("DROP TABLE limit_rows")
        .execute(&mut connection)
        .await?;
    Ok(commits)
}
