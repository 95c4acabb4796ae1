//! The student of a launch: created or found, brought up to date, and placed in the tool's learning
//! paths (studyreel.md §7).

use std::sync::Arc;

use store::Tx;
use store::enrolments::{self, NewEnrolment, NewPlacement};
use store::students::{self, NewStudent, StudentRow};
use studyreel::CheckedLaunch;
use studyreel::placement::{LearningPath, PlacementRules};

use super::profile::{PlacementChange, PlacementOutcome, Profile};
use super::refusal::StudyReelRefusal;
use super::student_for_platform::{StudentForPlatform, is_unasked};
use super::student_sealer::StudentSealer;
use crate::kit::clock::Random;
use crate::kit::id::new_id;

/// What it takes to enrol the student of a launch.
pub(super) struct Enrolment {
    pub(super) random: Random,
    pub(super) sealer: StudentSealer,
    pub(super) tool_id: String,
    pub(super) subject_hash: Vec<u8>,
    pub(super) paths: Arc<Vec<LearningPath>>,
    pub(super) rules: PlacementRules,
    /// Whether to ask the application about students it doesn't know.
    pub(super) asks: bool,
    pub(super) now_ms: i64,
}

/// The student of a launch, up to date.
pub(super) struct EnrolledStudent {
    pub(super) student: StudentRow,
    pub(super) profile: Profile,
    /// What to tell the platform; `None` if the application has to be asked first.
    pub(super) told: Option<StudentForPlatform>,
    /// Whether this launch created them.
    pub(super) created: bool,
}

impl Enrolment {
    /// Finds or creates the student, and locks their row until the transaction ends.
    pub(super) async fn enrol(
        &self,
        tx: &mut Tx<'_>,
        launch: &CheckedLaunch,
    ) -> Result<EnrolledStudent, StudyReelRefusal> {
        let id = new_id(self.now_ms, &self.random);
        let (profile, changes) = Profile::first(launch, &self.paths, &self.rules);
        let new = NewStudent {
            id: id.clone(),
            tool_id: self.tool_id.clone(),
            issuer: launch.issuer.clone(),
            subject_hash: self.subject_hash.clone(),
            profile_sealed: self.sealer.seal_profile(&id, &profile)?,
            user_id: (!self.asks).then(|| id.clone()),
        };
        let student = students::create_or_find(tx, new, self.now_ms).await?;
        if student.id != id {
            return self.update(tx, launch, student).await;
        }
        self.keep(tx, &student.id, changes).await?;
        let told = (!self.asks).then_some(StudentForPlatform {
            user_id: id,
            user_type: studyreel::UserType::New,
        });
        Ok(EnrolledStudent {
            student,
            profile,
            told,
            created: true,
        })
    }

    /// Updates a student whom an earlier launch created.
    async fn update(
        &self,
        tx: &mut Tx<'_>,
        launch: &CheckedLaunch,
        mut student: StudentRow,
    ) -> Result<EnrolledStudent, StudyReelRefusal> {
        if student.status != students::ACTIVE {
            return Err(StudyReelRefusal::of_status(Some(student.status.as_str())));
        }
        let mut profile = self.sealer.open_profile(&student)?;
        let before = profile.clone();
        let changes = profile.update(launch, &self.paths, &self.rules);
        if profile != before {
            let sealed = self.sealer.seal_profile(&student.id, &profile)?;
            students::set_profile(tx, student.id.clone(), sealed.clone(), self.now_ms).await?;
            student.profile_sealed = sealed;
        }
        self.keep(tx, &student.id, changes).await?;
        let asks = self.asks && is_unasked(&student);
        let told = (!asks).then(|| StudentForPlatform::of(&mut student));
        if told.as_ref().is_some_and(StudentForPlatform::is_new) {
            students::change(tx, student.clone()).await?;
        }
        Ok(EnrolledStudent {
            student,
            profile,
            told,
            created: false,
        })
    }

    /// Stores the placements that changed.
    async fn keep(
        &self,
        tx: &mut Tx<'_>,
        student_id: &str,
        changes: Vec<PlacementChange>,
    ) -> Result<(), StudyReelRefusal> {
        let (mut history, mut standing) = (Vec::new(), Vec::new());
        for PlacementChange { outcome, placement } in changes {
            let id = new_id(self.now_ms, &self.random);
            history.push(NewPlacement {
                placement_sealed: self.sealer.seal_placement(&id, &placement)?,
                id,
                student_id: student_id.to_owned(),
                subject: placement.subject.clone(),
                outcome: outcome.name(),
                created_at: self.now_ms,
            });
            if outcome == PlacementOutcome::Placed {
                standing.push(NewEnrolment {
                    tool_id: self.tool_id.clone(),
                    student_id: student_id.to_owned(),
                    subject: placement.subject,
                    path_id: placement.path_id,
                    grade: placement.grade,
                    updated_at: self.now_ms,
                });
            }
        }
        enrolments::insert_placements(tx, &history).await?;
        enrolments::save(tx, &standing).await?;
        Ok(())
    }
}
