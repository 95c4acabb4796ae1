//! A store that hangs, is locked or goes away: refused in time with a page and a reference, nothing
//! stored, and right again by itself (lti.md B-03, I-66).

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use gateway::kit::clock::Stopwatch;
use gateway::settings::installation::{Config, Fixed};
use serde_json::json;
use simulator::browser::{Browser, Page};
use sqlx::{Connection, Executor, PgConnection, Row, SqliteConnection};
use store::launches::NewLaunch;
use store::{Db, Limits, StoreError, Tx, installation};
use test_case::both_stores;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::watch;

use crate::ports::HeldPort;
use crate::registered::{Posted, Registered, ltik_of};
use crate::studyreel::valid;
use crate::support::{Gateway, PATIENCE, Store, fixed, fixed_and_hurried, lms};
use crate::undisturbed::undisturbed;

const LONG: Duration = Duration::from_secs(60);
const SHORT: Duration = Duration::from_millis(400);
/// A machine that keeps anyone waiting for so long is no judge of these times.
const LATE: Duration = Duration::from_millis(100);

fn limits(lock: Duration, statement: Duration) -> Fixed {
    // Whatever is longer has no say here.
    let request = lock.min(statement) + Duration::from_secs(2);
    Fixed { store: Limits { lock, statement, request }, ..fixed() }
}

async fn school(store: Store, fixed: Fixed) -> Registered {
    let gateway = Gateway::start_fixed(store, json!({}), &[], fixed).await;
    Registered::join(gateway, lms().await).await
}

/// Someone else's connection, which keeps launches from being stored.
pub(crate) enum Lock {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Lock {
    pub(crate) async fn take(gateway: &Gateway) -> Self {
        let url = &gateway.app.config.database_url;
        if let Db::Sqlite { .. } = gateway.app.db {
            let mut connection = SqliteConnection::connect(url).await.unwrap();
            connection.execute("BEGIN IMMEDIATE").await.unwrap();
            return Self::Sqlite(connection);
        }
        let mut connection = PgConnection::connect(url).await.unwrap();
        let lock = "BEGIN; LOCK TABLE launches IN ACCESS EXCLUSIVE MODE";
        connection.execute(lock).await.unwrap();
        Self::Postgres(connection)
    }

    /// Keeps everything from being written, on PostgreSQL into one table; what is there can be
    /// read.
    pub(crate) async fn of_writes(gateway: &Gateway, table: &str) -> Self {
        if let Db::Sqlite { .. } = gateway.app.db {
            return Self::take(gateway).await;
        }
        let url = &gateway.app.config.database_url;
        let mut connection = PgConnection::connect(url).await.unwrap();
        let lock = format!("BEGIN; LOCK TABLE {table} IN SHARE MODE");
        connection.execute(sqlx::AssertSqlSafe(lock)).await.unwrap();
        Self::Postgres(connection)
    }

    /// Someone else's change, which isn't committed yet.
    pub(crate) async fn changing(gateway: &Gateway, sql: &str) -> Self {
        let (url, sql) = (&gateway.app.config.database_url, sql.to_owned());
        if let Db::Sqlite { .. } = gateway.app.db {
            let mut connection = SqliteConnection::connect(url).await.unwrap();
            connection.execute("BEGIN IMMEDIATE").await.unwrap();
            connection.execute(sqlx::AssertSqlSafe(sql)).await.unwrap();
            return Self::Sqlite(connection);
        }
        let mut connection = PgConnection::connect(url).await.unwrap();
        connection.execute("BEGIN").await.unwrap();
        connection.execute(sqlx::AssertSqlSafe(sql)).await.unwrap();
        Self::Postgres(connection)
    }

    /// Commits that change.
    pub(crate) async fn commit(mut self) {
        match &mut self {
            Self::Sqlite(connection) => connection.execute("COMMIT").await.map(drop).unwrap(),
            Self::Postgres(connection) => connection.execute("COMMIT").await.map(drop).unwrap(),
        }
        self.release().await;
    }

