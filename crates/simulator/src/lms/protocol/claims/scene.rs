//! Who opens what with which tool, and the custom parameter variables for it.

use crate::{
    Error,
    lms::state::{Launch, Memory, Message, Review},
    people::{Course, Person, Position, ResourceLink},
    tool::Tool,
};

/// The things that a launch refers to, looked up.
pub(super) struct Scene {
    pub(super) tool: Tool,
    pub(super) person: Person,
    pub(super) course: Course,
    /// `None` for deep linking.
    pub(super) link: Option<ResourceLink>,
    /// The person whose submission is under review.
    pub(super) reviewed: Option<Person>,
    /// The line item's `submissionReview`.
    pub(super) review: Option<Review>,
}

impl Scene {
    pub(super) fn of(memory: &Memory, launch: &Launch) -> Result<Self, Error> {
        let tool = memory.tool(&launch.tool)?.clone();
        let person = memory.person(&launch.user)?.clone();
        let course = memory.course(&launch.course)?.clone();
        let link = match launch.message {
            Message::DeepLinking => None,
            Message::ResourceLink | Message::SubmissionReview => Some(
                course
                    .links
                    .iter()
                    .find(|link| link.id == launch.link)
                    .cloned()
                    .ok_or_else(|| Error::unknown("resource link", &launch.link))?,
            ),
        };
        let reviewed = launch.reviewed.as_deref();
        let reviewed = reviewed.map(|id| memory.person(id).cloned()).transpose()?;
        Ok(Self {
            review: memory.review(launch),
            tool,
            person,
            course,
            link,
            reviewed,
        })
    }

    /// The value of `$Name`; anything else stays unchanged, as in real LMSs.
    pub(super) fn resolve(&self, value: &str) -> String {
        value
            .strip_prefix('$')
            .and_then(|name| self.variable(name))
            .unwrap_or_else(|| value.to_owned())
    }

    fn variable(&self, name: &str) -> Option<String> {
        let link = |part: fn(&ResourceLink) -> &str| {
            self.link
                .as_ref()
                .map_or_else(String::new, |link| part(link).to_owned())
        };
        Some(match name {
            "User.id" => self.person.id.clone(),
            "User.username" => self.person.username.clone(),
            "Person.name.full" => self.person.name(),
            "Person.name.given" => self.person.given_name.clone(),
            "Person.name.family" => self.person.family_name.clone(),
            "Person.email.primary" => self.person.email.clone(),
            "Person.sourcedId" => self.person.sourcedid.clone(),
            "Context.id" => self.course.id.clone(),
            "Context.title" | "CourseSection.title" => self.course.title.clone(),
            "Context.label" | "CourseSection.label" => self.course.label.clone(),
            "Context.sourcedId" | "CourseSection.sourcedId" => self.course.sourcedid.clone(),
            "Context.id.history" | "Context.longDescription" | "Moodle.Person.userGroupIds" => {
                String::new()
            }
            "ResourceLink.id" => link(|link| &link.id),
            "ResourceLink.title" => link(|link| &link.title),
            "ResourceLink.description" => link(|link| &link.description),
            "Membership.role" => match self.person.position {
                Position::Administrator | Position::Teacher => "Instructor".to_owned(),
                Position::Student => "Learner".to_owned(),
            },
            _ => return None,
        })
    }
}
