//! What vendors that follow the specification have in common.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::{
    AGS_SCOPES, AccessProblem, DeepLinkingStyle, Endpoints, NRPS_SCOPE, PLATFORM_CONFIGURATION,
    Refusal, RegistrationStyle, TOOL_CONFIGURATION, TokenPlace, ToolFacts,
};
use crate::tool::Tool;

/// The members that every vendor's openid-configuration has.
pub(super) fn configuration(
    at: &Endpoints,
    family: &str,
    scopes: &[&str],
    claims: &[&str],
) -> Value {
    json!({
        "issuer": at.issuer,
        "authorization_endpoint": at.authorization,
        "token_endpoint": at.token,
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["RS256"],
        "jwks_uri": at.jwks,
        "registration_endpoint": at.registration,
        "scopes_supported": scopes,
        "response_types_supported": ["id_token"],
        "subject_types_supported": ["public", "pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "claims_supported": claims,
        PLATFORM_CONFIGURATION: {
            "product_family_code": family,
            "messages_supported": [{ "type": "LtiResourceLinkRequest" }, { "type": "LtiDeepLinkingRequest" }],
        },
    })
}

/// The AGS and NRPS scopes.
pub(super) fn scopes() -> Vec<&'static str> {
    AGS_SCOPES.into_iter().chain([NRPS_SCOPE]).collect()
}

/// Deep linking that follows the specification and requests what most platforms do: several
/// resource links, with line items.
pub(super) const DEEP_LINKING: DeepLinkingStyle = DeepLinkingStyle {
    types: &["ltiResourceLink"],
    targets: &["iframe", "window"],
    media_types: None,
    multiple: true,
    line_item: Some(true),
    data: false,
    without_url: None,
    dialog: false,
    demands: |_| None,
    words: |_| None,
};

/// For vendors whose tools can't register themselves; only the ids are used.
pub(super) fn by_hand(
    client_id: fn() -> String,
    deployment_id: fn(usize) -> String,
) -> RegistrationStyle {
    RegistrationStyle {
        configuration: |_| Value::Null,
        token_place: TokenPlace::Parameter,
        configuration_parameters: &[],
        configuration_once: false,
        token_seconds: 0,
        check: |_, _| Err(refusal(StatusCode::NOT_FOUND, &Value::Null)),
        refuse_token: |_| refusal(StatusCode::NOT_FOUND, &Value::Null),
        read: |_| ToolFacts::default(),
        answer: |_, _| Value::Null,
        status: StatusCode::NOT_FOUND,
        client_id,
        deployment_id,
        active_at_once: true,
    }
}

/// A refusal in JSON.
pub(super) fn refusal(status: StatusCode, body: &Value) -> Refusal {
    Refusal {
        status,
        content_type: "application/json; charset=utf-8",
        body: body.to_string(),
    }
}

/// 401 for any problem with an access token.
pub(super) fn refuse_access(_problem: AccessProblem, _scope: &str) -> Refusal {
    let body = json!({ "status": 401, "reason": "Unauthorized" });
    refusal(StatusCode::UNAUTHORIZED, &body)
}

/// A refusal in the format of RFC 7591.
pub(super) fn invalid(description: &str) -> Refusal {
    let body = json!({ "error": "invalid_client_metadata", "error_description": description });
    refusal(StatusCode::BAD_REQUEST, &body)
}

/// The request as a tool, word for word; `granted` decides which scopes it gets.
pub(super) fn read(request: &Value, granted: impl Fn(&str) -> bool) -> ToolFacts {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let configuration = &request[TOOL_CONFIGURATION];
    let claims: Vec<&str> = configuration["claims"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    ToolFacts {
        name: text(&request["client_name"]),
        description: text(&configuration["description"]),
        domain: text(&configuration["domain"]),
        login_url: text(&request["initiate_login_uri"]),
        redirect_uris: request["redirect_uris"]
            .as_array()
            .into_iter()
            .flatten()
            .map(text)
            .collect(),
        jwks_url: text(&request["jwks_uri"]),
        public_key: None,
        target_link_uri: text(&configuration["target_link_uri"]),
        deep_linking_url: messages(request)
            .find(|message| message["type"] == "LtiDeepLinkingRequest")
            .map(|message| text(&message["target_link_uri"])),
        logo_url: text(&request["logo_uri"]),
        scopes: text(&request["scope"])
            .split_whitespace()
            .filter(|scope| granted(scope))
            .map(str::to_owned)
            .collect(),
        custom: configuration["custom_parameters"]
            .as_object()
            .cloned()
            .unwrap_or_default(),
        names: claims
            .iter()
            .any(|claim| ["name", "given_name", "family_name"].contains(claim)),
        email: claims.contains(&"email"),
    }
}

pub(super) fn messages(request: &Value) -> impl Iterator<Item = &Value> {
    request[TOOL_CONFIGURATION]["messages"]
        .as_array()
        .into_iter()
        .flatten()
}

/// The request with the client id and, in the tool configuration, the deployment id, if given.
pub(super) fn echo(tool: &Tool, request: &Value, deployment_id: Option<Value>) -> Value {
    let mut answer = request.clone();
    answer["client_id"] = json!(tool.client_id);
    if let Some(id) = deployment_id {
        answer[TOOL_CONFIGURATION]["deployment_id"] = id;
    }
    answer
}

/// Removes Moodle's custom parameter with the roster's address.
pub(super) fn without_memberships_parameter(claims: &mut Map<String, Value>) {
    let name = "https://purl.imsglobal.org/spec/lti/claim/custom";
    let Some(custom) = claims.get_mut(name).and_then(Value::as_object_mut) else {
        return;
    };
    custom.shift_remove("context_memberships_url");
    if custom.is_empty() {
        claims.shift_remove(name);
    }
}

/// Context types as URIs, and `azp`.
pub(super) fn shape(claims: &mut Map<String, Value>) {
    if let Some(context) = claims.get_mut("https://purl.imsglobal.org/spec/lti/claim/context") {
        context["type"] = json!(["http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering"]);
    }
    if let Some(audience) = claims.get("aud").cloned() {
        claims.insert("azp".to_owned(), audience);
    }
}

/// Checks that a client assertion has every claim that the specification requires, for `audience`.
pub(super) fn check_assertion(
    claims: &Value,
    audience: &str,
    now: i64,
) -> Result<(), &'static str> {
    let number = |name: &str| claims[name].as_i64();
    let named = claims["aud"] == audience
        || claims["aud"]
            .as_array()
            .is_some_and(|all| all.iter().any(|one| one == audience));
    let (Some(iat), Some(exp)) = (number("iat"), number("exp")) else {
        return Err("invalid_client");
    };
    let jti = claims["jti"].as_str().is_some_and(|jti| !jti.is_empty());
    let times = (now - 300..=now + 60).contains(&iat) && exp > now && exp - iat <= 660;
    if claims["iss"] == claims["sub"] && named && jti && times {
        Ok(())
    } else {
        Err("invalid_client")
    }
}