    pub(crate) async fn release(self) {
        match self {
            Self::Sqlite(connection) => connection.close().await.unwrap(),
            Self::Postgres(connection) => connection.close().await.unwrap(),
        }
    }
}

/// The page of a store that doesn't answer.
#[track_caller]
fn assert_unavailable(page: &Page) {
    let text = page.text();
    assert_eq!(page.status, 503, "{text}");
    assert!(text.contains("Reference for support"), "{text}");
    assert_eq!(page.header("cache-control"), Some("no-store"));
    assert_eq!(page.header("retry-after"), Some("5"));
    assert_eq!(page.location(), None);
}

/// A login that has come as far as the form.
async fn begun(school: &Registered) -> (Browser, Posted) {
    let browser = Browser::new().unwrap();
    let posted = school.begin(&browser, &school.student()).await;
    (browser, posted)
}

#[both_stores("I-66")]
async fn a_locked_store_refuses_in_time_and_stores_nothing(store: Store) {
    undisturbed(LATE, async || {
        let school = school(store, limits(SHORT, LONG)).await;
        let mut forms = Vec::new();
        for _ in 0..20 {
            forms.push(begun(&school).await);
        }
        let lock = Lock::take(&school.gateway).await;
        let posting = forms.iter().map(|(browser, posted)| school.post(browser, posted));
        // However many there are: they wait for the lock together, not one after the other.
        let pages =
            tokio::time::timeout(Duration::from_secs(6), futures_util::future::join_all(posting))
                .await;
        for page in pages.unwrap() {
            assert_unavailable(&page);
        }
        lock.release().await;
        assert_eq!(school.gateway.number("SELECT COUNT(*) FROM launches").await, 0);
        for (browser, posted) in &forms {
            ltik_of("the same form", &school.post(browser, posted).await);
        }
    })
    .await;
}

#[both_stores("I-66")]
async fn a_form_the_store_failed_works_once_the_store_is_back(store: Store) {
    let school = Registered::new(store).await;
    let (browser, posted) = begun(&school).await;
    // Launches fail; a row that only spends a nonce would not.
    let (break_it, mend_it): (&[&str], &[&str]) = match school.gateway.app.db {
        Db::Sqlite { .. } => (
            &["CREATE TRIGGER away BEFORE INSERT ON launches \
                 WHEN NEW.document_sealed IS NOT NULL \
               BEGIN SELECT RAISE(ABORT, 'away'); END"],
            &["DROP TRIGGER away"],
        ),
        Db::Postgres { .. } => (
            &[
                "CREATE FUNCTION away() RETURNS trigger LANGUAGE plpgsql AS \
                 $$ BEGIN RAISE EXCEPTION 'away'; END $$",
                "CREATE TRIGGER away BEFORE INSERT ON launches FOR EACH ROW \
                 WHEN (NEW.document_sealed IS NOT NULL) \
                 EXECUTE FUNCTION away()",
            ],
            &["DROP TRIGGER away ON launches"],
        ),
    };
    for sql in break_it {
        school.gateway.meddle(sql).await;
    }
    for _ in 0..2 {
        assert_unavailable(&school.post(&browser, &posted).await);
    }
    assert_eq!(school.gateway.number("SELECT COUNT(*) FROM launches").await, 0);
    for sql in mend_it {
        school.gateway.meddle(sql).await;
    }
    ltik_of("the same form", &school.post(&browser, &posted).await);
}

#[both_stores]
async fn a_slow_request_times_out_and_its_launch_is_not_stored(store: Store) {
    undisturbed(LATE, async || {
        let mut school = school(store, limits(LONG, LONG)).await;
        let hurried = |config: &mut Config| config.fixed.request = Duration::from_secs(3);
        school.gateway = school.gateway.restart_changed(hurried).await;
        // Its key set is at hand from now on.
        school.accepts("warm", school.student()).await;
        let mut forms = Vec::new();
        for _ in 0..4 {
            forms.push(begun(&school).await);
        }
        let lock = Lock::take(&school.gateway).await;
        // Three may be on their way to the store; the last one waits in front of it.
        let posting = (0..).zip(&forms).map(async |(number, (browser, posted))| {
            tokio::time::sleep(Duration::from_millis(100 * number)).await;
            school.post(browser, posted).await
        });
        for page in futures_util::future::join_all(posting).await {
            assert_unavailable(&page);
        }
        let (browser, posted) = begun(&school).await;
        let page =
            browser.post_form(&school.gateway.at("/lti/launch"), &posted.fields()).await.unwrap();
        let body = page.json().unwrap();
        assert_eq!(
            (page.status, &body["details"]["message"]),
            (503, &json!("SERVICE_UNAVAILABLE"))
        );
        assert!(body["details"]["correlationId"].is_string(), "{body}");
        assert_eq!(page.header("cache-control"), Some("no-store"));
        lock.release().await;
        let (browser, posted) = &forms[3];
        ltik_of("the last one", &school.post(browser, posted).await);
    })
    .await;
}

#[both_stores]
async fn a_body_that_never_arrives_gets_a_page(store: Store) {
    let gateway =
        Gateway::start_fixed(store, json!({}), &[], Fixed { request: SHORT, ..fixed() }).await;
    for (accept, wanted) in
        [("text/html", "Reference for support"), ("application/json", "correlationId")]
    {
        let mut connection =
            TcpStream::connect(gateway.url.trim_start_matches("http://")).await.unwrap();
        let head = format!(
            "POST /lti/launch HTTP/1.1\r\nHost: x\r\nAccept: {accept}\r\nConnection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 10\r\n\r\na="
        );
        connection.write_all(head.as_bytes()).await.unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).await.unwrap();
        let answer = answer.to_ascii_lowercase();
        assert!(answer.starts_with("http/1.1 503 "), "{answer}");
        assert!(
            answer.contains("cache-control: no-store")
                && answer.contains(&wanted.to_ascii_lowercase()),
            "{answer}"
        );
    }
}

