//! What to do about each reason, for whoever runs the tool or the platform: one sentence a code.

/// What to do where a code is none of ours, which means a newer version wrote it.
const UNKNOWN: &str = "Look into the log under this reference.";
const AGAIN: &str = "Launch again from the course. Where it happens to many, look whether something between the browser \
                     and this service sends requests twice.";
const CLOCKS: &str = "Compare the clocks: skewSeconds says how far the platform's is before (+) or behind (-) ours. Set \
                      both by NTP, or raise launch.leewaySeconds.";
const MALFORMED: &str = "The platform, or something in between, sends what is no LTI 1.3 launch. Check that the link is an \
                         LTI 1.3 link there, and tell the platform's vendor the code if it is.";
const KEYS: &str = "Compare the platform's key set address in its registration here with the one the platform shows, \
                    and look whether it can be fetched from this server (hallpass doctor).";
const REGISTRATION_SAME: &str = "Compare issuer and client id of the registration here with those the platform shows for \
                                 this tool; the login was sent for another registration than the token.";
const DEPLOYMENT: &str = "Look at the platform's deployments (GET /admin/platforms/<id>/deployments) and activate this one \
                          if it belongs to the school.";
const LINK: &str = "Check the link's URL in the platform: it must be this service's launch address, and the same at login \
                    and in the token.";
const CONTENT: &str = "The platform leaves something out that LTI requires, or sends it in another form. Check the placement \
                       the tool was opened from; if it is an ordinary one, tell the platform's vendor the code.";
const STUDYREEL: &str =
    "Tell StudyReel which member is meant and what is wrong with it: the launch's answer says so.";
const OURS: &str = "This is on our side: look at the cause, and into the log under this reference.";

