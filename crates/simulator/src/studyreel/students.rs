//! The invented students of the pretend StudyReel, and the documented example.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A student as StudyReel knows them. `None` is written as `"null"`, as StudyReel does.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Student {
    /// The unique id; an e-mail address in all documents.
    pub sub: String,
    /// `given_name` of a launch.
    pub given_name: String,
    /// The family name; may be empty.
    #[serde(default)]
    pub family_name: String,
    /// The role; all StudyReel users are `Student`.
    #[serde(default = "student_role")]
    pub role: String,
    /// The proficiency in each subject as a grade.
    #[serde(default)]
    pub grades: Subjects,
    /// The grade expected from the age.
    pub age_grade: Option<String>,
    /// The MAP Growth Screener's RIT in each subject.
    #[serde(default)]
    pub rit: Subjects,
    /// How they came to StudyReel.
    #[serde(default = "studyreel")]
    pub acquisition_source: String,
    /// Learning blocks, for students of schools with EduPaid.
    pub learning_blocks: Option<Value>,
}

fn student_role() -> String {
    "Student".to_owned()
}

fn studyreel() -> String {
    "StudyReel".to_owned()
}

/// One value per subject, in StudyReel's format: a grade such as `5`, or a RIT such as `190`.
/// `None` is written as `"null"`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Subjects {
    /// Sent as `studyreel_grade_math` or `map_rit_math`.
    pub math: Option<String>,
    /// Sent as `studyreel_grade_language` or `map_rit_language`.
    pub language: Option<String>,
    /// Sent as `studyreel_grade_science` or `map_rit_science`.
    pub science: Option<String>,
    /// Sent as `studyreel_grade_reading` or `map_rit_reading`.
    pub reading: Option<String>,
}

impl Subjects {
    /// The four values in StudyReel's order; `-` is unknown.
    pub fn new(math: &str, language: &str, science: &str, reading: &str) -> Self {
        let known = |text: &str| (text != "-").then(|| text.to_owned());
        Self {
            math: known(math),
            language: known(language),
            science: known(science),
            reading: known(reading),
        }
    }

    /// The values with their subjects' names, in StudyReel's order.
    pub fn named(&self) -> [(&'static str, Option<&str>); 4] {
        [
            ("math", self.math.as_deref()),
            ("language", self.language.as_deref()),
            ("science", self.science.as_deref()),
            ("reading", self.reading.as_deref()),
        ]
    }
}

impl Student {
    /// The student in StudyReel's own documentation, John Doe.
    pub fn documented() -> Self {
        Self {
            sub: "student@studyreel.com".to_owned(),
            given_name: "John".to_owned(),
            family_name: "Doe".to_owned(),
            role: student_role(),
            grades: Subjects::new("5", "5", "6", "-"),
            age_grade: Some("5".to_owned()),
            rit: Subjects::new("190", "170", "180", "-"),
            acquisition_source: studyreel(),
            learning_blocks: None,
        }
    }

    /// A student without any placement data.
    pub fn new(sub: &str, given_name: &str, family_name: &str) -> Self {
        Self {
            sub: sub.to_owned(),
            given_name: given_name.to_owned(),
            family_name: family_name.to_owned(),
            role: student_role(),
            grades: Subjects::default(),
            age_grade: None,
            rit: Subjects::default(),
            acquisition_source: studyreel(),
            learning_blocks: None,
        }
    }

    fn invented(([sub, given, family, age], grades, rit): Invented) -> Self {
        Self {
            grades,
            rit,
            age_grade: (age != "-").then(|| age.to_owned()),
            ..Self::new(sub, given, family)
        }
    }

    /// Given and family name together.
    pub fn name(&self) -> String {
        format!("{} {}", self.given_name, self.family_name)
            .trim()
            .to_owned()
    }
}

/// An invented student: `sub`, given and family name, age grade; `-` is unknown.
type Invented = ([&'static str; 4], Subjects, Subjects);

/// The documented student first, then invented ones with all sorts of placement data.
pub(super) fn everybody() -> Vec<Student> {
    let nothing = Subjects::default;
    let invented: [Invented; 7] = [
        (
            ["amara@example.com", "Amara", "Osei", "3"],
            Subjects::new("3", "3", "3", "3"),
            Subjects::new("193", "191", "190", "188"),
        ),
        (
            ["leo@example.com", "Léo", "Marchand-D’Arc", "7"],
            Subjects::new("9", "6", "8", "7"),
            Subjects::new("238", "205", "219", "214"),
        ),
        (
            ["mina@example.com", "Mina", "Sato", "0"],
            Subjects::new("0", "0", "-", "0"),
            Subjects::new("151", "-", "-", "146"),
        ),
        (
            ["noor@example.com", "Noor", "", "5"],
            nothing(),
            Subjects::new("176", "201", "-", "-"),
        ),
        (
            ["tomas@example.com", "Tomás", "Vega", "8"],
            Subjects::new("4", "-", "-", "5"),
            nothing(),
        ),
        (
            ["wren@example.com", "Wren", "Hollis", "-"],
            nothing(),
            nothing(),
        ),
        (
            ["student-0007", "Ivy", "Chen", "12"],
            Subjects::new("12", "11", "12", "13"),
            Subjects::new("262", "244", "240", "251"),
        ),
    ];
    let mut students = vec![Student::documented()];
    students.extend(invented.into_iter().map(Student::invented));
    students[1].learning_blocks = Some(json!([{
        "amount": 100,
        "curriculumIds": ["0b7e4c1a-5f0d-4f0e-9d6b-3a1f2c4d5e6f"],
        "description": "Multiplication facts, grade 3",
    }]));
    students
}
