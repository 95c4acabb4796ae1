//! Roles: the vocabulary, matched exactly, and what they amount to in a course (B.6).

/// A role in the course, or the principal of a sub-role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(
    missing_docs,
    reason = "each variant is the vocabulary's word of its name"
)]
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
    const ALL: [(&'static str, Self); 8] = [
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

    const fn sub_roles(self) -> &'static [&'static str] {
        match self {
            Self::Administrator => &[
                "Administrator",
                "Developer",
                "ExternalDeveloper",
                "ExternalSupport",
                "ExternalSystemAdministrator",
                "Support",
                "SystemAdministrator",
            ],
            Self::ContentDeveloper => &[
                "ContentDeveloper",
                "ContentExpert",
                "ExternalContentExpert",
                "Librarian",
            ],
            Self::Instructor => &[
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
            ],
            Self::Learner => &[
                "ExternalLearner",
                "GuestLearner",
                "Instructor",
                "Learner",
                "NonCreditLearner",
            ],
            Self::Manager => &[
                "AreaManager",
                "CourseCoordinator",
                "ExternalObserver",
                "Manager",
                "Observer",
            ],
            Self::Member => &["Member"],
            Self::Mentor => &[
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
            ],
            Self::Officer => &[
                "Chair",
                "Communications",
                "Secretary",
                "Treasurer",
                "Vice-Chair",
            ],
        }
    }
}

const SYSTEM_ROLES: &[&str] = &[
    "Administrator",
    "None",
    "AccountAdmin",
    "Creator",
    "SysAdmin",
    "SysSupport",
    "User",
];

