//! Dynamic registration as Moodle does it.
#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

mod support;

use reqwest::Method;
use serde_json::{Value, json};
use simulator::{
    browser::{Browser, Page, Request},
    lms::{Launch, Lms, Options},
};

const TOOL: &str = "https://purl.imsglobal.org/spec/lti-tool-configuration";

/// Makes one mistake in a request.
type Change = Box<dyn Fn(&mut Value)>;

fn good() -> Value {
    json!({
        "application_type": "web",
        "response_types": ["id_token"],
        "grant_types": ["implicit", "client_credentials"],
        "initiate_login_uri": "http://127.0.0.2:3000/login",
        "redirect_uris": ["http://127.0.0.2:3000/launch"],
        "client_name": "Example tool",
        "jwks_uri": "http://127.0.0.2:3000/keys",
        "logo_uri": "http://127.0.0.2:3000/logo.png",
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": "https://purl.imsglobal.org/spec/lti-ags/scope/score https://example.com/unknown",
        TOOL: {
            "domain": "127.0.0.2:3000",
            "description": "An example",
            "target_link_uri": "http://127.0.0.2:3000/launch",
            "custom_parameters": { "ctx": "$Context.id", "eq": "a=b" },
            "claims": ["iss", "sub", "name", "email"],
            "messages": [
                { "type": "LtiResourceLinkRequest" },
                { "type": "LtiDeepLinkingRequest", "target_link_uri": "http://127.0.0.2:3000/deep", "label": "Pick" },
            ],
        },
    })
}

async fn lms() -> Lms {
    Lms::start(Options::default()).await.unwrap()
}

async fn register(lms: &Lms, token: Option<&str>, body: &Value) -> Page {
    let mut request = Request::new(Method::POST, &lms.endpoints().registration).unwrap();
    if let Some(token) = token {
        request = request.header("authorization", token);
    }
    Browser::new()
        .unwrap()
        .send(request.body("application/json", body.to_string()))
        .await
        .unwrap()
}

#[tokio::test]
async fn the_configuration_is_moodles() {
    let lms = lms().await;
    let url = lms.endpoints().configuration;
    assert!(url.ends_with("/mod/lti/openid-configuration.php"));
    let document = Browser::new()
        .unwrap()
        .get(&url)
        .await
        .unwrap()
        .json()
        .unwrap();
    let at = |path: &str| format!("{}{path}", lms.url());
    assert_eq!(document["issuer"], lms.url());
    assert_eq!(document["authorization_endpoint"], at("/mod/lti/auth.php"));
    assert_eq!(document["token_endpoint"], at("/mod/lti/token.php"));
    assert_eq!(document["jwks_uri"], at("/mod/lti/certs.php"));
    assert_eq!(
        document["registration_endpoint"],
        at("/mod/lti/openid-registration.php")
    );
    assert_eq!(document.get("authorization_server"), None);
    let platform = &document["https://purl.imsglobal.org/spec/lti-platform-configuration"];
    assert_eq!(
        platform["messages_supported"][1],
        json!({ "type": "LtiDeepLinkingRequest", "placements": ["ContentArea"] })
    );

    lms.set_issuer("https://lms.example.com");
    let document = Browser::new()
        .unwrap()
        .get(&url)
        .await
        .unwrap()
        .json()
        .unwrap();
    assert_eq!(document["issuer"], "https://lms.example.com");
    assert_eq!(document["jwks_uri"], at("/mod/lti/certs.php"));
}

#[tokio::test]
async fn the_tools_page_is_opened_with_its_own_query_kept() {
    let lms = lms().await;
    let start = lms
        .begin_registration("https://tool.example.com/register?invite=a%26b")
        .unwrap();
    let url = url::Url::parse(&start.url).unwrap();
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    assert_eq!(pairs[0], ("invite".to_owned(), "a&b".to_owned()));
    assert_eq!(
        pairs[1],
        (
            "openid_configuration".to_owned(),
            lms.endpoints().configuration
        )
    );
    assert_eq!(pairs[2], ("registration_token".to_owned(), start.token));
    assert!(lms.begin_registration("javascript:alert(1)").is_err());
}

