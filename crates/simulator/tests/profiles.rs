//! What differs from vendor to vendor when a tool registers itself.
#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

mod support;

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};
use simulator::{
    browser::{Browser, Page, Request},
    lms::{Lms, Options, RegistrationStart},
    profiles::{NRPS_SCOPE, Profile},
};
use support::{FakeTool, assertion_claims};

const TOOL: &str = "https://purl.imsglobal.org/spec/lti-tool-configuration";

/// A request that every vendor accepts.
fn request() -> Value {
    json!({
        "application_type": "web",
        "response_types": ["id_token"],
        "grant_types": ["client_credentials", "implicit"],
        "initiate_login_uri": "https://tool.example.org/login",
        "redirect_uris": ["https://tool.example.org/launch"],
        "client_name": "Example tool",
        "jwks_uri": "https://tool.example.org/jwks",
        "logo_uri": "https://tool.example.org/logo.png",
        "token_endpoint_auth_method": "private_key_jwt",
        "contacts": ["admin@tool.example.org"],
        "scope": "https://purl.imsglobal.org/spec/lti-ags/scope/score",
        TOOL: {
            "domain": "tool.example.org",
            "description": "An example",
            "target_link_uri": "https://tool.example.org/launch",
            "custom_parameters": { "context_history": "$Context.id.history" },
            "claims": ["iss", "sub", "name", "given_name", "family_name", "email"],
            "messages": [
                { "type": "LtiResourceLinkRequest" },
                {
                    "type": "LtiDeepLinkingRequest",
                    "target_link_uri": "https://tool.example.org/deep",
                    "label": "Choose content",
                    "placements": ["ContentArea", "RichTextEditor"],
                },
            ],
        },
    })
}

async fn lms(profile: Profile) -> Lms {
    Lms::start(Options {
        profile,
        ..Options::default()
    })
    .await
    .unwrap()
}

/// Registers as a careful tool does: the configuration URL as given, the endpoint as found there,
/// the token if there is one.
async fn register(start: &RegistrationStart, body: &Value) -> Page {
    let browser = Browser::new().unwrap();
    let document = browser.get(&start.configuration).await.unwrap();
    assert_eq!(document.status, 200, "{}", document.text());
    let endpoint = document.json().unwrap()["registration_endpoint"]
        .as_str()
        .unwrap()
        .to_owned();
    let mut post = Request::new(Method::POST, &endpoint).unwrap();
    if start.url.contains("registration_token=") {
        post = post.header("authorization", &format!("Bearer {}", start.token));
    }
    browser
        .send(post.body("application/json", body.to_string()))
        .await
        .unwrap()
}

#[tokio::test]
async fn all_accept_one_request_and_each_names_the_deployment_its_way() {
    let dynamic = |profile: &Profile| profile.manual.is_none();
    for profile in Profile::all().into_iter().filter(dynamic) {
        let name = profile.name;
        let lms = lms(profile).await;
        let start = lms
            .begin_registration("https://tool.example.org/register")
            .unwrap();
        let answer = register(&start, &request()).await;
        assert!(
            matches!(answer.status, 200 | 201),
            "{name}: {}",
            answer.text()
        );
        let answer = answer.json().unwrap();
        let tool = lms.tools().pop().unwrap();
        assert_eq!(answer["client_id"], tool.client_id.as_str(), "{name}");
        let (inside, top) = (
            answer[TOOL].get("deployment_id"),
            answer.get("deployment_id"),
        );
        let id = json!(tool.deployment_id);
        match name {
            "moodle" | "sakai" => assert_eq!((inside, top), (Some(&id), None)),
            "ilias" => assert_eq!((inside, top), (Some(&json!(17)), None)),
            "canvas" => assert_eq!((inside, top), (None, Some(&id))),
            _ => assert_eq!((inside, top), (None, None), "{name}"),
        }
        // The secret is spent.
        if !profile_configuration_once(name) {
            assert!(register(&start, &request()).await.status >= 400, "{name}");
        }
    }
}

/// Whether asking for the configuration twice fails already.
fn profile_configuration_once(name: &str) -> bool {
    matches!(name, "canvas" | "brightspace" | "blackboard")
}

#[tokio::test]
async fn canvas_lists_every_error_and_guards_its_configuration() {
    let lms = lms(Profile::canvas()).await;
    let browser = Browser::new().unwrap();
    let bare = browser.get(&lms.endpoints().configuration).await.unwrap();
    assert_eq!(bare.status, 401);
    assert!(bare.json().unwrap()["errorMessage"].is_string());

    let mut wrong = request();
    wrong["grant_types"] = json!(["implicit"]);
    wrong["scope"] = json!("https://example.com/unknown");
    wrong[TOOL]["messages"][1]["placements"] = json!(["somewhere"]);
    let start = lms
        .begin_registration("https://tool.example.org/register")
        .unwrap();
    let answer = register(&start, &wrong).await;
    assert_eq!(answer.status, 422);
    assert_eq!(
        answer.json().unwrap()["errors"].as_array().unwrap().len(),
        3
    );
    let document = browser
        .get(&start.configuration)
        .await
        .unwrap()
        .json()
        .unwrap();
    assert_eq!(document["authorization_server"], "127.0.0.1", "a bare host");
}

