//! The settings of placement, and the version that identifies them together with code and norms.

use serde::{Deserialize, Serialize};

use super::Edition;

/// The version of the code in `place.rs`. Change it whenever the same inputs could give a different
/// placement.
const CODE_VERSION: &str = "hallpass-1";

/// The settings of the placement rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PlacementRules {
    /// Which measure wins when both are known.
    pub precedence: Precedence,
    /// How many grades two measures must be apart to count as a conflict.
    pub conflict_threshold: u8,
    /// The highest grade derived from a RIT score: above 8, the norms can't distinguish grades.
    pub rit_grade_cap: i8,
    /// The tables that turn a RIT score into a grade.
    pub norms: Edition,
}

impl Default for PlacementRules {
    fn default() -> Self {
        Self {
            precedence: Precedence::SrFirst,
            conflict_threshold: 2,
            rit_grade_cap: 8,
            norms: Edition::Nwea2025,
        }
    }
}

impl PlacementRules {
    /// Identifies code, data and settings: with the same version and equal inputs, placements are
    /// equal.
    pub fn version(&self) -> String {
        let precedence = match self.precedence {
            Precedence::SrFirst => "sr-first",
            Precedence::RitFirst => "rit-first",
        };
        let (norms, threshold) = (&self.norms.data().version, self.conflict_threshold);
        let cap = self.rit_grade_cap;
        format!("{CODE_VERSION} {norms} {precedence} conflict={threshold} cap={cap}")
    }
}

/// Which measure wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Precedence {
    /// StudyReel's grade before the RIT score.
    SrFirst,
    /// The RIT score before StudyReel's grade.
    RitFirst,
}
