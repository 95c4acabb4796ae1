//! Scores that are stored and delivered later: how many are accepted, how many arrive at an LMS
//! that takes five milliseconds for each, and what launches cost beside a long queue.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};

use serde_json::json;
use simulator::faults::Fault;
use simulator::lms::{Endpoint, Lms, Options};

use crate::client::{Ask, Client};
use crate::load::{Figures, Load};
use crate::platform::Platform;
use crate::server::Server;
use crate::services::student;
use crate::stats::{Phase, rate};
use crate::way::Way;
use crate::{Args, store_of};

/// Scores under way to the server at once: a group commit holds as many.
const AT_ONCE: usize = 64;
/// Browsers at once.
const BROWSERS: usize = 64;
/// How often launches are timed without and beside the queue, in turns: the machine's neighbours
/// change from minute to minute.
const TURNS: usize = 4;
/// What the LMS takes for a score.
const TAKES: Duration = Duration::from_millis(5);
/// Deliveries to one LMS at once: as many as without a setting, and as many as many LMSs bear.
const PARALLEL: [u8; 2] = [2, 8];
/// No queue is waited for longer.
const PATIENCE: Duration = Duration::from_secs(1800);

/// Measures it all.
pub(crate) async fn run(args: &Args) -> anyhow::Result<()> {
    println!(
        "| store | accepted/s on one core | its p50 / p99 | CPU of one | delivered/s, two / eight at once | CPU of one | launches/s alone / beside {} scores | launch p99 | CPU of a launch |",
        args.queue
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    for name in &args.store {
        let store = store_of(args, *name)?;
        let platform = Platform::start().await?;
        let start = || Server::start(&args.hallpass, args.core, &store, &platform);
        let (quiet, server) = (start().await?, start().await?);
        let figures = GradeFigures::of(args, &quiet, &server, &platform).await?;
        println!("| {store} | {figures}");
        quiet.stop().await?;
        server.stop().await?;
    }
    Ok(())
}

/// What a store gives.
struct GradeFigures {
    accepted: Phase,
    delivered: [Delivered; PARALLEL.len()],
    alone: Figures,
    beside: Figures,
}

impl GradeFigures {
    /// Of a server with scores, and of one without any.
    async fn of(
        args: &Args,
        quiet: &Server,
        server: &Server,
        platform: &Platform,
    ) -> anyhow::Result<Self> {
        let loads = [Load::new(quiet, platform), Load::new(server, platform)];
        for load in &loads {
            load.run(2_000, BROWSERS).await?.complain()?;
        }
        // This LMS takes nothing for now, so that everything waits.
        let waiting = Lms::start(Options::default()).await?;
        let way = Way::through(server, &waiting).await?;
        let later = Fault::Busy {
            status: 429,
            seconds: 3600,
        };
        waiting.faults().set(Endpoint::Scores, later.clone());
        waiting.faults().set(Endpoint::Results, later);
        let accepted = accept(&way, server, args.queue).await?;
        accepted.complain("score")?;
        let mut launches = [Figures::default(), Figures::default()];
        for _ in 0..TURNS {
            for (load, figures) in loads.iter().zip(&mut launches) {
                figures.add(load.run(args.launches, BROWSERS).await?);
            }
        }
        let [alone, beside] = launches;
        alone.complain()?;
        beside.complain()?;
        let [few, more] = PARALLEL;
        let delivered = [
            Delivered::of(args, server, few).await?,
            Delivered::of(args, server, more).await?,
        ];
        Ok(Self {
            accepted,
            delivered,
            alone,
            beside,
        })
    }
}

impl std::fmt::Display for GradeFigures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (accepted, [few, more]) = (&self.accepted, &self.delivered);
        let (alone, beside) = (&self.alone, &self.beside);
        write!(
            f,
            "{:.0} | {:.1} / {:.1} ms | {:.0} µs | {:.0} / {:.0} | {:.0} / {:.0} µs | {:.0} / {:.0} | {:.1} / {:.1} ms | {:.0} / {:.0} µs |",
            accepted.rate(),
            accepted.quantile_ms(0.5),
            accepted.quantile_ms(0.99),
            accepted.cpu_micros(),
            few.rate(),
            more.rate(),
            few.cpu_micros(),
            more.cpu_micros(),
            alone.complete(),
            beside.complete(),
            alone.launches.quantile_ms(0.99),
            beside.launches.quantile_ms(0.99),
            alone.launches.cpu_micros(),
            beside.launches.cpu_micros(),
        )
    }
}

