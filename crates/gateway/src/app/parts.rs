//! What handlers can take from the service: each takes one room, never the whole.

use std::sync::Arc;

use axum::extract::FromRef;
use store::Db;

use super::App;
use crate::api_audit::ApiAudit;
use crate::ascode::api::ConfiguredRooms;
use crate::ascode::{ApplyTurns, AsCode};
use crate::audit_log::AuditLog;
use crate::backup::Backups;
use crate::directory::api_keys::keyring::ApiKeys;
use crate::directory::platforms::Platforms;
use crate::directory::room::Directory;
use crate::directory::tools::Tools;
use crate::health::Readiness;
use crate::idempotency::Idempotency;
use crate::keys::ours::OurKeys;
use crate::keys::service_tokens::ServiceTokens;
use crate::keys::theirs::PlatformKeys;
use crate::launch::{Launches, Ltiks};
use crate::lti13::Lti13;
use crate::portal::room::Portal;
use crate::registration::Registrations;
use crate::render::Renderer;
use crate::services::deep_linking::DeepLinking;
use crate::services::deliveries::Deliveries;
use crate::services::deliveries::api::DeliveryDesk;
use crate::services::grades::scores::ScoreRoom;
use crate::services::handles::LineItemHandles;
use crate::services::platform_client::PlatformClient;
use crate::services::roster::sync::Rosters;
use crate::studyreel::StudyReel;
use crate::traces::Traces;
use crate::usage::Usage;
use crate::web::client::Clients;
use crate::webhooks::Webhooks;

/// Rooms that are stored in the form in which they are handed out.
macro_rules! kept {
    ($($room:ty = $member:ident;)+) => {
        $(impl FromRef<App> for $room {
            fn from_ref(app: &App) -> Self {
                app.$member.clone()
            }
        })+
    };
}

kept! {
    Db = db;
    Tools = tools;
    Platforms = platforms;
    Launches = launches;
    Ltiks = ltiks;
    Arc<Lti13> = lti13;
    Traces = traces;
    DeepLinking = deep_linking;
    OurKeys = our_keys;
    PlatformKeys = platform_keys;
    ServiceTokens = service_tokens;
    PlatformClient = platform_client;
    Rosters = rosters;
    Deliveries = deliveries;
    LineItemHandles = handles;
    StudyReel = studyreel;
    ApiKeys = api_keys;
    Webhooks = webhooks;
    Usage = usage;
    ApplyTurns = apply_turns;
    Readiness = readiness;
    Clients = clients;
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
            persons: app.deliveries.keys.clone(),
            api_keys: app.api_keys.clone(),
            memory: app.key_memory.clone(),
            most_keys: app.config.fixed.remembered_keys,
            renderer: Renderer::from_ref(app),
        }
    }
}

impl FromRef<App> for ApiAudit {
    fn from_ref(app: &App) -> Self {
        Self {
            db: app.db.clone(),
            audit: app.audit.clone(),
            clock: app.clock.clone(),
            random: app.random.clone(),
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

impl FromRef<App> for Backups {
    fn from_ref(app: &App) -> Self {
        Self {
            db: app.db.clone(),
            audit: app.audit.clone(),
            clock: app.clock.clone(),
            tools: app.tools.clone(),
            database_url: app.config.database_url.clone(),
        }
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
            // Of a minute, ten seconds remain for comparing and repairing.
            patience: app.config.fixed.request * 5 / 6,
        }
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
            service_tokens: app.service_tokens.clone(),
            api_keys: app.api_keys.clone(),
            events: app.events.clone(),
            audit: app.audit.clone(),
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
            audit: app.audit.clone(),
            turns: app.apply_turns.clone(),
        }
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
            certificate: app.certificate.clone(),
            own: app.portal.clone(),
        }
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
            turns: app.registration_turns.clone(),
            platforms: app.platforms.clone(),
            our_keys: app.our_keys.clone(),
            service_tokens: app.service_tokens.clone(),
            traces: app.traces.clone(),
            events: app.events.clone(),
            audit: app.audit.clone(),
        }
    }
}
