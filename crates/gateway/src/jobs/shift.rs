//! What a worker does from one wake-up to the next: shows that it lives, takes over from the dead, takes what is due.

use std::collections::HashMap;
use std::future::pending;
use std::time::Duration;

use store::jobs::{self, ClaimedJob, Settled};
use store::{StoreError, job_workers};
use tokio::task::JoinSet;

use super::queue::Jobs;
use super::rhythm::WorkRhythm;
use super::run::{self, FAR_MS, Running};
use super::watch::Watch;
use super::work::JobKind;
use crate::kit::clock::Stopwatch;
use crate::kit::id::new_id;

/// Shares that one transaction takes jobs of: SQLite's writer is needed by others, too.
const SHARES: usize = 16;
/// Jobs that one transaction brings back.
const BROUGHT_BACK: i64 = 1_000;
/// The pause after the store failed.
const STORE_AWAY: Duration = Duration::from_secs(2);

/// A worker at work.
pub(super) struct Shift {
    jobs: Jobs,
    kinds: Vec<OpenKind>,
    rhythm: WorkRhythm,
    /// Under which it has jobs; none as long as it has none.
    id: Option<String>,
    running: JoinSet<String>,
    /// The running jobs by their ids.
    under_way: HashMap<String, UnderWay>,
    /// Whether the store may hold jobs as ours that we don't know of: the answer to a claim got lost.
    is_unsure: bool,
    is_failing: bool,
    beaten: Stopwatch,
    looked: Stopwatch,
    watch: Watch,
}

/// How many jobs of a share may be begun.
struct ShareRoom {
    share: String,
    /// Beside those that are under way at any server.
    everywhere: i64,
    /// At this one.
    here: i64,
}

impl ShareRoom {
    fn is_some(&self) -> bool {
        self.everywhere > 0 && self.here > 0
    }
}

/// What of a running job counts for others.
struct UnderWay {
    /// Which of the kinds it is of.
    kind: usize,
    share: String,
}

struct OpenKind {
    kind: JobKind,
    /// The share that had the last turn.
    after: String,
    busy: usize,
    /// When it was last looked for jobs that are due too far ahead.
    looked: Stopwatch,
}

impl Shift {
    pub(super) fn new(jobs: Jobs, kinds: Vec<JobKind>, rhythm: WorkRhythm) -> Self {
        let open = |kind| OpenKind {
            kind,
            after: String::new(),
            busy: 0,
            looked: Stopwatch::start(),
        };
        Self {
            jobs,
            kinds: kinds.into_iter().map(open).collect(),
            rhythm,
            id: None,
            running: JoinSet::new(),
            under_way: HashMap::new(),
            is_unsure: false,
            is_failing: false,
            beaten: Stopwatch::start(),
            looked: Stopwatch::start(),
            watch: Watch::default(),
        }
    }

    pub(super) fn is_busy(&self) -> bool {
        !self.running.is_empty()
    }

    /// Until one of the running jobs ends; for ever if there is none.
    pub(super) async fn one_ends(&mut self) {
        match self.running.join_next().await {
            None => pending().await,
            Some(Ok(id)) => self.free(&id),
            // The task's own panics are caught, so it was cut off, with all others.
            Some(Err(error)) => tracing::debug!(%error, "a job was cut off"),
        }
    }

    fn free(&mut self, id: &str) {
        let ended = self.under_way.remove(id);
        if let Some(open) = ended.and_then(|job| self.kinds.get_mut(job.kind)) {
            open.busy = open.busy.saturating_sub(1);
        }
    }

    /// Does what there is to do now; gives how long to wait then, if nothing wakes us.
    pub(super) async fn round(&mut self) -> Duration {
        match self.try_round().await {
            Ok(pause) => {
                self.is_failing = false;
                pause
            }
            Err(error) => {
                if !std::mem::replace(&mut self.is_failing, true) {
                    tracing::warn!(%error, "the worker can't reach the store; it goes on trying");
                }
                // Others take us for dead soon.
                if self.is_busy() && self.beaten.elapsed() > self.rhythm.beat * 4 {
                    self.lose();
                }
                STORE_AWAY.min(self.rhythm.beat)
            }
        }
    }

    async fn try_round(&mut self) -> Result<Duration, StoreError> {
        self.show_life().await?;
        self.take_over().await?;
        self.return_strays().await?;
        let mut pause = self.rhythm.poll;
        for at in 0..self.kinds.len() {
            pause = pause.min(self.take(at).await?);
        }
        Ok(pause)
    }

