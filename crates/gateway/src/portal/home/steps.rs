//! The steps to the first launch. Each is ticked off once the store has seen it.

use store::platforms::{self, PlatformFilter};
use store::{StoreError, usage};

use super::day::Day;
use crate::directory::tools::Tool;
use crate::portal::connect::url_way::activates_at_once;
use crate::portal::room::Portal;
use crate::portal::trial::ISSUER;
use crate::portal::usage::STUDYREEL;
use crate::settings::tool::ToolSettings;
use crate::usage::period::{date_at, day, days_before, month};

/// How many platforms are looked at: an active one is among the oldest.
const LOOKED_AT: i64 = 20;

/// For how many days after the first launch Home says what comes next.
const NEW_DAYS: i32 = 7;

/// Which steps are done.
pub(super) struct FirstSteps {
    pub(super) has_url: bool,
    pub(super) launch_url: String,
    pub(super) has_platform: bool,
    pub(super) is_active: bool,
    /// Whether the tool's settings activate platforms as soon as they register.
    pub(super) is_at_once: bool,
}

impl FirstSteps {
    /// The CSS class of a step: done, current, or still to come.
    pub(super) fn class(&self, step: &str) -> &'static str {
        let done = [
            ("url", self.has_url),
            ("lms", self.has_platform),
            ("activate", self.is_active),
            ("launch", false),
        ];
        let first = done.iter().find(|(_, done)| !done).map(|(name, _)| *name);
        let is_done = done.iter().any(|(name, done)| *name == step && *done);
        match (is_done, first == Some(step)) {
            (true, _) => "ok",
            (false, true) => "now",
            (false, false) => "todo",
        }
    }
}

/// The steps of a tool; `None` once there was a launch.
pub(super) async fn of(
    portal: &Portal,
    tool: &Tool,
    day: &Day,
) -> Result<Option<FirstSteps>, StoreError> {
    let filter = PlatformFilter {
        limit: LOOKED_AT,
        ..PlatformFilter::default()
    };
    let mut reader = portal.db.read().await?;
    let now = portal.clock.now_ms();
    let mut platforms = platforms::page(&mut reader.tx(), &tool.id, &filter, now).await?;
    // The test person's launch doesn't count as the first.
    platforms.retain(|platform| platform.row.issuer != ISSUER);
    let has_launched = match platforms.is_empty() {
        true => !usage::between(&mut reader.tx(), &tool.id, STUDYREEL, 0, i64::MAX)
            .await?
            .is_empty(),
        false => day.launches > 0,
    };
    if has_launched {
        return Ok(None);
    }
    for platform in &platforms {
        let id = platform.row.id.clone();
        let visit = store::platform_visits::of_platform(&mut reader.tx(), id).await?;
        if visit.is_some() {
            return Ok(None);
        }
    }
    drop(reader);
    let url = tool.settings.launch_url.as_ref();
    Ok(Some(FirstSteps {
        has_url: url.is_some(),
        launch_url: url.map(ToString::to_string).unwrap_or_default(),
        has_platform: !platforms.is_empty(),
        is_active: platforms.iter().any(|platform| platform.row.active),
        is_at_once: activates_at_once(tool),
    }))
}

/// The name of a tool that still has the one it began with. LMSs keep the name they register with.
pub(super) fn default_name(tool: &Tool) -> Option<&str> {
    let name = &*tool.settings.name;
    (name == ToolSettings::default().name).then_some(name)
}

/// Whether the first launch was in the last days. One after long holidays isn't the first.
pub(super) async fn is_new(portal: &Portal, tool: &Tool, seen: &Day) -> Result<bool, StoreError> {
    let today = date_at(portal.clock.now_ms());
    let new = days_before(today, NEW_DAYS);
    let mut reader = portal.db.read().await?;
    let tx = &mut reader.tx();
    let months = usage::between(tx, &tool.id, "", 0, month(new) - 1).await?;
    let first = day(new.first_of_month());
    let days = usage::between(tx, &tool.id, "", first, day(today)).await?;
    // Today's launches are written some minutes later.
    let has_launched = seen.launches > 0 || !days.is_empty();
    let is_first = months.is_empty() && days.iter().all(|used| used.period > day(new));
    Ok(has_launched && is_first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_step_that_is_not_done_is_under_way() {
        let steps = FirstSteps {
            has_url: true,
            launch_url: String::new(),
            has_platform: false,
            is_active: false,
            is_at_once: false,
        };
        let classes = ["url", "lms", "activate", "launch"].map(|step| steps.class(step));
        assert_eq!(classes, ["ok", "now", "todo", "todo"]);
    }
}