/// A setting of the connection that is lent out.
async fn shown(db: &Db, name: &str) -> String {
    let show = sqlx::AssertSqlSafe(format!("SHOW {name}"));
    match db.read().await.unwrap().tx() {
        Tx::Sqlite(_) => unreachable!("PostgreSQL's"),
        Tx::Postgres(mut connection) => connection.fetch_one(show).await.unwrap().get(0),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn request_statements_time_out_and_long_work_does_not() {
    undisturbed(LATE, async || {
        let fixed = limits(LONG, Duration::from_secs(2));
        let gateway = Gateway::start_fixed(Store::Postgres, json!({}), &[], fixed).await;
        let sleep = "SELECT pg_sleep(3)";
        let short = gateway.app.db.write::<_, StoreError, _>(move |tx| {
            Box::pin(async move {
                let Tx::Postgres(mut connection) = tx else { unreachable!() };
                Ok(connection.execute(sleep).await.map(drop)?)
            })
        });
        let error = short.await.unwrap_err().to_string();
        assert!(error.contains("statement timeout"), "{error}");
        // Batch by batch, since each is a transaction of its own.
        let batches = Arc::new(AtomicU64::new(0));
        let long = gateway.app.db.sweep({
            let batches = batches.clone();
            move |tx, most| {
                let left = 3 - batches.fetch_add(1, Ordering::Relaxed);
                Box::pin(async move {
                    let Tx::Postgres(mut connection) = tx else { unreachable!() };
                    connection.execute("SELECT pg_sleep(0.6)").await?;
                    Ok(if left > 0 { most.unsigned_abs() } else { 0 })
                })
            }
        });
        long.await.unwrap();
        assert_eq!(batches.load(Ordering::Relaxed), 4);
        for (name, wanted) in [
            ("statement_timeout", "2s"),
            ("lock_timeout", "1min"),
            ("idle_in_transaction_session_timeout", "30s"),
        ] {
            assert_eq!(shown(&gateway.app.db, name).await, wanted);
        }
        // The operator's own stay.
        let url = format!("{}%20-cstatement_timeout%3D1234", gateway.app.config.database_url);
        let db = Db::attach(&*url, fixed.store).await.unwrap();
        assert_eq!(shown(&db, "statement_timeout").await, "1234ms");
        assert_eq!(shown(&db, "lock_timeout").await, "1min");
        db.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn migrations_run_without_a_time_limit() {
    undisturbed(LATE, async || {
        let short = Duration::from_millis(100);
        let gateway = Gateway::start(Store::Postgres).await;
        let url = gateway.app.config.database_url.clone();
        // Another replica is at it.
        let mut other = PgConnection::connect(&url).await.unwrap();
        let lock = "BEGIN; LOCK TABLE _sqlx_migrations IN ACCESS EXCLUSIVE MODE";
        other.execute(lock).await.unwrap();
        let opening = Db::open(&*url, limits(short, short).store);
        tokio::pin!(opening);
        let early = tokio::time::timeout(Duration::from_secs(1), &mut opening).await;
        assert!(early.is_err(), "{:?}", early.map(|db| db.err()));
        other.close().await.unwrap();
        opening.await.unwrap().close().await;
    })
    .await;
}

/// A transaction of another replica that changes a platform and goes on for long: a large
/// configuration's.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_change_keeps_no_other_change_waiting() {
    let school = school(Store::Postgres, limits(SHORT, LONG)).await;
    let gateway = &school.gateway;
    let mut long = PgConnection::connect(&gateway.app.config.database_url).await.unwrap();
    let change = "BEGIN; INSERT INTO deployments (platform_id, deployment_id, status, first_seen) \
                  SELECT id, 'long', 'active', 1 FROM platforms";
    long.execute(change).await.unwrap();
    let path = format!("/admin/platforms/{}/deactivate", school.platform_id);
    let page = gateway.admin("POST", &path, None).await;
    assert_eq!(page.status, 200, "{}", page.text());
    // Replicas hear of it when it is there, and once.
    let number = async || gateway.number("SELECT number FROM changes").await;
    let before = number().await;
    long.execute("UPDATE deployments SET status = 'pending' WHERE deployment_id = 'long'")
        .await
        .unwrap();
    assert_eq!(number().await, before);
    long.execute("COMMIT").await.unwrap();
    assert_eq!(number().await, before + 1);
    long.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tool_that_is_being_changed_takes_no_configuration() {
    let fixed = limits(SHORT, LONG);
    let gateway = Gateway::start_fixed(Store::Postgres, json!({}), &[], fixed).await;
    let mut other = PgConnection::connect(&gateway.app.config.database_url).await.unwrap();
    other.execute("BEGIN; UPDATE tools SET id = id").await.unwrap();
    let path = json!({"id": "m", "subject": "math", "grades": [1]});
    let code = json!({"format": 1, "tools": [{"learningPaths": [path]}]});
    let page = gateway.admin("POST", "/admin/apply", Some(code.clone())).await;
    assert_eq!(page.status, 409, "{}", page.text());
    assert!(page.text().contains("CHANGED_MEANWHILE"), "{}", page.text());
    other.close().await.unwrap();
    let page = gateway.admin("POST", "/admin/apply", Some(code)).await;
    assert_eq!(page.status, 200, "{}", page.text());
}

/// Ends every connection that a gateway has at rest, as a restart of the server does.
async fn terminate(gateway: &Gateway) {
    let Db::Postgres { pool, .. } = &gateway.app.db else { unreachable!("PostgreSQL's") };
    let mut idle: Vec<_> = std::iter::from_fn(|| pool.try_acquire()).collect();
    let mut pids = Vec::new();
    for connection in &mut idle {
        // Some are dead since the last time.
        if let Ok(row) = connection.fetch_one("SELECT pg_backend_pid()").await {
            pids.push(row.get::<i32, _>(0));
        }
    }
    drop(idle);
    while pool.num_idle() < pids.len() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let mut other = PgConnection::connect(&gateway.app.config.database_url).await.unwrap();
    for pid in pids {
        let ended = sqlx::query("SELECT pg_terminate_backend($1, 1000)").bind(pid);
        ended.execute(&mut other).await.unwrap();
    }
    other.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn launches_survive_connections_that_have_just_died() {
    let school = school(Store::Postgres, fixed()).await;
    for _ in 0..5 {
        let mut forms = Vec::new();
        for _ in 0..8 {
            forms.push(begun(&school).await);
        }
        terminate(&school.gateway).await;
        let posting = forms.iter().map(|(browser, posted)| school.post(browser, posted));
        for page in futures_util::future::join_all(posting).await {
            ltik_of("after a restart", &page);
        }
        terminate(&school.gateway).await;
        let write = school
            .gateway
            .app
            .db
            .write::<_, StoreError, _>(|mut tx| {
                Box::pin(async move { installation::try_write(&mut tx, -1).await })
            })
            .await;
        assert!(write.is_ok(), "{write:?}");
    }
    // The count is no launch: it is only safe on connections that are asked first, after a second.
    tokio::time::sleep(Duration::from_millis(1200)).await;
    assert_eq!(school.gateway.launches().await, 40);
}

/// What a tunnel to the database does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tunnel {
    /// It passes bytes on.
    Open,
    /// It keeps those of the connections that are there: nothing is closed, and nothing comes.
    Silent,
    /// It keeps those of new connections, too.
    Frozen,
    /// There is nothing any more.
    Gone,
}

/// A hold on a tunnel.
struct Valve {
    change: watch::Sender<Tunnel>,
    passing: Arc<AtomicU64>,
    /// Where nothing is, nobody else comes to listen.
    _port: HeldPort,
}

impl Valve {
    /// Changes what the tunnel does; no connection of before passes anything on afterwards.
    async fn turn(&self, to: Tunnel) {
        self.change.send(to).unwrap();
        while self.passing.load(Ordering::Relaxed) > 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}

async fn tunnel(to: SocketAddr) -> (SocketAddr, Valve) {
    let port = HeldPort::new();
    let listener = port.listen("127.0.0.1").await;
    let address = listener.local_addr().unwrap();
    let (change, mut state) = watch::channel(Tunnel::Open);
    let passing = Arc::new(AtomicU64::new(0));
    let valve = Valve { change, passing: passing.clone(), _port: port };
    tokio::spawn(async move {
        let mut kept = Vec::new();
        loop {
            let (mut near, _) = tokio::select! {
                accepted = listener.accept() => accepted.unwrap(),
                _ = state.wait_for(|state| *state == Tunnel::Gone) => return,
            };
            let mut state = state.clone();
            state.mark_unchanged();
            if *state.borrow() == Tunnel::Frozen {
                kept.push(near);
                continue;
            }
            let passing = passing.clone();
            passing.fetch_add(1, Ordering::Relaxed);
            tokio::spawn(async move {
                let mut far = TcpStream::connect(to).await.unwrap();
                let changed = tokio::select! {
                    _ = tokio::io::copy_bidirectional(&mut near, &mut far) => false,
                    changed = state.changed() => changed.is_ok(),
                };
                passing.fetch_sub(1, Ordering::Relaxed);
                if changed && *state.borrow() != Tunnel::Gone {
                    std::future::pending::<()>().await;
                }
            });
        }
    });
    (address, valve)
}

/// A gateway, and another that reaches the same database through a tunnel.
async fn tunnelled(fixed: Fixed) -> (Gateway, Gateway, Valve) {
    let direct = Gateway::start(Store::Postgres).await;
    let url = url::Url::parse(&direct.app.config.database_url).unwrap();
    let server = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap());
    let (address, valve) = tunnel(server.parse().unwrap()).await;
    let mut through = url.clone();
    through.set_port(Some(address.port())).unwrap();
    let gateway = direct
        .replica_changed(|config| {
            config.database_url = through.to_string();
            config.fixed = fixed;
        })
        .await;
    (direct, gateway, valve)
}

/// The ceiling of a StudyReel launch (studyreel.md §6), which holds for the others, too.
pub(crate) const CEILING: Duration = Duration::from_secs(5);

/// What a launch may take while the store is away: the ceiling, and what eight of them at once take
/// of this machine while all is well.
async fn ceiling(school: &Registered) -> Duration {
    let begun = Stopwatch::start();
    school.accepts("there", school.student()).await;
    CEILING + 8 * begun.elapsed()
}

/// Everything that asks the store says that it is away, within the ceiling: `forms` are logins of
/// before.
async fn all_say_so_in_time(school: &Registered, forms: &[(Browser, Posted)], ceiling: Duration) {
    let gateway = &school.gateway;
    let studyreel = async |number: u64| {
        tokio::time::sleep(Duration::from_millis(300 * number)).await;
        let asked = Stopwatch::start();
        let sub = format!("away-{number}");
        let launch = gateway.at("/studyreel/launch");
        let page = Browser::new().unwrap().post_json(&launch, &valid(&sub)).await.unwrap();
        ("a StudyReel launch", page, asked.elapsed())
    };
    let lti = forms.iter().map(async |(browser, posted)| {
        let asked = Stopwatch::start();
        let page = school.post(browser, posted).await;
        ("an LTI launch", page, asked.elapsed())
    });
    let read = async |path: &'static str| {
        let asked = Stopwatch::start();
        let page = gateway.admin("GET", path, None).await;
        (path, page, asked.elapsed())
    };
    let change = async |name: &'static str| {
        let asked = Stopwatch::start();
        let page = gateway.admin("PATCH", "/admin/tool", Some(json!({"name": name}))).await;
        ("a change", page, asked.elapsed())
    };
    let launches = futures_util::future::join_all((0..8).map(studyreel));
    let lti = futures_util::future::join_all(lti);
    let reads = async {
        match gateway.app.db.is_embedded() {
            // No one who writes keeps a reader of SQLite waiting.
            true => Vec::new(),
            // Each change asks for its key, and one of them does for all.
            false => {
                let changes = ["A", "B", "C", "D"].map(change);
                let mut asked = futures_util::future::join_all(changes).await;
                asked.extend([read("/admin/platforms").await, read("/api/students").await]);
                asked
            }
        }
    };
    let (launches, lti, reads) = tokio::join!(launches, lti, reads);
    for (what, page, took) in launches.into_iter().chain(lti).chain(reads) {
        assert_eq!(page.status, 503, "{what}: {}", page.text());
        assert!(took < ceiling, "{what} took {took:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_frozen_or_absent_postgres_is_told_of_within_the_ceiling() {
    undisturbed(LATE, async || {
        for state in [Tunnel::Frozen, Tunnel::Gone] {
            let (_direct, gateway, valve) = tunnelled(fixed_and_hurried()).await;
            let school = Registered::join(gateway, lms().await).await;
            // Everything is at hand that can be.
            let page = school.gateway.admin("GET", "/api/students", None).await;
            assert_eq!(page.status, 200, "{}", page.text());
            let launch = school.gateway.at("/studyreel/launch");
            let page = Browser::new().unwrap().post_json(&launch, &valid("there")).await.unwrap();
            assert_eq!(page.status, 200, "{}", page.text());
            let ceiling = ceiling(&school).await;
            let forms = several_begun(&school).await;
            valve.turn(state).await;
            all_say_so_in_time(&school, &forms, ceiling).await;
        }
    })
    .await;
}

/// Its connections fall silent, but new ones could be made.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn launches_meet_a_silent_postgres_within_the_ceiling() {
    undisturbed(LATE, async || {
        let (_direct, gateway, valve) = tunnelled(fixed_and_hurried()).await;
        let school = Registered::join(gateway, lms().await).await;
        let ceiling = ceiling(&school).await;
        let forms = several_begun(&school).await;
        valve.turn(Tunnel::Silent).await;
        let posting = forms.iter().map(async |(browser, posted)| {
            let asked = Stopwatch::start();
            (school.post(browser, posted).await.status, asked.elapsed())
        });
        for (status, took) in futures_util::future::join_all(posting).await {
            assert!(took < ceiling, "{status} took {took:?}");
            assert!([303, 503].contains(&status), "{status}");
        }
    })
    .await;
}

/// All that it still had to write are counts.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_waits_for_no_frozen_postgres() {
    let fixed = Fixed { drain: SHORT, last_writes: SHORT, ..fixed() };
    let (_direct, gateway, valve) = tunnelled(fixed).await;
    let mut school = Registered::join(gateway, lms().await).await;
    school.accepts("to be counted", school.student()).await;
    valve.turn(Tunnel::Frozen).await;
    let stopped = tokio::time::timeout(PATIENCE / 4, school.gateway.stop()).await;
    assert!(stopped.is_ok(), "it waits for the store");
}

async fn several_begun(school: &Registered) -> Vec<(Browser, Posted)> {
    let mut forms = Vec::new();
    for _ in 0..4 {
        forms.push(begun(school).await);
    }
    forms
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_locked_sqlite_is_told_of_within_the_ceiling() {
    undisturbed(LATE, async || {
        let school = school(Store::Sqlite, fixed_and_hurried()).await;
        let ceiling = ceiling(&school).await;
        let forms = several_begun(&school).await;
        let lock = Lock::take(&school.gateway).await;
        all_say_so_in_time(&school, &forms, ceiling).await;
        lock.release().await;
        // Nothing of it was done afterwards.
        for (table, before) in [("students", 0), ("launches", 1)] {
            let count = format!("SELECT COUNT(*) FROM {table}");
            assert_eq!(school.gateway.number(&count).await, before, "{table}");
        }
        let launch = school.gateway.at("/studyreel/launch");
        let page = Browser::new().unwrap().post_json(&launch, &valid("back")).await.unwrap();
        assert_eq!(page.status, 200, "{}", page.text());
        let (browser, posted) = &forms[0];
        ltik_of("the same form", &school.post(browser, posted).await);
    })
    .await;
}

#[both_stores]
async fn a_studyreel_launch_the_store_failed_works_once_it_is_back(store: Store) {
    undisturbed(LATE, async || {
        let gateway = Gateway::start_fixed(store, json!({}), &[], limits(SHORT, LONG)).await;
        let (address, body) = (gateway.at("/studyreel/launch"), valid("patient"));
        let lock = Lock::take(&gateway).await;
        let refused = Browser::new().unwrap().post_json(&address, &body).await.unwrap();
        assert_eq!(refused.status, 503, "{}", refused.text());
        lock.release().await;
        let again = Browser::new().unwrap().post_json(&address, &body).await.unwrap();
        assert_eq!(again.status, 200, "{}", again.text());
        assert_eq!(gateway.number("SELECT COUNT(*) FROM launches").await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn launches_recover_from_a_silent_database_by_reconnecting() {
    undisturbed(LATE, async || {
        let (_direct, gateway, valve) = tunnelled(limits(LONG, SHORT)).await;
        let school = Registered::join(gateway, lms().await).await;
        let (browser, posted) = begun(&school).await;
        ltik_of("before", &school.post(&browser, &posted).await);
        let first = begun(&school).await;
        let at_once = async |connections: u8| {
            let asked = (0..connections).map(|_| school.gateway.app.db.read());
            futures_util::future::try_join_all(asked).await.map(drop)
        };
        at_once(16).await.unwrap();
        let Db::Postgres { pool, .. } = &school.gateway.app.db else {
            unreachable!("PostgreSQL's")
        };
        // Each is looked at before it is back.
        while pool.num_idle() < 15 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        valve.turn(Tunnel::Silent).await;
        let page = tokio::time::timeout(PATIENCE, school.post(&first.0, &first.1)).await;
        assert_unavailable(&page.unwrap());
        // The silent ones are given up, but for those that someone was using.
        at_once(12).await.unwrap();
        let (browser, posted) = begun(&school).await;
        ltik_of("after", &school.post(&browser, &posted).await);
    })
    .await;
}

/// Two replicas that store the same launches in opposite order would wait for each other.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn batches_with_the_same_launches_do_not_block_each_other() {
    let school = Registered::new(Store::Postgres).await;
    let slow = "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS \
                $$ BEGIN PERFORM pg_sleep(0.02); RETURN NEW; END $$";
    let each = "CREATE TRIGGER slow BEFORE INSERT ON launches FOR EACH ROW EXECUTE FUNCTION slow()";
    for sql in [slow, each] {
        school.gateway.meddle(sql).await;
    }
    let replica = school.gateway.replica().await;
    let row = |nonce: u8, of: &str| NewLaunch {
        id: format!("{of}{nonce:019}"),
        tool_id: school.gateway.app.tools.at("").unwrap().id.clone(),
        dialect: "lti13",
        platform_id: Some(school.platform_id.clone()),
        deployment_id: None,
        nonce_hash: vec![nonce],
        document_sealed: None,
        created_at: 0,
        expires_at: 0,
        nonce_until: i64::MAX,
        parked: false,
        trace: None,
    };
    let here = (0..40).map(|nonce| school.gateway.app.db.launch(row(nonce, "a")));
    let there = (0..40).rev().map(|nonce| replica.app.db.launch(row(nonce, "b")));
    let (here, there) =
        tokio::join!(futures_util::future::join_all(here), futures_util::future::join_all(there));
    let stored = here.into_iter().chain(there).map(|stored| stored.unwrap());
    assert_eq!(stored.filter(|stored| *stored).count(), 40);
}
