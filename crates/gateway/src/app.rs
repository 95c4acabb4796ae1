//! The composition root: builds every room and hands it to the handlers.

mod foundation;

use std::ops::Deref;
use std::sync::Arc;

use axum::extract::FromRef;

use store::Db;

use self::foundation::Foundation;
use crate::api_audit::ApiAudit;
use crate::ascode::AsCode;
use crate::ascode::api::ConfiguredRooms;
use crate::audit::Audit;
use crate::audit_log::AuditLog;
use crate::directory::admission::Admission;
use crate::directory::api_keys::keyring::ApiKeys;
use crate::directory::platforms::Platforms;
use crate::directory::room::Directory;
use crate::directory::tools::Tools;
use crate::directory::visits::Visits;
use crate::events::Events;
use crate::health::Readiness;
use crate::idempotency::{Fingerprints, Idempotency};
use crate::jobs::Jobs;
use crate::keys::ours::OurKeys;
use crate::keys::service_tokens::ServiceTokens;
use crate::keys::theirs::PlatformKeys;
use crate::kit::clock::{Clock, Random};
use crate::kit::outbound::Outbound;
use crate::kit::seal::{Sealer, Secrets};
use crate::launch::{Adapters, Launches, Ltiks};
use crate::lti13::{self, Lti13};
use crate::portal::room::{Portal, PortalOwn};
use crate::registration::Registrations;
use crate::render::{FailureLog, Renderer};
use crate::services::deep_linking::DeepLinking;
use crate::services::deliveries::Deliveries;
use crate::services::deliveries::api::DeliveryDesk;
use crate::services::grades::Pace;
use crate::services::grades::scores::ScoreRoom;
use crate::services::handles::LineItemHandles;
use crate::services::platform_client::PlatformClient;
use crate::services::roster::sync::{Rosters, SyncPlaces};
use crate::settings::installation::Config;
use crate::studyreel::{self, StudyReel};
use crate::traces::Traces;
use crate::usage::Usage;
use crate::web::client::Clients;
use crate::webhooks::Webhooks;

/// Every way for launches to come in.
const ADAPTERS: Adapters = Adapters(&[&lti13::ADAPTER, &studyreel::ADAPTER]);

/// The running service. Cloning it is cheap.
#[derive(Clone)]
pub struct App(Arc<AppInner>);

/// What it is made of.
#[expect(missing_docs, reason = "the types say it")]
pub struct AppInner {
    /// The settings it was started with.
    pub config: Config,
    pub db: Db,
    pub clock: Clock,
    pub random: Random,
    /// The only HTTP client.
    pub outbound: Outbound,
    /// Seals what is stored.
    pub rows: Sealer,
    /// Signs and checks `ltik` and service keys.
    pub ltiks: Ltiks,
    /// The keys by which platforms know us.
    pub our_keys: OurKeys,
    /// Key sets of platforms.
    pub platform_keys: PlatformKeys,
    /// Access tokens for platforms' services.
    pub service_tokens: ServiceTokens,
    /// Tells clients' addresses.
    pub clients: Clients,
    /// Whether requests should come here.
    pub readiness: Readiness,
    /// Limits of the addresses that anybody may call.
    pub admission: Admission,
    /// What the log says of failed requests.
    pub(crate) failure_log: FailureLog,
    /// Traces on their way into the store.
    pub traces: Traces,
    /// LTI 1.3 logins and launches.
    pub lti13: Arc<Lti13>,
    /// Answers to platforms that ask for content.
    pub(crate) deep_linking: DeepLinking,
    /// StudyReel's launches and students.
    pub studyreel: StudyReel,
    /// Launches, whichever way they came in.
    pub launches: Launches,
    /// Requests to platforms' services.
    pub(crate) platform_client: PlatformClient,
    /// The rosters that applications took.
    pub(crate) rosters: Rosters,
    /// Scores of one student, one after the other.
    pub(crate) pace: Pace,
    /// Scores that are delivered in the background.
    pub(crate) deliveries: Deliveries,
    /// Line items by names of the application's.
    pub(crate) handles: LineItemHandles,
    /// Who may use the API.
    pub api_keys: ApiKeys,
    /// When platforms last launched.
    pub visits: Visits,
    /// How much tools are used.
    pub usage: Usage,
    /// The tools of this installation.
    pub tools: Tools,
    pub platforms: Platforms,
    /// Work that outlives a crash.
    pub jobs: Jobs,
    /// What happens, for those who want to hear of it.
    pub(crate) events: Events,
    /// Who hears of it.
    pub(crate) webhooks: Webhooks,
    /// Hashes of requests that come with a key.
    pub(crate) fingerprints: Fingerprints,
    /// Who changed what.
    pub(crate) audit: Audit,
    /// What only the portal has.
    pub(crate) portal: PortalOwn,
}

impl Deref for App {
    type Target = AppInner;

    fn deref(&self) -> &AppInner {
        &self.0
    }
}

