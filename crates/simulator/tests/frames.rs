//! The page that frames launches and keeps values for tools, as a browser without scripts sees it.
//! What its scripts do is tested in Chromium, with the gateway.
#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

mod support;

use std::net::SocketAddr;

use serde_json::{Value, json};
use simulator::{
    browser::{Browser, Page},
    lms::{Launch, Options, StorageFault},
    profiles::Profile,
};
use support::FakeTool;

/// What the page tells its script, where it keeps values.
fn storage(page: &Page) -> Option<Value> {
    let text = page.text();
    let (_, after) = text.split_once(r#"<script type="application/json" id="storage">"#)?;
    Some(serde_json::from_str(after.split_once("</script>").unwrap().0).unwrap())
}

#[tokio::test]
async fn canvas_names_a_frame_on_its_authorization_endpoints_origin() {
    let options = Options {
        profile: Profile::canvas(),
        sign_on: Some(SocketAddr::from(([127, 0, 0, 4], 0))),
        issuer: Some("https://canvas.instructure.com".into()),
        ..Options::default()
    };
    let (lms, tool, registered) = FakeTool::at(options).await;
    let endpoint = lms.endpoints().authorization;
    let sign_on = endpoint
        .strip_suffix("/api/lti/authorize_redirect")
        .unwrap();
    assert!(sign_on.starts_with("http://127.0.0.4:"), "{endpoint}");
    assert_eq!(lms.endpoints().issuer, "https://canvas.instructure.com");

    let (browser, launch) = (Browser::new().unwrap(), Launch::new(&registered.client_id));
    let page = browser
        .get(&lms.page_url(std::slice::from_ref(&launch), None).unwrap())
        .await
        .unwrap();
    let told = json!({"frame": "post_message_forwarding", "forwarder": sign_on, "fault": null});
    assert_eq!(storage(&page).unwrap(), told);
    let text = page.text();
    assert!(text.contains(r#"name="post_message_forwarding""#), "{text}");
    let forwarder = browser
        .get(&format!("{sign_on}/post_message_forwarding"))
        .await
        .unwrap();
    assert!(
        forwarder
            .text()
            .contains(&format!(r#"{{"page":"{}"}}"#, lms.url()))
    );

    let page = lms.launch(&browser, &launch).await.unwrap();
    assert_eq!(page.text(), "launched");
    assert_eq!(
        tool.last_login()["lti_storage_target"],
        "post_message_forwarding"
    );
    assert_eq!(
        tool.posted()["lti_storage_target"],
        "post_message_forwarding"
    );

    let missing = lms
        .page_url(&[launch], Some(StorageFault::MissingFrame))
        .unwrap();
    let page = browser.get(&missing).await.unwrap();
    assert!(!page.text().contains("post_message_forwarding"));
    assert_eq!(storage(&page).unwrap()["fault"], "silent");
}

#[tokio::test]
async fn blackboard_answers_itself_and_says_so_at_login_only() {
    let options = Options {
        profile: Profile::blackboard(),
        ..Options::default()
    };
    let (lms, tool, registered) = FakeTool::at(options).await;
    let (browser, launch) = (Browser::new().unwrap(), Launch::new(&registered.client_id));
    lms.launch(&browser, &launch).await.unwrap();
    assert_eq!(tool.last_login()["lti_storage_target"], "_parent");
    assert!(!tool.posted().contains_key("lti_storage_target"));
    for fault in StorageFault::ALL {
        let url = lms
            .page_url(std::slice::from_ref(&launch), Some(fault))
            .unwrap();
        let told = storage(&browser.get(&url).await.unwrap()).unwrap();
        assert_eq!(told["frame"], Value::Null, "{fault:?}");
        assert!(told["fault"].is_string(), "{fault:?}");
    }
}

#[tokio::test]
async fn four_launches_of_one_page_each_begin_anew_when_it_is_opened() {
    let (lms, tool, registered) = FakeTool::at_an_lms().await;
    let browser = Browser::new().unwrap();
    let launch = Launch::new(&registered.client_id);
    let mut launches = vec![launch.clone(); 3];
    launches.push(Launch {
        window: true,
        ..launch
    });
    let url = lms.page_url(&launches, None).unwrap();
    for times in 1..=2 {
        let page = browser.get(&url).await.unwrap();
        assert_eq!(storage(&page), None, "Moodle keeps nothing");
        let frames = page.frames();
        assert_eq!(frames.len(), 3);
        assert!(page.text().contains(r#"target="_blank" rel="opener""#));
        for frame in frames {
            assert_eq!(
                browser.open(frame.as_str()).await.unwrap().text(),
                "launched"
            );
        }
        assert_eq!(tool.launches(), 3 * times);
    }
    // A person asks for several frames on the tool's page.
    let page = browser
        .get(&format!("{}/tools/{}", lms.url(), registered.client_id))
        .await
        .unwrap();
    let mut form = page.form_to("/frame").unwrap();
    form.set("frames", "4");
    assert_eq!(
        browser.submit(&page, &form).await.unwrap().frames().len(),
        4
    );
}
