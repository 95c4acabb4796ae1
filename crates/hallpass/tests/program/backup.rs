//! Backup and restore with the commands that docs/backup.md prints, after a server under load was killed outright.

use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};
use simulator::browser::{Browser, Request};
use simulator::clock::Clock;
use simulator::lms::{Launch, Lms, Options};

use crate::support::{Running, free_port, hallpass, refused};

const API_KEY: &str = "test-api-key-0123456789";

/// The commands that docs/backup.md prints below a mark.
fn documented(mark: &str) -> String {
    let page = include_str!("../../../../docs/backup.md");
    let (_, rest) = page
        .split_once(&format!("<!-- tested: {mark} -->\n```sh\n"))
        .unwrap();
    rest.split_once("```").unwrap().0.to_owned()
}

/// Runs them in a folder, as a person would who has the program on the PATH.
fn type_in(folder: &Path, mark: &str, environment: &[(&str, &str)]) -> Output {
    let program = Path::new(env!("CARGO_BIN_EXE_hallpass")).parent().unwrap();
    let path = format!("{}:/usr/local/bin:/usr/bin:/bin", program.display());
    let mut shell = Command::new("sh");
    shell
        .args(["-e", "-c", &documented(mark)])
        .current_dir(folder);
    shell
        .env_clear()
        .env("PATH", path)
        .envs(environment.iter().copied());
    shell.output().unwrap()
}

#[track_caller]
fn typed(folder: &Path, mark: &str, environment: &[(&str, &str)]) -> String {
    let output = type_in(folder, mark, environment);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{mark}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}

/// A server with the default data folder.
struct Installation {
    server: Option<Running>,
    url: String,
}

impl Installation {
    fn new(folder: &Path, database: Option<&str>) -> Self {
        let listen = format!("127.0.0.2:{}", free_port());
        let url = format!("http://{listen}");
        let database = database.map(|url| format!("database_url = \"{url}\"\n"));
        let settings = format!(
            "listen = \"{listen}\"\npublic_url = \"{url}\"\nbootstrap_api_key = \"{API_KEY}\"\n{}\
             [tool]\nlaunchUrl = \"http://127.0.0.3:9/\"\n[tool.registration]\nautoActivate = true\n",
            database.unwrap_or_default()
        );
        std::fs::write(folder.join("hallpass.toml"), settings).unwrap();
        let mut installation = Self { server: None, url };
        installation.start(folder);
        installation
    }

    fn start(&mut self, folder: &Path) {
        let mut server = Running::start(hallpass(folder, &["serve"]));
        server.line();
        self.server = Some(server);
    }

    /// As the power does.
    fn kill(&mut self) {
        self.server = None;
    }

    async fn api(&self, method: &str, path: &str, header: &str) -> (u16, Value) {
        let request = Request::new(method.parse().unwrap(), &format!("{}{path}", self.url));
        let request = request.unwrap().header("authorization", header);
        let page = Browser::new().unwrap().send(request).await.unwrap();
        (page.status, page.json().unwrap_or_default())
    }

    async fn admin(&self, method: &str, path: &str) -> (u16, Value) {
        self.api(method, path, &format!("Bearer {API_KEY}")).await
    }
}

/// What was acknowledged.
#[derive(Default)]
struct Acknowledged {
    students: Vec<String>,
    ltiks: Vec<String>,
}

/// A StudyReel launch; the student's id if it was acknowledged.
async fn study(url: &str, number: usize) -> Option<String> {
    let now = Clock::default().seconds();
    let launch = json!({
        "messageType": "LtiResourceLinkRequest", "version": "1.3.0", "resourceLink": {"id": "default"},
        "iss": "https://studyreel.alpha1edtech.com", "deployment_id": "U3BhcnNoJ3MgdGVzdCBhcHAgNjoxLjM=",
        "target_link_uri": "studyreel://learn", "role": "Student", "sub": format!("student-{number}"),
        "given_name": "Ada", "family_name": "Moss", "nonce": format!("nonce-{number:08}"),
        "iat": now, "exp": now + 3600, "jti": format!("jti-{number}"),
        "studyreel_grade_math": "null", "studyreel_grade_language": "null", "studyreel_grade_science": "null",
        "studyreel_grade_reading": "null", "age_grade": "5", "user_acquisition_source": "StudyReel",
        "map_rit_math": "null", "map_rit_language": "null", "map_rit_science": "null", "map_rit_reading": "null",
    });
    let page = Browser::new()
        .unwrap()
        .post_json(&format!("{url}/studyreel/launch"), &launch)
        .await;
    let answer = page.ok()?.json().ok()?;
    Some(answer["userID"].as_str()?.to_owned())
}

