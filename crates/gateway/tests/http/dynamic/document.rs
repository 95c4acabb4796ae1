//! The registration document, and the JSON of a Canvas developer key: what the tool's settings make
//! of them (lti.md D.3, D-81).

use serde_json::json;
use simulator::profiles::{Profile, TOOL_CONFIGURATION};

use super::*;
use crate::support::Store;

const TEACHER: &str = "http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor";
const CANVAS: &str = "https://canvas.instructure.com/lti/";

/// A tool that says everything there is to say.
fn everything() -> Value {
    json!({
        "name": "Quiz", "names": {"de": "Rätsel", "ja": "クイズ"},
        "description": "Quizzes for every course",
        "logoUrl": "https://tool.example.com/logo.png",
        "customParameters": {
            "history": "$Context.id.history", "school": "$Canvas.account.name", "colour": "a=b",
        },
        "extensions": {
            (format!("{CANVAS}tool_id")): "quiz-1",
            (format!("{CANVAS}vendor")): "Example Ltd",
            "https://example.com/x": {"y": 1},
        },
        "messages": [
            {
                "type": "LtiResourceLinkRequest", "label": "Open quiz",
                "iconUrl": "https://tool.example.com/icon.png",
                "placements": ["course_navigation", "ContentArea"],
                "targetPath": "/lti/launch?page=quiz", "roles": [TEACHER],
                "customParameters": {"user": "$User.id", "unknown": "$No.such"},
                "extensions": {
                    (format!("{CANVAS}course_navigation/default_enabled")): false,
                    (format!("{CANVAS}display_type")): "full_width_in_context",
                },
            },
            {
                "type": "LtiDeepLinkingRequest", "label": "Pick a quiz",
                "placements": ["ContentArea", "RichTextEditor"],
            },
        ],
    })
}

