//! The LMSs that the wizard knows, and the values it fills in for a registration by hand.

use super::step::LmsStep;
use super::steps::{
    BLACKBOARD, BRIGHTSPACE, CANVAS, CANVAS_KEY, MOODLE, OPEN_EDX, OTHERS, OTHERS_BY_HAND,
    OtherWay, SAKAI, SCHOOLOGY,
};
use crate::directory::families::known_lms;
use crate::web::texts::{Text, portal_connect as texts};

/// The values filled in for a registration by hand. `{host}` stands for the LMS's host, and
/// `{client id}` for the client id. The person has to replace any other name in braces.
pub(super) struct SharedEndpoints {
    pub(super) issuer: &'static str,
    pub(super) authentication: &'static str,
    pub(super) tokens: &'static str,
    pub(super) audience: &'static str,
    pub(super) key_set: &'static str,
}

/// What a letter asks the LMS's administrator to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LmsLetter {
    /// Paste our URL.
    Url,
    /// Enter our addresses, and send us the LMS's.
    Values,
    /// Enter the client id that the vendor gave the tool's owner.
    ClientId,
}

/// An LMS.
pub(super) struct Lms {
    /// The name in addresses.
    pub(super) code: &'static str,
    /// Its name; empty for "any other".
    pub(super) name: &'static str,
    /// What the LMS calls the values of a registration by hand, by the names of the form's fields.
    pub(super) labels: &'static [(&'static str, &'static str)],
    pub(super) way: Text,
    pub(super) minutes: &'static str,
    pub(super) letter: LmsLetter,
    pub(super) steps: &'static [LmsStep],
    /// The alternative if this LMS lacks what the steps need.
    pub(super) other_way: Option<&'static OtherWay>,
    pub(super) shared: SharedEndpoints,
}

/// Every LMS that the wizard knows; "any other" comes last.
pub(super) static LMSS: [Lms; 8] = [
    Lms {
        code: "moodle",
        name: "Moodle",
        labels: &[
            ("url", "Platform ID"),
            ("clientId", "Client ID"),
            ("authenticationEndpoint", "Authentication request URL"),
            ("accesstokenEndpoint", "Access token URL"),
            ("key", "Public keyset URL"),
        ],
        way: texts::WAY_URL,
        minutes: "3",
        letter: LmsLetter::Url,
        steps: MOODLE,
        other_way: None,
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
        labels: &[],
        way: texts::WAY_URL,
        minutes: "5",
        letter: LmsLetter::Url,
        steps: CANVAS,
        other_way: Some(&CANVAS_KEY),
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
        labels: &[
            ("url", "Issuer"),
            ("clientId", "Client Id"),
            (
                "authenticationEndpoint",
                "OpenID Connect Authentication Endpoint",
            ),
            ("accesstokenEndpoint", "Brightspace OAuth2 Access Token URL"),
            ("authorizationServer", "Brightspace OAuth2 Audience"),
            ("key", "Brightspace Keyset URL"),
        ],
        way: texts::WAY_URL,
        minutes: "5",
        letter: LmsLetter::Url,
        steps: BRIGHTSPACE,
        other_way: None,
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
        labels: &[],
        way: texts::WAY_HAND,
        minutes: "10",
        letter: LmsLetter::ClientId,
        steps: BLACKBOARD,
        other_way: None,
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
        labels: &[],
        way: texts::WAY_URL,
        minutes: "5",
        letter: LmsLetter::Url,
        steps: SAKAI,
        other_way: None,
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
        labels: &[],
        way: texts::WAY_HAND,
        minutes: "10",
        letter: LmsLetter::Values,
        steps: SCHOOLOGY,
        other_way: None,
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
        labels: &[
            ("clientId", "Client ID"),
            ("authenticationEndpoint", "OIDC Callback URL"),
            ("accesstokenEndpoint", "Access Token URL"),
            ("key", "Keyset URL"),
        ],
        way: texts::WAY_HAND,
        minutes: "10",
        letter: LmsLetter::Values,
        steps: OPEN_EDX,
        other_way: None,
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
        labels: &[],
        way: texts::WAY_OTHER,
        minutes: "10",
        letter: LmsLetter::Url,
        steps: OTHERS,
        other_way: Some(&OTHERS_BY_HAND),
        shared: SharedEndpoints {
            issuer: "https://{host}",
            authentication: "",
            tokens: "",
            audience: "",
            key_set: "",
        },
    },
];

