//! Writes and reads entries, and checks the chain.

use std::time::Duration;

use store::audit::{self, AuditFilter, AuditRow};
use store::{Db, StoreError, Tx, audit_begun, within_budget};

use super::action::ABOUT_USERS;
use super::chain::{ChainKey, ChainState};
use super::entry::{AuditDetails, AuditEntry, AuditLine};
use super::kept::kept;
use super::turns::ChainTurns;
use crate::kit::clock::{Clock, Random};
use crate::kit::id::new_id;
use crate::kit::seal::{Sealer, SecretKey};

/// How many entries are checked at a time.
const PAGE_SIZE: i64 = 500;
/// How long an entry may wait for the store if its change is already committed.
pub(super) const BEHIND: Duration = Duration::from_secs(4);
/// How many entries are searched for a page: no filter has an index, and the log only grows.
const LOOKED_THROUGH: i64 = 10_000;
/// How long checking a whole chain may take, with what it waits for its turn.
const WHOLE_CHAIN: Duration = Duration::from_secs(60);

/// Records changes. Cloning it is cheap.
#[derive(Clone)]
pub(crate) struct Audit {
    rows: Sealer,
    key: ChainKey,
    pub(super) clock: Clock,
    pub(super) random: Random,
    checking: ChainTurns,
}

/// Some entries, newest first.
#[derive(Debug)]
pub(crate) struct AuditPart {
    pub(crate) lines: Vec<AuditLine>,
    /// Entries before this one were not searched.
    pub(crate) rest: Option<i64>,
}

/// Where an entry is in its tool's chain, for the log.
#[derive(Debug)]
#[must_use]
pub(crate) struct AuditMark {
    tool_id: String,
    number: i64,
    action: &'static str,
    chain: String,
}

impl AuditMark {
    /// Writes a line to the log. If the log is kept elsewhere, it reveals whether the end of the
    /// chain was cut off; so an entry that was not committed must have none.
    pub(crate) fn log(self) {
        tracing::info!(
            tool_id = self.tool_id,
            number = self.number,
            action = self.action,
            chain = self.chain,
            "audit"
        );
    }
}

/// The identity that an entry's details are sealed with.
pub(crate) fn details_identity(id: &str) -> String {
    format!("audit_entries/{id}")
}

impl Audit {
    /// Seals with `rows`, and chains with a key derived from the secret that stays when the secret
    /// keys change.
    pub(crate) fn new(rows: Sealer, root: &SecretKey, clock: Clock, random: Random) -> Self {
        Self {
            rows,
            key: ChainKey::new(root),
            clock,
            random,
            checking: ChainTurns::default(),
        }
    }