async fn sent_to(profile: &str, settings: Value) -> (Gateway, Value) {
    let (gateway, lms) =
        (Gateway::start_with(Store::Sqlite, settings).await, lms_of(profile).await);
    let (_, page) = register(&gateway, &lms).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let document = posted(&lms);
    (gateway, document)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn moodle_gets_everything_but_canvas_extensions() {
    let (gateway, sent) = sent_to("moodle", everything()).await;
    let id = only_platform(&gateway).await["id"].as_str().unwrap().to_owned();
    let domain = gateway.url.trim_start_matches("http://");
    let launch = gateway.at("/lti/launch");
    let scope = |name: &str| format!("https://purl.imsglobal.org/spec/lti-{name}");
    let scopes = [
        scope("ags/scope/lineitem"),
        scope("ags/scope/lineitem.readonly"),
        scope("ags/scope/result.readonly"),
        scope("ags/scope/score"),
        scope("nrps/scope/contextmembership.readonly"),
    ];
    let mut asked: Vec<&str> = sent["scope"].as_str().unwrap().split(' ').collect();
    asked.sort_unstable();
    assert_eq!(asked, scopes);
    let mut rest = sent.clone();
    rest.as_object_mut().unwrap().shift_remove("scope");
    assert_eq!(
        rest,
        json!({
            "application_type": "web", "response_types": ["id_token"],
            "grant_types": ["implicit", "client_credentials"],
            "initiate_login_uri": gateway.at(&format!("/lti/login/{id}")),
            "redirect_uris": [launch],
            "client_name": "Quiz", "jwks_uri": gateway.at(&format!("/lti/keys/{id}")),
            "token_endpoint_auth_method": "private_key_jwt",
            "client_name#de": "Rätsel", "client_name#ja": "クイズ",
            "logo_uri": "https://tool.example.com/logo.png",
            (TOOL_CONFIGURATION): {
                "domain": domain, "description": "Quizzes for every course",
                "target_link_uri": launch,
                // Moodle doesn't know Canvas's variable, and reads what is no variable as it
                // stands.
                "custom_parameters": {"history": "$Context.id.history", "colour": "a=b"},
                "claims": ["iss", "sub", "name", "given_name", "family_name", "email"],
                "messages": [
                    {
                        "type": "LtiResourceLinkRequest",
                        "target_link_uri": format!("{launch}?page=quiz"), "label": "Open quiz",
                        "icon_uri": "https://tool.example.com/icon.png",
                        // Moodle lists placements of deep linking only.
                        "custom_parameters": {"user": "$User.id"}, "roles": [TEACHER],
                    },
                    {
                        "type": "LtiDeepLinkingRequest", "target_link_uri": launch,
                        "label": "Pick a quiz", "placements": ["ContentArea"],
                    },
                ],
                "https://example.com/x": {"y": 1},
            },
        })
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn canvas_gets_its_extensions_too() {
    let (_gateway, sent) = sent_to("canvas", everything()).await;
    let tool = &sent[TOOL_CONFIGURATION];
    assert_eq!(tool[format!("{CANVAS}privacy_level")], "public");
    assert_eq!(tool[format!("{CANVAS}tool_id")], "quiz-1");
    assert_eq!(tool[format!("{CANVAS}vendor")], "Example Ltd");
    assert_eq!(tool["https://example.com/x"]["y"], 1);
    let messages = &tool["messages"];
    assert_eq!(messages[0][format!("{CANVAS}course_navigation/default_enabled")], false);
    assert_eq!(messages[0][format!("{CANVAS}display_type")], "full_width_in_context");
    assert_eq!(messages[0]["placements"], json!(["course_navigation", "ContentArea"]));
    assert_eq!(messages[1]["placements"], json!(["ContentArea", "RichTextEditor"]));
    // Of the variables Canvas names only one that was asked for.
    assert_eq!(tool["custom_parameters"], json!({"colour": "a=b"}));
    assert_eq!(messages[0]["custom_parameters"], json!({"user": "$User.id"}));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_profile_accepts_the_full_document() {
    for profile in Profile::all().into_iter().filter(|profile| profile.manual.is_none()) {
        let (_gateway, sent) = sent_to(profile.name, everything()).await;
        assert_eq!(sent["client_name"], "Quiz", "{}", profile.name);
        let to_canvas = sent.to_string().contains(CANVAS);
        assert_eq!(to_canvas, profile.name == "canvas", "{}", profile.name);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn services_that_are_off_are_not_requested() {
    let settings = json!({"services": {
        "deepLinking": false, "namesAndRoles": false, "assignmentAndGrades": false,
    }});
    let (_gateway, sent) = sent_to("moodle", settings).await;
    assert_eq!(sent["scope"], "");
    let messages = sent[TOOL_CONFIGURATION]["messages"].as_array().unwrap();
    assert_eq!(messages.len(), 1);
    assert_eq!(messages[0]["type"], "LtiResourceLinkRequest");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_urls_privacy_level_reaches_claims_and_canvas() {
    let (gateway, lms) = (Gateway::start(Store::Sqlite).await, lms_of("canvas").await);
    for (level, claims) in [
        (
            "public",
            json!([
                "iss",
                "sub",
                "name",
                "given_name",
                "family_name",
                "email",
                "picture",
                "locale"
            ]),
        ),
        ("name_only", json!(["iss", "sub", "name", "given_name", "family_name", "locale"])),
        ("email_only", json!(["iss", "sub", "email", "locale"])),
        ("anonymous", json!(["iss", "sub", "locale"])),
    ] {
        let (_, page) =
            register_at(&gateway.at(&format!("/lti/register?privacyLevel={level}")), &lms).await;
        assert_eq!(page.status, 200, "{}", page.text());
        let tool = &posted(&lms)[TOOL_CONFIGURATION];
        assert_eq!(tool[format!("{CANVAS}privacy_level")], level);
        assert_eq!(tool["claims"], claims);
    }
    // Only in this spelling; LTIAAS ignores the other.
    let (_, page) = register_at(&gateway.at("/lti/register?privacy_level=anonymous"), &lms).await;
    assert_eq!(page.status, 200);
    assert_eq!(posted(&lms)[TOOL_CONFIGURATION][format!("{CANVAS}privacy_level")], "public");
    let (_, page) = register_at(&gateway.at("/lti/register?privacyLevel=none"), &lms).await;
    assert_refused(&page, 400, "INVALID_REGISTRATION_PARAMETER");
    assert_eq!(lms.tools().len(), 5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_canvas_developer_key_is_exactly_this() {
    let mut settings = everything();
    settings["privacyLevel"] = json!("name_only");
    let gateway = Gateway::start_with(Store::Sqlite, settings).await;
    let domain = gateway.url.trim_start_matches("http://");
    let launch = gateway.at("/lti/launch");
    let key = open(&gateway.at("/register/canvas")).await.json().unwrap();
    assert_eq!(open(&gateway.at("/lti/register/canvas")).await.json().unwrap(), key);
    assert_eq!(
        (&key["title"], &key["description"]),
        (&json!("Quiz"), &json!("Quizzes for every course"))
    );
    assert_eq!(key["oidc_initiation_url"], gateway.at("/lti/login"));
    assert_eq!(key["public_jwk_url"], gateway.at("/lti/keys"));
    assert_eq!(key["target_link_uri"], launch);
    assert_eq!(key["scopes"].as_array().unwrap().len(), 5);
    assert_eq!(key["custom_fields"]["history"], "$Context.id.history");
    let extension = &key["extensions"][0];
    assert_eq!(extension["platform"], "canvas.instructure.com");
    assert_eq!(
        (&extension["domain"], &extension["privacy_level"]),
        (&json!(domain), &json!("name_only"))
    );
    let placements = extension["settings"]["placements"].as_array().unwrap();
    let named: Vec<(&str, &str)> = placements
        .iter()
        .map(|one| (one["placement"].as_str().unwrap(), one["message_type"].as_str().unwrap()))
        .collect();
    // A developer key knows Canvas's own names only.
    assert_eq!(
        named,
        [
            ("course_navigation", "LtiResourceLinkRequest"),
            ("link_selection", "LtiDeepLinkingRequest"),
            ("editor_button", "LtiDeepLinkingRequest"),
        ]
    );
    assert_eq!(extension["tool_id"], "quiz-1");
    assert_eq!(placements[0]["text"], "Open quiz");
    assert_eq!(placements[0]["icon_url"], "https://tool.example.com/icon.png");
    assert_eq!(placements[0]["target_link_uri"], format!("{launch}?page=quiz"));
    assert_eq!(placements[0]["display_type"], "full_width_in_context");
    assert_eq!(placements[0]["default"], "disabled");
    let anonymous =
        open(&gateway.at("/register/canvas?privacyLevel=anonymous")).await.json().unwrap();
    assert_eq!(anonymous["extensions"][0]["privacy_level"], "anonymous");
    let page = open(&gateway.at("/register/canvas?privacyLevel=x")).await;
    assert_refused(&page, 400, "INVALID_PRIVACY_LEVEL");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tool_without_settings_has_a_usable_developer_key() {
    let gateway = Gateway::start(Store::Sqlite).await;
    let key = open(&gateway.at("/register/canvas")).await.json().unwrap();
    let named: Vec<&Value> = key["extensions"][0]["settings"]["placements"]
        .as_array()
        .unwrap()
        .iter()
        .map(|placement| &placement["placement"])
        .collect();
    assert_eq!(named, [&json!("course_navigation"), &json!("link_selection")]);
}
