//! Measures a Hallpass server on one core, with a load generator on another, beside what the
//! machine itself allows in the same run. Run it with `scripts/bench`; how to read the figures is
//! in docs/performance.md.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "printing figures is what it is for"
)]
#![expect(
    clippy::disallowed_methods,
    reason = "it measures with the real clock and starts real programs"
)]

mod client;
mod grades;
mod growth;
mod limits;
mod load;
mod memory;
mod platform;
mod portal;
mod report;
mod server;
mod services;
mod stats;
mod way;

use std::path::PathBuf;

use clap::{Parser, ValueEnum};

use crate::load::Load;
use crate::platform::Platform;
use crate::server::{Server, Store};
use crate::stats::TraceCost;

#[derive(Parser, Debug)]
#[command(about, version)]
struct Args {
    /// The program to measure: a release build.
    #[arg(long, default_value = "target/release/hallpass")]
    hallpass: PathBuf,
    /// Which stores to measure on.
    #[arg(long, value_enum, default_values_t = [StoreName::Sqlite, StoreName::Postgres])]
    store: Vec<StoreName>,
    /// The PostgreSQL server to use, if TEST_POSTGRES_URL names none; a database of its own is made
    /// on it.
    #[arg(long)]
    postgres_url: Option<String>,
    /// Launches to time, for each concurrency.
    #[arg(long, default_value_t = 20_000)]
    launches: usize,
    /// Browsers at once.
    #[arg(long, default_values_t = [16, 64])]
    concurrency: Vec<usize>,
    /// Core of the server; the load generator and PostgreSQL get the other one.
    #[arg(long, default_value_t = 0)]
    core: usize,
    /// Instead of rates: whether memory stays flat over a million logins that are never followed,
    /// and over 200,000 launches that are kept for one minute. It begins with the first clean-up,
    /// some five minutes after the start.
    #[arg(long)]
    memory: bool,
    /// Instead of rates: rosters and scores, beside what the pretend LMS allows.
    #[arg(long)]
    services: bool,
    /// Instead of rates: scores that are stored and delivered later, and launches beside them.
    #[arg(long)]
    grades: bool,
    /// With --grades: scores that wait while launches are timed.
    #[arg(long, default_value_t = 100_000)]
    queue: usize,
    /// With --grades: scores that are delivered.
    #[arg(long, default_value_t = 10_000)]
    deliveries: usize,
    /// Instead of rates: what the portal's pages take, beside --platforms, --traces and --queue
    /// deliveries.
    #[arg(long)]
    portal: bool,
    /// With --portal: traces stored.
    #[arg(long, default_value_t = 1_000_000)]
    traces: u32,
    /// Instead of rates: what everything costs on stores of growing size. Takes two hours and 40 GB
    /// with the sizes below.
    #[arg(long)]
    growth: bool,
    /// With --growth: an earlier build, measured in turns with --hallpass.
    #[arg(long)]
    before: Option<PathBuf>,
    /// With --growth: platforms that launch in turn.
    #[arg(long, default_value_t = 10_000)]
    platforms: u32,
    /// With --growth: launches stored.
    #[arg(long, default_values_t = [1_000_000, 5_000_000])]
    stored: Vec<u32>,
    /// With --growth: launches that are over and cleaned up under load.
    #[arg(long, default_values_t = [100_000, 1_000_000])]
    due: Vec<u32>,
    /// With --growth: places stored that launches came from.
    #[arg(long, default_value_t = 500_000)]
    places: u32,
    /// With --growth: seconds of full load with launches that are kept for one minute; 600 show
    /// whether clean-up keeps up.
    #[arg(long, default_value_t = 60)]
    minute: u64,
    /// With --growth: students stored.
    #[arg(long, default_value_t = 1_000_000)]
    students: u32,
    /// With --growth: measurements of each figure, in turns; the table has the medians.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Serves the bare HTTP server that the limits are measured against (internal).
    #[arg(long, hide = true)]
    stub: bool,
}

/// Rounds with traces, and as many without.
const TRACE_PAIRS: usize = 80;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum StoreName {
    Sqlite,
    Postgres,
}

fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let local = tokio::task::LocalSet::new();
    local.block_on(&runtime, async {
        if args.stub {
            limits::serve_stub().await
        } else if args.growth {
            growth::run(&args).await
        } else if args.portal {
            portal::run(&args).await
        } else if args.grades {
            grades::run(&args).await
        } else if args.services {
            services::run(&args).await
        } else if args.memory {
            memory::run(&args).await
        } else {
            rates(&args).await
        }
    })
}

fn store_of(args: &Args, name: StoreName) -> anyhow::Result<Store> {
    Ok(match name {
        StoreName::Sqlite => Store::Sqlite,
        StoreName::Postgres => Store::Postgres(postgres_url(args).ok_or_else(|| {
            anyhow::anyhow!(
                "--postgres-url is missing: run scripts/bench, which starts a server, or measure --store sqlite only"
            )
        })?),
    })
}

fn postgres_url(args: &Args) -> Option<String> {
    let given = args.postgres_url.clone();
    given.or_else(|| std::env::var("TEST_POSTGRES_URL").ok())
}

async fn rates(args: &Args) -> anyhow::Result<()> {
    let machine = limits::machine(args.core).await?;
    report::machine(&machine);
    let platform = Platform::start().await?;
    for name in &args.store {
        let store = store_of(args, *name)?;
        let commits = limits::commits(&store).await?;
        report::commits(&store, &commits);
        let mut server = Server::start(&args.hallpass, args.core, &store, &platform).await?;
        // Idle as it is from the second start on: the first makes a password, which takes 20 MB for
        // a moment.
        let started = server.restart().await?;
        report::idle(&server, &args.hallpass, started)?;
        server.settled().await?;
        let load = Load::new(&server, &platform);
        load.run(2_000, 16).await?.complain()?;
        for concurrency in &args.concurrency {
            let figures = load.run(args.launches, *concurrency).await?;
            figures.complain()?;
            report::row(&store, *concurrency, &figures, &machine, &commits);
        }
        println!("\nRSS under load: {} MB", server.rss_mb()?);
        traces(&server, &load, &store).await?;
        server.stop().await?;
    }
    Ok(())
}

/// What traces cost a launch, by the time the server's threads ran: short rounds with and without
/// them side by side, since what else the machine does changes from second to second.
async fn traces(server: &Server, load: &Load<'_>, store: &Store) -> anyhow::Result<()> {
    let mut pairs = Vec::new();
    for pair in 0..TRACE_PAIRS {
        let mut cost = TraceCost::default();
        // Each is as often the first.
        for traced in [pair % 2 == 0, pair % 2 != 0] {
            server.trace_launches(traced).await?;
            let launches = load.run(1_000, 64).await?.launches;
            launches.complain("launch")?;
            let of_round = if traced {
                &mut cost.with
            } else {
                &mut cost.without
            };
            *of_round = launches.cpu_micros();
        }
        pairs.push(cost);
    }
    report::traces(store, &pairs);
    Ok(())
}
