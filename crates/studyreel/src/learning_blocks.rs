//! EduPaid learning blocks, an optional part of a launch (studyreel.md §4.4).

use serde::{Deserialize, Serialize};
use serde_json::Number;
use serde_json::value::RawValue;

use crate::json::{Decoded, Member, Members, decode, decorating_text, tidy};

/// The known names of the member, in the order in which they are tried.
const NAMES: [&str; 3] = ["learning_blocks", "learningBlocks", "learningBlock"];
/// The most blocks to keep per launch, and curricula per block.
const MOST_ENTRIES: usize = 100;
const ID_MAX: usize = 255;
const DESCRIPTION_MAX: usize = 1000;

/// A unit of paid work: curricula that must be taught for the app to be paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct LearningBlock {
    /// The amount, in a currency the platform does not name.
    #[cfg_attr(feature = "schema", schema(value_type = f64))]
    pub amount: Number,
    /// Curricula, as opaque identifiers: one of the documented ones is not a valid UUID.
    pub curriculum_ids: Vec<String>,
    /// Text for people; may be empty.
    pub description: String,
}

/// The usable blocks of a launch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LearningBlocks {
    /// The readable ones, at most 100.
    pub blocks: Vec<LearningBlock>,
    /// How many were dropped because they were malformed or over the limit.
    pub ignored: usize,
}

impl LearningBlocks {
    pub(crate) fn read(members: &Members<'_>) -> Self {
        let is_there = |member: &Member<'_>| match member {
            Member::Absent => false,
            Member::One(raw) => !matches!(decode(raw), Decoded::Null),
            Member::Repeated => true,
        };
        let first = NAMES.iter().map(|name| members.get(name)).find(is_there);
        let raw = match first {
            None => return Self::default(),
            Some(Member::One(raw)) => raw,
            Some(_) => {
                return Self {
                    blocks: Vec::new(),
                    ignored: 1,
                };
            }
        };
        let elements: Vec<&RawValue> = match decode(raw) {
            Decoded::Array(text) => serde_json::from_str(text).unwrap_or_default(),
            _ => {
                return Self {
                    blocks: Vec::new(),
                    ignored: 1,
                };
            }
        };
        let blocks: Vec<_> = elements
            .iter()
            .take(MOST_ENTRIES)
            .filter_map(|raw| block(raw))
            .collect();
        Self {
            ignored: elements.len() - blocks.len(),
            blocks,
        }
    }
}

fn block(raw: &RawValue) -> Option<LearningBlock> {
    let Decoded::Object(text) = decode(raw) else {
        return None;
    };
    let members = Members::parse(text)?;
    let Member::One(amount) = members.get("amount") else {
        return None;
    };
    let Member::One(ids) = members.get("curriculumIds") else {
        return None;
    };
    let description = match members.get("description") {
        Member::Absent => String::new(),
        Member::One(raw) => match decode(raw) {
            Decoded::Null => String::new(),
            _ => tidy(&decorating_text(raw)?, DESCRIPTION_MAX),
        },
        Member::Repeated => return None,
    };
    let ids: Vec<String> = serde_json::from_str(ids.get()).ok()?;
    Some(LearningBlock {
        amount: serde_json::from_str(amount.get()).ok()?,
        curriculum_ids: ids
            .iter()
            .map(|id| tidy(id, ID_MAX))
            .filter(|id| !id.is_empty())
            .take(MOST_ENTRIES)
            .collect(),
        description,
    })
}
