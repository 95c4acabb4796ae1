//! Who may use the API: API keys, each of one tool (ltiaas-api.md §1.4).

use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use store::{Db, api_keys};

use crate::directory::credentials::Credentials;
use crate::directory::tools::{Tool, Tools};
use crate::kit::cache::Cache;
use crate::kit::seal;
use crate::web::problem::Problem;

/// The API keys of every tool. Cloning it is cheap.
#[derive(Clone)]
pub struct ApiKeys(Arc<Kept>);

struct Kept {
    db: Db,
    tools: Tools,
    /// A tool's id by the hash of its key.
    owners: Cache<Vec<u8>, Arc<str>>,
}

impl ApiKeys {
    /// The keys in this store.
    pub fn new(db: Db, tools: Tools) -> Self {
        Self(Arc::new(Kept {
            db,
            tools,
            owners: Cache::new(1000),
        }))
    }

    /// The tool of an API key.
    ///
    /// # Errors
    /// 401 for a key that is nobody's, or the store failed.
    pub async fn tool_of(&self, api_key: &str) -> Result<Arc<Tool>, Problem> {
        let unknown = || Problem::unauthorized("Invalid API key");
        let hash = api_key_hash(api_key);
        let tool_id = match self.0.owners.get(&hash) {
            Some(tool_id) => tool_id,
            None => {
                let found = self.0.db.look_up(|mut tx| {
                    let hash = hash.clone();
                    Box::pin(async move { api_keys::tool_of(&mut tx, hash).await })
                });
                let tool_id: Arc<str> = found.await?.ok_or_else(unknown)?.into();
                self.0.owners.insert(hash, Arc::clone(&tool_id));
                tool_id
            }
        };
        self.0.tools.by_id(&tool_id).ok_or_else(unknown)
    }

    /// Drops what is cached and too old to be given out.
    pub fn tidy(&self) {
        self.0.owners.tidy();
    }
}

/// The hash under which an API key is stored.
pub fn api_key_hash(api_key: &str) -> Vec<u8> {
    seal::hash(&["api key", api_key])
}

/// A request with `Bearer <API key>`: for registrations, platforms and settings.
pub struct WithApiKey(pub Arc<Tool>);

impl<S: Send + Sync> FromRequestParts<S> for WithApiKey
where
    ApiKeys: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Credentials::Bearer(api_key) = Credentials::of(parts)? else {
            return Err(Problem::unauthorized(
                "This address takes: Authorization: Bearer <API key>",
            ));
        };
        ApiKeys::from_ref(state).tool_of(api_key).await.map(Self)
    }
}
