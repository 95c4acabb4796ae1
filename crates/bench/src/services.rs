//! What an application does after a launch: rosters and scores through the server, beside the same
//! asked of the pretend LMS itself, which is all that it allows.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};

use simulator::lms::{Lms, Options};
use simulator::people::{Person, Position};

use crate::client::Client;
use crate::platform::Platform;
use crate::server::Server;
use crate::stats::Phase;
use crate::way::Way;
use crate::{Args, store_of};

/// Students beside those that every pretend LMS has.
const STUDENTS: usize = 50_000;
/// How often the whole roster is read, one after the other.
const ROSTERS: usize = 5;
/// Scores to time, each for another student.
const SCORES: usize = 10_000;
/// Scores under way at once.
const AT_ONCE: usize = 16;
/// What a roster may take, read or taken: seconds, and MB of the server's memory at its peak.
const LIMITS: (f64, u64) = (10.0, 100);

/// Measures it all.
pub(crate) async fn run(args: &Args) -> anyhow::Result<()> {
    let lms = Lms::start(Options::default()).await?;
    for number in 0..STUDENTS {
        lms.add_person(student(number));
    }
    println!(
        "| asked | a roster of {STUDENTS} | members/s | its CPU | scores/s | score p50 / p99 | CPU of a score | peak of memory | \
         the roster taken | and again | peak of memory |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    let direct = Way::to_the_lms(&lms).await?;
    let allowed = ServiceFigures::of(&direct, None).await?;
    println!("| the LMS itself | {allowed} | | | |");
    let mut shares = Vec::new();
    for name in &args.store {
        let store = store_of(args, *name)?;
        let platform = Platform::start().await?;
        let server = Server::start(&args.hallpass, args.core, &store, &platform).await?;
        let way = Way::through(&server, &lms).await?;
        let figures = ServiceFigures::of(&way, Some(&server)).await?;
        let (seconds, peak) = (figures.roster_seconds(), server.peak_mb()?);
        let syncs = Syncs::of(&way).await?;
        let peak_of_syncs = server.peak_mb()?;
        println!("| Hallpass on {store} | {figures} {peak} MB | {syncs} | {peak_of_syncs} MB |");
        shares.push(format!(
            "{store}: {:.0} % of the members/s that the LMS allows, {:.0} % of the scores/s",
            allowed.roster_seconds() / seconds * 100.0,
            figures.scores.rate() / allowed.scores.rate() * 100.0,
        ));
        anyhow::ensure!(
            seconds <= LIMITS.0 && peak <= LIMITS.1,
            "a roster took {seconds:.1} s and {peak} MB, and may take {LIMITS:?}"
        );
        anyhow::ensure!(
            syncs.slowest() <= LIMITS.0 && peak_of_syncs <= LIMITS.1,
            "taking a roster took {syncs} and {peak_of_syncs} MB, and may take {LIMITS:?}"
        );
        server.stop().await?;
    }
    println!("\n{}", shares.join("\n"));
    Ok(())
}

pub(crate) fn student(number: usize) -> Person {
    Person {
        id: format!("student-{number}"),
        username: format!("student{number}"),
        given_name: "Ada".to_owned(),
        family_name: format!("Learner {number}"),
        email: format!("student{number}@school.example"),
        sourcedid: format!("sis-{number}"),
        position: Position::Student,
    }
}

/// How long it takes to synchronise a roster: first with every member in the answer, then with
/// none.
struct Syncs([Duration; 2]);

impl Syncs {
    async fn of(way: &Way) -> anyhow::Result<Self> {
        let asked = Instant::now();
        let version = way.take(None, STUDENTS).await?;
        let first = asked.elapsed();
        let asked = Instant::now();
        way.take(Some(&version), 0).await?;
        Ok(Self([first, asked.elapsed()]))
    }

    fn slowest(&self) -> f64 {
        let [first, again] = self.0;
        first.max(again).as_secs_f64()
    }
}

impl std::fmt::Display for Syncs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [first, again] = self.0.map(|took| took.as_secs_f64());
        write!(f, "{first:.2} s | {again:.2} s")
    }
}

/// What a way gives.
struct ServiceFigures {
    rosters: Phase,
    scores: Phase,
}

impl ServiceFigures {
    async fn of(way: &Way, server: Option<&Server>) -> anyhow::Result<Self> {
        let cpu = || server.map_or(Ok(Duration::ZERO), Server::cpu);
        let (mut rosters, started, ran) = (Phase::default(), Instant::now(), cpu()?);
        let mut client = Client::connect(way.to).await?;
        for _ in 0..ROSTERS {
            let asked = Instant::now();
            let result = way.read(&mut client, STUDENTS + 1).await;
            rosters.note(asked.elapsed(), &result);
        }
        (rosters.took, rosters.cpu) = (started.elapsed(), cpu()?.saturating_sub(ran));
        rosters.complain("roster")?;
        let (started, ran) = (Instant::now(), cpu()?);
        let mut scores = scores(way).await?;
        (scores.took, scores.cpu) = (started.elapsed(), cpu()?.saturating_sub(ran));
        scores.complain("score")?;
        Ok(Self { rosters, scores })
    }

    fn roster_seconds(&self) -> f64 {
        1.0 / self.rosters.rate()
    }
}

impl std::fmt::Display for ServiceFigures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (rosters, scores) = (&self.rosters, &self.scores);
        write!(
            f,
            "{:.2} s | {:.0} | {:.0} ms | {:.0} | {:.1} / {:.1} ms | {:.0} µs |",
            self.roster_seconds(),
            STUDENTS as f64 * rosters.rate(),
            rosters.cpu_micros() / 1000.0,
            scores.rate(),
            scores.quantile_ms(0.5),
            scores.quantile_ms(0.99),
            scores.cpu_micros(),
        )
    }
}

async fn scores(way: &Way) -> anyhow::Result<Phase> {
    let (left, phase) = (
        Rc::new(Cell::new(SCORES)),
        Rc::new(RefCell::new(Phase::default())),
    );
    let mut workers = Vec::new();
    for _ in 0..AT_ONCE {
        let mut client = Client::connect(way.to).await?;
        let (way, left, phase) = (way.clone(), left.clone(), phase.clone());
        workers.push(tokio::task::spawn_local(async move {
            while let Some(number) = left.get().checked_sub(1) {
                left.set(number);
                let asked = Instant::now();
                let result = way.score(&mut client, number).await;
                phase.borrow_mut().note(asked.elapsed(), &result);
            }
        }));
    }
    for worker in workers {
        worker.await?;
    }
    Ok(phase.take())
}
