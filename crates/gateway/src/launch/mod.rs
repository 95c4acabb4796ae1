//! Launches: whoever comes in, by whichever adapter, is the same verified fact from here on (decision 0001).

pub mod facts;
pub mod handoff;
pub mod id_token;
pub mod ltik;

use std::borrow::Cow;
use std::sync::Arc;

use crate::app::App;
use crate::web::problem::Problem;
use store::deployments::Status;
use store::launches::{self, NewLaunch, Trace};
use store::{StoreError, Tx};

/// A verified launch.
#[derive(Clone, Debug)]
pub struct Launch {
    /// Our id for it: the `tid` of its `ltik`.
    pub id: String,
    /// The tool it is for.
    pub tool_id: String,
    /// The platform it came from, where that is a registered one.
    pub platform_id: Option<String>,
    /// What was verified, and by which adapter.
    pub message: Message,
    /// Milliseconds since 1970.
    pub created_at: i64,
    /// When it is forgotten, in milliseconds since 1970.
    pub expires_at: i64,
}

/// What an adapter verified, as it came.
#[derive(Clone, Debug)]
pub enum Message {
    /// The payload of an LTI 1.3 id_token.
    Lti13(Arc<str>),
    /// A StudyReel launch: its body, and the student it was for.
    StudyReel(crate::studyreel::Message),
}

/// What makes a second use of a launch fail.
#[derive(Clone, Debug)]
pub struct Nonce {
    /// Its hash.
    pub hash: Vec<u8>,
    /// Until when it could come again, in milliseconds since 1970.
    pub until: i64,
}

/// Whether a launch may be read at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Release {
    /// Its browser is known.
    Now,
    /// It waits until the browser is known.
    Later,
}

impl Message {
    fn dialect(&self) -> &'static str {
        match self {
            Self::Lti13(_) => "lti13",
            Self::StudyReel(_) => "studyreel",
        }
    }

    fn to_document(&self) -> Result<Cow<'_, [u8]>, serde_json::Error> {
        match self {
            Self::Lti13(payload) => Ok(payload.as_bytes().into()),
            Self::StudyReel(message) => serde_json::to_vec(message).map(Cow::from),
        }
    }

    fn from_document(dialect: &str, document: Vec<u8>) -> Result<Self, StoreError> {
        let corrupt =
            |error: serde_json::Error| StoreError::Corrupt(format!("a {dialect} launch: {error}"));
        match dialect {
            "lti13" => String::from_utf8(document)
                .map(|payload| Self::Lti13(payload.into()))
                .map_err(|error| StoreError::Corrupt(error.to_string())),
            "studyreel" => serde_json::from_slice(&document)
                .map(Self::StudyReel)
                .map_err(corrupt),
            other => Err(StoreError::Corrupt(format!("a launch of dialect {other}"))),
        }
    }
}

impl Launch {
    /// Bytes it takes in a cache, roughly.
    pub fn weight(&self) -> usize {
        let text = match &self.message {
            Message::Lti13(payload) => payload.len(),
            Message::StudyReel(message) => message.weight(),
        };
        text + 512
    }

    /// Stores the launch and so spends its nonce; false where the nonce was spent before.
    ///
    /// # Errors
    /// The store failed.
    pub async fn store(
        app: &App,
        tx: &mut Tx<'_>,
        launch: &Self,
        nonce: Nonce,
        deployment_id: String,
        trace: Option<Trace>,
    ) -> Result<bool, StoreError> {
        let row = launch.row(app, nonce, deployment_id, Release::Now, trace)?;
        launches::insert(tx, row).await
    }

    /// Stores a launch's message anew, before anybody can have read it.
    ///
    /// # Errors
    /// The store failed, or the launch was forgotten.
    pub async fn rewrite(app: &App, tx: &mut Tx<'_>, launch: &Self) -> Result<(), StoreError> {
        let document = launch
            .message
            .to_document()
            .map_err(|error| StoreError::Corrupt(error.to_string()))?;
        let sealed = app.rows.seal(&identity(&launch.id), &document);
        launches::rewrite(tx, launch.id.clone(), sealed).await
    }

    /// The row it is stored as.
    pub(crate) fn row(
        &self,
        app: &App,
        nonce: Nonce,
        deployment_id: String,
        release: Release,
        trace: Option<Trace>,
    ) -> Result<NewLaunch, StoreError> {
        let document = self
            .message
            .to_document()
            .map_err(|error| StoreError::Corrupt(error.to_string()))?;
        Ok(NewLaunch {
            id: self.id.clone(),
            tool_id: self.tool_id.clone(),
            dialect: self.message.dialect(),
            platform_id: self.platform_id.clone(),
            deployment_id: Some(deployment_id),
            nonce_hash: nonce.hash,
            document_sealed: Some(app.rows.seal(&identity(&self.id), &document)),
            created_at: self.created_at,
            expires_at: self.expires_at,
            nonce_until: nonce.until,
            parked: release == Release::Later,
            trace,
        })
    }

    /// Whether its session may go on: an operator can stop a person's launches and a deployment's at any time (lti.md
    /// I-24, I-26).
    ///
    /// # Errors
    /// The session is over, or the store failed.
    pub async fn check_standing(&self, app: &App) -> Result<(), Problem> {
        #[derive(serde::Deserialize)]
        struct Of {
            sub: Option<String>,
            #[serde(rename = "https://purl.imsglobal.org/spec/lti/claim/deployment_id")]
            deployment_id: String,
        }
        // Students of StudyReel have a state of their own.
        let (Message::Lti13(payload), Some(platform_id)) = (&self.message, &self.platform_id)
        else {
            return Ok(());
        };
        let of: Of = serde_json::from_str(payload).map_err(Problem::internal)?;
        if let Some(sub) = &of.sub
            && app.platforms.is_blocked(platform_id, sub).await?
        {
            return Err(Problem::unauthorized(
                "The person of this launch was blocked: their session is over.",
            ));
        }
        match app
            .platforms
            .deployment(platform_id, &of.deployment_id)
            .await?
        {
            Some(Status::Active) => Ok(()),
            Some(Status::Pending | Status::Disabled) | None => Err(Problem::unauthorized(
                "The deployment of this launch is no longer active: its sessions are over.",
            )),
        }
    }

    /// A launch by its id: from memory where it came in here lately, else from the store.
    ///
    /// # Errors
    /// The store failed, or the row can't be opened with this installation's key.
    pub async fn load(app: &App, id: &str) -> Result<Option<Arc<Self>>, Problem> {
        let now = app.clock.now_ms();
        if let Some(launch) = app.launches.get(id) {
            return Ok((now < launch.expires_at).then_some(launch));
        }
        let row = app.db.look_up(|mut tx| {
            let id = id.to_owned();
            Box::pin(async move { launches::by_id(&mut tx, id).await })
        });
        let Some(row) = row.await?.filter(|row| now < row.expires_at) else {
            return Ok(None);
        };
        let document = app
            .rows
            .open(&identity(&row.id), &row.document_sealed)
            .map_err(Problem::internal)?;
        let launch = Arc::new(Self {
            id: row.id,
            tool_id: row.tool_id,
            platform_id: row.platform_id,
            message: Message::from_document(&row.dialect, document)?,
            created_at: row.created_at,
            expires_at: row.expires_at,
        });
        app.launches.insert(id.to_owned(), launch.clone());
        Ok(Some(launch))
    }
}

/// What a launch's document is sealed together with.
pub(crate) fn identity(launch_id: &str) -> String {
    format!("launches/{launch_id}")
}
