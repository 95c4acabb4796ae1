#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};
use test_case::cases;
use url::Url;

use super::*;
use crate::claims::name::{PLATFORM_CONFIGURATION, TOOL_CONFIGURATION};
use crate::claims::scope;
use crate::message::MessageType;

fn sample(name: &str) -> PlatformConfiguration {
    let bytes: &[u8] = match name {
        "blackboard" => include_bytes!("samples/blackboard.json"),
        "canvas" => include_bytes!("samples/canvas.json"),
        "d2l" => include_bytes!("samples/d2l.json"),
        "ilias" => include_bytes!("samples/ilias.json"),
        "moodle" => include_bytes!("samples/moodle.json"),
        _ => include_bytes!("samples/sakai.json"),
    };
    PlatformConfiguration::parse(bytes).unwrap()
}

fn plain() -> Value {
    json!({
        "issuer": "https://p1.test",
        "authorization_endpoint": "https://p1.test/auth",
        "registration_endpoint": "https://p1.test/register?x=1",
        "jwks_uri": "https://p1.test/keys",
        "token_endpoint": "https://p1.test/token",
        PLATFORM_CONFIGURATION: {"product_family_code": "x", "version": "1", "messages_supported": [
            {"type": "LtiResourceLinkRequest"}, {"type": "LtiDeepLinkingRequest"}]},
    })
}

fn plain_but(changes: &[(&str, Value)]) -> Value {
    let mut document = plain();
    for (name, value) in changes {
        let members = document.as_object_mut().unwrap();
        if value.is_null() {
            members.remove(*name);
        } else {
            members.insert((*name).to_owned(), value.clone());
        }
    }
    document
}

fn read(document: &Value) -> Result<PlatformConfiguration, ConfigurationError> {
    PlatformConfiguration::parse(document.to_string().as_bytes())
}

fn check(document: &Value, from: &str) -> Result<CheckedConfiguration, ConfigurationError> {
    read(document)?.check(&Url::parse(from).unwrap())
}

#[test]
fn every_sample_is_accepted_from_its_own_host() {
    for (name, from, family) in [
        (
            "moodle",
            "https://moodle.example.edu/mod/lti/openid-configuration.php",
            Family::Moodle,
        ),
        (
            "canvas",
            "https://canvas.instructure.com/api/lti/x?registration_token=y",
            Family::Canvas,
        ),
        (
            "canvas",
            "https://school.instructure.com/api/lti/x",
            Family::Canvas,
        ),
        (
            "sakai",
            "https://sakai.example.edu/imsblis/lti13/well_known?key=1",
            Family::Sakai,
        ),
        (
            "ilias",
            "https://ilias.example.edu/lticonfig.php",
            Family::Ilias,
        ),
        (
            "blackboard",
            "https://developer.blackboard.com/api/v1/x",
            Family::Blackboard,
        ),
        (
            "d2l",
            "https://school.brightspace.com/d2l/x",
            Family::Brightspace,
        ),
    ] {
        let platform = sample(name);
        assert_eq!(platform.family(), family, "{name}");
        let checked = platform.check(&Url::parse(from).unwrap());
        assert!(checked.is_ok(), "{name}: {checked:?}");
    }
}

