//! A launch in the store: one INSERT, which also spends its nonce. The browser goes on from here.

use std::sync::Arc;

use axum::http::HeaderMap;
use axum::response::Response;
use store::deployments::{self, DeploymentStatus};
use store::launches::{self, NewLaunch};
use store::{StoreError, Tx};
use url::Url;

use super::accepted::{Accepted, destination, stopped};
use super::adapter::ADAPTER;
use super::bound::Bound;
use super::cookies;
use super::nonce::nonce;
use super::place::ShownIn;
use super::refusal::LaunchRefusal;
use super::room::Lti13;
use super::storage::Passing;
use super::surroundings::Surroundings;
use crate::directory::switching::admit_deployment;
use crate::kit::id;
use crate::launch::handoff::{self, Destination};
use crate::launch::{Launch, PlaceNews, Release};
use crate::traces::Recorder;
use crate::web::language::Language;
use crate::web::problem::Problem;
use crate::web::redirect::Onward;

/// A launch that is stored: its token is used up.
pub(super) struct Stored<'a> {
    bound: &'a Bound,
    payload: &'a str,
    launch_id: String,
    to: Destination<'static>,
    target: Url,
}

impl<'a> Stored<'a> {
    /// Stores an accepted launch, and its deployment with it if that is new.
    ///
    /// # Errors
    /// The token was used before, an operator stopped the deployment a moment ago, or the store failed.
    pub(super) async fn new(
        room: &Lti13,
        accepted: Accepted<'a>,
        trace: &mut Recorder,
    ) -> Result<Self, Problem> {
        let Accepted {
            signed,
            checked,
            deployment_is_new,
        } = accepted;
        let (bound, payload) = (signed.bound, signed.token.payload());
        let to = destination(&checked);
        let now = room.clock.now_ms();
        let trace = trace.of_launch(signed.token.claim_names(), payload, &bound.tool);
        let launch_minutes = i64::from(bound.tool.settings.retention.launch_minutes);
        let launch = Arc::new(Launch {
            id: id::new_id(now, &room.random),
            tool_id: bound.tool.id.clone(),
            platform_id: Some(bound.platform.id.clone()),
            adapter: ADAPTER.name,
            deployment_id: checked.deployment_id,
            subject: checked.subject,
            answers_by_frame: bound.state.offered && to == Destination::DeepLinking,
            document: payload.into(),
            created_at: now,
            expires_at: now + launch_minutes * 60_000,
        });
        let nonce = nonce(&bound.platform, &bound.state);
        let row = room.launches.row(&launch, nonce, bound.release, trace);
        let claims = signed.token.place_claims();
        let news = room.launches.place_news(&launch, &bound.platform, &claims);
        let place = news.await?;
        let is_stored = if deployment_is_new || place.is_some() {
            let deployment = deployment_is_new
                .then(|| (bound.platform.id.clone(), launch.deployment_id.clone()));
            let together = room.db.write::<_, StoreError, _>(move |mut tx| {
                Box::pin(async move { store_with(&mut tx, deployment, place, row).await })
            });
            together.await??
        } else {
            room.launches.store(row).await?
        };
        if !is_stored {
            return Err(LaunchRefusal::Replayed.into());
        }
        room.visits.launched(&bound.platform.id, now, payload);
        let (from, subject) = (&bound.platform.id, launch.subject.as_deref());
        room.usage.launched(&bound.tool.id, from, subject, now);
        if bound.release == Release::Now {
            room.launches.keep(&launch);
        }
        room.launches.place_handle(&launch, &bound.platform).await;
        Ok(Self {
            bound,
            payload,
            launch_id: launch.id.clone(),
            to,
            target: checked.target,
        })
    }

    /// Sends the browser to the application, or to a page that asks the platform's window whose browser this is.
    ///
    /// # Errors
    /// The tool lost its address a moment ago; or an error of ours.
    pub(super) fn answer(self, room: &Lti13, headers: &HeaderMap) -> Result<Response, Problem> {
        let Bound {
            tool,
            platform,
            state,
            ..
        } = self.bound;
        let accepted = Language::accepted(headers);
        if self.bound.release == Release::Later {
            let page = Passing {
                room,
                tool,
                platform,
                state,
                language: Surroundings::of(self.payload)
                    .language()
                    .unwrap_or(accepted),
            };
            return page.get(self.launch_id, self.to, self.target, ShownIn::of(headers));
        }
        let target = Some(&self.target);
        let location = handoff::location(&room.ltiks, tool, &self.launch_id, self.to, target)?;
        let onward = Onward {
            random: &room.random,
            language: accepted,
            name: tool.name_in(accepted),
        };
        let mut answer = onward.see_other(&location)?;
        cookies::clear(answer.headers_mut(), headers, &state.login_id);
        Ok(answer)
    }
}

/// Stores a launch with what else it is the first of: a deployment that is new, or waited until now, and news of its place.
async fn store_with(
    tx: &mut Tx<'_>,
    deployment: Option<(String, String)>,
    place: Option<PlaceNews>,
    row: NewLaunch,
) -> Result<Result<bool, LaunchRefusal>, StoreError> {
    if let Some((platform_id, deployment_id)) = deployment
        && let Err(refusal) = admit(tx, platform_id, deployment_id, row.created_at).await?
    {
        return Ok(Err(refusal));
    }
    let is_stored = launches::insert(tx, row).await?;
    // A replay has nothing new to tell.
    if let Some(place) = place.filter(|_| is_stored) {
        // If another launch changed the place meanwhile, reading this one keeps what it told.
        place.save(tx).await?;
    }
    Ok(Ok(is_stored))
}

/// Stores a deployment that is new, or admits one that waited.
async fn admit(
    tx: &mut Tx<'_>,
    platform_id: String,
    deployment_id: String,
    now_ms: i64,
) -> Result<Result<(), LaunchRefusal>, StoreError> {
    let (platform, id) = (platform_id.clone(), deployment_id.clone());
    if !admit_deployment(tx, platform, id, now_ms).await? {
        // Lost a race: another launch was first, or an operator, who may have decided otherwise.
        let known = deployments::one(tx, platform_id, deployment_id).await?;
        let known = known.map_or(DeploymentStatus::Active, |known| known.status);
        if known != DeploymentStatus::Active {
            return Ok(Err(stopped(known)));
        }
    }
    Ok(Ok(()))
}
