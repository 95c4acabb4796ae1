//! The state of a platform today (portal.md PO-6): its launches, clock, keys, grades on their way,
//! rosters.

use axum::Json;
use axum::extract::{Path, State};
use store::{deliveries, rosters};

use super::in_use::last_launch;
use crate::directory::auth::WithApiKey;
use crate::directory::key_rotation;
use crate::directory::platforms::Platform;
use crate::doctor;
use crate::keys::rotation::KeyEntry;
use crate::portal::frame::PortalFrame;
use crate::portal::people::person::Person;
use crate::portal::query::ms_of;
use crate::portal::room::Portal;
use crate::services::failing::{FailingService, PlatformService, ServiceFault};
use crate::web::problem::Problem;
use crate::web::texts::{
    Text, delivery_causes, portal_health as texts, portal_platforms as platform_texts,
};

/// A clock that is off by no more than this counts as right, in seconds: tokens take time, too.
const RIGHT_SECONDS: u64 = 10;

/// The state of something: the kind of `status` element, and words.
pub(super) struct HealthWord {
    pub(super) kind: &'static str,
    pub(super) word: String,
}

/// The state of a platform.
pub(super) struct PlatformHealth {
    pub(super) launches: i64,
    pub(super) people: i64,
    pub(super) last_launch_at: Option<i64>,
    pub(super) clock: HealthWord,
    pub(super) key: HealthWord,
    /// Since when the key has been signing.
    pub(super) key_since: Option<i64>,
    pub(super) grades: HealthWord,
    pub(super) rosters: HealthWord,
    /// Services that fail.
    pub(super) failing: Vec<FailingLine>,
}

/// A service of the platform that fails.
pub(super) struct FailingLine {
    pub(super) name: Text,
    pub(super) why: Text,
    pub(super) times: String,
}

impl FailingLine {
    fn new(failing: FailingService, frame: &PortalFrame) -> Self {
        let times = texts::FAILS_SINCE
            .with("since", frame.when(failing.since))
            .with("last", frame.when(failing.last));
        Self {
            name: match failing.service {
                PlatformService::Rosters => texts::ROSTER_CALLS,
                PlatformService::Groups => texts::GROUP_CALLS,
                PlatformService::Grades => texts::GRADE_CALLS,
            },
            why: match failing.fault {
                ServiceFault::NoToken => texts::NO_TOKEN,
                ServiceFault::NotGranted => texts::NOT_GRANTED,
                ServiceFault::TokenNotAccepted => delivery_causes::TOKEN_NOT_ACCEPTED,
                ServiceFault::NoAnswer => delivery_causes::NO_ANSWER,
                ServiceFault::PlatformFailed => delivery_causes::PLATFORM_FAILED,
                ServiceFault::NotReadable => delivery_causes::NOT_READABLE,
            },
            times: frame.phrase(times),
        }
    }
}

/// What the store knows.
struct HealthFacts {
    launches: i64,
    people: i64,
    last_launch_at: Option<i64>,
    undelivered: i64,
    roster_at: Option<i64>,
}

fn say(kind: &'static str, word: impl Into<String>) -> HealthWord {
    HealthWord {
        kind,
        word: word.into(),
    }
}

/// Collects the state.
///
/// # Errors
/// The store failed.
pub(super) async fn of(
    portal: &Portal,
    person: &Person,
    frame: &PortalFrame,
    platform: &Platform,
) -> Result<PlatformHealth, Problem> {
    let known = known(portal, &person.tool.id, &platform.id).await?;
    let (room, key) = (portal.directory.clone(), WithApiKey::granted(&person.tool));
    let Json(list) = key_rotation::list(State(room), key, Path(platform.id.clone())).await?;
    let skew = doctor::clock::skew(&portal.db, platform).await?;
    let allowed = doctor::clock::leeway(&person.tool, platform);
    let failing = portal.deliveries.client.failing.of_platform(&platform.id);
    let failing = failing.into_iter();
    Ok(PlatformHealth {
        failing: failing.map(|one| FailingLine::new(one, frame)).collect(),
        launches: known.launches,
        people: known.people,
        last_launch_at: known.last_launch_at,
        clock: clock(skew, u64::from(allowed), frame),
        key: our_key(&list.keys, frame),
        key_since: signs_since(&list.keys),
        grades: match known.undelivered {
            0 => say("ok", frame.say(texts::GRADES_DONE)),
            number => {
                let says = texts::GRADES_WAIT.with("number", number.to_string());
                say("wait", frame.phrase(says))
            }
        },
        rosters: match known.roster_at {
            Some(at) => {
                let says = texts::ROSTER_TAKEN.with("when", frame.when(at));
                say("ok", frame.phrase(says))
            }
            None => say("off", frame.say(texts::NO_ROSTER)),
        },
    })
}

async fn known(portal: &Portal, tool_id: &str, platform_id: &str) -> Result<HealthFacts, Problem> {
    let last_launch_at = last_launch(portal, platform_id).await?;
    let mut reader = portal.db.read().await?;
    let tx = &mut reader.tx();
    let today = portal.usage.today(tx, tool_id, platform_id).await?;
    Ok(HealthFacts {
        last_launch_at,
        launches: today.launches,
        people: today.people,
        undelivered: deliveries::undelivered(tx, platform_id).await?,
        roster_at: rosters::newest(tx, platform_id).await?,
    })
}

fn clock(skew: Option<i64>, allowed: u64, frame: &PortalFrame) -> HealthWord {
    let Some(skew) = skew else {
        return say("off", frame.say(texts::CLOCK_UNKNOWN));
    };
    let off = skew.unsigned_abs();
    let kind = match off {
        0..=RIGHT_SECONDS => "ok",
        _ if off <= allowed => "warn",
        _ => "bad",
    };
    let (text, seconds) = match (kind, skew < 0) {
        ("ok", _) => (texts::CLOCK_RIGHT, RIGHT_SECONDS),
        (_, true) => (texts::CLOCK_SLOW, off),
        (_, false) => (texts::CLOCK_FAST, off),
    };
    let says = text.with("seconds", seconds.to_string());
    say(kind, frame.phrase(says))
}

fn our_key(keys: &[KeyEntry], frame: &PortalFrame) -> HealthWord {
    let is_changing = keys.iter().any(|key| key.state == "next");
    match is_changing {
        true => say("wait", frame.say(platform_texts::KEY_CHANGING)),
        false => say("ok", frame.say(platform_texts::KEY_SIGNS)),
    }
}

fn signs_since(keys: &[KeyEntry]) -> Option<i64> {
    let signing = keys.iter().find(|key| key.state == "signing")?;
    Some(ms_of(&signing.signs_from))
}
