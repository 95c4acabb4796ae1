//! Rooms that handle launches, and the services that belong to a launch.

use std::sync::Arc;

use super::Foundation;
use crate::audit::Audit;
use crate::directory::visits::Visits;
use crate::jobs::Jobs;
use crate::keys::service_tokens::ServiceTokens;
use crate::keys::theirs::PlatformKeys;
use crate::kit::seal::{Sealer, Secrets};
use crate::launch::{Adapters, Launches, Ltiks};
use crate::lti13::{AddedDeployments, Lti13, StrangersTurns, UnsignedRows};
use crate::services::deep_linking::DeepLinking;
use crate::services::deliveries::{Deliveries, DeliveryKeys, DeliveryPaces, LineItemEnds};
use crate::services::failing::FailingServices;
use crate::services::handles::LineItemHandles;
use crate::services::page_proofs::PageProofs;
use crate::services::platform_client::PlatformClient;
use crate::services::roster::sync::{Rosters, SyncSlots};
use crate::studyreel::{StudyReel, StudyReelKeys, StudyReelParts};
use crate::web::limiter::Limiter;

impl Foundation {
    pub(in crate::app) fn launches(&self, adapters: Adapters) -> Launches {
        Launches::new(
            self.db.clone(),
            self.rows.clone(),
            self.clock.clone(),
            self.platforms.clone(),
            self.events.clone(),
            self.config.public_url.clone(),
            adapters,
        )
    }

    pub(in crate::app) fn lti13(
        &self,
        secrets: &Secrets,
        launches: &Launches,
        ltiks: &Ltiks,
        platform_keys: &PlatformKeys,
        visits: &Visits,
        audit: &Audit,
    ) -> Lti13 {
        Lti13 {
            tools: self.tools.clone(),
            platforms: self.platforms.clone(),
            visits: visits.clone(),
            usage: self.usage.clone(),
            keys: platform_keys.clone(),
            launches: launches.clone(),
            ltiks: ltiks.clone(),
            states: Sealer::new(&secrets.keys, "login states", self.random.clone()),
            db: self.db.clone(),
            clock: self.clock.clone(),
            random: self.random.clone(),
            public_url: self.config.public_url.clone(),
            strangers: StrangersTurns::default(),
            unsigned: UnsignedRows::default(),
            events: self.events.clone(),
            audit: audit.clone(),
            added: AddedDeployments::new(Limiter::for_senders(self.config.fixed.senders)),
        }
    }

    pub(in crate::app) fn studyreel(
        &self,
        secrets: &Secrets,
        launches: &Launches,
        ltiks: &Ltiks,
    ) -> StudyReel {
        StudyReel::from(StudyReelParts {
            db: self.db.clone(),
            clock: self.clock.clone(),
            random: self.random.clone(),
            outbound: self.outbound.clone(),
            rows: self.rows.clone(),
            keys: StudyReelKeys::new(&secrets.root),
            is_local: self.config.is_local(),
            public_url: self.config.public_url.clone(),
            tools: self.tools.clone(),
            launches: launches.clone(),
            ltiks: ltiks.clone(),
            clients: self.clients.clone(),
            limiter: self.limiter.clone(),
            written_paths: self.config.learning_paths.clone(),
            events: self.events.clone(),
            usage: self.usage.clone(),
        })
    }

    pub(in crate::app) fn platform_client(
        &self,
        secrets: &Secrets,
        service_tokens: &ServiceTokens,
    ) -> PlatformClient {
        PlatformClient {
            outbound: self.outbound.clone(),
            service_tokens: service_tokens.clone(),
            paging: self.config.fixed.paging,
            patience: self.config.fixed.request * 5 / 6,
            proofs: PageProofs::new(&secrets.root),
            failing: FailingServices::new(self.clock.clone()),
        }
    }

    pub(in crate::app) fn deep_linking(
        &self,
        secrets: &Secrets,
        launches: &Launches,
        ltiks: &Ltiks,
    ) -> DeepLinking {
        DeepLinking {
            launches: launches.clone(),
            our_keys: self.our_keys.clone(),
            clock: self.clock.clone(),
            random: self.random.clone(),
            public_url: self.config.public_url.clone(),
            tools: self.tools.clone(),
            platforms: self.platforms.clone(),
            ltiks: ltiks.clone(),
            tickets: Sealer::new(&secrets.keys, "deep linking tickets", self.random.clone()),
        }
    }

    pub(in crate::app) fn rosters(&self) -> Rosters {
        Rosters {
            db: self.db.clone(),
            rows: self.rows.clone(),
            clock: self.clock.clone(),
            // Of a minute, ten seconds remain for storing the result.
            patience: self.config.fixed.request * 5 / 6,
            events: self.events.clone(),
            syncs: SyncSlots::default(),
        }
    }

    pub(in crate::app) fn handles(
        &self,
        secrets: &Secrets,
        launches: &Launches,
        client: &PlatformClient,
    ) -> LineItemHandles {
        LineItemHandles {
            db: self.db.clone(),
            clock: self.clock.clone(),
            random: self.random.clone(),
            keys: DeliveryKeys::new(&secrets.root),
            client: client.clone(),
            launches: launches.clone(),
            searches: Arc::default(),
            patience: self.config.fixed.search,
        }
    }

    pub(in crate::app) fn deliveries(
        &self,
        secrets: &Secrets,
        jobs: &Jobs,
        launches: &Launches,
        client: &PlatformClient,
        handles: &LineItemHandles,
    ) -> Deliveries {
        Deliveries {
            db: self.db.clone(),
            clock: self.clock.clone(),
            random: self.random.clone(),
            rows: self.rows.clone(),
            keys: DeliveryKeys::new(&secrets.root),
            jobs: jobs.clone(),
            events: self.events.clone(),
            tools: self.tools.clone(),
            platforms: self.platforms.clone(),
            launches: launches.clone(),
            client: client.clone(),
            paces: DeliveryPaces::default(),
            ends: LineItemEnds::default(),
            reading: self.config.fixed.search,
            retrying: self.config.fixed.retrying,
            most_waiting: self.config.fixed.waiting_scores,
            handles: Some(Arc::new(handles.clone())),
        }
    }
}
