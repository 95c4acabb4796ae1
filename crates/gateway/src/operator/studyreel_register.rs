//! Registering the tool with StudyReel: `POST /tools/register` (studyreel.md §3).
//!
//! StudyReel documents the request and not the answer. So any answer of status 2xx counts as registered and is kept
//! whole; what it says of an id and a deployment is read where it stands where we expect it.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use axum::http::{HeaderMap, HeaderValue};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde_json::{Value, json};
use studyreel::STUDYREEL;
use url::Url;

use crate::directory::tools::{self, Tool};
use crate::kit::clock::{Clock, Random};
use crate::kit::id::new_id;
use crate::kit::outbound::{Outbound, OutboundError, Purpose, Request};
use crate::kit::seal::{self, Sealer};
use crate::operator::setup::{self, SetupError};
use crate::settings::installation::Config;
use crate::settings::tool::ToolSettings;
use crate::studyreel::StudyReelKeys;
use store::studyreel_registrations as registrations;
use store::studyreel_registrations::{Answered, Registration};
use store::{Db, StoreError};

/// StudyReel's production system.
pub const PRODUCTION: &str = "https://prod-studyreel.alpha1edtech.com";
/// Its staging system.
pub const STAGING: &str = "https://studyreel.alpha1edtech.com";
/// Most bytes of an answer.
const ANSWER_BYTES: usize = 64 * 1024;
/// Most characters of the other side's words that are passed on.
const WORDS: usize = 300;

/// What StudyReel is to know of the tool, in its own names (§3).
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Listing {
    /// The tool's name.
    pub name: String,
    /// Short text for students.
    pub description: String,
    /// Where launches are posted: with the capability.
    pub launch_url: String,
    /// Its logo.
    pub logo_url: String,
    /// Cover image of its page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cover_image_url: Option<String>,
    /// Its state, such as `active`.
    pub status: String,
    /// The platform's name, such as `1EdTech`.
    pub platform: String,
    /// The application's version, not LTI's.
    pub version: String,
    /// Names and roles service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub names_and_roles_service: Option<String>,
    /// Grade service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grade_service: Option<String>,
    /// Where browsers are sent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub redirect_uris: Vec<String>,
    /// Whom to ask.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<Contact>,
}

/// Somebody to ask.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Contact {
    /// Name.
    pub name: String,
    /// E-mail address.
    pub email: String,
}

/// What came of it.
pub struct Registered {
    /// What is kept of it.
    pub registration: Registration,
    /// Whether StudyReel was asked now; false where it was registered before and nothing has changed.
    pub sent: bool,
}

/// Why it failed.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// The installation.
    #[error(transparent)]
    Setup(#[from] SetupError),
    /// There is no store, or no tool in it.
    #[error(
        "there is no tool at the address in the setting database_url. Give the settings that `hallpass serve` runs \
         with, and let it start once"
    )]
    NoTool,
    /// What StudyReel needs and nobody told us.
    #[error("StudyReel needs {0}")]
    Incomplete(String),
    /// StudyReel can't come back.
    #[error(
        "StudyReel can't reach {0}: set public_url to the https address the world uses, or register with a StudyReel on \
         this machine"
    )]
    Loopback(String),
    /// The key can't stand in a header.
    #[error(
        "the API key holds characters that no key has; check the file or the variable it comes from"
    )]
    BadKey,
    /// StudyReel was asked, and nothing came back that says how it went.
    #[error(
        "{0}. StudyReel may have registered the tool or not: look there before you run this again; if it has, and says \
         that it is registered already, take the deployment from there"
    )]
    Unknown(String),
    /// StudyReel was not asked.
    #[error("StudyReel was not asked: {0}")]
    NotAsked(String),
    /// The key is missing or wrong.
    #[error("StudyReel doesn't take the API key (status {0}); is it one of this environment?{1}")]
    Key(u16, String),
    /// There is one of this name and version.
    #[error(
        "StudyReel has a tool of this name and version already{0}. It has no call to change one: register the new \
         launch URL under another --app-version, or ask StudyReel to change it"
    )]
    Taken(String),
    /// Something else is wrong.
    #[error("StudyReel refused the registration (status {0}){1}")]
    Refused(u16, String),
}

impl From<StoreError> for RegisterError {
    fn from(error: StoreError) -> Self {
        Self::Setup(error.into())
    }
}

/// An installation's tool, to be registered.
pub struct Registrar {
    db: Db,
    outbound: Outbound,
    clock: Clock,
    random: Random,
    rows: Sealer,
    keys: StudyReelKeys,
    config: Config,
    tool: Tool,
}

