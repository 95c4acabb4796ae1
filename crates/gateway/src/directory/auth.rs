//! Requests with an API key (ltiaas-api.md §1.4), and whether its scope suffices.

use std::marker::PhantomData;
use std::sync::{Arc, OnceLock};

use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};

use crate::audit::{Actor, ActorKind, BegunChange};
use crate::directory::api_keys::keyring::{ApiKey, ApiKeys, REVOKED};
use crate::directory::api_keys::scope::{Need, Scope};
use crate::directory::credentials::Credentials;
use crate::directory::doorstep::{Doorstep, KnownAsker};
use crate::directory::tools::Tool;
use crate::web::api_rule::ApiRule;
use crate::web::problem::Problem;

const WRONG_SCOPE: ApiRule = ApiRule::new(
    "API_KEY_SCOPE",
    StatusCode::FORBIDDEN,
    "This request needs an API key of another scope.",
);

/// A request with `Bearer <API key>` whose scope is one of those that `N` lists.
pub struct WithApiKey<N> {
    /// The tool of the key.
    pub tool: Arc<Tool>,
    /// The scope of the key, for answers that show more to some than to others.
    pub scope: Scope,
    /// The key itself; none for a user of the portal.
    pub(crate) key: Option<Arc<ApiKey>>,
    need: PhantomData<fn() -> N>,
}

/// The holder of a request's key, as the audit describes them.
#[derive(Debug)]
pub(crate) struct KeyHolder {
    /// The tool, as it was before the request.
    pub(crate) tool: Arc<Tool>,
    /// The key's id, which is not secret.
    pub(crate) id: Arc<str>,
    /// The name its owner gave it.
    pub(crate) name: String,
    /// Whether the request changes what an operator manages. Then the store is asked for the key:
    /// see [`ApiKeys::admit`].
    pub(crate) manages: bool,
}

/// An extension of requests, for a layer that wants to know which key was accepted.
#[derive(Clone, Debug, Default)]
pub(crate) struct TakenKey(Arc<OnceLock<Arc<KeyHolder>>>);

impl TakenKey {
    /// The key's holder, once the request is done; `None` if no key was accepted.
    pub(crate) fn holder(&self) -> Option<Arc<KeyHolder>> {
        self.0.get().cloned()
    }
}

impl<N> WithApiKey<N> {
    /// For a signed-in user of the portal whose role allows it, instead of a key: the portal calls
    /// the API's handlers, so that nothing is implemented twice (portal.md PO-9, decision 0330).
    pub(crate) fn granted(tool: &Arc<Tool>) -> Self {
        let (tool, need) = (Arc::clone(tool), PhantomData);
        // The portal decides what each role may see.
        let scope = Scope::Manage;
        Self {
            tool,
            scope,
            key: None,
            need,
        }
    }
}

impl<S: Send + Sync, N: Need> FromRequestParts<S> for WithApiKey<N>
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
        let api_keys = ApiKeys::from_ref(state);
        let (tool, key) = api_keys.admit::<N>(parts, api_key).await?;
        let asker = || KnownAsker {
            tool_id: tool.id.clone(),
            key_id: Arc::clone(&key.id),
            scope: key.scope,
            who: "tool".to_owned(),
            platform_id: None,
            subject: None,
        };
        Doorstep::knock(parts, asker).await?;
        // Last, so that it is stored only of requests whose handler runs.
        if let Some(change) = parts.extensions.get::<BegunChange>().cloned() {
            let actor = Actor::new(ActorKind::ApiKey, &*key.id, &*key.name);
            change.begin(&tool.id, &actor).await?;
        }
        Ok(Self {
            tool,
            scope: key.scope,
            key: Some(key),
            need: PhantomData,
        })
    }
}

impl ApiKeys {
    /// The key of a request and its tool, if its scope suffices for `N`. The store is asked for the
    /// key before it changes what an operator manages: another replica or a command may just have
    /// revoked it, and a tool, a webhook or an invitation would outlive it (decision 0427).
    ///
    /// # Errors
    /// As [`Self::find`], and 403 if the scope doesn't suffice.
    pub async fn admit<N: Need>(
        &self,
        head: &Parts,
        api_key: &str,
    ) -> Result<(Arc<Tool>, Arc<ApiKey>), Problem> {
        let (tool, key) = self.find(head, api_key).await?;
        let reads = matches!(head.method, Method::GET | Method::HEAD);
        let scopes = if reads { N::READ } else { N::CHANGE };
        if !key.scope.suffices(scopes) {
            return Err(wrong_scope(&key, scopes));
        }
        let manages = !reads && !scopes.contains(&Scope::Services);
        if manages && !self.is_in_force_now(&key.id).await? {
            return Err(Problem::unauthorized(REVOKED));
        }
        if let Some(taken) = head.extensions.get::<TakenKey>() {
            let holder = KeyHolder {
                tool: Arc::clone(&tool),
                id: Arc::clone(&key.id),
                name: key.name.clone(),
                manages,
            };
            // Set only once: a request has one key.
            let _ = taken.0.set(Arc::new(holder));
        }
        Ok((tool, key))
    }
}

fn wrong_scope(key: &ApiKey, scopes: &[Scope]) -> Problem {
    let mut needed = String::new();
    for scope in scopes {
        needed.push_str(scope.as_str());
        needed.push_str(" or ");
    }
    needed.push_str(Scope::All.as_str());
    let ApiKey {
        id, name, scope, ..
    } = key;
    let scope = scope.as_str();
    let description = format!(
        "The API key '{name}' ({id}) has the scope {scope}; this request needs the scope {needed}."
    );
    WRONG_SCOPE.saying(description)
}
