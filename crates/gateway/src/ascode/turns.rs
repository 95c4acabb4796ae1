//! Limits how many configurations API keys apply at once: only a few are in memory, and they are
//! carried out one by one, each followed by a pause as long as it took. Launches into other tools
//! need the store, too (decision 0371).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{sleep, timeout};

use super::error::CodeError;
use crate::audit::{Actor, ActorKind, BegunChange};
use crate::directory::api_keys::keyring::ApiKeys;
use crate::directory::api_keys::scope::ForManagement;
use crate::directory::auth::WithApiKey;
use crate::directory::tools::Tool;
use crate::kit::clock::Stopwatch;
use crate::web::problem::Problem;

/// Number of configurations in memory, each with a body of up to 16 MiB.
const AT_ONCE: usize = 4;
/// How many of them may be for one tool.
const OF_ONE_TOOL: usize = 2;
/// How long a configuration waits for a slot, and again for its turn.
const WAIT: Duration = Duration::from_secs(20);

/// The configurations that are being applied. Cloning it is cheap.
#[derive(Clone)]
pub(crate) struct ApplyTurns(Arc<ApplyTurnsInner>);

struct ApplyTurnsInner {
    slots: Arc<Semaphore>,
    of_tools: Mutex<HashMap<String, Arc<Semaphore>>>,
    turn: Arc<Semaphore>,
}

/// A configuration's slot in memory, released on drop.
pub(super) struct ApplySlot {
    _both: [OwnedSemaphorePermit; 2],
}

/// Who applies a configuration, and its slot.
pub(crate) struct ApplyCaller {
    pub(super) tool: Arc<Tool>,
    pub(super) actor: Actor,
    pub(super) slot: ApplySlot,
    /// The change, which begins when its turn comes.
    pub(super) change: Option<BegunChange>,
}

impl Default for ApplyTurns {
    fn default() -> Self {
        Self(Arc::new(ApplyTurnsInner {
            slots: Arc::new(Semaphore::new(AT_ONCE)),
            of_tools: Mutex::default(),
            turn: Arc::new(Semaphore::new(1)),
        }))
    }
}

impl ApplyTurns {
    /// Waits for a slot for a configuration of this tool.
    async fn slot(&self, tool_id: &str) -> Result<ApplySlot, CodeError> {
        let of_tool = self.of_tool(tool_id);
        let both = async {
            let own = of_tool.acquire_owned().await;
            (own, self.0.slots.clone().acquire_owned().await)
        };
        match timeout(WAIT, both).await {
            Ok((Ok(own), Ok(any))) => Ok(ApplySlot { _both: [own, any] }),
            _ => Err(CodeError::Meanwhile),
        }
    }

    fn of_tool(&self, tool_id: &str) -> Arc<Semaphore> {
        let of_tools = self.0.of_tools.lock();
        let mut of_tools = of_tools.unwrap_or_else(PoisonError::into_inner);
        // Never removed: an installation has few tools.
        let own = of_tools.entry(tool_id.to_owned());
        own.or_insert_with(|| Arc::new(Semaphore::new(OF_ONE_TOOL)))
            .clone()
    }

    /// Runs a change when its turn comes. Afterwards, the next has to wait for as long again.
    ///
    /// # Errors
    /// Its turn doesn't come in time.
    pub(super) async fn one_by_one<F: Future>(&self, change: F) -> Result<F::Output, CodeError> {
        let turn = timeout(WAIT, self.0.turn.clone().acquire_owned()).await;
        let Ok(Ok(turn)) = turn else {
            return Err(CodeError::Meanwhile);
        };
        let begun = Stopwatch::start();
        let changed = change.await;
        let took = begun.elapsed();
        tokio::spawn(async move {
            sleep(took).await;
            drop(turn);
        });
        Ok(changed)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for ApplyCaller
where
    ApiKeys: FromRef<S>,
    ApplyTurns: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        // Taken out of the request, because it would begin when the key is accepted. But nothing is
        // changed while the caller waits, and a request that ends there would seem unfinished.
        let change = parts.extensions.remove::<BegunChange>();
        let caller = WithApiKey::<ForManagement>::from_request_parts(parts, state).await?;
        let key = caller.key.ok_or_else(|| Problem::internal("no API key"))?;
        let slot = ApplyTurns::from_ref(state).slot(&caller.tool.id).await?;
        Ok(Self {
            tool: caller.tool,
            actor: Actor::new(ActorKind::ApiKey, &*key.id, &*key.name),
            slot,
            change,
        })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[tokio::test]
    async fn a_tool_has_its_places_and_all_tools_have_theirs() {
        let turns = ApplyTurns::default();
        let slot = |tool: &'static str| turns.slot(tool).now_or_never();
        let taken = [slot("a"), slot("a")].map(|slot| slot.unwrap().unwrap());
        assert!(slot("a").is_none(), "it waits");
        let others = [slot("b"), slot("c")].map(|slot| slot.unwrap().unwrap());
        assert!(slot("d").is_none(), "it waits as well");
        drop(taken);
        assert!(slot("a").is_some() && slot("d").is_some());
        drop(others);
    }

    #[tokio::test]
    async fn after_each_there_is_a_pause_as_long_as_it_took() {
        const LONG: Duration = Duration::from_millis(200);
        let (turns, begun) = (ApplyTurns::default(), Stopwatch::start());
        let one = || turns.one_by_one(async { sleep(LONG).await });
        let (first, second) = tokio::join!(one(), one());
        assert!(first.is_ok() && second.is_ok());
        assert!(begun.elapsed() >= LONG * 3, "{:?}", begun.elapsed());
    }
}
