//! What the portal's pages take beside a large store: `bench --portal` (portal.md PO-2). Platforms,
//! students and traces are put into the database while the server is down; deliveries are handed
//! over as an application does.

mod audit_log;
mod lists;
mod pages;

use std::time::{Duration, Instant};

use gateway::kit::id::first_of;
use simulator::faults::Fault;
use simulator::lms::{Endpoint, Lms, Options};
use url::form_urlencoded;

use crate::client::{Ask, Client, FORM};
use crate::grades::accept;
use crate::growth::{Database, copy_platforms, copy_students, launch_a_student};
use crate::load::Load;
use crate::platform::Platform;
use crate::server::{PORTAL_PASSWORD, Server};
use crate::way::Way;
use crate::{Args, store_of};

/// How often each page is asked for, and how often before that.
const ASKED: usize = 50;
const WARM: usize = 3;
/// What a page may take and how large it may be (portal.md PO-2).
const MOST_MILLIS: f64 = 50.0;
const MOST_BYTES: usize = 30_000;
/// Failures that are kept at most, half of them of strangers: the other traces are those of
/// launches, in their rows.
const FAILURES: u32 = 50_000;
/// Students of StudyReel.
const STUDENTS: u32 = 10_000;
/// Failures are spread over the last week.
const HOURS: u32 = 168;
const HOUR_MS: i64 = 3_600_000;

/// Measures every page on each store.
pub(crate) async fn run(args: &Args) -> anyhow::Result<()> {
    let mut wrong = Vec::new();
    for name in &args.store {
        let store = store_of(args, *name)?;
        let platform = Platform::start().await?;
        let mut server = Server::start(&args.hallpass, args.core, &store, &platform).await?;
        // Launches to copy, which come to the store within seconds.
        Load::new(&server, &platform)
            .run(100, 10)
            .await?
            .complain()?;
        launch_a_student(&server).await?;
        eprintln!("{store}: {} deliveries", args.queue);
        let lms = Lms::start(Options::default()).await?;
        let way = Way::through(&server, &lms).await?;
        let later = Fault::Busy {
            status: 429,
            seconds: 3600,
        };
        lms.faults().set(Endpoint::Scores, later.clone());
        lms.faults().set(Endpoint::Results, later);
        accept(&way, &server, args.queue).await?.complain("score")?;
        server.end().await?;
        let pages = fill(args, &server).await?;
        server.start_again().await?;
        let copied = pages::platform(&mut Database::open(&server.database).await?).await?;
        audit_log::lengthen(&server, &copied).await?;
        lists::fill(&server).await?;
        let mut owner = Owner::sign_in(&server).await?;
        println!("\n## The portal on {store}\n\n| page | median | slowest of {ASKED} | kB |");
        println!("| --- | --- | --- | --- |");
        for page in pages {
            let timed = owner.time(&page).await?;
            println!("| `{page}` | {timed} |");
            if timed.median > MOST_MILLIS || timed.bytes > MOST_BYTES {
                wrong.push(format!("{store} {page}: {timed}"));
            }
        }
        server.stop().await?;
    }
    anyhow::ensure!(
        wrong.is_empty(),
        "too slow or too large:\n{}",
        wrong.join("\n")
    );
    Ok(())
}

/// Adds platforms, students and traces; the pages to ask for.
async fn fill(args: &Args, server: &Server) -> anyhow::Result<Vec<String>> {
    eprintln!("{} platforms, {} traces", args.platforms, args.traces);
    copy_platforms(Database::open(&server.database).await?, args.platforms).await?;
    copy_students(Database::open(&server.database).await?, STUDENTS).await?;
    let mut database = Database::open(&server.database).await?;
    let now = i64::try_from(std::time::UNIX_EPOCH.elapsed()?.as_millis())?;
    let failures = FAILURES.min(args.traces);
    for hour in 0..HOURS {
        let at_ms = now - i64::from(hour) * HOUR_MS - 60_000;
        add_failures(&mut database, at_ms, hour, failures / HOURS).await?;
    }
    add_launches(&mut database, now - 6 * HOUR_MS, args.traces - failures).await?;
    database.explain_date().await?;
    database.vacuum().await?;
    pages::of(&mut database, now).await
}

/// The platform of a row, by its number.
fn platform_of(database: &Database) -> &'static str {
    database.words(
        "'P' || printf('%019d', n.i % 10000)",
        "'P' || lpad((n.i % 10000)::text, 19, '0')",
    )
}

