//! Kills under load: what was acknowledged before is there afterwards, and what was spent stays
//! spent.
//!
//! `scripts/crash` kills often; the suite, a few times.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use simulator::browser::{Browser, Page, Request};
use simulator::lms::{Launch, Lms, ManualTool, Options};
use simulator::studyreel::{Overrides, StudyReel, StudyReelOptions};
use sqlx::{Connection, Executor};
use test_case::both_stores;

use crate::support::{PATIENCE, Running, hallpass, own_port};

const API_KEY: &str = "test-api-key-0123456789";
/// Kills of a test that is not told otherwise.
const FEW: usize = 3;
/// Acknowledged changes between a start and the kill after it; their number differs from round to
/// round.
const BETWEEN: usize = 40;
/// Changes of each kind under way at once.
const AT_ONCE: usize = 4;

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
        let tool = r#"{"name": "Quiz", "launchUrl": "http://127.0.0.3:9/", "studyreel": {"limits": {"perStudent": 0, "perDeployment": 0, "perSource": 0}}}"#;
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

/// A launch that the browser was sent on from.
struct Taken {
    ltik: String,
    /// What was posted, in the browser that may post it.
    form: Vec<(String, String)>,
    browser: Browser,
}

/// A platform that the API said it keeps, by its client id, and the key that was ordered for it.
struct Kept {
    id: String,
    kid: Option<String>,
}

/// What was acknowledged before a kill.
#[derive(Default)]
struct Acknowledged {
    launches: Vec<Taken>,
    links: Vec<String>,
    platforms: Vec<Kept>,
    removed: Vec<String>,
}

/// One server under load until it is killed.
struct Round<'a> {
    at: &'a Installation,
    lms: &'a Lms,
    client_id: &'a str,
    studyreel: &'a StudyReel,
    acknowledged: AtomicUsize,
}

impl Round<'_> {
    fn one_more(&self) {
        self.acknowledged.fetch_add(1, Ordering::Relaxed);
    }

    /// Launches from the LMS, one after the other, until the server is gone.
    async fn launches(&self) -> Vec<Taken> {
        let mut taken = Vec::new();
        while let Some(launch) = self.launch().await {
            let Some(launch) = launch else { continue };
            self.one_more();
            taken.push(launch);
        }
        taken
    }

    /// Nothing inside where it is too busy, nothing where it is gone.
    async fn launch(&self) -> Option<Option<Taken>> {
        let browser = Browser::new().unwrap();
        let login = self
            .lms
            .login_request(&Launch::new(self.client_id))
            .unwrap();
        let page = browser.send(posted(&login.url, &login.fields)).await.ok()?;
        if page.status == 503 {
            return Some(None);
        }
        assert_eq!(page.status, 302, "{}", page.text());
        let page = browser.get(page.location().unwrap().as_str()).await.ok()?;
        let form = page.auto_form().unwrap();
        let field = |name: &str| (name.to_owned(), form.field(name).unwrap().to_owned());
        let form = vec![field("id_token"), field("state")];
        let page = browser
            .send(posted(&self.at.at("/lti/launch"), &form))
            .await
            .ok()?;
        if page.status == 503 {
            return Some(None);
        }
        assert_eq!(page.status, 303, "{}", page.text());
        let to = page.location().unwrap();
        let (_, ltik) = to.query_pairs().find(|(name, _)| name == "ltik").unwrap();
        let ltik = ltik.into_owned();
        Some(Some(Taken {
            ltik,
            form,
            browser,
        }))
    }

    /// Launches of new students from StudyReel, until the server is gone.
    async fn links(&self) -> Vec<String> {
        let mut links = Vec::new();
        let student = self.studyreel.students().remove(0);
        loop {
            let number = STUDENTS.fetch_add(1, Ordering::Relaxed);
            let sub = format!("student-{number}@example.org");
            let verdict = self
                .studyreel
                .launch_with(&student, &Overrides::none().with("sub", sub))
                .await;
            let Some(status) = verdict.status else {
                return links;
            };
            // Too busy.
            if status == 503 {
                continue;
            }
            // The answer may have broken off behind its head.
            let Some(link) = verdict.login_link() else {
                assert!(
                    status == 200 && verdict.json().is_null(),
                    "{}",
                    verdict.body
                );
                return links;
            };
            self.one_more();
            links.push(link);
        }
    }

    /// Platforms made by hand until the server is gone: a new key is ordered for one, the next is
    /// removed again.
    async fn platforms(&self) -> (Vec<Kept>, Vec<String>) {
        let (mut kept, mut removed) = (Vec::new(), Vec::new());
        for number in 0.. {
            let Some(page) = self
                .change("POST", "/admin/platforms", Some(new_platform()))
                .await
            else {
                break;
            };
            let Some(page) = page else { continue };
            let id = page.json().unwrap()["id"].as_str().unwrap().to_owned();
            let path = format!("/admin/platforms/{id}");
            if number % 2 == 0 {
                let rotated = self
                    .change("POST", &format!("{path}/keys/rotate"), None)
                    .await;
                let kid = rotated.flatten().map(|page| newest_kid(&page));
                kept.push(Kept { id, kid });
            } else if let Some(Some(_)) = self.change("DELETE", &path, None).await {
                removed.push(id);
            }
        }
        (kept, removed)
    }

    /// What the API answers to a change, nothing inside where it is too busy, nothing where it is
    /// gone.
    async fn change(&self, method: &str, path: &str, body: Option<Value>) -> Option<Option<Page>> {
        let page = self.at.admin(method, path, body).await?;
        if page.status == 503 {
            return Some(None);
        }
        assert!(matches!(page.status, 200 | 204), "{}", page.text());
        self.one_more();
        Some(Some(page))
    }

    /// Everything at once until so much was acknowledged; then the server dies without a warning.
    async fn run(&self, server: Running, changes: usize) -> Acknowledged {
        let launches = futures_util::future::join_all((0..AT_ONCE).map(|_| self.launches()));
        let links = futures_util::future::join_all((0..AT_ONCE).map(|_| self.links()));
        let kill = async {
            let enough = async {
                while self.acknowledged.load(Ordering::Relaxed) < changes {
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
            };
            tokio::time::timeout(PATIENCE, enough).await.unwrap();
            drop(server);
        };
        let (launches, links, (platforms, removed), ()) =
            tokio::join!(launches, links, self.platforms(), kill);
        Acknowledged {
            launches: launches.into_iter().flatten().collect(),
            links: links.into_iter().flatten().collect(),
            platforms: platforms
                .into_iter()
                .filter(|kept| !kept.id.is_empty())
                .collect(),
            removed,
        }
    }
}

