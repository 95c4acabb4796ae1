//! How Moodle stores a registration and reads it back.

use serde_json::{Map, Value, json};

use super::TOOL_SETTINGS_SCOPE;
use crate::{
    profiles::{AGS_SCOPES, NRPS_SCOPE, TOOL_CONFIGURATION, ToolFacts, standard},
    tool::Tool,
};

/// Host and port of a URL or a bare domain, without a leading `www.`.
pub(super) fn host_and_port(text: &str) -> &str {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    authority.strip_prefix("www.").unwrap_or(authority)
}

/// Text as Moodle stores it: without tags.
fn text(value: &Value) -> String {
    let mut out = String::new();
    let mut inside = false;
    for character in value.as_str().unwrap_or_default().chars() {
        match character {
            '<' => inside = true,
            '>' if inside => inside = false,
            _ if inside => {}
            other => out.push(other),
        }
    }
    out.trim().to_owned()
}

pub(super) fn read(request: &Value) -> ToolFacts {
    let configuration = &request[TOOL_CONFIGURATION];
    let domain = host_and_port(configuration["domain"].as_str().unwrap_or_default()).to_owned();
    let target = text(&configuration["target_link_uri"]);
    let claims = list(&configuration["claims"]);
    let claims: Vec<&str> = claims.filter_map(Value::as_str).collect();
    let deep_linking = standard::messages(request)
        .find(|message| message["type"] == "LtiDeepLinkingRequest")
        .map(|message| text(&message["target_link_uri"]));
    ToolFacts {
        name: text(&request["client_name"]),
        description: text(&configuration["description"]),
        login_url: text(&request["initiate_login_uri"]),
        redirect_uris: list(&request["redirect_uris"]).map(text).collect(),
        jwks_url: text(&request["jwks_uri"]),
        public_key: None,
        target_link_uri: if target.is_empty() {
            format!("https://{domain}")
        } else {
            target
        },
        deep_linking_url: deep_linking,
        logo_url: text(&request["logo_uri"]),
        custom: custom_parameters(&configuration["custom_parameters"]),
        names: claims
            .iter()
            .any(|claim| ["name", "given_name", "family_name"].contains(claim)),
        email: claims.contains(&"email"),
        domain,
        scopes: scopes(request["scope"].as_str().unwrap_or_default()),
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// The requested scopes that are granted.
fn scopes(asked: &str) -> Vec<String> {
    let asked: Vec<&str> = asked.split_whitespace().collect();
    let mut scopes: Vec<String> = Vec::new();
    // Any grade scope enables the whole grade service, and Moodle's answer says so.
    if asked.iter().any(|scope| AGS_SCOPES.contains(scope)) {
        scopes.extend(
            [AGS_SCOPES[3], AGS_SCOPES[2], AGS_SCOPES[1], AGS_SCOPES[0]].map(str::to_owned),
        );
    }
    let others = [NRPS_SCOPE, TOOL_SETTINGS_SCOPE].into_iter();
    scopes.extend(
        others
            .filter(|scope| asked.contains(scope))
            .map(str::to_owned),
    );
    scopes
}

fn custom_parameters(value: &Value) -> Map<String, Value> {
    let plain = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Bool(flag) => i32::from(*flag).to_string(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    value
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.clone(), plain(value).into()))
        .collect()
}

pub(super) fn answer(tool: &Tool, _request: &Value) -> Value {
    let mut configuration = json!({
        "version": "1.3.0",
        "deployment_id": tool.deployment_id,
        "target_link_uri": tool.facts.target_link_uri,
        "domain": tool.facts.domain,
        "description": tool.facts.description,
    });
    if let Some(target) = &tool.facts.deep_linking_url {
        configuration["messages"] =
            json!([{ "type": "LtiDeepLinkingRequest", "target_link_uri": target }]);
    }
    if !tool.facts.custom.is_empty() {
        configuration["custom_parameters"] = custom_as_answered(&tool.facts.custom);
    }
    let mut claims = vec!["sub", "iss"];
    if tool.facts.names {
        claims.extend(["name", "family_name", "given_name"]);
    }
    if tool.facts.email {
        claims.push("email");
    }
    configuration["claims"] = json!(claims);
    json!({
        "client_id": tool.client_id,
        "response_types": ["id_token"],
        "jwks_uri": tool.facts.jwks_url,
        "initiate_login_uri": tool.facts.login_url,
        "grant_types": ["client_credentials", "implicit"],
        "redirect_uris": tool.facts.redirect_uris,
        "application_type": "web",
        "token_endpoint_auth_method": "private_key_jwt",
        "client_name": tool.facts.name,
        "logo_uri": tool.facts.logo_url,
        "scope": tool.facts.scopes.join(" "),
        TOOL_CONFIGURATION: configuration,
    })
}

/// Moodle reads its stored values back line by line and cuts a value at its `=`.
fn custom_as_answered(custom: &Map<String, Value>) -> Value {
    let mut answered = Map::new();
    for (name, value) in custom {
        let stored = format!("{name}={}", value.as_str().unwrap_or_default());
        for line in stored.lines() {
            let mut parts = line.split('=');
            let name = parts.next().unwrap_or_default().to_owned();
            answered.insert(name, parts.next().map_or(Value::Null, Value::from));
        }
    }
    Value::Object(answered)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_stripped_from_text() {
        assert_eq!(
            text(&json!("<b>Bold</b> & <script>x</script> name")),
            "Bold & x name"
        );
    }

    #[test]
    fn a_domain_is_compared_with_its_port_and_without_www() {
        assert_eq!(
            host_and_port("https://www.tool.example.com:8443/x?y"),
            "tool.example.com:8443"
        );
        assert_eq!(
            host_and_port("tool.example.com:8443"),
            "tool.example.com:8443"
        );
    }
}
