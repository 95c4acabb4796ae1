//! The explanation of each rule that a launch can break: one row per rule.

use axum::http::StatusCode;
use lti::login::{PlatformError, PlatformErrorCode};

use super::launch::{LaunchRefusal, Unanswered};
use super::protocol::{self, INACTIVE, UNREGISTERED};
use crate::lti13::state::StateRefusal;
use crate::web::meaning::Remedy;
use crate::web::rule::{NO_BROWSER, Rule, rules};
use crate::web::texts::launch as texts;
use crate::web::texts::{for_lms, meanings};

/// The code in the answer to every launch that its browser can't prove to have started.
const INVALID_STATE: &str = "INVALID_STATE";
const NO_STORAGE: &str = "The platform gave the value back at login, and no longer at launch; by then its login was used up, so that no new \
     window could be offered. Let the link open in a new window, and tell the platform's vendor the code.";
const DEPLOYMENT: &str = "Look at the platform's deployments (GET /admin/platforms/<id>/deployments) and activate this one if it belongs \
     to the school.";
const NEW_DEPLOYMENT: &str = "unknownDeployments, of the platform or of the tool, refuses deployments that aren't listed. If this one belongs \
     to the school, add it (POST /admin/platforms/<id>/deployments).";
/// The platform's own error, and what to do about it.
const fn platform_error(code: &'static str, advice: &'static str) -> Rule {
    Rule::new(
        code,
        StatusCode::BAD_REQUEST,
        texts::TITLE_REFUSED,
        texts::PLATFORM_REFUSED,
        advice,
    )
    .telling("PLATFORM_ERROR")
}
/// A `GET` to the launch address is not a launch, so this is not a launch refusal.
pub(in crate::lti13) const NOT_A_LAUNCH: Rule = Rule::new(
    "NOT_A_LAUNCH",
    StatusCode::BAD_REQUEST,
    texts::TITLE_FROM_COURSE,
    texts::NOT_A_LAUNCH,
    "Someone opened the launch address by hand, or a program checked whether it is there: nothing to do. If \
     people came from a course, the platform opens this address without a launch: check the tool's URLs there.",
)
.meaning(meanings::NOT_A_LAUNCH, Remedy::Nothing)
.for_lms(for_lms::ADDRESSES);

