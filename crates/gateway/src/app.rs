//! The composition root: builds every room and passes it to the handlers.

mod foundation;
mod parts;

use std::ops::Deref;
use std::sync::Arc;

use store::Db;

use self::foundation::Foundation;
use crate::ascode::ApplyTurns;
use crate::audit::Audit;
use crate::directory::admission::Admission;
use crate::directory::api_keys::keyring::ApiKeys;
use crate::directory::platforms::Platforms;
use crate::directory::tools::Tools;
use crate::directory::visits::Visits;
use crate::events::Events;
use crate::health::Readiness;
use crate::idempotency::{Fingerprints, KeyMemory};
use crate::jobs::Jobs;
use crate::keys::ours::OurKeys;
use crate::keys::service_tokens::ServiceTokens;
use crate::keys::theirs::PlatformKeys;
use crate::kit::certificate::ServedCertificate;
use crate::kit::clock::{Clock, Random};
use crate::kit::outbound::Outbound;
use crate::kit::seal::{Sealer, Secrets};
use crate::kit::supplies::Supplies;
use crate::launch::{Adapters, Launches, Ltiks};
use crate::lti13::{self, Lti13};
use crate::portal::room::PortalOwn;
use crate::render::FailureLog;
use crate::services::deep_linking::DeepLinking;
use crate::services::deliveries::Deliveries;
use crate::services::grades::Pace;
use crate::services::handles::LineItemHandles;
use crate::services::platform_client::PlatformClient;
use crate::services::roster::sync::Rosters;
use crate::settings::installation::Config;
use crate::studyreel::{self, StudyReel};
use crate::traces::Traces;
use crate::usage::Usage;
use crate::web::client::Clients;
use crate::web::turns::Turns;
use crate::webhooks::Webhooks;

/// All ways for launches to arrive.
const ADAPTERS: Adapters = Adapters(&[&lti13::ADAPTER, &studyreel::ADAPTER]);

/// How many look-ups for registrations of strangers run at the same time.
const LOOKUPS_OF_REGISTRATIONS: usize = 2;

/// The running service. Cloning it is cheap.
#[derive(Clone)]
pub struct App(Arc<AppInner>);

/// The parts of the service.
#[expect(missing_docs, reason = "the types say it")]
pub struct AppInner {
    /// The settings it was started with.
    pub config: Config,
    pub db: Db,
    pub clock: Clock,
    pub random: Random,
    /// The only HTTP client.
    pub outbound: Outbound,
    /// Seals stored data.
    pub rows: Sealer,
    /// Signs and checks `ltik` and service keys.
    pub ltiks: Ltiks,
    /// The keys that identify us to platforms.
    pub our_keys: OurKeys,
    /// Key sets of platforms.
    pub platform_keys: PlatformKeys,
    /// Access tokens for platforms' services.
    pub service_tokens: ServiceTokens,
    /// Determines clients' addresses, even behind proxies.
    pub clients: Clients,
    /// Whether this server should receive requests.
    pub readiness: Readiness,
    /// The certificate of the built-in TLS listener.
    pub certificate: ServedCertificate,
    /// Limits for addresses that anyone may call.
    pub admission: Admission,
    /// Look-ups for registrations of strangers.
    pub registration_turns: Arc<Turns>,
    /// The log of failed requests.
    pub(crate) failure_log: FailureLog,
    /// Traces waiting to be stored.
    pub traces: Traces,
    /// LTI 1.3 logins and launches.
    pub lti13: Arc<Lti13>,
    /// Answers to platforms that request content.
    pub(crate) deep_linking: DeepLinking,
    /// StudyReel's launches and students.
    pub studyreel: StudyReel,
    /// Launches from all adapters.
    pub launches: Launches,
    /// Requests to platforms' services.
    pub(crate) platform_client: PlatformClient,
    /// Synchronised rosters.
    pub(crate) rosters: Rosters,
    /// Processes one student's scores in order.
    pub(crate) pace: Pace,
    /// Scores delivered in the background.
    pub(crate) deliveries: Deliveries,
    /// Line items by the applications' own names.
    pub(crate) handles: LineItemHandles,
    /// Who may use the API.
    pub api_keys: ApiKeys,
    /// When platforms last launched.
    pub visits: Visits,
    /// Usage statistics.
    pub usage: Usage,
    /// The tools of this installation.
    pub tools: Tools,
    pub platforms: Platforms,
    /// Work that survives a crash.
    pub jobs: Jobs,
    /// Where rooms announce events.
    pub(crate) events: Events,
    /// Sends events to the addresses that subscribed to them.
    pub(crate) webhooks: Webhooks,
    /// Hashes of requests with an idempotency key.
    pub(crate) fingerprints: Fingerprints,
    /// Such requests, as far as they are in memory.
    pub(crate) key_memory: KeyMemory,
    /// Records who changed what.
    pub(crate) audit: Audit,
    /// Ensures that API keys apply configurations one at a time.
    pub(crate) apply_turns: ApplyTurns,
    /// The portal's own state.
    pub(crate) portal: PortalOwn,
}

impl Deref for App {
    type Target = AppInner;

    fn deref(&self) -> &AppInner {
        &self.0
    }
}

impl App {
    /// Assembles the service. Call [`Tools::reload`] once before it serves requests.
    pub fn new(
        config: Config,
        db: Db,
        outbound: Outbound,
        supplies: Supplies,
        secrets: &Secrets,
    ) -> Self {
        let foundation = Foundation::new(config, db, outbound, supplies, secrets);
        let launches = foundation.launches(ADAPTERS);
        let ltiks = Ltiks::new(secrets, foundation.clock.clone());
        let platform_keys = foundation.platform_keys();
        let visits = Visits::new(foundation.db.clone());
        let (jobs, audit) = (foundation.jobs(), foundation.audit(secrets));
        let lti13 = foundation.lti13(secrets, &launches, &ltiks, &platform_keys, &visits, &audit);
        let service_tokens = foundation.service_tokens();
        let client = foundation.platform_client(secrets, &service_tokens);
        let handles = foundation.handles(secrets, &launches, &client);
        let deliveries = foundation.deliveries(secrets, &jobs, &launches, &client, &handles);
        Self(Arc::new(AppInner {
            readiness: foundation.readiness(),
            certificate: ServedCertificate::default(),
            admission: foundation.admission(),
            registration_turns: Arc::new(Turns::new(LOOKUPS_OF_REGISTRATIONS)),
            api_keys: foundation.api_keys(secrets),
            traces: foundation.traces(),
            studyreel: foundation.studyreel(secrets, &launches, &ltiks),
            deliveries,
            handles,
            platform_client: client,
            rosters: foundation.rosters(),
            pace: Pace::new(foundation.clock.clone()),
            deep_linking: foundation.deep_linking(secrets, &launches, &ltiks),
            webhooks: foundation.webhooks(&jobs, &audit),
            fingerprints: Fingerprints::new(&secrets.root),
            key_memory: KeyMemory::default(),
            apply_turns: ApplyTurns::default(),
            portal: foundation.portal(secrets, &platform_keys),
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
            audit,
            jobs,
        }))
    }

    /// Removes cached values that are too old to use.
    pub fn tidy_caches(&self) {
        self.our_keys.tidy();
        self.launches.tidy();
        self.platforms.tidy();
        self.studyreel.tidy();
        self.service_tokens.tidy();
        self.pace.tidy();
    }
}