    /// Moves our number, or leaves if nothing is under way.
    async fn show_life(&mut self) -> Result<(), StoreError> {
        let Some(id) = self.id.clone() else {
            return Ok(());
        };
        if self.beaten.elapsed() < self.rhythm.beat {
            return Ok(());
        }
        if !self.is_busy() {
            return self.leave().await;
        }
        let beaten = Stopwatch::start();
        let beat = self.jobs.db().write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { job_workers::beat(&mut tx, &id).await })
        });
        if beat.await? {
            self.beaten = beaten;
        } else {
            self.lose();
        }
        Ok(())
    }

    async fn leave(&mut self) -> Result<(), StoreError> {
        let Some(id) = self.id.clone() else {
            return Ok(());
        };
        let now = self.jobs.clock().now_ms();
        let leave = self.jobs.db().write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { job_workers::leave(&mut tx, &id, now).await })
        });
        leave.await?;
        self.id = None;
        Ok(())
    }

    /// Others have our jobs now, or will have them in a moment.
    fn lose(&mut self) {
        if self.is_busy() {
            tracing::warn!(
                jobs = self.running.len(),
                "this server was too slow to show that it lives; others do its jobs"
            );
        }
        // Dropped, each stops where it stands.
        self.running = JoinSet::new();
        self.under_way.clear();
        self.kinds.iter_mut().for_each(|open| open.busy = 0);
        self.id = None;
    }

    /// Gives back the jobs of servers that died.
    async fn take_over(&mut self) -> Result<(), StoreError> {
        if self.looked.elapsed() < self.rhythm.beat {
            return Ok(());
        }
        self.looked = Stopwatch::start();
        let all = job_workers::all(&mut self.jobs.db().read().await?.tx()).await?;
        for dead in self.watch.look(all, self.id.as_deref()) {
            let (worker, now) = (dead.id.clone(), self.jobs.clock().now_ms());
            let bury = self.jobs.db().write::<_, StoreError, _>(move |mut tx| {
                Box::pin(async move { job_workers::bury(&mut tx, dead, now).await })
            });
            if let Some(jobs) = bury.await? {
                tracing::warn!(worker, jobs, "a server died; its jobs are done again");
            }
        }
        Ok(())
    }

    /// Gives back what is ours in the store alone.
    async fn return_strays(&mut self) -> Result<(), StoreError> {
        let (true, Some(owner)) = (self.is_unsure, self.id.clone()) else {
            return Ok(());
        };
        let owned = jobs::owned(&mut self.jobs.db().read().await?.tx(), &owner).await?;
        let owned = owned.into_iter();
        let strays: Vec<String> = owned
            .filter(|id| !self.under_way.contains_key(id))
            .collect();
        let now = self.jobs.clock().now_ms();
        let give_back = self.jobs.db().write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move {
                for id in strays {
                    let owner = owner.clone();
                    jobs::postpone(&mut tx, &Settled { id, owner }, now).await?;
                }
                Ok(())
            })
        });
        give_back.await?;
        self.is_unsure = false;
        Ok(())
    }

    /// Takes jobs of a kind that are due; gives how long to wait then.
    async fn take(&mut self, at: usize) -> Result<Duration, StoreError> {
        let poll = self.rhythm.poll;
        let Some(open) = self.kinds.get(at) else {
            return Ok(poll);
        };
        let (name, free) = (open.kind.name, open.kind.at_once.saturating_sub(open.busy));
        if free == 0 {
            return Ok(poll);
        }
        let now = self.jobs.clock().now_ms();
        self.bring_back(at, now).await?;
        let due = jobs::next_due(&mut self.jobs.db().read().await?.tx(), name).await?;
        let until = due.map(|due| due.saturating_sub(now));
        match until.map(u64::try_from) {
            None => return Ok(poll),
            Some(Ok(until)) if until > 0 => return Ok(Duration::from_millis(until)),
            Some(_) => {}
        }
        let shares = self.turns(at, now, free.min(SHARES)).await?;
        let claimed = self.claim(at, shares, now, free).await?;
        // What is due and wasn't taken has to wait for others of its share, and so do we.
        let pause = if claimed.is_empty() {
            poll
        } else {
            Duration::ZERO
        };
        for job in claimed {
            self.begin(at, job);
        }
        Ok(pause)
    }

    /// Makes jobs due that are due later than any pause is long: they were stored, or put off, by a date that was ahead.
    async fn bring_back(&mut self, at: usize, now: i64) -> Result<(), StoreError> {
        let Some(open) = self.kinds.get_mut(at) else {
            return Ok(());
        };
        if open.looked.elapsed() < self.rhythm.poll {
            return Ok(());
        }
        open.looked = Stopwatch::start();
        let (kind, far) = (open.kind.name, now.saturating_add(FAR_MS));
        let last = jobs::last_due(&mut self.jobs.db().read().await?.tx(), kind).await?;
        if last.is_none_or(|last| last <= far) {
            return Ok(());
        }
        let bring_back = self.jobs.db().write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { jobs::bring_back(&mut tx, kind, now, far, BROUGHT_BACK).await })
        });
        let number = bring_back.await?;
        tracing::info!(
            kind,
            number,
            "jobs were due later than any pause is long; they are done now"
        );
        Ok(())
    }

    /// The shares whose turn it is: each after the one that came before it last time, and around again.
    async fn turns(&mut self, at: usize, now: i64, most: usize) -> Result<Vec<String>, StoreError> {
        let Some(open) = self.kinds.get_mut(at) else {
            return Ok(Vec::new());
        };
        let limit = i64::try_from(most).unwrap_or(i64::MAX);
        let mut reader = self.jobs.db().read().await?;
        let name = open.kind.name;
        let mut turns = jobs::shares(&mut reader.tx(), name, &open.after, now, limit).await?;
        if turns.len() < most && !open.after.is_empty() {
            let around = jobs::shares(&mut reader.tx(), name, "", now, limit).await?;
            let others = around.into_iter().take_while(|share| *share <= open.after);
            turns.extend(others.take(most - turns.len()));
        }
        open.after = turns.last().cloned().unwrap_or_default();
        Ok(turns)
    }

    async fn claim(
        &mut self,
        at: usize,
        shares: Vec<String>,
        now: i64,
        free: usize,
    ) -> Result<Vec<ClaimedJob>, StoreError> {
        let Some(open) = self.kinds.get(at) else {
            return Ok(Vec::new());
        };
        let name = open.kind.name;
        let limited = shares.into_iter().map(|share| ShareRoom {
            everywhere: open
                .kind
                .work
                .room_for(&share)
                .unwrap_or(open.kind.of_one_share),
            here: self.room_here(at, &open.kind, &share),
            share,
        });
        let shares: Vec<ShareRoom> = limited.filter(ShareRoom::is_some).collect();
        if shares.is_empty() {
            return Ok(Vec::new());
        }
        let is_new = self.id.is_none();
        let fresh = || new_id(now, self.jobs.random());
        let owner = self.id.clone().unwrap_or_else(fresh);
        let (worker, beaten) = (owner.clone(), Stopwatch::start());
        let claim = self.jobs.db().write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move {
                if is_new {
                    job_workers::join(&mut tx, &worker).await?;
                } else if !job_workers::beat(&mut tx, &worker).await? {
                    return Ok(None);
                }
                let turn = i64::try_from((free / shares.len()).max(1)).unwrap_or(i64::MAX);
                let mut claimed = Vec::new();
                for room in shares {
                    let running = jobs::running(&mut tx, name, &room.share).await?;
                    let most = turn.min(room.here).min(room.everywhere - running);
                    if most > 0 {
                        let found = jobs::claim(&mut tx, &worker, name, &room.share, now, most);
                        claimed.extend(found.await?);
                    }
                }
                Ok(Some(claimed))
            })
        });
        // Whatever the answer is, jobs may be ours from here on.
        self.id = Some(owner);
        match claim.await {
            Ok(Some(claimed)) => {
                self.beaten = beaten;
                Ok(claimed)
            }
            Ok(None) => {
                self.lose();
                Ok(Vec::new())
            }
            Err(error) => {
                self.is_unsure = true;
                Err(error)
            }
        }
    }

    /// Jobs of a share that this server may begin.
    fn room_here(&self, at: usize, kind: &JobKind, share: &str) -> i64 {
        let under_way = self.under_way.values();
        let busy = under_way.filter(|job| job.kind == at && job.share == share);
        let room = kind.of_one_share_here.saturating_sub(busy.count());
        i64::try_from(room).unwrap_or(i64::MAX)
    }

    fn begin(&mut self, at: usize, job: ClaimedJob) {
        let (Some(open), Some(owner)) = (self.kinds.get_mut(at), self.id.clone()) else {
            return;
        };
        open.busy += 1;
        let under_way = UnderWay {
            kind: at,
            share: job.share.clone(),
        };
        self.under_way.insert(job.id.clone(), under_way);
        let running = Running {
            jobs: self.jobs.clone(),
            kind: open.kind.clone(),
            settled: Settled {
                id: job.id.clone(),
                owner,
            },
            job,
        };
        self.running.spawn(run::run(running));
    }

    /// The last of it: what is still running is cut off, and given back.
    pub(super) async fn end(mut self) {
        self.running.shutdown().await;
        if let Err(error) = self.leave().await {
            tracing::warn!(%error, "jobs could not be given back; others take them over");
        }
    }
}
