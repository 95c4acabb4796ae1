//! From login initiation to the posted token.
#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

mod support;

use serde_json::{Value, json};
use simulator::{
    browser::Browser,
    jose::{self, SigningKey},
    lms::{Endpoint, Launch},
};
use support::FakeTool;

#[tokio::test]
async fn a_student_launch_ends_in_a_token_of_moodles_shape() {
    let (lms, tool, registered) = FakeTool::at_an_lms().await;
    let browser = Browser::new().unwrap();
    let page = lms
        .launch(&browser, &Launch::new(&registered.client_id))
        .await
        .unwrap();
    assert_eq!(page.text(), "launched");

    let login = tool.last_login();
    assert_eq!(login["iss"], lms.url());
    assert_eq!(login["login_hint"], "5");
    assert_eq!(login["target_link_uri"], format!("{}/launch", tool.url));
    assert_eq!(login["client_id"], registered.client_id);
    assert_eq!(login["lti_deployment_id"], "1");
    let hint: Value = serde_json::from_str(&login["lti_message_hint"]).unwrap();
    assert_eq!(hint["cmid"], 2);

    let posted = tool.posted();
    assert_eq!(posted["state"], "state-1");
    assert_eq!(posted.len(), 2);
    let keys = Browser::new()
        .unwrap()
        .get(&lms.endpoints().jwks)
        .await
        .unwrap()
        .json()
        .unwrap();
    let claims = jose::verify(&posted["id_token"], &keys).unwrap();
    let header = jose::decode(&posted["id_token"]).unwrap().header;
    assert_eq!(
        header,
        json!({ "typ": "JWT", "alg": "RS256", "kid": lms.key().kid() })
    );

    let iat = claims["iat"].as_i64().unwrap();
    let base = lms.url();
    let expected = json!({
        "nonce": "nonce-1",
        "iat": iat,
        "exp": iat + 60,
        "iss": base,
        "aud": registered.client_id,
        "https://purl.imsglobal.org/spec/lti/claim/deployment_id": "1",
        "https://purl.imsglobal.org/spec/lti/claim/target_link_uri": format!("{}/launch", tool.url),
        "sub": "5",
        "https://purl.imsglobal.org/spec/lti/claim/lis": {
            "person_sourcedid": "sis-sam",
            "course_section_sourcedid": "sis-rust101",
        },
        "https://purl.imsglobal.org/spec/lti/claim/roles": ["http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"],
        "https://purl.imsglobal.org/spec/lti/claim/context": {
            "id": "2", "label": "RUST101", "title": "Programming in Rust", "type": ["CourseSection"],
        },
        "https://purl.imsglobal.org/spec/lti/claim/message_type": "LtiResourceLinkRequest",
        "https://purl.imsglobal.org/spec/lti/claim/resource_link": {
            "title": "Getting started", "description": "The first week", "id": "1",
        },
        "https://purl.imsglobal.org/spec/lti-bo/claim/basicoutcome": {
            "lis_result_sourcedid":
                r#"{"data":{"instanceid":"1","userid":"5","typeid":"1"},"hash":"not-checked"}"#,
            "lis_outcome_service_url": format!("{base}/mod/lti/service.php"),
        },
        "given_name": "Sam",
        "family_name": "Rivera",
        "name": "Sam Rivera",
        "https://purl.imsglobal.org/spec/lti/claim/ext": { "user_username": "sam", "lms": "moodle-2" },
        "email": "sam@example.com",
        "https://purl.imsglobal.org/spec/lti/claim/launch_presentation": {
            "locale": "en", "document_target": "iframe", "return_url": format!("{base}/return?course=2&link=1"),
        },
        "https://purl.imsglobal.org/spec/lti/claim/tool_platform": {
            "product_family_code": "moodle",
            "version": "2024100705.01",
            "guid": "5f2d1c7a9b0e4836a1d4c8e7b6f50312",
            "name": "Example School",
            "description": "The pretend LMS of an invented school",
        },
        "https://purl.imsglobal.org/spec/lti/claim/version": "1.3.0",
        "https://purl.imsglobal.org/spec/lti/claim/custom": {
            "context_memberships_url": format!("{base}/mod/lti/services.php/CourseSection/2/bindings/1/memberships"),
        },
        "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint": {
            "scope": [
                "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem",
                "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly",
                "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly",
                "https://purl.imsglobal.org/spec/lti-ags/scope/score",
            ],
            "lineitems": format!("{base}/mod/lti/services.php/2/lineitems?type_id=1"),
            "lineitem": format!("{base}/mod/lti/services.php/2/lineitems/1/lineitem?type_id=1"),
        },
        "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice": {
            "context_memberships_url": format!("{base}/mod/lti/services.php/CourseSection/2/bindings/1/memberships"),
            "service_versions": ["1.0", "2.0"],
        },
    });
    // As text, so that the order counts.
    assert_eq!(format!("{claims:#}"), format!("{expected:#}"));
}

