//! Why a token is not a launch: one variant per rule.

use crate::fault::refusals;
use crate::json::JsonError;
use crate::message::MessageType;
use crate::target::TargetRefusal;

refusals! {
    /// A rule a token broke. `Display` is one sentence for the operator; the person at the browser is
    /// shown less (B-04).
    #[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
    #[non_exhaustive]
    pub enum Refusal {
        // Step 3: the form of the token.
        /// Longer than the limit (B-02).
        #[error("the token is larger than allowed")]
        TokenTooLarge => "TOKEN_TOO_LARGE", TooLarge;
        /// Not three base64url segments; five would be an encrypted token.
        #[error("the token is not three base64url parts without padding")]
        NotAToken => "INVALID_JWT", Malformed;
        /// The header is not an acceptable JSON object.
        #[error("the token's header cannot be read: {0}")]
        Header(JsonError) => "INVALID_JWT_HEADER", Malformed;
        /// The payload is not an acceptable JSON object.
        #[error("the token's payload cannot be read: {0}")]
        Payload(JsonError) => "INVALID_JWT_PAYLOAD", Malformed;

        // Step 4: the header.
        /// `alg` is absent or not text.
        #[error("the token's header names no algorithm")]
        AlgorithmMissing => "NO_ALG_HEADER", Malformed;
        /// `alg` is not one this registration accepts; `none` and `HS*` never are (B-26).
        #[error("the token's algorithm is not one this registration accepts")]
        AlgorithmNotAllowed => "ALG_NOT_ALLOWED", Malformed;
        /// `typ` is there but not `JWT`.
        #[error("the token's header says that it is something other than a JWT")]
        TypeWrong => "WRONG_TYP_HEADER", Malformed;
        /// `kid` is absent or empty (B-34).
        #[error("the token's header has no key id")]
        KidMissing => "NO_KID_HEADER", Malformed;
        /// `kid` is not text or longer than 256 bytes (I-13).
        #[error("the token's key id is too long or not text")]
        KidMalformed => "INVALID_KID_HEADER", Malformed;
        /// `crit` is there: an extension we would have to understand.
        #[error("the token's header demands an extension that is not understood")]
        CriticalHeader => "CRIT_HEADER_NOT_SUPPORTED", Malformed;
        /// `b64` is there and not `true`.
        #[error("the token's header asks for an unencoded payload")]
        UnencodedPayload => "B64_HEADER_NOT_SUPPORTED", Malformed;
        /// The header brings or points to a key of its own (I-12).
        #[error("the token's header carries its own key material in {0}")]
        KeyInHeader(&'static str) => "KEY_IN_HEADER", Malformed;

        // Steps 5 and 6: key and signature.
        /// The platform publishes no usable key of this id; said by the caller who looked.
        #[error("the platform publishes no usable key with the token's key id")]
        KeyNotFound => "KEY_NOT_FOUND", Key;
        /// The key's type, or its own `alg`, does not fit the token's algorithm.
        #[error("the platform's key is not meant for the token's algorithm")]
        KeyMismatch => "KEY_DOES_NOT_MATCH_ALG", Malformed;
        /// The signature is not the key's.
        #[error("the token's signature does not verify with the platform's key")]
        BadSignature => "INVALID_SIGNATURE", Key;

        // Step 7: who to whom.
        /// `iss` is absent.
        #[error("the token names no issuer")]
        IssuerMissing => "NO_ISS_CLAIM", Content;
        /// `iss` is not the registration's, byte for byte (B-21).
        #[error("the token's issuer is not the registration's issuer")]
        IssuerMismatch => "ISS_CLAIM_DOES_NOT_MATCH", Registration;
        /// `aud` is absent or an empty list.
        #[error("the token names no audience")]
        AudienceMissing => "NO_AUD_CLAIM", Content;
        /// `aud` is neither text nor a list of texts (B-22).
        #[error("the token's audience is neither text nor a list of texts")]
        AudienceMalformed => "INVALID_AUD_CLAIM", Content;
        /// `aud` does not hold the client id (B-22).
        #[error("the token is not meant for this client id")]
        AudienceMismatch => "AUD_DOES_NOT_MATCH_CLIENTID", Registration;
        /// `aud` holds a party that is not trusted (B-23).
        #[error("the token is also meant for a party that is not trusted")]
        AudienceUntrusted => "AUD_NOT_TRUSTED", Registration;
        /// Several audiences, and no `azp` (B-24).
        #[error("the token has several audiences and does not say which is authorised")]
        AuthorizedPartyMissing => "NO_AZP_CLAIM", Registration;
        /// `azp` is not the client id (B-25).
        #[error("the token's authorised party is not this client id")]
        AuthorizedPartyMismatch => "AZP_DOES_NOT_MATCH_CLIENTID", Registration;

        // Step 8: when.
        /// `exp` is absent.
        #[error("the token has no expiry time")]
        ExpiryMissing => "NO_EXP_CLAIM", Content;
        /// `exp` is not a number of seconds (B-29).
        #[error("the token's expiry time is not a number of seconds")]
        ExpiryMalformed => "INVALID_EXP_CLAIM", Content;
        /// `exp` has passed, leeway included (B-27).
        #[error("the token has expired; compare the two clocks if this happens often")]
        Expired => "TOKEN_EXPIRED", Clock;
        /// `iat` is absent.
        #[error("the token does not say when it was issued")]
        IssuedAtMissing => "NO_IAT_CLAIM", Content;
        /// `iat` is not a number of seconds (B-29).
        #[error("the token's time of issue is not a number of seconds")]
        IssuedAtMalformed => "INVALID_IAT_CLAIM", Content;
        /// `iat` is ahead of our clock by more than the leeway (B-28).
        #[error("the token was issued in the future; compare the two clocks")]
        IssuedInTheFuture => "TOKEN_ISSUED_IN_FUTURE", Clock;
        /// `iat` is further back than the registration allows (B-28).
        #[error("the token was issued too long ago")]
        TooOld => "TOKEN_TOO_OLD", Clock;
        /// `nbf` is not a number of seconds (B-29).
        #[error("the token's not-before time is not a number of seconds")]
        NotBeforeMalformed => "INVALID_NBF_CLAIM", Content;
        /// `nbf` is ahead of our clock by more than the leeway (B-30).
        #[error("the token is not valid yet; compare the two clocks")]
        NotYetValid => "TOKEN_NOT_YET_VALID", Clock;

        // Step 9: the nonce.
        /// `nonce` is absent.
        #[error("the token has no nonce")]
        NonceMissing => "NO_NONCE_CLAIM", Content;
        /// `nonce` is not the one of this login (B-31).
        #[error("the token's nonce is not the one of this login")]
        NonceMismatch => "NONCE_DOES_NOT_MATCH", Nonce;

        // Step 10: the LTI claims.
        /// `version` is absent.
        #[error("the token does not say which LTI version it speaks")]
        VersionMissing => "NO_LTI_VERSION_CLAIM", Malformed;
        /// `version` is not the text `1.3.0`.
        #[error("the token's LTI version is not 1.3.0")]
        VersionWrong => "WRONG_LTI_VERSION_CLAIM", Malformed;
        /// `message_type` is absent.
        #[error("the token does not say which kind of message it is")]
        MessageTypeMissing => "NO_MESSAGE_TYPE_CLAIM", Content;
        /// `message_type` is none of LTI's.
        #[error("the token's kind of message is unknown")]
        MessageTypeUnknown => "WRONG_MESSAGE_TYPE_CLAIM", Placement;
        /// `message_type` is known but not served here.
        #[error("messages of the kind {} are not supported", .0.name())]
        MessageTypeUnsupported(MessageType) => "MESSAGE_TYPE_NOT_SUPPORTED", Placement;
        /// `deployment_id` is absent.
        #[error("the token names no deployment")]
        DeploymentIdMissing => "NO_DEPLOYMENT_ID_CLAIM", Content;
        /// `deployment_id` is not 1 to 255 ASCII characters.
        #[error("the token's deployment id is not a text of 1 to 255 ASCII characters")]
        DeploymentIdMalformed => "INVALID_DEPLOYMENT_ID_CLAIM", Content;
        /// `deployment_id` is not the one the login named.
        #[error("the token's deployment is not the one the login named")]
        DeploymentIdMismatch => "DEPLOYMENT_ID_DOES_NOT_MATCH", Deployment;
        /// `target_link_uri` is absent.
        #[error("the token names no target link")]
        TargetLinkUriMissing => "NO_TARGET_LINK_URI_CLAIM", Link;
        /// `target_link_uri` is not text.
        #[error("the token's target link is not text")]
        TargetLinkUriMalformed => "INVALID_TARGET_LINK_URI_CLAIM", Link;
        /// `target_link_uri` leads where this tool does not go.
        #[error("the token's target link is not followed: {0}")]
        TargetLinkUriNotAllowed(TargetRefusal) => "TARGET_LINK_URI_NOT_ALLOWED", Link;
        /// `target_link_uri` is not the one the login named.
        #[error("the token's target link is not the one the login named")]
        TargetLinkUriMismatch => "TARGET_LINK_URI_DOES_NOT_MATCH", Link;
        /// `roles` is absent; an empty list would be fine (B-41).
        #[error("the token has no roles claim")]
        RolesMissing => "NO_ROLES_CLAIM", Content;
        /// `roles` is not a list of texts.
        #[error("the token's roles are not a list of texts")]
        RolesMalformed => "INVALID_ROLES_CLAIM", Content;
        /// `sub` is absent, and the registration takes no anonymous launches (B-40).
        #[error("the token names no user, and anonymous launches are not allowed")]
        SubjectMissing => "NO_SUB_CLAIM", Anonymous;
        /// `sub` is not 1 to 255 ASCII characters.
        #[error("the token's user id is not a text of 1 to 255 ASCII characters")]
        SubjectMalformed => "INVALID_SUB_CLAIM", Content;
        /// `resource_link` is absent.
        #[error("the token names no resource link")]
        ResourceLinkMissing => "NO_RESOURCE_LINK_CLAIM", Content;
        /// `resource_link` is not an object.
        #[error("the token's resource link is not an object")]
        ResourceLinkMalformed => "INVALID_RESOURCE_LINK_CLAIM", Content;
        /// `resource_link` has no `id`.
        #[error("the token's resource link has no id")]
        ResourceLinkIdMissing => "NO_RESOURCE_LINK_ID_CLAIM", Content;
        /// `resource_link.id` is not 1 to 255 ASCII characters.
        #[error("the token's resource link id is not a text of 1 to 255 ASCII characters")]
        ResourceLinkIdMalformed => "INVALID_RESOURCE_LINK_ID_CLAIM", Content;
        /// A submission review that doesn't say whose submission it is about (F.5).
        #[error("the submission review doesn't say whose submission is reviewed")]
        ForUserMissing => "NO_FOR_USER_CLAIM", Content;
        /// `for_user` is not an object whose `user_id` is 1 to 255 ASCII characters.
        #[error("the submission review's for_user has no user_id of 1 to 255 ASCII characters")]
        ForUserMalformed => "INVALID_FOR_USER_CLAIM", Content;
        /// A deep linking request without settings (E-02).
        #[error("the deep linking request has no settings")]
        DeepLinkingSettingsMissing => "MISSING_DEEP_LINK_SETTINGS", Content;
        /// The settings are not an object.
        #[error("the deep linking settings are not an object")]
        DeepLinkingSettingsMalformed => "INVALID_DEEP_LINK_SETTINGS", Content;
        /// A required setting is absent (E-02).
        #[error("the deep linking setting {0} is missing")]
        DeepLinkingSettingMissing(&'static str) => "MISSING_DEEP_LINK_SETTING", Content;
        /// A setting has the wrong type (E-02).
        #[error("the deep linking setting {0} has the wrong type")]
        DeepLinkingSettingMalformed(&'static str) => "INVALID_DEEP_LINK_SETTING", Content;
        /// The return address is not an absolute https URL without user name and fragment (E-03).
        #[error("the deep linking return address is not a plain https address")]
        DeepLinkReturnUrlNotAllowed => "DEEP_LINK_RETURN_URL_NOT_ALLOWED", ReturnAddress;
    }
}

impl Refusal {
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
