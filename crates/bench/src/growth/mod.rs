//! What everything costs on a store of growing size: `bench --growth`. Rows are copies of what the
//! server itself stored, put into its database while it is down; what is timed goes through HTTP.
//! Two builds take turns, each with its own store.

mod clean_up;
mod database;
mod fill;
mod report;
mod rows;
mod students;
mod wait;

use std::time::{Duration, Instant};

pub(crate) use database::Database;
pub(crate) use fill::platforms as copy_platforms;
pub(crate) use students::{fill as copy_students, launch_one as launch_a_student};
pub(crate) use wait::{BEGINS, fallen};

use bytes::Bytes;

use crate::client::{Answer, Ask, Client};
use crate::load::{Figures, Load};
use crate::platform::{Platform, Registration};
use crate::server::{API_KEY, Server, Store};
use crate::{Args, store_of};
use report::Table;

/// Browsers at once.
const CONCURRENCY: usize = 64;
/// No answer is waited for longer, and no clean-up once it has begun.
const PATIENCE: Duration = Duration::from_secs(900);

/// A build under measurement.
struct Build {
    name: &'static str,
    server: Server,
}

impl Build {
    async fn database(&self) -> anyhow::Result<Database> {
        Database::open(&self.server.database).await
    }

    /// Changes the store while no one serves from it; how long the next start takes.
    async fn meddle<F>(&mut self, change: impl FnOnce(Database) -> F) -> anyhow::Result<Duration>
    where
        F: Future<Output = anyhow::Result<()>>,
    {
        self.server.end().await?;
        change(self.database().await?).await?;
        self.database().await?.explain_date().await?;
        self.server.start_again().await
    }
}

pub(crate) async fn run(args: &Args) -> anyhow::Result<()> {
    let platform = Platform::start().await?;
    for name in &args.store {
        let store = store_of(args, *name)?;
        let mut builds = Vec::new();
        for (name, program) in [
            ("before", args.before.as_ref()),
            ("after", Some(&args.hallpass)),
        ] {
            if let Some(program) = program {
                let server = Server::start(program, args.core, &store, &platform).await?;
                builds.push(Build { name, server });
            }
        }
        let mut table = Table::new(builds.iter().map(|build| build.name));
        let measured = measure(args, &store, &platform, &mut builds, &mut table).await;
        // What was measured until something failed took its time.
        table.print(&store);
        measured?;
        for build in builds {
            build.server.stop().await?;
        }
    }
    Ok(())
}

async fn measure(
    args: &Args,
    store: &Store,
    platform: &Platform,
    builds: &mut [Build],
    table: &mut Table,
) -> anyhow::Result<()> {
    eprintln!("{store}: one platform, nothing stored");
    launches(args, platform, builds, table, "empty", 1).await?;
    eprintln!("{store}: {} platforms", args.platforms);
    add_platforms(args, builds, table).await?;
    let all = "all platforms in turn";
    launches(args, platform, builds, table, all, args.platforms).await?;
    read_platforms(builds, table).await?;
    eprintln!("{store}: {} places", args.places);
    rows::measure(args, builds, table).await?;
    known_places(args, platform, builds, table).await?;
    let mut stored = 0;
    for number in &args.stored {
        eprintln!("{store}: {number} launches");
        add_launches(builds, table, stored, *number).await?;
        stored = *number;
        let state = format!("{number} stored");
        launches(args, platform, builds, table, &state, 1).await?;
    }
    for due in args.due.iter().filter(|due| **due <= stored) {
        eprintln!("{store}: {due} launches due");
        for build in &mut *builds {
            clean_up::under_load(build, platform, *due, table).await?;
            clean_up::stopped(build, *due, table).await?;
        }
    }
    eprintln!(
        "{store}: {} s of launches that are kept for a minute",
        args.minute
    );
    for build in &mut *builds {
        clean_up::of_the_minute(args, build, platform, table).await?;
    }
    eprintln!("{store}: {} students", args.students);
    students::measure(args, builds, table).await
}

async fn add_platforms(args: &Args, builds: &mut [Build], table: &mut Table) -> anyhow::Result<()> {
    for build in builds {
        let number = args.platforms;
        let start = build
            .meddle(async |database| fill::platforms(database, number).await)
            .await?;
        table.note("start with all platforms, ms", build.name, millis(start));
    }
    Ok(())
}

