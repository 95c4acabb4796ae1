//! The foundation of all rooms, and the rooms that need nothing else.

mod launching;

use store::Db;

use crate::advice::explained;
use crate::audit::Audit;
use crate::directory::admission::Admission;
use crate::directory::api_keys::keyring::{ApiKeys, ApiKeysParts};
use crate::directory::api_keys::new::Hasher;
use crate::directory::platforms::Platforms;
use crate::directory::tools::Tools;
use crate::events::Events;
use crate::health::Readiness;
use crate::jobs::Jobs;
use crate::keys::ours::OurKeys;
use crate::keys::service_tokens::ServiceTokens;
use crate::keys::theirs::PlatformKeys;
use crate::kit::clock::{Clock, Random};
use crate::kit::outbound::Outbound;
use crate::kit::seal::{Sealer, Secrets};
use crate::kit::supplies::Supplies;
use crate::oidc::Oidc;
use crate::operator::setup;
use crate::portal::memory::PortalMemory;
use crate::portal::people::keys::PortalKeys;
use crate::portal::people::limits::SignInLimits;
use crate::portal::people::passwords::Passwords;
use crate::portal::room::PortalOwn;
use crate::settings::installation::Config;
use crate::traces::Traces;
use crate::usage::Usage;
use crate::web::client::Clients;
use crate::web::limiter::Limiter;
use crate::webhooks::{WebhookMemory, Webhooks};

/// What more than one room needs.
pub(super) struct Foundation {
    pub(super) config: Config,
    pub(super) db: Db,
    pub(super) outbound: Outbound,
    pub(super) clock: Clock,
    pub(super) random: Random,
    pub(super) rows: Sealer,
    pub(super) clients: Clients,
    pub(super) tools: Tools,
    pub(super) our_keys: OurKeys,
    pub(super) platforms: Platforms,
    pub(super) events: Events,
    pub(super) usage: Usage,
    limiter: Limiter,
}

impl Foundation {
    pub(super) fn new(
        config: Config,
        db: Db,
        outbound: Outbound,
        supplies: Supplies,
        secrets: &Secrets,
    ) -> Self {
        let Supplies {
            clock,
            random,
            pairs,
        } = supplies;
        let rows = setup::sealer(&secrets.keys, &random);
        let ahead = config.fixed.keys_ahead;
        let our_keys = OurKeys::made_by(pairs, db.clone(), clock.clone(), rows.clone(), ahead);
        let tools = Tools::new(db.clone());
        Self {
            usage: Usage::new(db.clone(), clock.clone(), tools.clone(), &secrets.root),
            clients: Clients::behind(config.trusted_proxies.clone(), config.forwarded_header),
            platforms: Platforms::new(db.clone(), rows.clone(), our_keys.clone()),
            events: Events::new(clock.clone(), random.clone()),
            limiter: Limiter::for_senders(config.fixed.senders),
            tools,
            our_keys,
            rows,
            config,
            db,
            outbound,
            clock,
            random,
        }
    }

    pub(super) fn readiness(&self) -> Readiness {
        Readiness::new(self.db.clone(), self.config.fixed.readiness)
    }

    pub(super) fn admission(&self) -> Admission {
        Admission::new(
            self.db.clone(),
            self.clock.clone(),
            self.tools.clone(),
            self.clients.clone(),
            self.limiter.clone(),
            Limiter::for_senders(self.config.fixed.senders),
        )
    }

    pub(super) fn api_keys(&self, secrets: &Secrets) -> ApiKeys {
        ApiKeys::from(ApiKeysParts {
            db: self.db.clone(),
            clock: self.clock.clone(),
            tools: self.tools.clone(),
            clients: self.clients.clone(),
            limiter: self.limiter.clone(),
            hasher: Hasher::new(&secrets.root),
        })
    }

    pub(super) fn platform_keys(&self) -> PlatformKeys {
        PlatformKeys::new(self.clock.clone(), self.outbound.clone())
    }

    pub(super) fn service_tokens(&self) -> ServiceTokens {
        ServiceTokens::new(
            self.our_keys.clone(),
            self.clock.clone(),
            self.random.clone(),
            self.outbound.clone(),
        )
    }

    pub(super) fn traces(&self) -> Traces {
        Traces::new(
            self.tools.clone(),
            self.platforms.clone(),
            self.db.clone(),
            self.clock.clone(),
            self.random.clone(),
            self.events.clone(),
            explained,
        )
    }

    pub(super) fn audit(&self, secrets: &Secrets) -> Audit {
        Audit::new(
            self.rows.clone(),
            &secrets.root,
            self.clock.clone(),
            self.random.clone(),
        )
    }

    pub(super) fn portal(&self, secrets: &Secrets, keys: &PlatformKeys) -> PortalOwn {
        let oidc = self.config.oidc().map(|settings| {
            let (outbound, clock) = (self.outbound.clone(), self.clock.clone());
            Oidc::new(settings, outbound, keys.clone(), clock)
        });
        PortalOwn {
            oidc,
            keys: PortalKeys::new(&secrets.root),
            passwords: Passwords::new(self.random.clone()),
            tries: SignInLimits::new(&self.config.fixed, self.clock.clone()),
            memory: PortalMemory::default(),
            carried: Sealer::new(&secrets.keys, "portal pages", self.random.clone()),
        }
    }

    pub(super) fn jobs(&self) -> Jobs {
        Jobs::new(
            self.db.clone(),
            self.clock.clone(),
            self.random.clone(),
            self.rows.clone(),
        )
    }

    pub(super) fn webhooks(&self, jobs: &Jobs, audit: &Audit) -> Webhooks {
        Webhooks {
            db: self.db.clone(),
            clock: self.clock.clone(),
            random: self.random.clone(),
            rows: self.rows.clone(),
            outbound: self.outbound.clone(),
            tools: self.tools.clone(),
            events: self.events.clone(),
            audit: audit.clone(),
            jobs: jobs.clone(),
            memory: WebhookMemory::default(),
        }
    }
}