#[cases("TC-186")]
#[test]
fn vendors_are_known_by_table_and_label() {
    let platform = sample("canvas");
    for from in [
        "https://evilinstructure.com/x",
        "https://instructure.com.evil.test/x",
        "https://school.instructure.com:8443/x",
        "http://school.instructure.com/x",
        "https://school.canvas.test/x",
    ] {
        let refused = platform.check(&Url::parse(from).unwrap());
        assert!(
            matches!(refused, Err(ConfigurationError::IssuerMismatch { .. })),
            "{from}"
        );
    }
    let from = Url::parse("https://school.instructure.com/x").unwrap();
    let checked = platform.check(&from).unwrap();
    assert_eq!(checked.vendor, Some(CloudVendor::Canvas));
    assert_eq!(checked.authorization_server, AuthorizationServer::Ignored);
    assert!(
        checked
            .warnings
            .contains(&ConfigurationWarning::AuthorizationServerIgnored)
    );
    assert_eq!(checked.foreign_origins.len(), 2);
    assert!(CloudVendor::shares_client_ids("https://blackboard.com"));
    // Each school on hosted Canvas has its own client ids.
    for issuer in [
        "https://canvas.instructure.com",
        "https://blackboard.com/",
        "https://p1.test",
    ] {
        assert!(!CloudVendor::shares_client_ids(issuer), "{issuer}");
    }
}

#[cases("TC-204", "TC-205", "TC-206")]
#[test]
fn the_issuer_must_host_the_document() {
    for from in [
        "https://evil.test/c",
        "https://p1.test.evil.test/c",
        "https://p1.test@evil.test/c",
        "https://p1.test:8443/c",
        "http://p1.test/c",
    ] {
        let refused = check(&plain(), from);
        assert!(
            matches!(refused, Err(ConfigurationError::IssuerMismatch { .. })),
            "{from}"
        );
    }
    assert!(check(&plain(), "https://p1.test/any/where?x=1").is_ok());
    assert!(check(&plain(), "https://p1.test:443/").is_ok());
}

#[cases("TC-207")]
#[test]
fn other_documents_are_refused() {
    for body in [
        "<html>",
        "",
        "[]",
        "null",
        "{\"issuer\":1,\"issuer\":2}",
        "{",
    ] {
        let refused = PlatformConfiguration::parse(body.as_bytes());
        assert!(
            matches!(refused, Err(ConfigurationError::Json(_))),
            "{body}"
        );
    }
}

#[cases("TC-208")]
#[test]
fn missing_members_are_named() {
    for name in [
        "issuer",
        "authorization_endpoint",
        "registration_endpoint",
        "jwks_uri",
        "token_endpoint",
        PLATFORM_CONFIGURATION,
    ] {
        for value in [Value::Null, json!(""), json!(1), json!([])] {
            let refused = read(&plain_but(&[(name, value)])).unwrap_err();
            assert_eq!(refused, ConfigurationError::MissingMember(name));
            assert!(refused.to_string().contains(name));
        }
    }
}

#[cases("TC-209", "TC-210")]
#[test]
fn needed_values_are_required_where_lists_exist() {
    for (member, list) in [
        ("id_token_signing_alg_values_supported", json!(["HS256"])),
        (
            "token_endpoint_auth_methods_supported",
            json!(["client_secret_basic"]),
        ),
        (
            "token_endpoint_auth_signing_alg_values_supported",
            json!([]),
        ),
        ("response_types_supported", json!(["code"])),
    ] {
        let refused = check(&plain_but(&[(member, list)]), "https://p1.test/").unwrap_err();
        assert!(
            matches!(refused, ConfigurationError::Unsupported { member: m, .. } if m == member)
        );
    }
    let checked = check(&plain(), "https://p1.test/").unwrap();
    assert!(
        checked
            .warnings
            .contains(&ConfigurationWarning::MissingList(
                "response_types_supported"
            ))
    );
}

#[cases("TC-211")]
#[test]
fn https_never_steps_down_to_http() {
    let http = plain_but(&[("registration_endpoint", json!("http://p1.test/r"))]);
    assert_eq!(
        check(&http, "https://p1.test/").unwrap_err(),
        ConfigurationError::NotHttps("registration_endpoint")
    );
    let odd = plain_but(&[("jwks_uri", json!("file:///etc/passwd"))]);
    assert_eq!(
        read(&odd).unwrap_err(),
        ConfigurationError::BadAddress("jwks_uri")
    );
    let local: Value = serde_json::from_str(
        &plain()
            .to_string()
            .replace("https://p1.test", "http://127.0.0.1:8081"),
    )
    .unwrap();
    assert!(check(&local, "http://127.0.0.1:8081/mod/lti/c.php").is_ok());
}

