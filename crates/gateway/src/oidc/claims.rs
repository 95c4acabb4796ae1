//! Reads who signed in from the provider's token.

use serde_json::{Map, Value};

use super::error::OidcError;
use crate::settings::oidc::OidcSettings;

/// Longest `sub`, in characters (OpenID Connect Core 1.0).
const LONGEST_SUBJECT: usize = 255;

/// A person named by a verified token.
pub(crate) struct ProviderPerson {
    /// Their id at the provider, which never changes.
    pub(crate) subject: String,
    /// Their display name.
    pub(crate) name: Option<String>,
    /// Their address, if the provider vouches for it and its domain is allowed.
    pub(crate) mail: Result<String, MailProblem>,
    /// When they last signed in at the provider, in seconds since 1970, if it says.
    pub(crate) signed_in_at: Option<i64>,
}

/// Why an address is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MailProblem {
    /// There is no address.
    Missing,
    /// The provider doesn't vouch for it.
    Unverified,
    /// Its domain is not an allowed one.
    Foreign,
}

impl ProviderPerson {
    /// Reads the payload of a verified token.
    ///
    /// # Errors
    /// It has no `sub`.
    pub(super) fn read(payload: &str, settings: &OidcSettings) -> Result<Self, OidcError> {
        let claims: Map<String, Value> = serde_json::from_str(payload).unwrap_or_default();
        let text = |name: &str| claims.get(name).and_then(Value::as_str);
        // The parser replaced part of it, so it could be someone else's.
        let is_whole = |sub: &&str| !sub.contains(char::REPLACEMENT_CHARACTER);
        let subject = text("sub").filter(|sub| (1..=LONGEST_SUBJECT).contains(&sub.len()));
        let subject = subject.filter(is_whole);
        let at = claims.get("auth_time").and_then(Value::as_f64);
        Ok(Self {
            subject: subject.ok_or(OidcError::NoSubject)?.to_owned(),
            name: text("name").map(str::to_owned),
            mail: mail_of(&claims, settings),
            signed_in_at: at.map(|at| at as i64),
        })
    }
}

fn mail_of(claims: &Map<String, Value>, settings: &OidcSettings) -> Result<String, MailProblem> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    // Case folding turns some non-ASCII letters into ASCII ones, so such an address could pass for
    // another.
    let mail = text("email").filter(|mail| mail.is_ascii());
    let mail = mail.ok_or(MailProblem::Missing)?;
    let (_, domain) = mail.rsplit_once('@').ok_or(MailProblem::Missing)?;
    let hosted = text("hd").filter(|_| settings.is_google());
    // Google verified any other address only once, perhaps long ago, and is not authoritative for
    // it.
    let is_sure = !settings.is_google() || hosted.is_some() || domain == "gmail.com";
    if !(is_verified(claims) && is_sure || settings.takes_unverified) {
        return Err(MailProblem::Unverified);
    }
    let domain = hosted.unwrap_or(domain).to_ascii_lowercase();
    if !settings.domains.is_empty() && !settings.domains.contains(&domain) {
        return Err(MailProblem::Foreign);
    }
    Ok(mail.to_owned())
}

