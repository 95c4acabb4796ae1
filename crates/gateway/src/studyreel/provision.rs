//! A checked launch becomes an account, placements, a launch and a login link: in one transaction, or not at all
//! (studyreel.md §7).

use std::sync::Arc;

use serde_json::value::RawValue;
use studyreel::{CheckedLaunch, Dialect, Refusal, UserType, member_names};

use super::adapter::ADAPTER;
use super::answer::Refused;
use super::login_link::Fresh;
use super::message::Message;
use super::profile::{Change, Outcome, Profile};
use super::settle::{Pending, settle};
use crate::app::App;
use crate::directory::tools::Tool;
use crate::kit::id::new_id;
use crate::kit::seal;
use crate::launch::{Launch, Nonce, Release};
use crate::settings::studyreel::Replay;
use crate::traces::{Recorder, Step};
use store::enrolments::{self, NewPlacement};
use store::students::{self, NewStudent, Student};
use store::{StoreError, Tx, launches, login_links, studyreel_seen};
use studyreel::placement::{LearningPath, PlacementRules};

/// A launch that kept every rule which needs no store.
pub(super) struct Arrival {
    app: App,
    dialect: &'static Dialect,
    tool: Arc<Tool>,
    launch: CheckedLaunch,
    payload: Box<RawValue>,
    paths: Arc<Vec<LearningPath>>,
    rules: PlacementRules,
    subject_hash: Vec<u8>,
    trace: Recorder,
    now_ms: i64,
}

/// What the platform is told of the student.
pub(super) struct Told {
    /// The student's id, the same on every launch.
    pub(super) user_id: String,
    /// New for the one launch that told it first.
    pub(super) user_type: UserType,
}

impl Told {
    /// What to tell of a student. The caller has to write the student down where they were told of first.
    pub(super) fn of(student: &mut Student) -> Self {
        let (user_id, first) = student.tell();
        let user_type = if first {
            UserType::New
        } else {
            UserType::Existing
        };
        Self { user_id, user_type }
    }
}

impl Arrival {
    /// Takes along what the transaction will need.
    pub(super) async fn new(
        app: &App,
        dialect: &'static Dialect,
        tool: Arc<Tool>,
        launch: CheckedLaunch,
        body: &[u8],
        trace: Recorder,
    ) -> Result<Self, Refused> {
        let keys = &app.studyreel.keys;
        Ok(Self {
            subject_hash: keys.subject_hash(&tool.id, &launch.issuer, &launch.subject_key),
            paths: app.studyreel.paths.of(app, &tool.id).await?,
            rules: tool.settings.studyreel.placement.clone(),
            payload: serde_json::from_slice(body).map_err(Refused::internal)?,
            now_ms: app.clock.now_ms(),
            app: app.clone(),
            dialect,
            trace,
            tool,
            launch,
        })
    }

    /// The keyed hash of whom it is for.
    pub(super) fn subject_hash(&self) -> &[u8] {
        &self.subject_hash
    }

    /// Notes `nonce` and `jti` as seen (§5, item 8). Both settings note the pair, so that changing the setting lets
    /// nothing through that was seen before. Always in this order: two launches never wait for each other.
    async fn spend(&self, tx: &mut Tx<'_>) -> Result<(), Refused> {
        let l = &self.launch;
        let hash = |kind: &str, values: &[&str]| {
            let mut parts = vec![kind, &self.tool.id, &l.issuer, &l.deployment_id];
            parts.extend(values);
            seal::hash(&parts)
        };
        let pair = hash("studyreel pair", &[&l.nonce, &l.token_id]);
        // The whole last second counts.
        let until = l.replayable_until.saturating_add(1).saturating_mul(1000);
        let is_fresh = match self.tool.settings.studyreel.replay {
            Replay::Pair => studyreel_seen::insert(tx, pair, until, self.now_ms).await?,
            Replay::Either => {
                let nonce = hash("studyreel nonce", &[&l.nonce]);
                let jti = hash("studyreel jti", &[&l.token_id]);
                studyreel_seen::insert_three(tx, [pair, nonce, jti], until, self.now_ms).await?
            }
        };
        if is_fresh {
            Ok(())
        } else {
            Err(Refusal::Replayed.into())
        }
    }

    /// Creates the student or finds them, and holds their row until the transaction ends.
    async fn student(&mut self, tx: &mut Tx<'_>) -> Result<Found, Refused> {
        let asks = self.tool.settings.studyreel.provisioning.url.is_some();
        let id = new_id(self.now_ms, &self.app.random);
        let (profile, changes) = Profile::first(&self.launch, &self.paths, &self.rules);
        let new = NewStudent {
            id: id.clone(),
            tool_id: self.tool.id.clone(),
            issuer: self.launch.issuer.clone(),
            subject_hash: self.subject_hash.clone(),
            profile_sealed: seal_profile(&self.app, &id, &profile)?,
            user_id: (!asks).then(|| id.clone()),
        };
        let mut student = students::create_or_find(tx, new, self.now_ms).await?;
        if student.id == id {
            self.keep(tx, &student.id, changes).await?;
            self.trace.done(Step::StudentCreated);
            let told = (!asks).then_some(Told {
                user_id: id,
                user_type: UserType::New,
            });
            return Ok(Found {
                student,
                profile,
                told,
            });
        }
        self.trace.done(Step::StudentFound);
        if student.status != students::ACTIVE {
            return Err(Refusal::AccountDisabled.into());
        }
        let mut profile = open_profile(&self.app, &student)?;
        let before = profile.clone();
        let changes = profile.update(&self.launch, &self.paths, &self.rules);
        if profile != before {
            let sealed = seal_profile(&self.app, &student.id, &profile)?;
            students::set_profile(tx, student.id.clone(), sealed.clone(), self.now_ms).await?;
            student.profile_sealed = sealed;
        }
        self.keep(tx, &student.id, changes).await?;
        let asks = asks && student.needs_provisioning();
        let told = (!asks).then(|| Told::of(&mut student));
        if told
            .as_ref()
            .is_some_and(|told| told.user_type == UserType::New)
        {
            students::change(tx, student.clone()).await?;
        }
        Ok(Found {
            student,
            profile,
            told,
        })
    }