/// The names that stand behind these words in lti.md D.9.
fn placements_in_the_contract(words: &str) -> BTreeSet<String> {
    let contract = include_str!("../../../docs/spec/lti.md");
    let (_, rest) = contract.split_once(words).unwrap();
    let list = rest.split('`').nth(1).unwrap();
    list.split(", ").map(str::to_owned).collect()
}

#[tokio::test]
async fn canvas_lists_and_takes_the_placements_of_the_contract() {
    let lms = lms(Profile::canvas()).await;
    let begin = || {
        lms.begin_registration("https://tool.example.org/register")
            .unwrap()
    };
    let page = Browser::new()
        .unwrap()
        .get(&begin().configuration)
        .await
        .unwrap();
    let platform = "https://purl.imsglobal.org/spec/lti-platform-configuration";
    let listed = |message: usize| -> BTreeSet<String> {
        let document = page.json().unwrap();
        let list = &document[platform]["messages_supported"][message]["placements"];
        serde_json::from_value(list.clone()).unwrap()
    };
    let (of_links, of_deep_linking) = (listed(0), listed(1));
    assert_eq!(
        of_deep_linking,
        placements_in_the_contract("deep-linking capable: ")
    );
    let all = placements_in_the_contract("bare or prefixed (`canvas:` + name): ");
    assert_eq!(&of_links | &of_deep_linking, all);
    assert!(of_links.contains("top_navigation") && !of_links.contains("editor_button"));
    let prefixed = all
        .iter()
        .map(|name| format!("https://canvas.instructure.com/lti/{name}"));
    let asked: Vec<String> = prefixed.chain(all.iter().cloned()).collect();
    let mut wanted = request();
    wanted[TOOL]["messages"][1]["placements"] = json!(asked);
    let answer = register(&begin(), &wanted).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
}

#[tokio::test]
async fn brightspace_hands_its_configuration_out_once_and_no_token() {
    let lms = lms(Profile::brightspace()).await;
    let start = lms
        .begin_registration("https://tool.example.org/register")
        .unwrap();
    assert!(!start.url.contains("registration_token="));
    assert_eq!(register(&start, &request()).await.status, 201);
    assert_eq!(
        Browser::new()
            .unwrap()
            .get(&start.configuration)
            .await
            .unwrap()
            .status,
        404
    );
    let again = lms
        .begin_registration("https://tool.example.org/register")
        .unwrap();
    let answer = register(&again, &request()).await;
    assert_eq!(answer.status, 400, "name and domain are in use");
}

/// Below its own address: tools may ignore an audience at a foreign one.
#[tokio::test]
async fn brightspace_takes_no_assertion_for_its_token_endpoint() {
    let options = Options {
        profile: Profile::brightspace(),
        ..Options::default()
    };
    let (lms, tool, registered) = FakeTool::at(options).await;
    let start = lms
        .begin_registration("https://tool.example.org/register")
        .unwrap();
    let page = Browser::new()
        .unwrap()
        .get(&start.configuration)
        .await
        .unwrap();
    let document = page.json().unwrap();
    let audience = document["authorization_server"].as_str().unwrap();
    assert!(audience.starts_with(lms.url()), "{document}");
    let token = lms.endpoints().token;
    assert_eq!(document["token_endpoint"], token.as_str());
    let mut claims = assertion_claims(&lms, &registered.client_id);
    for (number, (to, status)) in [
        (token.as_str(), 400),
        (audience, 200),
        ("https://api.brightspace.com/auth/token", 200),
        ("https://evil.example/auth/token", 400),
    ]
    .into_iter()
    .enumerate()
    {
        claims["aud"] = json!(to);
        claims["jti"] = json!(format!("j-{number}"));
        let page = tool.token_request(&lms, &claims, NRPS_SCOPE).await;
        assert_eq!(page.status, status, "{to}: {}", page.text());
    }
}

#[tokio::test]
async fn sakai_needs_its_four_parameters() {
    let lms = lms(Profile::sakai()).await;
    let start = lms
        .begin_registration("https://tool.example.org/register")
        .unwrap();
    for name in ["key", "clientId", "issuerURL", "deploymentId"] {
        let without = start.configuration.replace(&format!("{name}="), "x=");
        assert_eq!(
            Browser::new().unwrap().get(&without).await.unwrap().status,
            400,
            "{name}"
        );
    }
    assert_eq!(register(&start, &request()).await.status, 200);
}

#[tokio::test]
async fn ilias_stumbles_over_a_deep_linking_message_without_target() {
    let lms = lms(Profile::ilias()).await;
    let mut wrong = request();
    wrong[TOOL]["messages"][1]
        .as_object_mut()
        .unwrap()
        .remove("target_link_uri");
    let start = lms
        .begin_registration("https://tool.example.org/register")
        .unwrap();
    let answer = register(&start, &wrong).await;
    assert_eq!(
        (answer.status, answer.text().as_str()),
        (500, "error in ltiregistration.php")
    );
}
