//! A session begins only in the round of sign-ins in which its user proved who they are.

use std::sync::Arc;
use std::time::Duration;

use store::portal_sessions::{self, NewPortalSession};
use store::{Db, Limits, StoreError, Tx, portal_users};
use tokio::sync::Notify;

use crate::database::{Database, Kind};

/// The user that [`Database::fill_those`] makes first.
const USER: &str = "user00000001";
const SESSIONS: &str = "SELECT COUNT(*) FROM portal_sessions";
/// How many transactions wait for a user's row.
const WAITING: &str = "SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' \
                       AND query LIKE 'UPDATE portal_users SET s%'";
/// Nothing is refused because the machine is slow.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a transaction does.
#[derive(Clone, Copy, Debug)]
enum SignInStep {
    /// Begins the session with this number, after a proof in this round.
    Begin(u8, i64),
    SetPassword,
    SetSecondStep,
    SetProvider,
    EndSignIns,
    EndAllSessions,
    /// Ends the session with this number.
    EndSession(u8),
}

impl SignInStep {
    /// Returns false if there was nothing to do.
    async fn carry_out(self, tx: &mut Tx<'_>) -> Result<bool, StoreError> {
        let id = USER.to_owned();
        match self {
            Self::Begin(number, round) => portal_sessions::begin(tx, session(number, round)).await,
            Self::SetPassword => portal_users::set_password(tx, id, "other".to_owned()).await,
            Self::SetSecondStep => portal_users::set_totp(tx, id, None, 0).await,
            Self::SetProvider => portal_users::set_oidc(tx, id, None).await,
            Self::EndSignIns => portal_users::end_sign_ins(tx, id).await,
            Self::EndAllSessions => {
                let ended = portal_sessions::end_others(tx, id, String::new()).await?;
                Ok(ended > 0)
            }
            Self::EndSession(number) => portal_sessions::end_one(tx, session_id(number), id).await,
        }
    }

    async fn is_done(self, db: &Db) -> bool {
        let write = db.write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { self.carry_out(&mut tx).await })
        });
        write.await.unwrap()
    }
}

fn session_id(number: u8) -> String {
    format!("session{number:08}")
}

fn session(number: u8, round: i64) -> NewPortalSession {
    NewPortalSession {
        id: session_id(number),
        token_hash: vec![number],
        user_id: USER.to_owned(),
        round,
        agent: "Firefox".to_owned(),
        now: 1,
        confirmed_at: 1,
        expires_at: 100,
    }
}

async fn with_user(kind: Kind) -> (Database, Db) {
    let database = Database::new(kind).await;
    let users = |table: &str| table == "portal_users";
    database.fill_those(users, 1, 1).await;
    let patient = Limits {
        lock: PATIENCE,
        statement: PATIENCE,
        request: PATIENCE,
    };
    let db = Db::open(&*database.url, patient).await.unwrap();
    (database, db)
}

#[tokio::test]
async fn a_session_begins_only_in_the_round_of_its_proof() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let (database, db) = with_user(kind).await;
        let mut round = 0;
        for change in [
            SignInStep::SetPassword,
            SignInStep::SetSecondStep,
            SignInStep::SetProvider,
            SignInStep::EndSignIns,
            SignInStep::EndAllSessions,
            SignInStep::EndSession(1),
        ] {
            assert!(
                SignInStep::Begin(1, round).is_done(&db).await,
                "{kind:?}: {change:?}"
            );
            assert!(change.is_done(&db).await, "{kind:?}: {change:?}");
            assert!(
                !SignInStep::Begin(2, round).is_done(&db).await,
                "{kind:?}: {change:?}"
            );
            round += 1;
            assert!(
                SignInStep::Begin(3, round).is_done(&db).await,
                "{kind:?}: {change:?}"
            );
            let mut plain = database.plain().await;
            plain.execute("DELETE FROM portal_sessions".into()).await;
        }
        // A removed user has no round, which is no failure of the store.
        let remove = db.write_one::<_, StoreError, _>(|mut tx| {
            Box::pin(async move { portal_users::delete(&mut tx, USER.to_owned()).await })
        });
        assert!(remove.await.unwrap(), "{kind:?}");
        assert!(!SignInStep::Begin(4, round).is_done(&db).await, "{kind:?}");
        db.close().await;
        assert_eq!(database.number(SESSIONS).await, 0, "{kind:?}");
    }
}

#[tokio::test]
async fn a_session_that_is_not_theirs_ends_no_sign_ins() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let (database, db) = with_user(kind).await;
        let others = |table: &str| matches!(table, "portal_users" | "portal_sessions");
        database.fill_those(others, 2, 2).await;
        for number in [2, 3] {
            assert!(
                !SignInStep::EndSession(number).is_done(&db).await,
                "{kind:?}: {number}"
            );
        }
        assert!(SignInStep::Begin(1, 0).is_done(&db).await, "{kind:?}");
        db.close().await;
        assert_eq!(database.number(SESSIONS).await, 2, "{kind:?}");
    }
}

/// Commits `first` only when `second` waits for it. SQLite has a single writer, so this is for
/// PostgreSQL.
async fn overlap(
    database: &Database,
    db: &Db,
    first: SignInStep,
    second: SignInStep,
) -> (bool, bool) {
    let (begun, end) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (at_work, ended) = (begun.clone(), end.clone());
    let hold = db.write::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move {
            let is_done = first.carry_out(&mut tx).await?;
            at_work.notify_one();
            ended.notified().await;
            Ok(is_done)
        })
    });
    let overtake = async {
        begun.notified().await;
        second.is_done(db).await
    };
    let meanwhile = async {
        let waiting = async {
            while database.number(WAITING).await == 0 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let waited = tokio::time::timeout(PATIENCE, waiting).await;
        end.notify_one();
        assert!(waited.is_ok(), "{second:?} doesn't wait for {first:?}");
    };
    let (held, overtaken, ()) = tokio::join!(hold, overtake, meanwhile);
    (held.unwrap(), overtaken)
}

#[tokio::test]
async fn a_session_waits_for_what_ends_its_round() {
    let (database, db) = with_user(Kind::Postgres).await;
    let done = overlap(
        &database,
        &db,
        SignInStep::SetPassword,
        SignInStep::Begin(1, 0),
    )
    .await;
    assert_eq!(done, (true, false));
    db.close().await;
    assert_eq!(database.number(SESSIONS).await, 0);
}

#[tokio::test]
async fn what_ends_all_sessions_finds_one_that_begins() {
    let (database, db) = with_user(Kind::Postgres).await;
    let done = overlap(
        &database,
        &db,
        SignInStep::Begin(1, 0),
        SignInStep::EndAllSessions,
    )
    .await;
    assert_eq!(done, (true, true));
    db.close().await;
    assert_eq!(database.number(SESSIONS).await, 0);
}
