//! The LMSs that the wizard knows: the steps in each, in that LMS's own words, and what its schools share.

use crate::web::texts::{Text, portal_connect as texts};

/// What stands under a step, to be copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Copied {
    Nothing,
    /// The address that the LMS registers by.
    RegistrationUrl,
    /// Our addresses for a registration by hand.
    OurAddresses,
    /// The configuration of a Canvas developer key.
    CanvasUrl,
}

/// A step, with the LMS's own words.
pub(super) struct LmsStep {
    pub(super) says: Text,
    pub(super) words: &'static [(&'static str, &'static str)],
    pub(super) copied: Copied,
}

const fn step(says: Text, words: &'static [(&'static str, &'static str)]) -> LmsStep {
    LmsStep {
        says,
        words,
        copied: Copied::Nothing,
    }
}

const fn copy(says: Text, copied: Copied) -> LmsStep {
    LmsStep {
        says,
        words: &[],
        copied,
    }
}

/// What is filled in for a registration by hand; `{host}` stands for the LMS's host.
pub(super) struct SharedEndpoints {
    pub(super) issuer: &'static str,
    pub(super) authentication: &'static str,
    pub(super) tokens: &'static str,
    pub(super) audience: &'static str,
    pub(super) key_set: &'static str,
}

/// An LMS.
pub(super) struct Lms {
    /// In addresses.
    pub(super) code: &'static str,
    /// Its name; empty for any other.
    pub(super) name: &'static str,
    pub(super) way: Text,
    pub(super) minutes: &'static str,
    pub(super) steps: &'static [LmsStep],
    pub(super) shared: SharedEndpoints,
}

const COPY_URL: LmsStep = copy(texts::STEP_COPY, Copied::RegistrationUrl);
const ENTER_OURS: LmsStep = copy(texts::STEP_ENTER, Copied::OurAddresses);
const BRING_BACK: LmsStep = step(texts::STEP_BACK, &[]);

const MOODLE: &[LmsStep] = &[
    COPY_URL,
    step(
        texts::STEP_PASTE,
        &[
            (
                "path",
                "Site administration › Plugins › Activity modules › External tool › Manage tools",
            ),
            ("field", "Tool URL…"),
            ("button", "Add LTI Advantage"),
        ],
    ),
    step(texts::STEP_PRESS, &[("button", "Activate")]),
    step(
        texts::STEP_SET,
        &[
            ("path", "the gear on the tool's card"),
            ("field", "Tool configuration usage"),
            (
                "value",
                "Show in activity chooser and as a preconfigured tool",
            ),
        ],
    ),
    step(
        texts::STEP_OPEN,
        &[("path", "Edit mode › Add an activity or resource")],
    ),
];

const CANVAS: &[LmsStep] = &[
    COPY_URL,
    step(
        texts::STEP_PASTE,
        &[
            (
                "path",
                "Admin › Developer Keys › + Developer Key › + LTI Registration",
            ),
            ("field", "Dynamic Registration URL"),
            ("button", "Continue"),
        ],
    ),
    step(texts::STEP_PRESS, &[("button", "Enable & Close")]),
    step(
        texts::STEP_SET,
        &[
            ("path", "Admin › Developer Keys"),
            ("field", "State"),
            ("value", "ON"),
        ],
    ),
    step(
        texts::STEP_SET,
        &[
            ("path", "View in Canvas Apps"),
            ("field", "Availability"),
            ("value", "Available"),
        ],
    ),
    step(texts::STEP_OPEN, &[("path", "Modules › + › External Tool")]),
    copy(texts::STEP_ENTER, Copied::CanvasUrl),
];

