//! Shares take turns, and how many jobs of one run at once.

use test_case::cases;

use super::{Bench, RHYTHM, outcome, under_way};
use crate::jobs::JobEnding;
use crate::testing::Scratch;

#[cases("GR-6")]
#[tokio::test]
async fn others_have_their_turn_after_some_jobs_of_a_share() {
    let bench = Bench::of_good_jobs().await;
    let mut shift = bench.shift(1, 1);
    bench.put("a", &["a"; 36]).await;
    bench.put("b", &["b"]).await;
    bench.let_pass(1_000);
    for _ in 0..3 {
        shift.round().await;
        shift.one_ends().await;
    }
    let mut wanted = vec!["a"; 36];
    wanted.insert(32, "b");
    assert_eq!(bench.begun(), wanted);
}

#[cases("GR-6")]
#[tokio::test]
async fn others_have_their_turn_when_a_share_takes_long() {
    let scratch = Scratch::new().await;
    let clock = scratch.clock.clone();
    let bench = Bench::new(scratch, move |_| {
        clock.advance(RHYTHM.turn);
        outcome(JobEnding::Done)
    });
    let mut shift = bench.shift(1, 1);
    bench.put("a", &["a"; 3]).await;
    bench.put("b", &["b"]).await;
    bench.let_pass(1_000);
    for _ in 0..3 {
        shift.round().await;
        shift.one_ends().await;
    }
    assert_eq!(bench.begun(), ["a", "b", "a"]);
}

#[cases("GR-6")]
#[tokio::test]
async fn shares_without_room_have_no_turn() {
    let bench = Bench::of_good_jobs().await;
    let mut shift = bench.shift(1, 1);
    // More than one page of shares.
    for number in 0..100 {
        bench.put(&format!("full{number}"), &["waits"]).await;
    }
    bench.put("has room", &["job"]).await;
    bench.put("panics", &["beside it"]).await;
    bench.let_pass(1_000);
    shift.round().await;
    shift.one_ends().await;
    assert_eq!(bench.begun(), ["job"]);
    // If a room panics when asked, the kind's usual number applies.
    shift.round().await;
    shift.one_ends().await;
    assert_eq!(bench.begun(), ["job", "beside it"]);
}

#[cases("GR-7")]
#[tokio::test]
async fn two_workers_have_no_more_of_a_share_than_one_may() {
    let bench = Bench::of_good_jobs().await;
    let (mut one, mut other) = (bench.shift(4, 2), bench.shift(4, 2));
    bench.put("share", &["job"; 5]).await;
    one.round().await;
    bench.until_begun(2).await;
    other.round().await;
    assert_eq!((under_way(&one), under_way(&other)), ((2, 2), (0, 0)));
    bench.let_pass(1);
    // It takes the next one before the other worker can.
    bench
        .until("share", &["done", "queued", "queued", "running", "running"])
        .await;
    other.round().await;
    assert_eq!(under_way(&other), (0, 0));
    tokio::select! {
        () = one.one_ends() => panic!("its slot is not free"),
        () = bench.until_begun(3) => {}
    }
    assert_eq!(under_way(&one), (2, 2));
    // One stops; its jobs go to the other.
    one.end().await;
    other.round().await;
    bench.until_begun(5).await;
    assert_eq!(under_way(&other), (2, 2));
    bench.let_pass(1_000);
    while bench.states("share").await != ["done"; 5] {
        other.one_ends().await;
        other.round().await;
    }
    assert_eq!(bench.workers().await, 1);
}
