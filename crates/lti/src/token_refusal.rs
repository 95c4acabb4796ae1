//! Why a token is not a launch: one variant per rule.

use crate::fault::refusals;
use crate::json::JsonError;
use crate::message::MessageType;
use crate::target::TargetRefusal;

refusals! {
    /// A rule that a token broke. `Display` gives the operator one sentence; the person at the
    /// browser sees less (B-04). The status (B-03) is 400 if the token is unreadable, 403 if it is
    /// valid but asks for something this tool doesn't do, and 401 otherwise.
    #[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
    #[non_exhaustive]
    pub enum Refusal {
        // Step 3: the form of the token.
        /// Longer than the limit (B-02).
        #[error("the token is larger than allowed")]
        TokenTooLarge => "TOKEN_TOO_LARGE", TooLarge, 400;
        /// Not three base64url segments; five would be an encrypted token.
        #[error("the token is not three base64url parts without padding")]
        NotAToken => "INVALID_JWT", Malformed, 400;
        /// The header is not an acceptable JSON object.
        #[error("the token's header cannot be read: {0}")]
        Header(JsonError) => "INVALID_JWT_HEADER", Malformed, 400;
        /// The payload is not an acceptable JSON object.
        #[error("the token's payload cannot be read: {0}")]
        Payload(JsonError) => "INVALID_JWT_PAYLOAD", Malformed, 400;

        // Step 4: the header.
        /// `alg` is absent or not text.
        #[error("the token's header names no algorithm")]
        AlgorithmMissing => "NO_ALG_HEADER", Malformed, 401;
        /// `alg` is not one this registration accepts; `none` and `HS*` never are (B-26).
        #[error("the token's algorithm is not one this registration accepts")]
        AlgorithmNotAllowed => "ALG_NOT_ALLOWED", Algorithm, 401;
        /// `typ` is present but not `JWT`.
        #[error("the token's header says that it is something other than a JWT")]
        TypeWrong => "WRONG_TYP_HEADER", Malformed, 401;
        /// `kid` is absent or empty (B-34).
        #[error("the token's header has no key id")]
        KidMissing => "NO_KID_HEADER", Malformed, 401;
        /// `kid` is not text or longer than 256 bytes (I-13).
        #[error("the token's key id is too long or not text")]
        KidMalformed => "INVALID_KID_HEADER", Malformed, 401;
        /// `crit` is present: an extension that we would have to understand.
        #[error("the token's header demands an extension that is not understood")]
        CriticalHeader => "CRIT_HEADER_NOT_SUPPORTED", Malformed, 401;
        /// `b64` is present and not `true`.
        #[error("the token's header asks for an unencoded payload")]
        UnencodedPayload => "B64_HEADER_NOT_SUPPORTED", Malformed, 401;
        /// The header contains or points to a key (I-12).
        #[error("the token's header carries its own key material in {0}")]
        KeyInHeader(&'static str) => "KEY_IN_HEADER", Malformed, 401;

        // Steps 5 and 6: key and signature.
        /// The platform publishes no usable key with this id. The caller, who looks for the key,
        /// reports this.
        #[error("the platform publishes no usable key with the token's key id")]
        KeyNotFound => "KEY_NOT_FOUND", Key, 401;
        /// The key's type, or its own `alg`, does not fit the token's algorithm.
        #[error("the platform's key is not meant for the token's algorithm")]
        KeyMismatch => "KEY_DOES_NOT_MATCH_ALG", Algorithm, 401;
        /// The signature does not match the key.
        #[error("the token's signature does not verify with the platform's key")]
        BadSignature => "INVALID_SIGNATURE", Key, 401;

        // Step 7: issuer and audience.
        /// `iss` is absent.
        #[error("the token names no issuer")]
        IssuerMissing => "NO_ISS_CLAIM", Content, 401;
        /// `iss` is not the registration's, byte for byte (B-21).
        #[error("the token's issuer is not the registration's issuer")]
        IssuerMismatch => "ISS_CLAIM_DOES_NOT_MATCH", Registration, 401;
        /// `aud` is absent or an empty list.
        #[error("the token names no audience")]
        AudienceMissing => "NO_AUD_CLAIM", Content, 401;
        /// `aud` is neither text nor a list of texts (B-22).
        #[error("the token's audience is neither text nor a list of texts")]
        AudienceMalformed => "INVALID_AUD_CLAIM", Content, 401;
        /// `aud` does not contain the client id (B-22).
        #[error("the token is not meant for this client id")]
        AudienceMismatch => "AUD_DOES_NOT_MATCH_CLIENTID", Registration, 401;
        /// `aud` contains an untrusted party (B-23).
        #[error("the token is also meant for a party that is not trusted")]
        AudienceUntrusted => "AUD_NOT_TRUSTED", Registration, 401;
        /// Several audiences, and no `azp` (B-24).
        #[error("the token has several audiences and does not say which is authorised")]
        AuthorizedPartyMissing => "NO_AZP_CLAIM", Registration, 401;
        /// `azp` is not the client id (B-25).
        #[error("the token's authorised party is not this client id")]
        AuthorizedPartyMismatch => "AZP_DOES_NOT_MATCH_CLIENTID", Registration, 401;

        // Step 8: times.
        /// `exp` is absent.
        #[error("the token has no expiry time")]
        ExpiryMissing => "NO_EXP_CLAIM", Content, 401;
        /// `exp` is not a number (B-29).
        #[error("the token's expiry time is not a number of seconds")]
        ExpiryMalformed => "INVALID_EXP_CLAIM", Content, 401;
        /// `exp` has passed, leeway included (B-27).
        #[error("the token has expired; compare the two clocks if this happens often")]
        Expired => "TOKEN_EXPIRED", Late, 401;
        /// `iat` is absent.
        #[error("the token does not say when it was issued")]
        IssuedAtMissing => "NO_IAT_CLAIM", Content, 401;
        /// `iat` is not a number (B-29).
        #[error("the token's time of issue is not a number of seconds")]
        IssuedAtMalformed => "INVALID_IAT_CLAIM", Content, 401;
        /// `iat` is ahead of our clock by more than the leeway (B-28).
        #[error("the token was issued in the future; compare the two clocks")]
        IssuedInTheFuture => "TOKEN_ISSUED_IN_FUTURE", Early, 401;
        /// `iat` is older than the registration allows (B-28).
        #[error("the token was issued too long ago")]
        TooOld => "TOKEN_TOO_OLD", Late, 401;
        /// `nbf` is not a number (B-29).
        #[error("the token's not-before time is not a number of seconds")]
        NotBeforeMalformed => "INVALID_NBF_CLAIM", Content, 401;
        /// `nbf` is ahead of our clock by more than the leeway (B-30).
        #[error("the token is not valid yet; compare the two clocks")]
        NotYetValid => "TOKEN_NOT_YET_VALID", Early, 401;

        // Step 9: the nonce.
        /// `nonce` is absent.
        #[error("the token has no nonce")]
        NonceMissing => "NO_NONCE_CLAIM", Content, 401;
        /// `nonce` is not the one of this login (B-31).
        #[error("the token's nonce is not the one of this login")]
        NonceMismatch => "NONCE_DOES_NOT_MATCH", Nonce, 401;

        // Step 10: the LTI claims.
        /// `version` is absent.
        #[error("the token does not say which LTI version it speaks")]
        VersionMissing => "NO_LTI_VERSION_CLAIM", Malformed, 401;
        /// `version` is not the text `1.3.0`.
        #[error("the token's LTI version is not 1.3.0")]
        VersionWrong => "WRONG_LTI_VERSION_CLAIM", Malformed, 401;
        /// `message_type` is absent.
        #[error("the token does not say which kind of message it is")]
        MessageTypeMissing => "NO_MESSAGE_TYPE_CLAIM", Content, 401;
        /// `message_type` is not an LTI message type.
        #[error("the token's kind of message is unknown")]
        MessageTypeUnknown => "WRONG_MESSAGE_TYPE_CLAIM", Placement, 401;
        /// `message_type` is known but not supported.
        #[error("messages of the kind {} are not supported", .0.name())]
        MessageTypeUnsupported(MessageType) => "MESSAGE_TYPE_NOT_SUPPORTED", Placement, 403;
        /// `deployment_id` is absent.
        #[error("the token names no deployment")]
        DeploymentIdMissing => "NO_DEPLOYMENT_ID_CLAIM", Content, 401;
        /// `deployment_id` is not 1 to 255 ASCII characters.
        #[error("the token's deployment id is not a text of 1 to 255 ASCII characters")]
        DeploymentIdMalformed => "INVALID_DEPLOYMENT_ID_CLAIM", Content, 401;
        /// `deployment_id` is not the one the login named.
        #[error("the token's deployment is not the one the login named")]
        DeploymentIdMismatch => "DEPLOYMENT_ID_DOES_NOT_MATCH", Deployment, 401;
        /// `target_link_uri` is absent.
        #[error("the token names no target link")]
        TargetLinkUriMissing => "NO_TARGET_LINK_URI_CLAIM", Link, 401;
        /// `target_link_uri` is not text.
        #[error("the token's target link is not text")]
        TargetLinkUriMalformed => "INVALID_TARGET_LINK_URI_CLAIM", Link, 401;
        /// `target_link_uri` leads outside the tool.
        #[error("the token's target link is not followed: {0}")]
        TargetLinkUriNotAllowed(TargetRefusal) => "TARGET_LINK_URI_NOT_ALLOWED", Link, 403;
        /// `target_link_uri` is not the one the login named.
        #[error("the token's target link is not the one the login named")]
        TargetLinkUriMismatch => "TARGET_LINK_URI_DOES_NOT_MATCH", Link, 401;
        /// `roles` is absent. An empty list would be fine (B-41).
        #[error("the token has no roles claim")]
        RolesMissing => "NO_ROLES_CLAIM", Content, 401;
        /// `roles` is not a list of texts.
        #[error("the token's roles are not a list of texts")]
        RolesMalformed => "INVALID_ROLES_CLAIM", Content, 401;
        /// `sub` is absent, and the registration does not accept anonymous launches (B-40).
        #[error("the token names no user, and anonymous launches are not allowed")]
        SubjectMissing => "NO_SUB_CLAIM", Anonymous, 401;
        /// `sub` is not 1 to 255 ASCII characters.
        #[error("the token's user id is not a text of 1 to 255 ASCII characters")]
        SubjectMalformed => "INVALID_SUB_CLAIM", Content, 401;
        /// `resource_link` is absent.
        #[error("the token names no resource link")]
        ResourceLinkMissing => "NO_RESOURCE_LINK_CLAIM", Content, 401;
        /// `resource_link` is not an object.
        #[error("the token's resource link is not an object")]
        ResourceLinkMalformed => "INVALID_RESOURCE_LINK_CLAIM", Content, 401;
        /// `resource_link` has no `id`.
        #[error("the token's resource link has no id")]
        ResourceLinkIdMissing => "NO_RESOURCE_LINK_ID_CLAIM", Content, 401;
        /// `resource_link.id` is not 1 to 255 ASCII characters.
        #[error("the token's resource link id is not a text of 1 to 255 ASCII characters")]
        ResourceLinkIdMalformed => "INVALID_RESOURCE_LINK_ID_CLAIM", Content, 401;
        /// A submission review does not say whose submission it is about (F.5).
        #[error("the submission review doesn't say whose submission is reviewed")]
        ForUserMissing => "NO_FOR_USER_CLAIM", Content, 401;
        /// `for_user` is not an object whose `user_id` is 1 to 255 ASCII characters.
        #[error("the submission review's for_user has no user_id of 1 to 255 ASCII characters")]
        ForUserMalformed => "INVALID_FOR_USER_CLAIM", Content, 401;
        /// A deep linking request has no settings (E-02).
        #[error("the deep linking request has no settings")]
        DeepLinkingSettingsMissing => "MISSING_DEEP_LINK_SETTINGS", Content, 401;
        /// The settings are not an object.
        #[error("the deep linking settings are not an object")]
        DeepLinkingSettingsMalformed => "INVALID_DEEP_LINK_SETTINGS", Content, 401;
        /// A required setting is absent (E-02).
        #[error("the deep linking setting {0} is missing")]
        DeepLinkingSettingMissing(&'static str) => "MISSING_DEEP_LINK_SETTING", Content, 401;
        /// A setting has the wrong type (E-02).
        #[error("the deep linking setting {0} has the wrong type")]
        DeepLinkingSettingMalformed(&'static str) => "INVALID_DEEP_LINK_SETTING", Content, 401;
        /// The return address is not an absolute https URL without user name or fragment (E-03).
        #[error("the deep linking return address is not a plain https address")]
        DeepLinkReturnUrlNotAllowed => "DEEP_LINK_RETURN_URL_NOT_ALLOWED", ReturnAddress, 403;
    }
}
