//! Jobs: done once each, in order, in turns, and again after a failure or a death
//! (docs/decisions/0230-jobs-are-rows-with-an-owner.md).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use gateway::jobs::{
    AttemptNote, JobEnding, JobKind, JobOrder, JobOutcome, Jobs, NoRoom, QueueFull, Schedule, Task,
    Work, WorkRhythm, Worker,
};
use gateway::kit::clock::Random;
use gateway::kit::seal::{Sealer, SecretKey};
use gateway::settings::installation::Fixed;
use serde_json::json;
use store::{StoreError, Tx, job_workers, jobs};
use test_case::{both_stores, cases};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinHandle;

use crate::support::{Gateway, PATIENCE, Store, fixed};
use crate::undisturbed::undisturbed;

const KIND: &str = "test";
/// Longer than any job may take, and than any pause.
const DAYS_MS: i64 = 3 * 24 * 60 * 60 * 1000;
const QUICK: WorkRhythm = WorkRhythm {
    beat: Duration::from_millis(400),
    poll: Duration::from_millis(50),
    turn: PATIENCE,
};
/// The next sign of life, and look at others, is after any test.
const ONE_LOOK: WorkRhythm = WorkRhythm { beat: Duration::from_secs(60 * 60), ..QUICK };

type Behave = fn(&Task) -> JobEnding;

/// Writes down what it is given, and does as it is told.
#[derive(Clone)]
struct Recording {
    tasks: Arc<Mutex<Vec<Task>>>,
    behave: Behave,
    /// Who must let each job pass, where somebody must.
    gate: Option<Arc<Semaphore>>,
    seconds: Vec<u32>,
}

impl Recording {
    fn new(behave: Behave) -> Self {
        Self { tasks: Arc::default(), behave, gate: None, seconds: vec![0] }
    }

    fn subjects(&self) -> Vec<String> {
        self.tasks.lock().unwrap().iter().map(|task| task.subject.clone()).collect()
    }
}

impl Work for Recording {
    fn schedule(&self, _tool_id: &str) -> Schedule {
        Schedule { seconds: self.seconds.clone(), patience: Duration::from_secs(3600) }
    }

    fn run(&self, task: Task) -> BoxFuture<'static, JobOutcome> {
        let work = self.clone();
        async move {
            work.tasks.lock().unwrap().push(task.clone());
            if let Some(gate) = &work.gate {
                gate.acquire().await.unwrap().forget();
            }
            let note = AttemptNote { outcome: "tried", ..AttemptNote::default() };
            JobOutcome::new((work.behave)(&task), note)
        }
        .boxed()
    }
}

/// A queue in a gateway's store, and workers of a kind that the gateway itself doesn't know.
struct Queue {
    gateway: Gateway,
    jobs: Jobs,
    tool_id: String,
}

impl Queue {
    async fn new(store: Store) -> Self {
        Self::of(Gateway::start(store).await)
    }

    /// In the store of a gateway that looks once whether others are alive, at its start.
    async fn unwatched(store: Store) -> Self {
        let unhurried = Fixed { job_beat: ONE_LOOK.beat, ..fixed() };
        Self::of(Gateway::start_fixed(store, json!({}), &[], unhurried).await)
    }

    fn of(gateway: Gateway) -> Self {
        let random = Random::default();
        let rows = Sealer::new(&SecretKey::generate(&random).into(), "test", random.clone());
        let jobs = Jobs::new(gateway.app.db.clone(), gateway.clock.clone(), random, rows);
        let tool_id = gateway.app.tools.all()[0].id.clone();
        Self { gateway, jobs, tool_id }
    }

