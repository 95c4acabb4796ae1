//! StudyReel's entry in the table of adapters: how to read a stored [`StudyReelDocument`].

use store::{Db, students};
use studyreel::admit;

use super::access;
use super::document::StudyReelDocument;
use crate::directory::platforms::Platform;
use crate::directory::tools::Tool;
use crate::kit::cache::FRESH;
use crate::launch::facts::Facts;
use crate::launch::{Adapter, EndReason, Launch, RawMembers};
use crate::settings::public_url::PublicUrl;
use crate::web::problem::Problem;

/// StudyReel and compatible platforms. They are not registered as platforms, and each student has a
/// status.
pub(crate) static ADAPTER: Adapter = Adapter {
    name: "studyreel",
    // Erasing a student must take effect on every replica as soon as any other change does.
    life: FRESH,
    ended,
    facts,
    raw,
    subject,
};

/// The session is over once the student is disabled, erased or forgotten, or the tool's settings no
/// longer allow the launch.
fn ended<'a>(db: &'a Db, tool: &'a Tool, launch: &'a Launch) -> EndReason<'a> {
    Box::pin(async move {
        let document = read(&launch.document).map_err(Problem::internal)?;
        let settings = &tool.settings.studyreel;
        let (dialect, issuer, deployment_id) = document.sender();
        let (issuers, deployments) = (
            access::issuers(settings, dialect),
            access::deployments(settings, dialect),
        );
        if !access::takes(settings, dialect)
            || admit(&issuers, deployments, issuer, deployment_id).is_err()
        {
            return Ok(Some(
                "The tool no longer takes launches of this platform and deployment: their sessions are over.",
            ));
        }
        let student = launch.subject.clone().unwrap_or_default();
        let status = db.look_up(|mut tx| {
            let (tool_id, student) = (tool.id.clone(), student.clone());
            Box::pin(async move { students::status(&mut tx, tool_id, student).await })
        });
        let status = status.await?;
        Ok((status.as_deref() != Some(students::ACTIVE))
            .then_some("The student of this launch is not active: their session is over."))
    })
}

fn facts(launch: &Launch, _: Option<&Platform>, public_url: &PublicUrl) -> Result<Facts, Problem> {
    let message = read(&launch.document).map_err(Problem::internal)?;
    Ok(message.into_facts(public_url))
}

fn raw(launch: &Launch, _: Option<&Platform>) -> Result<RawMembers, Problem> {
    let message = read(&launch.document).and_then(|message| message.raw());
    message.map_err(Problem::internal)
}

fn subject(document: &str) -> Result<Option<String>, serde_json::Error> {
    read(document).map(|message| Some(message.into_user_id()))
}

fn read(document: &str) -> Result<StudyReelDocument, serde_json::Error> {
    serde_json::from_str(document)
}
