//! The settings of placement, and the version that names them together with code and norms.

use serde::{Deserialize, Serialize};

use super::Edition;

/// Version of the code in `place.rs`. Changes whenever the same inputs could give another placement.
const CODE_VERSION: &str = "hallpass-1";

/// The settings of the rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PlacementRules {
    /// Which measure wins when both are known.
    pub precedence: Precedence,
    /// From how many grades apart two measures are in conflict.
    pub conflict_threshold: u8,
    /// Highest grade taken from a RIT score: beyond 8 the norms can't tell grades apart.
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
    /// Names code, data and settings: two placements of one version and equal inputs are equal.
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
