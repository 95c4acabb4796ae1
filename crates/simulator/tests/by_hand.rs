//! The vendors whose administrators add every tool by hand: Schoology, Open edX, OpenOLAT.
#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

mod support;

use serde_json::{Value, json};
use simulator::{
    browser::{Browser, Page},
    jose,
    lms::{Launch, Lms, ManualTool, Options, Tool, claim_name},
    profiles::{AGS_SCOPES, Profile},
};
use support::{FakeTool, assertion_claims};

fn like(profile: Profile) -> Options {
    Options {
        profile,
        ..Options::default()
    }
}

/// Launches and gives the page that remains.
async fn open(lms: &Lms, launch: &Launch) -> Page {
    lms.launch(&Browser::new().unwrap(), launch).await.unwrap()
}

/// What a token request is answered at this address; `audience` stands in the assertion.
async fn ask(tool: &FakeTool, url: &str, changes: &[(&str, &str)], claims: &Value) -> (u16, Value) {
    let assertion = tool.key.sign(&tool.key.header(), claims).unwrap();
    let mut fields = vec![
        ("grant_type", "client_credentials"),
        (
            "client_assertion_type",
            "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        ),
        ("client_assertion", assertion.as_str()),
        ("scope", AGS_SCOPES[3]),
    ];
    for (name, value) in changes {
        fields.retain(|(known, _)| known != name);
        if !value.is_empty() {
            fields.push((name, value));
        }
    }
    let page = Browser::new()
        .unwrap()
        .post_form(url, &fields)
        .await
        .unwrap();
    (page.status, page.json().unwrap())
}

#[tokio::test]
async fn nobody_registers_and_the_page_says_why() {
    for profile in [
        Profile::schoology(),
        Profile::openedx(),
        Profile::openolat(),
    ] {
        let name = profile.name;
        let lms = Lms::start(like(profile)).await.unwrap();
        assert!(
            lms.begin_registration("http://127.0.0.2/register").is_err(),
            "{name}"
        );
        assert_eq!(lms.endpoints().configuration, "", "{name}");
        let browser = Browser::new().unwrap();
        for path in [
            "/.well-known/openid-configuration",
            "/mod/lti/openid-registration.php",
        ] {
            let page = browser.get(&format!("{}{path}", lms.url())).await.unwrap();
            assert_eq!(page.status, 404, "{name}");
        }
        let page = browser
            .get(&format!("{}/tools/new", lms.url()))
            .await
            .unwrap();
        assert!(
            page.text().contains("lets no tool register itself"),
            "{name}"
        );
        assert!(
            page.form_to("/tools/dynamic").is_none() && page.form_to("/tools/manual").is_some()
        );
        let url = [("url", "http://127.0.0.2/register")];
        let posted = browser
            .post_form(&format!("{}/tools/dynamic", lms.url()), &url)
            .await;
        assert_eq!(posted.unwrap().status, 400, "{name}");
    }
}

#[tokio::test]
async fn every_one_launches_with_its_own_claims() {
    for profile in [
        Profile::schoology(),
        Profile::openedx(),
        Profile::openolat(),
    ] {
        let name = profile.name;
        let (lms, tool, registered) = FakeTool::at(like(profile)).await;
        let page = open(&lms, &Launch::new(&registered.client_id)).await;
        assert_eq!(
            (page.status, page.text().as_str()),
            (200, "launched"),
            "{name}"
        );
        let endpoints = lms.endpoints_of(&registered.client_id).unwrap();
        let keys = Browser::new().unwrap().get(&endpoints.jwks).await.unwrap();
        let claims = jose::verify(&tool.posted()["id_token"], &keys.json().unwrap()).unwrap();
        assert_eq!(claims["iss"], endpoints.issuer.as_str(), "{name}");
        assert_eq!(claims["aud"], registered.client_id.as_str(), "{name}");
        let lti = |short: &str| &claims[claim_name(short)];
        assert_eq!(
            *lti("deployment_id"),
            registered.deployment_id.as_str(),
            "{name}"
        );
        let learner = "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner";
        match name {
            "schoology" => {
                assert_eq!(claims["iss"], "https://schoology.schoology.com");
                assert_eq!(*lti("roles"), json!([learner]));
            }
            "openedx" => {
                let none = |kind: &str| {
                    format!("http://purl.imsglobal.org/vocab/lis/v2/{kind}/person#None")
                };
                assert_eq!(
                    *lti("roles"),
                    json!([none("system"), none("institution"), learner])
                );
                assert_eq!(claims["azp"], registered.client_id.as_str());
                assert_eq!(*lti("resource_link"), json!({"id": "1"}));
                assert_eq!(registered.deployment_id, "1");
                assert!(claims.get("given_name").is_none() && lti("lis").is_null());
            }
            _ => {
                assert_eq!(*lti("roles"), json!([learner]));
                assert_eq!(lti("context")["type"], json!(["course"]));
                assert_eq!(lti("resource_link")["id"], "2_true");
                assert!(claims.get("azp").is_none() && claims.get("name").is_none());
                assert!(lti("tool_platform").is_null() && lti("custom").is_null());
            }
        }
    }
}

/// Changes the tool's authentication requests one by one; gives the statuses of the pages that the
/// LMS ends with.
async fn after(
    lms: &Lms,
    tool: &FakeTool,
    registered: &Tool,
    changes: &[(&str, Option<&str>)],
) -> Vec<u16> {
    let mut statuses = Vec::new();
    for (name, value) in changes {
        tool.say(name, *value);
        let page = open(lms, &Launch::new(&registered.client_id)).await;
        statuses.push(page.status);
        tool.forget();
    }
    statuses
}

#[tokio::test]
async fn open_edx_wants_few_parameters_and_those_to_the_letter() {
    let (lms, tool, registered) = FakeTool::at(like(Profile::openedx())).await;
    let elsewhere = format!("{}/launch/", tool.url);
    let refused: [(&str, Option<&str>); 8] = [
        ("redirect_uri", Some(&elsewhere)),
        ("redirect_uri", None),
        ("nonce", None),
        ("state", None),
        ("client_id", Some("another")),
        ("login_hint", None),
        ("lti_message_hint", None),
        ("lti_message_hint", Some("ltilaunch1_1")),
    ];
    assert_eq!(after(&lms, &tool, &registered, &refused).await, [400; 8]);
    assert_eq!(tool.launches(), 0);
    let ignored = [
        ("scope", Some("email")),
        ("response_type", Some("code")),
        ("response_mode", None),
        ("prompt", None),
        ("login_hint", Some("somebody")),
    ];
    assert_eq!(after(&lms, &tool, &registered, &ignored).await, [200; 5]);
    assert_eq!(tool.launches(), 5);
    let login = lms
        .login_request(&Launch::new(&registered.client_id))
        .unwrap();
    let names: Vec<&str> = login.fields.iter().map(|(name, _)| name.as_str()).collect();
    assert!(login.by_get && names.len() == 6, "{names:?}");
    assert_eq!(login.field("lti_deployment_id"), Some("1"));
}

#[tokio::test]
async fn open_edx_has_keys_and_a_token_endpoint_for_each_tool() {
    let (lms, tool, first) = FakeTool::at(like(Profile::openedx())).await;
    let second = lms.register_tool(tool.manual());
    assert_ne!(first.client_id, second.client_id);
    let of = |registered: &Tool| lms.endpoints_of(&registered.client_id).unwrap();
    assert_ne!(of(&first).jwks, of(&second).jwks);
    open(&lms, &Launch::new(&first.client_id)).await;
    let other = Browser::new()
        .unwrap()
        .get(&of(&second).jwks)
        .await
        .unwrap();
    let other = other.json().unwrap();
    assert!(jose::verify(&tool.posted()["id_token"], &other).is_err());
    let page = Browser::new()
        .unwrap()
        .get(&lms.endpoints().jwks)
        .await
        .unwrap();
    assert_eq!(page.status, 404);

    let token = of(&first).token;
    let mut claims = assertion_claims(&lms, &first.client_id);
    claims["aud"] = json!("https://anywhere.example.com");
    let (status, answer) = ask(&tool, &token, &[], &claims).await;
    assert_eq!(
        (status, &answer["token_type"]),
        (200, &json!("bearer")),
        "{answer}"
    );
    assert_eq!(answer["scope"], AGS_SCOPES[3]);
    let stranger = FakeTool::start().await;
    for (who, changes, error) in [
        (
            &tool,
            [("grant_type", "password")],
            "unsupported_grant_type",
        ),
        (&tool, [("scope", "")], "invalid_request"),
        (&tool, [("client_assertion", "x.y")], "invalid_grant"),
        (&stranger, [("nothing", "")], "invalid_client"),
    ] {
        let (status, answer) = ask(who, &token, &changes, &claims).await;
        assert_eq!((status, &answer["error"]), (400, &json!(error)));
    }
    claims["exp"] = json!(lms.clock().seconds() - 1);
    let (_, answer) = ask(&tool, &token, &[], &claims).await;
    assert_eq!(answer["error"], "invalid_grant");
    let nowhere = format!("{}/another", lms.endpoints().token);
    assert_eq!(
        ask(&tool, &nowhere, &[], &claims).await.1["error"],
        "invalid_client"
    );
}

#[tokio::test]
async fn a_key_can_be_pasted_where_there_is_no_key_set() {
    let (lms, tool, _) = FakeTool::at(like(Profile::openedx())).await;
    let browser = Browser::new().unwrap();
    let page = browser
        .get(&format!("{}/tools/new", lms.url()))
        .await
        .unwrap();
    let mut form = page.form_to("/tools/manual").unwrap();
    form.set("login_url", format!("{}/login", tool.url));
    form.set("redirect_uris", format!("{}/launch", tool.url));
    form.set("public_key", "no key");
    assert_eq!(browser.submit(&page, &form).await.unwrap().status, 400);
    form.set("public_key", tool.key.public_pem().unwrap());
    assert_eq!(browser.submit(&page, &form).await.unwrap().status, 200);
    let pasted = lms.tools().pop().unwrap();
    let token = lms.endpoints_of(&pasted.client_id).unwrap().token;
    let claims = assertion_claims(&lms, &pasted.client_id);
    assert_eq!(ask(&tool, &token, &[], &claims).await.0, 200);
    let stranger = FakeTool::start().await;
    assert_eq!(
        ask(&stranger, &token, &[], &claims).await.1["error"],
        "invalid_client"
    );
}

#[tokio::test]
async fn openolat_knows_a_login_by_its_own_signature() {
    let (lms, tool, registered) = FakeTool::at(like(Profile::openolat())).await;
    let login = lms
        .login_request(&Launch::new(&registered.client_id))
        .unwrap();
    let hint = jose::decode(login.field("login_hint").unwrap()).unwrap();
    assert_eq!(hint.claims["deploymentKey"], 17);
    assert_eq!(login.field("lti_message_hint"), Some("5"));
    let forged = tool.key.sign(&hint.header, &hint.claims).unwrap();
    let elsewhere = format!("{}/launch?x=1", tool.url);
    let refused: [(&str, Option<&str>); 5] = [
        ("login_hint", Some(&forged)),
        ("login_hint", None),
        ("login_hint", Some("5")),
        ("redirect_uri", Some(&elsewhere)),
        ("redirect_uri", None),
    ];
    assert_eq!(after(&lms, &tool, &registered, &refused).await, [400; 5]);
    let ignored = [
        ("scope", None),
        ("client_id", Some("another")),
        ("nonce", None),
    ];
    assert_eq!(after(&lms, &tool, &registered, &ignored).await, [200; 3]);
    assert!(tool.claims().get("nonce").is_none());
    // With no redirect URI configured, any will do.
    let mut open_door: ManualTool = tool.manual();
    open_door.facts.redirect_uris.clear();
    let open_door = lms.register_tool(open_door);
    let anywhere = [("redirect_uri", Some(elsewhere.as_str()))];
    assert_eq!(after(&lms, &tool, &open_door, &anywhere).await, [200]);
    let mut claims = assertion_claims(&lms, &registered.client_id);
    claims["aud"] = json!("https://anywhere.example.com");
    let answer = ask(&tool, &lms.endpoints().token, &[], &claims).await;
    assert_eq!(answer.0, 200, "{}", answer.1);
}

#[tokio::test]
async fn schoology_is_one_issuer_and_keeps_to_the_text() {
    let (lms, tool, registered) = FakeTool::at(like(Profile::schoology())).await;
    assert_eq!(lms.endpoints().issuer, "https://schoology.schoology.com");
    assert!(
        lms.endpoints()
            .authorization
            .ends_with("/lti-service/authorize-redirect")
    );
    let elsewhere = format!("{}/launch/", tool.url);
    let refused: [(&str, Option<&str>); 3] = [
        ("redirect_uri", Some(&elsewhere)),
        ("scope", None),
        ("nonce", None),
    ];
    assert_eq!(after(&lms, &tool, &registered, &refused).await, [404; 3]);
    let url = lms.endpoints().token;
    let mut claims = assertion_claims(&lms, &registered.client_id);
    assert_eq!(ask(&tool, &url, &[], &claims).await.0, 200);
    claims["aud"] = json!(lms.endpoints().issuer);
    assert_eq!(
        ask(&tool, &url, &[], &claims).await.1["error"],
        "invalid_client"
    );
    // Another school installs the same app: the same client, another deployment.
    let deployment = "second-school";
    lms.change_tool(&registered.client_id, |tool| {
        deployment.clone_into(&mut tool.deployment_id);
    })
    .unwrap();
    open(&lms, &Launch::new(&registered.client_id)).await;
    assert_eq!(tool.claims()[claim_name("deployment_id")], deployment);
    assert_eq!(tool.claims()["aud"], registered.client_id.as_str());
}
