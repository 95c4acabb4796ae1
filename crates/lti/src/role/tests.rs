use test_case::cases;

use super::vocabulary::{
    CONTEXT, INSTITUTION, INSTITUTION_ROLES, PERSON, SUB_ROLE, SYSTEM, SYSTEM_ROLES, TEST_USER,
};
use super::*;

/// Expands the prefixes of roles.
fn spelt_out(roles: &[&str]) -> Vec<String> {
    let prefixes = [
        ("m#", CONTEXT),
        ("i#", INSTITUTION),
        ("s#", SYSTEM),
        ("m/", SUB_ROLE),
    ];
    let spelt_out = roles.iter().map(|role| {
        let mut prefixes = prefixes.iter();
        let found = prefixes.find_map(|(short, long)| Some((long, role.strip_prefix(short)?)));
        match found {
            Some((long, name)) => format!("{long}{name}"),
            None => (*role).to_owned(),
        }
    });
    spelt_out.collect()
}

fn standing(roles: &[&str]) -> Standing {
    Standing::of(&spelt_out(roles))
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
        assert_eq!(KnownRole::parse(odd), None, "{odd}");
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
        assert_eq!(KnownRole::parse(odd), None, "{odd}");
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
            KnownRole::parse(&format!("{CONTEXT}{name}")),
            Some(KnownRole::Context(role))
        );
        for sub in role.sub_roles() {
            assert_eq!(
                KnownRole::parse(&format!("{SUB_ROLE}{name}#{sub}")),
                Some(KnownRole::SubRole(role, sub))
            );
        }
    }
    for name in INSTITUTION_ROLES {
        let role = Some(KnownRole::Institution(name));
        assert_eq!(KnownRole::parse(&format!("{INSTITUTION}{name}")), role);
        assert_eq!(KnownRole::parse(&format!("{PERSON}{name}")), role);
    }
    for name in SYSTEM_ROLES {
        assert_eq!(
            KnownRole::parse(&format!("{SYSTEM}{name}")),
            Some(KnownRole::System(name))
        );
    }
    assert_eq!(
        KnownRole::parse(&format!("{PERSON}SysAdmin")),
        Some(KnownRole::System("SysAdmin"))
    );
}

/// A kind of user, the roles that an LMS sends for them, and the standing of each.
type Row = (&'static str, &'static [&'static str], &'static [Standing]);

#[cases("SV-11")]
#[test]
fn what_each_lms_sends_amounts_to() {
    use Standing::{
        Administrator, ContentDeveloper, Instructor, Learner, Mentor, TeachingAssistant,
    };
    let table: &[Row] = &[
        // Canvas: its mapping from enrolments to roles, preceded by the role in the institution.
        (
            "Canvas teacher",
            &["i#Instructor", "m#Instructor", "s#User"],
            &[Instructor],
        ),
        (
            "Canvas teaching assistant",
            &[
                "i#Instructor",
                "m/Instructor#TeachingAssistant",
                "m#Instructor",
                "s#User",
            ],
            &[TeachingAssistant, Instructor],
        ),
        (
            "Canvas designer",
            &["i#Instructor", "m#ContentDeveloper", "s#User"],
            &[ContentDeveloper],
        ),
        (
            "Canvas observer",
            &["i#Observer", "m#Mentor", "s#User"],
            &[Mentor],
        ),
        (
            "Canvas student",
            &["i#Student", "m#Learner", "s#User"],
            &[Learner],
        ),
        (
            "Canvas test student",
            &["i#Student", "m#Learner", "s#User", TEST_USER],
            &[Learner],
        ),
        (
            "Canvas administrator, not enrolled",
            &["i#Administrator", "s#SysAdmin", "s#User"],
            &[],
        ),
        // Moodle, observed on a running instance: no sub-roles.
        ("Moodle student", &["m#Learner"], &[Learner]),
        (
            "Moodle non-editing teacher",
            &["m#Instructor"],
            &[Instructor],
        ),
        (
            "Moodle administrator",
            &["i#Administrator", "m#Instructor", "s#Administrator"],
            &[Instructor],
        ),
        ("Moodle roster, short names", &["Learner"], &[Learner]),
        // Open edX.
        (
            "Open edX course team",
            &["s#User", "i#Student", "m#Administrator", "m#Instructor"],
            &[Instructor, Administrator],
        ),
        ("Open edX learner", &["i#Student", "m#Learner"], &[Learner]),
        // The vocabulary's spellings, used by Blackboard, Brightspace and Sakai.
        (
            "assistant without principal",
            &["m/Instructor#TeachingAssistant"],
            &[TeachingAssistant],
        ),
        ("grader", &["m/Instructor#Grader"], &[TeachingAssistant]),
        (
            "guest in the course",
            &["m/Learner#GuestLearner"],
            &[Learner],
        ),
        (
            "learner whose sub-role is called Instructor",
            &["m/Learner#Instructor"],
            &[Learner],
        ),
        // OpenOLAT's roster: not a spelling of the vocabulary.
        ("upper case", &["LEARNER"], &[]),
        // Roles that grant nothing, and never make a learner.
        (
            "an unknown role",
            &["https://school.example/roles#Boss"],
            &[],
        ),
        (
            "another server's Learner",
            &["https://evil.example/membership#Learner"],
            &[],
        ),
        (
            "Student, LTI 1.1",
            &["Student", "urn:lti:role:ims/lis/Learner"],
            &[],
        ),
        (
            "a student of the institution",
            &["i#Student", "s#User"],
            &[],
        ),
        ("a member", &["m#Member", "m#Officer", "m#Manager"], &[]),
        ("nobody", &[], &[]),
    ];
    for (who, roles, expected) in table {
        let each: Vec<Standing> = Standing::each_of(&spelt_out(roles)).into_iter().collect();
        assert_eq!(each, *expected, "{who}");
    }
}