/// This many failures of one moment, for two reasons, at many platforms; every other one is a
/// stranger's.
async fn add_failures(
    database: &mut Database,
    at_ms: i64,
    hour: u32,
    number: u32,
) -> anyhow::Result<()> {
    let start = first_of(at_ms);
    let start = start.get(..7).unwrap_or_default();
    let id = database.words("printf('%013d', n.i)", "lpad(n.i::text, 13, '0')");
    let reference = database.words("printf('%06d', n.i)", "lpad(n.i::text, 6, '0')");
    let platform = platform_of(database);
    let rows = format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {number}) \
         INSERT INTO traces (id, correlation_id, tool_id, platform_id, kind, outcome, reason, signed, trace, created_at, delete_at) \
         SELECT '{start}' || {id}, 'R{hour:03}' || {reference}, (SELECT id FROM tools), {platform}, 'launch', 'failed', \
         CASE WHEN n.i % 3 = 0 THEN 'KID_UNKNOWN' ELSE 'TOKEN_EXPIRED' END, n.i % 2 = 0, '{{}}', {at_ms}, 4102444800000 \
         FROM n"
    );
    database.execute(rows).await
}

/// Copies of a launch with its trace, at many platforms.
async fn add_launches(database: &mut Database, at_ms: i64, number: u32) -> anyhow::Result<()> {
    let start = first_of(at_ms);
    let start = start.get(..7).unwrap_or_default();
    let padded = database.words("printf('%013d', n.i)", "lpad(n.i::text, 13, '0')");
    let id = format!("'{start}' || {padded}");
    let nonce = database.words(
        "CAST(printf('%032d', n.i) AS BLOB)",
        "convert_to(lpad(n.i::text, 32, '0'), 'UTF8')",
    );
    let platform = platform_of(database);
    // Nothing of it is over while pages are asked for.
    let changed = [
        ("id", id.as_str()),
        ("nonce_hash", nonce),
        ("platform_id", platform),
        ("expires_at", "source.expires_at + 31536000000"),
        ("delete_at", "source.delete_at + 315360000000"),
    ];
    let which = "source.id = (SELECT MAX(id) FROM launches WHERE document_sealed IS NOT NULL AND trace IS NOT NULL)";
    database.copy("launches", which, &changed, 0..number).await
}

/// The owner's browser.
struct Owner {
    client: Client,
    cookies: String,
}

impl Owner {
    async fn sign_in(server: &Server) -> anyhow::Result<Self> {
        let mut client = Client::connect(server.address).await?;
        let fields = [("login", "admin"), ("password", PORTAL_PASSWORD)];
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let ask = Ask {
            target: "/portal/sign-in",
            body: Some((FORM, body.into())),
            is_own: true,
            ..Ask::default()
        };
        let answer = client.ask(ask).await?;
        anyhow::ensure!(answer.status == 303, "signing in: {}", answer.status);
        let cookies = answer.cookies.join("; ");
        Ok(Self { client, cookies })
    }

    /// Asks for a page again and again.
    async fn time(&mut self, page: &str) -> anyhow::Result<PageTime> {
        let (mut took, mut bytes) = (Vec::with_capacity(ASKED), 0);
        for number in 0..WARM + ASKED {
            let ask = Ask {
                target: page,
                cookies: Some(&self.cookies),
                is_own: true,
                ..Ask::default()
            };
            let asked = Instant::now();
            let answer = self.client.ask(ask).await?;
            let elapsed = asked.elapsed();
            // What leads elsewhere is no page.
            anyhow::ensure!(answer.status == 200, "{page}: {}", answer.status);
            bytes = answer.body.len();
            if number >= WARM {
                took.push(elapsed);
            }
        }
        took.sort_unstable();
        let millis = |at: usize| {
            let took = took.get(at).copied().unwrap_or(Duration::MAX);
            took.as_secs_f64() * 1e3
        };
        Ok(PageTime {
            median: millis(ASKED / 2),
            slowest: millis(ASKED - 1),
            bytes,
        })
    }
}

/// What a page took, in milliseconds.
struct PageTime {
    median: f64,
    slowest: f64,
    bytes: usize,
}

impl std::fmt::Display for PageTime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kilobytes = self.bytes as f64 / 1e3;
        let (median, slowest) = (self.median, self.slowest);
        write!(f, "{median:.1} ms | {slowest:.1} ms | {kilobytes:.1}")
    }
}
