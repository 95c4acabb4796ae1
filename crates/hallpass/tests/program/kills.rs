//! Kills under load: what was acknowledged before is there afterwards, and what was spent stays
//! spent.
//!
//! `scripts/crash` kills often; the suite, a few times.

mod acknowledged;
mod round;

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};
use simulator::browser::{Browser, Page, Request};
use simulator::lms::{Lms, ManualTool, Options};
use simulator::studyreel::{StudyReel, StudyReelOptions};
use sqlx::{Connection, Executor};
use test_case::both_stores;

use self::round::{Counts, KINDS, Round};
use crate::support::{Running, hallpass, own_port};

const API_KEY: &str = "test-api-key-0123456789";
/// Kills of a test that is not told otherwise.
const FEW: usize = 3;
/// Acknowledged changes between a start and the kill after it; their number differs from round to
/// round.
const BETWEEN: usize = 40;

/// Which store it runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Store {
    Sqlite,
    Postgres,
}

#[expect(
    clippy::disallowed_methods,
    reason = "settings of the tests themselves"
)]
pub(crate) fn told(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// What it takes to start the server again and again.
struct Installation {
    folder: tempfile::TempDir,
    listen: String,
    database_url: Option<String>,
}

impl Installation {
    async fn new(store: Store) -> Self {
        let database_url = match store {
            Store::Sqlite => None,
            Store::Postgres => Some(database().await),
        };
        Self {
            folder: tempfile::tempdir().unwrap(),
            listen: format!("127.0.0.2:{}", own_port()),
            database_url,
        }
    }

    fn start(&self) -> Running {
        let url = self.at("");
        let tool = r#"{"name": "Quiz", "launchUrl": "http://127.0.0.3:9/", "launch": {"showReasons": true}, "studyreel": {"limits": {"perStudent": 0, "perDeployment": 0, "perSource": 0}}}"#;
        let mut args = vec![
            "serve",
            "--listen",
            &self.listen,
            "--public-url",
            &url,
            "--bootstrap-api-key",
            API_KEY,
            "--tool",
            tool,
        ];
        if let Some(database_url) = &self.database_url {
            args.extend(["--database-url", database_url]);
        }
        let mut server = Running::start(hallpass(self.folder.path(), &args));
        server.line();
        server
    }

    fn at(&self, path: &str) -> String {
        format!("http://{}{path}", self.listen)
    }

    /// A request with an `Authorization` header; nothing if the server died meanwhile.
    async fn ask(
        &self,
        method: &str,
        path: &str,
        body: Option<Value>,
        authorization: &str,
    ) -> Option<Page> {
        let mut request = Request::new(method.parse().unwrap(), &self.at(path))
            .unwrap()
            .header("authorization", authorization)
            .no_redirects();
        if let Some(body) = body {
            request = request.body("application/json", body.to_string());
        }
        Browser::new().unwrap().send(request).await.ok()
    }

    async fn admin(&self, method: &str, path: &str, body: Option<Value>) -> Option<Page> {
        self.ask(method, path, body, &format!("Bearer {API_KEY}"))
            .await
    }
}

/// A database of its own on the server of the tests.
pub(crate) async fn database() -> String {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let server = told("TEST_POSTGRES_URL")
        .expect("run this under scripts/with-postgres, or by scripts/test");
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let name = format!("kills_{}_{number}", std::process::id());
    let mut connection = sqlx::PgConnection::connect(&server).await.unwrap();
    let sql = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"));
    connection.execute(sql).await.unwrap();
    let (server, _) = server.rsplit_once('/').unwrap();
    format!("{server}/{name}")
}

/// A form as the browser of a person sends it.
fn posted(url: &str, fields: &[(String, String)]) -> Request {
    let body = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    Request::new("POST".parse().unwrap(), url)
        .unwrap()
        .no_redirects()
        .header("accept", "text/html,application/xhtml+xml,*/*;q=0.8")
        .body("application/x-www-form-urlencoded", body)
}

#[expect(clippy::print_stdout, reason = "figures, for scripts/crash")]
#[both_stores]
async fn nothing_acknowledged_is_lost_by_a_kill(store: Store) {
    let kills = told("TEST_KILLS").map_or(FEW, |kills| kills.parse().unwrap());
    let at = Installation::new(store).await;
    let lms = Lms::start(Options::default()).await.unwrap();
    let launch_url = Some(at.at("/studyreel/launch"));
    let studyreel = StudyReelOptions {
        launch_url,
        ..StudyReelOptions::default()
    };
    let studyreel = StudyReel::start(studyreel).await.unwrap();
    let mut server = at.start();
    let client_id = registered(&at, &lms).await;
    let mut all = [0; KINDS.len()];
    for round in 0..kills {
        let load = Round {
            at: &at,
            lms: &lms,
            client_id: &client_id,
            studyreel: &studyreel,
            counts: Counts::default(),
            // Whatever the machine does, no kind is left out.
            of_each: usize::from(round == 0),
        };
        let acknowledged = load.run(server, BETWEEN + 17 * round % 100).await;
        server = at.start();
        acknowledged.is_there(&at, round).await;
        for (all, count) in all.iter_mut().zip(load.counts) {
            *all += count.into_inner();
        }
    }
    server.stop();
    assert!(all.iter().all(|count| *count > 0), "{KINDS:?}: {all:?}");
    let figures = KINDS.iter().zip(all);
    let figures: Vec<_> = figures
        .map(|(kind, count)| format!("{count} {kind}"))
        .collect();
    println!("{kills} kills: {}, none lost", figures.join(", "));
}

/// The LMS and the tool, entered in each other by hand.
async fn registered(at: &Installation, lms: &Lms) -> String {
    let tool = ManualTool::new(
        &at.at("/lti/login"),
        &at.at("/lti/launch"),
        &at.at("/lti/keys"),
    );
    let tool = lms.register_tool(tool);
    let endpoints = lms.endpoints();
    let platform = json!({
        "url": endpoints.issuer, "clientId": tool.client_id, "name": "Test",
        "authenticationEndpoint": endpoints.authorization, "accesstokenEndpoint": endpoints.token,
        "authConfig": {"method": "JWK_SET", "key": endpoints.jwks},
    });
    let page = at
        .admin("POST", "/admin/platforms", Some(platform))
        .await
        .unwrap();
    assert_eq!(page.status, 200, "{}", page.text());
    tool.client_id
}
