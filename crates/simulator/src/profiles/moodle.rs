//! Moodle 4.5, as seen on the wire of a running one.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::{
    AGS_SCOPES, Endpoints, LaunchStyle, NRPS_SCOPE, PLATFORM_CONFIGURATION, Paths, Profile,
    Refusal, RegistrationStyle, ServiceStyle, TOOL_CONFIGURATION, TokenPlace, TokenProblem,
    ToolFacts,
};
use crate::{lms::Tool, random};

const TOOL_SETTINGS_SCOPE: &str = "https://purl.imsglobal.org/spec/lti-ts/scope/toolsetting";

pub(super) fn profile() -> Profile {
    Profile {
        name: "moodle",
        title: "Moodle",
        manual: None,
        paths: Paths {
            configuration: "/mod/lti/openid-configuration.php",
            registration: "/mod/lti/openid-registration.php",
            authorization: "/mod/lti/auth.php",
            jwks: "/mod/lti/certs.php",
            token: "/mod/lti/token.php",
            services: "/mod/lti/services.php",
            deep_linking_return: "/mod/lti/contentitem_return.php",
        },
        registration: RegistrationStyle {
            configuration,
            token_place: TokenPlace::Parameter,
            configuration_parameters: &[],
            configuration_once: false,
            token_seconds: 3600,
            check,
            refuse_token,
            read,
            answer,
            status: StatusCode::OK,
            client_id: || random::alphanumeric(15),
            deployment_id: |number| number.to_string(),
            active_at_once: false,
        },
        launch: LaunchStyle {
            token_seconds: 60,
            prompt_required: false,
            storage: None,
            basic_outcomes: Some("/mod/lti/service.php"),
            shape: |_| {},
            product_family_code: "moodle",
            version: "2024100705.01",
        },
        services: ServiceStyle {
            check_assertion,
            token_content_type: "text/html; charset=utf-8",
            token_seconds: 3600,
            all_scopes_or_none: false,
        },
    }
}

fn configuration(at: &Endpoints) -> Value {
    json!({
        "issuer": at.issuer,
        "token_endpoint": at.token,
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["RS256"],
        "jwks_uri": at.jwks,
        "authorization_endpoint": at.authorization,
        "registration_endpoint": at.registration,
        "scopes_supported": [
            "https://purl.imsglobal.org/spec/lti-bo/scope/basicoutcome",
            AGS_SCOPES[1], AGS_SCOPES[2], AGS_SCOPES[3], AGS_SCOPES[0],
            NRPS_SCOPE,
            TOOL_SETTINGS_SCOPE,
            "openid",
        ],
        "response_types_supported": ["id_token"],
        "subject_types_supported": ["public", "pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "claims_supported": ["sub", "iss", "name", "given_name", "family_name", "email"],
        PLATFORM_CONFIGURATION: {
            "product_family_code": "moodle",
            "version": "4.5.5+ (Build: 20250613)",
            "messages_supported": [
                { "type": "LtiResourceLinkRequest" },
                { "type": "LtiDeepLinkingRequest", "placements": ["ContentArea"] },
            ],
            "variables": [
                "basic-lti-launch-request", "ContentItemSelectionRequest", "ToolProxyRegistrationRequest",
                "Context.id", "Context.title", "Context.label", "Context.id.history", "Context.sourcedId",
                "Context.longDescription", "Context.timeFrame.begin", "CourseSection.title", "CourseSection.label",
                "CourseSection.sourcedId", "CourseSection.longDescription", "CourseSection.timeFrame.begin",
                "CourseSection.timeFrame.end", "ResourceLink.id", "ResourceLink.title", "ResourceLink.description",
                "User.id", "User.username", "Person.name.full", "Person.name.given", "Person.name.family",
                "Person.email.primary", "Person.sourcedId", "Person.name.middle", "Person.address.street1",
                "Person.address.locality", "Person.address.country", "Person.address.timezone", "Person.phone.primary",
                "Person.phone.mobile", "Person.webaddress", "Membership.role", "Result.sourcedId", "Result.autocreate",
                "BasicOutcome.sourcedId", "BasicOutcome.url", "Moodle.Person.userGroupIds",
            ],
        },
    })
}

/// Moodle's refusals are plain words under an HTML type.
fn plain(status: StatusCode, body: impl Into<String>) -> Refusal {
    Refusal {
        status,
        content_type: "text/html; charset=utf-8",
        body: body.into(),
    }
}

/// Where Moodle's PHP stumbles it shows its 404 page.
fn exception(message: &str) -> Refusal {
    plain(
        StatusCode::NOT_FOUND,
        format!(
            "<!DOCTYPE html>\n<html><head><title>Error</title></head><body><p>{message}</p></body></html>"
        ),
    )
}

fn refuse_token(problem: TokenProblem) -> Refusal {
    match problem {
        TokenProblem::Missing => plain(StatusCode::UNAUTHORIZED, "missing_registration_token"),
        TokenProblem::Used => plain(StatusCode::UNAUTHORIZED, "token_already_used"),
        TokenProblem::Expired => exception("Exception - Expired token"),
        TokenProblem::Unknown => exception("Exception - Wrong number of segments"),
    }
}

/// PHP's idea of empty.
fn empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(flag) => !flag,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty() || text == "0",
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
    }
}

