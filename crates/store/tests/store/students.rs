//! Lists of students: every filter finds what a plain look through the table finds, page by page.

use store::students::{self, StudentCursor, StudentFilter};

use crate::database::{Database, Kind};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Filters, and the same as a condition on the table.
fn filters() -> Vec<(StudentFilter, &'static str)> {
    let all = StudentFilter::default;
    let path = || StudentFilter {
        path_id: Some("path1".into()),
        ..all()
    };
    vec![
        (all(), "TRUE"),
        (
            StudentFilter {
                status: Some("active".into()),
                ..all()
            },
            "status = 'active'",
        ),
        (
            StudentFilter {
                status: Some("disabled".into()),
                ..all()
            },
            "status = 'disabled'",
        ),
        (
            StudentFilter {
                issuer: Some("https://reel1".into()),
                ..all()
            },
            "issuer = 'https://reel1'",
        ),
        (
            StudentFilter {
                external_id: Some("x17".into()),
                ..all()
            },
            "external_id = 'x17'",
        ),
        (
            path(),
            "id IN (SELECT student_id FROM enrolments WHERE path_id = 'path1')",
        ),
        (
            StudentFilter {
                grade: Some(3),
                ..path()
            },
            "id IN (SELECT student_id FROM enrolments WHERE path_id = 'path1' AND grade = 3)",
        ),
        (
            StudentFilter {
                launched_since: Some(2 * DAY_MS + 230),
                ..all()
            },
            "last_launch_at >= 172800230",
        ),
        (
            StudentFilter {
                launched_since: Some(DAY_MS),
                issuer: Some("https://reel0".into()),
                ..path()
            },
            "last_launch_at >= 86400000 AND issuer = 'https://reel0' \
             AND id IN (SELECT student_id FROM enrolments WHERE path_id = 'path1')",
        ),
        (
            StudentFilter {
                status: Some("disabled".into()),
                ..path()
            },
            "status = 'disabled' AND id IN (SELECT student_id FROM enrolments WHERE path_id = 'path1')",
        ),
        (
            StudentFilter {
                issuer: Some("https://elsewhere".into()),
                ..all()
            },
            "FALSE",
        ),
    ]
}

async fn every_filter(kind: Kind) {
    let database = Database::new(kind).await;
    database.fill(1, 400).await;
    for change in [
        "UPDATE students SET last_launch_at = launch_day * 86400000 + created_at",
        "UPDATE students SET status = 'erased' WHERE external_id = 'x40'",
        // A path that changed its subject: some students are in it twice.
        "INSERT INTO enrolments (tool_id, student_id, subject, path_id, grade, updated_at) \
         SELECT tool_id, student_id, 'algebra', path_id, grade, 0 FROM enrolments WHERE grade < 5",
    ] {
        database.plain().await.execute(change.into()).await;
    }
    let db = database.open().await;
    for (filter, condition) in filters() {
        let mut found = Vec::new();
        let mut asked = StudentFilter { limit: 7, ..filter };
        loop {
            let mut reader = db.read().await.unwrap();
            let mut tx = reader.tx();
            let page = students::page(&mut tx, "tool", asked.clone())
                .await
                .unwrap();
            found.extend(page.iter().map(|student| student.id.clone()));
            let Some(last) = page.last().filter(|_| page.len() == 7) else {
                break;
            };
            // As a caller sends it back.
            asked.after = StudentCursor::parse(&asked.place_of(last).to_string());
        }
        let order = if asked.launched_since.is_some() && asked.path_id.is_none() {
            "launch_day, id"
        } else {
            "id"
        };
        let plain = format!(
            "SELECT id FROM students WHERE status <> 'erased' AND {condition} ORDER BY {order}"
        );
        assert_eq!(found, database.texts(&plain).await, "{kind:?}: {condition}");
    }
    db.close().await;
}

#[tokio::test]
async fn every_filter_finds_its_students_on_sqlite() {
    every_filter(Kind::Sqlite).await;
}

#[tokio::test]
async fn every_filter_finds_its_students_on_postgres() {
    every_filter(Kind::Postgres).await;
}
