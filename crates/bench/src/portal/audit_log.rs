//! A long audit log. Each entry's hash depends on the one before and on the server's key, so that
//! the server has to write them all.

use bytes::Bytes;

use crate::client::{Ask, Client};
use crate::server::{API_KEY, Server};

/// Entries that are added: what several people change in a year.
const ENTRIES: usize = 5_000;

/// Switches a platform off and on again, over and over.
pub(super) async fn lengthen(server: &Server, platform: &str) -> anyhow::Result<()> {
    eprintln!("{ENTRIES} entries of the audit log");
    let mut client = Client::connect(server.address).await?;
    let authorization = format!("Bearer {API_KEY}");
    let targets = ["deactivate", "activate"].map(|to| format!("/admin/platforms/{platform}/{to}"));
    for target in targets.iter().cycle().take(ENTRIES) {
        let ask = Ask {
            target,
            body: Some(("application/json", Bytes::new())),
            authorization: Some(&authorization),
            ..Ask::default()
        };
        let answer = client.ask(ask).await?;
        anyhow::ensure!(answer.status == 200, "{target}: {}", answer.status);
    }
    Ok(())
}