fn newest_kid(page: &Page) -> String {
    let keys = page.json().unwrap()["keys"].as_array().unwrap().clone();
    keys.last().unwrap()["kid"].as_str().unwrap().to_owned()
}

/// Students so far, in all rounds and tests: each is new.
static STUDENTS: AtomicUsize = AtomicUsize::new(0);

fn new_platform() -> Value {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    json!({
        "url": "https://lms.example.org", "clientId": format!("client-{number}"), "name": "School",
        "keyDelivery": "url",
        "authenticationEndpoint": "https://lms.example.org/auth",
        "accesstokenEndpoint": "https://lms.example.org/token",
        "authConfig": {"method": "JWK_SET", "key": "https://lms.example.org/keys"},
    })
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

impl Acknowledged {
    /// Whether all of it is there, and what was spent is spent.
    async fn is_there(&self, at: &Installation, round: usize) {
        for taken in &self.launches {
            let authorization = format!("LTIK-AUTH-V2 {API_KEY}:{}", taken.ltik);
            let page = at
                .ask("GET", "/api/idtoken", None, &authorization)
                .await
                .unwrap();
            assert_eq!(
                page.status,
                200,
                "round {round}: a launch is lost: {}",
                page.text()
            );
            assert_eq!(page.json().unwrap()["user"]["id"], "5", "round {round}");
            let page = taken
                .browser
                .send(posted(&at.at("/lti/launch"), &taken.form))
                .await
                .unwrap();
            assert_ne!(page.status, 303, "round {round}: a nonce was taken twice");
        }
        for link in &self.links {
            let browser = Browser::new().unwrap().wanting_pages();
            let open = || {
                Request::new("GET".parse().unwrap(), link)
                    .unwrap()
                    .no_redirects()
            };
            let page = browser.send(open()).await.unwrap();
            let to = page.location().map(String::from).unwrap_or_default();
            assert!(
                to.starts_with("http://127.0.0.3:9/"),
                "round {round}: a link is lost: {to} {}",
                page.text()
            );
            // Someone else's browser.
            let page = Browser::new().unwrap().wanting_pages().get(link).await;
            let page = page.unwrap();
            assert_eq!(page.status, 410, "round {round}: a link was redeemed twice");
        }
        for kept in &self.platforms {
            let path = format!("/admin/platforms/{}/keys", kept.id);
            let page = at.admin("GET", &path, None).await.unwrap();
            assert_eq!(
                page.status,
                200,
                "round {round}: a platform is lost: {}",
                page.text()
            );
            if let Some(kid) = &kept.kid {
                assert!(
                    page.text().contains(kid),
                    "round {round}: a key is lost: {}",
                    page.text()
                );
            }
        }
        for id in &self.removed {
            let page = at
                .admin("GET", &format!("/admin/platforms/{id}"), None)
                .await
                .unwrap();
            assert_eq!(page.status, 404, "round {round}: a platform came back");
        }
    }
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
    let mut all = [0; 4];
    for round in 0..kills {
        let load = Round {
            at: &at,
            lms: &lms,
            client_id: &client_id,
            studyreel: &studyreel,
            acknowledged: AtomicUsize::new(0),
        };
        let acknowledged = load.run(server, BETWEEN + 17 * round % 100).await;
        server = at.start();
        acknowledged.is_there(&at, round).await;
        let counts = [
            &acknowledged.launches.len(),
            &acknowledged.links.len(),
            &acknowledged.platforms.len(),
            &acknowledged.removed.len(),
        ];
        for (all, count) in all.iter_mut().zip(counts) {
            *all += count;
        }
    }
    server.stop();
    let [launches, links, platforms, removed] = all;
    assert!(
        launches > 0 && links > 0 && platforms > 0,
        "no load: {all:?}"
    );
    println!(
        "{kills} kills: {launches} launches, {links} login links, {platforms} platforms and {removed} removals, none lost"
    );
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