    /// Records a change in the transaction that makes it. Call it last: until the transaction ends,
    /// all other entries of the tool have to wait. Call [`AuditMark::log`] after the commit.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn append(
        &self,
        tx: &mut Tx<'_>,
        entry: AuditEntry,
    ) -> Result<AuditMark, StoreError> {
        let details = serde_json::to_vec(&kept(entry.action.code(), entry.details));
        let details = details.map_err(|error| StoreError::Corrupt(error.to_string()))?;
        let tool_id = entry.tool_id.as_str();
        let now = self.clock.now_ms();
        let id = new_id(now, &self.random);
        let head = audit::next(tx, tool_id, self.key.beginning(tool_id)).await?;
        let mut row = AuditRow {
            number: head.number,
            actor: entry.actor.key(),
            action: entry.action.code().to_owned(),
            subject: entry.subject,
            details_sealed: self.rows.seal(&details_identity(&id), &details),
            hash: Vec::new(),
            created_at: now,
            id,
        };
        row.hash = self.key.hash(&head.hash, tool_id, &row, &details);
        let mark = AuditMark {
            tool_id: entry.tool_id.clone(),
            number: row.number,
            action: entry.action.code(),
            chain: beginning_of(&row.hash),
        };
        audit::append(tx, tool_id, row).await?;
        Ok(mark)
    }

    /// Records a change that is already committed. By then the request may have used up its time
    /// for the store, so the entry gets a separate budget (decision 0371).
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn write(&self, db: &Db, entry: AuditEntry) -> Result<(), StoreError> {
        self.write_after(db, None, vec![entry]).await
    }

    /// The same with an entry for each tool that was changed, and in the same transaction removes
    /// the row that says that the change has begun.
    ///
    /// # Errors
    /// The store failed.
    pub(super) async fn write_after(
        &self,
        db: &Db,
        begun: Option<String>,
        entries: Vec<AuditEntry>,
    ) -> Result<(), StoreError> {
        let audit = self.clone();
        let write = db.write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move {
                if let Some(id) = begun {
                    audit_begun::remove(&mut tx, id).await?;
                }
                let mut marks = Vec::with_capacity(entries.len());
                for entry in entries {
                    marks.push(audit.append(&mut tx, entry).await?);
                }
                Ok(marks)
            })
        });
        let marks = within_budget(BEHIND, write).await?;
        marks.into_iter().for_each(AuditMark::log);
        Ok(())
    }

    /// Up to `most` entries before this number, if they are among the 10,000 before it.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn page(
        &self,
        db: &Db,
        tool_id: &str,
        filter: &AuditFilter,
        before: Option<i64>,
        most: i64,
    ) -> Result<AuditPart, StoreError> {
        let mut reader = db.read().await?;
        let head = audit::head(&mut reader.tx(), tool_id).await?;
        let asked = before.unwrap_or(i64::MAX);
        let (from, before) = match head {
            Some(head) => {
                let before = asked.min(head.number.saturating_add(1));
                (before.saturating_sub(LOOKED_THROUGH).max(1), before)
            }
            None => (1, asked),
        };
        let rows = audit::page(&mut reader.tx(), tool_id, filter, (from, before), most).await?;
        drop(reader);
        let is_full = i64::try_from(rows.len()).is_ok_and(|found| found >= most);
        let lines = rows.into_iter().map(|row| self.shown(row));
        let lines = lines.collect::<Result<Vec<_>, StoreError>>()?;
        let last = lines.last().map(|last| last.number);
        let rest = if is_full { last } else { Some(from) };
        Ok(AuditPart {
            lines,
            rest: rest.filter(|rest| *rest > 1),
        })
    }

    /// The same for a reader who may see users of the portal, or may not: then entries about users
    /// say only who did what and when, and aren't found by their subject (decision 0512).
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn page_seen_by(
        &self,
        db: &Db,
        tool_id: &str,
        filter: &AuditFilter,
        before: Option<i64>,
        most: i64,
        sees_users: bool,
    ) -> Result<AuditPart, StoreError> {
        let filter = AuditFilter {
            hidden_subjects: (!sees_users).then_some(ABOUT_USERS),
            ..filter.clone()
        };
        let found = self.page(db, tool_id, &filter, before, most);
        let AuditPart { lines, rest } = found.await?;
        let lines = lines.into_iter().map(|line| line.seen_by(sees_users));
        Ok(AuditPart {
            lines: lines.collect(),
            rest,
        })
    }

    fn shown(&self, row: AuditRow) -> Result<AuditLine, StoreError> {
        let details: AuditDetails = serde_json::from_slice(&self.details(&row)?)
            .map_err(|error| StoreError::Corrupt(format!("audit entry {}: {error}", row.id)))?;
        let details = kept(&row.action, details);
        Ok(AuditLine {
            number: row.number,
            at: row.created_at,
            actor: row.actor,
            by: details.by,
            action: row.action,
            subject: row.subject,
            of: details.of,
            before: details.before,
            after: details.after,
            chain: beginning_of(&row.hash),
        })
    }

    fn details(&self, row: &AuditRow) -> Result<Vec<u8>, StoreError> {
        let opened = self
            .rows
            .open(&details_identity(&row.id), &row.details_sealed);
        opened.map_err(|error| StoreError::Corrupt(format!("audit entry {}: {error}", row.id)))
    }

    /// Whether a tool's chain is intact from its first entry to its last.
    ///
    /// # Errors
    /// The store failed, or others are checked all the time.
    pub(crate) async fn verify(&self, db: &Db, tool_id: &str) -> Result<ChainState, StoreError> {
        within_budget(WHOLE_CHAIN, async {
            let _turn = self.checking.take(tool_id, WHOLE_CHAIN).await?;
            self.gone_through(db, tool_id).await
        })
        .await
    }

    async fn gone_through(&self, db: &Db, tool_id: &str) -> Result<ChainState, StoreError> {
        let head = audit::head(&mut db.read().await?.tx(), tool_id).await?;
        let Some(head) = head else {
            let rows = audit::after(&mut db.read().await?.tx(), tool_id, 0, 1).await?;
            return Ok(match rows.first() {
                Some(row) => ChainState::BrokenAt(row.number),
                None => ChainState::Whole(0),
            });
        };
        let (mut hash, mut number) = (self.key.beginning(tool_id), 0);
        // Ignores entries added in the meantime.
        while number < head.number {
            let most = PAGE_SIZE.min(head.number - number);
            let rows = audit::after(&mut db.read().await?.tx(), tool_id, number, most).await?;
            if rows.is_empty() {
                return Ok(ChainState::BrokenAt(number + 1));
            }
            for row in rows {
                let fits = row.number == number + 1
                    && self.details(&row).is_ok_and(|details| {
                        self.key.hash(&hash, tool_id, &row, &details) == row.hash
                    });
                if !fits {
                    return Ok(ChainState::BrokenAt(number + 1));
                }
                (hash, number) = (row.hash, row.number);
            }
        }
        if head.hash == hash {
            Ok(ChainState::Whole(number))
        } else {
            Ok(ChainState::BrokenAt(number))
        }
    }
}

