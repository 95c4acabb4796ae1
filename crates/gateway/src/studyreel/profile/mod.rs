//! A student's profile: what is known of them and where they stand, and what a launch changes in it (studyreel.md §7).
//!
//! Pure: the transaction in [`super::enrol`] writes down what comes out.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use studyreel::{CheckedLaunch, LearningBlocks, PlacementReport};

use studyreel::placement::{
    LearningPath, Placement, PlacementRules, Revision, SubjectInputs, place, revise,
};

/// What is known of a student. Stored sealed, as a whole.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Profile {
    /// `sub` as last sent.
    pub(super) subject: String,
    /// First name.
    pub(super) given_name: Option<String>,
    /// Last name.
    pub(super) family_name: Option<String>,
    /// Where the student came from, as told at the first launch.
    pub(super) acquisition_source: Option<String>,
    /// The latest known value of each measure.
    pub(super) report: PlacementReport,
    /// The latest learning blocks.
    pub(super) learning_blocks: LearningBlocks,
    /// Where the student stands, one placement a subject.
    pub(super) placements: Vec<Placement>,
    /// Where later measures would put them, where that is lower: recorded, never acted on.
    pub(super) suggestions: Vec<Placement>,
    /// How far they came in each subject, in the application's own words.
    #[serde(default)]
    pub(super) positions: BTreeMap<String, String>,
}

/// Names no person, so that a profile can't end up in a log.
impl fmt::Debug for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Profile").finish_non_exhaustive()
    }
}

/// What a launch did to a placement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PlacementOutcome {
    /// The student stands there now.
    Placed,
    /// Recorded only.
    Suggested,
}

impl PlacementOutcome {
    /// As it is stored.
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
    /// The profile a first launch makes.
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

    /// Brings the profile up to date with a later launch (§7, item 6): values are refreshed, unknown ones overwrite
    /// nothing, and a placement moves only when one of its inputs changed.
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
                // The subject's path is another one now: what the old one's grade meant says nothing here.
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

    /// Records a suggestion; false where the same one stands there already.
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

    /// The profile of somebody of whom nothing is left.
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