#[cases("TC-220")]
#[test]
fn authorization_server_needs_a_host_of_the_platform() {
    let server = |value: &str| {
        let document = plain_but(&[("authorization_server", json!(value))]);
        check(&document, "https://p1.test/")
            .unwrap()
            .authorization_server
    };
    let usable = "https://p1.test/as";
    assert_eq!(server(usable), AuthorizationServer::Usable(usable.into()));
    let evil = "https://victim.test/token";
    assert_eq!(server(evil), AuthorizationServer::Foreign(evil.into()));
    let port = "https://p1.test:8443/as";
    assert_eq!(server(port), AuthorizationServer::Foreign(port.into()));
    assert_eq!(server("p1.test"), AuthorizationServer::Ignored);
    assert_eq!(server(""), AuthorizationServer::Absent);

    let from = Url::parse("https://school.brightspace.com/d2l/x").unwrap();
    let audience = "https://api.brightspace.com/auth/token";
    assert_eq!(
        sample("d2l").check(&from).unwrap().authorization_server,
        AuthorizationServer::Usable(audience.into())
    );
}

#[cases("TC-220")]
#[test]
fn tokens_come_from_the_platform_or_a_known_vendor() {
    for (own, address) in [
        (true, "https://p1.test/other/token"),
        (true, "https://auth.brightspace.com/core/connect/token"),
        (false, "https://victim.test/token"),
        (false, "https://p1.test:8443/token"),
        (false, "https://auth.brightspace.com.evil.test/token"),
        (false, "https://sso.canvaslms.com/login/oauth2/token"),
    ] {
        let document = plain_but(&[("token_endpoint", json!(address))]);
        let checked = check(&document, "https://p1.test/").unwrap();
        assert_eq!(!checked.foreign_token_endpoint, own, "{address}");
    }
    for (name, from) in [
        ("canvas", "https://school.instructure.com/x"),
        ("blackboard", "https://developer.blackboard.com/x"),
        ("d2l", "https://school.brightspace.com/x"),
        ("moodle", "https://moodle.example.edu/x"),
    ] {
        let checked = sample(name).check(&Url::parse(from).unwrap()).unwrap();
        assert!(!checked.foreign_token_endpoint, "{name}");
    }
}

#[cases("TC-222")]
#[test]
fn displayed_text_has_no_control_characters() {
    let platform = json!({
        "product_family_code": format!("\r\n\u{1b}[2Jmoodle\n{}", "x".repeat(1000)), "version": "\u{7}\n",
        "messages_supported": [{"type": "LtiResourceLinkRequest"}],
    });
    let read = read(&plain_but(&[(PLATFORM_CONFIGURATION, platform)])).unwrap();
    let family = read.product_family_code.unwrap();
    assert!(
        family.starts_with("[2Jmoodlexxx") && family.len() == 100,
        "{family}"
    );
    assert_eq!(read.version, None);
}

#[cases("TC-194")]
#[test]
fn old_moodle_is_read_with_warnings() {
    let mut document = plain_but(&[(PLATFORM_CONFIGURATION, Value::Null)]);
    document.as_object_mut().unwrap().insert(
        format!("{PLATFORM_CONFIGURATION} "),
        json!({"product_family_code": "moodle", "placements": ["ContentArea"],
            "messages_supported": ["LtiResourceLink", "LtiDeepLinkingRequest"]}),
    );
    let platform = read(&document).unwrap();
    for warning in [
        ConfigurationWarning::NameWithSpace,
        ConfigurationWarning::MessagesAsNames,
        ConfigurationWarning::NoVersion,
    ] {
        assert!(platform.warnings.contains(&warning), "{warning}");
    }
    let messages = platform.messages.unwrap();
    assert_eq!(messages[0].message_type, "LtiResourceLinkRequest");
    assert_eq!(messages[1].placements, ["ContentArea"]);
}

