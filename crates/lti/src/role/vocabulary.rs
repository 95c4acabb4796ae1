//! The known roles, spelled exactly.

/// A role in the course, or the principal of a sub-role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(
    missing_docs,
    reason = "each variant is the vocabulary's word of its name"
)]
#[non_exhaustive]
pub enum ContextRole {
    Administrator,
    ContentDeveloper,
    Instructor,
    Learner,
    Manager,
    Member,
    Mentor,
    Officer,
}

impl ContextRole {
    pub(super) const ALL: [(&'static str, Self); 8] = [
        ("Administrator", Self::Administrator),
        ("ContentDeveloper", Self::ContentDeveloper),
        ("Instructor", Self::Instructor),
        ("Learner", Self::Learner),
        ("Manager", Self::Manager),
        ("Member", Self::Member),
        ("Mentor", Self::Mentor),
        ("Officer", Self::Officer),
    ];

    fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|(known, _)| *known == name)
            .map(|(_, role)| role)
    }

    pub(super) const fn sub_roles(self) -> &'static [&'static str] {
        match self {
            Self::Administrator => ADMINISTRATORS,
            Self::ContentDeveloper => CONTENT_DEVELOPERS,
            Self::Instructor => INSTRUCTORS,
            Self::Learner => LEARNERS,
            Self::Manager => MANAGERS,
            Self::Member => &["Member"],
            Self::Mentor => MENTORS,
            Self::Officer => OFFICERS,
        }
    }
}

const ADMINISTRATORS: &[&str] = &[
    "Administrator",
    "Developer",
    "ExternalDeveloper",
    "ExternalSupport",
    "ExternalSystemAdministrator",
    "Support",
    "SystemAdministrator",
];
const CONTENT_DEVELOPERS: &[&str] = &[
    "ContentDeveloper",
    "ContentExpert",
    "ExternalContentExpert",
    "Librarian",
];
const INSTRUCTORS: &[&str] = &[
    "ExternalInstructor",
    "Grader",
    "GuestInstructor",
    "Lecturer",
    "PrimaryInstructor",
    "SecondaryInstructor",
    "TeachingAssistant",
    "TeachingAssistantGroup",
    "TeachingAssistantOffering",
    "TeachingAssistantSection",
    "TeachingAssistantSectionAssociation",
    "TeachingAssistantTemplate",
];
const LEARNERS: &[&str] = &[
    "ExternalLearner",
    "GuestLearner",
    "Instructor",
    "Learner",
    "NonCreditLearner",
];
const MANAGERS: &[&str] = &[
    "AreaManager",
    "CourseCoordinator",
    "ExternalObserver",
    "Manager",
    "Observer",
];
const MENTORS: &[&str] = &[
    "Advisor",
    "Auditor",
    "ExternalAdvisor",
    "ExternalAuditor",
    "ExternalLearningFacilitator",
    "ExternalMentor",
    "ExternalReviewer",
    "ExternalTutor",
    "LearningFacilitator",
    "Mentor",
    "Reviewer",
    "Tutor",
];
const OFFICERS: &[&str] = &[
    "Chair",
    "Communications",
    "Secretary",
    "Treasurer",
    "Vice-Chair",
];

pub(super) const SYSTEM_ROLES: &[&str] = &[
    "Administrator",
    "None",
    "AccountAdmin",
    "Creator",
    "SysAdmin",
    "SysSupport",
    "User",
];

pub(super) const INSTITUTION_ROLES: &[&str] = &[
    "Administrator",
    "Faculty",
    "Guest",
    "None",
    "Other",
    "Staff",
    "Student",
    "Alumni",
    "Instructor",
    "Learner",
    "Member",
    "Mentor",
    "Observer",
    "ProspectiveStudent",
];

pub(super) const SYSTEM: &str = "http://purl.imsglobal.org/vocab/lis/v2/system/person#";
pub(super) const INSTITUTION: &str = "http://purl.imsglobal.org/vocab/lis/v2/institution/person#";
/// Deprecated: a single vocabulary for both of the above (B-46).
pub(super) const PERSON: &str = "http://purl.imsglobal.org/vocab/lis/v2/person#";
pub(super) const CONTEXT: &str = "http://purl.imsglobal.org/vocab/lis/v2/membership#";
pub(super) const SUB_ROLE: &str = "http://purl.imsglobal.org/vocab/lis/v2/membership/";
pub(super) const TEST_USER: &str = "http://purl.imsglobal.org/vocab/lti/system/person#TestUser";

/// A role of the vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KnownRole {
    /// A role in the platform as a whole, by its short name.
    System(&'static str),
    /// A role in the institution, by its short name.
    Institution(&'static str),
    /// A role in the course.
    Context(ContextRole),
    /// A sub-role in the course; it may arrive without its principal (B-45).
    SubRole(ContextRole, &'static str),
    /// Not a person: the platform's preview user, such as Canvas' student view (B-47).
    TestUser,
}

impl KnownRole {
    /// The role with exactly this LTI 1.3 spelling: a full URI, or a bare name for course roles.
    ///
    /// Never matches by substring or suffix (B-60): a Learner may carry the sub-role Instructor.
    /// Unknown text gives `None` and grants nothing (B-43).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(name) = text.strip_prefix(CONTEXT) {
            return ContextRole::from_name(name).map(Self::Context);
        }
        if let Some(rest) = text.strip_prefix(SUB_ROLE) {
            let (principal, name) = rest.split_once('#')?;
            return Self::sub_role(principal, name);
        }
        if let Some(name) = text.strip_prefix(INSTITUTION) {
            return find(INSTITUTION_ROLES, name).map(Self::Institution);
        }
        if let Some(name) = text.strip_prefix(SYSTEM) {
            return find(SYSTEM_ROLES, name).map(Self::System);
        }
        if let Some(name) = text.strip_prefix(PERSON) {
            return find(INSTITUTION_ROLES, name)
                .map(Self::Institution)
                .or_else(|| find(SYSTEM_ROLES, name).map(Self::System));
        }
        if text == TEST_USER {
            return Some(Self::TestUser);
        }
        ContextRole::from_name(text).map(Self::Context)
    }

    fn sub_role(principal: &str, name: &str) -> Option<Self> {
        let principal = ContextRole::from_name(principal)?;
        Some(Self::SubRole(principal, find(principal.sub_roles(), name)?))
    }
}

fn find(names: &[&'static str], name: &str) -> Option<&'static str> {
    names.iter().copied().find(|known| *known == name)
}