/// The first eight bytes of a hash, in hexadecimal: enough to tell entries apart.
fn beginning_of(hash: &[u8]) -> String {
    let bytes = hash.iter().take(8);
    bytes.map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use serde_json::json;
    use sqlx::{Connection, Executor, SqliteConnection};

    use super::*;
    use crate::audit::{Actor, AuditAction};
    use crate::testing::{Scratch, TOOL};

    async fn with_entries(number: usize) -> (Scratch, Audit) {
        let scratch = Scratch::new().await;
        let random = Random::default();
        let root = SecretKey::generate(&random);
        let audit = Audit::new(scratch.rows.clone(), &root, scratch.clock.clone(), random);
        for at in 0..number {
            let entry = AuditEntry::new(
                TOOL,
                Actor::command(),
                AuditAction::PlatformChanged,
                format!("s{at}"),
            );
            let entry = entry
                .named("It")
                .before(json!({"at": at}))
                .after(json!(null));
            audit.write(&scratch.db, entry).await.unwrap();
        }
        (scratch, audit)
    }

    #[tokio::test]
    async fn entries_come_back_newest_first_and_fit() {
        let (scratch, audit) = with_entries(3).await;
        let filter = AuditFilter::default();
        let page = audit
            .page(&scratch.db, TOOL, &filter, None, 2)
            .await
            .unwrap();
        let told: Vec<_> = page
            .lines
            .iter()
            .map(|line| (line.number, &*line.subject))
            .collect();
        assert_eq!((&*told, page.rest), (&[(3, "s2"), (2, "s1")][..], Some(2)));
        let newest = &page.lines[0];
        assert_eq!(newest.before, Some(json!({"at": 2})));
        assert_eq!(
            (&*newest.by, newest.of.as_deref()),
            ("hallpass", Some("It"))
        );
        let rest = audit
            .page(&scratch.db, TOOL, &filter, Some(2), 9)
            .await
            .unwrap();
        assert_eq!((rest.lines.len(), rest.rest), (1, None));
        let of_one = AuditFilter {
            subject: Some("s1".into()),
            ..AuditFilter::default()
        };
        assert_eq!(
            audit
                .page(&scratch.db, TOOL, &of_one, None, 9)
                .await
                .unwrap()
                .lines
                .len(),
            1
        );
        let whole = audit.verify(&scratch.db, TOOL).await.unwrap();
        assert_eq!(whole, ChainState::Whole(3));
    }

    #[tokio::test]
    async fn an_entry_waits_longer_than_its_request_may() {
        let (scratch, audit) = with_entries(0).await;
        let mut other = SqliteConnection::connect(&scratch.url()).await.unwrap();
        other.execute("BEGIN IMMEDIATE").await.unwrap();
        let held = tokio::spawn(async move {
            // Longer than we wait for a write that has begun once the budget is used up.
            tokio::time::sleep(Duration::from_millis(1_000)).await;
            other.close().await.unwrap();
        });
        let entry = AuditEntry::new(TOOL, Actor::command(), AuditAction::SettingsChanged, TOOL);
        let request = audit.write(&scratch.db, entry);
        within_budget(Duration::ZERO, request).await.unwrap();
        held.await.unwrap();
        let whole = audit.verify(&scratch.db, TOOL).await.unwrap();
        assert_eq!(whole, ChainState::Whole(1));
    }

    #[tokio::test]
    async fn an_entry_with_another_installations_hash_breaks_the_chain() {
        let (scratch, audit) = with_entries(2).await;
        let random = Random::default();
        let other = SecretKey::generate(&random);
        let forger = Audit::new(scratch.rows.clone(), &other, scratch.clock.clone(), random);
        let entry = AuditEntry::new(TOOL, Actor::command(), AuditAction::PlatformDeleted, "s");
        forger.write(&scratch.db, entry).await.unwrap();
        assert_eq!(
            audit.verify(&scratch.db, TOOL).await.unwrap(),
            ChainState::BrokenAt(3)
        );
    }
}