/// A form as a person's browser sends it.
fn post<N: AsRef<str>, V: AsRef<str>>(url: &str, fields: &[(N, V)]) -> Request {
    let body = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    let request = Request::new("POST".parse().unwrap(), url)
        .unwrap()
        .no_redirects();
    request.body("application/x-www-form-urlencoded", body)
}

/// An LTI launch; its `ltik` if it was acknowledged.
async fn visit(lms: &Lms, client_id: &str) -> Option<String> {
    let browser = Browser::new().unwrap();
    let login = lms.login_request(&Launch::new(client_id)).unwrap();
    let page = browser.send(post(&login.url, &login.fields)).await.ok()?;
    let page = browser.get(page.location()?.as_str()).await.ok()?;
    let form = page.auto_form()?;
    let fields = ["id_token", "state"].map(|name| (name, form.field(name).unwrap().to_owned()));
    let page = browser
        .send(post(form.action.as_str(), &fields))
        .await
        .ok()?;
    let to = page.location()?;
    let ltik = to.query_pairs().find(|(name, _)| name == "ltik")?;
    Some(ltik.1.into_owned())
}

async fn registered(url: &str, lms: &Lms) -> String {
    let start = lms
        .begin_registration(&format!("{url}/lti/register"))
        .unwrap();
    let page = Browser::new().unwrap().get(&start.url).await.unwrap();
    assert_eq!(page.status, 200, "{}", page.text());
    lms.activate(&start.client_id).unwrap();
    start.client_id
}

/// Everything that was acknowledged is there.
async fn holds(installation: &Installation, acknowledged: &Acknowledged) {
    for student in &acknowledged.students {
        let (status, _) = installation
            .admin("GET", &format!("/api/students/{student}"))
            .await;
        assert_eq!(status, 200, "the student {student} is gone");
    }
    for ltik in &acknowledged.ltiks {
        let header = format!("LTIK-AUTH-V2 {API_KEY}:{ltik}");
        assert_eq!(
            installation.api("GET", "/api/idtoken", &header).await.0,
            200
        );
    }
}

