//! What was delivered to a line item, and where that line item is.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use axum::http::StatusCode;
use store::deliveries::{self, DeliveryFilter, DeliveryState};
use store::platforms;
use url::Url;

use super::DeliveryDesk;
use super::compare::ComparedGrade;
use super::viewer::{Viewer, not_with_an_ltik};
use crate::directory::platforms::Platform;
use crate::directory::standing::Stopped;
use crate::directory::tools::Tool;
use crate::launch::{ServicePlace, WithServices};
use crate::services::INACTIVE;
use crate::services::deliveries::answer::DeliveryScore;
use crate::services::deliveries::lanes::turn_of;
use crate::services::deliveries::rules::last::LastDelivered;
use crate::services::deliveries::rules::shown::SentGrade;
use crate::services::deliveries::rules::taken::LaneTurn;
use crate::services::deliveries::rules::vendor::Vendor;
use crate::services::reach;
use crate::web::api_rule::ApiRule;
use crate::web::problem::Problem;

pub(super) const NOTHING: ApiRule = ApiRule::new(
    "NOTHING_DELIVERED",
    StatusCode::NOT_FOUND,
    "No delivery to this line item is known: nothing was sent asynchronously, or not within the time that deliveries are kept.",
);
const PLATFORM_INACTIVE: ApiRule = ApiRule::new(
    "PLATFORM_INACTIVE",
    StatusCode::CONFLICT,
    "The platform of this line item is not active. Activate it first.",
);
const DEPLOYMENT_INACTIVE: ApiRule = ApiRule::new(
    "DEPLOYMENT_INACTIVE",
    StatusCode::CONFLICT,
    "The deployment that scores for this line item came by is not active. Activate it first.",
);
pub(super) const TOO_MANY: ApiRule = ApiRule::new(
    "TOO_MANY_TO_RECONCILE",
    StatusCode::UNPROCESSABLE_ENTITY,
    "There are more than 100,000 people, or the platform's list of results has no end.",
);

/// The most people, so that the comparison fits into memory.
const MOST_PEOPLE: usize = 100_000;
/// How many deliveries are read at once.
const ROWS: i64 = 500;

/// What was delivered to one person.
pub(super) struct DeliveredGrades {
    /// Latest first.
    pub grades: Vec<ComparedGrade>,
    /// The id of the latest delivery; `None` if the score was sent synchronously, which leaves no
    /// row.
    pub delivery: Option<String>,
    /// Its place in the order of acceptance.
    turn: Option<LaneTurn>,
}

impl DeliveredGrades {
    /// Starts with the last delivery, however it was sent.
    fn new(last: Option<LastDelivered>, vendor: Vendor) -> Self {
        let last = last.filter(LastDelivered::is_known);
        let mut grades = Vec::new();
        if let Some(last) = &last {
            grades.push(ComparedGrade::new(last.sent(), &last.grading, vendor));
            grades.extend(last.besides().map(ComparedGrade::possible));
        }
        Self {
            grades,
            delivery: None,
            turn: last.and_then(|last| last.turn),
        }
    }

    /// Adds a delivery; call it in order, latest first.
    fn add(&mut self, id: String, turn: &LaneTurn, score: &DeliveryScore, vendor: Vendor) {
        let is_last = match &self.turn {
            Some(last) => last.lane == turn.lane && last.seq == turn.seq,
            // The last delivery is unknown, or was made by a version that recorded no order.
            None => self.delivery.is_none(),
        };
        if is_last {
            self.delivery = Some(id);
        }
        let sent = SentGrade::new(score.score_given, score.score_maximum);
        let grading = score.grading_progress.as_deref().unwrap_or_default();
        self.grades.push(ComparedGrade::new(sent, grading, vendor));
    }
}

/// Where the line item is.
pub(super) struct LineItemPlace {
    pub tool: Arc<Tool>,
    pub platform: Arc<Platform>,
    pub place: ServicePlace,
}

impl LineItemPlace {
    /// The platform's product.
    pub(super) fn vendor(&self) -> Vendor {
        Vendor::of(self.platform.family.as_deref(), &self.platform.issuer)
    }

    /// The service key's, if it reaches the line item.
    fn reached(services: &WithServices, url: &Url) -> Result<Self, Problem> {
        let at = Self {
            tool: services.tool.clone(),
            platform: services.platform.clone(),
            place: services.place.clone(),
        };
        let is_listed = at.vendor().lists_by_course();
        reach::line_item(url.clone(), &at.place, &at.platform, is_listed)?;
        Ok(at)
    }
}