impl Registrar {
    /// Opens an installation as a server set it up.
    ///
    /// # Errors
    /// It isn't there, or the secret key is another.
    pub async fn open(
        config: Config,
        outbound: Outbound,
        clock: Clock,
    ) -> Result<Self, RegisterError> {
        let db = Db::attach(&config.database_url, config.fixed.store)
            .await
            .map_err(|_| RegisterError::NoTool)?;
        let random = Random::default();
        let (rows, root) = setup::secrets_in_use(&config, &db, &random).await?;
        let first = tools::stored(&db).await?.into_iter().next();
        Ok(Self {
            rows,
            keys: StudyReelKeys::new(&root),
            tool: first.ok_or(RegisterError::NoTool)?,
            db,
            outbound,
            clock,
            random,
            config,
        })
    }

    /// The tool's settings.
    pub fn settings(&self) -> &ToolSettings {
        &self.tool.settings
    }

    /// The launch URL to register: the newest, which only StudyReel and the owner will know (§5, item 2).
    pub fn launch_url(&self) -> String {
        let newest = self.tool.settings.studyreel.secrets.last();
        let capability =
            self.keys
                .capability(&STUDYREEL, &self.tool.id, newest.copied().unwrap_or(1));
        let path = format!("/{}/launch/{capability}", STUDYREEL.name);
        self.config.public_url.join(&path)
    }

    /// Where the browser of a student goes first.
    pub fn login_url(&self) -> String {
        self.config.public_url.join("/studyreel/learn")
    }

    /// What is kept of an earlier registration of this name and version.
    ///
    /// # Errors
    /// The store failed.
    pub async fn known(
        &self,
        base: &Url,
        listing: &Listing,
    ) -> Result<Option<Registration>, RegisterError> {
        let mut reader = self.db.read().await?;
        let mut tx = reader.tx();
        let (tool_id, base) = (self.tool.id.clone(), base_text(base));
        let (name, version) = (listing.name.clone(), listing.version.clone());
        Ok(registrations::one(&mut tx, tool_id, base, name, version).await?)
    }

    /// Whether an earlier registration is what would be sent now.
    pub fn is_current(&self, known: &Registration, listing: &Listing) -> bool {
        let hash = launch_url_hash(&listing.launch_url);
        let same = |kept: &Vec<u8>| verify_slices_are_equal(kept, &hash).is_ok();
        !known.is_open() && known.launch_url_hash.as_ref().is_some_and(same)
    }