fn tool() -> ToolRegistration {
    let mut deep_linking = ToolMessage::new(MessageType::DeepLinking);
    deep_linking.label = Some("Choose content".into());
    deep_linking.placements = vec!["ContentArea".into(), "RichTextEditor".into(), "none".into()];
    deep_linking.extensions.insert(
        "https://canvas.instructure.com/lti/visibility".into(),
        json!("admins"),
    );
    ToolRegistration {
        name: "Example".into(),
        initiate_login_uri: "https://tool.test:8443/lti/login/1".into(),
        redirect_uris: vec!["https://tool.test:8443/lti/launch".into()],
        jwks_uri: "https://tool.test:8443/lti/keys/1".into(),
        target_link_uri: "https://tool.test:8443/lti/launch".into(),
        deep_linking_uri: Some("https://tool.test:8443/lti/deep".into()),
        messages: vec![ToolMessage::new(MessageType::ResourceLink), deep_linking],
        custom_parameters: BTreeMap::from([
            ("course".into(), "$Context.id".into()),
            ("odd".into(), "$No.such".into()),
            ("fixed".into(), "yes".into()),
        ]),
        services: WantedServices {
            grades: true,
            roster: true,
            groups: false,
        },
        ..ToolRegistration::default()
    }
}

fn configuration(request: &Value) -> &Value {
    request.get(TOOL_CONFIGURATION).unwrap()
}

#[cases("TC-183")]
#[test]
fn every_required_member_is_sent() {
    let request = tool().request(&sample("moodle")).unwrap();
    assert_eq!(request["application_type"], "web");
    assert_eq!(request["response_types"], json!(["id_token"]));
    assert_eq!(
        request["grant_types"],
        json!(["implicit", "client_credentials"])
    );
    assert_eq!(request["token_endpoint_auth_method"], "private_key_jwt");
    for name in [
        "initiate_login_uri",
        "redirect_uris",
        "client_name",
        "jwks_uri",
        "scope",
    ] {
        assert!(request.get(name).is_some(), "{name}");
    }
    let tool = configuration(&request);
    assert_eq!(tool["domain"], "tool.test:8443");
    assert_eq!(tool["target_link_uri"], "https://tool.test:8443/lti/launch");
    assert_eq!(
        tool["messages"][1]["target_link_uri"],
        "https://tool.test:8443/lti/deep"
    );
    // This Moodle lists only AddContentMenu, which the tool did not ask for.
    assert_eq!(tool["messages"][1].get("placements"), None);
    assert_eq!(
        tool["claims"],
        json!(["iss", "sub", "name", "given_name", "family_name", "email"])
    );
    assert_eq!(
        tool["custom_parameters"],
        json!({"course": "$Context.id", "fixed": "yes"})
    );
    assert!(!request.to_string().contains("canvas"));
}

#[cases("TC-192")]
#[test]
fn scopes_are_those_the_platform_lists() {
    let every: Vec<&str> = tool().services.scopes().collect();
    assert_eq!(every.len(), 5);
    for (name, roster) in [
        ("moodle", true),
        ("canvas", true),
        ("ilias", false),
        ("sakai", true),
    ] {
        let scopes = tool().scopes(&sample(name));
        assert!(scopes.contains(&scope::SCORE), "{name}");
        assert_eq!(
            scopes.contains(&scope::MEMBERSHIP_READONLY),
            roster,
            "{name}"
        );
    }
    // Blackboard lists no lineitem.readonly.
    assert!(
        !tool()
            .scopes(&sample("blackboard"))
            .contains(&scope::LINE_ITEM_READONLY)
    );
    assert_eq!(tool().scopes(&read(&plain()).unwrap()), every);
}

