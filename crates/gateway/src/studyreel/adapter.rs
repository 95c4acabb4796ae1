//! StudyReel's launches in the table of adapters: how a stored [`StudyReelDocument`] is read.

use super::document::StudyReelDocument;
use crate::directory::platforms::Platform;
use crate::kit::cache::FRESH;
use crate::launch::facts::Facts;
use crate::launch::{Adapter, Launch, RawClaims};
use crate::settings::public_url::PublicUrl;
use crate::web::problem::Problem;

/// StudyReel and its like. Nobody registers them as platforms, and their students have a state of their own.
pub static ADAPTER: Adapter = Adapter {
    name: "studyreel",
    // Erasing a student is complete everywhere as soon as any other change of another replica.
    life: FRESH,
    facts,
    raw,
    subject,
};

fn facts(launch: &Launch, _: Option<&Platform>, public_url: &PublicUrl) -> Result<Facts, Problem> {
    let message = read(&launch.document).map_err(Problem::internal)?;
    Ok(message.into_facts(public_url))
}

fn raw(launch: &Launch, _: Option<&Platform>) -> Result<RawClaims, Problem> {
    let message = read(&launch.document).and_then(|message| message.raw());
    message.map_err(Problem::internal)
}

fn subject(document: &str) -> Result<Option<String>, serde_json::Error> {
    read(document).map(|message| Some(message.into_user_id()))
}

fn read(document: &str) -> Result<StudyReelDocument, serde_json::Error> {
    serde_json::from_str(document)
}
