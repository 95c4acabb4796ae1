//! Registers the tool with StudyReel: `POST /tools/register` (studyreel.md §3).
//!
//! StudyReel documents the request but not the answer. So any 2xx answer counts as registered and
//! is stored whole; id and deployment are read from it if they are where we expect them.

mod allow;
mod answer;
mod error;
mod listing;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::json;
use studyreel::STUDYREEL;
use url::Url;

pub use self::allow::{allowing, not_allowed};
use self::answer::{text, words};
pub use self::error::RegisterError;
pub use self::listing::{
    Contact, Listing, PRODUCTION, STAGING, base_text, likely_deployment, likely_issuers,
};
use crate::audit::{AuditAction, AuditEntry};
use crate::directory::tools::{self, Tool};
use crate::kit::clock::{Clock, Random};
use crate::kit::id::new_id;
use crate::kit::media_type::JSON;
use crate::kit::outbound::{Answer, Outbound, OutboundError, Purpose, Request};
use crate::kit::seal::{self, Sealer};
use crate::operator::command_audit::{CommandAudit, done};
use crate::operator::setup;
use crate::settings::installation::Config;
use crate::settings::tool::ToolSettings;
use crate::studyreel::StudyReelKeys;
use store::studyreel_registrations as registrations;
use store::studyreel_registrations::{StudyReelRegistrationReply, StudyReelRegistrationRow};
use store::{Db, StoreError};

/// Largest answer, in bytes.
const ANSWER_BYTES: usize = 64 * 1024;

/// The result of a registration.
pub struct RegisterOutcome {
    /// The stored registration.
    pub registration: StudyReelRegistrationRow,
    /// Whether StudyReel was asked now; false if the tool was registered before and nothing has
    /// changed.
    pub sent: bool,
}

/// An installation's tool, ready to be registered.
pub struct Registrar {
    db: Db,
    outbound: Outbound,
    clock: Clock,
    random: Random,
    rows: Sealer,
    keys: StudyReelKeys,
    config: Config,
    tool: Tool,
    audit: CommandAudit,
}

impl Registrar {
    /// Opens an installation that a server set up.
    ///
    /// # Errors
    /// It doesn't exist, or the secret key is another.
    pub async fn open(
        config: Config,
        outbound: Outbound,
        clock: Clock,
    ) -> Result<Self, RegisterError> {
        let db = Db::attach(config.store(), config.fixed.store)
            .await
            .map_err(|_| RegisterError::NoTool)?;
        let random = Random::default();
        let (rows, root) = setup::secrets_in_use(&config, &db, &random).await?;
        let first = tools::stored(&db).await?.into_iter().next();
        Ok(Self {
            rows,
            keys: StudyReelKeys::new(&root),
            tool: first.ok_or(RegisterError::NoTool)?,
            audit: CommandAudit::new(&config, &db, &clock, &random),
            db,
            outbound,
            clock,
            random,
            config,
        })
    }

    /// The tool's settings, including the owner's.
    pub fn settings(&self) -> &ToolSettings {
        &self.tool.settings
    }

    /// The launch URL to register, with the newest secret, known only to StudyReel and the owner
    /// (§5, item 2).
    pub fn launch_url(&self) -> String {
        let newest = self.tool.settings.studyreel.secrets.last();
        let capability =
            self.keys
                .capability(&STUDYREEL, &self.tool.id, newest.copied().unwrap_or(1));
        let path = format!("/{}/launch/{capability}", STUDYREEL.name);
        self.config.public_url.join(&path)
    }

    /// The first address that a student's browser opens.
    pub fn login_url(&self) -> String {
        self.config.public_url.join("/studyreel/learn")
    }