/// Hands scores over, each for another student, and waits only until each is stored.
pub(crate) async fn accept(way: &Way, server: &Server, count: usize) -> anyhow::Result<Phase> {
    let (left, phase) = (
        Rc::new(Cell::new(count)),
        Rc::new(RefCell::new(Phase::default())),
    );
    let (started, ran) = (Instant::now(), server.cpu()?);
    let mut workers = Vec::new();
    for _ in 0..AT_ONCE {
        let mut client = Client::connect(way.to).await?;
        let (way, left, phase) = (way.clone(), left.clone(), phase.clone());
        workers.push(tokio::task::spawn_local(async move {
            while let Some(number) = left.get().checked_sub(1) {
                left.set(number);
                let asked = Instant::now();
                let result = hand_over(&way, &mut client, number).await;
                phase.borrow_mut().note(asked.elapsed(), &result);
            }
        }));
    }
    for worker in workers {
        worker.await?;
    }
    let mut phase = phase.take();
    (phase.took, phase.cpu) = (started.elapsed(), server.cpu()?.saturating_sub(ran));
    Ok(phase)
}

/// Hands one score over.
pub(crate) async fn hand_over(way: &Way, client: &mut Client, number: usize) -> anyhow::Result<()> {
    let score = json!({
        "userId": student(number).id, "scoreGiven": 83, "scoreMaximum": 100,
        "activityProgress": "Completed", "gradingProgress": "FullyGraded",
    });
    let ask = Ask {
        target: &way.scores,
        body: Some(("application/json", score.to_string().into())),
        authorization: Some(&way.authorization),
        is_async: true,
        ..Ask::default()
    };
    let answer = client.ask(ask).await?;
    let text = String::from_utf8_lossy(&answer.body);
    anyhow::ensure!(answer.status == 202, "{}: {text}", answer.status);
    Ok(())
}

/// What arrives at an LMS, from the moment on when all was accepted.
struct Delivered {
    count: usize,
    took: Duration,
    cpu: Duration,
}

impl Delivered {
    /// Starts an LMS and sends it the scores, `parallel` at a time.
    async fn of(args: &Args, server: &Server, parallel: u8) -> anyhow::Result<Self> {
        let settings = json!({"grades": {"parallelPerPlatform": parallel}});
        server.admin("PATCH", "/admin/tool", &settings).await?;
        let lms = Lms::start(Options::default()).await?;
        for number in 0..args.deliveries {
            lms.add_person(student(number));
        }
        let way = Way::through(server, &lms).await?;
        lms.faults().set(Endpoint::Scores, Fault::Late(TAKES));
        accept(&way, server, args.deliveries)
            .await?
            .complain("score")?;
        let arrived = || usize::try_from(lms.hits(Endpoint::Scores)).unwrap_or(usize::MAX);
        let (started, ran, before) = (Instant::now(), server.cpu()?, arrived());
        while arrived() < args.deliveries {
            anyhow::ensure!(
                started.elapsed() < PATIENCE,
                "only {} scores arrived",
                arrived()
            );
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Ok(Self {
            count: args.deliveries.saturating_sub(before),
            took: started.elapsed(),
            cpu: server.cpu()?.saturating_sub(ran),
        })
    }

    fn rate(&self) -> f64 {
        rate(self.count, self.took)
    }

    fn cpu_micros(&self) -> f64 {
        self.cpu.as_secs_f64() * 1e6 / self.count.max(1) as f64
    }
}