/// Launches of both kinds until the server is gone.
async fn load(url: String, lms: Arc<Lms>, client_id: String, from: usize, stop: Arc<AtomicBool>) {
    for number in from.. {
        if stop.load(Ordering::Relaxed) {
            return;
        }
        study(&url, number).await;
        visit(&lms, &client_id).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_backup_saw_is_there_after_a_crash_and_a_restore() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let mut installation = Installation::new(folder, None);
    let url = installation.url.clone();
    let lms = Arc::new(Lms::start(Options::default()).await.unwrap());
    let client_id = registered(&url, &lms).await;
    typed(folder, "save the key", &[]);

    let stop = Arc::new(AtomicBool::new(false));
    let loads: Vec<_> = [1_000_000, 2_000_000]
        .map(|from| {
            tokio::spawn(load(
                url.clone(),
                lms.clone(),
                client_id.clone(),
                from,
                stop.clone(),
            ))
        })
        .into();
    let mut acknowledged = Acknowledged::default();
    for number in 0..15 {
        acknowledged
            .students
            .push(study(&url, number).await.unwrap());
        acknowledged
            .ltiks
            .push(visit(&lms, &client_id).await.unwrap());
    }
    let told = tokio::task::block_in_place(|| typed(folder, "backup", &[]));
    assert!(told.contains("hallpass-backup.db: 1 platforms"), "{told}");
    assert!(
        told.contains("The secret key is not in it") && told.contains("secret_key"),
        "{told}"
    );
    // Still under load.
    installation.kill();
    stop.store(true, Ordering::Relaxed);
    for load in loads {
        load.await.unwrap();
    }
    for file in ["hallpass-backup.db", "hallpass-backup.db.json"] {
        #[cfg(unix)]
        {
            let file = std::fs::metadata(folder.join(file)).unwrap();
            assert_eq!(std::os::unix::fs::MetadataExt::mode(&file) & 0o777, 0o600);
        }
    }
    let manifest = std::fs::read_to_string(folder.join("hallpass-backup.db.json")).unwrap();
    let manifest: Value = serde_json::from_str(&manifest).unwrap();
    assert!(
        manifest["rows"]["launches"].as_i64().unwrap() >= 30,
        "{manifest}"
    );
    assert!(!folder.join("hallpass-backup.db.part").exists());

    assert!(typed(folder, "verify", &[]).contains("is whole"));
    typed(folder, "restore", &[]);
    // The whole folder may be lost.
    std::fs::remove_file(folder.join("hallpass-data/secret_key")).unwrap();
    typed(folder, "put the key back", &[]);
    installation.start(folder);
    holds(&installation, &acknowledged).await;
    // And it serves.
    assert!(visit(&lms, &client_id).await.is_some());
    installation.server.unwrap().stop();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restore_overwrites_nothing_and_takes_no_damaged_file() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let installation = Installation::new(folder, None);
    assert!(study(&installation.url, 1).await.is_some());
    typed(folder, "backup", &[]);
    let restore = || refused(hallpass(folder, &["restore", "hallpass-backup.db"]));
    let database = folder.join("hallpass-data/hallpass.db");
    let left = || -> Vec<String> {
        let files = std::fs::read_dir(folder.join("hallpass-data")).unwrap();
        let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.filter(|name| name != ".hallpass.db.lock").collect();
        names.sort();
        names
    };
    // Even if somebody moves the files away from under the server.
    assert!(restore().contains("a server is using"), "{}", restore());
    let again = refused(hallpass(folder, &["backup", "hallpass-backup.db"]));
    assert!(again.contains("nothing is overwritten"), "{again}");
    installation.server.unwrap().stop();
    assert!(
        restore().contains("nothing is overwritten"),
        "{}",
        restore()
    );
    std::fs::rename(&database, folder.join("moved.db")).unwrap();
    // A log of another database.
    std::fs::write(folder.join("hallpass-data/hallpass.db-wal"), "x").unwrap();
    assert!(
        restore().contains("hallpass.db-wal is there already"),
        "{}",
        restore()
    );
    std::fs::remove_file(folder.join("hallpass-data/hallpass.db-wal")).unwrap();

    let (backup, manifest) = (
        folder.join("hallpass-backup.db"),
        folder.join("hallpass-backup.db.json"),
    );
    let right = (
        std::fs::read(&backup).unwrap(),
        std::fs::read_to_string(&manifest).unwrap(),
    );
    let mut flipped = right.0.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 1;
    let newer = right.1.replacen("\"schema\": ", "\"schema\": 9", 1);
    let fewer = right.1.replacen("\"students\": 1", "\"students\": 2", 1);
    for (file, text, words) in [
        (&flipped, &right.1, "SHA-256 is another"),
        (&right.0[..middle].to_vec(), &right.1, "bytes, not"),
        (&right.0, &newer, "newer Hallpass"),
        (
            &right.0,
            &fewer,
            "the table students has another number of rows",
        ),
        (
            &right.0,
            &"{".to_owned(),
            "hallpass-backup.db.json is missing or unreadable",
        ),
    ] {
        std::fs::write(&backup, file).unwrap();
        std::fs::write(&manifest, text).unwrap();
        for args in [
            &["restore", "hallpass-backup.db"][..],
            &["restore", "hallpass-backup.db", "--verify"],
        ] {
            let error = refused(hallpass(folder, args));
            assert!(error.contains(words), "{error}");
        }
        assert_eq!(left(), ["secret_key"]);
    }
    std::fs::write(&backup, &right.0).unwrap();
    std::fs::write(&manifest, &right.1).unwrap();
    // What a crash left of an earlier attempt is in nobody's way.
    std::fs::write(folder.join("hallpass-data/hallpass.db.restoring"), "half").unwrap();
    let output = hallpass(folder, &["restore", "hallpass-backup.db"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(left(), ["hallpass.db", "secret_key"]);
}

#[test]
fn a_secret_key_without_its_database_stops_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let installation = Installation::new(folder, None);
    installation.server.unwrap().stop();
    let data = folder.join("hallpass-data");
    std::fs::rename(data.join("hallpass.db"), folder.join("lost.db")).unwrap();
    let error = refused(hallpass(folder, &["serve"]));
    for words in [
        "secret_key is there",
        "hallpass.db is missing or empty",
        "--new",
        "docs/backup.md",
    ] {
        assert!(error.contains(words), "{error}");
    }
    assert!(
        !data.join("hallpass.db").exists(),
        "an empty database was left"
    );
    // An empty file is no database either, and neither are tables that nobody set up.
    std::fs::write(data.join("hallpass.db"), "").unwrap();
    assert!(refused(hallpass(folder, &["serve"])).contains("missing or empty"));
    std::fs::remove_file(data.join("hallpass.db")).unwrap();
    let mut anew = Running::start(hallpass(folder, &["serve", "--new"]));
    anew.line();
    let (_, errors) = anew.stop();
    assert!(errors.contains("This is the first start"), "{errors}");
    // From then on it is a database like any other.
    let mut again = Running::start(hallpass(folder, &["serve"]));
    again.line();
    again.stop();

    // The other way round nothing new is made that would look like the key.
    std::fs::remove_file(data.join("secret_key")).unwrap();
    let error = refused(hallpass(folder, &["serve"]));
    assert!(error.contains("its secret key is missing"), "{error}");
    assert!(!data.join("secret_key").exists());
}

#[test]
fn each_start_says_where_its_data_is() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().canonicalize().unwrap();
    for _ in 0..2 {
        let installation = match folder.join("hallpass.toml").exists() {
            false => Installation::new(&folder, None),
            true => {
                let mut server = Running::start(hallpass(&folder, &["serve"]));
                server.line();
                Installation {
                    server: Some(server),
                    url: String::new(),
                }
            }
        };
        let (_, errors) = installation.server.unwrap().stop();
        let data = folder.join("hallpass-data");
        assert!(
            errors.contains(&format!("data_dir=\"{}\"", data.display())),
            "{errors}"
        );
        assert!(
            errors.contains(&data.join("hallpass.db").display().to_string()),
            "{errors}"
        );
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one setting of the tests themselves"
)]
fn postgres_server() -> String {
    let server = std::env::var("TEST_POSTGRES_URL");
    server.expect("TEST_POSTGRES_URL is not set: run these tests under scripts/with-postgres")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dump_of_postgresql_is_restored() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let server = postgres_server();
    let name = format!("backup_{}", std::process::id());
    let restored = "hallpass_restored";
    let on = |database: &str| {
        let mut url = url::Url::parse(&server).unwrap();
        url.set_path(database);
        url.to_string()
    };
    let psql = |sql: &str| {
        let done = Command::new("psql")
            .args(["-q", "-c", sql, &server])
            .output()
            .unwrap();
        assert!(done.status.success(), "{done:?}");
    };
    psql(&format!("CREATE DATABASE {name}"));
    let database = on(&name);
    let mut installation = Installation::new(folder, Some(&database));
    let lms = Lms::start(Options::default()).await.unwrap();
    let client_id = registered(&installation.url, &lms).await;
    let mut acknowledged = Acknowledged::default();
    for number in 0..3 {
        acknowledged
            .students
            .push(study(&installation.url, number).await.unwrap());
        acknowledged
            .ltiks
            .push(visit(&lms, &client_id).await.unwrap());
    }
    let environment = [
        ("HALLPASS_DATABASE_URL", &*database),
        ("RESTORED_URL", &on(restored)),
    ];
    typed(folder, "pg_dump", &environment);
    let error = refused(hallpass(folder, &["backup", "x.db"]));
    assert!(error.contains("pg_dump"), "{error}");
    installation.kill();
    typed(folder, "pg_restore", &environment);
    let settings = std::fs::read_to_string(folder.join("hallpass.toml")).unwrap();
    std::fs::write(
        folder.join("hallpass.toml"),
        settings.replace(&database, &on(restored)),
    )
    .unwrap();
    installation.start(folder);
    holds(&installation, &acknowledged).await;
    installation.server.unwrap().stop();
    psql(&format!("DROP DATABASE {restored}"));
    psql(&format!("DROP DATABASE {name}"));
}
