//! Filling a store with copies of what the server stored: platforms and launches.

use super::database::Database;
use crate::platform::CLIENT_ID;

/// Platforms that launch like the one that was registered, with its key set.
pub(crate) async fn platforms(mut database: Database, number: u32) -> anyhow::Result<()> {
    let original = format!("(SELECT id FROM platforms WHERE client_id = '{CLIENT_ID}')");
    let of_original = format!("source.platform_id = {original}");
    let numbers = 0..number;
    let which = format!("source.client_id = '{CLIENT_ID}'");
    let changed = [
        ("id", "'P' || {id}"),
        ("issuer", "'https://lms-' || {i} || '.example'"),
        ("client_id", "'client-' || {i}"),
    ];
    database
        .copy("platforms", &which, &changed, numbers.clone())
        .await?;
    let changed = [("platform_id", "'P' || {id}")];
    database
        .copy("deployments", &of_original, &changed, numbers.clone())
        .await?;
    let changed = [("kid", "'K' || {id}"), ("platform_id", "'P' || {id}")];
    database
        .copy("signing_keys", &of_original, &changed, numbers)
        .await
}

/// What a launch takes on disk.
#[derive(Default)]
pub(super) struct LaunchBytes {
    pub(super) launch: f64,
    /// Of these, for its trace.
    pub(super) trace: f64,
}

/// Launches up to `number` that are neither over nor read; `stored` are there already.
pub(super) async fn launches(
    mut database: Database,
    stored: u32,
    number: u32,
) -> anyhow::Result<LaunchBytes> {
    let nonce = database.words(
        "CAST(printf('%032d', n.i) AS BLOB)",
        "convert_to(lpad(n.i::text, 32, '0'), 'UTF8')",
    );
    // Kept for a year, traces for ten.
    let changed = [
        ("id", "'A' || {id}"),
        ("nonce_hash", nonce),
        // One after the other, as real ones.
        ("created_at", "source.created_at - 10000000000 + n.i"),
        ("expires_at", "source.expires_at + 31536000000"),
        ("delete_at", "source.delete_at + 315360000000"),
    ];
    let which = "source.id = (SELECT MAX(id) FROM launches WHERE document_sealed IS NOT NULL AND trace IS NOT NULL)";
    let before = database.size().await?;
    database
        .copy("launches", which, &changed, stored..number)
        .await?;
    let launch = (database.size().await? - before) / f64::from((number - stored).max(1));
    // As many without a trace as fit into little time; they go again.
    let without = number..number + (number - stored).clamp(1, 50_000);
    let untraced = [changed.as_slice(), &[("trace", "NULL")]].concat();
    let before = database.size().await?;
    database
        .copy("launches", which, &untraced, without.clone())
        .await?;
    let bare = (database.size().await? - before) / without.len() as f64;
    let from = without.start;
    database
        .execute(format!(
            "DELETE FROM launches WHERE id LIKE 'A%' AND CAST(substr(id, 2) AS BIGINT) >= {from}"
        ))
        .await?;
    Ok(LaunchBytes {
        launch,
        trace: launch - bare,
    })
}

/// By then the launches of [`end_launches`] are over: in the first days of 1970, one a millisecond,
/// as real ones end one after the other.
pub(super) const ENDED_MS: i64 = 1_000_000_000;

/// Lets the documents of the first `number` launches be over; gives how many launches are due then.
pub(super) async fn end_launches(mut database: Database, number: u32) -> anyhow::Result<i64> {
    let original = "(SELECT document_sealed FROM launches WHERE document_sealed IS NOT NULL ORDER BY id DESC LIMIT 1)";
    let end = format!(
        "'A' || {}",
        database.words("printf('%019d', {i})", "lpad({i}::text, 19, '0')")
    );
    let end = end.replace("{i}", &number.to_string());
    database
        .execute(format!(
            "UPDATE launches SET expires_at = CAST(substr(id, 2) AS BIGINT), \
                 document_sealed = COALESCE(document_sealed, {original}) \
             WHERE id LIKE 'A%' AND id < {end}"
        ))
        .await?;
    due(&mut database, ENDED_MS).await
}

/// Lets those that are still due live.
pub(super) async fn spare_launches(mut database: Database) -> anyhow::Result<()> {
    let far = format!(
        "UPDATE launches SET expires_at = 4102444800000 \
         WHERE document_sealed IS NOT NULL AND expires_at <= {ENDED_MS}"
    );
    database.execute(far).await
}

/// How many launches are to be cleaned up at a time, in milliseconds since 1970.
pub(super) async fn due(database: &mut Database, at_ms: i64) -> anyhow::Result<i64> {
    let sql = format!(
        "SELECT COUNT(*) FROM launches \
         WHERE (CASE WHEN document_sealed IS NULL THEN delete_at ELSE expires_at END) <= {at_ms}"
    );
    database.number(&sql).await
}
