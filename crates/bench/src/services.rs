//! What an application does after a launch: rosters and scores through the server, beside the same asked of the pretend LMS
//! itself, which is all that it allows.

use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::Context;
use serde_json::{Value, json};
use simulator::browser::Browser;
use simulator::jose::SigningKey;
use simulator::lms::{Launch, Lms, ManualTool, Options, claim_name};
use simulator::people::{Person, Position};
use simulator::profiles::{AGS_SCOPES, NRPS_SCOPE};
use url::{Url, form_urlencoded};

use crate::client::{Ask, Client};
use crate::platform::Platform;
use crate::server::{API_KEY, Server};
use crate::stats::Phase;
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

/// Where to ask, and by which right.
#[derive(Clone)]
pub(crate) struct Way {
    pub(crate) to: SocketAddr,
    pub(crate) authorization: String,
    roster: String,
    pub(crate) scores: String,
    content_type: &'static str,
}

impl Way {
    /// Straight to the LMS, as a tool of its own.
    async fn to_the_lms(lms: &Lms) -> anyhow::Result<Self> {
        let key = SigningKey::generate()?;
        let mut tool = ManualTool::new("http://127.0.0.1:9/", "http://127.0.0.1:9/", "");
        tool.facts.public_key = Some(key.jwk());
        let client_id = lms.register_tool(tool).client_id;
        let endpoint = lms.endpoints().token;
        let now = lms.clock().seconds();
        let claims = json!({
            "iss": client_id, "sub": client_id, "aud": endpoint, "iat": now, "exp": now + 60, "jti": "bench",
        });
        let assertion = key.sign(&key.header(), &claims)?;
        let scopes = [AGS_SCOPES.join(" "), NRPS_SCOPE.to_owned()].join(" ");
        let fields = [
            ("grant_type", "client_credentials"),
            (
                "client_assertion_type",
                "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            ),
            ("client_assertion", &assertion),
            ("scope", &scopes),
        ];
        let granted = Browser::new()?
            .post_form(&endpoint, &fields)
            .await?
            .json()?;
        let token = granted["access_token"].as_str();
        let claims = lms.claims(&Launch::new(&client_id).teacher())?;
        let address = |claim: &str, member: &str| {
            let address = claims[claim_name(claim)][member].as_str();
            let url = Url::parse(address.context("the launch has no services")?)?;
            anyhow::Ok(url[url::Position::BeforePath..].to_owned())
        };
        Ok(Self {
            to: lms.url().trim_start_matches("http://").parse()?,
            authorization: format!("Bearer {}", token.context("no access token")?),
            roster: address("namesroleservice", "context_memberships_url")?,
            scores: address("endpoint", "lineitem")?.replace("/lineitem?", "/lineitem/scores?"),
            content_type: "application/vnd.ims.lis.v1.score+json",
        })
    }

    /// Through the server, by the `ltik` of a teacher's launch.
    pub(crate) async fn through(server: &Server, lms: &Lms) -> anyhow::Result<Self> {
        // The launch ends at some page that is there.
        let home = json!({"launchUrl": format!("{}/", lms.url())});
        server.admin("PATCH", "/admin/tool", &home).await?;
        let browser = Browser::new()?;
        let start = lms.begin_registration(&format!("{}/lti/register", server.url))?;
        let page = browser.get(&start.url).await?;
        anyhow::ensure!(page.status == 200, "registering: {}", page.text());
        lms.activate(&start.client_id)?;
        let query = format!("/admin/platforms?clientId={}", start.client_id);
        let found = server.admin("GET", &query, &Value::Null).await?;
        let id = found["platforms"][0]["id"].as_str();
        let id = id.context("the registration is not there")?;
        let activate = format!("/admin/platforms/{id}/activate");
        server.admin("POST", &activate, &Value::Null).await?;
        let page = lms
            .launch(&browser, &Launch::new(&start.client_id).teacher())
            .await?;
        let ltik = page.url.query_pairs().find(|(name, _)| name == "ltik");
        let (_, ltik) = ltik.with_context(|| format!("no launch: {}", page.text()))?;
        let authorization = format!("LTIK-AUTH-V2 {API_KEY}:{ltik}");
        let mut client = Client::connect(server.address).await?;
        let ask = Ask {
            target: "/api/idtoken",
            authorization: Some(&authorization),
            ..Ask::default()
        };
        let token: Value = serde_json::from_slice(&client.ask(ask).await?.body)?;
        let line_item = token["launch"]["lineItemId"].as_str();
        let line_item = line_item.context("the launch has no line item")?;
        let encoded: String = form_urlencoded::byte_serialize(line_item.as_bytes()).collect();
        Ok(Self {
            to: server.address,
            authorization,
            roster: "/api/memberships".to_owned(),
            scores: format!("/api/lineitems/{encoded}/scores"),
            content_type: "application/json",
        })
    }

    /// Reads the whole roster.
    async fn read(&self, client: &mut Client) -> anyhow::Result<()> {
        let ask = Ask {
            target: &self.roster,
            authorization: Some(&self.authorization),
            ..Ask::default()
        };
        let answer = client.ask(ask).await?;
        let text = String::from_utf8_lossy(&answer.body);
        let members = text.matches("\"userId\":").count() + text.matches("\"user_id\":").count();
        anyhow::ensure!(members > STUDENTS, "{}: {members} members", answer.status);
        Ok(())
    }

    /// Takes the whole roster for an application that has stored this version; the version it has then.
    async fn take(&self, since: Option<&str>, members: usize) -> anyhow::Result<String> {
        let mut client = Client::connect(self.to).await?;
        let asked = since.map_or_else(|| json!({}), |since| json!({"since": since}));
        let ask = Ask {
            target: "/api/memberships/sync",
            body: Some(("application/json", asked.to_string().into())),
            authorization: Some(&self.authorization),
            ..Ask::default()
        };
        let answer = client.ask(ask).await?;
        let told: Value = serde_json::from_slice(&answer.body)?;
        let added = told["added"].as_array().map_or(0, Vec::len);
        let version = told["version"].as_str();
        anyhow::ensure!(
            answer.status == 200 && added >= members,
            "{}: {added} members added",
            answer.status
        );
        Ok(version.context("the answer has no version")?.to_owned())
    }

    /// Sends a student's score.
    async fn score(&self, client: &mut Client, number: usize) -> anyhow::Result<()> {
        let score = json!({
            "userId": format!("student-{number}"), "scoreGiven": 83, "scoreMaximum": 100, "activityProgress": "Completed",
            "gradingProgress": "FullyGraded", "timestamp": "2026-11-29T12:00:00.000Z",
        });
        let ask = Ask {
            target: &self.scores,
            body: Some((self.content_type, score.to_string().into())),
            authorization: Some(&self.authorization),
            ..Ask::default()
        };
        let answer = client.ask(ask).await?;
        let text = String::from_utf8_lossy(&answer.body);
        anyhow::ensure!(
            matches!(answer.status, 200 | 204),
            "{}: {text}",
            answer.status
        );
        Ok(())
    }
}

/// How long it takes to take a roster: the first time, when everybody is told, and again, when nobody is.
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
            let result = way.read(&mut client).await;
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