#[tokio::test]
async fn a_good_request_gives_a_pending_tool() {
    let lms = lms().await;
    let start = lms
        .begin_registration("http://127.0.0.2:3000/register")
        .unwrap();
    let answer = register(&lms, Some(&format!("Bearer {}", start.token)), &good()).await;
    assert_eq!(answer.status, 200);
    let expected = json!({
        "client_id": start.client_id,
        "response_types": ["id_token"],
        "jwks_uri": "http://127.0.0.2:3000/keys",
        "initiate_login_uri": "http://127.0.0.2:3000/login",
        "grant_types": ["client_credentials", "implicit"],
        "redirect_uris": ["http://127.0.0.2:3000/launch"],
        "application_type": "web",
        "token_endpoint_auth_method": "private_key_jwt",
        "client_name": "Example tool",
        "logo_uri": "http://127.0.0.2:3000/logo.png",
        "scope": "https://purl.imsglobal.org/spec/lti-ags/scope/score https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly https://purl.imsglobal.org/spec/lti-ags/scope/lineitem",
        TOOL: {
            "version": "1.3.0",
            "deployment_id": "1",
            "target_link_uri": "http://127.0.0.2:3000/launch",
            "domain": "127.0.0.2:3000",
            "description": "An example",
            "messages": [{ "type": "LtiDeepLinkingRequest", "target_link_uri": "http://127.0.0.2:3000/deep" }],
            "custom_parameters": { "ctx": "$Context.id", "eq": "a" },
            "claims": ["sub", "iss", "name", "family_name", "given_name", "email"],
        },
    });
    assert_eq!(answer.text(), expected.to_string());

    let tool = lms.tool(&start.client_id).unwrap();
    assert!(!tool.active);
    assert_eq!(
        tool.facts.custom["eq"], "a=b",
        "kept whole, only cut in the answer"
    );
    assert!(
        lms.login_request(&Launch::new(&tool.client_id)).is_err(),
        "pending"
    );
    lms.activate(&tool.client_id).unwrap();
    assert!(lms.login_request(&Launch::new(&tool.client_id)).is_ok());
}

#[tokio::test]
async fn each_mistake_is_refused_in_moodles_words() {
    let lms = lms().await;
    let cases: Vec<(&str, Change, u16, &str)> = vec![
        (
            "no response types",
            without("/response_types"),
            400,
            "missing required attribute response_types",
        ),
        (
            "no login",
            without("/initiate_login_uri"),
            400,
            "missing required attribute initiate_login_uri",
        ),
        (
            "no redirect",
            without("/redirect_uris"),
            400,
            "missing required attribute redirect_uris",
        ),
        (
            "no name",
            without("/client_name"),
            400,
            "missing required attribute client_name",
        ),
        (
            "no keys",
            without("/jwks_uri"),
            400,
            "missing required attribute jwks_uri",
        ),
        (
            "no method",
            without("/token_endpoint_auth_method"),
            400,
            "missing required attribute token_endpoint_auth_method",
        ),
        (
            "no LTI",
            Box::new(|v| drop(v.as_object_mut().unwrap().remove(TOOL))),
            400,
            "missing required attribute https://purl.imsglobal.org/spec/lti-tool-configuration",
        ),
        (
            "no domain",
            Box::new(|v| v[TOOL]["domain"] = json!("")),
            400,
            "missing_domain",
        ),
        (
            "domain without port",
            Box::new(|v| v[TOOL]["domain"] = json!("127.0.0.2")),
            400,
            "domain_targetlinkuri_mismatch",
        ),
        (
            "native",
            Box::new(|v| v["application_type"] = json!("native")),
            400,
            "invalid_application_type",
        ),
        (
            "code",
            Box::new(|v| v["response_types"] = json!(["code"])),
            400,
            "invalid_response_types",
        ),
        (
            "secret",
            Box::new(|v| v["token_endpoint_auth_method"] = json!("client_secret_post")),
            400,
            "invalid_token_endpoint_auth_method",
        ),
        (
            "one redirect",
            Box::new(|v| v["redirect_uris"] = json!("http://x/")),
            400,
            "invalid_redirect_uris",
        ),
        (
            "no redirects",
            Box::new(|v| v["redirect_uris"] = json!([])),
            400,
            "missing required attribute redirect_uris",
        ),
        (
            "types as text",
            Box::new(|v| v["response_types"] = json!("id_token")),
            404,
            "<!DOCTYPE html>",
        ),
        (
            "long name",
            Box::new(|v| v["client_name"] = json!("x".repeat(300))),
            404,
            "<!DOCTYPE html>",
        ),
        (
            "a list",
            Box::new(|v| *v = json!([])),
            404,
            "<!DOCTYPE html>",
        ),
    ];
    for (name, change, status, body) in cases {
        let mut request = good();
        change(&mut request);
        let token = lms.registration_token().unwrap();
        let answer = register(&lms, Some(&format!("Bearer {token}")), &request).await;
        assert_eq!(answer.status, status, "{name}");
        assert!(answer.text().starts_with(body), "{name}: {}", answer.text());
        // A refused request does not use the token up.
        assert_eq!(
            register(&lms, Some(&format!("Bearer {token}")), &good())
                .await
                .status,
            200,
            "{name}"
        );
    }
}