async fn read_platforms(builds: &[Build], table: &mut Table) -> anyhow::Result<()> {
    for build in builds {
        let memory = build.server.rss_mb()? as f64;
        table.note("memory after that, MB", build.name, memory);
        for path in ["/admin/platforms", "/lti/keys", "/admin/export"] {
            let (took, bytes) = get(build, path).await?;
            table.note(&format!("GET {path}, ms"), build.name, took);
            table.note(&format!("GET {path}, kB"), build.name, bytes / 1e3);
        }
        // It changes nothing.
        let (_, exported) = ask(build, "/admin/export", None).await?;
        let code = Some(("application/json", exported.body));
        let (took, _) = ask(build, "/admin/apply", code).await?;
        table.note("POST /admin/apply of that, ms", build.name, took);
    }
    Ok(())
}

/// Adds launches until this many are stored.
async fn add_launches(
    builds: &mut [Build],
    table: &mut Table,
    stored: u32,
    number: u32,
) -> anyhow::Result<()> {
    for build in builds {
        let mut bytes = fill::LaunchBytes::default();
        let start = build
            .meddle(async |database| {
                bytes = fill::launches(database, stored, number).await?;
                Ok(())
            })
            .await?;
        table.note("bytes of a launch", build.name, bytes.launch);
        table.note("bytes of its trace among them", build.name, bytes.trace);
        let start_with = format!("start with {number} launches, ms");
        table.note(&start_with, build.name, millis(start));
    }
    Ok(())
}

fn millis(took: Duration) -> f64 {
    took.as_secs_f64() * 1e3
}

/// Launches from places that have launched before: after a start, when nothing of them is in
/// memory, and when the last ones were a minute ago.
async fn known_places(
    args: &Args,
    platform: &Platform,
    builds: &[Build],
    table: &mut Table,
) -> anyhow::Result<()> {
    let registrations: Vec<_> = (0..args.platforms as usize)
        .map(Registration::copy)
        .collect();
    for state in ["known places after a start", "known places a minute later"] {
        for build in builds {
            let load = Load::among(&build.server, platform, registrations.clone());
            // The same as in the rounds before: their places depend on their numbers.
            let count = args.launches.max(registrations.len() * 2);
            let figures = load.run(count, CONCURRENCY).await?;
            figures.complain()?;
            note(table, build, state, &figures);
        }
        tokio::time::sleep(Duration::from_secs(65)).await;
    }
    Ok(())
}

/// Whole launches, the builds in turns.
async fn launches(
    args: &Args,
    platform: &Platform,
    builds: &[Build],
    table: &mut Table,
    state: &str,
    platforms: u32,
) -> anyhow::Result<()> {
    let registrations: Vec<Registration> = match platforms {
        1 => vec![platform.registration()],
        many => (0..many as usize).map(Registration::copy).collect(),
    };
    for round in 0..=args.rounds {
        for build in builds {
            let load = Load::among(&build.server, platform, registrations.clone());
            let count = args.launches.max(registrations.len() * 2);
            let figures = load.run(count, CONCURRENCY).await?;
            figures.complain()?;
            // The first fills caches, the generator's too.
            if round > 0 {
                note(table, build, state, &figures);
            }
        }
    }
    Ok(())
}

fn note(table: &mut Table, build: &Build, state: &str, figures: &Figures) {
    for (what, value) in [
        ("complete launches/s", figures.complete()),
        ("CPU of a login, µs", figures.logins.cpu_micros()),
        ("CPU of a launch, µs", figures.launches.cpu_micros()),
        ("launch p50, ms", figures.launches.quantile_ms(0.5)),
        ("launch p99, ms", figures.launches.quantile_ms(0.99)),
    ] {
        table.note(&format!("{what}: {state}"), build.name, value);
    }
}

/// One question of the owner's: milliseconds until its whole answer, and bytes.
async fn get(build: &Build, path: &str) -> anyhow::Result<(f64, f64)> {
    let (took, answer) = ask(build, path, None).await?;
    Ok((took, answer.body.len() as f64))
}

/// The same with the answer, and with a body to post.
async fn ask(
    build: &Build,
    path: &str,
    body: Option<(&'static str, Bytes)>,
) -> anyhow::Result<(f64, Answer)> {
    let mut client = Client::connect(build.server.address).await?;
    let authorization = format!("Bearer {API_KEY}");
    let ask = Ask {
        target: path,
        body,
        authorization: Some(&authorization),
        ..Ask::default()
    };
    let asked = Instant::now();
    let answer = tokio::time::timeout(PATIENCE, client.ask(ask)).await??;
    let took = millis(asked.elapsed());
    // No answer in time is no figure.
    let took = if answer.status == 200 { took } else { f64::NAN };
    Ok((took, answer))
}
