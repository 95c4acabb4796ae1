//! A student's profile: what is known about them, their placements, and how a launch changes these (studyreel.md §7).
//!
//! It is pure: the transaction in [`super::enrol`] stores the result.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use studyreel::{CheckedLaunch, LearningBlocks, PlacementReport};

use studyreel::placement::{
    LearningPath, Placement, PlacementRules, Revision, SubjectInputs, place, revise,
};

/// What is known about a student. Stored sealed, as a whole.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Profile {
    /// `sub` as last sent.
    pub(super) subject: String,
    /// First name.
    pub(super) given_name: Option<String>,
    /// Last name.
    pub(super) family_name: Option<String>,
    /// Where the student came from, according to the first launch.
    pub(super) acquisition_source: Option<String>,
    /// The latest known value of each measure.
    pub(super) report: PlacementReport,
    /// The latest learning blocks.
    pub(super) learning_blocks: LearningBlocks,
    /// The student's placements, one per subject.
    pub(super) placements: Vec<Placement>,
    /// Lower placements that later measures would give: recorded, but never applied.
    pub(super) suggestions: Vec<Placement>,
    /// The student's progress in each subject, in the application's own words.
    #[serde(default)]
    pub(super) positions: BTreeMap<String, String>,
}

/// Omits personal data, so that a profile can't end up in a log.
impl fmt::Debug for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Profile").finish_non_exhaustive()
    }
}

/// What a launch did with a placement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PlacementOutcome {
    /// It is in force now.
    Placed,
    /// It was only recorded.
    Suggested,
}

impl PlacementOutcome {
    /// Its stored name.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Placed => "placed",
            Self::Suggested => "suggested",
        }
    }
}

/// A placement that is new with a launch.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct PlacementChange {
    pub(super) outcome: PlacementOutcome,
    pub(super) placement: Placement,
}

impl Profile {
    /// The profile created by a first launch.
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

    /// Updates the profile from a later launch (§7, item 6): values are refreshed, unknown ones overwrite nothing, and
    /// a placement changes only if one of its inputs did.
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
                // The subject now has a different path: a grade of the old one means nothing here.
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

    /// The profile of a person whose data was erased.
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

    /// The full name, as far as known.
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