#[cases("TC-193")]
#[test]
fn messages_are_those_the_platform_lists() {
    let messages = |list: Value| {
        let platform = json!({"messages_supported": list});
        let platform = read(&plain_but(&[(PLATFORM_CONFIGURATION, platform)])).unwrap();
        let request = tool().request(&platform)?;
        Ok(configuration(&request)["messages"]
            .as_array()
            .unwrap()
            .len())
    };
    assert_eq!(messages(json!([{"type": "LtiResourceLinkRequest"}])), Ok(1));
    assert_eq!(messages(json!([])), Ok(2));
    assert_eq!(
        messages(json!(["LtiResourceLink", "LtiDeepLinking"])),
        Ok(2)
    );
    assert_eq!(
        messages(json!([{"type": "LtiEulaRequest"}])),
        Err(RequestError::NoCommonMessage)
    );
}

#[test]
fn canvas_gets_its_extensions_and_placements() {
    let request = tool().request(&sample("canvas")).unwrap();
    let tool = configuration(&request);
    assert_eq!(
        tool["https://canvas.instructure.com/lti/privacy_level"],
        "public"
    );
    let message = &tool["messages"][1];
    assert_eq!(
        message["https://canvas.instructure.com/lti/visibility"],
        "admins"
    );
    assert_eq!(
        message["placements"],
        json!(["ContentArea", "RichTextEditor"])
    );
    assert!(!request["scope"].as_str().unwrap().contains("openid"));
}

#[cases("D-20")]
#[test]
fn a_placement_that_the_platform_never_listed_is_not_sent() {
    let placed = |platform: &PlatformConfiguration, wanted: &[&str]| {
        let mut message = ToolMessage::new(MessageType::ResourceLink);
        message.placements = wanted.iter().map(|name| (*name).to_owned()).collect();
        let tool = ToolRegistration {
            messages: vec![message],
            ..tool()
        };
        let request = tool.request(platform).unwrap();
        configuration(&request)["messages"][0]
            .get("placements")
            .cloned()
    };
    // No list, an empty list, and no mention of messages at all.
    for name in ["moodle", "ilias", "sakai", "blackboard", "d2l"] {
        assert_eq!(placed(&sample(name), &["placement1"]), None, "{name}");
    }
    let mut silent = sample("moodle");
    silent.messages = None;
    assert_eq!(placed(&silent, &["placement1", "ContentArea"]), None);
    let canvas = placed(&sample("canvas"), &["placement1", "course_navigation"]);
    assert_eq!(canvas, Some(json!(["course_navigation"])));
}

#[test]
fn sakais_tiny_lists_are_no_statement() {
    let mut tool = tool();
    tool.privacy = PrivacyLevel::NameOnly;
    let request = tool.request(&sample("sakai")).unwrap();
    let claims = configuration(&request)["claims"].as_array().unwrap();
    assert!(claims.contains(&json!("name")) && !claims.contains(&json!("email")));
}

#[test]
fn messages_have_sensible_defaults() {
    let tool = ToolRegistration {
        target_link_uri: "https://tool.test/lti/launch".into(),
        ..ToolRegistration::default()
    };
    let request = tool.request(&sample("ilias")).unwrap();
    let messages = &configuration(&request)["messages"];
    assert_eq!(
        *messages,
        json!([{"type": "LtiResourceLinkRequest", "target_link_uri": "https://tool.test/lti/launch"}])
    );
    assert_eq!(configuration(&request)["domain"], "tool.test");
    let broken = ToolRegistration::default().request(&sample("ilias"));
    assert_eq!(broken, Err(RequestError::BadTarget));
}

#[test]
fn privacy_levels_go_there_and_back() {
    for name in ["public", "name_only", "email_only", "anonymous"] {
        assert_eq!(PrivacyLevel::from_name(name).unwrap().name(), name);
    }
    assert_eq!(PrivacyLevel::from_name("Public"), None);
}

