//! LMSs that are connected with nothing but the portal, step by step as the wizard says (portal.md
//! PO-4).

use simulator::browser::Browser;
use simulator::lms::{Lms, ManualTool, Options};
use simulator::profiles::Profile;
use test_case::cases;

use super::both_sides::{BothSides, school};
use super::{BOTH, PortalWindow};
use crate::platform_services::profiles::lms_of;
use crate::registered::ltik_of;
use crate::support::{Gateway, Store, lms_options};

/// Home leads to the wizard of an LMS; its address.
async fn from_home(window: &PortalWindow, code: &str) -> String {
    window.open("/portal").await;
    window.follow("main a[href='/portal/connect']").await;
    window.follow(&format!("main a[href^='/portal/connect/{code}?']")).await;
    window.path().await
}

/// What can be copied under a step.
async fn copied(window: &PortalWindow, id: &str) -> String {
    let text = window.value(&format!("document.getElementById('{id}').innerText")).await;
    text.as_str().unwrap().to_owned()
}

/// A label of the LMS, as the wizard sets it off.
async fn labels(window: &PortalWindow) -> Vec<String> {
    let labels = "[...document.querySelectorAll('.steps b')].map((label) => label.innerText)";
    serde_json::from_value(window.value(labels).await).unwrap()
}

#[cases("PO-4")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn moodle_is_connected_step_by_step() {
    let sides = BothSides::start().await;
    let window = &sides.window;

    // 1, 2: the URL, and where it is pasted. 3, 4: our page is closed, and the platform activated.
    // 5: "Activate" there.
    let wizard = from_home(window, "moodle").await;
    let said = labels(window).await;
    for label in ["Tool URL…", "Add LTI Advantage", "Activate", "Tool configuration usage"] {
        assert!(said.iter().any(|said| said == label), "{label}: {said:?}");
    }
    let url = copied(window, "step-0-0").await;
    let tool = sides.register(&url).await;

    window.open(&wizard).await;
    window.has(&["It registered. Activate it here."]).await;
    window.follow("#progress form .primary").await;
    window.has(&["Waiting until it is switched on there"]).await;
    // 7: the tool is opened from a course.
    sides.launch(&tool).await;
    window.open(&wizard).await;
    window.has(&["Connected: the first launch was seen."]).await;
}

#[cases("PO-4")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn canvas_is_connected_by_its_registration_url() {
    for scripts in BOTH {
        let gateway = Gateway::start(Store::Sqlite).await;
        let window = PortalWindow::owner(&gateway, scripts).await;
        let lms = lms_of(Profile::canvas()).await;
        from_home(&window, "canvas").await;
        let said = labels(&window).await;
        for label in ["Dynamic Registration URL", "Enable & Close", "ON", "View in Canvas Apps"] {
            assert!(said.iter().any(|said| said == label), "{label}: {said:?}");
        }
        let url = copied(&window, "step-0-0").await;
        let start = lms.begin_registration(&url).unwrap();
        let page = Browser::new().unwrap().get(&start.url).await.unwrap();
        assert_eq!(page.status, 200, "{}", page.text());
        // Enabled, switched on, and made available.
        lms.activate(&start.client_id).unwrap();
        window.comes_to("It registered. Activate it here.").await;
        window.follow("#progress form .primary").await;

        let school = school(gateway, lms, start.client_id).await;
        ltik_of("the first", &school.launch(&school.student()).await);
        window.comes_to("Connected: the first launch was seen.").await;
    }
}

/// A Canvas on a host of its own whose menu lacks what registers by URL.
#[cases("PO-4")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn canvas_is_connected_by_a_developer_key() {
    for scripts in BOTH {
        let gateway = Gateway::start(Store::Sqlite).await;
        let window = PortalWindow::owner(&gateway, scripts).await;
        let mut profile = Profile::canvas();
        profile.launch.storage = None;
        let issuer = Some("https://canvas.instructure.com".to_owned());
        let lms = Lms::start(Options { profile, issuer, ..lms_options() }).await.unwrap();
        from_home(&window, "canvas").await;
        // The step that lacks its menu leads to the other way.
        window.press("main a[href='#other']").await;
        window.has(&["No “+ LTI Registration” there?", "By Client ID"]).await;
        let address = copied(&window, "other-0-0").await;
        let key = Browser::new().unwrap().get(&address).await.unwrap().json().unwrap();
        let of = |name: &str| key[name].as_str().unwrap_or_else(|| panic!("{name}: {key}"));
        let tool =
            ManualTool::new(of("oidc_initiation_url"), of("target_link_uri"), of("public_jwk_url"));
        let client_id = lms.register_tool(tool).client_id;

        let endpoints = lms.endpoints();
        window.follow("#other + ol a[href*='/by-hand']").await;
        for (name, value) in [
            ("name", "Kestrel College"),
            ("clientId", &*client_id),
            ("authenticationEndpoint", &*endpoints.authorization),
            ("accesstokenEndpoint", &*endpoints.token),
            ("key", &*endpoints.jwks),
        ] {
            window.fill(&format!("main form[method=post] [name={name}]"), value).await;
        }
        window.follow("main form[method=post] .primary").await;
        window.has(&["Kestrel College is registered and active."]).await;
        let school = school(gateway, lms, client_id).await;
        ltik_of("the first", &school.launch(&school.student()).await);
        window.comes_to("Connected: the first launch was seen.").await;
    }
}