const BRIGHTSPACE: &[LmsStep] = &[
    COPY_URL,
    step(
        texts::STEP_PASTE,
        &[
            (
                "path",
                "Admin Tools › Manage Extensibility › LTI Advantage › Register Tool › Dynamic",
            ),
            ("field", "Tool initiation registration endpoint"),
            ("button", "Register"),
        ],
    ),
    step(
        texts::STEP_SET,
        &[
            ("path", "LTI Advantage › Register Tool"),
            ("field", "Enabled"),
            ("value", "on"),
        ],
    ),
    step(
        texts::STEP_GO,
        &[
            ("path", "View Deployments › New Deployment › Add Org Units"),
            ("button", "Create Deployment"),
        ],
    ),
    step(
        texts::STEP_OPEN,
        &[(
            "path",
            "Content › Existing Activities › External Learning Tools",
        )],
    ),
];

const BLACKBOARD: &[LmsStep] = &[
    step(
        texts::STEP_GO,
        &[
            ("path", "developer.blackboard.com › My Integrations"),
            ("button", "+"),
        ],
    ),
    ENTER_OURS,
    BRING_BACK,
    step(
        texts::STEP_GO,
        &[
            (
                "path",
                "Administrator Panel › Integrations › LTI Tool Providers",
            ),
            ("button", "Register LTI 1.3/Advantage Tool"),
        ],
    ),
    step(
        texts::STEP_OPEN,
        &[(
            "path",
            "Build Content › Web Link › This link is to a Tool Provider",
        )],
    ),
];

const SAKAI: &[LmsStep] = &[
    COPY_URL,
    step(
        texts::STEP_PASTE,
        &[
            (
                "path",
                "Administration Workspace › External Tools › Install LTI 1.x Tool",
            ),
            ("field", "LTI Advantage Auto Provision"),
            ("button", "Use LTI Advantage Auto Configuration"),
        ],
    ),
    step(
        texts::STEP_OPEN,
        &[("path", "Lessons › Add Content › Add External Tool")],
    ),
];

const SCHOOLOGY: &[LmsStep] = &[
    step(
        texts::STEP_GO,
        &[
            ("path", "App Center › My Developer Apps"),
            ("button", "Add App"),
        ],
    ),
    ENTER_OURS,
    BRING_BACK,
    step(
        texts::STEP_GO,
        &[
            ("path", "App Center › Organization Apps"),
            ("button", "Install/Remove"),
        ],
    ),
    step(
        texts::STEP_OPEN,
        &[(
            "path",
            "Materials › Add Materials › Add File/Link/External Tool",
        )],
    ),
];

const OPEN_EDX: &[LmsStep] = &[
    step(
        texts::STEP_SET,
        &[
            ("path", "Studio › Settings › Advanced Settings"),
            ("field", "Advanced Module List"),
            ("value", "[\"lti_consumer\"]"),
        ],
    ),
    step(
        texts::STEP_GO,
        &[
            (
                "path",
                "a unit › Advanced › LTI Consumer › Edit › LTI Version: LTI 1.3",
            ),
            ("button", "Save"),
        ],
    ),
    ENTER_OURS,
    BRING_BACK,
    step(texts::STEP_OPEN, &[("path", "View Live Version")]),
];

const OTHERS: &[LmsStep] = &[
    COPY_URL,
    ENTER_OURS,
    BRING_BACK,
    step(texts::STEP_OPEN, &[("path", "Add › External tool")]),
];

