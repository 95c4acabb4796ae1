//! The 76 cases of studyreel.md §12 as `hallpass simulate studyreel --check` runs them, with every
//! look inside that a test has.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use simulator::studyreel::conformance::{
    Census, Conformance, ConformanceOptions, End, Insight, Later, Outcome, Seen, Sender,
};
use simulator::studyreel::{
    ALPHALEARN_ISSUER, DOCUMENTED_DEPLOYMENT, DOCUMENTED_ISSUER, PRODUCTION_ISSUER,
};
use store::Db;
use test_case::both_stores;
use tokio::runtime::Handle;
use tokio::sync::{MappedMutexGuard, Mutex as AsyncMutex, MutexGuard};

use crate::kept_log;
use crate::support::{Gateway, Store};

const SECOND_DEPLOYMENT: &str = "c2Vjb25kOjE=";

/// A gateway that can be looked into; it is away only while it restarts.
struct Inside(AsyncMutex<Option<Gateway>>);

impl Inside {
    async fn gateway(&self) -> MappedMutexGuard<'_, Gateway> {
        MutexGuard::map(self.0.lock().await, |gateway| gateway.as_mut().unwrap())
    }
}

async fn rows(gateway: &Gateway, table: &str) -> u64 {
    let sql = sqlx::AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}"));
    let rows: i64 = match &gateway.app.db {
        Db::Sqlite { read, .. } => sqlx::query_scalar(sql).fetch_one(read).await.unwrap(),
        Db::Postgres { pool, .. } => sqlx::query_scalar(sql).fetch_one(pool).await.unwrap(),
    };
    rows.try_into().unwrap()
}

/// Everything stored: the files of an embedded store, every row of a server's.
async fn dump(gateway: &Gateway) -> Vec<u8> {
    let mut dump = Vec::new();
    match &gateway.app.db {
        Db::Sqlite { .. } => {
            for file in std::fs::read_dir(&gateway.app.config.data_dir).unwrap() {
                let path = file.unwrap().path();
                if path.is_file() {
                    dump.extend(std::fs::read(path).unwrap());
                }
            }
        }
        Db::Postgres { pool, .. } => {
            let tables = "SELECT table_name::text FROM information_schema.tables \
                 WHERE table_schema = current_schema()";
            let tables: Vec<String> = sqlx::query_scalar(tables).fetch_all(pool).await.unwrap();
            for table in tables {
                let sql = sqlx::AssertSqlSafe(format!("SELECT t::text FROM {table} t"));
                let rows: Vec<String> = sqlx::query_scalar(sql).fetch_all(pool).await.unwrap();
                dump.extend(rows.concat().into_bytes());
            }
        }
    }
    dump
}

impl Insight for Inside {
    fn seen<'a>(&'a self, end: &'a End) -> Option<Later<'a, Seen>> {
        Some(Box::pin(async move {
            let ltik = end.url.query_pairs().find(|(name, _)| name == "ltik");
            let (_, ltik) = ltik.ok_or_else(|| format!("no ltik in {}", end.url))?;
            let page = self.gateway().await.idtoken(&ltik, "").await;
            let launch = page.json().map_err(|error| error.to_string())?;
            if page.status == 200 {
                Seen::of_id_token(&launch).ok_or_else(|| launch.to_string())
            } else {
                Err(launch.to_string())
            }
        }))
    }

    fn census(&self) -> Option<Later<'_, Census>> {
        Some(Box::pin(async move {
            let gateway = self.gateway().await;
            Ok(Census {
                accounts: rows(&gateway, "students").await,
                enrolments: rows(&gateway, "enrolments").await,
                links: rows(&gateway, "login_links").await,
            })
        }))
    }

    fn restart(&self) -> Option<Later<'_, ()>> {
        Some(Box::pin(async move {
            let mut place = self.0.lock().await;
            let gateway = place.take().unwrap();
            // The compiler can't see that a restart may move between threads, and so it stays on
            // this one.
            let restarted = || Handle::current().block_on(gateway.restart());
            *place = Some(tokio::task::block_in_place(restarted));
            Ok(())
        }))
    }

    fn outage(&self, broken: bool) -> Option<Later<'_, ()>> {
        Some(Box::pin(async move {
            self.gateway()
                .await
                .meddle(if broken {
                    "ALTER TABLE login_links RENAME TO login_links_away"
                } else {
                    "ALTER TABLE login_links_away RENAME TO login_links"
                })
                .await;
            Ok(())
        }))
    }

    fn advance(&self, seconds: u64) -> Option<Later<'_, ()>> {
        Some(Box::pin(async move {
            let gateway = self.gateway().await;
            gateway.clock.advance(Duration::from_secs(seconds));
            Ok(())
        }))
    }

    fn dump(&self) -> Option<Later<'_, Vec<u8>>> {
        Some(Box::pin(async move {
            let gateway = self.gateway().await;
            Ok(dump(&gateway).await)
        }))
    }

    fn log(&self) -> Option<Later<'_, String>> {
        let log = kept_log::text();
        Some(Box::pin(async move {
            if log.contains("StudyReel launch") {
                Ok(log)
            } else {
                Err("nothing was logged".to_owned())
            }
        }))
    }
}

