//! Checks a deep linking response against the specification and the request.

use serde_json::Value;

use crate::{
    claim_names::claim_name,
    lms::state::{DeepLinkingResponse, ITEMS, Platform},
    tool::Tool,
};

const LTI: &str = "https://purl.imsglobal.org/spec/lti/claim/";
const DATA: &str = "https://purl.imsglobal.org/spec/lti-dl/claim/data";
/// The longest lifetime of a response, in seconds.
const LONGEST_LIFE: i64 = 300;

/// Everything that is wrong, apart from the signature.
pub(crate) fn complaints(
    platform: &Platform,
    tool: &Tool,
    response: &DeepLinkingResponse,
) -> Vec<String> {
    let memory = platform.memory();
    let asked = (tool.client_id.clone(), response.course.clone());
    let asked = memory.asked.get(&asked).cloned().unwrap_or_default();
    let nonce = &response.claims["nonce"];
    let used = memory.deep_linking.iter().any(|before| {
        before.tool == response.tool
            && before.problems.is_empty()
            && before.claims["nonce"] == *nonce
    });
    let issuer = memory.issuer.clone();
    drop(memory);
    let mut problems = Vec::new();
    let now = platform.clock.now().as_second();
    of_message(&response.claims, tool, &issuer, now, &mut problems);
    if used {
        problems.push("nonce was used before".to_owned());
    }
    of_request(&response.claims, &asked, &mut problems);
    let demands = platform.profile.deep_linking.demands;
    problems.extend(
        response
            .items()
            .iter()
            .filter_map(demands)
            .map(str::to_owned),
    );
    problems
}

fn of_message(claims: &Value, tool: &Tool, issuer: &str, now: i64, problems: &mut Vec<String>) {
    let mut expect = |good: bool, problem: &str| {
        if !good {
            problems.push(problem.to_owned());
        }
    };
    let lti = |name: &str| &claims[format!("{LTI}{name}")];
    expect(
        claims["iss"] == tool.client_id.as_str(),
        "iss is not the client id",
    );
    let audience = &claims["aud"];
    let listed = audience
        .as_array()
        .is_some_and(|all| all.iter().any(|one| one == issuer));
    expect(*audience == issuer || listed, "aud is not the issuer");
    let (exp, iat) = (claims["exp"].as_i64(), claims["iat"].as_i64());
    expect(exp.is_some_and(|exp| exp > now), "exp is missing or past");
    expect(
        iat.is_some_and(|iat| (now - 300..=now + 30).contains(&iat)),
        "iat is missing or not now",
    );
    let life = exp.zip(iat).map(|(exp, iat)| exp - iat);
    expect(
        life.is_none_or(|life| life <= LONGEST_LIFE),
        "exp is more than five minutes after iat",
    );
    expect(
        claims["nonce"]
            .as_str()
            .is_some_and(|nonce| !nonce.is_empty()),
        "nonce is missing",
    );
    expect(
        *lti("deployment_id") == tool.deployment_id.as_str(),
        "deployment_id is not that of the request",
    );
    expect(
        *lti("message_type") == "LtiDeepLinkingResponse",
        "message_type is not LtiDeepLinkingResponse",
    );
    expect(*lti("version") == "1.3.0", "version is not 1.3.0");
    expect(claims[ITEMS].is_array(), "content_items is not a list");
}

/// Checks the answer against the settings of the request.
fn of_request(claims: &Value, asked: &Value, problems: &mut Vec<String>) {
    if asked.is_null() {
        problems.push(format!(
            "nobody asked for content: no {} was sent",
            claim_name("deep_linking_settings")
        ));
        return;
    }
    if claims.get(DATA) != asked.get("data") {
        problems.push("data is not that of the request".to_owned());
    }
    let items = claims[ITEMS].as_array();
    let items = items.map(Vec::as_slice).unwrap_or_default();
    if items.len() > 1 && asked["accept_multiple"] != true {
        problems.push("there are several items, and one was asked for".to_owned());
    }
    let types = asked["accept_types"].as_array();
    for item in items {
        if !types.is_some_and(|types| types.contains(&item["type"])) {
            problems.push("an item's type is not one that was asked for".to_owned());
        }
        let address = item["url"].as_str().unwrap_or("https:");
        if !["https:", "http:"]
            .iter()
            .any(|scheme| address.starts_with(scheme))
        {
            problems.push("an item's url is no web address".to_owned());
        }
    }
}
