//! How placements and rules are written, stored and explained, and what a later launch changes.

use test_case::cases;

use super::*;

#[test]
fn explanations_are_one_sentence() {
    let explained = |subject: &str, grade, rit, age| {
        place(
            &known(grade, rit, age),
            &path(subject, 0, 8),
            &PlacementRules::default(),
        )
        .explanation
    };
    assert_eq!(
        explained("math", Some(5), Some(190), None),
        "Starts at grade 5, because StudyReel reports grade 5 for math; the MAP score of 190 RIT \
         points to grade 3, so a diagnostic comes first."
    );
    assert_eq!(
        explained("science", None, Some(180), None),
        "Starts at grade 2, because the MAP score of 180 RIT points to grade 2 or below in science."
    );
    assert_eq!(
        explained("reading", None, None, Some(5)),
        "Starts at grade 5, because age suggests grade 5 and nothing is measured in reading; a \
         diagnostic is recommended."
    );
    assert_eq!(
        explained("math", None, None, None),
        "Starts at kindergarten, because nothing is known about math and this is the path's lowest \
         grade; a diagnostic comes first."
    );
    assert_eq!(
        explained("math", Some(11), None, None),
        "Starts at grade 8, grade 11 not being offered, because StudyReel reports grade 11 for math."
    );
    let rules = PlacementRules {
        precedence: Precedence::RitFirst,
        ..PlacementRules::default()
    };
    assert_eq!(
        place(
            &known(Some(5), Some(190), None),
            &path("math", 0, 8),
            &rules
        )
        .explanation,
        "Starts at grade 3, because the MAP score of 190 RIT points to grade 3 in math; StudyReel \
         reports grade 5, so a diagnostic comes first."
    );
}

#[test]
fn an_explanation_quotes_what_was_sent() {
    let body = br#"{"studyreel_grade_math": "5.7", "map_rit_math": 190.5}"#;
    let explained = |rules: &PlacementRules| {
        let preview = Preview::of(body, &[path("math", 0, 8)], rules).unwrap();
        preview.placement[0].explanation.clone()
    };
    assert_eq!(
        explained(&PlacementRules::default()),
        "Starts at grade 5, because StudyReel reports 5.7, which counts as grade 5, for math; the MAP \
         score of 191 RIT, sent as 190.5, points to grade 3, so a diagnostic comes first."
    );
    let rules = PlacementRules {
        precedence: Precedence::RitFirst,
        ..PlacementRules::default()
    };
    assert_eq!(
        explained(&rules),
        "Starts at grade 3, because the MAP score of 191 RIT, sent as 190.5, points to grade 3 in math; \
         StudyReel reports 5.7, which counts as grade 5, so a diagnostic comes first."
    );
}

#[test]
fn a_placement_goes_round_through_json_in_camel_case() {
    let placement = &example(&PlacementRules::default())[0];
    let written = serde_json::to_value(placement).unwrap();
    assert_eq!(written["reason"], "studyreel_grade");
    assert_eq!(written["diagnosticRecommended"], true);
    assert_eq!(written["path"], "math");
    assert!(written.get("clampedFrom").is_none() && written.get("entryPoint").is_none());
    assert_eq!(
        written["inputs"]["rit"],
        json!({"raw": "190", "value": 190, "warning": null})
    );
    assert_eq!(
        serde_json::from_value::<Placement>(written).unwrap(),
        *placement
    );
}

#[test]
fn a_placement_stored_under_its_older_names_is_read() {
    let placed = placed("math", &known(Some(3), None, None));
    let mut old = serde_json::to_value(&placed).unwrap();
    let members = old.as_object_mut().unwrap();
    for (new, older) in [("path", "pathId"), ("entryPoint", "entry")] {
        if let Some(value) = members.remove(new) {
            members.insert(older.to_owned(), value);
        }
    }
    assert!(old.get("pathId").is_some());
    assert_eq!(serde_json::from_value::<Placement>(old).unwrap(), placed);
}

#[test]
fn rules_are_written_in_settings() {
    let rules: PlacementRules =
        toml::from_str("precedence = 'rit-first'\nconflictThreshold = 3\nritGradeCap = 6").unwrap();
    assert_eq!(
        rules.version(),
        "hallpass-1 nwea-2025.1 rit-first conflict=3 cap=6"
    );
    assert!(toml::from_str::<PlacementRules>("precedense = 'rit-first'").is_err());
}

#[cases("STUDYREEL-34", "STUDYREEL-35", "STUDYREEL-36")]
#[test]
fn later_launches_move_up_and_never_down() {
    let whole = path("math", -1, 13);
    let revise = |current: &Placement, fresh| revise(current, fresh, &whole);
    let current = placed("math", &known(Some(5), None, Some(5)));
    let spelled_otherwise = {
        let mut inputs = known(Some(5), None, Some(5));
        inputs.grade.raw = Some("05".into());
        placed("math", &inputs)
    };
    assert_eq!(revise(&current, spelled_otherwise), Revision::Keep);
    let higher = placed("math", &known(Some(6), None, Some(5)));
    assert_eq!(revise(&current, higher.clone()), Revision::Adopt(higher));
    let lower = placed("math", &known(Some(3), None, Some(5)));
    assert_eq!(revise(&current, lower.clone()), Revision::Suggest(lower));
    let mut other_rule = current.clone();
    other_rule.grade = 1;
    other_rule.rule_version = "hallpass-0".into();
    assert_eq!(revise(&current, other_rule), Revision::Keep);
}
