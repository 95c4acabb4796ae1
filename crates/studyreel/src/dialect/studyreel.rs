//! StudyReel's own dialect (studyreel.md §4).

use super::{Dialect, as_documented, as_ours};
use crate::json::Members;
use crate::learning_blocks::LearningBlocks;
use crate::payload::{
    Payload, SHORT_TEXT_MAX, acquisition_source, key_text, name, resource_link_id, text,
    text_or_empty, time, token_id,
};
use crate::refusal::PayloadRefusal;
use crate::report::PlacementReport;

/// The required members, in the order in which they are checked (studyreel.md §4.1).
pub const REQUIRED_MEMBERS: [&str; 14] = [
    "messageType",
    "version",
    "resourceLink",
    "iss",
    "deployment_id",
    "target_link_uri",
    "role",
    "sub",
    "given_name",
    "family_name",
    "nonce",
    "iat",
    "exp",
    "jti",
];

/// StudyReel's own messages, as studyreel.md describes them.
pub static STUDYREEL: Dialect = Dialect {
    name: "studyreel",
    platform: "StudyReel",
    issuers: &[
        "https://studyreel.alpha1edtech.com",
        "https://prod-studyreel.alpha1edtech.com",
    ],
    read,
    accept: as_documented,
    refuse: as_ours,
};

/// Reads the fourteen required members and all known optional ones.
pub(super) fn read(members: &Members<'_>) -> Result<Payload, PayloadRefusal> {
    Ok(Payload {
        message_type: text(members, "messageType")?,
        version: text(members, "version")?,
        resource_link_id: resource_link_id(members)?,
        issuer: text(members, "iss")?,
        deployment_id: key_text(members, "deployment_id", 1, SHORT_TEXT_MAX)?,
        target_link_uri: text_or_empty(members, "target_link_uri")?,
        role: text(members, "role")?,
        subject: text(members, "sub")?,
        given_name: name(members, "given_name")?,
        family_name: name(members, "family_name")?,
        nonce: key_text(members, "nonce", 8, 512)?,
        issued_at: time(members, "iat")?,
        expires_at: time(members, "exp")?,
        token_id: token_id(members)?,
        placement: PlacementReport::read(members),
        learning_blocks: LearningBlocks::read(members),
        acquisition_source: acquisition_source(members),
    })
}
