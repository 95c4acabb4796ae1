//! Whose turn it is, and how many jobs of a share may be started, as far as this server knows.

use store::StoreError;
use store::jobs;

use super::Shift;
use super::claim::ShareRoom;

/// The most shares per transaction, because others need SQLite's writer, too.
const SHARES: usize = 16;
/// Shares looked up by one statement, and the most statements at a time. Many shares may be
/// waiting, such as those of inactive platforms; the next search continues where this one ended.
const PAGE_SIZE: usize = 64;
const PAGES: usize = 8;

impl Shift {
    /// The shares whose turn it is, starting after the one that came last, and wrapping around.
    /// Shares without room are skipped, or the others would wait for nothing.
    pub(super) async fn turns(
        &mut self,
        at: usize,
        now: i64,
    ) -> Result<Vec<ShareRoom>, StoreError> {
        let (rooms, looked_at) = self.look_around(at, now).await?;
        if let Some(open) = self.kinds.get_mut(at).filter(|_| rooms.is_empty()) {
            open.after = looked_at;
        }
        Ok(rooms)
    }

    /// The shares, and the last share that was looked at.
    async fn look_around(
        &self,
        at: usize,
        now: i64,
    ) -> Result<(Vec<ShareRoom>, String), StoreError> {
        let open = self.kinds.get(at);
        let Some((kind, begin)) = open.map(|open| (open.kind.name, open.after.clone())) else {
            return Ok((Vec::new(), String::new()));
        };
        let limit = i64::try_from(PAGE_SIZE).unwrap_or(i64::MAX);
        let mut reader = self.jobs.db().read().await?;
        let (mut rooms, mut after) = (Vec::new(), begin.clone());
        let mut is_around = begin.is_empty();
        for _ in 0..PAGES {
            let found = jobs::shares(&mut reader.tx(), kind, &after, now, limit).await?;
            let is_last = found.len() < PAGE_SIZE;
            for share in found {
                if is_around && !begin.is_empty() && share > begin {
                    return Ok((rooms, after));
                }
                after.clone_from(&share);
                rooms.extend(self.room(at, share));
                if rooms.len() == SHARES {
                    return Ok((rooms, after));
                }
            }
            match (is_last, is_around) {
                (false, _) => {}
                (true, true) => break,
                (true, false) => {
                    is_around = true;
                    after.clear();
                }
            }
        }
        Ok((rooms, after))
    }

    /// How much of a share may be started, if anything.
    fn room(&self, at: usize, share: String) -> Option<ShareRoom> {
        let kind = &self.kinds.get(at)?.kind;
        let busy = self.busy(at, &share);
        let here = kind.of_one_share_here.saturating_sub(busy);
        let everywhere = kind.room_for(&share);
        // This server's jobs are included: if they fill the share, no query is needed.
        let is_full = i64::try_from(busy).is_ok_and(|busy| busy >= everywhere);
        (here > 0 && !is_full).then(|| ShareRoom {
            share,
            everywhere,
            here: i64::try_from(here).unwrap_or(i64::MAX),
        })
    }

    /// Jobs of a share running on this server.
    fn busy(&self, at: usize, share: &str) -> usize {
        let under_way = self.under_way.values();
        let of_share = under_way.filter(|job| job.kind == at && job.share == share);
        of_share.count()
    }
}
