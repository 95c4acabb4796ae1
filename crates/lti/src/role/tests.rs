use test_case::cases;

use super::vocabulary::{
    CONTEXT, INSTITUTION, INSTITUTION_ROLES, PERSON, SUB_ROLE, SYSTEM, SYSTEM_ROLES, TEST_USER,
};
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
