//! What we have seen of an LMS that is being connected: whether it asked for our configuration, it
//! registered, we read its keys, it was activated on both sides, and it launched.

use store::StoreError;
use store::deployments::DeploymentStatus;
use store::platform_list::FoundPlatform;
use store::traces::TraceRow;

use super::arrivals::SeenDeployments;
use super::lms::Lms;
use super::stored::{ProgressQuery, StoredProgress};
use crate::directory::families::place_of;
use crate::directory::unknown_deployments::rule_for;
use crate::keys::theirs::KeyFailure;
use crate::portal::platforms::address_of;
use crate::portal::platforms::deployments::status_of;
use crate::portal::room::Portal;
use crate::settings::launch::UnknownDeployments;
use crate::web::meaning::Remedy;
use crate::web::problem::Problem;
use crate::web::texts::{Text, portal_connect as texts};

/// The step that each of these sentences waits for.
const AWAITED: [(Text, Text); 5] = [
    (texts::WAITS_ACTIVATE, texts::P_ACTIVE),
    (texts::WAITS_KEYS, texts::P_KEYS),
    (texts::WAITS_THERE, texts::P_THERE),
    (texts::WAITS_DEPLOYMENT, texts::P_DEPLOYMENT),
    (texts::WAITS_LAUNCH, texts::P_LAUNCH),
];

/// A step and how far it is.
pub(super) struct ProgressLine {
    /// `ok`, `now` or `todo`.
    pub(super) kind: &'static str,
    pub(super) says: Text,
}

/// A platform that appeared.
pub(super) struct SeenPlatform {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) host: String,
    pub(super) client_id: String,
    pub(super) address: String,
}

impl SeenPlatform {
    fn new(found: FoundPlatform) -> Self {
        Self {
            address: address_of(&found.id),
            host: place_of(&found.issuer),
            client_id: found.client_id,
            name: found.name,
            id: found.id,
        }
    }
}

/// What we have seen.
pub(super) struct ConnectProgress {
    pub(super) platform: Option<SeenPlatform>,
    /// The candidates, if several platforms registered and none was named.
    pub(super) choices: Vec<SeenPlatform>,
    pub(super) waits: Text,
    pub(super) lines: Vec<ProgressLine>,
    /// The index of the step that switches the tool on in the LMS, if that is still to be done.
    pub(super) switches_on_at: Option<usize>,
    /// Whether a person entered the platform, rather than the LMS by our URL.
    pub(super) is_by_hand: bool,
    /// Whether it may be activated now.
    pub(super) can_activate: bool,
    /// Whether a registration waits for the tool's approval.
    pub(super) can_approve: bool,
    /// The ids of its deployments that wait, if nothing else is in the way.
    pub(super) deployments: Vec<String>,
    pub(super) is_done: bool,
    /// The reference of its newest launch.
    pub(super) launch: Option<String>,
    /// Why its keys can't be read, in English like every cause; `None` if they can, or it isn't
    /// known yet.
    pub(super) no_keys: Option<String>,
    /// The last failure of a registration or of the platform, with its reference.
    pub(super) failed: Option<(Text, String)>,
}

