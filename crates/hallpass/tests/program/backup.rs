//! Backup and restore with the commands that docs/backup.md prints, after a server under load was
//! killed outright.

use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::Value;
use simulator::lms::{Lms, Options};
use tokio::task::JoinSet;

use crate::load::{
    API_KEY, Acknowledged, Installation, ask, launches, opens_the_roster, registered, service_key,
    study, visit,
};
use crate::support::{PATIENCE, Running, hallpass, refused};
use crate::undisturbed::undisturbed;

/// Who stands still for so long may turn a launch away for want of time.
const LATE: Duration = Duration::from_secs(1);

/// The commands that docs/backup.md prints below a mark.
fn documented(mark: &str) -> String {
    let page = include_str!("../../../../docs/backup.md");
    let (_, rest) = page
        .split_once(&format!("<!-- tested: {mark} -->\n```"))
        .unwrap();
    // The rest of that line names the language.
    let (_, commands) = rest.split_once('\n').unwrap();
    commands.split_once("```").unwrap().0.to_owned()
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

/// Reads events from the oldest on, at least so many; `next` of the last answer, and how many there
/// were.
async fn all_told(url: &str, least: usize) -> (String, usize) {
    let (mut next, mut heard) = ("0".to_owned(), 0);
    let reading = async {
        loop {
            let events = events_after(url, &mut next).await;
            heard += events.len();
            if events.len() < 200 && heard >= least {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let read = tokio::time::timeout(PATIENCE, reading).await;
    assert!(read.is_ok(), "{heard} events of {least}");
    (next, heard)
}

/// Where an application stands that asks for events and has heard of what came after a backup.
async fn heard_since_the_backup(url: &str) -> String {
    let (_, heard) = all_told(url, 0).await;
    all_told(url, heard + 1).await.0
}

/// A student comes, and the application that goes on from there hears of it.
async fn hears_of_the_next(url: &str, mut next: String, student: usize) {
    let student = study(url, student).await.unwrap();
    let hearing = async {
        let is_told = |event: &Value| event["data"]["studentId"] == student.as_str();
        while !events_after(url, &mut next).await.iter().any(is_told) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let heard = tokio::time::timeout(PATIENCE, hearing).await;
    assert!(heard.is_ok(), "nothing of {student} is told");
}

/// So many students and as many launches, one after the other.
async fn arrivals(url: &str, lms: &Lms, client_id: &str, count: usize) -> Acknowledged {
    let mut acknowledged = Acknowledged::default();
    for number in 0..count {
        let student = study(url, number).await.unwrap();
        acknowledged.students.push(student);
        let ltik = visit(lms, client_id).await.unwrap();
        acknowledged.ltiks.push(ltik);
    }
    acknowledged
}

async fn events_after(url: &str, next: &mut String) -> Vec<Value> {
    let path = format!("{url}/api/events?limit=200&after={next}");
    let (status, page) = ask("GET", &path, &format!("Bearer {API_KEY}")).await;
    assert_eq!(status, 200, "{page}");
    page["next"].as_str().unwrap().clone_into(next);
    page["events"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_backup_saw_is_there_after_a_crash_and_a_restore() {
    undisturbed(LATE, crash_and_restore).await;
}

async fn crash_and_restore() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let mut installation = Installation::new(folder, None);
    let url = installation.url.clone();
    let lms = Arc::new(Lms::start(Options::default()).await.unwrap());
    let client_id = registered(&url, &lms).await;
    typed(folder, "save the key", &[]);

    let stop = Arc::new(AtomicBool::new(false));
    let mut loads = JoinSet::new();
    for from in [1_000_000, 2_000_000] {
        let (url, lms) = (url.clone(), lms.clone());
        loads.spawn(launches(url, lms, client_id.clone(), from, stop.clone()));
    }
    let acknowledged = arrivals(&url, &lms, &client_id, 15).await;
    let key = service_key(&url, &acknowledged.ltiks[0]).await;
    let told = tokio::task::block_in_place(|| typed(folder, "backup", &[]));
    assert!(told.contains("hallpass-backup.db: 1 platforms"), "{told}");
    assert!(
        told.contains("The secret key is not in it") && told.contains("secret_key"),
        "{told}"
    );
    // Still under load; an application that asks for events has heard of what the backup doesn't
    // know.
    let heard = heard_since_the_backup(&url).await;
    installation.kill();
    stop.store(true, Ordering::Relaxed);
    loads.join_all().await;
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
    acknowledged.is_at(&installation.url).await;
    opens_the_roster(&url, &key).await;
    // And it serves.
    assert!(visit(&lms, &client_id).await.is_ok());
    hears_of_the_next(&installation.url, heard, 20).await;
    installation.server.unwrap().stop();
}

fn data_files(folder: &Path) -> Vec<String> {
    let files = std::fs::read_dir(folder.join("hallpass-data")).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.filter(|name| name != ".hallpass.db.lock").collect();
    names.sort();
    names
}

/// Damages the backup in every way, and leaves it whole.
fn takes_no_damaged_file(folder: &Path) {
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
        assert_eq!(data_files(folder), ["secret_key"]);
    }
    std::fs::write(&backup, &right.0).unwrap();
    std::fs::write(&manifest, &right.1).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restore_overwrites_nothing_and_takes_no_damaged_file() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let installation = Installation::new(folder, None);
    assert!(study(&installation.url, 1).await.is_ok());
    typed(folder, "backup", &[]);
    let restore = || refused(hallpass(folder, &["restore", "hallpass-backup.db"]));
    let database = folder.join("hallpass-data/hallpass.db");
    // Even if someone moves the files away from under the server.
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

    takes_no_damaged_file(folder);
    // What a crash left of an earlier attempt is in no one's way.
    std::fs::write(folder.join("hallpass-data/hallpass.db.restoring"), "half").unwrap();
    let output = hallpass(folder, &["restore", "hallpass-backup.db"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(data_files(folder), ["hallpass.db", "secret_key"]);
    // The key that is there may be another's.
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(told.contains("secret_key is another one"), "{told}");
}

/// As root: others can't give files away, and their folder stays theirs.
#[cfg(unix)]
#[test]
fn what_a_restore_writes_belongs_to_the_folders_owner() {
    use std::os::unix::fs::{MetadataExt, chown};

    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let installation = Installation::new(folder, None);
    typed(folder, "backup", &[]);
    installation.server.unwrap().stop();
    let data = folder.join("hallpass-data");
    let written = ["hallpass.db", ".hallpass.db.lock"].map(|name| data.join(name));
    for file in &written {
        std::fs::remove_file(file).unwrap();
    }
    let _ = chown(&data, Some(65534), Some(65534));
    let output = hallpass(folder, &["restore", "hallpass-backup.db"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let owner = std::fs::metadata(&data).unwrap().uid();
    for file in &written {
        let found = std::fs::metadata(file).unwrap().uid();
        assert_eq!(found, owner, "{}", file.display());
    }
}

#[test]
fn a_secret_key_without_its_database_stops_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let installation = Installation::new(folder, None);
    installation.server.unwrap().stop();
    let data = folder.join("hallpass-data");
    std::fs::rename(data.join("hallpass.db"), folder.join("lost.db")).unwrap();
    for args in [&["serve"][..], &["config", "check"]] {
        let error = refused(hallpass(folder, args));
        for words in [
            "secret_key is there",
            "hallpass.db is missing or empty",
            "--new",
            "docs/backup.md",
        ] {
            assert!(error.contains(words), "{error}");
        }
    }
    assert!(
        !data.join("hallpass.db").exists(),
        "an empty database was left"
    );
    // An empty file is no database either, and neither are tables that no one set up.
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
    for args in [&["serve"][..], &["config", "check"]] {
        let error = refused(hallpass(folder, args));
        assert!(error.contains("its secret key is missing"), "{error}");
    }
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

/// The URL of a database, for a role that may do nothing but sign in, as docs/operating.md makes
/// it.
fn as_hallpass(database: &str) -> String {
    let mut url = url::Url::parse(&postgres_server()).unwrap();
    url.set_username("hallpass").unwrap();
    url.set_path(database);
    url.to_string()
}

fn psql(sql: &str) {
    let done = Command::new("psql")
        .args(["-q", "-c", sql, &postgres_server()])
        .output()
        .unwrap();
    assert!(done.status.success(), "{done:?}");
}

/// Makes a database; its URL.
fn made(name: &str) -> String {
    psql(
        "DO $$ BEGIN CREATE ROLE hallpass LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
    );
    psql(&format!("CREATE DATABASE {name} OWNER hallpass"));
    as_hallpass(name)
}

/// What came while the dump was taken is there or not, and never half.
async fn is_there_or_not(url: &str, later: &Acknowledged) {
    for student in &later.students {
        let path = format!("{url}/api/students/{student}");
        let (status, _) = ask("GET", &path, &format!("Bearer {API_KEY}")).await;
        assert!(matches!(status, 200 | 404), "{student}: {status}");
    }
    for ltik in &later.ltiks {
        let header = format!("LTIK-AUTH-V2 {API_KEY}:{ltik}");
        let (status, _) = ask("GET", &format!("{url}/api/idtoken"), &header).await;
        assert!(matches!(status, 200 | 401), "{status}");
    }
}

/// A statement without its lines' ends, and without the sign that continues a text in a source.
fn words(text: &str) -> String {
    let words = text.split_whitespace().filter(|word| *word != "\\");
    words.collect::<Vec<_>>().join(" ")
}

/// Waiting scores of a dump become as doubtful as those that `hallpass restore` finds.
#[test]
fn a_restored_dump_doubts_the_scores_that_a_restore_doubts() {
    let typed = documented("scores in doubt");
    let statement = words(typed.split('"').nth(1).unwrap());
    assert!(statement.starts_with("UPDATE score_deliveries"), "{typed}");
    let restore = words(include_str!("../../../store/src/backup.rs"));
    assert!(restore.contains(&statement), "{statement}");
}

/// What is left to do by hand after `litestream restore`.
#[test]
fn after_litestream_the_statements_of_a_restore_are_typed() {
    let typed = documented("after litestream");
    let (_, typed) = typed.split_once("<<'SQL'\n").unwrap();
    let (typed, _) = typed.split_once("SQL\n").unwrap();
    let restore = words(include_str!("../../../store/src/backup.rs"));
    let statements = typed.split_terminator(";\n").map(words);
    for statement in statements.clone() {
        assert!(restore.contains(&format!("\"{statement}\"")), "{statement}");
    }
    assert_eq!(statements.count(), 4, "{typed}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dump_taken_under_load_is_restored() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let name = format!("backup_{}", std::process::id());
    let restored = "hallpass_restored";
    let (database, restored_url) = (made(&name), as_hallpass(restored));
    let mut installation = Installation::new(folder, Some(&database));
    let lms = Arc::new(Lms::start(Options::default()).await.unwrap());
    let client_id = registered(&installation.url, &lms).await;
    let acknowledged = arrivals(&installation.url, &lms, &client_id, 3).await;
    let key = service_key(&installation.url, &acknowledged.ltiks[0]).await;
    let environment = [
        ("HALLPASS_DATABASE_URL", &*database),
        ("RESTORED_URL", &*restored_url),
    ];
    let stop = Arc::new(AtomicBool::new(false));
    let loads = [1_000_000, 2_000_000].map(|from| {
        let (url, lms) = (installation.url.clone(), lms.clone());
        tokio::spawn(launches(url, lms, client_id.clone(), from, stop.clone()))
    });
    tokio::task::block_in_place(|| typed(folder, "pg_dump", &environment));
    let error = refused(hallpass(folder, &["backup", "x.db"]));
    assert!(error.contains("pg_dump"), "{error}");
    // Still under load.
    let heard = heard_since_the_backup(&installation.url).await;
    installation.kill();
    stop.store(true, Ordering::Relaxed);
    let mut later = Acknowledged::default();
    for load in loads {
        let (acknowledged, _) = load.await.unwrap();
        later.students.extend(acknowledged.students);
        later.ltiks.extend(acknowledged.ltiks);
    }
    assert!(
        !later.students.is_empty() && !later.ltiks.is_empty(),
        "no load"
    );
    psql(&documented("as the administrator"));
    typed(folder, "pg_restore", &environment);
    typed(folder, "scores in doubt", &environment);
    typed(folder, "another epoch", &environment);
    typed(folder, "sessions ended", &environment);
    let file = folder.join("hallpass.toml");
    let settings = std::fs::read_to_string(&file).unwrap();
    let settings = settings.replace(&database, &restored_url);
    std::fs::write(file, settings).unwrap();
    installation.start(folder);
    acknowledged.is_at(&installation.url).await;
    opens_the_roster(&installation.url, &key).await;
    is_there_or_not(&installation.url, &later).await;
    hears_of_the_next(&installation.url, heard, 3).await;
    assert!(visit(&lms, &client_id).await.is_ok());
    // The tables were there: nothing to tell.
    let (_, log) = installation.server.unwrap().stop();
    assert!(!log.contains("already exists"), "{log}");
    psql(&format!("DROP DATABASE {restored}"));
    psql(&format!("DROP DATABASE {name}"));
}
