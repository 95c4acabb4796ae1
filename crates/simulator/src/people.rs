//! The invented school of the pretend LMS: two courses, three members of staff, five students, all
//! at `example.com`.

use serde_json::{Map, Value};

/// A person's part in every course.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    /// Runs the LMS.
    Administrator,
    /// Teaches.
    Teacher,
    /// Learns.
    Student,
}

impl Position {
    /// The name for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::Teacher => "teacher",
            Self::Student => "student",
        }
    }
}

/// One invented person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The id in the LMS; `sub` of a launch.
    pub id: String,
    /// The login name.
    pub username: String,
    /// The given name; `given_name` of a launch.
    pub given_name: String,
    /// The family name; empty for a person with only one name.
    pub family_name: String,
    /// The e-mail address.
    pub email: String,
    /// The number in the school's own system.
    pub sourcedid: String,
    /// Their role.
    pub position: Position,
}

impl Person {
    /// Given and family name together.
    pub fn name(&self) -> String {
        format!("{} {}", self.given_name, self.family_name)
            .trim()
            .to_owned()
    }
}

/// A course; `context` of a launch.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    /// The id; `context.id` of a launch.
    pub id: String,
    /// The short name.
    pub label: String,
    /// The title; `context.title` of a launch.
    pub title: String,
    /// The number in the school's own system.
    pub sourcedid: String,
    /// The links that teachers have added.
    pub links: Vec<ResourceLink>,
    /// Other content chosen for it: links, files, HTML and images, as the tool sent them.
    pub contents: Vec<Value>,
}

/// An activity in a course that opens a tool.
#[derive(Clone, Debug, PartialEq)]
pub struct ResourceLink {
    /// The id; `resource_link.id` of a launch.
    pub id: String,
    /// The title; `resource_link.title` of a launch.
    pub title: String,
    /// The author's description; `resource_link.description` of a launch.
    pub description: String,
    /// The tool it belongs to, by client id; `None` if it can open any tool.
    pub tool: Option<String>,
    /// Its own target, if it was chosen by deep linking.
    pub url: Option<String>,
    /// Its own custom parameters.
    pub custom: Map<String, Value>,
}

impl ResourceLink {
    fn new(id: &str, title: &str, description: &str) -> Self {
        Self {
            id: id.to_owned(),
            title: title.to_owned(),
            description: description.to_owned(),
            tool: None,
            url: None,
            custom: Map::new(),
        }
    }
}

pub(crate) fn everybody() -> Vec<Person> {
    let person = |id: &str, username: &str, given: &str, family: &str, position| Person {
        id: id.to_owned(),
        username: username.to_owned(),
        given_name: given.to_owned(),
        family_name: family.to_owned(),
        email: format!("{username}@example.com"),
        sourcedid: format!("sis-{username}"),
        position,
    };
    vec![
        person("2", "admin", "Alex", "Adminson", Position::Administrator),
        person("3", "maria", "Maria", "Okafor", Position::Teacher),
        person("4", "jonas", "Jonas", "Lind", Position::Teacher),
        person("5", "sam", "Sam", "Rivera", Position::Student),
        person("6", "priya", "Priya", "Nair", Position::Student),
        person("7", "chloe", "Chloë", "Dubois-O’Neill", Position::Student),
        person("8", "budi", "Budi", "", Position::Student),
        person("9", "li", "丽", "王", Position::Student),
    ]
}

pub(crate) fn courses() -> Vec<Course> {
    vec![
        Course {
            id: "2".to_owned(),
            label: "RUST101".to_owned(),
            title: "Programming in Rust".to_owned(),
            sourcedid: "sis-rust101".to_owned(),
            links: vec![
                ResourceLink::new("1", "Getting started", "The first week"),
                ResourceLink::new("2", "Ownership & borrowing", ""),
            ],
            contents: Vec::new(),
        },
        Course {
            id: "3".to_owned(),
            label: "READ5".to_owned(),
            title: "Reading together, grade 5".to_owned(),
            sourcedid: "sis-read5".to_owned(),
            links: vec![ResourceLink::new("3", "Chapter one", "Read aloud first")],
            contents: Vec::new(),
        },
    ]
}