/// Looks up what we have seen so far.
///
/// # Errors
/// The store failed.
pub(super) async fn look(
    portal: &Portal,
    tool_id: &str,
    sought: &ProgressQuery,
) -> Result<ConnectProgress, Problem> {
    portal.traces.settled().await;
    let stored = StoredProgress::read(portal, tool_id, sought).await?;
    let keys = keys(portal, tool_id, &stored).await?;
    let is_registered = stored.platform.is_some();
    let is_active = stored
        .platform
        .as_ref()
        .is_some_and(|platform| platform.active);
    let has_launched = stored.has_launched;
    let asks = sought.lms.registers_by_url();
    let registers = match asks {
        true => texts::P_REGISTERS,
        false => texts::P_ENTERED,
    };
    let mut steps = vec![
        (registers, is_registered),
        (texts::P_KEYS, matches!(keys, Ok(true))),
        (texts::P_ACTIVE, is_active),
        (texts::P_THERE, stored.has_come),
        (texts::P_LAUNCH, has_launched),
    ];
    if decides_on_deployments(portal, tool_id, &stored).await? {
        let is_allowed = stored.deployments.is_allowed || has_launched;
        steps.insert(steps.len() - 1, (texts::P_DEPLOYMENT, is_allowed));
    }
    let has_asked = stored.asked.is_some() || stored.is_undecided || !stored.choices.is_empty();
    // A platform that was registered by hand never asks.
    if asks && (has_asked || !is_registered) {
        steps.insert(0, (texts::P_ASKED, has_asked));
    }
    let (waits, can_activate, is_done) = match (is_registered, is_active, has_launched) {
        (false, ..) => (waits_to_register(&stored, sought.lms), false, false),
        (true, false, _) => (texts::WAITS_ACTIVATE, true, false),
        (true, true, false) => (waits_to_launch(&keys, &stored), false, false),
        (true, true, true) => (texts::CONNECTED, false, true),
    };
    let failed = last_failure(portal, &stored).await?;
    Ok(ConnectProgress {
        waits,
        switches_on_at: sought.lms.switches_on_at().filter(|_| !stored.has_come),
        is_by_hand: stored.is_by_hand,
        can_activate,
        can_approve: asks && stored.is_undecided,
        deployments: offered(waits, stored.deployments),
        is_done,
        launch: stored.launch,
        lines: lines(&steps, waits),
        no_keys: keys.err().map(|failure| failure.to_string()),
        // Failures before the first success no longer matter.
        failed: failed.filter(|_| !has_launched),
        platform: stored.platform.map(SeenPlatform::new),
        choices: stored.choices.into_iter().map(SeenPlatform::new).collect(),
    })
}

/// The last failure that may be in the way, and what to say about it.
async fn last_failure(
    portal: &Portal,
    stored: &StoredProgress,
) -> Result<Option<(Text, String)>, StoreError> {
    let attempt = match stored.platform {
        Some(_) => texts::P_ATTEMPT_FAILED,
        None => texts::P_FAILED,
    };
    let is_mended = is_mended(portal, stored).await?;
    let failed = stored.failed.as_ref().filter(|_| !is_mended);
    let failed = failed.map(|row| (attempt, row));
    let astray = stored.astray.as_ref();
    let astray = astray.map(|row| (texts::P_OTHER_CLIENT, row));
    let all = failed.into_iter().chain(astray);
    let newest = all.max_by(|(_, one), (_, other)| one.id.cmp(&other.id));
    Ok(newest.and_then(|(says, row)| Some((says, row.correlation_id.clone()?))))
}

/// Whether a person here decides on the platform's new deployments.
async fn decides_on_deployments(
    portal: &Portal,
    tool_id: &str,
    stored: &StoredProgress,
) -> Result<bool, Problem> {
    let (Some(found), Some(tool)) = (&stored.platform, portal.tools.by_id(tool_id)) else {
        return Ok(false);
    };
    let platform = portal.directory.platforms.of_tool(tool_id, &found.id);
    let of_tool = tool.settings.launch.unknown_deployments;
    Ok(rule_for(of_tool, &platform.await?) != UnknownDeployments::Auto)
}

/// Whether what made the last attempt fail has been mended since, with a click on the platform or
/// its deployment.
async fn is_mended(portal: &Portal, stored: &StoredProgress) -> Result<bool, StoreError> {
    let (Some(row), Some(platform)) = (&stored.failed, &stored.platform) else {
        return Ok(false);
    };
    let code = row.reason.as_deref().unwrap_or_default();
    match (portal.traces.meaning(code).remedy, &row.deployment_id) {
        (Remedy::Activate, _) => Ok(platform.active),
        (Remedy::AllowDeployment | Remedy::EnterDeployment, Some(deployment)) => {
            let status = status_of(portal, &platform.id, deployment).await?;
            Ok(status == Some(DeploymentStatus::Active))
        }
        _ => Ok(false),
    }
}

