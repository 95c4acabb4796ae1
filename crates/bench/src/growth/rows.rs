//! What rows of other tables take on disk, and a full table of places. Each is a copy of one that
//! the server itself stored: of a launch's place, of an event, of a message to a webhook that
//! doesn't answer, of a score that was delivered.

use std::time::Duration;

use anyhow::Context;
use serde_json::json;
use simulator::lms::{Lms, Options};

use super::Build;
use super::database::Database;
use super::report::Table;
use crate::Args;
use crate::client::Client;
use crate::grades::hand_over;
use crate::services::student;
use crate::way::Way;

/// Copies by which a row is measured; they go again.
const COPIES: u32 = 20_000;
/// How long the first attempts at a message and a score may take.
const ATTEMPTS: Duration = Duration::from_secs(5);

/// A row that is measured.
struct MeasuredRow {
    table: &'static str,
    name: &'static str,
    /// With which the copies' ids begin.
    letter: char,
    /// Which row is copied.
    original: &'static str,
    changed: &'static [(&'static str, &'static str)],
}

const ROWS: [MeasuredRow; 3] = [
    MeasuredRow {
        table: "events",
        name: "an event",
        letter: 'E',
        original: "(SELECT MIN(id) FROM events)",
        changed: &[("place", "1000000000 + {i}")],
    },
    MeasuredRow {
        table: "jobs",
        name: "a job that has ended",
        letter: 'J',
        original: "(SELECT MIN(id) FROM jobs WHERE kind = 'webhook')",
        changed: &[
            ("state", "'done'"),
            ("owner", "NULL"),
            ("ended_at", "source.created_at"),
            ("delete_at", "source.created_at + 315360000000"),
        ],
    },
    MeasuredRow {
        table: "score_deliveries",
        name: "a delivery",
        letter: 'D',
        original: "(SELECT MIN(id) FROM score_deliveries)",
        changed: &[("seq", "source.seq + {i}")],
    },
];

/// Measures each build, and leaves it with this many places.
pub(super) async fn measure(
    args: &Args,
    builds: &mut [Build],
    table: &mut Table,
) -> anyhow::Result<()> {
    for build in builds {
        // An earlier build has no webhooks or no scores.
        if let Err(error) = make_originals(build).await {
            eprintln!("{}: not every row can be measured: {error:#}", build.name);
        }
        let mut figures = Vec::new();
        build
            .meddle(async |mut database| {
                for row in &ROWS {
                    figures.push((row.name, bytes(&mut database, row).await?));
                }
                figures.push(("a place", places(&mut database, args.places).await?));
                Ok(())
            })
            .await?;
        for (name, bytes) in figures {
            if let Some(bytes) = bytes {
                table.note(&format!("bytes of {name}"), build.name, bytes);
            }
        }
    }
    Ok(())
}

/// Has the server store a row of each.
async fn make_originals(build: &Build) -> anyhow::Result<()> {
    let server = &build.server;
    let hook = json!({"url": "http://127.0.0.1:9/hooks"});
    let webhook = server.admin("POST", "/admin/webhooks", &hook).await?;
    let webhook = webhook["id"].as_str().context("the webhook has no id")?;
    let key = json!({"name": "bench", "scope": "read"});
    server.admin("POST", "/admin/api-keys", &key).await?;
    let lms = Lms::start(Options::default()).await?;
    lms.add_person(student(0));
    let way = Way::through(server, &lms).await?;
    let mut client = Client::connect(way.to).await?;
    hand_over(&way, &mut client, 0).await?;
    tokio::time::sleep(ATTEMPTS).await;
    let silent = json!({"active": false});
    let path = format!("/admin/webhooks/{webhook}");
    server.admin("PATCH", &path, &silent).await.map(drop)
}

/// What a row takes; `None` if the build has no such table, or the table no row.
async fn bytes(database: &mut Database, row: &MeasuredRow) -> anyhow::Result<Option<f64>> {
    let (table, which) = (row.table, format!("source.id = {}", row.original));
    if !has(database, table, &which).await? {
        return Ok(None);
    }
    let before = database.size().await?;
    let id = format!("'{}' || {{id}}", row.letter);
    let changed = [&[("id", &*id)][..], row.changed].concat();
    database.copy(table, &which, &changed, 0..COPIES).await?;
    let bytes = (database.size().await? - before) / f64::from(COPIES);
    let copies = format!("DELETE FROM {table} WHERE id LIKE '{}0000000%'", row.letter);
    database.execute(copies).await?;
    Ok(Some(bytes))
}

/// Fills the table of places; what one takes.
async fn places(database: &mut Database, number: u32) -> anyhow::Result<Option<f64>> {
    let (table, which) = (
        "service_places",
        "source.id = (SELECT MIN(id) FROM service_places)",
    );
    if number == 0 || !has(database, table, which).await? {
        return Ok(None);
    }
    let before = database.size().await?;
    // Behind every real one, so that the original stays the first.
    let changed = [("id", "'z' || {id}")];
    database.copy(table, which, &changed, 0..number).await?;
    Ok(Some((database.size().await? - before) / f64::from(number)))
}

async fn has(database: &mut Database, table: &str, which: &str) -> anyhow::Result<bool> {
    if database.columns(table).await?.is_empty() {
        return Ok(false);
    }
    let found = format!("SELECT COUNT(*) FROM {table} source WHERE {which}");
    Ok(database.number(&found).await? > 0)
}