impl Lms {
    /// Whether the LMS asks for our configuration itself; otherwise a person enters its values
    /// here.
    pub(super) fn registers_by_url(&self) -> bool {
        self.letter == LmsLetter::Url
    }

    /// Whether it registers by URL, with steps in its own words.
    pub(super) fn has_own_steps(&self) -> bool {
        self.registers_by_url() && !self.name.is_empty()
    }

    /// The index of the step that switches the tool on there, if there is one.
    pub(super) fn switches_on_at(&self) -> Option<usize> {
        self.steps.iter().position(|step| step.switches_on)
    }

    /// Whether a platform with this product family and issuer may be one: nothing indicates another
    /// LMS.
    pub(super) fn can_be(&self, family: Option<&str>, issuer: &str) -> bool {
        let known = known_lms(family, issuer);
        self.name.is_empty() || known.is_none_or(|name| name == self.name)
    }

    /// Every sentence; those of the alternative come last.
    #[cfg(test)]
    pub(super) fn sentences(&self) -> impl Iterator<Item = &'static LmsStep> {
        let other = self.other_way.into_iter();
        let other = other.flat_map(|way| [&way.when].into_iter().chain(way.steps));
        self.steps.iter().chain(other)
    }
}

/// The LMS with this code, or "any other".
pub(super) fn lms_of(code: &str) -> &'static Lms {
    let found = LMSS.iter().find(|lms| lms.code == code);
    let [.., other] = &LMSS;
    found.unwrap_or(other)
}

#[cfg(test)]
mod tests {
    use super::super::step::CopiedAddress;
    use super::*;
    use crate::web::language::Language;

    #[test]
    fn a_platform_that_says_what_it_is_is_no_other() {
        let (moodle, other) = (lms_of("moodle"), lms_of("other"));
        let school = "https://lms.school.example";
        assert!(moodle.can_be(Some("moodle"), school));
        assert!(moodle.can_be(Some("a product of tomorrow"), school));
        assert!(moodle.can_be(None, school));
        assert!(!moodle.can_be(Some("desire2learn"), school));
        assert!(!moodle.can_be(Some("ilias"), school));
        assert!(!moodle.can_be(Some("sakailms.org"), school));
        assert!(lms_of("sakai").can_be(Some("sakailms.org"), school));
        assert!(!moodle.can_be(None, "https://canvas.instructure.com"));
        assert!(other.can_be(Some("canvas"), school));
    }

    #[test]
    fn who_cannot_register_by_url_is_sent_no_letter_about_one() {
        for lms in &LMSS {
            let has_url = lms
                .steps
                .iter()
                .any(|step| step.copied == CopiedAddress::RegistrationUrl);
            assert_eq!(lms.letter == LmsLetter::Url, has_url, "{}", lms.code);
        }
    }

    #[test]
    fn every_step_has_the_words_that_its_text_needs() {
        for lms in &LMSS {
            assert!(lms.steps.len() >= 3, "{}", lms.code);
            for step in lms.sentences() {
                let text = step.says.to(Language::English);
                let places = text.matches('{').count();
                assert_eq!(places, step.labels.len(), "{}: {text}", lms.code);
                for (name, _) in step.labels {
                    assert!(
                        text.contains(&format!("{{{name}}}")),
                        "{}: {name}",
                        lms.code
                    );
                }
            }
        }
        let canvas = lms_of("canvas");
        let way = canvas.other_way.map(|way| way.instead_of);
        assert_eq!((canvas.name, way), ("Canvas", Some(1)));
        assert_eq!(lms_of("nothing").code, "other");
    }
}
