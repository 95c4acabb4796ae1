//! What a registration will request from the platform, and whether the platform already knows the
//! tool. The administrator reads this before the click, and the trace records it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use lti::claims::name::TOOL_CONFIGURATION;
use lti::json::mended_value;
use serde_json::Value;
use store::{deployments, platforms};

use super::attempt::RegistrationAttempt;
use super::refusal::RegistrationError;
use super::room::Registrations;
use super::send::RegisteredPlatform;
use crate::directory::tools::Tool;
use crate::traces::{RegistrationDone, RegistrationFacts};

/// What a registration request asks for.
pub(super) struct RequestedAccess {
    /// Scopes of services.
    pub(super) scopes: Vec<String>,
    /// Claims about people.
    pub(super) claims: Vec<String>,
    /// Whether teachers may choose content in the tool.
    pub(super) deep_linking: bool,
}

impl RequestedAccess {
    /// Reads it from the body of a request.
    pub(super) fn of(request: &Value) -> Self {
        let texts = |list: &Value| {
            let list = list.as_array().into_iter().flatten();
            let texts = list.filter_map(Value::as_str);
            texts.map(str::to_owned).collect()
        };
        let configuration = &request[TOOL_CONFIGURATION];
        let mut messages = configuration["messages"].as_array().into_iter().flatten();
        let scopes = request["scope"].as_str().unwrap_or_default();
        Self {
            scopes: scopes.split_whitespace().map(str::to_owned).collect(),
            claims: texts(&configuration["claims"]),
            deep_linking: messages.any(|message| message["type"] == "LtiDeepLinkingRequest"),
        }
    }

    /// For the trace: what was requested, and the result, if there is one.
    pub(super) fn traced(&self, done: Option<&RegisteredPlatform>) -> Box<RegistrationFacts> {
        let done = done.map(|done| RegistrationDone {
            is_update: done.is_update,
            active: done.platform.active,
            granted: done.granted.clone(),
        });
        let asked = self.scopes.clone();
        Box::new(RegistrationFacts { asked, done })
    }

    /// Whether a scope of this service is among them.
    pub(super) fn asks_for(&self, service: &str) -> bool {
        self.scopes.iter().any(|scope| scope.contains(service))
    }
}

/// A platform that is about to update its registration of the tool.
#[derive(Clone, Copy)]
pub(super) struct UpdatingPlatform {
    /// Whether it is active, which the update won't change.
    pub(super) active: bool,
}

impl Registrations {
    /// What a registration will request: exactly the request that will be sent, apart from the id
    /// in our addresses.
    ///
    /// # Errors
    /// No request can be built.
    pub(super) fn asked(
        &self,
        attempt: &RegistrationAttempt,
        tool: &Tool,
    ) -> Result<RequestedAccess, RegistrationError> {
        let wanted = attempt.wanted(&tool.settings, &tool.address(&self.public_url), "");
        Ok(RequestedAccess::of(
            &wanted.request(&attempt.offer.configuration)?,
        ))
    }

    /// The platform whose registration this updates, as far as this is known before it answers.
    /// Moodle says so in its token, which contains the deployment. The token is not verified,
    /// because it only affects the text of the page.
    ///
    /// # Errors
    /// The store failed.
    pub(super) async fn updated(
        &self,
        tool: &Tool,
        attempt: &RegistrationAttempt,
    ) -> Result<Option<UpdatingPlatform>, RegistrationError> {
        let token = attempt.offer.registration_token.as_deref();
        let Some(deployment_id) = token.and_then(updated_deployment) else {
            return Ok(None);
        };
        let issuer = attempt.offer.configuration.issuer.clone();
        let mut reader = self.db.read().await?;
        let known = platforms::of_issuer(&mut reader.tx(), tool.id.clone(), issuer).await?;
        for platform in known {
            let (id, deployment) = (platform.id, deployment_id.clone());
            if deployments::one(&mut reader.tx(), id, deployment)
                .await?
                .is_some()
            {
                let active = platform.active;
                return Ok(Some(UpdatingPlatform { active }));
            }
        }
        Ok(None)
    }
}

/// The deployment in a Moodle token, if the token is for an update.
fn updated_deployment(token: &str) -> Option<String> {
    let payload = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    let claims = mended_value(&payload).ok()?;
    let is_update = claims["scope"] == "reg-update";
    claims["sub"]
        .as_str()
        .filter(|_| is_update)
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn token(claims: &Value) -> String {
        format!("e30.{}.AAAA", URL_SAFE_NO_PAD.encode(claims.to_string()))
    }

    #[test]
    fn only_a_token_for_an_update_names_a_deployment() {
        let update = json!({"sub": "7", "scope": "reg-update"});
        assert_eq!(updated_deployment(&token(&update)).as_deref(), Some("7"));
        let odd = "\u{feff}{\"sub\": \"7\", \"scope\": \"reg-update\", \"name\": \"\\ud83d\"}";
        let odd = format!("e30.{}.AAAA", URL_SAFE_NO_PAD.encode(odd));
        assert_eq!(updated_deployment(&odd).as_deref(), Some("7"));
        for other in [
            token(&json!({"sub": "7", "scope": "reg"})),
            token(&json!({"sub": 7, "scope": "reg-update"})),
            "opaque".to_owned(),
            "a.b.c".to_owned(),
            String::new(),
        ] {
            assert_eq!(updated_deployment(&other), None, "{other}");
        }
    }
}
