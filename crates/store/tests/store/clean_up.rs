//! Removing what is over: each row is touched once, and others have their turn meanwhile.

use std::time::Duration;

use store::platform_visits::{self, PlatformVisit};
use store::{
    BatchProgress, Db, StoreError, deliveries, events, first_answers, jobs, launches, login_links,
    students, studyreel_seen, traces,
};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::database::{Database, Kind};

/// Rows of each table.
const ROWS: u32 = 4_000;

async fn filled(kind: Kind) -> (Database, Db) {
    let database = Database::new(kind).await;
    database.fill(1, ROWS).await;
    let db = database.open().await;
    (database, db)
}

async fn clean_up_launches(db: &Db, now: i64) -> u64 {
    let sweep = db.sweep_in_order(move |mut tx, most, from| {
        Box::pin(async move { launches::clean_up(&mut tx, now, from, most).await })
    });
    sweep.await.unwrap()
}

/// Row `i` has a document until `i` if `i` is even, and is kept until `i + 1000`.
async fn each_row_is_touched_once(kind: Kind) {
    let (database, db) = filled(kind).await;
    // Of the rows before 3000, those before 2000 go; of the others, those with a document lose it.
    assert_eq!(clean_up_launches(&db, 3_000).await, 1_999 + 500);
    assert_eq!(clean_up_launches(&db, 3_000).await, 0);
    assert_eq!(
        database.number("SELECT COUNT(*) FROM launches").await,
        2_001
    );
    let whole = "SELECT COUNT(*) FROM launches WHERE document_sealed IS NOT NULL";
    assert_eq!(database.number(whole).await, 501);
    assert_eq!(clean_up_launches(&db, 3_001).await, 2);
    db.close().await;
}

#[tokio::test]
async fn each_row_is_touched_once_on_sqlite() {
    each_row_is_touched_once(Kind::Sqlite).await;
}

#[tokio::test]
async fn each_row_is_touched_once_on_postgres() {
    each_row_is_touched_once(Kind::Postgres).await;
}

/// Until a vacuum, PostgreSQL's index keeps what earlier batches removed: they must not begin with
/// that again.
#[tokio::test]
async fn a_batch_begins_where_the_one_before_ended() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let (_database, db) = filled(kind).await;
        let batch = async |from: i64, most: i64| {
            let batch = db.write::<_, StoreError, _>(move |mut tx| {
                Box::pin(async move { launches::clean_up(&mut tx, 10_000, from, most).await })
            });
            batch.await.unwrap()
        };
        // Those with a document end at 2, 4, and so on.
        let swept = |rows, until| BatchProgress { rows, until };
        assert_eq!(batch(i64::MIN, 10).await, swept(10, 20), "{kind:?}");
        assert_eq!(batch(20, 10).await, swept(10, 40), "{kind:?}");
        assert_eq!(batch(101, 10).await, swept(10, 120), "{kind:?}");
        // What was passed over is still there for the next clean-up.
        assert_eq!(batch(i64::MIN, 10).await, swept(10, 60), "{kind:?}");
        // The last batch ends with what is due.
        assert_eq!(batch(9_000, 10).await, swept(0, 9_999), "{kind:?}");
        db.close().await;
    }
}

/// The same for the other tables that may have a million rows due.
#[tokio::test]
async fn batches_of_other_tables_begin_there_too() {
    const NOW: i64 = 2 * 24 * 60 * 60 * 1000;
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let (_database, db) = filled(kind).await;
        macro_rules! assert_batches {
            ($clean_up:path, $until:expr) => {
                let batch = async |from: i64| {
                    let batch = db.write::<_, StoreError, _>(move |mut tx| {
                        Box::pin(async move { $clean_up(&mut tx, NOW, from, 10).await })
                    });
                    let BatchProgress { rows, until } = batch.await.unwrap();
                    (rows, until)
                };
                let table = stringify!($clean_up);
                assert_eq!(batch(1_001).await, (10, $until), "{kind:?}: {table}");
                // What was passed over is still there, and nothing is due from then on.
                let (rows, until) = batch(i64::MIN).await;
                assert!(rows == 10 && until < 100, "{kind:?}: {table}: {until}");
                assert_eq!(batch(9_000).await, (0, 9_000), "{kind:?}: {table}");
            };
        }
        assert_batches!(traces::clean_up, 1_010);
        assert_batches!(login_links::clean_up, 1_010);
        assert_batches!(events::clean_up, 1_010);
        assert_batches!(studyreel_seen::clean_up, 1_010);
        assert_batches!(first_answers::clean_up, 1_010);
        assert_batches!(deliveries::forget_lasts, 1_010);
        assert_batches!(deliveries::forget_lanes, 1_010);
        // Some of these have not ended.
        assert_batches!(deliveries::clean_up, 1_011);
        assert_batches!(jobs::clean_up, 1_019);
        db.close().await;
    }
}