impl DeliveryDesk {
    /// The platform and place of a line item, from the service key or from a delivery, provided
    /// that they are active.
    ///
    /// # Errors
    /// 400 if the service key doesn't reach it, 401 with an `ltik`, 403 if the tool has disabled
    /// the service, 404 if no delivery is known, 409 if the platform or deployment is inactive.
    pub(super) async fn line_item_place(
        &self,
        viewer: &Viewer,
        url: &Url,
        platform: Option<String>,
    ) -> Result<LineItemPlace, Problem> {
        if !viewer.tool().settings.services.assignment_and_grades {
            return Err(INACTIVE.problem());
        }
        let tool = match viewer {
            Viewer::Place(services) => return LineItemPlace::reached(services, url),
            Viewer::Person { .. } => return Err(not_with_an_ltik()),
            Viewer::Tool(tool) => tool,
        };
        let candidates = match platform {
            Some(id) => vec![self.platforms.of_tool(&tool.id, &id).await?.row.id],
            None => self.platforms_with(&tool.id, url).await?,
        };
        for platform_id in candidates {
            let filter = self.to_line_item(tool, &platform_id, url, 1);
            let mut reader = self.db.read().await?;
            let rows = deliveries::page(&mut reader.tx(), &filter).await?;
            drop(reader);
            let Some(row) = rows.into_iter().next() else {
                continue;
            };
            let standing = self.platforms.standing(&platform_id, &row.deployment_id);
            let stopped = |stopped| match stopped {
                Stopped::Platform => PLATFORM_INACTIVE.problem(),
                Stopped::Deployment => DEPLOYMENT_INACTIVE.problem(),
            };
            let platform = standing.await?.map_err(stopped)?;
            let place = self.launches.places().by_id(&tool.id, &row.place_id);
            return Ok(LineItemPlace {
                tool: tool.clone(),
                platform,
                place: place.await?.ok_or_else(|| NOTHING.problem())?,
            });
        }
        Err(NOTHING.problem())
    }

    /// The tool's platforms that have a delivery to this line item; usually one.
    async fn platforms_with(&self, tool_id: &str, url: &Url) -> Result<Vec<String>, Problem> {
        let mut reader = self.db.read().await?;
        let mut ids = platforms::ids_of_tool(&mut reader.tx(), tool_id).await?;
        let key_of = |id: &String| self.deliveries.keys.line_item(id, url.as_str());
        let keys: Vec<String> = ids.iter().map(key_of).collect();
        let known = deliveries::known_line_items(&mut reader.tx(), &keys).await?;
        ids.retain(|id| known.contains(&key_of(id)));
        Ok(ids)
    }

    fn to_line_item(
        &self,
        tool: &Tool,
        platform_id: &str,
        url: &Url,
        limit: i64,
    ) -> DeliveryFilter {
        let keys = &self.deliveries.keys;
        DeliveryFilter {
            tool_id: tool.id.clone(),
            platform_id: Some(platform_id.to_owned()),
            line_item_key: Some(keys.line_item(platform_id, url.as_str())),
            limit,
            ..DeliveryFilter::default()
        }
    }

    async fn lasts(&self, lanes: Vec<String>) -> Result<HashMap<String, Vec<u8>>, Problem> {
        let mut reader = self.db.read().await?;
        Ok(deliveries::lasts(&mut reader.tx(), &lanes).await?)
    }

    /// What was delivered to a line item, by person.
    pub(super) async fn delivered(
        &self,
        at: &LineItemPlace,
        url: &Url,
    ) -> Result<HashMap<String, DeliveredGrades>, Problem> {
        let mut people: HashMap<String, DeliveredGrades> = HashMap::new();
        let vendor = at.vendor();
        let mut filter = self.to_line_item(&at.tool, &at.platform.id, url, ROWS);
        filter.state = Some(DeliveryState::Delivered);
        loop {
            let mut reader = self.db.read().await?;
            let rows = deliveries::page(&mut reader.tx(), &filter).await?;
            drop(reader);
            let Some(last) = rows.last() else {
                return Ok(people);
            };
            filter.before = Some(last.id.clone());
            let mut shown = Vec::with_capacity(rows.len());
            for row in rows {
                let sent = self.deliveries.shown(row.clone());
                // Of a row that can't be read, it isn't known whose it is.
                if sent.user.is_empty() {
                    continue;
                }
                let lanes = self
                    .deliveries
                    .lanes_to(&row, Some(url.as_str()), &sent.user);
                shown.push((turn_of(&row), sent, lanes));
            }
            let new = shown
                .iter()
                .filter(|(_, sent, _)| !people.contains_key(&sent.user));
            let lanes: HashSet<String> = new.flat_map(|(.., lanes)| lanes.clone()).collect();
            let lasts = self.lasts(lanes.into_iter().collect()).await?;
            for (turn, sent, lanes) in shown {
                let person = match people.entry(sent.user) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(new) => {
                        let last = self.deliveries.last_among(&lasts, &lanes)?;
                        new.insert(DeliveredGrades::new(last, vendor))
                    }
                };
                person.add(sent.id, &turn, &sent.score, vendor);
            }
            if people.len() > MOST_PEOPLE {
                return Err(TOO_MANY.problem());
            }
        }
    }
}
