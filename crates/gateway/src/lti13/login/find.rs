//! Finds the platform of a login, and checks that the target is one of ours (lti.md,
//!

use std::sync::Arc;

use lti::login::LoginRequest;
use store::deployments;
use tokio::sync::SemaphorePermit;
use url::Url;

use crate::directory::platforms::Platform;
use crate::directory::tools::Tool;
use crate::launch::handoff;
use crate::lti13::login::nearest::{described, nearest};
use crate::lti13::refusal::LoginRefusal;
use crate::lti13::room::Lti13;
use crate::lti13::rules::Rules;
use crate::traces::{Recorder, Step};
use crate::web::client::Source;
use crate::web::problem::Problem;

/// The search for a login's platform.
pub(super) struct Search<'a> {
    pub(super) room: &'a Lti13,
    pub(super) tool: &'a Tool,
    /// From the address, if it contains one.
    pub(super) platform_id: Option<&'a str>,
    pub(super) request: &'a LoginRequest,
    /// Who asks.
    pub(super) source: Source,
}

impl Search<'_> {
    /// The platform, if the login may proceed.
    pub(super) async fn platform(&self, trace: &mut Recorder) -> Result<Arc<Platform>, Problem> {
        let refused =
            |refusal: LoginRefusal| refusal.problem(Some(self.request), &self.room.public_url);
        let found = match self.platform_id {
            Some(id) => self.named(id, trace).await?,
            None => self.fitting().await?,
        };
        let platform = found.map_err(refused)?;
        trace.platform = Some(platform.clone());
        if !platform.active {
            return Err(refused(LoginRefusal::Inactive(platform.id.clone())));
        }
        trace.done(Step::PlatformFound);
        handoff::has_address(self.tool)?;
        self.check_target(&platform).map_err(refused)?;
        trace.done(Step::TargetAllowed);
        Ok(platform)
    }

    /// The platform in the address, which must match the parameters.
    async fn named(
        &self,
        id: &str,
        trace: &mut Recorder,
    ) -> Result<Result<Arc<Platform>, LoginRefusal>, Problem> {
        let turn = self.turn(id).await?;
        let platform = self.room.platforms.by_id(id).await?;
        let platform = platform.filter(|platform| platform.tool_id == self.tool.id);
        self.note(id, turn.is_none(), platform.is_some());
        drop(turn);
        let Some(platform) = platform else {
            let same = self.of_issuer().await?;
            return Ok(Err(self.unregistered(&same).await?));
        };
        let client_id = self.request.client_id.as_ref();
        if platform.issuer == self.request.issuer
            && client_id.is_none_or(|id| *id == platform.client_id)
        {
            return Ok(Ok(platform));
        }
        let refusal = LoginRefusal::OtherPlatform(described(&platform, self.request));
        trace.platform = Some(platform);
        Ok(Err(refusal))
    }

    /// The only platform that matches the parameters.
    async fn fitting(&self) -> Result<Result<Arc<Platform>, LoginRefusal>, Problem> {
        let issuer = &self.request.issuer;
        let platforms = self.of_issuer().await?;
        let client_id = self.request.client_id.as_ref();
        let mut fitting = platforms.iter().filter(|platform| match client_id {
            Some(client_id) => *client_id == platform.client_id,
            None => platform.active,
        });
        Ok(match (fitting.next(), fitting.next()) {
            (Some(platform), None) => Ok(platform.clone()),
            (Some(_), Some(_)) => {
                let platform = self.by_deployment(&platforms).await?;
                platform.ok_or_else(|| LoginRefusal::Ambiguous(issuer.clone()))
            }
            // A single inactive one is worth mentioning.
            (None, _) => match platforms.first() {
                Some(platform) if client_id.is_none() => Ok(platform.clone()),
                _ => Err(self.unregistered(&platforms).await?),
            },
        })
    }

    /// The platforms with the login's issuer.
    async fn of_issuer(&self) -> Result<Arc<Vec<Arc<Platform>>>, Problem> {
        let (tool_id, issuer) = (&self.tool.id, &self.request.issuer);
        let turn = self.turn(issuer).await?;
        let found = self.room.platforms.of_issuer(tool_id, issuer).await?;
        self.note(issuer, turn.is_none(), !found.is_empty());
        drop(turn);
        Ok(found)
    }

    /// Remembers whether an issuer or a platform was found, unless that was known before.
    fn note(&self, name: &str, was_known: bool, is_found: bool) {
        if was_known != is_found {
            let strangers = &self.room.strangers;
            strangers.remember(&self.tool.id, name, is_found);
        }
    }

    /// Waits for a turn to look up an issuer or a platform, which only unknown ones need.
    async fn turn(&self, name: &str) -> Result<Option<SemaphorePermit<'_>>, Problem> {
        let strangers = &self.room.strangers;
        if strangers.knows(&self.tool.id, name) {
            return Ok(None);
        }
        strangers.lookup(self.source).await.map(Some)
    }

    /// The only active platform of several that has the login's deployment, if the login contains
    /// one. This only resolves the ambiguity: the launch still has to prove everything with
    /// its token. It is the only kind of login that queries the store.
    async fn by_deployment(
        &self,
        platforms: &[Arc<Platform>],
    ) -> Result<Option<Arc<Platform>>, Problem> {
        let (Some(deployment_id), Some(any)) = (&self.request.deployment_id, platforms.first())
        else {
            return Ok(None);
        };
        let found = self.room.db.look_up(|mut tx| {
            let (tool_id, issuer) = (any.tool_id.clone(), any.issuer.clone());
            let id = deployment_id.clone();
            Box::pin(
                async move { deployments::active_platforms(&mut tx, tool_id, issuer, id).await },
            )
        });
        let found = found.await?;
        let [one] = found.as_slice() else {
            return Ok(None);
        };
        let mut platforms = platforms.iter();
        Ok(platforms.find(|platform| platform.id == *one).cloned())
    }

    async fn unregistered(&self, same: &[Arc<Platform>]) -> Result<LoginRefusal, Problem> {
        let LoginRequest {
            issuer, client_id, ..
        } = self.request;
        Ok(LoginRefusal::Unregistered {
            issuer: issuer.clone(),
            client_id: client_id.clone().unwrap_or_else(|| "(none)".into()),
            nearest: nearest(self.room, self.tool, self.request, same).await?,
        })
    }

    fn check_target(&self, platform: &Platform) -> Result<(), LoginRefusal> {
        let target = &self.request.target_link_uri;
        let rules = Rules::new(&self.tool.settings.launch, platform);
        let origins = rules.target_origins(&self.tool.address(&self.room.public_url));
        let checked = lti::target::check_target(target, &origins);
        checked.map(drop).map_err(|refusal| {
            LoginRefusal::Target(match origin_of(target) {
                Some(origin) => format!("{refusal}: {origin}"),
                None => refusal.to_string(),
            })
        })
    }
}

/// The origin of an address, without the rest, which may contain personal data.
fn origin_of(address: &str) -> Option<String> {
    let origin = Url::parse(address).ok()?.origin();
    origin.is_tuple().then(|| origin.ascii_serialization())
}