#[tokio::test]
async fn what_a_tool_is_told_depends_on_its_registration() {
    let (lms, tool, registered) = FakeTool::at_an_lms().await;
    lms.change_tool(&registered.client_id, |tool| {
        tool.facts.names = false;
        tool.facts.email = false;
        tool.facts.scopes.clear();
        for (name, value) in [
            ("who", "$User.username"),
            ("where", "$Context.title"),
            ("odd", "$No.such"),
            ("fix", "a=b"),
        ] {
            tool.facts.custom.insert(name.to_owned(), json!(value));
        }
    })
    .unwrap();
    lms.launch(
        &Browser::new().unwrap(),
        &Launch::new(&registered.client_id).teacher(),
    )
    .await
    .unwrap();
    let claims = tool.claims();
    for absent in [
        "name",
        "given_name",
        "family_name",
        "email",
        "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint",
        "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice",
    ] {
        assert_eq!(claims.get(absent), None, "{absent}");
    }
    assert_eq!(
        claims["https://purl.imsglobal.org/spec/lti/claim/custom"],
        json!({ "who": "maria", "where": "Programming in Rust", "odd": "$No.such", "fix": "a=b" })
    );
    assert_eq!(
        claims["https://purl.imsglobal.org/spec/lti/claim/roles"],
        json!(["http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor"])
    );
}

#[tokio::test]
async fn requests_that_no_redirect_uri_can_be_told_end_on_a_page() {
    for (name, value) in [
        ("scope", None),
        ("scope", Some("openid profile")),
        ("response_type", None),
        ("response_type", Some("code")),
        ("client_id", None),
        ("redirect_uri", None),
        ("redirect_uri", Some("http://127.0.0.2/elsewhere")),
        ("login_hint", None),
        ("lti_message_hint", None),
        ("lti_message_hint", Some("{\"launchid\":\"ltilaunch1_1\"}")),
        ("lti_message_hint", Some("\"x\"")),
        ("nonce", None),
    ] {
        let (lms, tool, registered) = FakeTool::at_an_lms().await;
        tool.say(name, value);
        let page = lms
            .launch(
                &Browser::new().unwrap(),
                &Launch::new(&registered.client_id),
            )
            .await
            .unwrap();
        assert_eq!((page.status, tool.launches()), (404, 0), "{name} {value:?}");
    }
}

#[tokio::test]
async fn a_redirect_uri_is_compared_to_the_letter() {
    let (lms, tool, registered) = FakeTool::at_an_lms().await;
    for more in ["/", "?a=1", "#x"] {
        tool.say("redirect_uri", Some(&format!("{}/launch{more}", tool.url)));
        let page = lms
            .launch(
                &Browser::new().unwrap(),
                &Launch::new(&registered.client_id),
            )
            .await
            .unwrap();
        assert_eq!((page.status, tool.launches()), (404, 0), "{more}");
    }
}

#[tokio::test]
async fn other_mistakes_are_posted_to_the_tool() {
    for (name, value, error, description) in [
        ("client_id", Some("somebody"), "unauthorized_client", None),
        ("login_hint", Some("6"), "access_denied", None),
        (
            "response_mode",
            Some("query"),
            "invalid_request",
            Some("Invalid response_mode"),
        ),
        (
            "response_mode",
            None,
            "invalid_request",
            Some("Invalid response_mode"),
        ),
        (
            "prompt",
            Some("login"),
            "invalid_request",
            Some("Invalid prompt"),
        ),
    ] {
        let (lms, tool, registered) = FakeTool::at_an_lms().await;
        tool.say(name, value);
        lms.launch(
            &Browser::new().unwrap(),
            &Launch::new(&registered.client_id),
        )
        .await
        .unwrap();
        let posted = tool.posted();
        assert_eq!(posted["error"], error, "{name}");
        assert_eq!(
            posted.get("error_description").map(String::as_str),
            description,
            "{name}"
        );
        assert_eq!(posted["state"], "state-1");
        assert!(!posted.contains_key("id_token"));
    }
}

#[tokio::test]
async fn prompt_and_state_may_be_left_out() {
    let (lms, tool, registered) = FakeTool::at_an_lms().await;
    tool.say("prompt", None);
    tool.say("state", None);
    lms.launch(
        &Browser::new().unwrap(),
        &Launch::new(&registered.client_id),
    )
    .await
    .unwrap();
    assert_eq!(tool.posted()["state"], "");
    assert!(tool.posted().contains_key("id_token"));
}

