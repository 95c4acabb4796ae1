//! The steps in each LMS, in that LMS's own words.

use crate::web::language::Language;
use crate::web::texts::{Phrase, Text, portal_connect as texts};

/// What stands under a step, to be copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Copied {
    Nothing,
    /// The address that the LMS registers by.
    RegistrationUrl,
    /// Our addresses for a registration by hand.
    OurAddresses,
    /// The address that links lead to.
    LaunchUrl,
    /// The configuration of a Canvas developer key.
    CanvasUrl,
}

/// A step, with the LMS's own words.
pub(super) struct LmsStep {
    pub(super) says: Text,
    pub(super) words: &'static [(&'static str, &'static str)],
    pub(super) copied: Copied,
}

impl LmsStep {
    /// As it is said in a language.
    pub(super) fn sentence(&self, language: Language) -> String {
        let mut says = Phrase::from(self.says);
        for (name, word) in self.words {
            says = says.with(name, *word);
        }
        says.to(language).into_owned()
    }

    const fn copying(mut self, copied: Copied) -> Self {
        self.copied = copied;
        self
    }
}

const fn step(says: Text, words: &'static [(&'static str, &'static str)]) -> LmsStep {
    LmsStep {
        says,
        words,
        copied: Copied::Nothing,
    }
}

const COPY_URL: LmsStep = step(texts::STEP_COPY, &[]).copying(Copied::RegistrationUrl);
const ENTER_OURS: LmsStep = step(texts::STEP_ENTER, &[]).copying(Copied::OurAddresses);
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
    step(
        texts::STEP_INSTEAD,
        &[
            ("missing", "+ LTI Registration"),
            (
                "path",
                "Admin › Developer Keys › + Developer Key › + LTI Key › Enter URL",
            ),
            ("field", "JSON URL"),
        ],
    )
    .copying(Copied::CanvasUrl),
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
            (
                "path",
                "Manage Extensibility › LTI Advantage › the tool's name",
            ),
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
        texts::STEP_SET,
        &[
            ("path", "View Links › New Link"),
            ("field", "Type"),
            ("value", "Basic Launch"),
        ],
    )
    .copying(Copied::LaunchUrl),
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
            (
                "path",
                "developer.anthology.com / developer.blackboard.com › My Integrations",
            ),
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
        texts::STEP_SET,
        &[
            (
                "path",
                "Register LTI 1.3/Advantage Tool › Client ID › Submit",
            ),
            ("field", "Tool Status"),
            ("value", "Approved"),
        ],
    ),
    step(
        texts::STEP_SET,
        &[
            (
                "path",
                "LTI Tool Providers › Manage Placements › Create Placement",
            ),
            ("field", "Type"),
            ("value", "Course content tool"),
        ],
    )
    .copying(Copied::LaunchUrl),
    step(
        texts::STEP_OPEN,
        &[(
            "path",
            "Course Content › + › Content Market / Build Content › the tool",
        )],
    ),
];

pub(super) const SAKAI: &[LmsStep] = &[
    COPY_URL,
    step(
        texts::STEP_NAME,
        &[
            (
                "path",
                "Administration Workspace › External Tools › LTI Advantage Auto Provision",
            ),
            ("button", "Auto-Provision"),
        ],
    ),
    step(
        texts::STEP_PASTE_THERE,
        &[
            ("first", "Use LTI Advantage Auto Configuration"),
            ("button", "Begin Configuration"),
        ],
    ),
    step(
        texts::STEP_ALLOW,
        &[
            (
                "boxes",
                "Send User Names, Send Email Addresses, Provide Roster, return grades, create grade columns",
            ),
            ("button", "Save"),
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
    step(texts::STEP_PRESS, &[("button", "Install LTI 1.3 App")]),
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
    step(texts::STEP_OPEN, &[("path", "Publish › View Live Version")]),
];

pub(super) const OTHERS: &[LmsStep] = &[
    COPY_URL,
    ENTER_OURS,
    BRING_BACK,
    step(texts::STEP_OPEN, &[("path", "Add › External tool")]),
];
