//! What a registration will ask the platform for, and whether the platform knows the tool already: what its administrator
//! reads before the click, and what the trace keeps.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use lti::claims::name::TOOL_CONFIGURATION;
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
    /// What stands in the body of a request.
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

    /// For the trace: what was asked for, and what came of it, if it is done.
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

/// A platform that begins to update its registration of the tool.
#[derive(Clone, Copy)]
pub(super) struct Updated {
    /// Whether it may launch, as it may afterwards.
    pub(super) active: bool,
}

impl Registrations {
    /// What a registration will ask for: the very request that will be sent, but for the id in our addresses.
    ///
    /// # Errors
    /// No request can be made.
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

    /// The platform whose registration this updates, as far as can be told before it answers. Moodle says so in its
    /// token, which names the deployment. It is not verified: it only decides what the page says.
    ///
    /// # Errors
    /// The store failed.
    pub(super) async fn updated(
        &self,
        tool: &Tool,
        attempt: &RegistrationAttempt,
    ) -> Result<Option<Updated>, RegistrationError> {
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
                return Ok(Some(Updated { active }));
            }
        }
        Ok(None)
    }
}

/// The deployment that a Moodle's token is for, if it is one for an update.
fn updated_deployment(token: &str) -> Option<String> {
    let payload = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    let claims: Value = serde_json::from_slice(&payload).ok()?;
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