#[tokio::test]
async fn a_login_is_answered_once_also_by_post() {
    let (lms, tool, registered) = FakeTool::at_an_lms().await;
    let request = lms
        .login_request(&Launch::new(&registered.client_id))
        .unwrap();
    let redirect = format!("{}/launch", tool.url);
    let fields = [
        ("scope", "openid"),
        ("response_type", "id_token"),
        ("response_mode", "form_post"),
        ("client_id", &registered.client_id),
        ("redirect_uri", &redirect),
        ("login_hint", request.field("login_hint").unwrap()),
        (
            "lti_message_hint",
            request.field("lti_message_hint").unwrap(),
        ),
        ("nonce", "n"),
    ];
    let browser = Browser::new().unwrap();
    let first = browser
        .post_form(&lms.endpoints().authorization, &fields)
        .await
        .unwrap();
    assert!(first.auto_form().unwrap().field("id_token").is_some());
    let second = browser
        .post_form(&lms.endpoints().authorization, &fields)
        .await
        .unwrap();
    assert_eq!((second.status, second.auto_form()), (404, None));
    assert_eq!(lms.hits(Endpoint::Authorization), 2);
}

#[tokio::test]
async fn two_launches_at_the_same_time_do_not_disturb_each_other() {
    let (lms, tool, registered) = FakeTool::at_an_lms().await;
    let (one, two) = (Browser::new().unwrap(), Browser::new().unwrap());
    let sam = Launch::new(&registered.client_id);
    let priya = sam.clone().user("6");
    let (sam, priya) = tokio::join!(lms.launch(&one, &sam), lms.launch(&two, &priya));
    assert_eq!(
        (sam.unwrap().status, priya.unwrap().status, tool.launches()),
        (200, 200, 2)
    );
}

#[tokio::test]
async fn tokens_can_be_made_wrong_on_purpose() {
    let (lms, tool, registered) = FakeTool::at_an_lms().await;
    let browser = Browser::new().unwrap();
    let stranger = SigningKey::generate().unwrap().with_kid(lms.key().kid());
    let launch = Launch::new(&registered.client_id)
        .without("sub")
        .with("deployment_id", "other")
        .with("aud", json!(["a", "b"]))
        .signed_by(stranger);
    lms.launch(&browser, &launch).await.unwrap();
    let claims = tool.claims();
    assert_eq!(claims.get("sub"), None);
    assert_eq!(claims["aud"], json!(["a", "b"]));
    assert_eq!(
        claims["https://purl.imsglobal.org/spec/lti/claim/deployment_id"],
        "other"
    );
    let keys = browser
        .get(&lms.endpoints().jwks)
        .await
        .unwrap()
        .json()
        .unwrap();
    assert_eq!(
        jose::verify(&tool.posted()["id_token"], &keys),
        Err(jose::BadToken::Signature)
    );

    lms.launch(
        &browser,
        &Launch::new(&registered.client_id).header(json!({ "alg": "none" })),
    )
    .await
    .unwrap();
    assert!(tool.posted()["id_token"].ends_with('.'));
}

#[tokio::test]
async fn keys_rotate_and_old_ones_can_go() {
    let (lms, _tool, _registered) = FakeTool::at_an_lms().await;
    let browser = Browser::new().unwrap();
    let kids = async || {
        let keys = browser
            .get(&lms.endpoints().jwks)
            .await
            .unwrap()
            .json()
            .unwrap();
        keys["keys"]
            .as_array()
            .unwrap()
            .iter()
            .map(|key| key["kid"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let old = lms.key();
    let new = lms.rotate_key().unwrap();
    assert_eq!(kids().await, [new.kid(), old.kid()]);
    lms.drop_old_keys();
    assert_eq!(kids().await, [new.kid()]);
    assert_eq!(lms.jwks_hits(), 2);
}

#[tokio::test]
async fn pages_show_people_tools_and_the_wire_and_escape_it_all() {
    let (lms, _tool, registered) = FakeTool::at_an_lms().await;
    lms.change_tool(&registered.client_id, |tool| {
        tool.facts.name = "<script>alert(1)</script>".to_owned();
    })
    .unwrap();
    let browser = Browser::new().unwrap();
    lms.launch(&browser, &Launch::new(&registered.client_id))
        .await
        .unwrap();
    for path in [
        "/",
        "/tools/new",
        &format!("/tools/{}", registered.client_id),
        "/wire",
        "/return?lti_errormsg=Oh",
    ] {
        let page = browser.get(&format!("{}{path}", lms.url())).await.unwrap();
        assert_eq!(page.status, 200, "{path}");
        assert!(!page.text().contains("<script>alert"), "{path}");
    }
    let wire: Vec<&str> = lms.wire().iter().map(|exchange| exchange.title).collect();
    assert_eq!(wire, ["login initiation", "authentication request"]);

    // As a person does it: choose on the tool's page, get a frame, look into it.
    let page = browser
        .get(&format!("{}/tools/{}", lms.url(), registered.client_id))
        .await
        .unwrap();
    let mut form = page.form_to("/frame").unwrap();
    form.set("user", "3");
    let framed = browser.submit(&page, &form).await.unwrap().text();
    assert!(framed.contains("Maria Okafor") && framed.contains("<iframe"));
}