fn answer(body: &Value) -> Result<RegistrationAnswer, AnswerError> {
    RegistrationAnswer::parse(body.to_string().as_bytes())
}

#[cases("TC-187", "TC-188")]
#[test]
fn deployments_are_found_wherever_a_platform_puts_them() {
    let id = |body: Value| answer(&body).unwrap().deployment_id;
    assert_eq!(
        id(json!({"client_id": "c", "deployment_id": "37:a"})).as_deref(),
        Some("37:a")
    );
    let tool = |id: Value| json!({"client_id": "c", TOOL_CONFIGURATION: {"deployment_id": id}});
    assert_eq!(id(tool(json!("2"))).as_deref(), Some("2"));
    assert_eq!(id(tool(json!(17))).as_deref(), Some("17"));
    assert_eq!(id(json!({"client_id": "c"})), None);
    assert_eq!(id(tool(json!(null))), None);
    assert_eq!(id(tool(json!(""))), None);
    for odd in [json!(1.5), json!([]), json!(true), json!("d".repeat(256))] {
        assert_eq!(answer(&tool(odd)), Err(AnswerError::BadDeploymentId));
    }
}

#[cases("TC-190")]
#[test]
fn a_long_number_is_a_client_id() {
    for number in ["10000000000123", "123456789012345678901234567890"] {
        let body = format!("{{\"client_id\":{number}}}");
        assert_eq!(
            RegistrationAnswer::parse(body.as_bytes())
                .unwrap()
                .client_id,
            number
        );
    }
}

#[cases("TC-216")]
#[test]
fn without_client_id_there_is_no_registration() {
    for body in [
        json!({}),
        json!({"client_id": null}),
        json!({"client_id": ""}),
        json!({"client_id": []}),
        json!({"client_id": -1}),
        json!({"client_id": 1.5}),
        json!({"client_id": "c\u{0}"}),
    ] {
        assert_eq!(answer(&body), Err(AnswerError::NoClientId));
    }
    assert!(matches!(
        RegistrationAnswer::parse(b"<html>"),
        Err(AnswerError::Json(_))
    ));
}

#[cases("TC-191")]
#[test]
fn granted_scopes_and_messages_are_read() {
    let granted = answer(&json!({
        "client_id": "c", "scope": "a b", "application_type": ["web"],
        "registration_client_uri": "https://p1.test/r/1", "registration_access_token": "hidden",
        TOOL_CONFIGURATION: {"claims": ["sub"], "messages": [{"type": "LtiDeepLinkingRequest"}]},
    }))
    .unwrap();
    assert_eq!(granted.scopes.as_deref().unwrap(), ["a", "b"]);
    assert_eq!(granted.claims.as_deref().unwrap(), ["sub"]);
    assert_eq!(
        granted.messages.as_deref().unwrap(),
        ["LtiDeepLinkingRequest"]
    );
    assert!(!format!("{granted:?}").contains("hidden"));
    assert_eq!(
        granted.registration_access_token.unwrap().reveal(),
        "hidden"
    );
}