/// Whose launches are checked: at which launch URLs, and who may send them there.
struct Dialect {
    /// Its member of `GET /admin/studyreel`, where it isn't StudyReel's own.
    further: Option<&'static str>,
    issuers: [&'static str; 2],
}

const STUDYREEL: Dialect =
    Dialect { further: None, issuers: [DOCUMENTED_ISSUER, PRODUCTION_ISSUER] };
const MAGIC_LINK: Dialect = Dialect {
    further: Some("lti-magic-link"),
    issuers: [ALPHALEARN_ISSUER, "https://timeback.example"],
};

impl Dialect {
    fn senders(&self) -> [Sender; 2] {
        let sender = |issuer: &str, deployment: &str| Sender {
            issuer: issuer.to_owned(),
            deployment_id: deployment.to_owned(),
        };
        let [first, second] = self.issuers;
        [sender(first, DOCUMENTED_DEPLOYMENT), sender(second, SECOND_DEPLOYMENT)]
    }

    /// The tool's `studyreel` settings that let its senders launch.
    fn settings(&self) -> Value {
        let listed = self
            .senders()
            .map(|sender| json!({"issuer": sender.issuer, "id": sender.deployment_id}));
        let rules = json!({"issuers": self.issuers, "deployments": listed});
        match self.further {
            None => rules,
            Some(name) => json!({"dialects": {name: rules}}),
        }
    }
}

/// Runs all cases against a gateway with these StudyReel settings. `change` tells the cases about
/// them. All must pass but those in `not_run`.
async fn all_pass(
    store: Store,
    dialect: Dialect,
    settings: Value,
    not_run: &[u8],
    change: impl FnOnce(&mut ConformanceOptions, &Value),
) {
    kept_log::keep();
    let mut studyreel = dialect.settings();
    let members = studyreel.as_object_mut().unwrap();
    members.extend(settings.as_object().unwrap().clone());
    let gateway = Gateway::start_with(store, json!({"studyreel": studyreel})).await;
    let page = gateway.admin("GET", "/admin/studyreel", None).await;
    let mut owner = page.json().unwrap();
    if let Some(name) = dialect.further {
        owner = owner["dialects"][name].take();
    }
    let private = ["/admin/tool", "/admin/studyreel", "/admin/platforms"];
    let [sender, second] = dialect.senders();
    let mut options = ConformanceOptions {
        sender,
        second_sender: Some(second),
        private_urls: private.map(|path| gateway.at(path)).to_vec(),
        staff_account: Some("admin".to_owned()),
        ..ConformanceOptions::new(owner["launchUrl"].as_str().unwrap())
    };
    change(&mut options, &owner);
    options.insight = Some(Arc::new(Inside(AsyncMutex::new(Some(gateway)))));
    let report = Conformance::run(options, |_| {}).await.unwrap();
    assert!(report.passed(), "{report}");
    assert_eq!(report.ids(Outcome::NotRun), not_run, "{report}");
    assert_eq!(report.cases.len(), 76);
}

/// All cases with everything that a secure receiver may ask of its sender.
async fn all_pass_with_proofs(store: Store, dialect: Dialect) {
    let settings = json!({"requireCapability": true, "signature": "required"});
    all_pass(store, dialect, settings, &[], |options, owner| {
        let text = |name: &str| owner[name].as_str().unwrap().to_owned();
        options.launch_url = text("capabilityLaunchUrl");
        options.capability_required = true;
        options.hmac_secret = Some(text("signingSecret"));
    })
    .await;
}

/// All cases as the platform itself launches, in the sandbox, with links that post themselves. What
/// is expired is welcome there, and no proof is asked for.
async fn all_pass_in_the_sandbox(store: Store, dialect: Dialect) {
    let settings = json!({"sandbox": true, "redeem": "post"});
    all_pass(store, dialect, settings, &[47, 62], |options, _| {
        options.sandbox = true;
    })
    .await;
}

#[both_stores]
async fn conformance_with_capability_and_signature(store: Store) {
    all_pass_with_proofs(store, STUDYREEL).await;
}

#[both_stores]
async fn conformance_in_the_sandbox(store: Store) {
    all_pass_in_the_sandbox(store, STUDYREEL).await;
}

#[both_stores]
async fn magic_link_conformance_with_capability_and_signature(store: Store) {
    all_pass_with_proofs(store, MAGIC_LINK).await;
}

#[both_stores]
async fn magic_link_conformance_in_the_sandbox(store: Store) {
    all_pass_in_the_sandbox(store, MAGIC_LINK).await;
}
