//! First step: the bytes of a request body become typed members. The dialect decides which; this
//! module knows how to read each kind.

use std::fmt;

use serde_json::value::RawValue;

use crate::json::{Decoded, Member, Members, decode, decorating_text, tidy};
use crate::learning_blocks::LearningBlocks;
use crate::refusal::PayloadRefusal;
use crate::report::PlacementReport;
use crate::reported::means_nothing;
use crate::time::SentTime;

const NAME_MAX: usize = 100;
pub(crate) const SHORT_TEXT_MAX: usize = 255;

/// A launch of the right shape, with nothing proven about it.
///
/// Only [`check`](crate::check) makes it usable. Until then, use its `claimed_…` values only for
/// rate limits and, hashed, for the log of refused attempts: anyone on the network could have
/// chosen them.
#[derive(Clone)]
pub struct Payload {
    pub(crate) message_type: String,
    pub(crate) version: String,
    pub(crate) resource_link_id: String,
    pub(crate) issuer: String,
    pub(crate) deployment_id: String,
    pub(crate) target_link_uri: String,
    pub(crate) role: String,
    pub(crate) subject: String,
    pub(crate) given_name: Option<String>,
    pub(crate) family_name: Option<String>,
    pub(crate) nonce: String,
    pub(crate) issued_at: SentTime,
    pub(crate) expires_at: SentTime,
    pub(crate) token_id: String,
    pub(crate) placement: PlacementReport,
    pub(crate) learning_blocks: LearningBlocks,
    pub(crate) acquisition_source: Option<String>,
}

/// Omits personal data, so that `{:?}` can't put a person's name into a log.
impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Payload").finish_non_exhaustive()
    }
}

impl Payload {
    /// The issuer, according to the launch.
    #[must_use]
    pub fn claimed_issuer(&self) -> &str {
        &self.issuer
    }

    /// The deployment, according to the launch.
    #[must_use]
    pub fn claimed_deployment(&self) -> &str {
        &self.deployment_id
    }

    /// The student, according to the launch. Personal data: often an e-mail address.
    #[must_use]
    pub fn claimed_subject(&self) -> &str {
        &self.subject
    }
}

/// A required member's value; JSON `null` is not a value.
fn required<'a>(
    members: &Members<'a>,
    field: &'static str,
) -> Result<&'a RawValue, PayloadRefusal> {
    match members.get(field) {
        Member::Absent => Err(PayloadRefusal::MissingField(field)),
        Member::Repeated => Err(PayloadRefusal::DuplicateMember(field)),
        Member::One(raw) if matches!(decode(raw), Decoded::Null) => {
            Err(PayloadRefusal::MissingField(field))
        }
        Member::One(raw) => Ok(raw),
    }
}

fn string(raw: &RawValue, field: &'static str) -> Result<String, PayloadRefusal> {
    match decode(raw) {
        Decoded::Text(text) => Ok(text),
        Decoded::BrokenText => Err(PayloadRefusal::BrokenText(field)),
        _ => Err(PayloadRefusal::WrongType {
            field,
            expected: "a string",
        }),
    }
}

pub(crate) fn text_or_empty(
    members: &Members<'_>,
    field: &'static str,
) -> Result<String, PayloadRefusal> {
    string(required(members, field)?, field)
}

pub(crate) fn text(members: &Members<'_>, field: &'static str) -> Result<String, PayloadRefusal> {
    let text = text_or_empty(members, field)?;
    if text.trim().is_empty() {
        Err(PayloadRefusal::EmptyField(field))
    } else {
        Ok(text)
    }
}

/// Text that is stored and compared unchanged.
pub(crate) fn key_text(
    members: &Members<'_>,
    field: &'static str,
    min: usize,
    max: usize,
) -> Result<String, PayloadRefusal> {
    let text = text(members, field)?;
    check_key(&text, field, min, max)?;
    Ok(text)
}

pub(crate) fn check_key(
    text: &str,
    field: &'static str,
    min: usize,
    max: usize,
) -> Result<(), PayloadRefusal> {
    if text.chars().any(char::is_control) {
        return Err(PayloadRefusal::ControlCharacter(field));
    }
    if !(min..=max).contains(&text.chars().count()) {
        return Err(PayloadRefusal::WrongLength { field, min, max });
    }
    Ok(())
}

/// A person's name, or `None` if the platform has none. Only the exact words that programs print
/// for "nothing" count as none, because there are people called Null, Na and None.
pub(crate) fn name(
    members: &Members<'_>,
    field: &'static str,
) -> Result<Option<String>, PayloadRefusal> {
    let raw = match members.get(field) {
        Member::One(raw) if matches!(decode(raw), Decoded::Null) => return Ok(None),
        _ => required(members, field)?,
    };
    let name = match decorating_text(raw) {
        Some(name) => name,
        None => string(raw, field)?,
    };
    let name = tidy(&name, NAME_MAX);
    Ok((!matches!(name.as_str(), "" | "null" | "undefined")).then_some(name))
}

pub(crate) fn resource_link_id(members: &Members<'_>) -> Result<String, PayloadRefusal> {
    const FIELD: &str = "resourceLink";
    const ID: &str = "resourceLink.id";
    let Decoded::Object(object) = decode(required(members, FIELD)?) else {
        return Err(PayloadRefusal::WrongType {
            field: FIELD,
            expected: "an object with an 'id'",
        });
    };
    let members = Members::parse(object).ok_or(PayloadRefusal::NotJson)?;
    let id = match members.get("id") {
        Member::Absent => return Err(PayloadRefusal::MissingField(ID)),
        Member::Repeated => return Err(PayloadRefusal::DuplicateMember(ID)),
        Member::One(raw) => tidy(&string(raw, ID)?, SHORT_TEXT_MAX),
    };
    if id.is_empty() {
        Err(PayloadRefusal::EmptyField(ID))
    } else {
        Ok(id)
    }
}

pub(crate) fn time(members: &Members<'_>, field: &'static str) -> Result<SentTime, PayloadRefusal> {
    SentTime::read(required(members, field)?).ok_or(PayloadRefusal::UnreadableTime(field))
}

/// `jti` as text, whether it was sent as `"4556"` or `4556`.
pub(crate) fn token_id(members: &Members<'_>) -> Result<String, PayloadRefusal> {
    const FIELD: &str = "jti";
    let id = match decode(required(members, FIELD)?) {
        Decoded::Text(text) => text.trim_matches(' ').to_owned(),
        Decoded::Number(text) if text.bytes().all(|b| b.is_ascii_digit() || b == b'-') => {
            text.to_owned()
        }
        Decoded::BrokenText => return Err(PayloadRefusal::BrokenText(FIELD)),
        _ => {
            return Err(PayloadRefusal::WrongType {
                field: FIELD,
                expected: "a string or an integer",
            });
        }
    };
    if means_nothing(&id) {
        return Err(PayloadRefusal::EmptyField(FIELD));
    }
    check_key(&id, FIELD, 1, 512)?;
    Ok(id)
}

pub(crate) fn acquisition_source(members: &Members<'_>) -> Option<String> {
    let Member::One(raw) = members.get("user_acquisition_source") else {
        return None;
    };
    let text = decorating_text(raw).filter(|text| !means_nothing(text))?;
    Some(tidy(&text, SHORT_TEXT_MAX))
}