/// What to do about a reason.
pub(super) fn advice(code: &str) -> &'static str {
    match code {
        // Logins.
        "PLATFORM_UNREGISTERED" => {
            "Register the platform with this tool, or compare issuer and client id with those of its registration \
             (GET /admin/platforms)."
        }
        "PLATFORM_INACTIVE" => "Activate the platform: hallpass platforms activate <id>.",
        "PLATFORM_AMBIGUOUS" => {
            "Use the registration's own login URL (/lti/login/<platform>) in the platform, or let it send client_id."
        }
        "PLATFORM_OTHER" => {
            "The login URL belongs to another registration. Compare the tool's login URL in the platform with the one \
             of this registration."
        }
        "TARGET_NOT_ALLOWED" => LINK,
        "MISSING_LOGIN_PARAMETERS"
        | "MALFORMED_PARAMETER"
        | "PARAMETER_TOO_LONG"
        | "REPEATED_PARAMETER"
        | "TOKEN_AND_ERROR" => {
            "Somebody opened the address by hand, or the platform sends an incomplete request. Open the tool from a \
             course; if that fails too, check the tool's URLs in the platform."
        }
        "LAUNCH_NOT_A_FORM" | "UNSUPPORTED_MEDIA_TYPE" | "BAD_REQUEST" => {
            "This was no request of a platform's browser: a program or a proxy sent it in another form."
        }
        "REQUEST_TOO_LARGE" | "PAYLOAD_TOO_LARGE" | "TOKEN_TOO_LARGE" => {
            "The launch is larger than any real one. Look for a custom parameter with very much in it, such as a \
             course's whole roster."
        }
        // The browser between login and launch.
        "STATE_UNKNOWN" | "INVALID_STATE" => {
            "The launch belongs to no login of this installation. After a move or a new secret key the person has to \
             open the tool again; otherwise check that login and launch URL lead to the same installation."
        }
        "STATE_EXPIRED" => {
            "The person took longer than ten minutes to sign in at the platform. Opening the tool again is enough."
        }
        "STATE_COOKIE_MISSING" => {
            "The browser blocks third-party cookies and the platform offers no storage: let the link open in a new \
             window."
        }
        "FRAME_WITHOUT_COOKIES" => {
            "The browser keeps no cookies in the platform's frame, and was offered a new window. Let the link open in a \
             new window to spare people the click."
        }
        "STORAGE_ANSWER_FOREIGN" => {
            "Another site's page sent a launch on in somebody's browser. Where it happens to many, look whether something \
             between the browser and this service takes the headers Sec-Fetch-Site and Origin away."
        }
        "PERSON_BLOCKED" => {
            "An operator blocked this person: see the platform's blocked people, and remove the entry if they should come back."
        }
        "STORAGE_NOT_ANSWERED" | "STORAGE_FRAME_MISSING" | "STORAGE_REFUSED" => {
            "The platform offered storage at login, and its window did not give the value back at launch; the person was \
             offered a new window. Let the link open in a new window, and tell the platform's vendor the code."
        }
        "FRAME_ORIGIN_NOT_LISTED" => {
            "If the origin is the school's own, add it to the platform's frameOrigins (PUT /admin/platforms/<id>): the \
             platform's storage then helps browsers without cookies. Letting the link open in a new window helps as well."
        }
        "STORAGE_OTHER_VALUE" => {
            "The platform's window keeps one value for several logins, or another page answered in its place. Where it \
             happens to many, let the link open in a new window, and tell the platform's vendor."
        }
        "STORAGE_ANSWER_LATE" => {
            "The browser was asleep, or the page was left open: opening the tool again is enough."
        }
        "DEEP_LINKING_OFF" => {
            "Switch services.deepLinking on if the tool offers content to choose (PATCH /admin/tool); otherwise take \
             deep linking off the tool's placements in the platform."
        }
        "STORAGE_EMPTY" => {
            "The platform's window kept nothing of this login, so it was begun in another browser or window, or the \
             platform forgot it. Where it happens to many, let the link open in a new window, and tell the platform's \
             vendor."
        }
        "NOT_A_LAUNCH" => {
            "Somebody opened the launch address by hand, or a program looked whether it is there: nothing to do. If the \
             platform sent them, it sends launches by GET, which it must not."
        }
        "NONCE_ALREADY_RECEIVED" => AGAIN,
        "PLATFORM_ERROR" => {
            "The platform refused to sign the person in. For login_required let the link open in a new window. Where it \
             found our request wrong, its own words are in the log under this reference: look at the tool's settings \
             there. Otherwise look whether the person may open the tool there."
        }
        "PLATFORM_GONE" => {
            "The platform was removed here while the person was signing in. Register it again if it is still needed."
        }
        // Keys and signature.
        "KID_UNKNOWN" | "KEY_NOT_FOUND" | "INVALID_SIGNATURE" | "KEY_SET_UNREADABLE" => KEYS,
        "KEY_SET_UNREACHABLE" => {
            "The platform's key set could not be fetched: look whether its address can be reached from this server, and \
             whether outbound_allow must name it."
        }
        "KEY_PASSED_OVER" => {
            "The platform's key set was read and this key passed over; the text says why. The platform has to mend its key \
             set: tell whoever runs it what the text says. hallpass doctor lists every key that is passed over."
        }
        "OUTBOUND_BUSY" => {
            "This is on our side: the platform was not asked. So many key sets were being fetched at once that this one \
             had no turn for 12 seconds. Launching again is enough. Where it happens again, look for platforms that answer \
             slowly (reason KEY_SET_UNREACHABLE): they hold the places."
        }
        "PLATFORM_KEY_UNUSABLE" => {
            "Paste the platform's public key anew, or give its key set's address instead (PUT /admin/platforms/<id>)."
        }
        "NO_ALG_HEADER"
        | "ALG_NOT_ALLOWED"
        | "WRONG_TYP_HEADER"
        | "NO_KID_HEADER"
        | "INVALID_KID_HEADER"
        | "CRIT_HEADER_NOT_SUPPORTED"
        | "B64_HEADER_NOT_SUPPORTED"
        | "KEY_IN_HEADER"
        | "KEY_DOES_NOT_MATCH_ALG"
        | "INVALID_JWT"
        | "INVALID_JWT_HEADER"
        | "INVALID_JWT_PAYLOAD" => MALFORMED,
        // Claims.
        "NO_ISS_CLAIM"
        | "ISS_CLAIM_DOES_NOT_MATCH"
        | "NO_AUD_CLAIM"
        | "INVALID_AUD_CLAIM"
        | "AUD_DOES_NOT_MATCH_CLIENTID"
        | "AUD_NOT_TRUSTED"
        | "NO_AZP_CLAIM"
        | "AZP_DOES_NOT_MATCH_CLIENTID" => REGISTRATION_SAME,
        "NO_EXP_CLAIM"
        | "INVALID_EXP_CLAIM"
        | "TOKEN_EXPIRED"
        | "NO_IAT_CLAIM"
        | "INVALID_IAT_CLAIM"
        | "TOKEN_ISSUED_IN_FUTURE"
        | "TOKEN_TOO_OLD"
        | "INVALID_NBF_CLAIM"
        | "TOKEN_NOT_YET_VALID" => CLOCKS,
        "NO_NONCE_CLAIM" | "NONCE_DOES_NOT_MATCH" => {
            "The token belongs to another login. Where the same browser opens the tool several times this can happen \
             once; where it happens always, tell the platform's vendor."
        }
        "MESSAGE_TYPE_NOT_SUPPORTED" | "WRONG_MESSAGE_TYPE_CLAIM" => {
            "The tool was opened from a placement it doesn't serve. Remove that placement in the platform."
        }
        "DEPLOYMENT_ID_DOES_NOT_MATCH" => {
            "Login and token name different deployments: look whether the link was copied from another course or \
             school, and add the tool there anew."
        }
        "NO_TARGET_LINK_URI_CLAIM"
        | "INVALID_TARGET_LINK_URI_CLAIM"
        | "TARGET_LINK_URI_NOT_ALLOWED"
        | "TARGET_LINK_URI_DOES_NOT_MATCH" => LINK,
        "NO_SUB_CLAIM" => {
            "The platform sent nobody's id. Set the tool's privacy there to send at least that, or set \
             launch.anonymous to allow."
        }
        "NO_LTI_VERSION_CLAIM" | "WRONG_LTI_VERSION_CLAIM" => MALFORMED,
        "NO_MESSAGE_TYPE_CLAIM"
        | "NO_DEPLOYMENT_ID_CLAIM"
        | "INVALID_DEPLOYMENT_ID_CLAIM"
        | "NO_ROLES_CLAIM"
        | "INVALID_ROLES_CLAIM"
        | "INVALID_SUB_CLAIM"
        | "NO_RESOURCE_LINK_CLAIM"
        | "INVALID_RESOURCE_LINK_CLAIM"
        | "NO_RESOURCE_LINK_ID_CLAIM"
        | "INVALID_RESOURCE_LINK_ID_CLAIM"
        | "MISSING_DEEP_LINK_SETTINGS"
        | "INVALID_DEEP_LINK_SETTINGS"
        | "MISSING_DEEP_LINK_SETTING"
        | "INVALID_DEEP_LINK_SETTING" => CONTENT,
        "DEEP_LINK_RETURN_URL_NOT_ALLOWED" => {
            "The platform's return address is not https. Set the platform's own address to https there."
        }
        "DEPLOYMENT_UNKNOWN" | "DEPLOYMENT_PENDING" | "DEPLOYMENT_DISABLED" => DEPLOYMENT,
        "LAUNCH_URL_NOT_SET" => "Set launchUrl, the address where launches go (PATCH /admin/tool).",
        // Registrations.
        "DYNAMIC_REGISTRATION_DISABLED" => {
            "Set registration.enabled and registration.open, or give the administrator an invitation link (POST /admin/invites)."
        }
        "INVITE_NOT_VALID" => "Make a new invitation link (POST /admin/invites).",
        "REGISTRATION_NOT_FOUND" | "CONFIRMATION_REFUSED" => {
            "Start the registration again in the platform: this one is over, or its page was opened from elsewhere."
        }
        "PRE_APPROVAL_URL_NOT_SET" => {
            "Set registration.preApproval.url, the tool's own page (PATCH /admin/tool)."
        }
        "INVALID_REGISTRATION_PARAMETER" => {
            "Start the registration from the platform's administration, with the whole address it makes."
        }
        "LIMIT_OF_REGISTRATIONS" => {
            "Activate or delete platforms that wait (hallpass platforms list), or raise limits.waitingRegistrations; \
             invitations are taken all the same."
        }
        "PREFETCH_REFUSED" => {
            "Nothing to do: a browser or scanner looked at the link ahead of the click."
        }
        "ADDRESS_NOT_ALLOWED" => {
            "The platform names a private or plain-http address. If it runs in your network, allow it: outbound_allow."
        }
        "CONFIGURATION_TOO_LARGE"
        | "CONFIGURATION_UNREACHABLE"
        | "CONFIGURATION_NOT_JSON"
        | "CONFIGURATION_INVALID"
        | "ISSUER_MISMATCH" => {
            "Run hallpass doctor with the platform's configuration address: it says what is wrong there."
        }
        "NOTHING_IN_COMMON" => {
            "Compare the tool's messages and services (GET /admin/tool) with what the platform supports (hallpass doctor)."
        }
        "REGISTRATION_NOT_ANSWERED" | "REGISTRATION_ANSWER_INVALID" => {
            "Look for the tool in the platform and delete it there, since it may have been stored; then register again."
        }
        "REGISTRATION_REFUSED" => {
            "Read what the platform answered, above; most refuse a registration link that was used before, so make a new one."
        }
        "PLATFORM_ALREADY_REGISTERED" => {
            "Delete the old registration first (DELETE /admin/platforms/<id>) if it is no longer needed."
        }
        "KEY_NOT_MADE"
        | "STORE_FAILED"
        | "SERVICE_UNAVAILABLE"
        | "INTERNAL_SERVER_ERROR"
        | "internal"
        | "unavailable" => OURS,
        // StudyReel.
        "malformed_json"
        | "missing_field"
        | "invalid_field"
        | "unsupported_message"
        | "unsupported_version"
        | "invalid_timestamp"
        | "role_not_allowed" => STUDYREEL,
        "unsupported_media_type" | "too_large" | "method_not_allowed" => {
            "This was no launch of StudyReel's server: something else sent it, or something in between changed it."
        }
        "expired" | "not_yet_valid" => {
            "Compare the clocks, and studyreel.timeZone: a difference of whole hours means a wrong zone."
        }
        "bad_signature" => {
            "Compare the signing secret at StudyReel with GET /admin/studyreel, and studyreel.secrets."
        }
        "unknown_issuer" => "If the issuer is StudyReel's, add it to studyreel.issuers.",
        "unknown_deployment" => "If the deployment is yours, add it to studyreel.deployments.",
        "account_not_linkable" => {
            "The student's account came from elsewhere: link it in the application first."
        }
        "account_disabled" => {
            "Enable the student again if they should come back (PATCH /api/students/<id>)."
        }
        "replayed" => {
            "StudyReel has to make a new launch for each try. If its nonce is constant, set studyreel.replay to pair."
        }
        "RATE_LIMITED" | "LIMIT_PER_ADDRESS" | "LIMIT_PER_ISSUER" => {
            "Look whether so many requests are right, and raise limits if they are. Behind a proxy check trusted_proxies: \
             without it everybody is one sender."
        }
        "rate_limited" => {
            "Look whether so many launches are right, and raise studyreel.limits if they are."
        }
        "timeout" => {
            "The body did not arrive in time: look at the network between StudyReel and this service."
        }
        "not_found" => "Compare the launch URL at StudyReel with GET /admin/studyreel.",
        super::sample::MANY => {
            "Too many different failures in one minute to tell them apart: look who sends them."
        }
        _ => UNKNOWN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every code that a refusal can have, read from where they stand.
    #[test]
    fn every_code_has_an_advice_of_its_own() {
        let sources = [
            include_str!("../../../lti/src/id_token/refusal.rs"),
            include_str!("../../../studyreel/src/refusal.rs"),
            include_str!("../../../lti/src/login/mod.rs"),
            include_str!("../lti13/refusal.rs"),
            include_str!("../keys/theirs/failure.rs"),
            include_str!("../registration/refusal.rs"),
        ];
        let mut found = 0;
        for source in sources {
            let part = source.split("fn code(&self)").nth(1);
            let part = part.and_then(|part| part.split("\n    }\n").next());
            let quoted = part.unwrap_or_default().split('"').skip(1).step_by(2);
            for code in quoted {
                assert_ne!(advice(code), UNKNOWN, "{code}");
                found += 1;
            }
        }
        assert!(found > 100, "only {found} codes were found");
    }

    /// The same where codes stand beside what they are for.
    #[test]
    fn codes_without_a_table_have_an_advice_as_well() {
        // What programs are told; the reason has a code of its own.
        let for_programs = [
            "UNREGISTERED_OR_INACTIVE_PLATFORM",
            "AMBIGUOUS_PLATFORM",
            "INVALID_TARGET_LINK_URI",
            "TOO_MANY_REGISTRATIONS",
        ];
        let mut found = 0;
        for source in [
            include_str!("../lti13/receive.rs"),
            include_str!("../launch/handoff.rs"),
            include_str!("../lti13/login/refusal.rs"),
            include_str!("../directory/admission.rs"),
        ] {
            let is_code = |text: &&str| {
                let upper = |byte: u8| byte.is_ascii_uppercase() || byte == b'_';
                text.len() > 8 && text.contains('_') && text.bytes().all(upper)
            };
            for code in source.split('"').filter(is_code) {
                found += 1;
                assert!(
                    advice(code) != UNKNOWN || for_programs.contains(&code),
                    "{code}"
                );
            }
        }
        assert!(found > 12, "only {found} codes were found");
    }
}
