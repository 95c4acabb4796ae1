//! Why a token is not a launch: one variant per rule.

use crate::json::JsonError;
use crate::message::MessageType;
use crate::target::TargetRefusal;

/// A rule a token broke. `Display` is one sentence for the operator; the person at the browser is
/// shown less (B-04).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    // Step 3: the form of the token.
    /// Longer than the limit (B-02).
    #[error("the token is larger than allowed")]
    TokenTooLarge,
    /// Not three base64url segments; five would be an encrypted token.
    #[error("the token is not three base64url parts without padding")]
    NotAToken,
    /// The header is not an acceptable JSON object.
    #[error("the token's header cannot be read: {0}")]
    Header(JsonError),
    /// The payload is not an acceptable JSON object.
    #[error("the token's payload cannot be read: {0}")]
    Payload(JsonError),

    // Step 4: the header.
    /// `alg` is absent or not text.
    #[error("the token's header names no algorithm")]
    AlgorithmMissing,
    /// `alg` is not one this registration accepts; `none` and `HS*` never are (B-26).
    #[error("the token's algorithm is not one this registration accepts")]
    AlgorithmNotAllowed,
    /// `typ` is there but not `JWT`.
    #[error("the token's header says that it is something other than a JWT")]
    TypeWrong,
    /// `kid` is absent or empty (B-34).
    #[error("the token's header has no key id")]
    KidMissing,
    /// `kid` is not text or longer than 256 bytes (I-13).
    #[error("the token's key id is too long or not text")]
    KidMalformed,
    /// `crit` is there: an extension we would have to understand.
    #[error("the token's header demands an extension that is not understood")]
    CriticalHeader,
    /// `b64` is there and not `true`.
    #[error("the token's header asks for an unencoded payload")]
    UnencodedPayload,
    /// The header brings or points to a key of its own (I-12).
    #[error("the token's header carries its own key material in {0}")]
    KeyInHeader(&'static str),

    // Steps 5 and 6: key and signature.
    /// The platform publishes no usable key of this id; said by the caller who looked.
    #[error("the platform publishes no usable key with the token's key id")]
    KeyNotFound,
    /// The key's type, or its own `alg`, does not fit the token's algorithm.
    #[error("the platform's key is not meant for the token's algorithm")]
    KeyMismatch,
    /// The signature is not the key's.
    #[error("the token's signature does not verify with the platform's key")]
    BadSignature,

    // Step 7: who to whom.
    /// `iss` is absent.
    #[error("the token names no issuer")]
    IssuerMissing,
    /// `iss` is not the registration's, byte for byte (B-21).
    #[error("the token's issuer is not the registration's issuer")]
    IssuerMismatch,
    /// `aud` is absent or an empty list.
    #[error("the token names no audience")]
    AudienceMissing,
    /// `aud` is neither text nor a list of texts (B-22).
    #[error("the token's audience is neither text nor a list of texts")]
    AudienceMalformed,
    /// `aud` does not hold the client id (B-22).
    #[error("the token is not meant for this client id")]
    AudienceMismatch,
    /// `aud` holds a party that is not trusted (B-23).
    #[error("the token is also meant for a party that is not trusted")]
    AudienceUntrusted,
    /// Several audiences, and no `azp` (B-24).
    #[error("the token has several audiences and does not say which is authorised")]
    AuthorizedPartyMissing,
    /// `azp` is not the client id (B-25).
    #[error("the token's authorised party is not this client id")]
    AuthorizedPartyMismatch,

    // Step 8: when.
    /// `exp` is absent.
    #[error("the token has no expiry time")]
    ExpiryMissing,
    /// `exp` is not a number of seconds (B-29).
    #[error("the token's expiry time is not a number of seconds")]
    ExpiryMalformed,
    /// `exp` has passed, leeway included (B-27).
    #[error("the token has expired; compare the two clocks if this happens often")]
    Expired,
    /// `iat` is absent.
    #[error("the token does not say when it was issued")]
    IssuedAtMissing,
    /// `iat` is not a number of seconds (B-29).
    #[error("the token's time of issue is not a number of seconds")]
    IssuedAtMalformed,
    /// `iat` is ahead of our clock by more than the leeway (B-28).
    #[error("the token was issued in the future; compare the two clocks")]
    IssuedInTheFuture,
    /// `iat` is further back than the registration allows (B-28).
    #[error("the token was issued too long ago")]
    TooOld,
    /// `nbf` is not a number of seconds (B-29).
    #[error("the token's not-before time is not a number of seconds")]
    NotBeforeMalformed,
    /// `nbf` is ahead of our clock by more than the leeway (B-30).
    #[error("the token is not valid yet; compare the two clocks")]
    NotYetValid,

    // Step 9: the nonce.
    /// `nonce` is absent.
    #[error("the token has no nonce")]
    NonceMissing,
    /// `nonce` is not the one of this login (B-31).
    #[error("the token's nonce is not the one of this login")]
    NonceMismatch,

    // Step 10: the LTI claims.
    /// `version` is absent.
    #[error("the token does not say which LTI version it speaks")]
    VersionMissing,
    /// `version` is not the text `1.3.0`.
    #[error("the token's LTI version is not 1.3.0")]
    VersionWrong,
    /// `message_type` is absent.
    #[error("the token does not say which kind of message it is")]
    MessageTypeMissing,
    /// `message_type` is none of LTI's.
    #[error("the token's kind of message is unknown")]
    MessageTypeUnknown,
    /// `message_type` is known but not served here.
    #[error("messages of the kind {} are not supported", .0.name())]
    MessageTypeUnsupported(MessageType),
    /// `deployment_id` is absent.
    #[error("the token names no deployment")]
    DeploymentIdMissing,
    /// `deployment_id` is not 1 to 255 ASCII characters.
    #[error("the token's deployment id is not a text of 1 to 255 ASCII characters")]
    DeploymentIdMalformed,
    /// `deployment_id` is not the one the login named.
    #[error("the token's deployment is not the one the login named")]
    DeploymentIdMismatch,
    /// `target_link_uri` is absent.
    #[error("the token names no target link")]
    TargetLinkUriMissing,
    /// `target_link_uri` is not text.
    #[error("the token's target link is not text")]
    TargetLinkUriMalformed,
    /// `target_link_uri` leads where this tool does not go.
    #[error("the token's target link is not followed: {0}")]
    TargetLinkUriNotAllowed(TargetRefusal),
    /// `target_link_uri` is not the one the login named.
    #[error("the token's target link is not the one the login named")]
    TargetLinkUriMismatch,
    /// `roles` is absent; an empty list would be fine (B-41).
    #[error("the token has no roles claim")]
    RolesMissing,
    /// `roles` is not a list of texts.
    #[error("the token's roles are not a list of texts")]
    RolesMalformed,
    /// `sub` is absent, and the registration takes no anonymous launches (B-40).
    #[error("the token names no user, and anonymous launches are not allowed")]
    SubjectMissing,
    /// `sub` is not 1 to 255 ASCII characters.
    #[error("the token's user id is not a text of 1 to 255 ASCII characters")]
    SubjectMalformed,
    /// `resource_link` is absent.
    #[error("the token names no resource link")]
    ResourceLinkMissing,
    /// `resource_link` is not an object.
    #[error("the token's resource link is not an object")]
    ResourceLinkMalformed,
    /// `resource_link` has no `id`.
    #[error("the token's resource link has no id")]
    ResourceLinkIdMissing,
    /// `resource_link.id` is not 1 to 255 ASCII characters.
    #[error("the token's resource link id is not a text of 1 to 255 ASCII characters")]
    ResourceLinkIdMalformed,
    /// A deep linking request without settings (E-02).
    #[error("the deep linking request has no settings")]
    DeepLinkingSettingsMissing,
    /// The settings are not an object.
    #[error("the deep linking settings are not an object")]
    DeepLinkingSettingsMalformed,
    /// A required setting is absent (E-02).
    #[error("the deep linking setting {0} is missing")]
    DeepLinkingSettingMissing(&'static str),
    /// A setting has the wrong type (E-02).
    #[error("the deep linking setting {0} has the wrong type")]
    DeepLinkingSettingMalformed(&'static str),
    /// The return address is not an absolute https URL without user name and fragment (E-03).
    #[error("the deep linking return address is not a plain https address")]
    DeepLinkReturnUrlNotAllowed,
}

impl Refusal {
    /// The stable code of this rule, in the vocabulary of ltijs where it has a word.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TokenTooLarge => "TOKEN_TOO_LARGE",
            Self::NotAToken => "INVALID_JWT",
            Self::Header(_) => "INVALID_JWT_HEADER",
            Self::Payload(_) => "INVALID_JWT_PAYLOAD",
            Self::AlgorithmMissing => "NO_ALG_HEADER",
            Self::AlgorithmNotAllowed => "ALG_NOT_ALLOWED",
            Self::TypeWrong => "WRONG_TYP_HEADER",
            Self::KidMissing => "NO_KID_HEADER",
            Self::KidMalformed => "INVALID_KID_HEADER",
            Self::CriticalHeader => "CRIT_HEADER_NOT_SUPPORTED",
            Self::UnencodedPayload => "B64_HEADER_NOT_SUPPORTED",
            Self::KeyInHeader(_) => "KEY_IN_HEADER",
            Self::KeyNotFound => "KEY_NOT_FOUND",
            Self::KeyMismatch => "KEY_DOES_NOT_MATCH_ALG",
            Self::BadSignature => "INVALID_SIGNATURE",
            Self::IssuerMissing => "NO_ISS_CLAIM",
            Self::IssuerMismatch => "ISS_CLAIM_DOES_NOT_MATCH",
            Self::AudienceMissing => "NO_AUD_CLAIM",
            Self::AudienceMalformed => "INVALID_AUD_CLAIM",
            Self::AudienceMismatch => "AUD_DOES_NOT_MATCH_CLIENTID",
            Self::AudienceUntrusted => "AUD_NOT_TRUSTED",
            Self::AuthorizedPartyMissing => "NO_AZP_CLAIM",
            Self::AuthorizedPartyMismatch => "AZP_DOES_NOT_MATCH_CLIENTID",
            Self::ExpiryMissing => "NO_EXP_CLAIM",
            Self::ExpiryMalformed => "INVALID_EXP_CLAIM",
            Self::Expired => "TOKEN_EXPIRED",
            Self::IssuedAtMissing => "NO_IAT_CLAIM",
            Self::IssuedAtMalformed => "INVALID_IAT_CLAIM",
            Self::IssuedInTheFuture => "TOKEN_ISSUED_IN_FUTURE",
            Self::TooOld => "TOKEN_TOO_OLD",
            Self::NotBeforeMalformed => "INVALID_NBF_CLAIM",
            Self::NotYetValid => "TOKEN_NOT_YET_VALID",
            Self::NonceMissing => "NO_NONCE_CLAIM",
            Self::NonceMismatch => "NONCE_DOES_NOT_MATCH",
            Self::VersionMissing => "NO_LTI_VERSION_CLAIM",
            Self::VersionWrong => "WRONG_LTI_VERSION_CLAIM",
            Self::MessageTypeMissing => "NO_MESSAGE_TYPE_CLAIM",
            Self::MessageTypeUnknown => "WRONG_MESSAGE_TYPE_CLAIM",
            Self::MessageTypeUnsupported(_) => "MESSAGE_TYPE_NOT_SUPPORTED",
            Self::DeploymentIdMissing => "NO_DEPLOYMENT_ID_CLAIM",
            Self::DeploymentIdMalformed => "INVALID_DEPLOYMENT_ID_CLAIM",
            Self::DeploymentIdMismatch => "DEPLOYMENT_ID_DOES_NOT_MATCH",
            Self::TargetLinkUriMissing => "NO_TARGET_LINK_URI_CLAIM",
            Self::TargetLinkUriMalformed => "INVALID_TARGET_LINK_URI_CLAIM",
            Self::TargetLinkUriNotAllowed(_) => "TARGET_LINK_URI_NOT_ALLOWED",
            Self::TargetLinkUriMismatch => "TARGET_LINK_URI_DOES_NOT_MATCH",
            Self::RolesMissing => "NO_ROLES_CLAIM",
            Self::RolesMalformed => "INVALID_ROLES_CLAIM",
            Self::SubjectMissing => "NO_SUB_CLAIM",
            Self::SubjectMalformed => "INVALID_SUB_CLAIM",
            Self::ResourceLinkMissing => "NO_RESOURCE_LINK_CLAIM",
            Self::ResourceLinkMalformed => "INVALID_RESOURCE_LINK_CLAIM",
            Self::ResourceLinkIdMissing => "NO_RESOURCE_LINK_ID_CLAIM",
            Self::ResourceLinkIdMalformed => "INVALID_RESOURCE_LINK_ID_CLAIM",
            Self::DeepLinkingSettingsMissing => "MISSING_DEEP_LINK_SETTINGS",
            Self::DeepLinkingSettingsMalformed => "INVALID_DEEP_LINK_SETTINGS",
            Self::DeepLinkingSettingMissing(_) => "MISSING_DEEP_LINK_SETTING",
            Self::DeepLinkingSettingMalformed(_) => "INVALID_DEEP_LINK_SETTING",
            Self::DeepLinkReturnUrlNotAllowed => "DEEP_LINK_RETURN_URL_NOT_ALLOWED",
        }
    }

    /// The HTTP status (B-03): 400 for what is no readable token, 403 for a sound token that asks
    /// for something this tool does not do, 401 for everything else.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::TokenTooLarge | Self::NotAToken | Self::Header(_) | Self::Payload(_) => 400,
            Self::MessageTypeUnsupported(_)
            | Self::TargetLinkUriNotAllowed(_)
            | Self::DeepLinkReturnUrlNotAllowed => 403,
            _ => 401,
        }
    }
}