impl App {
    /// Puts the service together. [`Tools::reload`] must have been called once before it serves.
    pub fn new(
        config: Config,
        db: Db,
        outbound: Outbound,
        clock: Clock,
        random: Random,
        secrets: &Secrets,
    ) -> Self {
        let foundation = Foundation::new(config, db, outbound, clock, random, secrets);
        let launches = foundation.launches(ADAPTERS);
        let ltiks = Ltiks::new(secrets, foundation.clock.clone());
        let platform_keys = foundation.platform_keys();
        let visits = Visits::new(foundation.db.clone());
        let lti13 = foundation.lti13(secrets, &launches, &ltiks, &platform_keys, &visits);
        let service_tokens = foundation.service_tokens();
        let jobs = foundation.jobs();
        let platform_client = PlatformClient {
            outbound: foundation.outbound.clone(),
            service_tokens: service_tokens.clone(),
        };
        let handles = foundation.handles(secrets, &launches, &platform_client);
        let deliveries =
            foundation.deliveries(secrets, &jobs, &launches, &platform_client, &handles);
        Self(Arc::new(AppInner {
            readiness: foundation.readiness(),
            admission: foundation.admission(),
            api_keys: foundation.api_keys(secrets),
            traces: foundation.traces(),
            studyreel: foundation.studyreel(secrets, &launches, &ltiks),
            deliveries,
            handles,
            platform_client,
            rosters: Rosters {
                db: foundation.db.clone(),
                rows: foundation.rows.clone(),
                clock: foundation.clock.clone(),
                // Of a minute, ten seconds are left to store what was taken.
                patience: foundation.config.fixed.request * 5 / 6,
                events: foundation.events.clone(),
                syncs: SyncPlaces::default(),
            },
            pace: Pace::new(foundation.clock.clone()),
            deep_linking: foundation.deep_linking(secrets, &launches, &ltiks),
            webhooks: foundation.webhooks(&jobs),
            fingerprints: Fingerprints::new(&secrets.root),
            audit: foundation.audit(secrets),
            portal: foundation.portal(secrets),
            failure_log: FailureLog::default(),
            lti13: Arc::new(lti13),
            service_tokens,
            visits,
            launches,
            ltiks,
            platform_keys,
            config: foundation.config,
            db: foundation.db,
            outbound: foundation.outbound,
            clock: foundation.clock,
            random: foundation.random,
            rows: foundation.rows,
            clients: foundation.clients,
            tools: foundation.tools,
            our_keys: foundation.our_keys,
            platforms: foundation.platforms,
            events: foundation.events,
            usage: foundation.usage,
            jobs,
        }))
    }

    /// Removes cached values that are too old to be used.
    pub fn tidy_caches(&self) {
        self.our_keys.tidy();
        self.launches.tidy();
        self.platforms.tidy();
        self.studyreel.tidy();
        self.service_tokens.tidy();
        self.pace.tidy();
    }
}

impl FromRef<App> for Db {
    fn from_ref(app: &App) -> Self {
        app.db.clone()
    }
}

impl FromRef<App> for Tools {
    fn from_ref(app: &App) -> Self {
        app.tools.clone()
    }
}

impl FromRef<App> for Platforms {
    fn from_ref(app: &App) -> Self {
        app.platforms.clone()
    }
}

impl FromRef<App> for Launches {
    fn from_ref(app: &App) -> Self {
        app.launches.clone()
    }
}

impl FromRef<App> for Ltiks {
    fn from_ref(app: &App) -> Self {
        app.ltiks.clone()
    }
}

impl FromRef<App> for Arc<Lti13> {
    fn from_ref(app: &App) -> Self {
        app.lti13.clone()
    }
}

impl FromRef<App> for Traces {
    fn from_ref(app: &App) -> Self {
        app.traces.clone()
    }
}

impl FromRef<App> for Renderer {
    fn from_ref(app: &App) -> Self {
        Self {
            tools: app.tools.clone(),
            traces: app.traces.clone(),
            random: app.random.clone(),
            clock: app.clock.clone(),
            log: app.failure_log.clone(),
            patience: app.config.fixed.request,
            store_patience: app.config.fixed.store.request,
        }
    }
}

impl FromRef<App> for Idempotency {
    fn from_ref(app: &App) -> Self {
        Self {
            db: app.db.clone(),
            rows: app.rows.clone(),
            clock: app.clock.clone(),
            random: app.random.clone(),
            fingerprints: app.fingerprints.clone(),
            api_keys: app.api_keys.clone(),
            ltiks: app.ltiks.clone(),
            renderer: Renderer::from_ref(app),
        }
    }
}

impl FromRef<App> for ApiAudit {
    fn from_ref(app: &App) -> Self {
        Self {
            db: app.db.clone(),
            audit: app.audit.clone(),
        }
    }
}

impl FromRef<App> for AuditLog {
    fn from_ref(app: &App) -> Self {
        Self {
            db: app.db.clone(),
            audit: app.audit.clone(),
        }
    }
}

impl FromRef<App> for DeepLinking {
    fn from_ref(app: &App) -> Self {
        app.deep_linking.clone()
    }
}

impl FromRef<App> for OurKeys {
    fn from_ref(app: &App) -> Self {
        app.our_keys.clone()
    }
}