/// What we are waiting for before there is a platform.
fn waits_to_register(stored: &StoredProgress, lms: &Lms) -> Text {
    let at = |row: &Option<TraceRow>| row.as_ref().map(|row| row.id.clone());
    // A later failure is shown below, and means starting over.
    let has_asked = at(&stored.asked) > at(&stored.failed);
    match (lms.registers_by_url(), stored.is_undecided) {
        _ if !stored.choices.is_empty() => texts::WHICH,
        // Every registration fits it: this one may come from an LMS that nobody connects here.
        (true, true) if lms.name.is_empty() => texts::WAITS_WHOSE,
        (true, true) => texts::WAITS_APPROVAL,
        (true, false) if has_asked => texts::WAITS_GO_ON,
        (true, false) => texts::WAITS_REGISTER,
        (false, _) => texts::WAITS_ENTRY,
    }
}

/// What we are waiting for once it is active: the first of the lines that isn't done.
fn waits_to_launch(keys: &Result<bool, KeyFailure>, stored: &StoredProgress) -> Text {
    let deployments = &stored.deployments;
    match (keys, stored.has_come) {
        (Err(_), _) => texts::WAITS_KEYS,
        (Ok(_), false) => texts::WAITS_THERE,
        (Ok(_), true) if !deployments.waiting.is_empty() && !deployments.is_allowed => {
            texts::WAITS_DEPLOYMENT
        }
        (Ok(_), true) => texts::WAITS_LAUNCH,
    }
}

/// The deployments that wait, if it is them that we wait for.
fn offered(waits: Text, deployments: SeenDeployments) -> Vec<String> {
    match waits == texts::WAITS_DEPLOYMENT {
        true => deployments.waiting,
        false => Vec::new(),
    }
}

/// Completed steps are done. The current one is the one that `waits` speaks of, even if an earlier
/// one isn't done, or else the first incomplete one.
fn lines(steps: &[(Text, bool)], waits: Text) -> Vec<ProgressLine> {
    let awaited = AWAITED.iter().find(|(sentence, _)| *sentence == waits);
    let undone = |step: Option<Text>| {
        let is_it = |says: &Text| step.is_none_or(|step| step == *says);
        let mut steps = steps.iter();
        steps.position(|(says, is_done)| !is_done && is_it(says))
    };
    let named = awaited.and_then(|(_, step)| undone(Some(*step)));
    let now = named.or_else(|| undone(None));
    let steps = steps.iter().enumerate();
    let lines = steps.map(|(index, (says, is_done))| ProgressLine {
        kind: match is_done {
            true => "ok",
            false if now == Some(index) => "now",
            false => "todo",
        },
        says: *says,
    });
    lines.collect()
}

/// Whether we have the platform's keys. Fetches them now if they haven't been needed yet.
async fn keys(
    portal: &Portal,
    tool_id: &str,
    stored: &StoredProgress,
) -> Result<Result<bool, KeyFailure>, Problem> {
    let Some(found) = &stored.platform else {
        return Ok(Ok(false));
    };
    if stored.has_launched {
        return Ok(Ok(true));
    }
    let room = &portal.directory;
    let platform = room.platforms.of_tool(tool_id, &found.id).await?;
    Ok(room.platform_keys.at_hand(&platform))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(steps: &[(Text, bool)], waits: Text) -> Vec<&'static str> {
        let lines = lines(steps, waits).into_iter();
        lines.map(|line| line.kind).collect()
    }

    #[test]
    fn the_mark_stands_on_the_step_that_is_awaited() {
        let mut steps = [
            (texts::P_REGISTERS, true),
            (texts::P_KEYS, false),
            (texts::P_ACTIVE, false),
            (texts::P_LAUNCH, false),
        ];
        let before = kinds(&steps, texts::WAITS_ACTIVATE);
        assert_eq!(before, ["ok", "todo", "now", "todo"]);
        steps[2].1 = true;
        let unread = kinds(&steps, texts::WAITS_KEYS);
        assert_eq!(unread, ["ok", "now", "ok", "todo"]);
        // Its step isn't among them.
        let other = kinds(&steps, texts::WAITS_DEPLOYMENT);
        assert_eq!(other, ["ok", "now", "ok", "todo"]);
    }
}
