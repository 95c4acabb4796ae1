//! Students: filling a store with them, lists by each filter, and StudyReel's launches.

use std::time::{Duration, Instant};

use anyhow::Context;
use gateway::kit::clock::Random;
use gateway::kit::seal::{Sealer, SecretKeys};
use serde_json::json;
use sqlx::AssertSqlSafe;

use super::database::Database;
use super::report::Table;
use super::{Build, get};
use crate::Args;
use crate::client::{Ask, Client};
use crate::server::{SECRET_KEY, Server};

/// Students of one statement.
const TOGETHER: u32 = 200;
/// StudyReel launches of one measurement.
const LAUNCHES: u32 = 500;

pub(super) async fn measure(
    args: &Args,
    builds: &mut [Build],
    table: &mut Table,
) -> anyhow::Result<()> {
    let mut number = 0;
    studyreel(args, builds, table, "no students", &mut number).await?;
    for build in &mut *builds {
        let mut bytes = 0.0;
        let start = build
            .meddle(async |database| {
                bytes = fill(database, args.students).await?;
                Ok(())
            })
            .await?;
        table.note(
            "bytes of a student with enrolments and placements",
            build.name,
            bytes,
        );
        table.note(
            "start with all students, ms",
            build.name,
            super::millis(start),
        );
    }
    studyreel(args, builds, table, "all students", &mut number).await?;
    let filters = [
        "limit=50",
        "status=active",
        "status=disabled",
        "issuer=https://studyreel.alpha1edtech.com",
        "issuer=https://nobody.example",
        "externalId=x77",
        "subject=student-1",
        "path=math",
        "path=math&grade=11",
        "path=none",
        "launchedSince=2020-01-01T00:00:00Z",
        "launchedSince=2100-01-01T00:00:00Z",
    ];
    for filter in filters {
        for _ in 0..args.rounds {
            for build in &*builds {
                let (took, _) = get(build, &format!("/api/students?{filter}")).await?;
                table.note(&format!("GET /api/students?{filter}, ms"), build.name, took);
            }
        }
    }
    Ok(())
}

/// Launches of new students, then of the same ones again, one after the other.
async fn studyreel(
    args: &Args,
    builds: &[Build],
    table: &mut Table,
    state: &str,
    number: &mut u32,
) -> anyhow::Result<()> {
    for _ in 0..args.rounds {
        let students = *number..*number + LAUNCHES;
        *number += LAUNCHES;
        for build in builds {
            for what in ["new", "known"] {
                let mut client = Client::connect(build.server.address).await?;
                let ran = build.server.cpu()?;
                let mut took = Duration::ZERO;
                for student in students.clone() {
                    took += launch(&mut client, student).await?;
                }
                let each = took.as_secs_f64() * 1e6 / f64::from(LAUNCHES);
                table.note(
                    &format!("StudyReel launch, {what}, µs: {state}"),
                    build.name,
                    each,
                );
                let ran = build.server.cpu()?.saturating_sub(ran).as_secs_f64() * 1e6;
                let label = format!("CPU of a StudyReel launch, {what}, µs: {state}");
                table.note(&label, build.name, ran / f64::from(LAUNCHES));
            }
        }
    }
    Ok(())
}

/// A StudyReel launch; how long it took.
async fn launch(client: &mut Client, student: u32) -> anyhow::Result<Duration> {
    let message = message(student)?;
    let asked = Instant::now();
    let ask = Ask {
        target: "/studyreel/launch",
        body: Some(("application/json", message.into())),
        ..Ask::default()
    };
    let answer = client.ask(ask).await?;
    let took = asked.elapsed();
    let text = String::from_utf8_lossy(&answer.body);
    anyhow::ensure!(answer.status == 200, "{}: {text}", answer.status);
    Ok(took)
}

/// Has a student come, whom [`fill`] copies.
pub(crate) async fn launch_one(server: &Server) -> anyhow::Result<()> {
    let mut client = Client::connect(server.address).await?;
    launch(&mut client, 0).await.map(|_| ())
}

fn message(student: u32) -> anyhow::Result<String> {
    use std::sync::atomic::{AtomicU64, Ordering};
    static JTI: AtomicU64 = AtomicU64::new(0);
    let jti = JTI.fetch_add(1, Ordering::Relaxed);
    let now = jiff::Timestamp::now();
    let time = |after: i64| -> anyhow::Result<String> {
        let time = jiff::Timestamp::from_second(now.as_second() + after)?;
        Ok(time.strftime("%Y-%m-%d %H:%M:%S").to_string())
    };
    Ok(json!({
        "messageType": "LtiResourceLinkRequest", "version": "1.3.0", "resourceLink": {"id": "default"},
        "iss": "https://studyreel.alpha1edtech.com", "deployment_id": "U3BhcnNoJ3MgdGVzdCBhcHAgNjoxLjM=",
        "target_link_uri": "studyreel://learn", "role": "Student", "sub": format!("student-{student}"),
        "given_name": "Ada", "family_name": "Moss", "nonce": format!("nonce-{}-{jti:030}", now.as_millisecond()),
        "iat": time(0)?, "exp": time(3600)?, "jti": format!("{}-{jti}", now.as_millisecond()),
        "studyreel_grade_math": "5", "studyreel_grade_language": "5", "studyreel_grade_science": "6",
        "studyreel_grade_reading": "null", "age_grade": "5", "user_acquisition_source": "StudyReel",
        "map_rit_math": "190", "map_rit_language": "170", "map_rit_science": "180", "map_rit_reading": "null",
    })
    .to_string())
}