impl FromRef<App> for PlatformKeys {
    fn from_ref(app: &App) -> Self {
        app.platform_keys.clone()
    }
}

impl FromRef<App> for ServiceTokens {
    fn from_ref(app: &App) -> Self {
        app.service_tokens.clone()
    }
}

impl FromRef<App> for PlatformClient {
    fn from_ref(app: &App) -> Self {
        app.platform_client.clone()
    }
}

impl FromRef<App> for Rosters {
    fn from_ref(app: &App) -> Self {
        app.rosters.clone()
    }
}

impl FromRef<App> for Deliveries {
    fn from_ref(app: &App) -> Self {
        app.deliveries.clone()
    }
}

impl FromRef<App> for DeliveryDesk {
    fn from_ref(app: &App) -> Self {
        Self {
            db: app.db.clone(),
            clock: app.clock.clone(),
            deliveries: app.deliveries.clone(),
            launches: app.launches.clone(),
            platforms: app.platforms.clone(),
            client: app.platform_client.clone(),
            // Of a minute, ten seconds are left to compare and to repair.
            patience: app.config.fixed.request * 5 / 6,
        }
    }
}

impl FromRef<App> for LineItemHandles {
    fn from_ref(app: &App) -> Self {
        app.handles.clone()
    }
}

impl FromRef<App> for ScoreRoom {
    fn from_ref(app: &App) -> Self {
        Self {
            client: app.platform_client.clone(),
            launches: app.launches.clone(),
            pace: app.pace.clone(),
            deliveries: app.deliveries.clone(),
        }
    }
}

impl FromRef<App> for StudyReel {
    fn from_ref(app: &App) -> Self {
        app.studyreel.clone()
    }
}

impl FromRef<App> for ApiKeys {
    fn from_ref(app: &App) -> Self {
        app.api_keys.clone()
    }
}

impl FromRef<App> for Directory {
    fn from_ref(app: &App) -> Self {
        Self {
            db: app.db.clone(),
            clock: app.clock.clone(),
            random: app.random.clone(),
            rows: app.rows.clone(),
            outbound: app.outbound.clone(),
            public_url: app.config.public_url.clone(),
            tools: app.tools.clone(),
            platforms: app.platforms.clone(),
            our_keys: app.our_keys.clone(),
            platform_keys: app.platform_keys.clone(),
            api_keys: app.api_keys.clone(),
            events: app.events.clone(),
        }
    }
}

impl FromRef<App> for AsCode {
    fn from_ref(app: &App) -> Self {
        Self {
            db: app.db.clone(),
            clock: app.clock.clone(),
            random: app.random.clone(),
            rows: app.rows.clone(),
            outbound: app.outbound.clone(),
            public_url: app.config.public_url.clone(),
            our_keys: app.our_keys.clone(),
            events: app.events.clone(),
            written_paths: app.config.learning_paths.as_slice().into(),
        }
    }
}

impl FromRef<App> for ConfiguredRooms {
    fn from_ref(app: &App) -> Self {
        Self {
            directory: Directory::from_ref(app),
            studyreel: app.studyreel.clone(),
            webhooks: app.webhooks.clone(),
        }
    }
}

impl FromRef<App> for Webhooks {
    fn from_ref(app: &App) -> Self {
        app.webhooks.clone()
    }
}

impl FromRef<App> for Portal {
    fn from_ref(app: &App) -> Self {
        Self {
            db: app.db.clone(),
            clock: app.clock.clone(),
            random: app.random.clone(),
            rows: app.rows.clone(),
            public_url: app.config.public_url.clone(),
            tools: app.tools.clone(),
            directory: Directory::from_ref(app),
            traces: app.traces.clone(),
            registrations: Registrations::from_ref(app),
            lti13: app.lti13.clone(),
            launches: app.launches.clone(),
            deliveries: DeliveryDesk::from_ref(app),
            webhooks: app.webhooks.clone(),
            studyreel: app.studyreel.clone(),
            usage: app.usage.clone(),
            audit: app.audit.clone(),
            own: app.portal.clone(),
        }
    }
}

impl FromRef<App> for Usage {
    fn from_ref(app: &App) -> Self {
        app.usage.clone()
    }
}

impl FromRef<App> for Readiness {
    fn from_ref(app: &App) -> Self {
        app.readiness.clone()
    }
}

impl FromRef<App> for Clients {
    fn from_ref(app: &App) -> Self {
        app.clients.clone()
    }
}

impl FromRef<App> for Registrations {
    fn from_ref(app: &App) -> Self {
        Self {
            db: app.db.clone(),
            clock: app.clock.clone(),
            random: app.random.clone(),
            rows: app.rows.clone(),
            outbound: app.outbound.clone(),
            public_url: app.config.public_url.clone(),
            admission: app.admission.clone(),
            platforms: app.platforms.clone(),
            our_keys: app.our_keys.clone(),
            service_tokens: app.service_tokens.clone(),
            traces: app.traces.clone(),
            events: app.events.clone(),
        }
    }
}
