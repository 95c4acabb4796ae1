//! The steps in each LMS, in that LMS's own words.

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

const COPY_URL: LmsStep = copy(texts::STEP_COPY, Copied::RegistrationUrl);
const ENTER_OURS: LmsStep = copy(texts::STEP_ENTER, Copied::OurAddresses);
const BRING_BACK: LmsStep = step(texts::STEP_BACK, &[]);

pub(super) const MOODLE: &[LmsStep] = &[
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

pub(super) const CANVAS: &[LmsStep] = &[
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

pub(super) const BRIGHTSPACE: &[LmsStep] = &[
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

pub(super) const BLACKBOARD: &[LmsStep] = &[
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

pub(super) const SAKAI: &[LmsStep] = &[
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

pub(super) const SCHOOLOGY: &[LmsStep] = &[
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

pub(super) const OPEN_EDX: &[LmsStep] = &[
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

pub(super) const OTHERS: &[LmsStep] = &[
    COPY_URL,
    ENTER_OURS,
    BRING_BACK,
    step(texts::STEP_OPEN, &[("path", "Add › External tool")]),
];