/// As after a change of how long launches are kept.
#[tokio::test]
async fn launches_that_end_at_once_go_in_batches_too() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let (database, db) = filled(kind).await;
        let same = "UPDATE launches SET expires_at = 7, delete_at = 7";
        database.plain().await.execute(same.to_owned()).await;
        assert_eq!(clean_up_launches(&db, 10_000).await, u64::from(ROWS));
        assert_eq!(database.number("SELECT COUNT(*) FROM launches").await, 0);
        db.close().await;
    }
}

/// Students are last launched on day `i / 100`; every twentieth is disabled and stays.
#[tokio::test]
async fn students_go_by_the_day_of_their_last_launch() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let (database, db) = filled(kind).await;
        let since = 10 * 24 * 60 * 60 * 1000 + 1;
        let sweep = db.sweep(move |mut tx, most| {
            Box::pin(async move { students::forget(&mut tx, "tool", since, most).await })
        });
        assert_eq!(sweep.await.unwrap(), 999 - 49);
        for table in ["students", "enrolments", "placements", "login_links"] {
            let left = format!("SELECT COUNT(*) FROM {table}");
            assert_eq!(database.number(&left).await, 4_000 - 950, "{table}");
        }
        db.close().await;
    }
}

/// Time alone doesn't bound what anyone can cause.
#[tokio::test]
async fn of_refused_launches_and_of_ended_jobs_the_newest_stay() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let (database, db) = filled(kind).await;
        let mut reader = db.read().await.unwrap();
        let none = events::excess_refused(&mut reader.tx(), "tool", 800).await;
        assert_eq!(none.unwrap(), None, "every fifth event is one");
        let others = events::excess_refused(&mut reader.tx(), "another", 0).await;
        assert_eq!(others.unwrap(), None, "they are counted for each tool");
        let until = events::excess_refused(&mut reader.tx(), "tool", 300).await;
        let until = until.unwrap().unwrap();
        let ended = jobs::excess(&mut reader.tx(), 100).await.unwrap().unwrap();
        drop(reader);
        let sweep = db.sweep(move |mut tx, most| {
            Box::pin(async move { events::delete_refused(&mut tx, "tool", until, most).await })
        });
        assert_eq!(sweep.await.unwrap(), 500);
        let oldest = "SELECT MIN(created_at) FROM events WHERE type = 'launch.refused'";
        assert_eq!(database.number(oldest).await, 2_505);
        let others = "SELECT COUNT(*) FROM events WHERE type <> 'launch.refused'";
        assert_eq!(database.number(others).await, 3_200);
        let unfinished = "SELECT COUNT(*) FROM jobs WHERE delete_at IS NULL";
        let before = database.number(unfinished).await;
        let sweep = db.sweep_in_order(move |mut tx, most, from| {
            Box::pin(async move { jobs::clean_up(&mut tx, ended, from, most).await })
        });
        assert!(sweep.await.unwrap() > 0);
        let left = "SELECT COUNT(*) FROM jobs WHERE delete_at IS NOT NULL";
        assert_eq!(database.number(left).await, 100);
        assert_eq!(database.number(unfinished).await, before);
        db.close().await;
    }
}

#[tokio::test]
async fn others_have_their_turn_between_two_batches() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let (_database, db) = filled(kind).await;
        let begun = Instant::now();
        let sweep = tokio::spawn({
            let db = db.clone();
            async move {
                clean_up_launches(&db, 10_000).await;
                let seen = db.sweep_in_order(|mut tx, most, from| {
                    Box::pin(
                        async move { studyreel_seen::clean_up(&mut tx, 10_000, from, most).await },
                    )
                });
                seen.await.unwrap();
            }
        });
        let (turns, longest) = writes_beside(&db, &sweep).await;
        assert_turns(kind, turns, longest, begun.elapsed());
        db.close().await;
    }
}

/// What others write until a task ends: how often, and how long one of them waited at most.
async fn writes_beside<T>(db: &Db, task: &JoinHandle<T>) -> (u32, Duration) {
    let (mut turns, mut longest) = (0, Duration::ZERO);
    while !task.is_finished() {
        let asked = Instant::now();
        let write = db.write_one::<_, StoreError, _>(|mut tx| {
            Box::pin(async move { launches::erase(&mut tx, "nobody".into()).await })
        });
        write.await.unwrap();
        longest = longest.max(asked.elapsed());
        turns += 1;
    }
    (turns, longest)
}

/// One transaction for everything would have others wait for nearly all of the time, however fast
/// the machine is.
#[track_caller]
fn assert_turns(kind: Kind, turns: u32, longest: Duration, whole: Duration) {
    assert!(
        turns > 20 && longest * 4 < whole * 3,
        "{kind:?}: {turns} writes, the longest took {longest:?} of {whole:?}"
    );
}

