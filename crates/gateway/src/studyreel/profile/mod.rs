//! A student's profile: what we know of the student and how a launch changes it (studyreel.md §7).
//!
//! Pure: the transaction in [`super::enrol`] stores the result.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use studyreel::{CheckedLaunch, LearningBlocks, PlacementReport};

use studyreel::placement::{
    LearningPath, Placement, PlacementRules, Revision, SubjectInputs, place, revise,
};

/// What we know of a student. Stored sealed, as a whole.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Profile {
    /// `sub` as last sent.
    pub(super) subject: String,
    pub(super) given_name: Option<String>,
    pub(super) family_name: Option<String>,
    /// Where the student came from, as the first launch said.
    pub(super) acquisition_source: Option<String>,
    /// The latest known value of each measure.
    pub(super) report: PlacementReport,
    /// The latest learning blocks.
    pub(super) learning_blocks: LearningBlocks,
    /// Where the student stands: one placement per subject.
    pub(super) placements: Vec<Placement>,
    /// Lower grades that later measures point to: recorded, never acted on.
    pub(super) suggestions: Vec<Placement>,
    /// How far the student has come in each subject, in the application's own words.
    #[serde(default)]
    pub(super) positions: BTreeMap<String, String>,
}

/// Prints no personal data, so that a profile can't end up in a log.
impl fmt::Debug for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Profile").finish_non_exhaustive()
    }
}

/// What a launch did to a placement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PlacementOutcome {
    /// The student is placed there.
    Placed,
    /// Only recorded as a suggestion.
    Suggested,
}

impl PlacementOutcome {
    /// The name it is stored under.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Placed => "placed",
            Self::Suggested => "suggested",
        }
    }
}

/// A placement that a launch made or suggested.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct PlacementChange {
    pub(super) outcome: PlacementOutcome,
    pub(super) placement: Placement,
}

impl Profile {
    /// The profile that a first launch creates.
    pub(super) fn first(
        launch: &CheckedLaunch,
        paths: &[LearningPath],
        rules: &PlacementRules,
    ) -> (Self, Vec<PlacementChange>) {
        let mut profile = Self {
            subject: launch.subject.clone(),
            given_name: launch.given_name.clone(),
            family_name: launch.family_name.clone(),
            acquisition_source: launch.acquisition_source.clone(),
            report: launch.placement.clone(),
            learning_blocks: launch.learning_blocks.clone(),
            placements: Vec::new(),
            suggestions: Vec::new(),
            positions: BTreeMap::new(),
        };
        let changes = profile.place(paths, rules);
        (profile, changes)
    }

    /// Updates the profile with a later launch (§7, item 6): known values are refreshed, unknown
    /// ones overwrite nothing, and a placement moves only if one of its inputs changed.
    pub(super) fn update(
        &mut self,
        launch: &CheckedLaunch,
        paths: &[LearningPath],
        rules: &PlacementRules,
    ) -> Vec<PlacementChange> {
        self.subject.clone_from(&launch.subject);
        if launch.given_name.is_some() {
            self.given_name.clone_from(&launch.given_name);
        }
        if launch.family_name.is_some() {
            self.family_name.clone_from(&launch.family_name);
        }
        self.report = std::mem::take(&mut self.report).updated_by(launch.placement.clone());
        if !launch.learning_blocks.blocks.is_empty() {
            self.learning_blocks = launch.learning_blocks.clone();
        }
        self.place(paths, rules)
    }

    fn place(&mut self, paths: &[LearningPath], rules: &PlacementRules) -> Vec<PlacementChange> {
        let mut changes = Vec::new();
        for path in paths {
            let inputs = SubjectInputs::of(&self.report, &path.subject);
            let fresh = place(&inputs, path, rules);
            let current = self
                .placements
                .iter_mut()
                .find(|current| current.subject == path.subject);
            let placed = match current {
                None => {
                    self.placements.push(fresh.clone());
                    Some(fresh)
                }
                // The subject has a different path now, and the old path's grade means nothing in
                // it.
                Some(current) if current.path_id != path.id => {
                    current.clone_from(&fresh);
                    self.positions.remove(&path.subject);
                    Some(fresh)
                }
                Some(current) => match revise(current, fresh, path) {
                    Revision::Keep => None,
                    Revision::Adopt(fresh) => {
                        current.clone_from(&fresh);
                        Some(fresh)
                    }
                    Revision::Suggest(fresh) => {
                        if self.suggest(&fresh) {
                            changes.push(PlacementChange {
                                outcome: PlacementOutcome::Suggested,
                                placement: fresh,
                            });
                        }
                        continue;
                    }
                },
            };
            self.suggestions
                .retain(|suggested| suggested.subject != path.subject);
            changes.extend(placed.map(|placement| PlacementChange {
                outcome: PlacementOutcome::Placed,
                placement,
            }));
        }
        changes
    }

    /// Records a suggestion. Returns false if the same one is already recorded.
    fn suggest(&mut self, fresh: &Placement) -> bool {
        let known = self
            .suggestions
            .iter_mut()
            .find(|known| known.subject == fresh.subject);
        match known {
            Some(known)
                if known.path_id == fresh.path_id && known.inputs.same_values(&fresh.inputs) =>
            {
                false
            }
            Some(known) => {
                known.clone_from(fresh);
                true
            }
            None => {
                self.suggestions.push(fresh.clone());
                true
            }
        }
    }

    /// The profile of an erased student.
    pub(super) fn erased() -> Self {
        Self {
            subject: String::new(),
            given_name: None,
            family_name: None,
            acquisition_source: None,
            report: PlacementReport::default(),
            learning_blocks: LearningBlocks::default(),
            placements: Vec::new(),
            suggestions: Vec::new(),
            positions: BTreeMap::new(),
        }
    }

    /// The full name, as far as it is known.
    pub(super) fn name(&self) -> Option<String> {
        match (&self.given_name, &self.family_name) {
            (Some(given), Some(family)) => Some(format!("{given} {family}")),
            (Some(name), None) | (None, Some(name)) => Some(name.clone()),
            (None, None) => None,
        }
    }
}

#[cfg(test)]
mod tests;
