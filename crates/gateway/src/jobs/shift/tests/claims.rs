//! Jobs that are retried, claimed again, or left behind.

use std::time::Duration;

use store::StoreError;
use test_case::cases;

use super::{Bench, KIND, outcome, under_way};
use crate::jobs::JobEnding;
use crate::testing::Scratch;

#[cases("GR-12")]
#[tokio::test]
async fn a_job_claimed_again_before_it_was_heard_of_is_another() {
    let bench = Bench::new(Scratch::new().await, |task| match task.attempt {
        1 => outcome(JobEnding::Later(Duration::ZERO)),
        _ => outcome(JobEnding::Done),
    });
    let mut shift = bench.shift(4, 4);
    bench.put("share", &["job"]).await;
    shift.round().await;
    bench.let_pass(1);
    // Its end is stored while the worker looks for others.
    bench.until("share", &["queued"]).await;
    shift.round().await;
    bench.until_begun(2).await;
    assert_eq!(under_way(&shift), (2, 2));
    shift.one_ends().await;
    assert_eq!(
        under_way(&shift),
        (1, 1),
        "the second attempt is still there"
    );
    shift.is_unsure = true;
    shift.round().await;
    assert_eq!(bench.states("share").await, ["running"], "it is no stray");
    bench.let_pass(1);
    shift.one_ends().await;
    assert_eq!(under_way(&shift), (0, 0));
    assert_eq!(bench.states("share").await, ["done"]);
    let begun = bench.work.begun.lock().unwrap();
    let claims: Vec<i64> = begun.iter().map(|task| task.claim).collect();
    assert_eq!(claims, [1, 2]);
}

#[cases("GR-12")]
#[tokio::test]
async fn what_is_left_of_a_former_claim_settles_nothing() {
    let bench = Bench::of_good_jobs().await;
    let mut shift = bench.shift(4, 4);
    bench.put("share", &["job"]).await;
    shift.round().await;
    bench.until_begun(1).await;
    // As if the answer to this had been lost: the task writes it again after the pause.
    let first = shift.under_way.values().next().unwrap().job.clone();
    let now = bench.scratch.clock.now_ms();
    let again = bench.scratch.db.write::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move { store::jobs::again(&mut tx, &first, None, now).await })
    });
    assert!(again.await.unwrap());
    shift.round().await;
    bench.until_begun(2).await;
    bench.let_pass(1);
    shift.one_ends().await;
    assert_eq!(bench.states("share").await, ["running"]);
    bench.let_pass(1);
    shift.one_ends().await;
    assert_eq!(bench.states("share").await, ["done"]);
    assert_eq!(under_way(&shift), (0, 0));
}

#[cases("GR-12")]
#[tokio::test]
async fn what_was_claimed_without_an_answer_is_given_back() {
    let bench = Bench::of_good_jobs().await;
    let mut shift = bench.shift(4, 4);
    bench.put("share", &["first"]).await;
    shift.round().await;
    bench.until_begun(1).await;
    bench.put("share", &["second"]).await;
    let (worker, now) = (shift.id.clone().unwrap(), bench.scratch.clock.now_ms());
    let claim = bench.scratch.db.write::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move { store::jobs::claim(&mut tx, &worker, KIND, "share", now, 1).await })
    });
    assert_eq!(claim.await.unwrap().len(), 1);
    shift.is_unsure = true;
    shift.round().await;
    assert!(!shift.is_unsure);
    assert_eq!(bench.job("share", "first").await.state, "running");
    assert_eq!(bench.job("share", "second").await.state, "queued");
    bench.scratch.clock.advance(Duration::from_secs(60));
    shift.round().await;
    bench.until_begun(2).await;
    let attempt = bench.work.begun.lock().unwrap()[1].attempt;
    assert_eq!(attempt, 1, "what was not tried doesn't count");
}

#[cases("GR-12")]
#[tokio::test]
async fn a_task_that_breaks_off_leaves_slot_and_job_to_others() {
    let bench = Bench::of_good_jobs().await;
    let mut shift = bench.shift(1, 1);
    bench.put("share", &["job"]).await;
    shift.round().await;
    bench.until_begun(1).await;
    shift.running.abort_all();
    shift.one_ends().await;
    assert_eq!(under_way(&shift), (0, 0));
    shift.round().await;
    assert_eq!(bench.job("share", "job").await.state, "queued");
    bench.scratch.clock.advance(Duration::from_secs(60));
    bench.let_pass(1_000);
    shift.round().await;
    shift.one_ends().await;
    assert_eq!(bench.job("share", "job").await.state, "done");
}

#[cases("GR-12")]
#[tokio::test]
async fn a_stop_gives_back_what_was_just_taken() {
    let bench = Bench::of_good_jobs().await;
    let mut shift = bench.shift(1, 1);
    bench.put("share", &["first"]).await;
    shift.round().await;
    bench.until_begun(1).await;
    bench.put("share", &["second"]).await;
    bench.let_pass(1_000);
    // The first job takes the second, and the server stops before its worker knows.
    bench.until("share", &["done", "running"]).await;
    shift.only_finish();
    shift.one_ends().await;
    assert!(!shift.is_busy());
    shift.end().await;
    assert_eq!(bench.begun(), ["first"]);
    assert_eq!(bench.job("share", "second").await.state, "queued");
    assert_eq!(bench.workers().await, 0);
}

#[cases("GR-12")]
#[tokio::test]
async fn what_panics_with_a_jobs_end_waits_for_the_schedule() {
    let bench = Bench::new(Scratch::new().await, |task| match task.attempt {
        1 => outcome(JobEnding::Done).writing(|_| panic!("as it should")),
        2 => outcome(JobEnding::Done).unless(|_| panic!("as it should"), outcome(JobEnding::Done)),
        _ => outcome(JobEnding::Done),
    });
    let mut shift = bench.shift(1, 1);
    bench.put("share", &["job"]).await;
    bench.let_pass(1_000);
    for _ in 0..2 {
        let now = bench.scratch.clock.now_ms();
        shift.round().await;
        shift.one_ends().await;
        assert_eq!(under_way(&shift), (0, 0));
        let job = bench.job("share", "job").await;
        assert_eq!(job.state, "queued");
        assert!(job.due_at >= now + 480_000, "ten minutes, or a fifth less");
        bench.scratch.clock.advance(Duration::from_secs(721));
    }
    shift.round().await;
    shift.one_ends().await;
    assert_eq!(bench.job("share", "job").await.state, "done");
}
