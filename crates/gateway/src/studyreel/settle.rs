//! After the application was asked about a student: its answer is kept, and what the platform is told is settled.

use store::students::{self, StudentRow};
use store::{StoreError, Tx, login_links};
use url::Url;

use super::document::StudyReelDocument;
use super::hook::HookOutcome;
use super::refusal::StudyReelRefusal;
use super::room::StudyReel;
use super::told::{Told, is_unasked};
use crate::directory::tools::Tool;
use crate::kit::text::for_log;
use crate::launch::Launch;

/// A launch whose student was committed, and whose platform waits for its answer.
#[derive(Clone)]
pub(super) struct Pending {
    pub(super) launch: Launch,
    /// What the launch keeps, not yet as text.
    pub(super) document: StudyReelDocument,
    pub(super) student_id: String,
    /// Of its login link.
    pub(super) token_hash: Vec<u8>,
}

/// Asks the application, keeps what it answered, and gives what to tell the platform.
pub(super) async fn settle(
    room: &StudyReel,
    tool: &Tool,
    url: &Url,
    pending: Pending,
) -> Result<(Launch, Told), StudyReelRefusal> {
    let said = room.hook.ask(tool, url, &pending.student_id).await;
    let written = match write(room, tool, pending.clone(), said).await {
        Err(Unsettled::Taken) => {
            let why = "the answer's userID is another student's".to_owned();
            room.hook.note(&tool.id, url, &why);
            write(room, tool, pending, Err(why)).await
        }
        written => written,
    };
    written.map_err(StudyReelRefusal::from)
}

/// Why nothing was settled.
enum Unsettled {
    /// The application gave one id to two students.
    Taken,
    Refused(StudyReelRefusal),
}

impl From<StoreError> for Unsettled {
    fn from(error: StoreError) -> Self {
        if error.is_taken() {
            Self::Taken
        } else {
            Self::Refused(error.into())
        }
    }
}

impl From<Unsettled> for StudyReelRefusal {
    fn from(unsettled: Unsettled) -> Self {
        match unsettled {
            Unsettled::Taken => Self::internal("a student's id is taken"),
            Unsettled::Refused(refused) => refused,
        }
    }
}

async fn write(
    room: &StudyReel,
    tool: &Tool,
    pending: Pending,
    said: HookOutcome,
) -> Result<(Launch, Told), Unsettled> {
    let (inside, tool_id) = (room.clone(), tool.id.clone());
    let required = tool.settings.studyreel.provisioning.required;
    let write = room.db.write::<_, Unsettled, _>(move |mut tx| {
        Box::pin(async move { keep(&inside, &mut tx, tool_id, pending, said, required).await })
    });
    write.await
}

async fn keep(
    room: &StudyReel,
    tx: &mut Tx<'_>,
    tool_id: String,
    pending: Pending,
    said: HookOutcome,
    required: bool,
) -> Result<(Launch, Told), Unsettled> {
    let now = room.clock.now_ms();
    let (mut launch, mut document) = (pending.launch, pending.document);
    let student = students::hold(tx, tool_id, pending.student_id, now).await?;
    // They may have been disabled or erased meanwhile.
    let mut student = student
        .filter(|student| student.status == students::ACTIVE)
        .ok_or(Unsettled::Refused(StudyReelRefusal::AccountDisabled))?;
    match said {
        Ok(answer) => {
            student.provisioned_at.get_or_insert(now);
            adopt(tx, &mut student, answer.user_id).await?;
            if let Some(path) = answer.landing_path {
                login_links::land(tx, pending.token_hash, path).await?;
            }
        }
        Err(why) => {
            let (launch_id, student_id) = (&launch.id, &student.id);
            let short = for_log(&why);
            tracing::info!(
                launch_id,
                student_id,
                why = short,
                "the provisioning hook gave nothing"
            );
            // Unless another replica has heard better of it meanwhile.
            if required && is_unasked(&student) {
                let why = format!("the provisioning hook: {why}");
                return Err(Unsettled::Refused(StudyReelRefusal::Unavailable(why)));
            }
        }
    }
    let told = Told::of(&mut student);
    document.set_ids(&told.user_id, student.external_id.as_deref());
    launch.document = document.to_text()?;
    room.launches.rewrite(tx, &launch).await?;
    students::change(tx, student).await?;
    Ok((launch, told))
}

/// Takes the application's id over, unless the student has one, or it is another student's.
async fn adopt(
    tx: &mut Tx<'_>,
    student: &mut StudentRow,
    user_id: Option<String>,
) -> Result<(), Unsettled> {
    let (None, Some(id)) = (&student.external_id, user_id) else {
        return Ok(());
    };
    if id != student.id {
        // The platform may know somebody by our id for them.
        if students::is_anothers(tx, student, &id).await? {
            return Err(Unsettled::Taken);
        }
    }
    student.external_id = Some(id);
    Ok(())
}
