//! From the first start to the first launch that is seen, by each way.

use serde_json::json;
use simulator::browser::Browser;
use simulator::lms::ManualTool;
use test_case::cases;

use super::both_sides::{BothSides, school};
use super::{BOTH, PortalWindow};
use crate::portal::{OTHERS, operator, path_of};
use crate::registered::ltik_of;
use crate::support::{Gateway, Store, lms};

async fn fractions() -> Gateway {
    Gateway::start_with(Store::Sqlite, json!({"name": "Fractions"})).await
}

#[cases("PO-2", "PO-4")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_start_leads_to_an_owner_and_home() {
    for scripts in BOTH {
        let gateway = fractions().await;
        gateway.meddle("DELETE FROM portal_users").await;
        let operator = operator(&gateway).await;
        let made = operator.portal_address(None).await.unwrap();
        operator.close().await;
        let window = PortalWindow::new(&gateway, scripts).await;
        window.open(&path_of(&made.address)).await;
        window.fill("[name=name]", "Mara Lindqvist").await;
        window.fill("[name=login]", "mara@school.example").await;
        window.fill("[name=password]", OTHERS).await;
        window.follow("main form .primary").await;
        assert_eq!(window.path().await, "/portal");
        window.has(&["Home", "Four steps", "/lti/register", "Mara Lindqvist, Owner"]).await;

        window.follow("form[action='/portal/sign-out'] button").await;
        window.open("/portal/users").await;
        assert!(window.path().await.starts_with("/portal/sign-in"), "{}", window.path().await);
        window.sign_in("mara@school.example", OTHERS).await;
    }
}

#[cases("PO-2", "PO-4")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_wizard_goes_from_a_url_to_the_first_launch() {
    for scripts in BOTH {
        let gateway = fractions().await;
        let window = PortalWindow::owner(&gateway, scripts).await;
        window.open("/portal/connect").await;
        window.follow("main a[href^='/portal/connect/moodle']").await;
        window.has(&["Connect Moodle", "Manage tools", "Waiting for the LMS to register"]).await;

        let lms = lms().await;
        let start = lms.begin_registration(&gateway.at("/lti/register")).unwrap();
        Browser::new().unwrap().get(&start.url).await.unwrap();
        lms.activate(&start.client_id).unwrap();
        window.comes_to("It registered. Activate it here.").await;
        window.follow("#progress form .primary").await;
        window.has(&["Waiting until it is switched on there"]).await;

        let school = school(gateway, lms, start.client_id).await;
        ltik_of("the first", &school.launch(&school.student()).await);
        window.comes_to("Connected: the first launch was seen.").await;
        window.open("/portal").await;
        window.lacks(&["Four steps"]).await;
    }
}

#[cases("PO-5")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_registration_that_waits_is_approved() {
    let approval = json!({"registration": {"preApproval": {"enabled": true, "url": "https://app.example.com/approve"}}});
    for scripts in BOTH {
        let gateway = Gateway::start_with(Store::Sqlite, approval.clone()).await;
        let window = PortalWindow::owner(&gateway, scripts).await;
        let lms = lms().await;
        let start = lms.begin_registration(&gateway.at("/lti/register")).unwrap();
        let request = simulator::browser::Request::new("GET".parse().unwrap(), &start.url);
        let request = request.unwrap().no_redirects();
        let page = Browser::new().unwrap().send(request).await.unwrap();
        assert!(page.location().is_some(), "{}", page.text());

        window.open("/portal/platforms/waiting").await;
        let form = "form[action^='/portal/platforms/waiting/']";
        window.has(&[&lms.endpoints().issuer, "It will be asked for"]).await;
        window.fill(&format!("{form} [name=name]"), "Kestrel College").await;
        window.follow(&format!("{form} .primary")).await;
        window.has(&["Kestrel College is registered.", "Nothing waits"]).await;
        let platform = gateway.platforms().await.remove(0);
        assert_eq!(platform["active"], true);
    }
}

#[cases("PO-4")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_lms_is_entered_by_hand() {
    for scripts in BOTH {
        let gateway = fractions().await;
        let window = PortalWindow::owner(&gateway, scripts).await;
        let lms = lms().await;
        let ours = ["login", "launch", "keys"].map(|end| gateway.at(&format!("/lti/{end}")));
        let tool = lms.register_tool(ManualTool::new(&ours[0], &ours[1], &ours[2]));
        let endpoints = lms.endpoints();

        window.open("/portal/connect/other").await;
        window.has(&[&ours[1]]).await;
        window.follow("main a[href*='/by-hand']").await;
        for (name, value) in [
            ("name", "Pinecrest High"),
            ("url", &*endpoints.issuer),
            ("authenticationEndpoint", &*endpoints.authorization),
            ("accesstokenEndpoint", &*endpoints.token),
            ("key", &*endpoints.jwks),
        ] {
            window.fill(&format!("main form[method=post] [name={name}]"), value).await;
        }
        window.follow("main form[method=post] .primary").await;
        window.has(&["Nothing was saved"]).await;
        assert_eq!(window.value("document.querySelector('[aria-invalid]').name").await, "clientId");
        window.fill("[name=clientId]", &tool.client_id).await;
        window.follow("main form[method=post] .primary").await;
        window.has(&["Pinecrest High is registered and active."]).await;

        let school = school(gateway, lms, tool.client_id).await;
        ltik_of("the first", &school.launch(&school.student()).await);
        window.comes_to("Connected: the first launch was seen.").await;
    }
}

/// On both sides in one browser, as one person would: the LMS's own pages, and ours.
#[cases("PO-4")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_person_connects_both_sides_and_launches() {
    let sides = BothSides::start().await;
    let window = &sides.window;
    window.open("/portal").await;
    let url = window.value("document.getElementById('register').innerText").await;
    let tool = sides.register(url.as_str().unwrap()).await;

    window.open("/portal").await;
    window.has(&["Waiting for you"]).await;
    window.follow("form[action^='/portal/waiting/'] .primary").await;
    window.lacks(&["Waiting for you"]).await;

    sides.launch(&tool).await;
    window.open("/portal").await;
    window.lacks(&["Four steps"]).await;
}
