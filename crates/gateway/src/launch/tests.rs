//! Launches in a store, with an adapter that exists only in these tests.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::ready;
use serde_json::{Map, Value};
use store::blocked_people::{self, BlockedPerson};
use store::deployments::{self, DeploymentStatus};
use store::platforms::{self, Management, PlatformRow};
use store::tools::{self, ToolRow};
use store::{Db, Limits, StoreError};
use tempfile::TempDir;

use super::facts::Facts;
use super::rows::identity;
use super::{Adapter, Adapters, EndReason, Launch, Launches, Nonce, Release, standing};
use crate::directory::platforms::{Platform, Platforms, blocked_identity};
use crate::directory::tools::Tool;
use crate::events::Events;
use crate::keys::ours::OurKeys;
use crate::kit::clock::{Clock, Random};
use crate::kit::seal::{Sealer, SecretKey, SecretKeys};
use crate::settings::public_url::PublicUrl;
use crate::settings::tool::ToolSettings;
use crate::testing::{self, PLATFORM};
use crate::web::problem::Problem;

static PIGEON: Adapter = Adapter {
    name: "pigeon",
    life: Duration::from_secs(600),
    ended,
    facts,
    raw,
    subject,
};

const PIGEONS: Adapters = Adapters(&[&PIGEON]);

/// A lost pigeon ends the session.
fn ended<'a>(_: &'a Db, tool: &'a Tool, launch: &'a Launch) -> EndReason<'a> {
    let is_lost = tool.settings.name == "No pigeons" && launch.subject.is_some();
    Box::pin(ready(Ok(is_lost.then_some("The pigeon is lost."))))
}

fn facts(_: &Launch, _: Option<&Platform>, _: &PublicUrl) -> Result<Facts, Problem> {
    Err(Problem::internal("pigeons state no facts"))
}

fn raw(launch: &Launch, _: Option<&Platform>) -> Result<Map<String, Value>, Problem> {
    serde_json::from_str(&launch.document).map_err(Problem::internal)
}

fn subject(document: &str) -> Result<Option<String>, serde_json::Error> {
    let document: Value = serde_json::from_str(document)?;
    Ok(document["ring"].as_str().map(str::to_owned))
}

/// A store with one tool and one platform, and its launches.
struct Loft {
    _folder: TempDir,
    db: Db,
    sealer: Sealer,
    clock: Clock,
    platforms: Platforms,
    launches: Launches,
}

impl Loft {
    async fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let url = format!("sqlite:{}/loft.db", folder.path().display());
        let db = Db::open(&url, Limits::default()).await.unwrap();
        let random = Random::default();
        let secret = SecretKeys::from(SecretKey::generate(&random));
        let sealer = Sealer::new(&secret, "rows", random);
        let setup = db.write::<_, StoreError, _>(|mut tx| {
            Box::pin(async move {
                let tool = ToolRow {
                    id: "tool".into(),
                    host: None,
                    settings: "{}".into(),
                };
                tools::insert(&mut tx, tool, 0).await?;
                platforms::insert(&mut tx, platform(), Management::default()).await?;
                let (platform, here) = (PLATFORM.to_owned(), "roof".to_owned());
                deployments::save(&mut tx, platform, here, DeploymentStatus::Active, 0).await
            })
        });
        setup.await.unwrap();
        let clock = Clock::default();
        Self {
            launches: launches(&db, &sealer, &clock),
            platforms: platforms_of(&db, &sealer, &clock),
            _folder: folder,
            db,
            sealer,
            clock,
        }
    }

    /// Clears the memory.
    fn restart(&mut self) {
        self.launches = launches(&self.db, &self.sealer, &self.clock);
        self.platforms = platforms_of(&self.db, &self.sealer, &self.clock);
    }

    fn launch(&self, id: &str) -> Launch {
        let now = self.clock.now_ms();
        Launch {
            id: id.into(),
            tool_id: "tool".into(),
            platform_id: Some(PLATFORM.into()),
            adapter: PIGEON.name,
            deployment_id: "roof".into(),
            subject: Some("DV-1".into()),
            answers_by_frame: false,
            document: r#"{"ring":"DV-1"}"#.into(),
            created_at: now,
            expires_at: now + 60_000,
        }
    }

    async fn store(&self, launch: &Launch, nonce: &str, release: Release) -> bool {
        let row = self.launches.row(launch, self.nonce(nonce), release, None);
        self.launches.store(row).await.unwrap()
    }

    fn nonce(&self, text: &str) -> Nonce {
        Nonce {
            hash: text.into(),
            until: self.clock.now_ms() + 60_000,
        }
    }

    async fn standing(&self, launch: &Launch) -> Result<Option<Arc<Platform>>, String> {
        self.standing_in("Pigeons", launch).await
    }

    /// The same in a tool of this name.
    async fn standing_in(
        &self,
        name: &str,
        launch: &Launch,
    ) -> Result<Option<Arc<Platform>>, String> {
        let settings = ToolSettings {
            name: name.into(),
            ..ToolSettings::default()
        };
        let tool = Tool {
            id: "tool".into(),
            host: None,
            settings,
        };
        let standing = standing::check(&self.platforms, &self.launches, &tool, launch).await;
        standing.map_err(|problem| problem.description.into_owned())
    }
}

fn launches(db: &Db, sealer: &Sealer, clock: &Clock) -> Launches {
    let public_url = PublicUrl::parse("https://lti.example.com").unwrap();
    Launches::new(
        db.clone(),
        sealer.clone(),
        clock.clone(),
        platforms_of(db, sealer, clock),
        Events::new(clock.clone(), Random::default()),
        public_url,
        PIGEONS,
    )
}

