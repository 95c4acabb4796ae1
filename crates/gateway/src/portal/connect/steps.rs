//! The steps in each LMS, in the LMS's own words. If a menu is only named in English, we have not
//! seen the LMS in another language.

use super::step::StepLabel::{English, Translated};
use super::step::{CopiedAddress, LmsStep, StepLabel};
use crate::web::texts::{
    page as page_texts, portal_connect as texts, portal_platforms as platform_texts,
};

/// An alternative for an LMS that lacks what the usual steps need.
pub(super) struct OtherWay {
    /// When it is needed.
    pub(super) when: LmsStep,
    /// The index of the usual step that leads here.
    pub(super) instead_of: usize,
    pub(super) steps: &'static [LmsStep],
}

/// The link to the form for a registration by hand.
const THE_FORM: StepLabel = Translated(texts::HAND_LINK);
const COPY_URL: LmsStep =
    LmsStep::new(texts::STEP_COPY, &[]).copying(CopiedAddress::RegistrationUrl);
const ENTER_OURS: LmsStep =
    LmsStep::new(texts::STEP_ENTER, &[]).copying(CopiedAddress::OurAddresses);
const BRING_BACK: LmsStep = LmsStep::new(texts::STEP_BACK, &[("form", THE_FORM)]).by_hand();
/// The step in an LMS that usually registers by URL, for a platform that was entered by hand.
pub(super) const ENTER_BY_HAND: LmsStep =
    LmsStep::new(texts::STEP_ENTER_BY_HAND, &[]).copying(CopiedAddress::OurAddresses);
/// The step for people here, once the LMS has registered.
pub(super) const ACTIVATE_HERE: LmsStep = LmsStep::new(
    texts::STEP_ACTIVATE_HERE,
    &[
        ("button", Translated(platform_texts::ACTIVATE)),
        ("seen", Translated(texts::SEEN)),
    ],
);

pub(super) const MOODLE: &[LmsStep] = &[
    COPY_URL,
    LmsStep::new(
        texts::STEP_PASTE,
        &[
            ("path", Translated(texts::MOODLE_MANAGE_TOOLS)),
            ("field", Translated(texts::MOODLE_TOOL_URL)),
            ("button", Translated(texts::MOODLE_ADD)),
        ],
    ),
    LmsStep::new(
        texts::STEP_CLOSE,
        &[("button", Translated(page_texts::CLOSE))],
    )
    .registering(),
    LmsStep::new(
        texts::STEP_CARD,
        &[("button", Translated(texts::MOODLE_ACTIVATE))],
    )
    .switching_on(),
    LmsStep::new(
        texts::STEP_GEAR,
        &[
            ("field", Translated(texts::MOODLE_USAGE)),
            ("value", Translated(texts::MOODLE_CHOOSER)),
        ],
    ),
    LmsStep::new(
        texts::STEP_OPEN,
        &[("path", Translated(texts::MOODLE_ADD_ACTIVITY))],
    ),
];

const CANVAS_STATE: LmsStep = LmsStep::new(
    texts::STEP_FLIP,
    &[
        ("path", English("Admin › Developer Keys")),
        ("field", English("State")),
        ("value", English("ON")),
    ],
)
.switching_on();
const CANVAS_OPEN: LmsStep = LmsStep::new(
    texts::STEP_OPEN,
    &[("path", English("Modules › + › External Tool"))],
);

pub(super) const CANVAS: &[LmsStep] = &[
    COPY_URL,
    LmsStep::new(
        texts::STEP_PASTE,
        &[
            (
                "path",
                English("Admin › Developer Keys › + Developer Key › + LTI Registration"),
            ),
            ("field", English("Dynamic Registration URL")),
            ("button", English("Continue")),
        ],
    ),
    LmsStep::new(texts::STEP_PRESS, &[("button", English("Enable & Close"))]).registering(),
    CANVAS_STATE,
    LmsStep::new(
        texts::STEP_LINK,
        &[
            ("link", English("View in Canvas Apps")),
            ("column", English("Details")),
            ("field", English("Availability")),
            ("value", English("Available")),
        ],
    ),
    CANVAS_OPEN,
];

/// For a Canvas whose school doesn't have registration by URL.
pub(super) static CANVAS_KEY: OtherWay = OtherWay {
    when: LmsStep::new(
        texts::OTHER_WAY,
        &[("missing", English("+ LTI Registration"))],
    ),
    instead_of: 1,
    steps: &[
        LmsStep::new(
            texts::STEP_PASTE_THIS,
            &[
                (
                    "path",
                    English("Admin › Developer Keys › + Developer Key › + LTI Key › Enter URL"),
                ),
                ("field", English("JSON URL")),
                ("button", English("Save")),
            ],
        )
        .copying(CopiedAddress::CanvasUrl),
        CANVAS_STATE,
        LmsStep::new(
            texts::STEP_NUMBER,
            &[("column", English("Details")), ("form", THE_FORM)],
        )
        .by_hand(),
        LmsStep::new(
            texts::STEP_INSTALL,
            &[
                (
                    "path",
                    English("Admin › Settings › Apps › View App Configurations › + App"),
                ),
                ("choice", English("By Client ID")),
                ("button", English("Submit")),
            ],
        ),
        CANVAS_OPEN,
    ],
};

