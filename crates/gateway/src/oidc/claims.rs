//! Who the provider says has signed in.

use serde_json::{Map, Value};

use super::error::OidcError;
use crate::settings::oidc::OidcSettings;

/// Longest name of somebody at a provider (OpenID Connect Core 1.0).
const LONGEST_SUBJECT: usize = 255;

/// Somebody, as a token that was verified names them.
pub(crate) struct ProviderPerson {
    /// What the provider calls them for ever.
    pub(crate) subject: String,
    /// What people call them.
    pub(crate) name: Option<String>,
    /// Their address, if it proves whose it is and may come in.
    pub(crate) mail: Result<String, MailProblem>,
    /// When they last signed in there, in seconds since 1970, if the provider says so.
    pub(crate) signed_in_at: Option<i64>,
}

/// Why an address proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MailProblem {
    /// There is none.
    Missing,
    /// The provider doesn't vouch for it.
    Unverified,
    /// It is of another domain than those that may come in.
    Foreign,
}

impl ProviderPerson {
    /// Reads a payload that was verified.
    ///
    /// # Errors
    /// It names nobody.
    pub(super) fn read(payload: &str, settings: &OidcSettings) -> Result<Self, OidcError> {
        let claims: Map<String, Value> = serde_json::from_str(payload).unwrap_or_default();
        let text = |name: &str| claims.get(name).and_then(Value::as_str);
        let subject = text("sub").filter(|sub| (1..=LONGEST_SUBJECT).contains(&sub.len()));
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
    // Letters of other scripts become those of ASCII when case is folded, so such an address could be taken for another.
    let mail = text("email").filter(|mail| mail.is_ascii());
    let mail = mail.ok_or(MailProblem::Missing)?;
    let (_, domain) = mail.rsplit_once('@').ok_or(MailProblem::Missing)?;
    let hosted = text("hd").filter(|_| settings.is_google());
    // Of other addresses than these Google once saw that somebody could read them, which says nothing about today.
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

/// Whether the provider vouches for the address. Entra has no `email_verified`, and says by `xms_edov` whether the domain's
/// owner does; that is asked only where the former is absent.
fn is_verified(claims: &Map<String, Value>) -> bool {
    let is_true = |value: &Value| match value {
        Value::Bool(is_true) => *is_true,
        Value::String(text) => text == "true" || text == "1",
        Value::Number(number) => number.as_i64() == Some(1),
        _ => false,
    };
    let said = claims
        .get("email_verified")
        .or_else(|| claims.get("xms_edov"));
    said.is_some_and(is_true)
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
        // Somebody's own account, made with an address of the school's.
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
    fn a_token_names_somebody_and_may_say_when_they_signed_in() {
        let idp = settings("https://idp.example", &[]);
        let read = |claims: Value| ProviderPerson::read(&claims.to_string(), &idp);
        for nobody in [json!({}), json!({"sub": ""}), json!({"sub": 7})] {
            assert!(matches!(read(nobody), Err(OidcError::NoSubject)));
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