    /// The whole name, as far as it is known.
    pub(super) fn name(&self) -> Option<String> {
        match (&self.given_name, &self.family_name) {
            (Some(given), Some(family)) => Some(format!("{given} {family}")),
            (Some(name), None) | (None, Some(name)) => Some(name.clone()),
            (None, None) => None,
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;
    use ::studyreel::placement::{OfferedGrades, standard_paths};
    use jiff::tz::TimeZone;
    use serde_json::{Value, json};
    use studyreel::{LaunchRules, PRINTED_EXAMPLE, STUDYREEL, check};

    fn launch(members: &Value) -> CheckedLaunch {
        let mut body: Value = serde_json::from_str(PRINTED_EXAMPLE).unwrap();
        for (name, value) in members.as_object().unwrap() {
            body[name] = value.clone();
        }
        let issuers = ["https://studyreel.alpha1edtech.com".to_owned()];
        let zone = TimeZone::UTC;
        let mut expected = LaunchRules::new(&issuers, &[], &zone);
        expected.sandbox = true;
        let payload = STUDYREEL.parse(body.to_string().as_bytes()).unwrap();
        check(&payload, &expected, 1_800_000_000).unwrap()
    }

    fn first(members: &Value) -> Profile {
        Profile::first(
            &launch(members),
            &standard_paths(),
            &PlacementRules::default(),
        )
        .0
    }

    fn update(profile: &mut Profile, members: &Value) -> Vec<(PlacementOutcome, String, i8)> {
        profile
            .update(
                &launch(members),
                &standard_paths(),
                &PlacementRules::default(),
            )
            .into_iter()
            .map(|change| {
                let placement = change.placement;
                (change.outcome, placement.subject, placement.grade)
            })
            .collect()
    }

    fn grade(profile: &Profile, subject: &str) -> i8 {
        let found = profile.placements.iter().find(|p| p.subject == subject);
        found.unwrap().grade
    }

    #[test]
    fn a_first_launch_enrols_in_every_path() {
        let (profile, changes) = Profile::first(
            &launch(&json!({})),
            &standard_paths(),
            &PlacementRules::default(),
        );
        assert_eq!(changes.len(), 4);
        let grades = ["math", "language", "science", "reading"].map(|s| grade(&profile, s));
        assert_eq!(grades, [5, 5, 6, 5]);
    }

    #[test]
    fn case_34_unchanged_inputs_change_nothing() {
        let mut profile = first(&json!({}));
        let before = profile.clone();
        assert_eq!(update(&mut profile, &json!({})), []);
        assert_eq!(profile, before);
    }

    #[test]
    fn case_35_a_higher_grade_moves_up_and_a_lower_one_is_suggested_once() {
        let mut profile = first(&json!({}));
        let up = update(&mut profile, &json!({"studyreel_grade_math": "7"}));
        assert_eq!(up, [(PlacementOutcome::Placed, "math".to_owned(), 7)]);
        let down = json!({"studyreel_grade_math": "3"});
        let suggested = update(&mut profile, &down);
        assert_eq!(
            suggested,
            [(PlacementOutcome::Suggested, "math".to_owned(), 3)]
        );
        assert_eq!((grade(&profile, "math"), profile.suggestions.len()), (7, 1));
        assert_eq!(update(&mut profile, &down), []);
        // Back where it was: the suggestion is moot.
        assert_eq!(
            update(&mut profile, &json!({"studyreel_grade_math": "7"})),
            []
        );
        assert_eq!((grade(&profile, "math"), profile.suggestions.len()), (7, 0));
    }

    #[test]
    fn case_36_unknown_values_overwrite_nothing() {
        let mut profile = first(&json!({}));
        let before = profile.clone();
        let unknown = json!({
            "given_name": "", "family_name": "null", "age_grade": "null", "user_acquisition_source": "other",
            "studyreel_grade_math": "null", "studyreel_grade_language": null, "studyreel_grade_science": "",
            "map_rit_math": "null", "map_rit_language": "abc", "map_rit_science": "0",
        });
        assert_eq!(update(&mut profile, &unknown), []);
        assert_eq!(profile, before);
    }

    #[test]
    fn case_10_names_follow_the_launch() {
        let mut profile = first(&json!({}));
        update(
            &mut profile,
            &json!({"given_name": "Jón", "family_name": "Ōe"}),
        );
        assert_eq!(profile.name().unwrap(), "Jón Ōe");
        update(
            &mut profile,
            &json!({"given_name": "Jun", "family_name": ""}),
        );
        assert_eq!(profile.name().unwrap(), "Jun Ōe");
    }

    #[test]
    fn another_path_of_a_subject_places_anew() {
        let mut profile = first(&json!({}));
        let mut paths = standard_paths();
        paths.truncate(1);
        paths[0].id = "math-2".into();
        paths[0].grades = OfferedGrades::range(1, 3).unwrap();
        let changes = profile.update(&launch(&json!({})), &paths, &PlacementRules::default());
        assert_eq!(changes.len(), 1);
        assert_eq!(
            (changes[0].outcome, grade(&profile, "math")),
            (PlacementOutcome::Placed, 3)
        );
        assert_eq!(grade(&profile, "science"), 6, "left as it was");
    }

    #[test]
    fn a_grade_that_is_not_offered_any_more_is_left() {
        let mut profile = first(&json!({}));
        profile.positions.insert("math".into(), "unit-12".into());
        let mut paths = standard_paths();
        paths.truncate(1);
        let mut place = |grades: OfferedGrades, profile: &mut Profile| {
            paths[0].grades = grades;
            profile.update(&launch(&json!({})), &paths, &PlacementRules::default())
        };
        let changes = place(OfferedGrades::list(vec![1, 4, 8]).unwrap(), &mut profile);
        assert_eq!(changes[0].outcome, PlacementOutcome::Placed);
        assert_eq!(changes[0].placement.clamped_from, Some(5));
        assert_eq!((changes.len(), grade(&profile, "math")), (1, 4));
        assert_eq!(profile.positions["math"], "unit-12", "it is the same path");
        // Where the grade is offered again, nobody is moved by that.
        assert_eq!(place(OfferedGrades::range(0, 8).unwrap(), &mut profile), []);
        assert_eq!(grade(&profile, "math"), 4);
    }
}