/// Whether the provider vouches for the address. Entra sends no `email_verified`; its `xms_edov`
/// says whether the domain's owner vouches for the address, and only counts if `email_verified` is
/// absent. Cognito and Apple send `email_verified` as a text, and Entra sends `xms_edov` as a
/// number as well.
fn is_verified(claims: &Map<String, Value>) -> bool {
    let is_true = |value: &Value| value.as_bool() == Some(true) || value.as_str() == Some("true");
    match claims.get("email_verified") {
        Some(said) => is_true(said),
        None => claims.get("xms_edov").is_some_and(|said| {
            is_true(said) || said.as_str() == Some("1") || said.as_i64() == Some(1)
        }),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use serde_json::json;

    use super::*;

    fn settings(issuer: &str, domains: &[&str]) -> OidcSettings {
        OidcSettings {
            issuer: issuer.to_owned(),
            client_id: "a".to_owned(),
            client_secret: "b".to_owned(),
            label: "IdP".to_owned(),
            domains: domains.iter().map(|domain| (*domain).to_owned()).collect(),
            role: None,
            takes_unverified: false,
            keeps_passwords: true,
        }
    }

    fn mail(claims: Value, settings: &OidcSettings) -> Result<String, MailProblem> {
        let mut claims = claims;
        claims["sub"] = json!("1");
        ProviderPerson::read(&claims.to_string(), settings)
            .unwrap()
            .mail
    }

    #[test]
    fn an_address_counts_if_the_provider_vouches_for_it() {
        let mut idp = settings("https://idp.example", &[]);
        let of = |claims: Value, idp: &OidcSettings| {
            let mut whole = json!({"email": "mara@school.example"});
            whole
                .as_object_mut()
                .unwrap()
                .extend(claims.as_object().unwrap().clone());
            mail(whole, idp)
        };
        for good in [
            json!({"email_verified": true}),
            json!({"email_verified": "true"}),
            json!({"xms_edov": true}),
            json!({"xms_edov": "1"}),
            json!({"xms_edov": 1}),
        ] {
            assert_eq!(
                of(good.clone(), &idp).as_deref(),
                Ok("mara@school.example"),
                "{good}"
            );
        }
        for bad in [
            json!({}),
            json!({"email_verified": false}),
            json!({"email_verified": false, "xms_edov": true}),
            json!({"email_verified": null, "xms_edov": true}),
            json!({"email_verified": "yes"}),
            json!({"email_verified": 1}),
            json!({"email_verified": "1"}),
            json!({"xms_edov": 0}),
        ] {
            assert_eq!(of(bad.clone(), &idp), Err(MailProblem::Unverified), "{bad}");
        }
        idp.takes_unverified = true;
        assert!(of(json!({"email_verified": false}), &idp).is_ok());
        for none in [
            json!({}),
            json!({"email": "mara"}),
            json!({"email": "\u{212a}ay@school.example"}),
        ] {
            assert_eq!(
                mail(none.clone(), &idp),
                Err(MailProblem::Missing),
                "{none}"
            );
        }
    }

    #[test]
    fn only_people_of_the_domains_come_in() {
        let idp = settings("https://idp.example", &["school.example"]);
        let of = |mail_address: &str| {
            mail(
                json!({"email": mail_address, "email_verified": true, "hd": "school.example"}),
                &idp,
            )
        };
        assert!(of("mara@School.example").is_ok());
        for foreign in [
            "mara@evil.example",
            "mara@notschool.example",
            "mara@school.example.evil.example",
        ] {
            assert_eq!(of(foreign), Err(MailProblem::Foreign), "{foreign}");
        }
    }

    #[test]
    fn google_says_by_hd_whose_address_it_is() {
        let google = settings("https://accounts.google.com", &["school.example"]);
        let of = |claims: Value| mail(claims, &google);
        let work = "mara@school.example";
        let hosted = json!({"email": work, "email_verified": true, "hd": "school.example"});
        assert_eq!(of(hosted).as_deref(), Ok(work));
        // A private account registered with the school's address.
        let own = json!({"email": work, "email_verified": true});
        assert_eq!(of(own), Err(MailProblem::Unverified));
        let other = json!({"email": work, "email_verified": true, "hd": "evil.example"});
        assert_eq!(of(other), Err(MailProblem::Foreign));
        let free = settings("https://accounts.google.com", &[]);
        assert!(
            mail(
                json!({"email": "mara@gmail.com", "email_verified": true}),
                &free
            )
            .is_ok()
        );
    }

    #[test]
    fn a_token_has_a_subject_and_may_have_a_time() {
        let idp = settings("https://idp.example", &[]);
        let read = |claims: Value| ProviderPerson::read(&claims.to_string(), &idp);
        for nameless in [
            json!({}),
            json!({"sub": ""}),
            json!({"sub": 7}),
            json!({"sub": "a\u{fffd}"}),
        ] {
            assert!(matches!(read(nameless), Err(OidcError::NoSubject)));
        }
        let person = read(json!({"sub": "7", "auth_time": 1_795_354_440.0})).unwrap();
        assert_eq!(
            (&*person.subject, person.signed_in_at),
            ("7", Some(1_795_354_440))
        );
        assert_eq!(
            read(json!({"sub": "7", "auth_time": "now"}))
                .unwrap()
                .signed_in_at,
            None
        );
    }
}