    fn order<'a>(&'a self, share: &'a str, subject: &'a str) -> JobOrder<'a> {
        let tool_id = &self.tool_id;
        JobOrder { tool_id, kind: KIND, share, subject, order_key: None, payload: None }
    }

    async fn put(&self, orders: &[JobOrder<'_>]) {
        let rows: Vec<_> = orders.iter().map(|order| self.jobs.row(order)).collect();
        let write = self.gateway.app.db.write::<_, StoreError, _>(move |mut tx: Tx<'_>| {
            Box::pin(async move {
                for row in rows {
                    jobs::insert(&mut tx, row).await?;
                }
                Ok(())
            })
        });
        write.await.unwrap();
        self.jobs.wake();
    }

    fn worker(&self, work: &Recording, at_once: usize, of_one_share: i64) -> Working {
        self.worker_with(work, at_once, of_one_share, at_once)
    }

    /// The same that begins no more than so many of a share itself.
    fn worker_with(
        &self,
        work: &Recording,
        at_once: usize,
        of_one_share: i64,
        of_one_share_here: usize,
    ) -> Working {
        let kind = JobKind {
            name: KIND,
            at_once,
            of_one_share,
            of_one_share_here,
            kept_ms: 60_000,
            work: Arc::new(work.clone()),
        };
        self.works(kind, QUICK)
    }

    /// One that looks once whether others are alive, at its start.
    fn worker_of_one_look(&self, work: &Recording) -> Working {
        let kind = JobKind {
            name: KIND,
            at_once: 1,
            of_one_share: 1,
            of_one_share_here: 1,
            kept_ms: 60_000,
            work: Arc::new(work.clone()),
        };
        self.works(kind, ONE_LOOK)
    }

    fn works(&self, kind: JobKind, rhythm: WorkRhythm) -> Working {
        let (stop, stopped) = watch::channel(false);
        let worker = Worker::new(self.jobs.clone(), vec![kind], rhythm);
        Working { stop, task: tokio::spawn(worker.run(stopped)) }
    }

    async fn states(&self) -> BTreeMap<String, usize> {
        let mut states = BTreeMap::new();
        for state in self.gateway.texts("SELECT state FROM jobs WHERE kind = 'test'").await {
            *states.entry(state).or_default() += 1;
        }
        states
    }

    /// Waits until so many jobs are in this state, and no others are there.
    async fn all_are(&self, state: &str, number: usize) {
        let wanted = BTreeMap::from([(state.to_owned(), number)]);
        let waiting = async {
            while self.states().await != wanted {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let waited = tokio::time::timeout(PATIENCE, waiting).await;
        assert!(waited.is_ok(), "{:?}", self.states().await);
    }
}

impl Queue {
    /// Waits until nothing is under way: what is tried has its next time then.
    async fn settles(&self) {
        let waiting = async {
            while self.states().await.contains_key("running") {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(PATIENCE, waiting).await.unwrap();
    }
}

/// A worker while it works.
struct Working {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Working {
    async fn stop(self) {
        self.stop.send(true).unwrap();
        self.task.await.unwrap();
    }

    /// It is gone without a word.
    fn dies(self) {
        self.task.abort();
    }
}

async fn until(what: &str, done: impl Fn() -> bool) {
    let waiting = async {
        while !done() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    assert!(tokio::time::timeout(PATIENCE, waiting).await.is_ok(), "{what}");
}

#[both_stores]
async fn each_job_is_done_once_by_one_of_many_workers(store: Store) {
    let queue = Queue::new(store).await;
    let work = Recording::new(|_| JobEnding::Done);
    let subjects: Vec<String> = (0..60).map(|number| format!("s{number:02}")).collect();
    let shares = ["one", "two", "three"];
    let orders: Vec<_> = subjects
        .iter()
        .enumerate()
        .map(|(at, subject)| queue.order(shares[at % 3], subject))
        .collect();
    let workers: Vec<_> = (0..3).map(|_| queue.worker(&work, 4, 4)).collect();
    queue.put(&orders).await;
    queue.all_are("done", 60).await;
    let done = work.subjects();
    assert_eq!(done.len(), 60, "none twice");
    assert_eq!(done.into_iter().collect::<BTreeSet<_>>().len(), 60);
    for worker in workers {
        worker.stop().await;
    }
    assert_eq!(queue.gateway.number("SELECT COUNT(*) FROM job_workers").await, 0);
}

#[both_stores("GR-5")]
async fn jobs_with_one_key_are_done_in_their_order(store: Store) {
    let queue = Queue::new(store).await;
    // Every third attempt fails, and those behind wait for it.
    let work = Recording::new(|task| match task.attempt {
        1 if task.subject.ends_with('3') => JobEnding::Again(Duration::ZERO),
        _ => JobEnding::Done,
    });
    let keys = ["a", "b"];
    let mut subjects = Vec::new();
    for number in 0..10 {
        for key in keys {
            subjects.push((key, format!("{key}{number}")));
        }
    }
    for (key, subject) in &subjects {
        let order = JobOrder { order_key: Some(key), ..queue.order("share", subject) };
        queue.put(&[order]).await;
    }
    let workers: Vec<_> = (0..2).map(|_| queue.worker(&work, 8, 8)).collect();
    // Those that come while the first ones are under way line up as well.
    for key in keys {
        let subject = format!("{key}X");
        let order = JobOrder { order_key: Some(key), ..queue.order("share", &subject) };
        queue.put(&[order]).await;
    }
    queue.all_are("done", 22).await;
    for key in keys {
        let done: Vec<String> =
            work.subjects().into_iter().filter(|subject| subject.starts_with(key)).collect();
        let wanted = ["0", "1", "2", "3", "3", "4", "5", "6", "7", "8", "9", "X"];
        assert_eq!(done, wanted.map(|number| format!("{key}{number}")));
    }
    for worker in workers {
        worker.stop().await;
    }
}

#[both_stores("GR-6")]
async fn a_long_queue_does_not_keep_others_from_their_turn(store: Store) {
    let queue = Queue::new(store).await;
    let mut work = Recording::new(|_| JobEnding::Done);
    work.gate = Some(Arc::new(Semaphore::new(0)));
    let subjects: Vec<String> = (0..100).map(|number| format!("many{number}")).collect();
    let many: Vec<_> = subjects.iter().map(|subject| queue.order("a school", subject)).collect();
    queue.put(&many).await;
    let worker = queue.worker(&work, 3, 2);
    until("two of them begin", || work.subjects().len() == 2).await;
    // The third place is free, and no third job of that share takes it.
    queue.put(&[queue.order("another", "late")]).await;
    until("another begins", || work.subjects().len() == 3).await;
    assert_eq!(work.subjects()[2], "late");
    work.gate.as_ref().unwrap().add_permits(1000);
    queue.all_are("done", 101).await;
    worker.stop().await;
}

#[both_stores("GR-12")]
async fn a_dead_workers_jobs_are_taken_over(store: Store) {
    undisturbed(QUICK.beat, async || {
        let queue = Queue::new(store).await;
        let mut work = Recording::new(|_| JobEnding::Done);
        work.gate = Some(Arc::new(Semaphore::new(0)));
        let dying = queue.worker(&work, 2, 2);
        queue.put(&[queue.order("share", "one"), queue.order("share", "two")]).await;
        until("both begin", || work.subjects().len() == 2).await;
        dying.dies();
        // Whoever lives shows it, and nobody takes its jobs.
        let mut slow = Recording::new(|_| JobEnding::Done);
        slow.gate = Some(Arc::new(Semaphore::new(0)));
        let living = queue.worker(&slow, 2, 4);
        until("the dead one's jobs begin again", || slow.subjects().len() == 2).await;
        let other = Recording::new(|_| JobEnding::Done);
        let watching = queue.worker(&other, 2, 4);
        tokio::time::sleep(QUICK.beat * 8).await;
        assert_eq!(other.subjects(), [""; 0], "a slow worker is no dead one");
        slow.gate.as_ref().unwrap().add_permits(2);
        queue.all_are("done", 2).await;
        let attempts: Vec<i64> =
            slow.tasks.lock().unwrap().iter().map(|task| task.attempt).collect();
        assert_eq!(attempts, [2, 2], "the attempts that broke off count");
        living.stop().await;
        watching.stop().await;
    })
    .await;
}

/// As when every server is killed soon after its start.
#[both_stores("GR-12")]
async fn servers_count_a_dead_ones_silence_together(store: Store) {
    const COUNTED: &str = "SELECT COUNT(*) FROM job_workers WHERE looks > 0 AND looked_beat = 7";
    undisturbed(QUICK.beat, async || {
        let queue = Queue::unwatched(store).await;
        let gateway = &queue.gateway;
        queue.put(&[queue.order("share", "one")]).await;
        gateway.meddle("INSERT INTO job_workers (id, beat) VALUES ('dead', 7)").await;
        let claim = "UPDATE jobs SET state = 'running', owner = 'dead' WHERE kind = 'test'";
        gateway.meddle(claim).await;
        let work = Recording::new(|_| JobEnding::Done);
        let brief = queue.worker(&work, 1, 1);
        let counting = async {
            while gateway.number(COUNTED).await == 0 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let counted = tokio::time::timeout(PATIENCE, counting).await;
        brief.dies();
        assert!(counted.is_ok(), "it notes nothing");
        assert_eq!(work.subjects(), [""; 0], "that was not long enough");
        // Others have gone on. And one that was silent for long has moved again.
        gateway.meddle("UPDATE job_workers SET looks = 5 WHERE id = 'dead'").await;
        let moved = "INSERT INTO job_workers (id, beat, looks, looked_beat) \
                     VALUES ('moved', 8, 5, 7)";
        gateway.meddle(moved).await;
        let next = queue.worker_of_one_look(&work);
        queue.all_are("done", 1).await;
        next.stop().await;
        assert_eq!(gateway.texts("SELECT id FROM job_workers").await, ["moved"]);
    })
    .await;
}

/// As when someone emptied the table, or an older version left while it was taking a job.
#[both_stores("GR-12")]
async fn jobs_of_a_worker_that_has_no_row_are_given_back(store: Store) {
    let queue = Queue::new(store).await;
    let mut work = Recording::new(|_| JobEnding::Done);
    work.gate = Some(Arc::new(Semaphore::new(0)));
    let gone = queue.worker(&work, 2, 2);
    queue.put(&[queue.order("share", "one"), queue.order("share", "two")]).await;
    until("both begin", || work.subjects().len() == 2).await;
    gone.dies();
    queue.gateway.meddle("DELETE FROM job_workers").await;
    let other = Recording::new(|_| JobEnding::Done);
    let worker = queue.worker(&other, 2, 2);
    queue.all_are("done", 2).await;
    let attempts: Vec<i64> = other.tasks.lock().unwrap().iter().map(|task| task.attempt).collect();
    assert_eq!(attempts, [2, 2]);
    worker.stop().await;
}

/// A server that stops cuts its jobs off, and one of them may be taking the next one at that
/// moment.
#[cases("GR-12")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_that_leaves_gives_back_what_it_still_takes() {
    const LEAVING: &str = "SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' \
                           AND query LIKE 'DELETE FROM job_workers %'";
    let queue = Queue::new(Store::Postgres).await;
    queue.put(&[queue.order("share", "one")]).await;
    let db = &queue.gateway.app.db;
    let join = db.write::<_, StoreError, _>(|mut tx: Tx<'_>| {
        Box::pin(async move { job_workers::join(&mut tx, "worker").await })
    });
    join.await.unwrap();
    let (taken, done) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
    let (taking, ending) = (taken.clone(), done.clone());
    let now = queue.gateway.clock.now_ms();
    let take = db.write::<_, StoreError, _>(move |mut tx: Tx<'_>| {
        Box::pin(async move {
            assert!(job_workers::keep(&mut tx, "worker").await?);
            let claimed = jobs::claim(&mut tx, "worker", KIND, "share", now, 1).await?;
            taking.add_permits(1);
            ending.acquire().await.unwrap().forget();
            Ok(claimed.len())
        })
    });
    let leave = async {
        taken.acquire().await.unwrap().forget();
        let leave = db.write::<_, StoreError, _>(move |mut tx: Tx<'_>| {
            Box::pin(async move { job_workers::leave(&mut tx, "worker", now).await })
        });
        leave.await
    };
    let meanwhile = async {
        let waiting = async {
            while queue.gateway.number(LEAVING).await == 0 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let waited = tokio::time::timeout(PATIENCE, waiting).await;
        done.add_permits(1);
        assert!(waited.is_ok(), "it doesn't wait");
    };
    let (took, left, ()) = tokio::join!(take, leave, meanwhile);
    assert_eq!(took.unwrap(), 1);
    left.unwrap();
    assert_eq!(queue.states().await, BTreeMap::from([("queued".to_owned(), 1)]));
}

#[both_stores]
async fn a_stop_finishes_what_is_under_way(store: Store) {
    let queue = Queue::new(store).await;
    let mut work = Recording::new(|_| JobEnding::Done);
    let gate = Arc::new(Semaphore::new(0));
    work.gate = Some(gate.clone());
    let worker = queue.worker(&work, 1, 1);
    queue.put(&[queue.order("share", "first"), queue.order("share", "second")]).await;
    until("the first begins", || work.subjects().len() == 1).await;
    let stopping = tokio::spawn(worker.stop());
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(!stopping.is_finished(), "it waits for the first");
    gate.add_permits(2);
    stopping.await.unwrap();
    let wanted = BTreeMap::from([("done".to_owned(), 1), ("queued".to_owned(), 1)]);
    assert_eq!(queue.states().await, wanted);
    assert_eq!(queue.gateway.number("SELECT COUNT(*) FROM job_workers").await, 0);
    let next = queue.worker(&work, 1, 1);
    queue.all_are("done", 2).await;
    next.stop().await;
}

#[both_stores("GR-8")]
async fn a_job_that_fails_comes_again_by_the_schedule(store: Store) {
    let queue = Queue::new(store).await;
    let mut work = Recording::new(|task| match task.subject.as_str() {
        "panics" if task.attempt == 1 => panic!("as it should"),
        "refused" => JobEnding::Refused("NOT_WANTED"),
        "hopeless" => JobEnding::Again(Duration::ZERO),
        "postponed" => JobEnding::Postponed(Duration::from_secs(600)),
        _ if task.attempt < 3 => JobEnding::Again(Duration::ZERO),
        _ => JobEnding::Done,
    });
    work.seconds = vec![0, 100, 1000];
    let worker = queue.worker(&work, 10, 10);
    let orders = ["panics", "refused", "hopeless", "postponed", "works"];
    queue.put(&orders.map(|subject| queue.order("share", subject))).await;
    let tried = |number: usize| {
        let work = work.clone();
        move || work.subjects().len() == number
    };
    until("each is tried", tried(5)).await;
    queue.settles().await;
    // 20 seconds less, for a busy machine.
    queue.gateway.clock.advance(Duration::from_secs(60));
    tokio::time::sleep(QUICK.poll * 6).await;
    assert!(tried(5)(), "not before 80 % of the pause");
    queue.gateway.clock.advance(Duration::from_secs(61));
    until("once more", tried(8)).await;
    queue.settles().await;
    // Past the second pause, and the postponed one's.
    queue.gateway.clock.advance(Duration::from_secs(1201));
    until("again", tried(12)).await;
    queue.settles().await;
    let postponed = "SELECT attempts FROM jobs WHERE subject = 'postponed'";
    assert_eq!(queue.gateway.number(postponed).await, 0, "it was never tried");
    // An hour is as long as any may take, tried or not.
    queue.gateway.clock.advance(Duration::from_secs(3600));
    let ended = "SELECT subject || ' ' || state || ' ' || COALESCE(reason, '') FROM jobs \
                 WHERE kind = 'test' ORDER BY subject";
    let waiting = async {
        loop {
            let ended = queue.gateway.texts(ended).await;
            if ended
                == [
                    "hopeless expired GAVE_UP",
                    "panics done ",
                    "postponed expired GAVE_UP",
                    "refused refused NOT_WANTED",
                    "works done ",
                ]
            {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let waited = tokio::time::timeout(PATIENCE, waiting).await;
    assert!(waited.is_ok(), "{:?}", queue.gateway.texts(ended).await);
    worker.stop().await;
}

/// Three days ahead for a moment, and everything that fails in it would be over.
#[both_stores]
async fn no_job_is_given_up_by_a_date_that_was_set(store: Store) {
    let queue = Queue::new(store).await;
    let mut work = Recording::new(|_| JobEnding::Again(Duration::ZERO));
    work.seconds = vec![0, 600];
    let worker = queue.worker(&work, 1, 1);
    queue.put(&[queue.order("share", "one")]).await;
    until("tried", || work.subjects().len() == 1).await;
    queue.settles().await;
    queue.gateway.clock.set_by(DAYS_MS);
    until("tried meanwhile", || work.subjects().len() == 2).await;
    queue.settles().await;
    queue.all_are("queued", 1).await;
    // It was put off until then.
    queue.gateway.clock.set_by(-DAYS_MS);
    until("tried afterwards", || work.subjects().len() == 3).await;
    queue.settles().await;
    queue.all_are("queued", 1).await;
    worker.stop().await;
}

#[both_stores]
async fn what_a_job_needs_to_know_is_sealed(store: Store) {
    let queue = Queue::new(store).await;
    let work = Recording::new(|_| JobEnding::Done);
    let order = JobOrder { payload: Some(b"somebody's name"), ..queue.order("share", "s") };
    queue.put(&[order]).await;
    let sealed = "SELECT CAST(LENGTH(payload_sealed) AS BIGINT) FROM jobs WHERE kind = 'test'";
    let plain = i64::try_from(b"somebody's name".len()).unwrap();
    assert_eq!(queue.gateway.number(sealed).await, plain + 29, "a byte, a nonce and a tag more");
    let worker = queue.worker(&work, 1, 1);
    queue.all_are("done", 1).await;
    let payload = work.tasks.lock().unwrap()[0].payload.clone();
    assert_eq!(payload.as_deref(), Some(&b"somebody's name"[..]));
    worker.stop().await;
    // Another row's payload opens nothing.
    queue.put(&[JobOrder { payload: Some(b"more"), ..queue.order("share", "t") }]).await;
    let swap = "UPDATE jobs SET payload_sealed = (SELECT payload_sealed FROM jobs WHERE subject = 's') \
                WHERE subject = 't'";
    queue.gateway.meddle(swap).await;
    let worker = queue.worker(&work, 1, 1);
    let waiting = async {
        while queue.states().await.get("refused") != Some(&1) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    assert!(tokio::time::timeout(PATIENCE, waiting).await.is_ok(), "{:?}", queue.states().await);
    assert_eq!(work.subjects(), ["s"]);
    worker.stop().await;
}

#[both_stores("GR-6")]
async fn shares_that_hang_leave_places_to_others(store: Store) {
    let queue = Queue::new(store).await;
    let mut work = Recording::new(|_| JobEnding::Done);
    work.gate = Some(Arc::new(Semaphore::new(0)));
    let subjects = ["a1", "a2", "a3", "a4"];
    queue.put(&subjects.map(|subject| queue.order("hangs", subject))).await;
    let worker = queue.worker_with(&work, 4, 4, 2);
    until("two of them begin", || work.subjects().len() == 2).await;
    let others = ["b1", "b2"];
    queue.put(&others.map(|subject| queue.order("works", subject))).await;
    until("others have places", || work.subjects().len() == 4).await;
    assert_eq!(work.subjects().iter().filter(|subject| subject.starts_with('b')).count(), 2);
    work.gate.as_ref().unwrap().add_permits(1000);
    queue.all_are("done", 6).await;
    worker.stop().await;
}

#[both_stores("GR-6")]
async fn no_share_fills_the_whole_queue(store: Store) {
    let queue = Queue::new(store).await;
    let subjects = ["1", "2", "3"];
    for subject in subjects {
        // Those that wait behind another count as well.
        queue.put(&[JobOrder { order_key: Some("k"), ..queue.order("away", subject) }]).await;
    }
    let full = queue.jobs.admit_to(KIND, "away", 3).await;
    let Err(NoRoom::Full(full)) = full else { panic!("{full:?}") };
    assert_eq!(full, QueueFull(3));
    assert!(queue.jobs.admit_to(KIND, "another", 3).await.is_ok());
    assert!(queue.jobs.admit(KIND, 100).await.is_ok());
}

#[both_stores]
async fn no_more_jobs_are_taken_than_there_is_room_for(store: Store) {
    let queue = Queue::new(store).await;
    let subjects = ["1", "2", "3"];
    queue.put(&subjects.map(|subject| queue.order("share", subject))).await;
    for _ in 0..2 {
        assert!(queue.jobs.admit(KIND, 5).await.is_ok());
    }
    let full = queue.jobs.admit(KIND, 5).await;
    let Err(NoRoom::Full(full)) = full else { panic!("{full:?}") };
    assert_eq!(full, QueueFull(5));
    // What was promised and not stored is forgotten soon.
    queue.gateway.clock.advance(Duration::from_secs(6));
    assert!(queue.jobs.admit(KIND, 5).await.is_ok());
    assert!(queue.jobs.admit("another", 1).await.is_ok());
}

#[both_stores]
async fn a_job_is_promised_with_what_promises_it_or_not_at_all(store: Store) {
    let queue = Queue::new(store).await;
    let row = queue.jobs.row(&queue.order("share", "never"));
    let write = queue.gateway.app.db.write::<(), StoreError, _>(move |mut tx: Tx<'_>| {
        Box::pin(async move {
            jobs::insert(&mut tx, row).await?;
            Err(StoreError::Stopped)
        })
    });
    assert!(write.await.is_err());
    assert_eq!(queue.states().await, BTreeMap::new());
}

#[both_stores]
async fn ended_jobs_are_kept_for_a_while(store: Store) {
    let queue = Queue::new(store).await;
    let work = Recording::new(|_| JobEnding::Done);
    let worker = queue.worker(&work, 1, 1);
    queue.put(&[queue.order("share", "one")]).await;
    queue.all_are("done", 1).await;
    worker.stop().await;
    queue.put(&[queue.order("share", "two")]).await;
    gateway::background::forget(&queue.gateway.app, queue.gateway.clock.now_ms()).await.unwrap();
    assert_eq!(queue.states().await.values().sum::<usize>(), 2);
    queue.gateway.clock.advance(Duration::from_secs(70));
    gateway::background::forget(&queue.gateway.app, queue.gateway.clock.now_ms()).await.unwrap();
    assert_eq!(queue.states().await, BTreeMap::from([("queued".to_owned(), 1)]));
}

/// Two that count the running jobs at the same moment would both fill the free places. SQLite has
/// one writer.
#[cases("GR-7")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_worker_at_a_time_takes_jobs_of_a_share() {
    let queue = Queue::new(Store::Postgres).await;
    let db = &queue.gateway.app.db;
    let alone = async |share: &'static str| {
        let look = db.write::<_, StoreError, _>(move |mut tx: Tx<'_>| {
            Box::pin(async move { jobs::is_alone(&mut tx, KIND, share).await })
        });
        look.await.unwrap()
    };
    let (taken, done) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
    let (taking, ending) = (taken.clone(), done.clone());
    let first = db.write::<_, StoreError, _>(move |mut tx: Tx<'_>| {
        Box::pin(async move {
            let is_alone = jobs::is_alone(&mut tx, KIND, "share").await?;
            taking.add_permits(1);
            ending.acquire().await.unwrap().forget();
            Ok(is_alone)
        })
    });
    let meanwhile = async {
        taken.acquire().await.unwrap().forget();
        let found = (alone("share").await, alone("another").await);
        done.add_permits(1);
        found
    };
    let (first, found) = tokio::join!(first, meanwhile);
    assert!(first.unwrap());
    assert_eq!(found, (false, true));
    assert!(alone("share").await, "it has ended");
}
