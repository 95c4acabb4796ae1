//! Whether memory stays flat: `bench --memory`.

use std::time::Duration;

use crate::growth::{BEGINS, Database, fallen};
use crate::load::Load;
use crate::platform::Platform;
use crate::server::Server;
use crate::{Args, store_of};

/// How long launches are kept, and how often what is over is removed.
const MINUTE: Duration = Duration::from_secs(60);
/// What memory may grow by between a fifth of the way and the end, in MB: allocators breathe.
const BREATH_MB: u64 = 6;

pub(crate) async fn run(args: &Args) -> anyhow::Result<()> {
    let platform = Platform::start().await?;
    let mut grown = Vec::new();
    for name in &args.store {
        let store = store_of(args, *name)?;
        let server = Server::start(&args.hallpass, args.core, &store, &platform).await?;
        server.keep_launches_for_minutes(1).await?;
        let load = Load::new(&server, &platform);
        println!("\n{store}: a million logins that nobody follows");
        let mut sizes = Vec::new();
        for _ in 0..20 {
            load.logins(50_000, 64).await?.complain("login")?;
            sizes.push(server.rss_mb()?);
        }
        println!("RSS in MB after every 50,000: {sizes:?}");
        grown.push(growth(&sizes));
        println!("{store}: 200,000 launches, kept for a minute");
        let mut database = Database::open(&server.database).await?;
        load.run(10_000, 64).await?.complain()?;
        let before = kept(&mut database).await?;
        fallen(async || kept(&mut database).await, before, BEGINS + MINUTE).await?;
        let mut sizes = Vec::new();
        for _ in 0..20 {
            load.run(10_000, 64).await?.complain()?;
            sizes.push(server.rss_mb()?);
        }
        println!("RSS in MB after every 10,000: {sizes:?}");
        grown.push(growth(&sizes));
        // Or it was flat because nothing was forgotten.
        fallen(async || kept(&mut database).await, 1, MINUTE * 5).await?;
        server.stop().await?;
    }
    anyhow::ensure!(
        grown.iter().all(|mb| *mb <= BREATH_MB),
        "memory isn't flat: it grew by {grown:?} MB"
    );
    println!("\nMemory is flat.");
    Ok(())
}

fn growth(sizes: &[u64]) -> u64 {
    let early = sizes.get(sizes.len() / 5).copied().unwrap_or(0);
    sizes.last().copied().unwrap_or(0).saturating_sub(early)
}

/// Launches whose documents are kept.
async fn kept(database: &mut Database) -> anyhow::Result<i64> {
    let kept = "SELECT COUNT(*) FROM launches WHERE document_sealed IS NOT NULL";
    database.number(kept).await
}
