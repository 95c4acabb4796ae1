//! Reading a log that only grows.

use store::audit::{self, AuditFilter};

use crate::database::{Database, Kind};

#[tokio::test]
async fn a_page_of_the_audit_looks_no_further_than_asked() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let database = Database::new(kind).await;
        database
            .fill_those(|table| table == "audit_entries", 1, 300)
            .await;
        let db = database.open().await;
        let filter = AuditFilter {
            action: Some("a3".to_owned()),
            ..AuditFilter::default()
        };
        let mut reader = db.read().await.unwrap();
        let found = audit::page(&mut reader.tx(), "tool", &filter, (100, 200), 50).await;
        drop(reader);
        let found = found.unwrap();
        let numbers: Vec<i64> = found.iter().map(|row| row.number).collect();
        let wanted: Vec<i64> = (100..200).rev().filter(|number| number % 9 == 3).collect();
        assert_eq!(numbers, wanted);
        db.close().await;
    }
}

#[tokio::test]
async fn a_hidden_subject_finds_no_entry() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let database = Database::new(kind).await;
        database
            .fill_those(|table| table == "audit_entries", 1, 20)
            .await;
        let db = database.open().await;
        // The twelfth entry has the subject s12, and its action is a3.
        for (subject, hidden, is_found) in [
            (Some("s12"), None, true),
            (Some("s12"), Some("a3"), false),
            (Some("s12"), Some("a4"), true),
            (None, Some("a3"), true),
        ] {
            let filter = AuditFilter {
                subject: subject.map(str::to_owned),
                hidden_subjects: hidden,
                ..AuditFilter::default()
            };
            let mut reader = db.read().await.unwrap();
            let found = audit::page(&mut reader.tx(), "tool", &filter, (1, 100), 50).await;
            drop(reader);
            let found = found.unwrap().iter().any(|row| row.number == 12);
            assert_eq!(found, is_found, "{kind:?} {subject:?} {hidden:?}");
        }
        db.close().await;
    }
}
