//! Which deployments that launches add are in the audit (decision 0525). A deployment can be
//! deleted, an entry never, and with `auto` every launch may come from another one.

use std::time::Duration;

use crate::web::limiter::Limiter;

/// How many entries there are per [`HOUR`] about one platform, on this replica.
const NOTED: u32 = 200;
const HOUR: Duration = Duration::from_secs(60 * 60);

/// The entries of the last hour.
pub struct AddedDeployments(Limiter);

impl AddedDeployments {
    /// Counts in `limiter`, which must be used for nothing else.
    pub(crate) fn new(limiter: Limiter) -> Self {
        Self(limiter)
    }

    /// Whether the audit records one more deployment of this platform at `now`, an uptime.
    pub fn notes(&self, platform_id: &str, now: Duration) -> bool {
        self.0.admit_in(HOUR, &[platform_id], NOTED, now).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_platform_adds_so_many_entries_an_hour() {
        let added = AddedDeployments::new(Limiter::default());
        let noted = |platform: &str, at| {
            let tries = 0..NOTED * 2;
            let now = Duration::from_secs(at);
            tries.filter(|_| added.notes(platform, now)).count()
        };
        let most = usize::try_from(NOTED).unwrap_or(0);
        assert_eq!(noted("one", 1_000), most);
        assert_eq!(noted("other", 1_000), most, "it has its own");
        assert_eq!(noted("one", 1_018), 1, "one more every 18 seconds");
        assert_eq!(noted("one", 4_618), most);
    }
}
