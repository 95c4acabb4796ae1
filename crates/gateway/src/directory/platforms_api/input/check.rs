//! Checks a platform that was sent, and reports everything that is wrong together.

use axum::http::StatusCode;
use lti::key::KeySet;
use store::platforms::KeyMethod;
use url::Url;

use super::super::slip::PlatformSlip;
use super::PlatformInput;
use crate::kit::outbound::Outbound;
use crate::settings::grades::PlatformGrades;
use crate::settings::launch::PlatformRules;
use crate::web::api_rule::ApiRule;
use crate::web::problem::Problem;
use crate::web::wrong_member::WrongMember;

const INVALID_PLATFORM: ApiRule = ApiRule::new(
    "INVALID_PLATFORM",
    StatusCode::BAD_REQUEST,
    "Nothing was stored: members of the platform are wrong.",
);

impl PlatformInput {
    /// Things that are allowed but probably mistakes.
    pub(in crate::directory::platforms_api) fn warnings(&self) -> Vec<&'static str> {
        let slips = PlatformSlip::of(&self.url, &self.client_id).into_iter();
        slips.map(PlatformSlip::says).collect()
    }

    /// Every problem in one answer, so that all can be fixed together.
    pub(in crate::directory::platforms_api) fn check(
        &self,
        outbound: &Outbound,
    ) -> Result<(), Problem> {
        let errors = self.wrong_members(outbound);
        match errors.is_empty() {
            true => Ok(()),
            false => Err(Self::wrong(errors)),
        }
    }

    /// The answer to a platform with these errors.
    pub(in crate::directory::platforms_api) fn wrong(errors: Vec<WrongMember>) -> Problem {
        let problems = errors
            .iter()
            .map(|error| format!("{}: {}", error.field, error.message));
        let problems: Vec<String> = problems.collect();
        let description = format!("Nothing was stored. {}", problems.join(". "));
        INVALID_PLATFORM.saying(description).naming(errors)
    }

    fn missing(&self) -> impl Iterator<Item = WrongMember> {
        let required = [
            ("url", &self.url),
            ("clientId", &self.client_id),
            ("name", &self.name),
            ("authenticationEndpoint", &self.authentication_endpoint),
            ("accesstokenEndpoint", &self.accesstoken_endpoint),
            ("authConfig.method", &self.auth_config.method),
            ("authConfig.key", &self.auth_config.key),
        ];
        let missing = required
            .into_iter()
            .filter(|(_, value)| value.trim().is_empty());
        missing.map(|(field, _)| WrongMember::new(field, "is missing or empty"))
    }

    /// Everything that is wrong.
    pub(in crate::directory::platforms_api) fn wrong_members(
        &self,
        outbound: &Outbound,
    ) -> Vec<WrongMember> {
        let missing: Vec<WrongMember> = self.missing().collect();
        let is_there = |wrong: &WrongMember| missing.iter().all(|one| one.field != wrong.field);
        let of_values = self
            .wrong_texts()
            .chain(self.wrong_rules())
            .chain(self.wrong_key())
            .chain(self.wrong_origins())
            .chain(self.wrong_addresses(outbound));
        let of_values: Vec<WrongMember> = of_values.filter(is_there).collect();
        // A member of the wrong type was skipped, but isn't missing.
        let was_sent =
            |wrong: &WrongMember| !self.misshapen.iter().any(|one| one.top() == wrong.top());
        let misshapen = self.misshapen.iter().cloned();
        let others = missing.into_iter().chain(of_values).filter(was_sent);
        misshapen.chain(others).collect()
    }

    fn wrong_texts(&self) -> impl Iterator<Item = WrongMember> {
        let texts = [
            ("url", &self.url),
            ("clientId", &self.client_id),
            ("name", &self.name),
        ];
        let is_wrong = |value: &str| {
            value.trim().is_empty() || value.len() > 2048 || value.contains(char::is_control)
        };
        // The parser replaced part of such an id, so it could be another's.
        let is_broken =
            |field, value: &str| field != "name" && value.contains(char::REPLACEMENT_CHARACTER);
        let wrong = texts
            .into_iter()
            .filter(move |(field, value)| is_wrong(value) || is_broken(*field, value));
        wrong.map(|(field, _)| WrongMember::new(field, "must be a text of 1 to 2048 characters"))
    }

    fn wrong_rules(&self) -> impl Iterator<Item = WrongMember> {
        let rules = self.launch.iter().flatten();
        let rules = rules.flat_map(PlatformRules::problems);
        let rules = rules.map(|(member, problem)| WrongMember::new(member, problem));
        let grades = self.grades.iter().flatten();
        let grades = grades.flat_map(PlatformGrades::problems);
        rules.chain(grades.map(|(member, problem)| WrongMember::new(member, problem)))
    }

    fn wrong_key(&self) -> Option<WrongMember> {
        match KeyMethod::named(&self.auth_config.method) {
            Some(KeyMethod::JwkSet) => None,
            Some(KeyMethod::JwkKey | KeyMethod::RsaKey) => {
                let error = KeySet::from_pasted(&self.auth_config.key).err()?;
                Some(WrongMember::new("authConfig.key", error.to_string()))
            }
            None => Some(WrongMember::new(
                "authConfig.method",
                "must be JWK_SET, JWK_KEY or RSA_KEY",
            )),
        }
    }

    fn wrong_origins(&self) -> Option<WrongMember> {
        let problem = self.listed_origins().err()?;
        Some(WrongMember::new("frameOrigins", problem.says()))
    }

    fn wrong_addresses(&self, outbound: &Outbound) -> impl Iterator<Item = WrongMember> {
        let is_fetched = KeyMethod::named(&self.auth_config.method) == Some(KeyMethod::JwkSet);
        let key_set = is_fetched.then_some(("authConfig.key", &self.auth_config.key));
        let addresses = [
            ("authenticationEndpoint", &self.authentication_endpoint),
            ("accesstokenEndpoint", &self.accesstoken_endpoint),
        ];
        let addresses = addresses.into_iter().chain(key_set);
        addresses.filter_map(|(field, value)| match Url::parse(value) {
            Err(_) => Some(WrongMember::new(
                field,
                "must be an absolute address, such as https://lms.example.edu/auth",
            )),
            Ok(url) => outbound.permits(&url).err().map(|blocked| {
                let problem = format!("{blocked}; the operator may open it with outbound_allow");
                WrongMember::new(field, problem)
            }),
        })
    }
}
