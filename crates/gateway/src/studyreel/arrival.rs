//! A verified launch on its way into the store: what its transactions need, and what each of them
//! writes (studyreel.md §7).

use std::sync::Arc;
use std::time::Duration;

use serde_json::value::RawValue;
use store::students::StudentRow;
use store::{Tx, launches, login_links, studyreel_seen};
use studyreel::{CheckedLaunch, Dialect, member_names};

use super::adapter::ADAPTER;
use super::document::StudyReelDocument;
use super::enrol::{EnrolledStudent, Enrolment};
use super::login_link::FreshLink;
use super::profile::Profile;
use super::refusal::StudyReelRefusal;
use super::room::StudyReel;
use crate::directory::tools::Tool;
use crate::events::Event;
use crate::kit::id::new_id;
use crate::kit::seal;
use crate::launch::{Launch, Nonce, Release};
use crate::settings::studyreel::Replay;
use crate::traces::{Recorder, Step};

/// A launch that passed every check which needs no store.
pub(super) struct Arrival {
    room: StudyReel,
    dialect: &'static Dialect,
    pub(super) tool: Arc<Tool>,
    launch: CheckedLaunch,
    payload: Box<RawValue>,
    enrolment: Enrolment,
    trace: Recorder,
    now_ms: i64,
}

impl Arrival {
    /// Collects everything the transactions will need.
    pub(super) async fn new(
        room: &StudyReel,
        dialect: &'static Dialect,
        tool: Arc<Tool>,
        launch: CheckedLaunch,
        body: &[u8],
        trace: Recorder,
    ) -> Result<Self, StudyReelRefusal> {
        let (keys, settings) = (&room.keys, &tool.settings.studyreel);
        let now_ms = room.clock.now_ms();
        let enrolment = Enrolment {
            random: room.random.clone(),
            sealer: room.sealer.clone(),
            tool_id: tool.id.clone(),
            subject_hash: keys.subject_hash(&tool.id, &launch.issuer, &launch.subject_key),
            paths: room.paths.of(&tool.id).await?,
            rules: settings.placement.clone(),
            asks: settings.provisioning.url.is_some(),
            now_ms,
        };
        Ok(Self {
            payload: serde_json::from_slice(body).map_err(StudyReelRefusal::internal)?,
            room: room.clone(),
            dialect,
            tool,
            launch,
            enrolment,
            trace,
            now_ms,
        })
    }

    /// The keyed hash of the student's subject.
    pub(super) fn subject_hash(&self) -> &[u8] {
        &self.enrolment.subject_hash
    }

    /// Time since its request arrived.
    pub(super) fn age(&self) -> Duration {
        Duration::from_micros(self.trace.micros().into())
    }

    /// Records `nonce` and `jti` as seen (studyreel.md §5, item 8) and returns what it recorded. It
    /// records the pair under either setting, so that changing the setting never admits a replay.
    /// The order is always the same, so that two launches can't deadlock.
    pub(super) async fn spend(&self, tx: &mut Tx<'_>) -> Result<Vec<Vec<u8>>, StudyReelRefusal> {
        let l = &self.launch;
        let hash = |kind: &str, values: &[&str]| {
            let mut parts = vec![kind, &self.tool.id, &l.issuer, &l.deployment_id];
            parts.extend(values);
            seal::hash(&parts)
        };
        let pair = hash("studyreel pair", &[&l.nonce, &l.token_id]);
        let mut spent = vec![pair.clone()];
        // The launch can be replayed until the end of its last second.
        let until = l.replayable_until.saturating_add(1).saturating_mul(1000);
        let is_fresh = match self.tool.settings.studyreel.replay {
            Replay::Pair => studyreel_seen::insert(tx, pair, until, self.now_ms).await?,
            Replay::Either => {
                let nonce = hash("studyreel nonce", &[&l.nonce]);
                let jti = hash("studyreel jti", &[&l.token_id]);
                spent.extend([nonce.clone(), jti.clone()]);
                studyreel_seen::insert_three(tx, [pair, nonce, jti], until, self.now_ms).await?
            }
        };
        if is_fresh {
            Ok(spent)
        } else {
            Err(StudyReelRefusal::Replayed)
        }
    }

    /// Finds the student, or creates them, which raises a webhook event.
    pub(super) async fn enrol(
        &mut self,
        tx: &mut Tx<'_>,
    ) -> Result<EnrolledStudent, StudyReelRefusal> {
        let enrolled = self.enrolment.enrol(tx, &self.launch).await?;
        self.trace.done(if enrolled.created {
            Step::StudentCreated
        } else {
            Step::StudentFound
        });
        if enrolled.created {
            let event = Event::StudentProvisioned {
                student_id: enrolled.student.id.clone(),
                issuer: enrolled.student.issuer.clone(),
            };
            self.room.events.record(tx, &self.tool.id, &event).await?;
        }
        Ok(enrolled)
    }

    /// Writes the launch and its link, which lands at `landing_path` if the application asked for
    /// one.
    pub(super) async fn store(
        &self,
        tx: &mut Tx<'_>,
        link: &FreshLink,
        landing_path: Option<String>,
        (student, profile): (&StudentRow, &Profile),
    ) -> Result<Launch, StudyReelRefusal> {
        let payload = self.payload.get();
        // The names are only needed if a trace is kept.
        let names = std::iter::once_with(|| member_names(payload)).flatten();
        let trace = self.trace.clone().of_launch(names, payload, &self.tool);
        let document = StudyReelDocument::new(
            self.dialect,
            self.payload.clone(),
            &self.launch,
            (student, profile),
            &self.enrolment.paths,
        )?;
        let life_ms = i64::from(self.tool.settings.retention.launch_minutes) * 60_000;
        let launch = Launch {
            id: new_id(self.now_ms, &self.room.random),
            tool_id: self.tool.id.clone(),
            platform_id: None,
            adapter: ADAPTER.name,
            deployment_id: self.launch.deployment_id.clone(),
            subject: Some(student.id.clone()),
            answers_by_frame: false,
            document: document.to_text()?,
            created_at: self.now_ms,
            expires_at: self.now_ms + life_ms,
        };
        // `spend` has already recorded what must not come twice; this column only needs a unique
        // value.
        let nonce = Nonce {
            hash: seal::hash(&["studyreel launch", &launch.id]),
            until: launch.created_at,
        };
        let row = self.room.launches.row(&launch, nonce, Release::Now, trace);
        launches::insert(tx, row).await?;
        login_links::insert(tx, link.row(&launch, &student.id, landing_path)).await?;
        Ok(launch)
    }
}