const INSTITUTION_ROLES: &[&str] = &[
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

const SYSTEM: &str = "http://purl.imsglobal.org/vocab/lis/v2/system/person#";
const INSTITUTION: &str = "http://purl.imsglobal.org/vocab/lis/v2/institution/person#";
/// Deprecated: one vocabulary for both of the above (B-46).
const PERSON: &str = "http://purl.imsglobal.org/vocab/lis/v2/person#";
const CONTEXT: &str = "http://purl.imsglobal.org/vocab/lis/v2/membership#";
const SUB_ROLE: &str = "http://purl.imsglobal.org/vocab/lis/v2/membership/";
const TEST_USER: &str = "http://purl.imsglobal.org/vocab/lti/system/person#TestUser";

/// A role of the vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// A role in the platform as a system, by its short name.
    System(&'static str),
    /// A role in the institution, by its short name.
    Institution(&'static str),
    /// A role in the course.
    Context(ContextRole),
    /// A sub-role in the course; it may arrive without its principal (B-45).
    SubRole(ContextRole, &'static str),
    /// Not a person: the platform's preview, such as Canvas' student view (B-47).
    TestUser,
}

impl Role {
    /// The role of this exact spelling in LTI 1.3: a full URI, or a bare name for course roles.
    ///
    /// Never matches by substring or suffix (B-60): a Learner may carry the sub-role Instructor.
    /// Unknown text is `None` and grants nothing (B-43).
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

    fn is_teaching_assistant(self) -> bool {
        matches!(self, Self::SubRole(ContextRole::Instructor, name)
            if name == "Grader" || name.starts_with("TeachingAssistant"))
    }

    /// What this role alone amounts to in the course.
    const fn standing(self) -> Standing {
        match self {
            Self::Context(role) => match role {
                ContextRole::Administrator => Standing::Administrator,
                ContextRole::ContentDeveloper => Standing::ContentDeveloper,
                ContextRole::Instructor => Standing::Instructor,
                ContextRole::Learner => Standing::Learner,
                ContextRole::Mentor => Standing::Mentor,
                ContextRole::Manager | ContextRole::Member | ContextRole::Officer => {
                    Standing::Guest
                }
            },
            Self::SubRole(role, name) => match (role, name.as_bytes()) {
                (
                    ContextRole::Administrator,
                    b"Administrator" | b"SystemAdministrator" | b"ExternalSystemAdministrator",
                ) => Standing::Administrator,
                (ContextRole::Administrator, _) => Standing::Guest,
                (ContextRole::Instructor, b"Grader") => Standing::TeachingAssistant,
                (ContextRole::Instructor, [b'T', b'e', b'a', b'c', ..]) => {
                    Standing::TeachingAssistant
                }
                (role, _) => Self::Context(role).standing(),
            },
            Self::System(_) | Self::Institution(_) | Self::TestUser => Standing::Guest,
        }
    }
}

fn find(names: &[&'static str], name: &str) -> Option<&'static str> {
    names.iter().copied().find(|known| *known == name)
}

/// What a person is in the course, in one word, the least first.
///
/// Only course roles decide (B-44): an institution's Instructor who is a Learner in the course is
/// a Learner here, and a site administrator without a course role is a Guest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Standing {
    /// No course role, or none that is known: the least privilege (B-43).
    #[default]
    Guest,
    /// Takes the course.
    Learner,
    /// Accompanies learners.
    Mentor,
    /// Helps to teach; deliberately less than an instructor (B-45).
    TeachingAssistant,
    /// Writes content.
    ContentDeveloper,
    /// Teaches the course.
    Instructor,
    /// Administers the course.
    Administrator,
}

impl Standing {
    /// The standing of these LTI 1.3 roles.
    ///
    /// The highest course role counts, with one exception: where a teaching assistant's sub-role
    /// comes together with its principal `Instructor` and no other teaching sub-role, the pair
    /// means the assistant. Canvas sends both for its assistants.
    #[must_use]
    pub fn of<S: AsRef<str>>(roles: &[S]) -> Self {
        let mut best = Self::Guest;
        let (mut plain_instructor, mut assistant) = (false, false);
        for role in roles.iter().filter_map(|role| Role::parse(role.as_ref())) {
            assistant |= role.is_teaching_assistant();
            if role == Role::Context(ContextRole::Instructor) {
                plain_instructor = true;
            } else {
                best = best.max(role.standing());
            }
        }
        if plain_instructor && !assistant {
            best = best.max(Self::Instructor);
        }
        best
    }

    /// A short English name for pages and logs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Guest => "guest",
            Self::Learner => "learner",
            Self::Mentor => "mentor",
            Self::TeachingAssistant => "teaching assistant",
            Self::ContentDeveloper => "content developer",
            Self::Instructor => "instructor",
            Self::Administrator => "administrator",
        }
    }
}

/// Whether the platform marks this user as a preview rather than a person (B-47).
#[must_use]
pub fn is_test_user<S: AsRef<str>>(roles: &[S]) -> bool {
    roles.iter().any(|role| role.as_ref() == TEST_USER)
}

#[cfg(test)]
mod tests {
    use test_case::cases;

    use super::*;

    fn standing(roles: &[&str]) -> Standing {
        let roles: Vec<String> = roles
            .iter()
            .map(|role| {
                role.replace("m#", CONTEXT)
                    .replace("i#", INSTITUTION)
                    .replace("s#", SYSTEM)
                    .replace("m/", SUB_ROLE)
            })
            .collect();
        Standing::of(&roles)
    }

    #[cases("TC-143", "TC-152")]
    #[test]
    fn only_context_roles_decide() {
        assert_eq!(standing(&["i#Instructor", "m#Learner"]), Standing::Learner);
        assert_eq!(standing(&["i#Administrator"]), Standing::Guest);
        assert_eq!(standing(&["s#Administrator", "i#Faculty"]), Standing::Guest);
        // Moodle's administrator.
        assert_eq!(
            standing(&["i#Administrator", "m#Instructor", "s#Administrator"]),
            Standing::Instructor
        );
    }

    #[cases("TC-144")]
    #[test]
    fn short_names_are_context_roles() {
        assert_eq!(Standing::of(&["Instructor"]), Standing::Instructor);
        assert_eq!(Standing::of(&["Learner"]), Standing::Learner);
        for odd in ["Student", "instructor", "LEARNER", "Faculty", " Instructor"] {
            assert_eq!(Role::parse(odd), None, "{odd}");
        }
    }

    #[cases("TC-145", "TC-146")]
    #[test]
    fn unknown_or_none_is_least_privilege() {
        assert_eq!(Standing::of(&["https://x.test/role#Boss"]), Standing::Guest);
        assert_eq!(Standing::of::<&str>(&[]), Standing::Guest);
    }

    #[cases("TC-151", "TC-153")]
    #[test]
    fn no_match_by_suffix() {
        assert_eq!(standing(&["m/Learner#Instructor"]), Standing::Learner);
        for odd in [
            "https://evil.test/x#Instructor",
            "http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor ",
            "http://purl.imsglobal.org/vocab/lis/v2/membership#instructor",
            "http://purl.imsglobal.org/vocab/lis/v2/membership/Instructor",
            "http://purl.imsglobal.org/vocab/lis/v2/membership/Boss#Instructor",
            "https://purl.imsglobal.org/vocab/lis/v2/membership#Instructor",
            "xhttp://purl.imsglobal.org/vocab/lis/v2/membership#Instructor",
            "urn:lti:role:ims/lis/Instructor",
        ] {
            assert_eq!(Role::parse(odd), None, "{odd}");
        }
    }

    #[cases("TC-154")]
    #[test]
    fn a_teaching_assistant_is_not_an_instructor() {
        let ta = "m/Instructor#TeachingAssistant";
        assert_eq!(standing(&[ta]), Standing::TeachingAssistant);
        assert_eq!(standing(&[ta, "m#Instructor"]), Standing::TeachingAssistant);
        assert_eq!(
            standing(&[ta, "m#Instructor", "m/Instructor#PrimaryInstructor"]),
            Standing::Instructor
        );
        assert_eq!(standing(&["m/Instructor#Lecturer"]), Standing::Instructor);
    }

    #[cases("TC-155")]
    #[test]
    fn test_users_are_told_apart() {
        assert!(is_test_user(&["Learner", TEST_USER]));
        assert!(!is_test_user(&["Learner", "TestUser"]));
    }

    #[test]
    fn the_whole_vocabulary_parses() {
        for (name, role) in ContextRole::ALL {
            assert_eq!(
                Role::parse(&format!("{CONTEXT}{name}")),
                Some(Role::Context(role))
            );
            for sub in role.sub_roles() {
                assert_eq!(
                    Role::parse(&format!("{SUB_ROLE}{name}#{sub}")),
                    Some(Role::SubRole(role, sub))
                );
            }
        }
        for name in INSTITUTION_ROLES {
            let role = Some(Role::Institution(name));
            assert_eq!(Role::parse(&format!("{INSTITUTION}{name}")), role);
            assert_eq!(Role::parse(&format!("{PERSON}{name}")), role);
        }
        for name in SYSTEM_ROLES {
            assert_eq!(
                Role::parse(&format!("{SYSTEM}{name}")),
                Some(Role::System(name))
            );
        }
        assert_eq!(
            Role::parse(&format!("{PERSON}SysAdmin")),
            Some(Role::System("SysAdmin"))
        );
    }
}
