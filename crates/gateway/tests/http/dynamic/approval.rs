//! What the tool's own page may read of a registration that waits (ltiaas-api.md §5.3).

use serde_json::json;
use simulator::faults::Fault;
use simulator::lms::Endpoint;
use simulator::profiles::{PLATFORM_CONFIGURATION, TOOL_CONFIGURATION};
use test_case::both_stores;

use super::*;
use crate::support::{API_KEY, Store};

const EXAMPLE_ID: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

async fn waiting(store: Store, profile: &str) -> (Gateway, Lms, RegistrationStart, String) {
    let gateway = Gateway::start_with(store, with_approval_page()).await;
    let lms = lms_of(profile).await;
    let (start, id) = wait_for_approval(&gateway, &lms).await;
    (gateway, lms, start, id)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_formatted_object_has_ltiaas_shape() {
    let (gateway, lms, _, id) = waiting(Store::Sqlite, "moodle").await;
    let page = read_waiting(&gateway, &id, "").await;
    assert_eq!(page.status, 200, "{}", page.text());
    let prefix = "https://purl.imsglobal.org/spec/lti";
    let mut answer = page.json().unwrap();
    // LTIAAS's guide shows the object as `value`, its SDKs read it without.
    let value = answer.as_object_mut().unwrap().shift_remove("value");
    assert_eq!(value.as_ref(), Some(&answer));
    assert_eq!(
        answer,
        json!({
            "url": lms.endpoints().issuer,
            "familyCode": "moodle",
            "version": "4.5.5+ (Build: 20250613)",
            "supportedScopes": [
                format!("{prefix}-bo/scope/basicoutcome"),
                format!("{prefix}-ags/scope/lineitem.readonly"),
                format!("{prefix}-ags/scope/result.readonly"),
                format!("{prefix}-ags/scope/score"), format!("{prefix}-ags/scope/lineitem"),
                format!("{prefix}-nrps/scope/contextmembership.readonly"),
                format!("{prefix}-ts/scope/toolsetting"),
                "openid",
            ],
            "supportedMessages": [
                {"type": "LtiResourceLinkRequest"},
                {"type": "LtiDeepLinkingRequest", "placements": ["ContentArea"]},
            ],
        })
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn message_types_that_sdks_refuse_are_left_out() {
    // Blackboard names a ContextLaunchRequest too.
    let (gateway, _lms, _, id) = waiting(Store::Sqlite, "blackboard").await;
    let waiting = read_waiting(&gateway, &id, "").await.json().unwrap();
    let messages = json!([{"type": "LtiResourceLinkRequest"}, {"type": "LtiDeepLinkingRequest"}]);
    assert_eq!(waiting["supportedMessages"], messages);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_platform_leaves_out_is_an_empty_string_or_list() {
    let gateway = Gateway::start_with(Store::Sqlite, with_approval_page()).await;
    let lms = lms_of("moodle").await;
    let inner = |name: &str| format!("/{}/{name}", PLATFORM_CONFIGURATION.replace('/', "~1"));
    let silent = ["product_family_code", "version", "messages_supported"];
    let mut changes: Vec<_> = silent.iter().map(|name| (inner(name), None)).collect();
    changes.push(("/scopes_supported".to_owned(), None));
    lms.faults().set(Endpoint::Configuration, Fault::Change(changes));
    let (_, id) = wait_for_approval(&gateway, &lms).await;
    let empty = json!({
        "url": lms.endpoints().issuer, "familyCode": "", "version": "", "supportedScopes": [],
        "supportedMessages": [],
    });
    let mut answer = read_waiting(&gateway, &id, "").await.json().unwrap();
    assert_eq!(answer.as_object_mut().unwrap().shift_remove("value"), Some(empty.clone()));
    assert_eq!(answer, empty);
    let raw = read_waiting(&gateway, &id, "?raw=true").await.json().unwrap();
    assert_eq!(raw["openIdConfiguration"].get("scopes_supported"), None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn raw_is_the_configuration_as_fetched_and_the_token() {
    let (gateway, lms, start, id) = waiting(Store::Sqlite, "canvas").await;
    let served: Value =
        serde_json::from_str(&said(&lms, "openid-configuration")[0].answer).unwrap();
    let page = read_waiting(&gateway, &id, "?raw=true").await;
    assert_eq!(
        page.json().unwrap(),
        json!({"openIdConfiguration": served, "registrationToken": start.token})
    );
    // Reading uses nothing up, and fetches nothing again.
    assert_eq!(
        read_waiting(&gateway, &id, "?raw=false").await.json().unwrap()["familyCode"],
        "canvas"
    );
    assert_eq!((lms.hits(Endpoint::Configuration), lms.hits(Endpoint::Registration)), (1, 0));
}

// A registration goes on with half an emoji in a text, so its raw form has to be readable, too.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn raw_is_repaired_as_registration_repairs_it() {
    let gateway = Gateway::start_with(Store::Sqlite, with_approval_page()).await;
    let lms = lms_of("moodle").await;
    let served = lms.endpoints();
    let document = json!({
        "issuer": served.issuer, "authorization_endpoint": served.authorization,
        "jwks_uri": served.jwks, "token_endpoint": served.token,
        "registration_endpoint": served.registration, "school": "HALF",
        (PLATFORM_CONFIGURATION): {
            "product_family_code": "moodle",
            "messages_supported": [{"type": "LtiResourceLinkRequest"}],
        },
    });
    let body = format!("\u{feff}{}", document.to_string().replace("HALF", r"Ada \ud83d"));
    let odd = Fault::Answer { status: 200, content_type: "application/json".into(), body };
    lms.faults().set(Endpoint::Configuration, odd);
    let (_, id) = wait_for_approval(&gateway, &lms).await;
    let page = read_waiting(&gateway, &id, "?raw=true").await;
    assert_eq!(page.status, 200, "{}", page.text());
    assert_eq!(page.json().unwrap()["openIdConfiguration"]["school"], "Ada \u{fffd}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn raw_has_an_empty_token_if_the_platform_gave_none() {
    let (gateway, _lms, _, id) = waiting(Store::Sqlite, "brightspace").await;
    let raw = read_waiting(&gateway, &id, "?raw=true").await.json().unwrap();
    assert_eq!(raw["registrationToken"], "");
}

#[both_stores("D-20")]
async fn ltiaas_guide_to_pre_approval_works_as_it_is_printed(store: Store) {
    let (gateway, lms, _, id) = waiting(store, "moodle").await;
    let response = read_waiting(&gateway, &id, "").await.json().unwrap();
    assert_eq!(response["value"]["familyCode"], "moodle");
    assert_eq!(response["value"]["supportedMessages"], response["supportedMessages"]);
    let body = json!({
        "platformName": "Platform name",
        "autoActivate": true,
        "messages": [
            {"type": "LtiResourceLinkRequest", "placements": ["placement1"]},
            {"type": "LtiDeepLinkingRequest", "placements": ["placement2"]},
        ],
    });
    let path = format!("/api/registrations/{id}/cpomplete");
    let page = gateway.admin("POST", &path, Some(body)).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let done = page.json().unwrap();
    assert_eq!(
        done["html"],
        "<script>(window.opener || window.parent).postMessage({subject:'org.imsglobal.lti.close'}, '*');</script>"
    );
    let platform = only_platform(&gateway).await;
    assert_eq!(
        (&platform["id"], &platform["name"], &platform["active"]),
        (&done["platformId"], &json!("Platform name"), &json!(true))
    );
    // "Only sending the ones allowed by the LMS", which has neither.
    let messages = &posted(&lms)[TOOL_CONFIGURATION]["messages"];
    assert_eq!(messages.as_array().unwrap().len(), 2);
    assert!(!messages.to_string().contains("placement"), "{messages}");
    assert_refused(&gateway.admin("POST", &path, None).await, 404, "REGISTRATION_NOT_FOUND");
}

#[both_stores]
async fn unknown_and_completed_ids_are_not_found(store: Store) {
    let (gateway, lms, _, id) = waiting(store, "sakai").await;
    for unknown in [EXAMPLE_ID, "x", "confirm", "%2e%2e"] {
        assert_eq!(read_waiting(&gateway, unknown, "").await.status, 404, "{unknown}");
        assert_eq!(complete(&gateway, unknown, None).await.status, 404, "{unknown}");
    }
    assert_refused(&read_waiting(&gateway, EXAMPLE_ID, "").await, 404, "REGISTRATION_NOT_FOUND");
    // PHP encodes an empty object as an empty list.
    assert_eq!(complete(&gateway, &id, Some(json!([]))).await.status, 200);
    assert_refused(&read_waiting(&gateway, &id, "").await, 404, "REGISTRATION_NOT_FOUND");
    assert_refused(&read_waiting(&gateway, &id, "?raw=true").await, 404, "REGISTRATION_NOT_FOUND");
    assert_refused(&complete(&gateway, &id, None).await, 404, "REGISTRATION_NOT_FOUND");
    assert_eq!(lms.hits(Endpoint::Registration), 1);
}

#[both_stores]
async fn a_registration_waits_one_hour_for_approval(store: Store) {
    let (gateway, lms, _, id) = waiting(store, "moodle").await;
    gateway.clock.advance(std::time::Duration::from_secs(3540));
    assert_eq!(read_waiting(&gateway, &id, "").await.status, 200);
    gateway.clock.advance(std::time::Duration::from_secs(61));
    assert_refused(&read_waiting(&gateway, &id, "").await, 404, "REGISTRATION_NOT_FOUND");
    assert_refused(&complete(&gateway, &id, None).await, 404, "REGISTRATION_NOT_FOUND");
    assert_eq!((lms.hits(Endpoint::Registration), gateway.platforms().await.len()), (0, 0));
}

#[both_stores]
async fn a_waiting_registration_survives_a_restart(store: Store) {
    let (gateway, lms, start, id) = waiting(store, "brightspace").await;
    let gateway = gateway.restart().await;
    assert_eq!(read_waiting(&gateway, &id, "").await.json().unwrap()["familyCode"], "desire2learn");
    let page = complete(&gateway, &id, Some(json!({"autoActivate": true}))).await;
    assert_eq!(page.status, 200, "{}", page.text());
    // Brightspace's configuration can't be fetched twice.
    assert_eq!(lms.hits(Endpoint::Configuration), 1);
    lms.activate(&start.client_id).unwrap();
    assert_launches(&lms, &start.client_id).await;
}

#[both_stores]
async fn only_the_api_key_opens_a_waiting_registration(store: Store) {
    let (gateway, lms, _, id) = waiting(store, "moodle").await;
    for (method, path) in [
        ("GET", format!("/api/registrations/{id}")),
        ("POST", format!("/api/registrations/{id}/complete")),
    ] {
        // Nor with a launch: these addresses take the key alone.
        let further = ["LTIK-AUTH-V2", "SERVICE-AUTH-V1"];
        let [of_launch, of_place] = further.map(|scheme| format!("{scheme} {API_KEY}:a.b.c"));
        for header in ["Bearer wrong-api-key-0123", "Basic x", "", &of_launch, &of_place] {
            let page = gateway.with_authorization(method, &path, None, header).await;
            assert_eq!(page.status, 401, "{}", page.text());
        }
    }
    assert_eq!(lms.hits(Endpoint::Registration), 0);
    assert_eq!(complete(&gateway, &id, None).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_replica_can_complete_a_registration() {
    let (gateway, lms, start, id) = waiting(Store::Postgres, "moodle").await;
    let replica = gateway.replica().await;
    assert_ne!(replica.url, gateway.url);
    assert_eq!(read_waiting(&replica, &id, "").await.status, 200);
    let page = complete(&replica, &id, Some(json!({"autoActivate": true}))).await;
    assert_eq!(page.status, 200, "{}", page.text());
    assert_refused(&read_waiting(&gateway, &id, "").await, 404, "REGISTRATION_NOT_FOUND");
    lms.activate(&start.client_id).unwrap();
    assert_launches(&lms, &start.client_id).await;
}