    /// The stored registration of this name and version, if there is one.
    ///
    /// # Errors
    /// The store failed.
    pub async fn known(
        &self,
        base: &Url,
        listing: &Listing,
    ) -> Result<Option<StudyReelRegistrationRow>, RegisterError> {
        let mut reader = self.db.read().await?;
        let mut tx = reader.tx();
        let (tool_id, base) = (self.tool.id.clone(), base_text(base));
        let (name, version) = (listing.name.clone(), listing.version.clone());
        Ok(registrations::one(&mut tx, tool_id, base, name, version).await?)
    }

    /// Whether an earlier registration equals what we would send now.
    pub fn is_current(&self, known: &StudyReelRegistrationRow, listing: &Listing) -> bool {
        let hash = launch_url_hash(&listing.launch_url);
        let same = |kept: &Vec<u8>| verify_slices_are_equal(kept, &hash).is_ok();
        !known.is_open() && known.launch_url_hash.as_ref().is_some_and(same)
    }

    /// Checks whatever can be checked before asking StudyReel.
    ///
    /// # Errors
    /// What is missing, or why StudyReel could not launch into us.
    pub fn check(&self, base: &Url, listing: &Listing) -> Result<(), RegisterError> {
        let missing = listing.missing();
        if !missing.is_empty() {
            return Err(RegisterError::Incomplete(missing.join(" and ")));
        }
        if self.config.public_url.is_developer_mode() && base.scheme() == "https" {
            return Err(RegisterError::Loopback(
                self.config.public_url.as_str().to_owned(),
            ));
        }
        Ok(())
    }

    /// Registers the tool, stores the answer, and records the registration in the audit. If that
    /// isn't possible, [`Self::unrecorded`] says so. Of an attempt whose outcome we don't know, a
    /// server records that it was begun.
    ///
    /// # Errors
    /// What StudyReel said, and what to do.
    pub async fn register(
        &self,
        base: &Url,
        listing: &Listing,
        api_key: &str,
    ) -> Result<RegisterOutcome, RegisterError> {
        self.check(base, listing)?;
        let mut key = HeaderValue::from_str(api_key).map_err(|_| RegisterError::BadKey)?;
        key.set_sensitive(true);
        let url = endpoint(base)?;
        let tool_id = &*self.tool.id;
        let begun = self.audit.begin("studyreel register", tool_id, tool_id);
        let begun = begun.await?;
        let exchanged = self.exchange(&url, base, listing, key).await;
        let registered = exchanged.map(|registration| {
            let entry = self.entry(&registration);
            let outcome = RegisterOutcome {
                registration,
                sent: true,
            };
            (outcome, vec![entry])
        });
        let leaves_open = RegisterError::leaves_open;
        self.audit.finish(&begun, registered, leaves_open).await
    }

    /// Why a registration that is not in the audit log couldn't be recorded.
    pub fn unrecorded(&self) -> Option<String> {
        self.audit.unrecorded()
    }

    /// The entry about a registration. The launch URL is secret, and contacts are people.
    fn entry(&self, registration: &StudyReelRegistrationRow) -> AuditEntry {
        let entry = done(&self.tool.id, AuditAction::ToolRegistered, &self.tool.id);
        let mut after = json!({
            "studyreel": registration.base_url,
            "version": registration.version,
        });
        if let Some(id) = &registration.deployment_id {
            after["deploymentId"] = id.as_str().into();
        }
        entry.named(&*registration.name).after(after)
    }

    /// Asks StudyReel to register the tool, and stores its answer.
    async fn exchange(
        &self,
        url: &Url,
        base: &Url,
        listing: &Listing,
        key: HeaderValue,
    ) -> Result<StudyReelRegistrationRow, RegisterError> {
        // Stored before sending, so that a request without an answer is not forgotten.
        let row = self.ask(base, listing).await?;
        let answer = match self.send(url, listing, key).await {
            Ok(answer) => answer,
            Err(error) => {
                if matches!(error, RegisterError::NotAsked(_)) {
                    self.refused(row.id).await?;
                }
                return Err(error);
            }
        };
        match answer.status {
            200..300 => self.keep(row, listing, &answer.body).await,
            // It may have been carried out nevertheless.
            status @ 500.. => Err(RegisterError::Unknown(format!(
                "StudyReel failed (status {status}){}",
                words(&answer.body)
            ))),
            status => {
                self.refused(row.id).await?;
                Err(match status {
                    401 | 403 => RegisterError::Key(status, words(&answer.body)),
                    409 => RegisterError::Taken(words(&answer.body)),
                    _ => RegisterError::Refused(status, words(&answer.body)),
                })
            }
        }
    }