/// Every LMS that the wizard knows, any other last.
pub(super) static LMSS: [Lms; 8] = [
    Lms {
        code: "moodle",
        name: "Moodle",
        way: texts::WAY_URL,
        minutes: "3",
        steps: MOODLE,
        shared: SharedEndpoints {
            issuer: "https://{host}",
            authentication: "https://{host}/mod/lti/auth.php",
            tokens: "https://{host}/mod/lti/token.php",
            audience: "",
            key_set: "https://{host}/mod/lti/certs.php",
        },
    },
    Lms {
        code: "canvas",
        name: "Canvas",
        way: texts::WAY_URL,
        minutes: "5",
        steps: CANVAS,
        shared: SharedEndpoints {
            issuer: "https://canvas.instructure.com",
            authentication: "https://sso.canvaslms.com/api/lti/authorize_redirect",
            tokens: "https://sso.canvaslms.com/login/oauth2/token",
            audience: "",
            key_set: "https://sso.canvaslms.com/api/lti/security/jwks",
        },
    },
    Lms {
        code: "brightspace",
        name: "Brightspace",
        way: texts::WAY_URL,
        minutes: "5",
        steps: BRIGHTSPACE,
        shared: SharedEndpoints {
            issuer: "https://{host}",
            authentication: "https://{host}/d2l/lti/authenticate",
            tokens: "https://auth.brightspace.com/core/connect/token",
            audience: "https://api.brightspace.com/auth/token",
            key_set: "https://{host}/d2l/.well-known/jwks",
        },
    },
    Lms {
        code: "blackboard",
        name: "Blackboard",
        way: texts::WAY_HAND,
        minutes: "10",
        steps: BLACKBOARD,
        shared: SharedEndpoints {
            issuer: "https://blackboard.com",
            authentication: "https://developer.blackboard.com/api/v1/gateway/oidcauth",
            tokens: "https://developer.blackboard.com/api/v1/gateway/oauth2/jwttoken",
            audience: "",
            key_set: "https://developer.blackboard.com/api/v1/management/applications/{client id}/jwks.json",
        },
    },
    Lms {
        code: "sakai",
        name: "Sakai",
        way: texts::WAY_URL,
        minutes: "5",
        steps: SAKAI,
        shared: SharedEndpoints {
            issuer: "https://{host}",
            authentication: "https://{host}/imsoidc/lti13/oidc_auth",
            tokens: "https://{host}/imsblis/lti13/token/{tool}",
            audience: "",
            key_set: "https://{host}/imsblis/lti13/keyset",
        },
    },
    Lms {
        code: "schoology",
        name: "Schoology",
        way: texts::WAY_HAND,
        minutes: "10",
        steps: SCHOOLOGY,
        shared: SharedEndpoints {
            issuer: "https://schoology.schoology.com",
            authentication: "https://lti-service.svc.schoology.com/lti-service/authorize-redirect",
            tokens: "https://lti-service.svc.schoology.com/lti-service/access-token",
            audience: "",
            key_set: "https://lti-service.svc.schoology.com/lti-service/.well-known/jwks",
        },
    },
    Lms {
        code: "openedx",
        name: "Open edX",
        way: texts::WAY_HAND,
        minutes: "10",
        steps: OPEN_EDX,
        shared: SharedEndpoints {
            issuer: "https://{host}",
            authentication: "https://{host}/api/lti_consumer/v1/launch/",
            tokens: "https://{host}/api/lti_consumer/v1/token/{block}",
            audience: "",
            key_set: "https://{host}/api/lti_consumer/v1/public_keysets/{block}",
        },
    },
    Lms {
        code: "other",
        name: "",
        way: texts::WAY_OTHER,
        minutes: "10",
        steps: OTHERS,
        shared: SharedEndpoints {
            issuer: "https://{host}",
            authentication: "",
            tokens: "",
            audience: "",
            key_set: "",
        },
    },
];

/// The LMS of this code; any other if there is none.
pub(super) fn lms_of(code: &str) -> &'static Lms {
    let found = LMSS.iter().find(|lms| lms.code == code);
    let [.., other] = &LMSS;
    found.unwrap_or(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::language::Language;

    #[test]
    fn every_step_has_the_words_that_its_text_needs() {
        for lms in &LMSS {
            assert!(lms.steps.len() >= 3, "{}", lms.code);
            for step in lms.steps {
                let text = step.says.to(Language::English);
                let places = text.matches('{').count();
                assert_eq!(places, step.words.len(), "{}: {text}", lms.code);
                for (name, _) in step.words {
                    assert!(
                        text.contains(&format!("{{{name}}}")),
                        "{}: {name}",
                        lms.code
                    );
                }
            }
        }
        assert_eq!(lms_of("canvas").name, "Canvas");
        assert_eq!(lms_of("nothing").code, "other");
    }
}