rules!(
    LaunchRefusal,
    match self {
        Self::NotAForm => Rule::new(
            "LAUNCH_NOT_A_FORM",
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            texts::TITLE_FROM_COURSE,
            texts::NOT_A_LAUNCH,
            NO_BROWSER,
        )
        .meaning(meanings::NOT_A_LAUNCH, Remedy::Nothing)
        .for_lms(for_lms::ADDRESSES)
        .telling("UNSUPPORTED_MEDIA_TYPE"),
        Self::ByGet => Rule::new(
            "LAUNCH_BY_GET",
            StatusCode::BAD_REQUEST,
            texts::TITLE_REFUSED,
            texts::NOT_ACCEPTED,
            "The platform sent the token in the address, where logs and other sites may read it. It must post it as a form, as \
             response_mode=form_post asks: tell the platform's vendor the code.",
        )
        .meaning(meanings::LAUNCH_IN_ADDRESS, Remedy::Nothing)
        .for_lms(for_lms::VENDOR),
        Self::State(StateRefusal::Unknown) => Rule::new(
            "STATE_UNKNOWN",
            StatusCode::UNAUTHORIZED,
            texts::TITLE_AGAIN,
            texts::UNKNOWN_STATE,
            "The launch belongs to no login of this installation. After a move or a new secret key the person has to \
             open the tool again; otherwise check that login and launch URL lead to the same installation.",
        )
        .meaning(meanings::STATE_OVER, Remedy::Nothing)
        .telling(INVALID_STATE),
        Self::State(StateRefusal::Expired) => Rule::new(
            "STATE_EXPIRED",
            StatusCode::UNAUTHORIZED,
            texts::TITLE_AGAIN,
            texts::EXPIRED,
            "The person took longer than ten minutes to sign in at the platform. Opening the tool again is enough.",
        )
        .meaning(meanings::STATE_OVER, Remedy::Nothing)
        .telling(INVALID_STATE),
        Self::OtherBrowser => Rule::new(
            "STATE_COOKIE_MISSING",
            StatusCode::UNAUTHORIZED,
            texts::TITLE_REFUSED,
            texts::OTHER_BROWSER,
            "The browser blocks third-party cookies and the platform offers no storage: let the link open in a new \
             window.",
        )
        .meaning(meanings::NO_COOKIES, Remedy::NewWindow)
        .telling(INVALID_STATE),
        Self::Storage(Unanswered::Silent) => Rule::new(
            "STORAGE_NOT_ANSWERED",
            StatusCode::UNAUTHORIZED,
            texts::TITLE_REFUSED,
            texts::OTHER_BROWSER,
            NO_STORAGE,
        )
        .meaning(meanings::NO_COOKIES, Remedy::NewWindow)
        .telling(INVALID_STATE),
        Self::Storage(Unanswered::NoFrame) => Rule::new(
            "STORAGE_FRAME_MISSING",
            StatusCode::UNAUTHORIZED,
            texts::TITLE_REFUSED,
            texts::OTHER_BROWSER,
            NO_STORAGE,
        )
        .meaning(meanings::NO_COOKIES, Remedy::NewWindow)
        .telling(INVALID_STATE),
        Self::Storage(Unanswered::Error) => Rule::new(
            "STORAGE_REFUSED",
            StatusCode::UNAUTHORIZED,
            texts::TITLE_REFUSED,
            texts::OTHER_BROWSER,
            NO_STORAGE,
        )
        .meaning(meanings::NO_COOKIES, Remedy::NewWindow)
        .telling(INVALID_STATE),
        Self::Storage(Unanswered::Empty) => Rule::new(
            "STORAGE_EMPTY",
            StatusCode::UNAUTHORIZED,
            texts::TITLE_REFUSED,
            texts::OTHER_BROWSER,
            "The platform's window kept nothing of this login, so it was begun in another browser or window, or the \
             platform forgot it. If it happens to many, let the link open in a new window, and tell the \
             platform's vendor.",
        )
        .meaning(meanings::NO_COOKIES, Remedy::NewWindow)
        .telling(INVALID_STATE),
        Self::Storage(Unanswered::OtherValue) => Rule::new(
            "STORAGE_OTHER_VALUE",
            StatusCode::UNAUTHORIZED,
            texts::TITLE_REFUSED,
            texts::OTHER_BROWSER,
            "The platform's window keeps one value for several logins, or another page answered in its place. Where \
             it happens to many, let the link open in a new window, and tell the platform's vendor.",
        )
        .meaning(meanings::NO_COOKIES, Remedy::NewWindow)
        .telling(INVALID_STATE),
        Self::StorageLate => Rule::new(
            "STORAGE_ANSWER_LATE",
            StatusCode::UNAUTHORIZED,
            texts::TITLE_AGAIN,
            texts::EXPIRED,
            "The browser was asleep, or the page was left open: opening the tool again is enough.",
        )
        .meaning(meanings::STATE_OVER, Remedy::Nothing)
        .telling(INVALID_STATE),
        Self::NoCookiesInWindow(_) => Rule::new(
            "WINDOW_WITHOUT_COOKIES",
            StatusCode::UNAUTHORIZED,
            texts::TITLE_REFUSED,
            texts::NO_COOKIES_IN_WINDOW,
            "The launch had a window of its own, so the browser, or an extension of it, refuses this site's cookies; or the \
             sign-in was begun in one browser and ended in another. Ask the person to allow cookies for this site and to \
             open the tool again from the course.",
        )
        .meaning(meanings::NO_COOKIES_AT_ALL, Remedy::Nothing)
        .telling(INVALID_STATE),
        Self::NoCookiesInFrame { .. } => Rule::new(
            "FRAME_WITHOUT_COOKIES",
            StatusCode::UNAUTHORIZED,
            texts::TITLE_REFUSED,
            texts::NO_COOKIES_IN_FRAME,
            "The browser keeps no cookies in the platform's frame, and was offered a new window. Let the link open \
             in a new window to spare people the click.",
        )
        .meaning(meanings::NO_COOKIES, Remedy::NewWindow)
        .telling(INVALID_STATE),
        Self::FrameOrigin(_) => Rule::new(
            "FRAME_ORIGIN_NOT_LISTED",
            StatusCode::UNAUTHORIZED,
            texts::TITLE_REFUSED,
            texts::OTHER_BROWSER,
            "If the origin is the school's own, add it to the platform's frameOrigins (PUT /admin/platforms/<id>): \
             the platform's storage then helps browsers without cookies. Letting the link open in a new window helps \
             as well.",
        )
        .meaning(meanings::FRAME_NOT_LISTED, Remedy::ListOrigin)
        .telling(INVALID_STATE),
        Self::OtherPage => Rule::new(
            "STORAGE_ANSWER_FOREIGN",
            StatusCode::UNAUTHORIZED,
            texts::TITLE_AGAIN,
            texts::UNKNOWN_STATE,
            "Another site's page sent a launch on in someone's browser. If it happens to many, look whether \
             something between the browser and this service takes the headers Sec-Fetch-Site and Origin away.",
        )
        .meaning(meanings::FOREIGN_PAGE, Remedy::Nothing)
        .telling(INVALID_STATE),
        Self::PlatformGone => Rule::new(
            "PLATFORM_GONE",
            StatusCode::BAD_REQUEST,
            texts::TITLE_UNKNOWN_HERE,
            texts::PLATFORM_UNKNOWN,
            "The platform was removed here while the person was signing in. Register it again if it is still needed.",
        )
        .meaning(meanings::UNREGISTERED, Remedy::Nothing)
        .for_lms(for_lms::UNKNOWN_HERE)
        .telling(UNREGISTERED),
        Self::Platform(error) if error.code.suggests_new_window() => platform_error(
            "PLATFORM_WANTS_SIGN_IN",
            "The platform did not see that the person is signed in, or wants to ask them something first, which it \
             can't do inside another page. Let the link open in a new window there.",
        )
        .meaning(meanings::LMS_WANTS_SIGN_IN, Remedy::NewWindow)
        .saying(texts::TITLE_REFUSED, texts::PLATFORM_SIGN_IN),
        Self::NotSignedIn(_) => platform_error(
            "PLATFORM_NOT_SIGNED_IN",
            "The platform did not see that the person is signed in, or wants to ask them something first, although the \
             launch had a window of its own. Ask the person to sign in to the platform, and then to open the tool again \
             there.",
        )
        .meaning(meanings::LMS_NOT_SIGNED_IN, Remedy::Nothing)
        .saying(texts::TITLE_REFUSED, texts::PLATFORM_NOT_SIGNED_IN),
        Self::Platform(PlatformError {
            code: PlatformErrorCode::LaunchNoLongerValid,
            ..
        }) => platform_error(
            "PLATFORM_LAUNCH_USED",
            "Canvas gives each launch out once: the page was loaded again, or was left open for too long. Opening the \
             tool again from the course is enough.",
        )
        .meaning(meanings::TWICE, Remedy::Nothing)
        .saying(texts::TITLE_AGAIN, texts::PLATFORM_USED_BEFORE),
        Self::Platform(PlatformError {
            code: PlatformErrorCode::UnauthorizedClient,
            ..
        }) => platform_error(
            "PLATFORM_TOOL_NOT_ALLOWED",
            "The tool is switched off in the platform, or not allowed in this course or school. Switch it on there (Canvas: \
             the developer key's state; Blackboard: the tool's availability). The platform's own words are in the log under \
             this reference.",
        )
        .meaning(meanings::LMS_REFUSED, Remedy::Nothing)
        .for_lms(for_lms::LMS_LOG),
        Self::Platform(PlatformError {
            code: PlatformErrorCode::AccessDenied,
            ..
        }) => platform_error(
            "PLATFORM_DENIED_ACCESS",
            "The platform doesn't let this person open the tool. Often someone else has signed in there meanwhile, or the \
             person is no longer in the course.",
        )
        .meaning(meanings::LMS_REFUSED, Remedy::Nothing)
        .for_lms(for_lms::LMS_LOG),
        Self::Platform(error) if error.code.is_about_the_request() => platform_error(
            "PLATFORM_REFUSED_REQUEST",
            "The platform found our request wrong; its own words are in the log under this reference. Compare client id, \
             launch and redirect address and login address of the tool there with those of the platform here (GET \
             /admin/platforms/<id>).",
        )
        .meaning(meanings::LMS_REFUSED, Remedy::PlatformSettings),
        Self::Platform(PlatformError {
            code: PlatformErrorCode::ServerError | PlatformErrorCode::TemporarilyUnavailable,
            ..
        }) => platform_error(
            "PLATFORM_FAILED",
            "The platform itself failed, or was busy. If it goes on, its administrator has to look into its log.",
        )
        .meaning(meanings::LMS_FAILED, Remedy::Nothing)
        .for_lms(for_lms::FAILED_THERE),
        Self::Platform(_) => platform_error(
            "PLATFORM_ERROR",
            "The platform answered with an error that no standard has. Look whether the person may open the tool there, and \
             into the platform's log.",
        )
        .meaning(meanings::LMS_REFUSED, Remedy::Nothing)
        .for_lms(for_lms::LMS_LOG),
        Self::Inactive(_) => Rule::new(
            "PLATFORM_INACTIVE",
            StatusCode::BAD_REQUEST,
            texts::TITLE_OFF,
            texts::PLATFORM_NOT_ACTIVE,
            INACTIVE,
        )
        .meaning(meanings::INACTIVE, Remedy::Activate)
        .telling(UNREGISTERED),
        Self::DeepLinkingOff => Rule::new(
            "DEEP_LINKING_OFF",
            StatusCode::BAD_REQUEST,
            texts::TITLE_REFUSED,
            texts::NOT_SUPPORTED,
            "Switch services.deepLinking on if the tool offers content to choose (PATCH /admin/tool); otherwise take \
             deep linking off the tool's placements in the platform.",
        )
        .meaning(meanings::NO_CHOOSING, Remedy::ToolSettings)
        .telling("DEEP_LINKING_NOT_OFFERED"),
        Self::StaffOnly => Rule::new(
            "DEEP_LINKING_STAFF_ONLY",
            StatusCode::FORBIDDEN,
            texts::TITLE_REFUSED,
            texts::STAFF_ONLY,
            "The person has no teaching role in the course, and launch.deepLinkingBy lets only staff choose content. If \
             learners should choose here, set it to anyone for this platform (PUT /admin/platforms/<id>, launch); \
             otherwise look at who may use the tool's placement in the platform.",
        )
        .meaning(meanings::NO_CHOOSING, Remedy::PlatformSettings)
        .for_lms(for_lms::ROLE),
        Self::OthersSubmission => Rule::new(
            "SUBMISSION_OF_ANOTHER_PERSON",
            StatusCode::FORBIDDEN,
            texts::TITLE_REFUSED,
            texts::OTHERS_SUBMISSION,
            "The person opened another person's submission, and has no teaching role in the course. If they should see it, \
             give them such a role there; a platform that offers students each other's submissions has a fault to report to \
             its vendor.",
        )
        .meaning(meanings::OTHERS_SUBMISSION, Remedy::Nothing)
        .for_lms(for_lms::ROLE),
        Self::DeploymentUnknown => Rule::new(
            "DEPLOYMENT_UNKNOWN",
            StatusCode::FORBIDDEN,
            texts::TITLE_NOT_ACTIVE,
            texts::DEPLOYMENT_NOT_ACTIVE,
            NEW_DEPLOYMENT,
        )
        .meaning(meanings::DEPLOYMENT_UNKNOWN, Remedy::EnterDeployment)
        .telling("DEPLOYMENT_NOT_ACTIVE"),
        Self::DeploymentPending => Rule::new(
            "DEPLOYMENT_PENDING",
            StatusCode::FORBIDDEN,
            texts::TITLE_NOT_ACTIVE,
            texts::DEPLOYMENT_NOT_ACTIVE,
            DEPLOYMENT,
        )
        .meaning(meanings::DEPLOYMENT_PENDING, Remedy::AllowDeployment)
        .telling("DEPLOYMENT_NOT_ACTIVE"),
        Self::DeploymentDisabled => Rule::new(
            "DEPLOYMENT_DISABLED",
            StatusCode::FORBIDDEN,
            texts::TITLE_NOT_ACTIVE,
            texts::DEPLOYMENT_NOT_ACTIVE,
            DEPLOYMENT,
        )
        .meaning(meanings::DEPLOYMENT_STOPPED, Remedy::AllowDeployment)
        .telling("DEPLOYMENT_NOT_ACTIVE"),
        Self::PersonBlocked => Rule::new(
            "PERSON_BLOCKED",
            StatusCode::FORBIDDEN,
            texts::TITLE_REFUSED,
            texts::PERSON_BLOCKED,
            "An operator blocked this person: see the platform's blocked people (GET /admin/platforms/<id>/blocked), and \
             remove the entry if they should come back.",
        )
        .meaning(meanings::PERSON_BLOCKED, Remedy::BlockedPeople),
        Self::Replayed => Rule::new(
            "NONCE_ALREADY_RECEIVED",
            StatusCode::UNAUTHORIZED,
            texts::TITLE_AGAIN,
            texts::REPLAYED,
            "Launch again from the course. If it happens to many, look whether something between the browser and \
             this service sends requests twice.",
        )
        .meaning(meanings::TWICE, Remedy::Nothing),
    },
    match elsewhere {
        Self::Form(error) => protocol::form(*error, texts::NOT_A_LAUNCH),
        Self::Key(failure) => failure.rule(),
        Self::Token(refusal) => protocol::token(refusal),
    }
);
