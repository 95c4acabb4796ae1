//! The pages that are asked for.

use anyhow::Context;

use crate::growth::Database;

/// Those whose addresses are always the same. The search has many hits.
const STANDING: &[&str] = &[
    "/portal",
    "/portal/platforms",
    "/portal/platforms?q=lms-9999.",
    "/portal/platforms?state=active",
    "/portal/platforms/waiting",
    "/portal/connect",
    "/portal/connect/canvas/by-hand",
    "/portal/failures",
    "/portal/failures?since=168",
    "/portal/failures?show=all",
    "/portal/failures?show=each&reason=KID_UNKNOWN",
    "/portal/deliveries",
    "/portal/deliveries?state=queued",
    "/portal/deliveries?state=refused",
    "/portal/keys",
    "/portal/keys/services",
    "/portal/keys/webhooks",
    "/portal/keys/events",
    "/portal/people",
    "/portal/people?status=disabled",
    "/portal/paths",
    "/portal/settings",
    "/portal/settings?as=json",
    "/portal/settings?as=toml",
    "/portal/usage",
    "/portal/users",
    "/portal/tools",
    "/portal/audit",
    "/portal/audit/check",
    "/portal/account",
    "/portal/find?q=client-9",
];

/// The tabs of a platform.
const TABS: [&str; 8] = [
    "",
    "/registration",
    "/deployments",
    "/keys",
    "/settings",
    "/blocked",
    "/launches",
    "/delete",
];

/// Every page, in a store that was filled until now, in milliseconds since 1970.
pub(super) async fn of(database: &mut Database, now: i64) -> anyhow::Result<Vec<String>> {
    let delivery = "SELECT id FROM score_deliveries ORDER BY id DESC LIMIT 1";
    let delivery = one(database, delivery).await?;
    let from = one(database, "SELECT platform_id FROM score_deliveries LIMIT 1").await?;
    let reason = "SELECT reason FROM score_deliveries WHERE reason IS NOT NULL LIMIT 1";
    let reason = database.texts(reason.to_owned()).await?.into_iter().next();
    // One that no delivery has takes the longest to find.
    let reason = reason.unwrap_or_else(|| "COURSE_CONCLUDED".to_owned());
    let platform = platform(database).await?;
    let trace =
        "SELECT correlation_id FROM traces WHERE outcome = 'failed' ORDER BY id DESC LIMIT 1";
    let trace = one(database, trace).await?;
    let student = one(database, "SELECT id FROM students ORDER BY id DESC LIMIT 1").await?;
    let tool = one(database, "SELECT id FROM tools").await?;
    let mut pages: Vec<String> = STANDING.iter().map(|page| (*page).to_owned()).collect();
    pages.extend(TABS.map(|tab| format!("/portal/platforms/{platform}{tab}")));
    pages.extend([
        format!("/portal/connect/moodle?since={now}"),
        format!("/portal/connect/moodle?platform={platform}"),
        format!("/portal/deliveries?reason={reason}"),
        format!("/portal/deliveries?platform={from}"),
        format!("/portal/deliveries/{delivery}"),
        format!("/portal/failures/{trace}"),
        format!("/portal/failures/{trace}/report"),
        format!("/portal/people/{student}"),
        format!("/portal/people/{student}/erase"),
        format!("/portal/tools/{tool}"),
        format!("/portal/tools/{tool}/remove"),
    ]);
    Ok(pages)
}

/// The last of the platforms that were copied.
pub(super) async fn platform(database: &mut Database) -> anyhow::Result<String> {
    let last = "SELECT id FROM platforms WHERE id LIKE 'P0%' ORDER BY id DESC LIMIT 1";
    one(database, last).await
}

/// The first text of a statement.
async fn one(database: &mut Database, sql: &str) -> anyhow::Result<String> {
    let found = database.texts(sql.to_owned()).await?;
    let found = found.into_iter().next();
    found.with_context(|| format!("nothing is found by {sql}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_standing_page_is_asked_for_once() {
        for (at, page) in STANDING.iter().enumerate() {
            let first = STANDING.iter().position(|other| other == page);
            assert_eq!(first, Some(at), "{page}");
        }
    }
}
