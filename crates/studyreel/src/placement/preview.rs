//! What a launch would give, without launching.

use serde::Serialize;

use super::{LearningPath, Norms, Placement, PlacementRules, SubjectInputs, place};
use crate::{PayloadRefusal, PlacementReport};

/// One placement a path, with all that it was made from.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Preview {
    /// Names code, data and settings, as in each placement.
    pub rule_version: String,
    /// The tables that turn a MAP score into a grade.
    pub norms: &'static Norms,
    /// In the order of the paths.
    pub placement: Vec<Placement>,
}

impl Preview {
    /// Places a student who is new with this launch. The body is a whole launch, or only its placement members.
    ///
    /// # Errors
    /// It is no JSON object.
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
