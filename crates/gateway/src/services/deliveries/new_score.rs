//! A submitted score, and its place in the order.

use std::sync::Arc;

use lti::ags::Score;
use store::deliveries::LaneKey;
use url::Url;

use super::details::{DeliveryDetails, DeliveryTarget, ScoreHandle};
use super::rules::facts::{ScoreFacts, ScoreOptions};
use super::rules::vendor::Vendor;
use super::{DAY_MS, Deliveries};
use crate::directory::platforms::Platform;
use crate::directory::tools::Tool;
use crate::kit::id::new_id;
use crate::launch::ServicePlace;
use crate::settings::grades::{GradeSettings, OverMaximum};

/// A score to be delivered.
pub(crate) struct NewScore {
    pub tool: Arc<Tool>,
    pub platform: Arc<Platform>,
    /// The place whose services are used.
    pub place: ServicePlace,
    /// When the service key that brought it was issued, in milliseconds since 1970; `None` if an
    /// `ltik` brought it.
    pub key_issued_ms: Option<i64>,
    pub target: ScoreTarget,
    /// Without our own members.
    pub score: Score,
    pub options: ScoreOptions,
    /// A remark about it, in a sentence.
    pub note: Option<String>,
}

/// Where a score goes.
pub(crate) enum ScoreTarget {
    /// To this address.
    LineItem(Url),
    /// To the line item with this handle.
    Handle(ScoreHandle),
    /// To a handle whose line item is known: it has its turn among the scores to that address, or
    /// behind those that arrived before it was known.
    Found(Url, ScoreHandle),
}

/// What the transaction needs.
pub(super) struct Acceptable {
    pub id: String,
    /// The lane to enter.
    pub key: LaneKey,
    /// The lane of its handle, which is entered instead as long as it contains other deliveries.
    pub behind: Option<LaneKey>,
    /// The lanes that record the last delivery; that of the address comes first.
    pub lanes: Vec<String>,
    pub line_item_key: String,
    pub details: DeliveryDetails,
    pub tool_id: String,
    pub key_issued_ms: Option<i64>,
    pub note: Option<String>,
    pub settings: GradeSettings,
    pub vendor: Vendor,
    pub over: OverMaximum,
    pub now_ms: i64,
}

impl Acceptable {
    pub(super) const fn facts(&self) -> ScoreFacts<'_> {
        ScoreFacts::new(&self.details.score, &self.details.options)
    }

    pub(super) fn delete_at(&self) -> i64 {
        let kept = i64::from(self.settings.keep_days) * DAY_MS;
        self.now_ms.saturating_add(kept)
    }

    pub(super) fn give_up_at(&self) -> i64 {
        let patience = i64::try_from(self.settings.patience().as_millis()).unwrap_or(i64::MAX);
        self.now_ms.saturating_add(patience)
    }

    /// Sets a timestamp of ours.
    pub(super) fn set_time(&mut self, ms: i64) {
        let members = std::mem::take(&mut self.details.score);
        // It was parsed before, so it can be parsed again.
        if let Ok(mut score) = Score::read(members.into()) {
            score.set_timestamp(ms);
            self.details.score = score.into_members();
        }
    }
}

impl Deliveries {
    pub(super) fn acceptable(&self, new: NewScore) -> Acceptable {
        let NewScore {
            tool,
            platform,
            place,
            key_issued_ms,
            target,
            score,
            options,
            note,
        } = new;
        let now_ms = self.clock.now_ms();
        let vendor = Vendor::of(platform.family.as_deref(), &platform.issuer);
        let user = score.user_id().to_owned();
        let user_key = self.keys.user(&platform.id, &user);
        let lane = |line_item_key: &str| LaneKey {
            lane: self.keys.lane(line_item_key, &user_key),
            platform_id: platform.id.clone(),
            user_key: user_key.clone(),
        };
        let (line_item_key, behind, target) = self.target(&platform.id, &place, target);
        let (key, behind) = (lane(&line_item_key), behind.as_deref().map(lane));
        let lanes = [Some(&key), behind.as_ref()].into_iter().flatten();
        Acceptable {
            id: new_id(now_ms, &self.random),
            lanes: lanes.map(|key| key.lane.clone()).collect(),
            key,
            behind,
            line_item_key,
            tool_id: tool.id.clone(),
            key_issued_ms,
            note,
            settings: Self::rules(&tool, &platform),
            vendor,
            over: platform
                .grades
                .over_maximum
                .unwrap_or_else(|| vendor.over_maximum()),
            now_ms,
            details: DeliveryDetails {
                user,
                target,
                place: ServicePlace {
                    memberships: None,
                    groups: None,
                    told: None,
                    ..place
                },
                is_our_time: score.timestamp().is_none(),
                score: score.into_members(),
                options,
            },
        }
    }

    /// The hash of the line item, that of its handle if there is one, and the destination.
    fn target(
        &self,
        platform_id: &str,
        place: &ServicePlace,
        target: ScoreTarget,
    ) -> (String, Option<String>, DeliveryTarget) {
        let address = |url: &Url| self.keys.line_item(platform_id, url.as_str());
        let name = |handle: &ScoreHandle| {
            self.keys.handle(
                platform_id,
                &place.deployment_id,
                place.context_id.as_deref(),
                &handle.resource_id,
                handle.tag.as_deref(),
            )
        };
        match target {
            ScoreTarget::LineItem(url) => {
                (address(&url), None, DeliveryTarget::LineItem(url.into()))
            }
            ScoreTarget::Found(url, handle) => (
                address(&url),
                Some(name(&handle)),
                DeliveryTarget::Handle(handle),
            ),
            ScoreTarget::Handle(handle) => (name(&handle), None, DeliveryTarget::Handle(handle)),
        }
    }
}