fn without(pointer: &'static str) -> Change {
    Box::new(move |value| drop(value.as_object_mut().unwrap().remove(&pointer[1..])))
}

#[tokio::test]
async fn what_moodle_does_not_demand_may_be_missing() {
    let lms = lms().await;
    let mut request = good();
    for name in ["application_type", "grant_types", "scope", "logo_uri"] {
        request.as_object_mut().unwrap().remove(name);
    }
    request[TOOL] = json!({ "domain": "https://www.tool.example.com" });
    let token = lms.registration_token().unwrap();
    let answer = register(&lms, Some(&format!("Bearer {token}")), &request)
        .await
        .json()
        .unwrap();
    assert_eq!(answer[TOOL]["target_link_uri"], "https://tool.example.com");
    assert_eq!(answer[TOOL]["claims"], json!(["sub", "iss"]));
    assert_eq!(answer["scope"], "");
}

#[tokio::test]
async fn tokens_are_needed_known_young_and_used_once() {
    let lms = lms().await;
    let token = lms.registration_token().unwrap();
    let old = lms.registration_token().unwrap();
    for wrong in [
        None,
        Some("Basic abc".to_owned()),
        Some(format!("bearer {token}")),
        Some("Bearer ".to_owned()),
    ] {
        let answer = register(&lms, wrong.as_deref(), &good()).await;
        assert_eq!(
            (answer.status, answer.text().as_str()),
            (401, "missing_registration_token"),
            "{wrong:?}"
        );
    }
    assert_eq!(
        register(&lms, Some("Bearer garbage"), &good()).await.status,
        404
    );
    assert_eq!(
        register(&lms, Some(&format!("Bearer {token}")), &good())
            .await
            .status,
        200
    );
    let again = register(&lms, Some(&format!("Bearer {token}")), &good()).await;
    assert_eq!(
        (again.status, again.text().as_str()),
        (401, "token_already_used")
    );
    lms.clock().set_offset(3601);
    assert_eq!(
        register(&lms, Some(&format!("Bearer {old}")), &good())
            .await
            .status,
        404
    );
    assert_eq!(lms.tools().len(), 1);

    let put = Request::new(Method::PUT, &lms.endpoints().registration).unwrap();
    let put = Browser::new().unwrap().send(put).await.unwrap();
    assert_eq!(
        (put.status, put.text().as_str()),
        (400, "Unsupported operation")
    );
}

#[tokio::test]
async fn the_page_for_administrators_frames_the_tool() {
    let lms = lms().await;
    let browser = Browser::new().unwrap();
    let page = browser
        .get(&format!("{}/tools/new", lms.url()))
        .await
        .unwrap();
    let mut form = page.form_to("/tools/dynamic").unwrap();
    form.set("url", "http://127.0.0.2:3000/register?x=1");
    let framed = browser.submit(&page, &form).await.unwrap().text();
    assert!(
        framed.contains(
            "<iframe src=\"http://127.0.0.2:3000/register?x=1&#38;openid_configuration=http"
        ),
        "{framed}"
    );
    assert!(framed.contains("org.imsglobal.lti.close"));
}