    /// Writes down what changed in the placements.
    async fn keep(
        &self,
        tx: &mut Tx<'_>,
        student_id: &str,
        changes: Vec<Change>,
    ) -> Result<(), Refused> {
        for Change { outcome, placement } in changes {
            let id = new_id(self.now_ms, &self.app.random);
            let document = serde_json::to_vec(&placement).map_err(Refused::internal)?;
            let row = NewPlacement {
                placement_sealed: self.app.rows.seal(&placement_row(&id), &document),
                id,
                student_id: student_id.to_owned(),
                subject: placement.subject.clone(),
                outcome: outcome.name(),
                created_at: self.now_ms,
            };
            enrolments::insert_placement(tx, row).await?;
            if outcome == Outcome::Placed {
                let (subject, path_id) = (placement.subject, placement.path_id);
                let (student_id, grade) = (student_id.to_owned(), placement.grade);
                enrolments::save(tx, student_id, subject, path_id, grade, self.now_ms).await?;
            }
        }
        Ok(())
    }

    async fn write(
        mut self,
        tx: &mut Tx<'_>,
        link: Fresh,
    ) -> Result<(Pending, Option<Told>), Refused> {
        self.spend(tx).await?;
        let Found {
            student,
            profile,
            told,
        } = self.student(tx).await?;
        let payload = self.payload.get();
        // Only where a trace is kept does anybody ask for them.
        let names = std::iter::once_with(|| member_names(payload)).flatten();
        let trace = self.trace.of_launch(names, payload, &self.tool);
        let settings = &self.tool.settings;
        let life_ms = i64::from(settings.retention.launch_minutes) * 60_000;
        let (dialect, payload) = (self.dialect, self.payload);
        let known = (&student, &profile);
        let message = Message::new(dialect, payload, &self.launch, known, &self.paths);
        let launch = Launch {
            id: new_id(self.now_ms, &self.app.random),
            tool_id: self.tool.id.clone(),
            platform_id: None,
            adapter: ADAPTER.name,
            deployment_id: self.launch.deployment_id,
            subject: Some(student.id.clone()),
            document: message.to_document()?,
            created_at: self.now_ms,
            expires_at: self.now_ms + life_ms,
        };
        // What may not come twice is noted above; this row only has to have something of its own there.
        let nonce = Nonce {
            hash: seal::hash(&["studyreel launch", &launch.id]),
            until: self.now_ms,
        };
        let row = self.app.launches.row(&launch, nonce, Release::Now, trace);
        launches::insert(tx, row).await?;
        let token_hash = link.token_hash.clone();
        let row = link.row(
            self.tool.id.clone(),
            student.id.clone(),
            launch.id.clone(),
            self.now_ms,
        );
        login_links::insert(tx, row).await?;
        let pending = Pending {
            launch,
            message,
            student_id: student.id,
            token_hash,
        };
        Ok((pending, told))
    }
}

/// The student of a launch, as they are now.
struct Found {
    student: Student,
    profile: Profile,
    /// What to tell the platform; `None` where the application is asked first.
    told: Option<Told>,
}

/// Runs the transaction: replay, account, placements, launch, link, in this order. Then the application is asked, where
/// it wants to be and the student is unknown to it.
pub(super) async fn run(
    app: &App,
    arrival: Arrival,
    link: Fresh,
) -> Result<(Arc<Launch>, Told), Refused> {
    let tool = arrival.tool.clone();
    let write = app.db.write::<_, Refused, _>(move |mut tx| {
        Box::pin(async move { arrival.write(&mut tx, link).await })
    });
    let (pending, told) = write.await?;
    let (launch, told) = match (told, &tool.settings.studyreel.provisioning.url) {
        (Some(told), _) => (pending.launch, told),
        (None, Some(url)) => settle(app, &tool, url, pending).await?,
        (None, None) => return Err(Refused::internal("nobody to ask about a student")),
    };
    let launch = Arc::new(launch);
    app.launches.keep(&launch);
    Ok((launch, told))
}

pub(crate) fn student_row(id: &str) -> String {
    format!("students/{id}")
}

/// What a placement is sealed together with.
pub(crate) fn placement_row(id: &str) -> String {
    format!("placements/{id}")
}

/// A profile as it is stored.
pub(super) fn seal_profile(app: &App, id: &str, profile: &Profile) -> Result<Vec<u8>, StoreError> {
    let document =
        serde_json::to_vec(profile).map_err(|error| StoreError::Corrupt(error.to_string()))?;
    Ok(app.rows.seal(&student_row(id), &document))
}

/// A stored profile.
pub(super) fn open_profile(app: &App, student: &Student) -> Result<Profile, StoreError> {
    let corrupt = |what: String| StoreError::Corrupt(format!("student {}: {what}", student.id));
    let document = app
        .rows
        .open(&student_row(&student.id), &student.profile_sealed)
        .map_err(|error| corrupt(error.to_string()))?;
    serde_json::from_slice(&document).map_err(|error| corrupt(error.to_string()))
}