fn platforms_of(db: &Db, sealer: &Sealer, clock: &Clock) -> Platforms {
    let no_keys_ahead = OurKeys::new(db.clone(), clock.clone(), sealer.clone(), 0);
    Platforms::new(db.clone(), sealer.clone(), no_keys_ahead)
}

fn platform() -> PlatformRow {
    PlatformRow {
        tool_id: "tool".into(),
        name: "The loft".into(),
        ..testing::platform()
    }
}

#[tokio::test]
async fn a_launch_is_read_as_it_was_stored() {
    let mut loft = Loft::new().await;
    for (id, subject) in [("known", Some("DV-1")), ("anonymous", None)] {
        let launch = Launch {
            subject: subject.map(str::to_owned),
            ..loft.launch(id)
        };
        assert!(loft.store(&launch, id, Release::Now).await);
        loft.restart();
        let read = loft.launches.load(id).await.unwrap().unwrap();
        assert_eq!(read.subject.as_deref(), subject);
        assert_eq!(
            (&*read.document, read.deployment_id.as_str()),
            (&*launch.document, "roof")
        );
        assert_eq!(
            (read.adapter, read.expires_at),
            ("pigeon", launch.expires_at)
        );
        let raw = loft.launches.raw(&read, None).unwrap();
        assert_eq!(raw["ring"], "DV-1");
        // From memory, the same launch is returned.
        let again = loft.launches.load(id).await.unwrap().unwrap();
        assert!(Arc::ptr_eq(&read, &again));
    }
    loft.clock.advance(Duration::from_secs(61));
    assert!(loft.launches.load("known").await.unwrap().is_none());
    assert!(loft.launches.load("unknown").await.unwrap().is_none());
}

#[tokio::test]
async fn a_row_of_an_older_version_still_says_who_launched() {
    let loft = Loft::new().await;
    let mut row = loft
        .launches
        .row(&loft.launch("old"), loft.nonce("old"), Release::Now, None);
    let document = br#"{"ring":"DV-7"}"#;
    row.document_sealed = Some(loft.sealer.seal(&identity("old"), document));
    assert!(loft.launches.store(row).await.unwrap());
    let read = loft.launches.load("old").await.unwrap().unwrap();
    assert_eq!(read.subject.as_deref(), Some("DV-7"));
    assert_eq!(read.document.as_bytes(), document);
}

#[tokio::test]
async fn a_nonce_is_good_for_one_launch() {
    let loft = Loft::new().await;
    assert!(loft.store(&loft.launch("first"), "n", Release::Now).await);
    assert!(!loft.store(&loft.launch("second"), "n", Release::Now).await);
    assert!(loft.launches.load("second").await.unwrap().is_none());
    let refused = Platform::try_from(platform()).unwrap();
    assert!(!loft.launches.is_spent(&loft.nonce("m")).await.unwrap());
    let spend = loft
        .launches
        .spend(&PIGEON, &refused, "third".into(), loft.nonce("m"));
    spend.await.unwrap();
    assert!(loft.launches.is_spent(&loft.nonce("m")).await.unwrap());
    assert!(!loft.store(&loft.launch("fourth"), "m", Release::Now).await);
}

#[tokio::test]
async fn a_launch_that_waits_is_read_once_it_is_released() {
    let loft = Loft::new().await;
    assert!(loft.store(&loft.launch("waits"), "n", Release::Later).await);
    assert!(loft.launches.load("waits").await.unwrap().is_none());
    assert!(loft.launches.release("waits").await.unwrap());
    assert!(loft.launches.load("waits").await.unwrap().is_some());
    assert!(!loft.launches.release("waits").await.unwrap());
}

#[tokio::test]
async fn a_session_ends_with_its_person_deployment_or_platform() {
    let mut loft = Loft::new().await;
    let launch = loft.launch("l");
    let platform = loft.standing(&launch).await.unwrap().unwrap();
    assert_eq!(platform.name, "The loft");
    let elsewhere = Launch {
        deployment_id: "cellar".into(),
        ..launch.clone()
    };
    let refused = loft.standing(&elsewhere).await.unwrap_err();
    assert!(
        refused.starts_with("The deployment of this launch"),
        "{refused}"
    );
    let unregistered = Launch {
        platform_id: None,
        ..launch.clone()
    };
    assert!(loft.standing(&unregistered).await.unwrap().is_none());

    let person = BlockedPerson {
        id: "b".into(),
        subject_sealed: loft.sealer.seal(&blocked_identity("b"), b"DV-1"),
        created_at: 0,
    };
    let block = loft.db.write::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move { blocked_people::insert(&mut tx, PLATFORM.into(), person).await })
    });
    block.await.unwrap();
    loft.restart();
    let refused = loft.standing(&launch).await.unwrap_err();
    assert!(
        refused.starts_with("The person of this launch"),
        "{refused}"
    );
    let anonymous = Launch {
        subject: None,
        ..launch
    };
    assert!(loft.standing(&anonymous).await.is_ok());

    let stop = loft.db.write::<_, StoreError, _>(move |mut tx| {
        let (tool, id) = ("tool".to_owned(), PLATFORM.to_owned());
        Box::pin(async move { platforms::set_active(&mut tx, tool, id, false, 1).await })
    });
    stop.await.unwrap();
    loft.restart();
    let refused = loft.standing(&anonymous).await.unwrap_err();
    assert!(
        refused.starts_with("The platform of this launch"),
        "{refused}"
    );
}