    /// Checks what can be known before StudyReel is asked.
    ///
    /// # Errors
    /// What is missing, or why StudyReel could not launch into us.
    pub fn check(&self, base: &Url, listing: &Listing) -> Result<(), RegisterError> {
        let needed = [
            (&listing.name, "a name (the tool's setting name, or --name)"),
            (
                &listing.description,
                "a description (the tool's setting description, or --description)",
            ),
            (
                &listing.logo_url,
                "a logo (the tool's setting logoUrl, or --logo-url)",
            ),
            (&listing.status, "a --status"),
            (&listing.platform, "a --platform"),
            (&listing.version, "an --app-version"),
        ];
        let missing: Vec<&str> = needed
            .iter()
            .filter(|(value, _)| value.trim().is_empty())
            .map(|(_, what)| *what)
            .collect();
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

    /// Registers the tool and keeps the answer.
    ///
    /// # Errors
    /// What StudyReel said, and what to do.
    pub async fn register(
        &self,
        base: &Url,
        listing: &Listing,
        api_key: &str,
    ) -> Result<Registered, RegisterError> {
        self.check(base, listing)?;
        let mut key = HeaderValue::from_str(api_key).map_err(|_| RegisterError::BadKey)?;
        key.set_sensitive(true);
        let url = endpoint(base)?;
        let known = self.known(base, listing).await?;
        let row = Registration {
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
        // Written before it is sent, so that an answer that never comes is not forgotten.
        let (tool_id, asked) = (self.tool.id.clone(), row.clone());
        let write = self.db.write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { registrations::ask(&mut tx, tool_id, asked).await })
        });
        write.await?;
        let body = serde_json::to_vec(listing)
            .map_err(|error| RegisterError::NotAsked(error.to_string()))?;
        let request = Request {
            purpose: Purpose::Service,
            url: &url,
            accept: "application/json",
            bearer: None,
            limit: ANSWER_BYTES,
        };
        let headers =
            HeaderMap::from_iter([(axum::http::HeaderName::from_static("x-api-key"), key)]);
        let answer = match self.outbound.post_json_with(request, body, headers).await {
            Ok(answer) => answer,
            Err(error @ (OutboundError::Blocked(_) | OutboundError::Busy)) => {
                self.refused(row.id).await?;
                return Err(RegisterError::NotAsked(error.to_string()));
            }
            Err(error) => return Err(RegisterError::Unknown(error.to_string())),
        };
        match answer.status {
            200..300 => {
                let registration = self.keep(row, listing, &answer.body).await?;
                Ok(Registered {
                    registration,
                    sent: true,
                })
            }
            // It may have got through to where the work is done.
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

    async fn keep(
        &self,
        row: Registration,
        listing: &Listing,
        body: &[u8],
    ) -> Result<Registration, RegisterError> {
        let told: Value = serde_json::from_slice(body).unwrap_or(Value::Null);
        let text = |names: &[&str]| {
            let found = names.iter().find_map(|name| {
                [&told, &told["data"], &told["tool"]]
                    .into_iter()
                    .find_map(|object| object[*name].as_str())
            });
            found.map(|text| text.chars().take(255).collect::<String>())
        };
        let now = self.clock.now_ms();
        let kept = Registration {
            launch_url_hash: Some(launch_url_hash(&listing.launch_url)),
            remote_id: text(&["toolId", "tool_id", "id"]),
            deployment_id: text(&["deployment_id", "deploymentId"]),
            registered_at: Some(now),
            ..row
        };
        let answered = Answered {
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

    /// The change of settings that lets only this deployment of these issuers launch, and only by the launch URL with
    /// the capability.
    pub fn allowing(&self, issuers: &[String], deployment: &str) -> Value {
        let studyreel = &self.tool.settings.studyreel;
        let mut change = json!({
            "deployments": studyreel.deployments,
            "requireCapability": true,
        });
        if let Value::Array(listed) = &mut change["deployments"] {
            for issuer in issuers {
                let this = json!({"issuer": issuer, "id": deployment});
                if !listed.contains(&this) {
                    listed.push(this);
                }
            }
        }
        let missing = self.not_allowed(issuers);
        if !missing.is_empty() {
            change["issuers"] = studyreel.issuers.iter().chain(missing).cloned().collect();
        }
        json!({"studyreel": change})
    }

    /// Those of these issuers that may not launch yet.
    pub fn not_allowed<'a>(&self, issuers: &'a [String]) -> Vec<&'a String> {
        let allowed = &self.tool.settings.studyreel.issuers;
        let is_allowed = |issuer: &&String| {
            let same = |allowed: &String| allowed.trim_end_matches('/') == issuer.as_str();
            allowed.iter().any(same)
        };
        issuers
            .iter()
            .filter(|issuer| !is_allowed(issuer))
            .collect()
    }

    /// Closes the store.
    pub async fn close(self) {
        self.db.close().await;
    }
}

/// The deployment of launches as StudyReel seems to make it: the documented one is base64 of a name and a version.
pub fn likely_deployment(listing: &Listing) -> String {
    STANDARD.encode(format!("{}:{}", listing.name, listing.version))
}

/// The issuers that launches of a StudyReel may name: its own address; and for production that of staging too, since
/// which of the two it names is documented nowhere.
pub fn likely_issuers(base: &Url) -> Vec<String> {
    let own = base_text(base);
    if own == PRODUCTION {
        vec![own, STAGING.to_owned()]
    } else {
        vec![own]
    }
}

/// A StudyReel's address as it is kept and compared.
pub fn base_text(base: &Url) -> String {
    base.as_str().trim_end_matches('/').to_owned()
}

fn endpoint(base: &Url) -> Result<Url, RegisterError> {
    Url::parse(&format!("{}/tools/register", base_text(base)))
        .map_err(|error| RegisterError::NotAsked(error.to_string()))
}

fn launch_url_hash(url: &str) -> Vec<u8> {
    seal::hash(&["studyreel launch url", url])
}

/// What an answer is sealed together with.
pub(crate) fn identity(id: &str) -> String {
    format!("studyreel_registrations/{id}")
}

/// What the other side says went wrong, fit for a terminal.
fn words(body: &[u8]) -> String {
    let told: Value = serde_json::from_slice(body).unwrap_or(Value::Null);
    let said = ["message", "error", "detail"]
        .iter()
        .find_map(|name| told[*name].as_str());
    let whole = String::from_utf8_lossy(body);
    let said: String = said
        .unwrap_or(&whole)
        .chars()
        .map(|char| if char.is_control() { ' ' } else { char })
        .take(WORDS)
        .collect();
    match said.trim() {
        "" => String::new(),
        said => format!(": {said}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn production_may_name_either_issuer() {
        let issuers = |base: &str| likely_issuers(&Url::parse(base).expect("a URL"));
        assert_eq!(issuers(PRODUCTION), [PRODUCTION, STAGING]);
        assert_eq!(issuers("https://studyreel.alpha1edtech.com/"), [STAGING]);
        assert_eq!(issuers("http://127.0.0.1:8091"), ["http://127.0.0.1:8091"]);
    }

    #[test]
    fn the_other_sides_words_are_short_and_harmless() {
        assert_eq!(
            words(br#"{"message": "logoUrl is missing"}"#),
            ": logoUrl is missing"
        );
        assert_eq!(words(b"\x1b[2Jgone\n"), ": [2Jgone");
        assert_eq!(words(b""), "");
        assert_eq!(
            words("é".repeat(1000).as_bytes()).chars().count(),
            WORDS + 2
        );
    }
}
