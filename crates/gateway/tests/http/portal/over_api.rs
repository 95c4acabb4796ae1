//! What waits, and the test of the launch URL, over the API as in the portal (portal.md PO-9).

use serde_json::{Value, json};
use simulator::browser::{Browser, Page, Request};
use test_case::both_stores;

use crate::registered::Registered;
use crate::support::{Gateway, Store, lms};

#[track_caller]
fn answered(page: &Page, status: u16) -> Value {
    assert_eq!(page.status, status, "{}", page.text());
    page.json().unwrap_or_default()
}

async fn waiting(gateway: &Gateway) -> Value {
    answered(&gateway.admin("GET", "/admin/waiting", None).await, 200)
}

#[both_stores("PO-5", "PO-9")]
async fn a_registration_that_waits_is_approved_over_the_api(store: Store) {
    let page = "https://app.example.com/approve";
    let approval = json!({"registration": {"preApproval": {"enabled": true, "url": page}}});
    let gateway = Gateway::start_with(store, approval).await;
    let lms = lms().await;
    let start = lms.begin_registration(&gateway.at("/lti/register")).unwrap();
    let request = Request::new("GET".parse().unwrap(), &start.url).unwrap();
    let page = Browser::new().unwrap().send(request.no_redirects()).await.unwrap();
    let to = page.location().unwrap_or_else(|| panic!("{}", page.text()));
    let (_, secret) = to.query_pairs().find(|(name, _)| name == "registrationId").unwrap();

    let list = waiting(&gateway).await;
    let offer = &list["registrations"][0];
    assert_eq!(offer["issuer"], lms.endpoints().issuer.as_str(), "{list}");
    assert!(!list.to_string().contains(&*secret), "{list}");
    let path = format!("/admin/waiting/{}/approve", offer["id"].as_str().unwrap());
    let (_, other) = gateway.new_tool("127.0.0.5").await;
    answered(&gateway.as_key(&other, "POST", &path, None).await, 404);
    let word = json!({"platformName": "Kestrel College", "autoActivate": true});
    let done = answered(&gateway.admin("POST", &path, Some(word.clone())).await, 200);
    let platform = gateway.platforms().await.remove(0);
    assert_eq!(
        (&platform["name"], &platform["id"]),
        (&"Kestrel College".into(), &done["platformId"])
    );
    assert_eq!(platform["active"], true);
    let again = answered(&gateway.admin("POST", &path, Some(word)).await, 404);
    assert_eq!(again["details"]["message"], "REGISTRATION_NOT_FOUND");
    assert_eq!(waiting(&gateway).await["registrations"], json!([]));
    let log = gateway.admin("GET", "/admin/audit?action=registration.approved", None).await;
    let log = answered(&log, 200);
    assert_eq!(log["entries"].as_array().map(Vec::len), Some(1), "{log}");
}

#[both_stores("PO-5", "PO-9")]
async fn platforms_and_deployments_that_wait_are_listed(store: Store) {
    let pending = json!({"launch": {"unknownDeployments": "pending"}});
    let school = Registered::with(store, pending).await;
    let gateway = &school.gateway;
    school.lms.change_tool(&school.client_id, |tool| tool.deployment_id = "D1".into()).unwrap();
    school.launch(&school.student()).await;
    let other = lms().await;
    let start = other.begin_registration(&gateway.at("/lti/register")).unwrap();
    Browser::new().unwrap().get(&start.url).await.unwrap();

    let list = waiting(gateway).await;
    let (platform, deployment) = (&list["platforms"][0], &list["deployments"][0]);
    assert_eq!(platform["url"], other.endpoints().issuer.as_str(), "{list}");
    assert_eq!(deployment["deploymentId"], "D1", "{list}");
    assert_eq!(deployment["platformId"], school.platform_id.as_str(), "{list}");
    let path = format!("/admin/platforms/{}/deployments/D1", school.platform_id);
    let active = Some(json!({"status": "active"}));
    answered(&gateway.admin("PATCH", &path, active).await, 200);
    // Refusing a platform is switching it off.
    let path = format!("/admin/platforms/{}/deactivate", platform["id"].as_str().unwrap());
    answered(&gateway.admin("POST", &path, None).await, 200);
    let nothing = json!({"registrations": [], "platforms": [], "deployments": []});
    assert_eq!(waiting(gateway).await, nothing);
}

#[both_stores("PO-4", "PO-9")]
async fn the_launch_url_is_tested_over_the_api(store: Store) {
    let gateway = Gateway::start(store).await;
    let test = async |status| {
        let page = gateway.admin("POST", "/admin/tool/launch-url/test", None).await;
        answered(&page, status)
    };
    // Nothing listens there.
    let tested = test(200).await;
    assert_eq!(tested["answers"], false, "{tested}");
    assert!(tested["problem"].is_string(), "{tested}");
    gateway.patch_tool(json!({"launchUrl": gateway.at("/healthz")})).await;
    assert_eq!(test(200).await, json!({"answers": true, "status": 204}));
    gateway.patch_tool(json!({"launchUrl": null})).await;
    assert_eq!(test(409).await["details"]["message"], "LAUNCH_URL_NOT_SET");
}