#[cases("TC-213", "TC-214", "TC-215")]
#[test]
fn refusals_are_read_in_every_form() {
    let read = |status, kind: &str, body: &str| {
        let refusal = RegistrationRefusal::from_body(status, Some(kind), body.as_bytes());
        (refusal.code, refusal.message)
    };
    let html = "text/html; charset=utf-8";
    assert_eq!(
        read(401, html, "token_already_used"),
        (
            Some("token_already_used".into()),
            "token_already_used".into()
        )
    );
    assert_eq!(
        read(400, html, "missing required attribute jwks_uri\r\n"),
        (None, "missing required attribute jwks_uri".into())
    );
    assert_eq!(
        read(
            400,
            "application/json",
            r#"{"error":"invalid_client_metadata","error_description":"<b>bad\u0007</b>"}"#
        ),
        (Some("invalid_client_metadata".into()), "<b>bad</b>".into())
    );
    let json = "application/json";
    assert_eq!(
        read(401, json, r#"{"errorMessage":"no"}"#),
        (None, "no".into())
    );
    assert_eq!(
        read(422, json, r#"{"errors":["a",{"message":"b"},3]}"#),
        (None, "a; b".into())
    );
    let general = "The platform refused the registration with HTTP status 404.";
    for body in ["<!DOCTYPE html><html>x", " <p>x", "", "[1", "{}"] {
        assert_eq!(read(404, json, body), (None, general.into()), "{body}");
    }
    assert_eq!(read(404, html, "x <HTML>").1, general);
}

#[test]
fn refusals_are_bounded() {
    let body = "ü\u{1b}[31m".repeat(10_000);
    let refusal = RegistrationRefusal::from_body(400, None, body.as_bytes());
    assert!(refusal.message.len() <= 2048 && !refusal.message.contains('\u{1b}'));
}

proptest! {
    #[test]
    fn never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = PlatformConfiguration::parse(&bytes);
        let _ = RegistrationAnswer::parse(&bytes);
        let _ = RegistrationRefusal::from_body(400, Some("text/plain"), &bytes);
    }

    #[test]
    fn odd_addresses_never_panic(issuer in ".{0,40}", endpoint in "https?://.{0,40}") {
        let document = plain_but(&[("issuer", json!(issuer)), ("token_endpoint", json!(endpoint)),
            ("authorization_server", json!(endpoint))]);
        let _ = check(&document, "https://p1.test/c");
    }
}

#[cases("SV-21", "D-20")]
#[test]
fn canvas_alone_gets_the_details_of_each_placement() {
    let prefix = "https://canvas.instructure.com/lti/";
    let mut message = ToolMessage::new(MessageType::ResourceLink);
    message.label = Some("Quiz".into());
    message.visibility = Some(Visibility::Members);
    let of = ["global_navigation", "course_navigation", "moon_navigation"];
    message.placements = of.map(str::to_owned).to_vec();
    let details = |label: &str, default_enabled: Option<bool>| PlacementDetails {
        label: Some(label.to_owned()),
        icon_uri: Some("https://tool.test/menu.png".into()),
        target_link_uri: Some("https://tool.test/lti/launch?from=menu".into()),
        custom_parameters: BTreeMap::from([("from".into(), "menu".into())]),
        visibility: default_enabled.map(|_| Visibility::Admins),
        default_enabled,
    };
    message.placement_details = BTreeMap::from([
        (
            "course_navigation".into(),
            details("Course quizzes", Some(false)),
        ),
        ("moon_navigation".into(), details("Moon", None)),
    ]);
    let tool = ToolRegistration {
        messages: vec![message],
        ..tool()
    };
    let to = |name: &str| configuration(&tool.request(&sample(name)).unwrap())["messages"].clone();
    let target = json!(tool.target_link_uri);
    assert_eq!(
        to("canvas"),
        json!([
            {
                "type": "LtiResourceLinkRequest", "target_link_uri": target, "label": "Quiz",
                "placements": ["global_navigation"], (format!("{prefix}visibility")): "members",
            },
            {
                "type": "LtiResourceLinkRequest", "label": "Course quizzes",
                "target_link_uri": "https://tool.test/lti/launch?from=menu",
                "icon_uri": "https://tool.test/menu.png", "custom_parameters": {"from": "menu"},
                "placements": ["course_navigation"], (format!("{prefix}visibility")): "admins",
                (format!("{prefix}course_navigation/default_enabled")): false,
            },
        ]),
    );
    for name in ["moodle", "ilias", "sakai", "blackboard", "d2l"] {
        let plain =
            json!([{"type": "LtiResourceLinkRequest", "target_link_uri": target, "label": "Quiz"}]);
        assert_eq!(to(name), plain, "{name}");
    }
}
