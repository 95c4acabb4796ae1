//! The log of a job's attempts. It is sealed in the job's row, because it may quote others.

use serde::{Deserialize, Serialize};
use store::StoreError;
use utoipa::ToSchema;

use crate::kit::clock::iso;
use crate::kit::seal::Sealer;
use crate::kit::text::cut;

/// How many attempts are kept, the latest ones.
const REMEMBERED: usize = 30;
/// How many bytes of others' text are kept per attempt.
pub(crate) const MOST_SAID: usize = 2048;

/// A room's report on an attempt.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AttemptNote {
    /// The HTTP status of the answer, if one came.
    pub status: Option<u16>,
    /// The outcome, in a word or two.
    pub outcome: &'static str,
    /// The host that failed, if the room knows which.
    pub host: Option<String>,
    /// The other side's message, or why it could not be reached.
    pub said: Option<String>,
}

/// An attempt as stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct StoredAttempt {
    at_ms: i64,
    millis: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    outcome: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    host: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    said: Option<String>,
}

/// An attempt at a job.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct JobAttempt {
    #[schema(format = DateTime)]
    pub(crate) at: String,
    /// How long it took.
    pub(crate) millis: u64,
    /// The status of the answer; absent if none came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<u16>,
    pub(crate) outcome: String,
    /// The host that failed, of a score's attempt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) host: Option<String>,
    /// More about it, such as why there was no answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) said: Option<String>,
}

impl From<StoredAttempt> for JobAttempt {
    fn from(stored: StoredAttempt) -> Self {
        Self {
            at: iso(stored.at_ms),
            millis: stored.millis,
            status: stored.status,
            outcome: stored.outcome,
            host: stored.host,
            said: stored.said,
        }
    }
}

/// The identity that a job's history is sealed with.
pub(crate) fn history_identity(id: &str) -> String {
    format!("jobs/{id}/history")
}

/// The attempts at a job, oldest first.
///
/// # Errors
/// They can't be opened or read.
pub(crate) fn history(
    rows: &Sealer,
    id: &str,
    sealed: Option<&[u8]>,
) -> Result<Vec<JobAttempt>, StoreError> {
    attempts(rows, &history_identity(id), sealed)
}

/// Attempts that a room keeps in its own row, oldest first.
///
/// # Errors
/// They can't be opened or read.
pub(crate) fn attempts(
    rows: &Sealer,
    identity: &str,
    sealed: Option<&[u8]>,
) -> Result<Vec<JobAttempt>, StoreError> {
    let stored = opened(rows, identity, sealed)?;
    Ok(stored.into_iter().map(JobAttempt::from).collect())
}

fn opened(
    rows: &Sealer,
    identity: &str,
    sealed: Option<&[u8]>,
) -> Result<Vec<StoredAttempt>, StoreError> {
    let Some(sealed) = sealed else {
        return Ok(Vec::new());
    };
    let corrupt = |error: &dyn std::fmt::Display| {
        StoreError::Corrupt(format!("the attempts in {identity}: {error}"))
    };
    let plain = rows.open(identity, sealed);
    let plain = plain.map_err(|error| corrupt(&error))?;
    serde_json::from_slice(&plain).map_err(|error| corrupt(&error))
}

/// Adds an attempt to these and seals them all. Attempts that can't be read are dropped, so that
/// the job can continue.
pub(crate) fn with_attempt(
    rows: &Sealer,
    identity: &str,
    sealed: Option<&[u8]>,
    (at_ms, millis): (i64, u64),
    note: AttemptNote,
) -> Vec<u8> {
    let mut all = opened(rows, identity, sealed).unwrap_or_else(|error| {
        tracing::warn!(%error, "a job's history is lost");
        Vec::new()
    });
    all.push(StoredAttempt {
        at_ms,
        millis,
        status: note.status,
        outcome: note.outcome.to_owned(),
        host: note.host,
        said: note.said.map(|said| cut(&said, MOST_SAID).to_owned()),
    });
    let forgotten = all.len().saturating_sub(REMEMBERED);
    let kept = serde_json::to_vec(&all[forgotten..]).unwrap_or_default();
    rows.seal(identity, &kept)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use test_case::cases;

    use super::*;
    use crate::kit::clock::Random;
    use crate::kit::seal::SecretKey;

    #[cases("GR-26")]
    #[test]
    fn of_each_attempt_two_kilobytes_of_words_are_kept() {
        let random = Random::default();
        let rows = Sealer::new(&SecretKey::generate(&random).into(), "rows", random.clone());
        let note = AttemptNote {
            status: Some(400),
            outcome: "refused",
            host: None,
            said: Some("é".repeat(2000)),
        };
        let mut sealed: Option<Vec<u8>> = None;
        for at in 0..=30 {
            let before = sealed.as_deref();
            sealed = Some(with_attempt(&rows, "id", before, (at, 7), note.clone()));
        }
        let all = attempts(&rows, "id", sealed.as_deref()).unwrap();
        assert_eq!((all.len(), all[0].at.as_str()), (30, iso(1).as_str()));
        let words = "é".repeat(1024);
        assert!(all.iter().all(|one| one.said.as_deref() == Some(&*words)));
        assert_eq!((all[29].status, all[29].millis), (Some(400), 7));
    }
}
