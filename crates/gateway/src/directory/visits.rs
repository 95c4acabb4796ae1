//! When platforms last launched, and what they call themselves, which helps operators to tell them
//! apart. A launch itself writes nothing: this is collected in memory and written once a minute.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, PoisonError};

use store::platform_visits::{self, PlatformVisit};
use store::{Db, StoreError};

use super::own_words::OwnWords;

/// Longest name that is stored, in characters.
const LONGEST_NAME: usize = 200;

/// The last launches of platforms since the last write. Cloning it is cheap.
#[derive(Clone)]
pub struct Visits(Arc<VisitsInner>);

struct VisitsInner {
    db: Db,
    since: Mutex<HashMap<String, Visit>>,
}

struct Visit {
    at: i64,
    own_name: Option<String>,
}

impl Visits {
    /// Starts empty.
    pub fn new(db: Db) -> Self {
        Self(Arc::new(VisitsInner {
            db,
            since: Mutex::default(),
        }))
    }

    /// Records a launch at this time, in milliseconds since 1970. Reads only one payload a minute
    /// per platform.
    pub fn launched(&self, platform_id: &str, at: i64, payload: &str) {
        let mut since = self.0.since.lock().unwrap_or_else(PoisonError::into_inner);
        match since.entry(platform_id.to_owned()) {
            Entry::Occupied(mut visit) => visit.get_mut().at = at,
            Entry::Vacant(free) => {
                let own_name = own_name(payload);
                free.insert(Visit { at, own_name });
            }
        }
    }

    /// The last launch of a platform if it isn't written yet, in milliseconds since 1970.
    pub(crate) fn unwritten(&self, platform_id: &str) -> Option<i64> {
        let since = self.0.since.lock().unwrap_or_else(PoisonError::into_inner);
        since.get(platform_id).map(|visit| visit.at)
    }

    /// Writes what was recorded, a few platforms at a time, so that launches can be stored in
    /// between. Called once a minute, and when the server stops.
    ///
    /// # Errors
    /// The store failed; the launches it missed stay unrecorded.
    pub async fn write(&self) -> Result<(), StoreError> {
        let noted =
            std::mem::take(&mut *self.0.since.lock().unwrap_or_else(PoisonError::into_inner));
        if noted.is_empty() {
            return Ok(());
        }
        let mut visits: Vec<PlatformVisit> = noted
            .into_iter()
            .map(|(platform_id, visit)| PlatformVisit {
                platform_id,
                last_launch_at: visit.at,
                own_name: visit.own_name,
            })
            .collect();
        // Sorted, so that two servers can't deadlock.
        visits.sort_unstable_by(|one, other| one.platform_id.cmp(&other.platform_id));
        let write = self.0.db.spread(visits, |mut tx, piece| {
            Box::pin(async move { platform_visits::note(&mut tx, &piece).await })
        });
        write.await
    }
}

/// `tool_platform.name`, as one short line.
fn own_name(payload: &str) -> Option<String> {
    OwnWords::of(payload).line("name", LONGEST_NAME)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn a_platforms_own_name_is_one_short_line() {
        let of = |about: Value| {
            let payload = json!({"https://purl.imsglobal.org/spec/lti/claim/tool_platform": about});
            own_name(&payload.to_string())
        };
        assert_eq!(
            of(json!({"name": " North\nSchool "})).as_deref(),
            Some("NorthSchool")
        );
        assert_eq!(
            of(json!({"name": "x".repeat(500)})).map(|name| name.len()),
            Some(LONGEST_NAME)
        );
        for none in [
            json!({"name": " "}),
            json!({"name": 7}),
            json!({}),
            json!("x"),
            json!(null),
        ] {
            assert_eq!(of(none), None);
        }
        assert_eq!(own_name("no JSON"), None);
    }
}
