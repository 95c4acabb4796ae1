//! Shared by the unit tests of rooms: a store in a temporary folder, and rows for it. No server.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use store::platforms::{self, KeyMethod, Management, PlatformRow};
use store::signing_keys::{self, NewKey};
use store::tools::{self, ToolRow};
use store::{Db, Limits, StoreError};
use tempfile::TempDir;

use crate::audit::Audit;
use crate::keys::ours::OurKeys;
use crate::keys::pair::sealed_as;
use crate::kit::clock::{Clock, Random};
use crate::kit::seal::{Sealer, SecretKey, SecretKeys};

/// The tool of every row here.
pub(crate) const TOOL: &str = "tool0000000000000001";
/// The one platform that [`Scratch::with_platform`] adds.
pub(crate) const PLATFORM: &str = "platform000000000001";

/// A store with one tool.
pub(crate) struct Scratch {
    pub(crate) db: Db,
    pub(crate) clock: Clock,
    pub(crate) rows: Sealer,
    folder: TempDir,
}

fn url_in(folder: &TempDir) -> String {
    format!("sqlite:{}", folder.path().join("scratch.db").display())
}

impl Scratch {
    pub(crate) async fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let db = Db::open(&url_in(&folder), Limits::default()).await.unwrap();
        let tool = ToolRow {
            id: TOOL.into(),
            host: None,
            settings: "{}".into(),
        };
        let insert = db.write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { tools::insert(&mut tx, tool, 0).await })
        });
        insert.await.unwrap();
        let random = Random::default();
        let secret = SecretKeys::from(SecretKey::generate(&random));
        Self {
            db,
            clock: Clock::default(),
            rows: Sealer::new(&secret, "rows", random),
            folder,
        }
    }

    /// The store's URL, for separate connections.
    pub(crate) fn url(&self) -> String {
        url_in(&self.folder)
    }

    /// The same with [`platform`] in it.
    pub(crate) async fn with_platform() -> Self {
        let scratch = Self::new().await;
        let insert = scratch.db.write::<_, StoreError, _>(|mut tx| {
            Box::pin(
                async move { platforms::insert(&mut tx, platform(), Management::default()).await },
            )
        });
        insert.await.unwrap();
        scratch
    }

    /// Our keys in this store.
    pub(crate) fn our_keys(&self) -> OurKeys {
        OurKeys::new(self.db.clone(), self.clock.clone(), self.rows.clone(), 1)
    }

    /// An audit of this store, with a chain key of its own.
    pub(crate) fn audit(&self) -> Audit {
        let random = Random::default();
        let root = SecretKey::generate(&random);
        Audit::new(self.rows.clone(), &root, self.clock.clone(), random)
    }

    /// Adds a key to the pool; creating a real one takes too long.
    pub(crate) async fn add_key(&self, kid: &str) {
        let key = NewKey {
            kid: kid.to_owned(),
            public_jwk: format!(r#"{{"kid":"{kid}"}}"#),
            public_pem: format!("PEM of {kid}"),
            private_sealed: self.rows.seal(&sealed_as(kid), b"private"),
        };
        let insert = self.db.write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { signing_keys::insert(&mut tx, key, None, 0).await })
        });
        insert.await.unwrap();
    }
}

/// A platform that fetches our key set.
pub(crate) fn platform() -> PlatformRow {
    PlatformRow {
        id: PLATFORM.into(),
        tool_id: TOOL.into(),
        issuer: "https://lms.example".into(),
        client_id: "client".into(),
        name: "LMS".into(),
        authorization_endpoint: "https://lms.example/auth".into(),
        token_endpoint: "https://lms.example/token".into(),
        authorization_server: None,
        key_method: KeyMethod::JwkSet,
        key_value: "https://lms.example/keys".into(),
        key_delivery: "url".into(),
        family: None,
        version: None,
        scopes: String::new(),
        unknown_deployments: None,
        frame_origins: String::new(),
        launch_rules: "{}".into(),
        grade_rules: "{}".into(),
        addressed_as: None,
        active: true,
        created_at: 0,
        updated_at: 0,
    }
}
