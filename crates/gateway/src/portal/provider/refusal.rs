//! Why a sign-in at the provider fails: one variant per rule, with a sentence for the operator.

use axum::http::StatusCode;
use store::StoreError;
use url::Url;

use crate::oidc::{MailProblem, OidcError, code_of};
use crate::portal::page::PortalRefusal;
use crate::web::meaning::Remedy;
use crate::web::notice::{Action, Link};
use crate::web::problem::Problem;
use crate::web::rule::{LOOK_INTO_THE_LOG, OUR_SIDE, Rule, rules};
use crate::web::texts::meanings;
use crate::web::texts::{page, portal as words, portal_oidc as texts};

/// What to do if the provider or its settings are wrong.
const DOCTOR: &str = "Run hallpass doctor: it queries the identity provider and says what is wrong there or in the portal_oidc_… settings.";
/// What to do if people have no account.
const INVITE: &str = "Have an owner invite the person in the portal under Users, at the e-mail address that the identity provider has for them.";

/// Why a sign-in at the provider fails.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OidcRefusal {
    /// There is no provider.
    #[error("no identity provider is set up")]
    Off,
    /// The answer belongs to no sign-in of this browser.
    #[error("the answer belongs to no sign-in that is under way: {0}")]
    Lost(&'static str),
    /// The person or the provider said no.
    #[error("the person or the identity provider declined")]
    Declined,
    /// The provider reported an error.
    #[error("the identity provider answers with error {0}")]
    ProviderError(String),
    /// The provider didn't answer, or its answer is wrong.
    #[error(transparent)]
    Provider(#[from] OidcError),
    /// The provider gave no address.
    #[error("the identity provider sends no e-mail address")]
    NoMail,
    /// The provider doesn't vouch for the address.
    #[error("the identity provider doesn't call the e-mail address verified")]
    Unverified,
    /// The address is of another domain.
    #[error("the e-mail address is of a domain that portal_oidc_domains doesn't name")]
    Foreign,
    /// Without an invitation, no one may join before the owner, who alone lets others in.
    #[error("the portal has no owner yet, so no one comes in without an invitation")]
    NoOwner,
    /// No invitation waits for this address.
    #[error("no invitation waits for this e-mail address")]
    NoAccount,
    /// The account with this address was never connected with the provider.
    #[error("the account of this e-mail address isn't connected with the identity provider")]
    NotConnected,
    /// The tool has the maximum number of users.
    #[error("the tool has the maximum number of users and invitations")]
    Full,
    /// Another user is connected with this person of the provider.
    #[error("another account is connected with this person of the identity provider")]
    ConnectedElsewhere,
    /// The session that began it is over.
    #[error("the session that began it is over")]
    SignedOut,
    /// Another person has signed in.
    #[error("another person has signed in at the identity provider")]
    OtherPerson,
    /// The provider didn't require a new sign-in, or doesn't say so.
    #[error("the identity provider doesn't say that the person has signed in just now (auth_time)")]
    NotFresh,
    #[error(transparent)]
    Store(#[from] StoreError),
}

rules!(
    OidcRefusal,
    match self {
        Self::Off => Rule::new(
            "OIDC_OFF",
            StatusCode::NOT_FOUND,
            page::TITLE_NOT_FOUND,
            page::NOT_FOUND,
            "To let people sign in at an identity provider, set portal_oidc_issuer and the settings beside it.",
        )
        .meaning(meanings::NO_PROVIDER, Remedy::Nothing),
        Self::Lost(_) => Rule::new(
            "OIDC_STATE",
            StatusCode::BAD_REQUEST,
            texts::TITLE_AGAIN,
            texts::LOST,
            "Start again from the portal's sign-in page. If it keeps happening, check that the browser accepts cookies \
             and that the portal is opened at the tool's own host name.",
        )
        .meaning(meanings::SIGN_IN_OVER, Remedy::Nothing),
        Self::Declined => Rule::new(
            "OIDC_DECLINED",
            StatusCode::FORBIDDEN,
            texts::TITLE_REFUSED,
            texts::DECLINED,
            "The person cancelled, or the identity provider doesn't let them use this service. Check there that they, or \
             a group they belong to, are assigned to it.",
        )
        .meaning(meanings::PROVIDER_REFUSED, Remedy::Nothing),
        Self::ProviderError(_) => Rule::new(
            "OIDC_PROVIDER_ERROR",
            StatusCode::BAD_GATEWAY,
            texts::TITLE_FAILED,
            texts::MISCONFIGURED,
            "Look up the error in the identity provider's log. invalid_request and unauthorized_client usually mean that \
             the redirect URI registered there differs from the one that hallpass doctor prints.",
        )
        .meaning(meanings::PROVIDER_FAILED, Remedy::Nothing),
        Self::Provider(error) if error.may_pass() => Rule::new(
            "OIDC_UNREACHABLE",
            StatusCode::SERVICE_UNAVAILABLE,
            texts::TITLE_FAILED,
            texts::UNREACHABLE,
            "Check that this server can reach the identity provider: run hallpass doctor. Until it can, people sign in \
             with a password; hallpass portal reset-password gives them one.",
        )
        .meaning(meanings::PROVIDER_FAILED, Remedy::Nothing),
        Self::Provider(error) if error.is_doubt() => Rule::new(
            "OIDC_TOKEN_REFUSED",
            StatusCode::FORBIDDEN,
            texts::TITLE_REFUSED,
            texts::DOUBTFUL,
            "The text says what is wrong with the ID token. Check that portal_oidc_issuer and portal_oidc_client_id match \
             the identity provider, and that both clocks are right.",
        )
        .meaning(meanings::PROVIDER_WRONG, Remedy::Nothing),
        Self::Provider(_) => Rule::new(
            "OIDC_MISCONFIGURED",
            StatusCode::BAD_GATEWAY,
            texts::TITLE_FAILED,
            texts::MISCONFIGURED,
            DOCTOR,
        )
        .meaning(meanings::PROVIDER_WRONG, Remedy::Nothing),
        Self::NoMail => Rule::new(
            "OIDC_NO_MAIL",
            StatusCode::FORBIDDEN,
            texts::TITLE_REFUSED,
            texts::NO_MAIL,
            "Configure the identity provider to include the email claim in ID tokens for this service, and check that the \
             person has an address there, in ASCII.",
        )
        .meaning(meanings::MAIL_NOT_TAKEN, Remedy::Nothing),
        Self::Unverified => Rule::new(
            "OIDC_MAIL_UNVERIFIED",
            StatusCode::FORBIDDEN,
            texts::TITLE_REFUSED,
            texts::UNVERIFIED,
            "Configure the identity provider to verify addresses and to send email_verified (Entra: xms_edov). If people \
             can't choose their own address there, you may set portal_oidc_unverified to taken instead.",
        )
        .meaning(meanings::MAIL_NOT_TAKEN, Remedy::Nothing),
        Self::Foreign => Rule::new(
            "OIDC_FOREIGN_DOMAIN",
            StatusCode::FORBIDDEN,
            texts::TITLE_REFUSED,
            texts::FOREIGN,
            "If people of this domain may sign in, add it to portal_oidc_domains.",
        )
        .meaning(meanings::MAIL_NOT_TAKEN, Remedy::Nothing),
        Self::NoOwner => Rule::new(
            "OIDC_NO_OWNER",
            StatusCode::FORBIDDEN,
            texts::TITLE_REFUSED,
            texts::NO_OWNER,
            "Become the owner first: on the server, hallpass portal reset-password prints the address to open. After \
             that, portal_oidc_role lets people in.",
        )
        .meaning(meanings::NO_OWNER, Remedy::Nothing),
        Self::NoAccount => Rule::new(
            "OIDC_NO_ACCOUNT",
            StatusCode::FORBIDDEN,
            texts::TITLE_REFUSED,
            texts::NO_ACCOUNT,
            INVITE,
        )
        .meaning(meanings::NO_ACCOUNT, Remedy::Nothing),
        Self::NotConnected => Rule::new(
            "OIDC_NOT_CONNECTED",
            StatusCode::FORBIDDEN,
            texts::TITLE_REFUSED,
            texts::NOT_CONNECTED,
            "Have the person sign in with a password and connect the account under Your account. An owner, or hallpass \
             portal reset-password, can give them a password.",
        )
        .meaning(meanings::NO_ACCOUNT, Remedy::Nothing),
        Self::Full => Rule::new(
            "OIDC_FULL",
            StatusCode::CONFLICT,
            texts::TITLE_REFUSED,
            texts::FULL,
            "In the portal, under Users, remove users or withdraw invitations.",
        )
        .meaning(meanings::USERS_FULL, Remedy::Nothing),
        Self::ConnectedElsewhere => Rule::new(
            "OIDC_CONNECTED_ELSEWHERE",
            StatusCode::CONFLICT,
            texts::TITLE_FAILED,
            texts::CONNECTED_ELSEWHERE,
            "Disconnect the other account first, or have an owner remove it.",
        )
        .meaning(meanings::OTHER_ACCOUNT, Remedy::Nothing),
        Self::SignedOut => Rule::new(
            "OIDC_SIGNED_OUT",
            StatusCode::UNAUTHORIZED,
            words::TITLE_SIGNED_OUT,
            words::SIGNED_OUT,
            LOOK_INTO_THE_LOG,
        )
        .meaning(meanings::SESSION_OVER, Remedy::Nothing),
        Self::OtherPerson => Rule::new(
            "OIDC_OTHER_PERSON",
            StatusCode::FORBIDDEN,
            texts::TITLE_FAILED,
            texts::OTHER_PERSON,
            "Sign in at the identity provider as the person who is signed in to the portal.",
        )
        .meaning(meanings::OTHER_ACCOUNT, Remedy::Nothing),
        Self::NotFresh => Rule::new(
            "OIDC_NOT_FRESH",
            StatusCode::FORBIDDEN,
            texts::TITLE_FAILED,
            texts::NOT_FRESH,
            "Configure the identity provider to include auth_time in ID tokens (Entra: an optional claim). If it can't, \
             like Google, have an owner make a password link for the person; the portal then asks for the password \
             instead.",
        )
        .meaning(meanings::PROVIDER_WRONG, Remedy::Nothing),
        Self::Store(_) => Rule::new(
            "STORE_FAILED",
            StatusCode::SERVICE_UNAVAILABLE,
            page::TITLE_LATER,
            page::UNAVAILABLE,
            OUR_SIDE,
        )
        .meaning(meanings::OUR_SIDE, Remedy::Nothing),
    }
);

impl OidcRefusal {
    /// An error named in the provider's answer.
    pub(super) fn provider_error(error: &str) -> Self {
        Self::ProviderError(code_of(error))
    }

    /// Whether a person signed in there and was turned away here.
    pub(super) fn is_of_a_person(&self) -> bool {
        matches!(
            self,
            Self::NoMail
                | Self::Unverified
                | Self::Foreign
                | Self::NoOwner
                | Self::NoAccount
                | Self::NotConnected
                | Self::Full
        )
    }
}

impl From<MailProblem> for OidcRefusal {
    fn from(problem: MailProblem) -> Self {
        match problem {
            MailProblem::Missing => Self::NoMail,
            MailProblem::Unverified => Self::Unverified,
            MailProblem::Foreign => Self::Foreign,
        }
    }
}

impl From<OidcRefusal> for Problem {
    fn from(refusal: OidcRefusal) -> Self {
        match refusal {
            OidcRefusal::Store(error) => error.into(),
            refusal => refusal.rule().broken(refusal.to_string()),
        }
    }
}

impl From<OidcRefusal> for PortalRefusal {
    fn from(refusal: OidcRefusal) -> Self {
        Problem::from(refusal).into()
    }
}

/// Makes a problem's page link back to the portal's sign-in, at this address.
pub(super) fn leading_back(refusal: PortalRefusal, sign_in: &str) -> PortalRefusal {
    match (refusal, Url::parse(sign_in)) {
        (PortalRefusal::Problem(problem), Ok(address)) => {
            let link = Link {
                address,
                label: texts::BACK_TO_SIGN_IN,
                sentences_as: None,
                reference_as: None,
            };
            let problem = problem.noticed(|notice| notice.actions.push(Action::Link(link)));
            problem.into()
        }
        (refusal, _) => refusal,
    }
}