pub(super) const BRIGHTSPACE: &[LmsStep] = &[
    COPY_URL,
    LmsStep::new(
        texts::STEP_PASTE,
        &[
            (
                "path",
                English(
                    "Admin Tools › Manage Extensibility › LTI Advantage › Register Tool › Dynamic",
                ),
            ),
            ("field", English("Tool initiation registration endpoint")),
            ("button", English("Register")),
        ],
    )
    .registering(),
    LmsStep::new(
        texts::STEP_SWITCH_ON,
        &[
            ("path", English("Manage Extensibility › LTI Advantage")),
            ("field", English("Enabled")),
        ],
    )
    .switching_on(),
    LmsStep::new(
        texts::STEP_GO,
        &[
            (
                "path",
                English("View Deployments › New Deployment › Add Org Units"),
            ),
            ("button", English("Create Deployment")),
        ],
    ),
    LmsStep::new(
        texts::STEP_SET,
        &[
            ("path", English("View Links › New Link")),
            ("field", English("Type")),
            ("value", English("Basic Launch")),
        ],
    )
    .copying(CopiedAddress::LaunchUrl),
    LmsStep::new(
        texts::STEP_OPEN,
        &[(
            "path",
            English("Content › Existing Activities › External Learning Tools"),
        )],
    ),
];

pub(super) const BLACKBOARD: &[LmsStep] = &[
    LmsStep::new(
        texts::STEP_GO,
        &[
            (
                "path",
                English("developer.anthology.com / developer.blackboard.com › My Integrations"),
            ),
            ("button", English("+")),
        ],
    ),
    ENTER_OURS,
    BRING_BACK,
    LmsStep::new(
        texts::STEP_GO,
        &[
            (
                "path",
                English("Administrator Panel › Integrations › LTI Tool Providers"),
            ),
            ("button", English("Register LTI 1.3/Advantage Tool")),
        ],
    ),
    LmsStep::new(
        texts::STEP_SET,
        &[
            (
                "path",
                English("Register LTI 1.3/Advantage Tool › Client ID › Submit"),
            ),
            ("field", English("Tool Status")),
            ("value", English("Approved")),
        ],
    ),
    LmsStep::new(
        texts::STEP_SET,
        &[
            (
                "path",
                English("LTI Tool Providers › Manage Placements › Create Placement"),
            ),
            ("field", English("Type")),
            ("value", English("Course content tool")),
        ],
    )
    .copying(CopiedAddress::LaunchUrl),
    LmsStep::new(
        texts::STEP_OPEN,
        &[(
            "path",
            English("Course Content › + › Content Market / Build Content"),
        )],
    ),
];

pub(super) const SAKAI: &[LmsStep] = &[
    COPY_URL,
    LmsStep::new(
        texts::STEP_NAME,
        &[
            (
                "path",
                English("Administration Workspace › External Tools › LTI Advantage Auto Provision"),
            ),
            ("button", English("Auto-Provision")),
        ],
    ),
    LmsStep::new(
        texts::STEP_PASTE_THERE,
        &[
            ("first", English("Use LTI Advantage Auto Configuration")),
            ("button", English("Begin Configuration")),
        ],
    )
    .registering(),
    LmsStep::new(
        texts::STEP_ALLOW,
        &[
            (
                "boxes",
                English(
                    "Send User Names, Send Email Addresses, Provide Roster, return grades, create grade columns",
                ),
            ),
            ("button", English("Save")),
        ],
    ),
    LmsStep::new(
        texts::STEP_OPEN,
        &[("path", English("Lessons › Add Content › Add External Tool"))],
    ),
];

pub(super) const SCHOOLOGY: &[LmsStep] = &[
    LmsStep::new(
        texts::STEP_GO,
        &[
            ("path", English("App Center › My Developer Apps")),
            ("button", English("Add App")),
        ],
    ),
    ENTER_OURS,
    LmsStep::new(
        texts::STEP_PRESS,
        &[("button", English("Install LTI 1.3 App"))],
    ),
    BRING_BACK,
    LmsStep::new(
        texts::STEP_GO,
        &[
            ("path", English("App Center › Organization Apps")),
            ("button", English("Install/Remove")),
        ],
    ),
    LmsStep::new(
        texts::STEP_OPEN,
        &[(
            "path",
            English("Materials › Add Materials › Add File/Link/External Tool"),
        )],
    ),
];

pub(super) const OPEN_EDX: &[LmsStep] = &[
    LmsStep::new(
        texts::STEP_SET,
        &[
            ("path", English("Studio › Settings › Advanced Settings")),
            ("field", English("Advanced Module List")),
            ("value", English("[\"lti_consumer\"]")),
        ],
    ),
    LmsStep::new(
        texts::STEP_UNIT,
        &[
            (
                "path",
                English("Advanced › LTI Consumer › Edit › LTI Version: LTI 1.3"),
            ),
            ("button", English("Save")),
        ],
    ),
    ENTER_OURS,
    BRING_BACK,
    LmsStep::new(
        texts::STEP_OPEN,
        &[("path", English("Publish › View Live Version"))],
    ),
];

const OPEN_ANY: LmsStep = LmsStep::new(texts::STEP_OPEN_ANY, &[]);

pub(super) const OTHERS: &[LmsStep] = &[
    COPY_URL,
    LmsStep::new(texts::STEP_PASTE_ANY, &[]).registering(),
    OPEN_ANY,
];

/// For an LMS that doesn't register by URL.
pub(super) static OTHERS_BY_HAND: OtherWay = OtherWay {
    when: LmsStep::new(texts::OTHER_WAY_ANY, &[]),
    instead_of: 1,
    steps: &[ENTER_OURS, BRING_BACK, OPEN_ANY],
};
