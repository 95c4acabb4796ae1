//! The composition root: builds every room and hands it to the handlers.

use std::ops::Deref;
use std::sync::Arc;

use axum::extract::FromRef;

use crate::advice::advice;
use crate::directory::admission::Admission;
use crate::directory::api_keys::keyring::{ApiKeys, ApiKeysParts};
use crate::directory::api_keys::new::Hasher;
use crate::directory::platforms::Platforms;
use crate::directory::room::Directory;
use crate::directory::tools::Tools;
use crate::directory::visits::Visits;
use crate::health::Readiness;
use crate::keys::ours::OurKeys;
use crate::keys::service_tokens::ServiceTokens;
use crate::keys::theirs::PlatformKeys;
use crate::kit::clock::{Clock, Random};
use crate::kit::outbound::Outbound;
use crate::kit::seal::{Sealer, Secrets};
use crate::launch::{Adapters, Launches, Ltiks};
use crate::lti13::{self, Lti13};
use crate::operator::setup;
use crate::registration::Registrations;
use crate::render::{FailureLog, Renderer};
use crate::services::deep_linking::DeepLinking;
use crate::services::grades::Pace;
use crate::services::platform_client::PlatformClient;
use crate::services::roster::sync::Rosters;
use crate::settings::installation::Config;
use crate::studyreel::{self, StudyReel, StudyReelKeys, StudyReelParts};
use crate::traces::Traces;
use crate::web::client::Clients;
use crate::web::limiter::Limiter;
use store::Db;

/// Every way for launches to come in.
const ADAPTERS: Adapters = Adapters(&[&lti13::ADAPTER, &studyreel::ADAPTER]);

/// The running service. Cloning it is cheap.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// What it is made of.
pub struct Parts {
    /// The settings it was started with.
    pub config: Config,
    /// The store.
    pub db: Db,
    /// Time.
    pub clock: Clock,
    /// Randomness.
    pub random: Random,
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
    /// For the endpoints about tools and platforms.
    pub directory: Directory,
    /// What the log says of failed requests.
    pub(crate) failure_log: FailureLog,
    /// Traces on their way into the store.
    pub traces: Traces,
    /// LTI 1.3 logins and launches.
    pub lti13: Arc<Lti13>,
    /// Answers to platforms that ask for content.
    pub(crate) deep_linking: DeepLinking,
    /// Registrations with learning platforms.
    pub registrations: Registrations,
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
    /// Who may use the API.
    pub api_keys: ApiKeys,
    /// When platforms last launched.
    pub visits: Visits,
    /// The tools of this installation.
    pub tools: Tools,
    /// Their platforms.
    pub platforms: Platforms,
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
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
        let rows = setup::sealer(&secrets.keys, &random);
        let tools = Tools::new(db.clone());
        let our_keys = OurKeys::new(
            db.clone(),
            clock.clone(),
            rows.clone(),
            config.fixed.keys_ahead,
        );
        let platforms = Platforms::new(db.clone(), rows.clone(), our_keys.clone());
        let platform_keys = PlatformKeys::new(clock.clone(), outbound.clone());
        let limiter = Limiter::default();
        let clients = Clients::behind(config.trusted_proxies.clone(), config.forwarded_header);
        let admission = Admission::new(
            db.clone(),
            clock.clone(),
            tools.clone(),
            clients.clone(),
            limiter.clone(),
        );
        let api_keys = ApiKeys::from(ApiKeysParts {
            db: db.clone(),
            clock: clock.clone(),
            tools: tools.clone(),
            clients: clients.clone(),
            limiter: limiter.clone(),
            hasher: Hasher::new(&secrets.root),
        });
        let directory = Directory {
            db: db.clone(),
            clock: clock.clone(),
            random: random.clone(),
            rows: rows.clone(),
            outbound: outbound.clone(),
            public_url: config.public_url.clone(),
            tools: tools.clone(),
            platforms: platforms.clone(),
            our_keys: our_keys.clone(),
            platform_keys: platform_keys.clone(),
            api_keys: api_keys.clone(),
        };
        let traces = Traces::new(
            tools.clone(),
            platforms.clone(),
            db.clone(),
            clock.clone(),
            random.clone(),
            advice,
        );
        let launches = Launches::new(
            db.clone(),
            rows.clone(),
            clock.clone(),
            config.public_url.clone(),
            ADAPTERS,
        );
        let ltiks = Ltiks::new(secrets, clock.clone());
        let studyreel = StudyReel::from(StudyReelParts {
            db: db.clone(),
            clock: clock.clone(),
            random: random.clone(),
            outbound: outbound.clone(),
            rows: rows.clone(),
            keys: StudyReelKeys::new(&secrets.root),
            is_local: config.is_local(),
            public_url: config.public_url.clone(),
            tools: tools.clone(),
            launches: launches.clone(),
            ltiks: ltiks.clone(),
            clients: clients.clone(),
            limiter,
            written_paths: config.learning_paths.clone(),
        });
        let service_tokens = ServiceTokens::new(
            our_keys.clone(),
            clock.clone(),
            random.clone(),
            outbound.clone(),
        );
        let platform_client = PlatformClient {
            outbound: outbound.clone(),
            service_tokens: service_tokens.clone(),
        };
        let rosters = Rosters {
            db: db.clone(),
            rows: rows.clone(),
            clock: clock.clone(),
        };
        let registrations = Registrations {
            db: db.clone(),
            clock: clock.clone(),
            random: random.clone(),
            rows: rows.clone(),
            outbound,
            public_url: config.public_url.clone(),
            admission: admission.clone(),
            platforms: platforms.clone(),
            our_keys: our_keys.clone(),
            service_tokens: service_tokens.clone(),
            traces: traces.clone(),
        };
        let visits = Visits::new(db.clone());
        let lti13 = Lti13 {
            tools: tools.clone(),
            platforms: platforms.clone(),
            visits: visits.clone(),
            keys: platform_keys.clone(),
            launches: launches.clone(),
            ltiks: ltiks.clone(),
            states: Sealer::new(&secrets.keys, "login states", random.clone()),
            db: db.clone(),
            clock: clock.clone(),
            random: random.clone(),
            public_url: config.public_url.clone(),
        };
        let deep_linking = DeepLinking {
            launches: launches.clone(),
            our_keys: our_keys.clone(),
            clock: clock.clone(),
            random: random.clone(),
            public_url: config.public_url.clone(),
            tools: tools.clone(),
            platforms: platforms.clone(),
            ltiks: ltiks.clone(),
            tickets: Sealer::new(&secrets.keys, "deep linking tickets", random.clone()),
        };
        Self(Arc::new(Parts {
            deep_linking,
            readiness: Readiness::new(db.clone(), config.fixed.readiness),
            rows,
            ltiks,
            platform_keys,
            service_tokens,
            platform_client,
            rosters,
            pace: Pace::new(clock.clone()),
            clients,
            admission,
            directory,
            failure_log: FailureLog::default(),
            traces,
            lti13: Arc::new(lti13),
            registrations,
            studyreel,
            launches,
            api_keys,
            visits,
            tools,
            platforms,
            our_keys,
            config,
            db,
            clock,
            random,
        }))
    }

    /// Removes cached values that are too old to be used.
    pub fn tidy_caches(&self) {
        self.our_keys.tidy();
        self.launches.tidy();
        self.platforms.tidy();
        self.studyreel.tidy();
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

impl FromRef<App> for Pace {
    fn from_ref(app: &App) -> Self {
        app.pace.clone()
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
        app.directory.clone()
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
        app.registrations.clone()
    }
}
