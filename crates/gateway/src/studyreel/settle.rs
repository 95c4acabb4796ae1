//! Settles a launch whose student the application has to be asked about: asks, then stores the
//! launch with the answer.
//!
//! Until then only the account is stored, so a launch that fails here can be sent again unchanged
//! (decision 0270).

use std::sync::Arc;
use std::time::Duration;

use store::students::{self, StudentRow};
use store::{StoreError, Tx, within_budget};
use tokio::time::timeout;
use url::Url;

use super::arrival::Arrival;
use super::hook::HookOutcome;
use super::login_link::FreshLink;
use super::profile::Profile;
use super::refusal::StudyReelRefusal;
use super::room::StudyReel;
use super::student_for_platform::{StudentForPlatform, is_unasked};
use crate::kit::text::for_log;
use crate::launch::Launch;

/// How long after the launch's arrival we stop waiting for the application: its answer still has to
/// be stored.
const ASK_UNTIL: Duration = Duration::from_millis(3_500);
/// How long after the launch's arrival the store may begin to commit. A commit that has begun is
/// given 0.7 seconds, and StudyReel waits five in all (studyreel.md §6).
const STORE_UNTIL: Duration = Duration::from_secs(4);

/// A launch whose student is stored and which waits for the application.
pub(super) struct PendingLaunch {
    pub(super) arrival: Arrival,
    pub(super) link: FreshLink,
    pub(super) student_id: String,
    /// As this launch left it.
    pub(super) profile: Profile,
}

/// Asks the application, stores the launch, and returns what to tell the platform.
pub(super) async fn settle(
    room: &StudyReel,
    pending: Arc<PendingLaunch>,
) -> Result<(Launch, StudentForPlatform), StudyReelRefusal> {
    let tool = pending.arrival.tool.clone();
    let Some(url) = &tool.settings.studyreel.provisioning.url else {
        return Err(StudyReelRefusal::internal(
            "no application to ask about a student",
        ));
    };
    let said = ask(room, url, &pending).await;
    let written = match write(room, pending.clone(), said).await {
        Err(SettleRefusal::Taken) => {
            let why = "the answer's userID is another student's".to_owned();
            room.hook.note(&tool.id, url, &why);
            write(room, pending, Err(why)).await
        }
        written => written,
    };
    written.map_err(StudyReelRefusal::from)
}

/// The application's answer, waiting no longer than the launch can.
async fn ask(room: &StudyReel, url: &Url, pending: &PendingLaunch) -> HookOutcome {
    let arrival = &pending.arrival;
    let left = ASK_UNTIL.saturating_sub(arrival.age());
    let asked = async {
        let asking = room.hook.ask(&arrival.tool, url, &pending.student_id);
        timeout(left, asking).await.ok()
    };
    let answered = if left.is_zero() { None } else { asked.await };
    answered.unwrap_or_else(|| Err("the launch had no time left for it".to_owned()))
}

/// Why the launch wasn't settled.
enum SettleRefusal {
    /// The application gave one id to two students.
    Taken,
    Refused(StudyReelRefusal),
}

impl From<StudyReelRefusal> for SettleRefusal {
    fn from(refusal: StudyReelRefusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<StoreError> for SettleRefusal {
    fn from(error: StoreError) -> Self {
        if error.is_taken() {
            Self::Taken
        } else {
            Self::Refused(error.into())
        }
    }
}

impl From<SettleRefusal> for StudyReelRefusal {
    fn from(unsettled: SettleRefusal) -> Self {
        match unsettled {
            SettleRefusal::Taken => Self::internal("a student's id is taken"),
            SettleRefusal::Refused(refused) => refused,
        }
    }
}

async fn write(
    room: &StudyReel,
    pending: Arc<PendingLaunch>,
    said: HookOutcome,
) -> Result<(Launch, StudentForPlatform), SettleRefusal> {
    let left = STORE_UNTIL.saturating_sub(pending.arrival.age());
    if left.is_zero() {
        // A commit could still take its 0.7 seconds.
        return Err(StoreError::Silent.into());
    }
    let now = room.clock.now_ms();
    let write = room.db.write::<_, SettleRefusal, _>(move |mut tx| {
        Box::pin(async move { keep(&mut tx, &pending, said, now).await })
    });
    within_budget(left, write).await
}

async fn keep(
    tx: &mut Tx<'_>,
    pending: &PendingLaunch,
    said: HookOutcome,
    now: i64,
) -> Result<(Launch, StudentForPlatform), SettleRefusal> {
    let arrival = &pending.arrival;
    arrival.spend(tx).await?;
    let (tool_id, student_id) = (arrival.tool.id.clone(), pending.student_id.clone());
    let student = students::hold(tx, tool_id, student_id, now).await?;
    // The student may have been disabled or erased in the meantime.
    let mut student = match student {
        Some(student) if student.status == students::ACTIVE => student,
        other => {
            let status = other.as_ref().map(|student| student.status.as_str());
            return Err(StudyReelRefusal::of_status(status).into());
        }
    };
    let mut landing_path = None;
    match said {
        Ok(answer) => {
            student.provisioned_at.get_or_insert(now);
            adopt(tx, &mut student, answer.user_id).await?;
            landing_path = answer.landing_path;
        }
        Err(why) => {
            let (student_id, short) = (&student.id, for_log(&why));
            tracing::info!(
                student_id,
                why = short,
                "the provisioning hook gave nothing"
            );
            // Another replica may have got a usable answer in the meantime.
            let required = arrival.tool.settings.studyreel.provisioning.required;
            if required && is_unasked(&student) {
                let why = format!("the provisioning hook: {why}");
                return Err(SettleRefusal::Refused(StudyReelRefusal::Unavailable(why)));
            }
        }
    }
    let told = StudentForPlatform::of(&mut student);
    students::change(tx, student.clone()).await?;
    let known = (&student, &pending.profile);
    let launch = arrival
        .store(tx, &pending.link, landing_path, known)
        .await?;
    Ok((launch, told))
}

/// Adopts the application's id, unless the student already has one or it belongs to another
/// student.
async fn adopt(
    tx: &mut Tx<'_>,
    student: &mut StudentRow,
    user_id: Option<String>,
) -> Result<(), SettleRefusal> {
    let (None, Some(id)) = (&student.external_id, user_id) else {
        return Ok(());
    };
    if id != student.id {
        // The platform may know another student by an id of ours.
        if students::is_anothers(tx, student, &id).await? {
            return Err(SettleRefusal::Taken);
        }
    }
    student.external_id = Some(id);
    Ok(())
}
