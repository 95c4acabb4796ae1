//! The placement that a launch would give, without launching.

use serde::Serialize;

use super::{LearningPath, Norms, Placement, PlacementRules, SubjectInputs, place};
use crate::{PayloadRefusal, PlacementReport};

/// One placement per path, with everything it was derived from.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Preview {
    /// Identifies code, data and settings, as in each placement.
    pub rule_version: String,
    /// The tables that turn a MAP score into a grade.
    pub norms: &'static Norms,
    /// In the order of the paths.
    pub placement: Vec<Placement>,
}

impl Preview {
    /// Places a student as if they were new with this launch. The body is a whole launch, or only
    /// its placement members.
    ///
    /// # Errors
    /// The body is not a JSON object.
    pub fn of(
        body: &[u8],
        paths: &[LearningPath],
        rules: &PlacementRules,
    ) -> Result<Self, PayloadRefusal> {
        let report = PlacementReport::parse(body)?;
        let placed = |path| {
            let path: &LearningPath = path;
            place(&SubjectInputs::of(&report, &path.subject), path, rules)
        };
        Ok(Self {
            rule_version: rules.version(),
            norms: rules.norms.data(),
            placement: paths.iter().map(placed).collect(),
        })
    }
}
