//! Who last changed a setting, and when, as far back as we look.

use std::collections::HashMap;

use axum::Json;
use axum::extract::State;
use serde_json::Value;

use crate::ascode::differences;
use crate::audit_log::api;
use crate::directory::auth::WithApiKey;
use crate::portal::frame::PortalFrame;
use crate::portal::people::person::Person;
use crate::portal::query::{asking, ms_of};
use crate::portal::room::Portal;
use crate::web::problem::Problem;
use crate::web::texts::portal_look as texts;

/// How many audit entries are looked at.
const MOST_ENTRIES: &str = "40";

/// The last change of each member.
pub(super) struct SettingHistory(HashMap<String, LastChange>);

struct LastChange {
    by: String,
    /// Milliseconds since 1970.
    at: i64,
}

/// Reads the changes of the tool's settings from the audit.
///
/// # Errors
/// The store failed.
pub(super) async fn read(portal: &Portal, person: &Person) -> Result<SettingHistory, Problem> {
    let mut last = HashMap::new();
    // Home uses a separate action for changing the launch URL.
    for (action, most) in [("settings.changed", MOST_ENTRIES), ("tool.changed", "1")] {
        let (room, key) = (portal.audit_log(), WithApiKey::granted(&person.tool));
        let asked = asking(&[("action", Some(action)), ("limit", Some(most))]);
        let Json(list) = api::list(State(room), key, asked).await?;
        for entry in list.entries {
            let (before, after) = (entry.before.unwrap_or_default(), entry.after);
            let members = match after.unwrap_or_default() {
                Value::String(_) => vec!["launchUrl".to_owned()],
                after => {
                    let changed = differences(&before, &after).into_iter();
                    changed.map(|change| change.member).collect()
                }
            };
            let at = ms_of(&entry.at);
            for member in members {
                let known: Option<&LastChange> = last.get(&member);
                if known.is_none_or(|known| known.at < at) {
                    let by = entry.actor.name.clone();
                    last.insert(member, LastChange { by, at });
                }
            }
        }
    }
    Ok(SettingHistory(last))
}

impl SettingHistory {
    /// A sentence about who changed this member last.
    pub(super) fn told(&self, member: &str, frame: &PortalFrame) -> Option<String> {
        // Setting or removing a whole object counts for its members.
        let whole = member.split_once('.').map_or(member, |(whole, _)| whole);
        let last = self.0.get(member).or_else(|| self.0.get(whole))?;
        let says = texts::CHANGED_BY.with("name", &*last.by);
        Some(frame.phrase(says.with("when", frame.when(last.at))))
    }
}
