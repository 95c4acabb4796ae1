//! From the first start to the first launch that is seen, by each way.

use serde_json::json;
use simulator::browser::Browser;
use simulator::lms::ManualTool;
use test_case::cases;

use super::both_sides::{BothSides, school};
use super::first_start::unused;
use super::trial::{LAUNCH, sam_arrives};
use super::{BOTH, PortalWindow};
use crate::frames::application::Application;
use crate::portal::OTHERS;
use crate::registered::ltik_of;
use crate::support::{Gateway, Store, lms};

/// The classes of the first of Home's steps.
const FIRST_STEP: &str = "document.querySelector('.steps li').className";

async fn fractions() -> Gateway {
    Gateway::start_with(Store::Sqlite, json!({"name": "Fractions"})).await
}

#[cases("PO-2", "PO-4")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_start_leads_to_an_owner_and_home() {
    for scripts in BOTH {
        let (gateway, start) = unused().await;
        let window = PortalWindow::new(&gateway, scripts).await;
        window.become_owner(&start).await;
        window.has(&["Home", "Four steps", "Connect an LMS", "Mara Lindqvist, Owner"]).await;

        window.follow("form[action='/portal/sign-out'] button").await;
        window.open("/portal/users").await;
        assert!(window.path().await.starts_with("/portal/sign-in"), "{}", window.path().await);
        window.sign_in("mara@school.example", OTHERS).await;
    }
}

/// With nothing but what Home says, and no LMS.
#[cases("PO-2", "PO-4")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_start_leads_to_a_launched_test_person() {
    for scripts in BOTH {
        let application = Application::bind("127.0.0.3:0").await;
        let url = application.url();
        let (gateway, start) = unused().await;
        let _serving = application.serve(&gateway);
        let window = PortalWindow::new(&gateway, scripts).await;
        window.become_owner(&start).await;
        window.lacks(&["Launch me a test person"]).await;
        assert_eq!(window.value(FIRST_STEP).await, "now flow");

        window.fill("#url", &url).await;
        window.follow("form[action='/portal/launch-url'] button").await;
        window.has(&["Launches go there from now on.", "/lti/register"]).await;
        assert_eq!(window.value(FIRST_STEP).await, "ok flow");
        window.follow(LAUNCH).await;
        window.has(&["Sam Test has launched"]).await;
        sam_arrives(&window).await;
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