/// Decision 0491.
#[tokio::test]
async fn lanes_that_stay_are_not_looked_at_each_minute() {
    const DAY: i64 = 24 * 60 * 60 * 1000;
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let (database, db) = filled(kind).await;
        let forget_lanes = async |now: i64| {
            let sweep = db.sweep_in_order(move |mut tx, most, from| {
                Box::pin(async move { deliveries::forget_lanes(&mut tx, now, from, most).await })
            });
            sweep.await.unwrap()
        };
        // The last score of each is recorded.
        assert_eq!(forget_lanes(3_000).await, 2_999, "{kind:?}");
        assert_eq!(forget_lanes(3_001).await, 1, "{kind:?}");
        let lanes = "SELECT COUNT(*) FROM score_lanes";
        assert_eq!(database.number(lanes).await, i64::from(ROWS));
        let forget = db.sweep_in_order(|mut tx, most, from| {
            Box::pin(async move { deliveries::forget_lasts(&mut tx, 3_000, from, most).await })
        });
        assert_eq!(forget.await.unwrap(), 2_999);
        assert_eq!(forget_lanes(3_000 + DAY).await, 1_000, "{kind:?}");
        assert_eq!(database.number(lanes).await, i64::from(ROWS));
        // Now those are gone that were put off first, except each tenth: its delivery still waits.
        assert_eq!(forget_lanes(3_001 + DAY).await, 2_999, "{kind:?}");
        assert_eq!(database.number(lanes).await, 1_001 + 299);
        let waiting = "SELECT COUNT(*) FROM score_lanes WHERE id IN \
                       (SELECT lane FROM score_deliveries WHERE ended_at IS NULL)";
        assert_eq!(database.number(waiting).await, i64::from(ROWS / 10));
        db.close().await;
    }
}

/// A district's platforms, all of which launched within a minute.
#[tokio::test]
async fn others_have_their_turn_while_visits_are_noted() {
    const PLATFORMS: u32 = 10_000;
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let database = Database::new(kind).await;
        let only = |table: &str| table == "platforms";
        database.fill_those(only, 1, PLATFORMS).await;
        let db = database.open().await;
        let visit = |number: u32| PlatformVisit {
            platform_id: format!("platform{number:08}"),
            last_launch_at: 60_000,
            own_name: number.is_multiple_of(2).then(|| format!("School {number}")),
        };
        // One of them is gone meanwhile.
        let visits: Vec<_> = (1..=PLATFORMS + 1).map(visit).collect();
        let begun = Instant::now();
        let noting = tokio::spawn({
            let db = db.clone();
            async move {
                let noted = db.spread(visits, |mut tx, piece| {
                    Box::pin(async move { platform_visits::note(&mut tx, &piece).await })
                });
                noted.await.unwrap();
            }
        });
        let (turns, longest) = writes_beside(&db, &noting).await;
        assert_turns(kind, turns, longest, begun.elapsed());
        db.close().await;
        let noted = "SELECT COUNT(*) FROM platform_visits WHERE last_launch_at = 60000";
        assert_eq!(database.number(noted).await, i64::from(PLATFORMS));
        let named = "SELECT COUNT(own_name) FROM platform_visits";
        assert_eq!(database.number(named).await, i64::from(PLATFORMS / 2));
    }
}

/// A stop waits for what it writes.
#[tokio::test]
async fn at_a_stop_nothing_is_spread_over_time() {
    const HELD: Duration = Duration::from_millis(50);
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let database = Database::new(kind).await;
        let db = database.open().await;
        db.hurry();
        let rows: Vec<u32> = (0..400).collect();
        let begun = Instant::now();
        let spread = db.spread(rows, |_, piece| {
            Box::pin(async move {
                assert!(piece.len() <= 64, "{}", piece.len());
                tokio::time::sleep(HELD).await;
                Ok(())
            })
        });
        spread.await.unwrap();
        // Seven pieces. With pauses it would take four times as long as without.
        let took = begun.elapsed();
        assert!(
            took >= HELD * 7 && took < HELD * 7 * 3,
            "{kind:?}: {took:?}"
        );
        db.close().await;
    }
}

#[tokio::test]
async fn an_earlier_visit_or_one_without_a_name_takes_nothing_away() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let database = Database::new(kind).await;
        database
            .fill_those(|table: &str| table == "platforms", 1, 3)
            .await;
        let db = database.open().await;
        for (at, own_name) in [(5, Some("North")), (4, Some("South")), (6, None)] {
            let visits = [1, 2, 3].map(|number| PlatformVisit {
                platform_id: format!("platform{number:08}"),
                last_launch_at: at,
                own_name: own_name.map(str::to_owned),
            });
            let note = db.write_one::<_, StoreError, _>(move |mut tx| {
                Box::pin(async move { platform_visits::note(&mut tx, &visits).await })
            });
            note.await.unwrap();
        }
        db.close().await;
        let right =
            "SELECT COUNT(*) FROM platform_visits WHERE last_launch_at = 6 AND own_name = 'North'";
        assert_eq!(database.number(right).await, 3);
    }
}