    async fn ask(
        &self,
        base: &Url,
        listing: &Listing,
    ) -> Result<StudyReelRegistrationRow, RegisterError> {
        let known = self.known(base, listing).await?;
        let row = StudyReelRegistrationRow {
            id: known.as_ref().map_or_else(
                || new_id(self.clock.now_ms(), &self.random),
                |known| known.id.clone(),
            ),
            base_url: base_text(base),
            name: listing.name.clone(),
            version: listing.version.clone(),
            launch_url_hash: None,
            remote_id: None,
            deployment_id: None,
            asked_at: self.clock.now_ms(),
            registered_at: None,
        };
        let (tool_id, asked) = (self.tool.id.clone(), row.clone());
        let write = self.db.write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { registrations::ask(&mut tx, tool_id, asked).await })
        });
        write.await?;
        Ok(row)
    }

    async fn send(
        &self,
        url: &Url,
        listing: &Listing,
        key: HeaderValue,
    ) -> Result<Answer, RegisterError> {
        let not_asked = |error: &dyn std::error::Error| RegisterError::NotAsked(error.to_string());
        let body = serde_json::to_vec(listing).map_err(|error| not_asked(&error))?;
        let request = Request {
            purpose: Purpose::Service,
            source: None,
            url,
            accept: JSON,
            bearer: None,
            limit: ANSWER_BYTES,
        };
        let headers = HeaderMap::from_iter([(HeaderName::from_static("x-api-key"), key)]);
        let answer = self.outbound.post_json(request, body, headers).await;
        answer.map_err(|error| match error {
            OutboundError::Blocked(_) | OutboundError::Busy => not_asked(&error),
            _ => RegisterError::Unknown(error.to_string()),
        })
    }

    async fn keep(
        &self,
        row: StudyReelRegistrationRow,
        listing: &Listing,
        body: &[u8],
    ) -> Result<StudyReelRegistrationRow, RegisterError> {
        let now = self.clock.now_ms();
        let kept = StudyReelRegistrationRow {
            launch_url_hash: Some(launch_url_hash(&listing.launch_url)),
            remote_id: text(body, &["toolId", "tool_id", "id"]),
            deployment_id: text(body, &["deployment_id", "deploymentId"]),
            registered_at: Some(now),
            ..row
        };
        let answered = StudyReelRegistrationReply {
            launch_url_hash: launch_url_hash(&listing.launch_url),
            remote_id: kept.remote_id.clone(),
            deployment_id: kept.deployment_id.clone(),
            answer_sealed: self.rows.seal(&identity(&kept.id), body),
        };
        let id = kept.id.clone();
        let write = self.db.write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { registrations::keep(&mut tx, id, answered, now).await })
        });
        write.await?;
        Ok(kept)
    }

    async fn refused(&self, id: String) -> Result<(), RegisterError> {
        let write = self.db.write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { registrations::refused(&mut tx, id).await })
        });
        Ok(write.await?)
    }

    /// Closes the store.
    pub async fn close(self) {
        self.db.close().await;
    }
}

fn endpoint(base: &Url) -> Result<Url, RegisterError> {
    Url::parse(&format!("{}/tools/register", base_text(base)))
        .map_err(|error| RegisterError::NotAsked(error.to_string()))
}

fn launch_url_hash(url: &str) -> Vec<u8> {
    seal::hash(&["studyreel launch url", url])
}

/// The identity that an answer is sealed with.
pub(crate) fn identity(id: &str) -> String {
    format!("studyreel_registrations/{id}")
}