/// Copies of a student who came: one in twenty disabled, grades from 0 to 11. Gives what one takes
/// on disk.
pub(crate) async fn fill(mut database: Database, number: u32) -> anyhow::Result<f64> {
    let original = "(SELECT MIN(id) FROM students)";
    let (id, profile) = read_profile(&mut database, original).await?;
    let sealer = Sealer::new(
        &SecretKeys::parse(SECRET_KEY)?,
        "stored rows",
        Random::default(),
    );
    let document = sealer
        .open(&format!("students/{id}"), &profile)
        .map_err(|_| anyhow::anyhow!("the profile of {id} can't be opened"))?;
    let before = database.size().await?;
    let columns = database.columns("students").await?;
    let hash = database.words("CAST(v.column1 AS BLOB)", "convert_to(v.column1, 'UTF8')");
    let values: Vec<String> = columns
        .iter()
        .map(|column| match column.as_str() {
            "id" | "user_id" => "v.column1".to_owned(),
            "subject_hash" => hash.to_owned(),
            "external_id" => "'x' || CAST(substr(v.column1, 2) AS BIGINT)".to_owned(),
            "profile_sealed" => "v.column2".to_owned(),
            "status" => "CASE WHEN CAST(substr(v.column1, 2) AS BIGINT) % 20 = 0 THEN 'disabled' ELSE 'active' END".to_owned(),
            other => format!("s.{other}"),
        })
        .collect();
    let (columns, values) = (columns.join(", "), values.join(", "));
    database.execute("BEGIN".to_owned()).await?;
    for from in (0..number).step_by(TOGETHER as usize) {
        let numbers = from..number.min(from + TOGETHER);
        let (text, bytes) = (
            database.words("?", "::text"),
            database.words("?", "::bytea"),
        );
        let row = |at: u32| match text {
            "?" => "(?, ?)".to_owned(),
            _ => format!("(${}{text}, ${}{bytes})", at * 2 + 1, at * 2 + 2),
        };
        let rows: Vec<String> = (0..numbers.end - numbers.start).map(row).collect();
        let sql = format!(
            "INSERT INTO students ({columns}) SELECT {values} FROM students s, (VALUES {}) AS v WHERE s.id = '{id}'",
            rows.join(", ")
        );
        let students = numbers.map(|number| {
            let id = format!("B{number:019}");
            let profile = sealer.seal(&format!("students/{id}"), &document);
            (id, profile)
        });
        insert(&mut database, sql, students).await?;
    }
    database.execute("COMMIT".to_owned()).await?;
    copy_placements(&mut database, &id).await?;
    Ok((database.size().await? - before) / f64::from(number.max(1)))
}

/// Copies where a student was placed for all who were copied from them.
async fn copy_placements(database: &mut Database, id: &str) -> anyhow::Result<()> {
    for table in ["enrolments", "placements"] {
        let columns = database.columns(table).await?;
        let value = |column: &String| match column.as_str() {
            "student_id" => "s.id".to_owned(),
            "id" => "s.id || source.subject".to_owned(),
            "grade" => "CAST(substr(s.id, 2) AS BIGINT) % 12".to_owned(),
            other => format!("source.{other}"),
        };
        let values: Vec<String> = columns.iter().map(value).collect();
        let sql = format!(
            "INSERT INTO {table} ({}) SELECT {} FROM {table} source, students s WHERE source.student_id = '{id}' AND s.id LIKE 'B00%'",
            columns.join(", "),
            values.join(", ")
        );
        database.execute(sql).await?;
    }
    Ok(())
}

async fn read_profile(database: &mut Database, id: &str) -> anyhow::Result<(String, Vec<u8>)> {
    let sql = AssertSqlSafe(format!(
        "SELECT id, profile_sealed FROM students WHERE id = {id}"
    ));
    let found = match database {
        Database::Sqlite(connection) => sqlx::query_as(sql).fetch_optional(connection).await?,
        Database::Postgres(connection) => sqlx::query_as(sql).fetch_optional(connection).await?,
    };
    found.context("no student came")
}

async fn insert(
    database: &mut Database,
    sql: String,
    students: impl Iterator<Item = (String, Vec<u8>)>,
) -> anyhow::Result<()> {
    match database {
        Database::Sqlite(connection) => {
            let mut query = sqlx::query(AssertSqlSafe(sql));
            for (id, profile) in students {
                query = query.bind(id).bind(profile);
            }
            query.execute(connection).await?;
        }
        Database::Postgres(connection) => {
            let mut query = sqlx::query(AssertSqlSafe(sql));
            for (id, profile) in students {
                query = query.bind(id).bind(profile);
            }
            query.execute(connection).await?;
        }
    }
    Ok(())
}
