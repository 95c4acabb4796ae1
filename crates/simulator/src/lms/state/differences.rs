//! Changes to a roster since its last page was sent (Names and Role Provisioning Services 2.0,
//! 'Membership differences'). No LMS known to us supports this, so tests have to enable it.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::random;

/// Rosters that were sent, for later comparison.
#[derive(Default)]
pub(crate) struct Differences {
    /// How long each is remembered, in seconds; `None` if differences are disabled.
    seconds: Option<i64>,
    told: HashMap<String, ToldRoster>,
}

struct ToldRoster {
    until: i64,
    members: Vec<Value>,
}

impl Differences {
    pub(crate) fn offer(&mut self, seconds: Option<i64>) {
        self.seconds = seconds;
    }

    pub(crate) fn is_offered(&self) -> bool {
        self.seconds.is_some()
    }

    /// Remembers a roster sent now (in seconds). Returns its name for links.
    pub(crate) fn remember(&mut self, members: Vec<Value>, now: i64) -> String {
        let name = random::alphanumeric(16);
        let until = now + self.seconds.unwrap_or_default();
        let told = ToldRoster { until, members };
        self.told.insert(name.clone(), told);
        name
    }

    /// How `members` differ from a remembered roster: new and changed members as they are, and
    /// those who left as deleted. `None` if it is no longer remembered.
    pub(crate) fn since(&self, name: &str, members: &[Value], now: i64) -> Option<Vec<Value>> {
        let before = self.told.get(name).filter(|told| told.until > now)?;
        let mut differences: Vec<Value> = members
            .iter()
            .filter(|member| !before.members.contains(member))
            .cloned()
            .collect();
        for member in &before.members {
            let id = &member["user_id"];
            if !members.iter().any(|now| now["user_id"] == *id) {
                let left = json!({"status": "Deleted", "user_id": id, "roles": member["roles"]});
                differences.push(left);
            }
        }
        Some(differences)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn who_came_changed_and_left_is_told_for_a_while() {
        let member =
            |id: &str, name: &str| json!({"user_id": id, "roles": ["Learner"], "name": name});
        let mut differences = Differences::default();
        assert!(!differences.is_offered());
        differences.offer(Some(60));
        let before = vec![member("1", "A"), member("2", "B"), member("3", "C")];
        let name = differences.remember(before, 100);
        let now = [member("1", "A"), member("3", "C2"), member("4", "D")];
        let told = differences.since(&name, &now, 159).unwrap();
        let gone = json!({"status": "Deleted", "user_id": "2", "roles": ["Learner"]});
        assert_eq!(told, [member("3", "C2"), member("4", "D"), gone]);
        assert_eq!(differences.since(&name, &now, 160), None);
        assert_eq!(differences.since("another", &now, 159), None);
    }
}