fn check(request: &Value, _tools: &[Tool]) -> Result<(), Refusal> {
    let bad = |body: String| Err(plain(StatusCode::BAD_REQUEST, body));
    if !request.is_object() {
        return Err(exception(
            "Exception - registration_to_config(): Argument #1 must be of type array, null given",
        ));
    }
    let required = [
        "initiate_login_uri",
        "redirect_uris",
        "response_types",
        "client_name",
        "jwks_uri",
        "token_endpoint_auth_method",
        TOOL_CONFIGURATION,
    ];
    if let Some(missing) = required.iter().find(|name| empty(&request[**name])) {
        return bad(format!("missing required attribute {missing}"));
    }
    let Some(response_types) = request["response_types"].as_array() else {
        return Err(exception(
            "Exception - in_array(): Argument #2 ($haystack) must be of type array, string given",
        ));
    };
    if !response_types.contains(&json!("id_token")) {
        return bad("invalid_response_types".to_owned());
    }
    if !request["redirect_uris"].is_array() {
        return bad("invalid_redirect_uris".to_owned());
    }
    if request["token_endpoint_auth_method"] != "private_key_jwt" {
        return bad("invalid_token_endpoint_auth_method".to_owned());
    }
    if !empty(&request["application_type"]) && request["application_type"] != "web" {
        return bad("invalid_application_type".to_owned());
    }
    let configuration = &request[TOOL_CONFIGURATION];
    let Some(domain) = configuration["domain"]
        .as_str()
        .filter(|domain| !domain.is_empty())
    else {
        return bad("missing_domain".to_owned());
    };
    if let Some(target) = configuration["target_link_uri"]
        .as_str()
        .filter(|target| !target.is_empty())
        && host_and_port(target) != host_and_port(domain)
    {
        return bad("domain_targetlinkuri_mismatch".to_owned());
    }
    if request["client_name"]
        .as_str()
        .is_some_and(|name| name.chars().count() > 255)
    {
        return Err(exception(
            "Error writing to database - value too long for type character varying(255)",
        ));
    }
    Ok(())
}

/// Host and port of a URL or a bare domain, without a leading `www.`.
fn host_and_port(text: &str) -> &str {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    authority.strip_prefix("www.").unwrap_or(authority)
}

/// Text as Moodle keeps it: without tags.
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

fn read(request: &Value) -> ToolFacts {
    let configuration = &request[TOOL_CONFIGURATION];
    let domain = host_and_port(configuration["domain"].as_str().unwrap_or_default()).to_owned();
    let target = text(&configuration["target_link_uri"]);
    let asked: Vec<&str> = request["scope"]
        .as_str()
        .unwrap_or_default()
        .split_whitespace()
        .collect();
    let mut scopes: Vec<String> = Vec::new();
    // Any grade scope switches the whole grade service on, and Moodle's answer says so.
    if asked.iter().any(|scope| AGS_SCOPES.contains(scope)) {
        scopes.extend(
            [AGS_SCOPES[3], AGS_SCOPES[2], AGS_SCOPES[1], AGS_SCOPES[0]].map(str::to_owned),
        );
    }
    scopes.extend(
        [NRPS_SCOPE, TOOL_SETTINGS_SCOPE]
            .into_iter()
            .filter(|scope| asked.contains(scope))
            .map(str::to_owned),
    );
    let claims: Vec<&str> = configuration["claims"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let deep_linking = configuration["messages"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|message| message["type"] == "LtiDeepLinkingRequest")
        .map(|message| text(&message["target_link_uri"]));
    ToolFacts {
        name: text(&request["client_name"]),
        description: text(&configuration["description"]),
        login_url: text(&request["initiate_login_uri"]),
        redirect_uris: request["redirect_uris"]
            .as_array()
            .into_iter()
            .flatten()
            .map(text)
            .collect(),
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
        scopes,
    }
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

fn answer(tool: &Tool, _request: &Value) -> Value {
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

/// Moodle reads its own store back line by line and cuts a value at its `=`.
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

/// Moodle reads `exp` and `iat` where they are there and does not look at `iss`, `aud` or `jti`.
fn check_assertion(claims: &Value, _token_endpoint: &str, now: i64) -> Result<(), &'static str> {
    if claims["exp"].as_i64().is_some_and(|exp| exp <= now) {
        return Err("Expired token");
    }
    if claims["iat"].as_i64().is_some_and(|iat| iat > now) {
        return Err("Cannot handle token with iat prior to the time it names");
    }
    Ok(())
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
