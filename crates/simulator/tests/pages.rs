//! The pages for people: unknown addresses, how launches ended, narrow screens and dark
//! backgrounds.
#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

mod support;

use simulator::{
    browser::Browser,
    lms::{Ending, Launch, Options},
    studyreel::{self, StudyReel},
};
use support::FakeTool;

#[tokio::test]
async fn an_unknown_address_is_answered_with_a_page() {
    let (lms, _tool, _) = FakeTool::at_an_lms().await;
    let studyreel = StudyReel::start(studyreel::StudyReelOptions::default())
        .await
        .unwrap();
    let browser = Browser::new().unwrap();
    for base in [lms.url(), studyreel.url()] {
        let page = browser.get(&format!("{base}/nowhere?x=1")).await.unwrap();
        assert_eq!(page.status, 404, "{base}");
        let text = page.text();
        assert!(text.contains("There is no page at /nowhere<"), "{text}");
        assert!(text.contains(r#"<nav aria-label="Main">"#), "{text}");
    }
    let fields = [("student", "x"), ("tool", "y")];
    let url = format!("{}/launch", studyreel.url());
    let page = browser.post_form(&url, &fields).await.unwrap();
    assert_eq!(page.status, 404);
    assert!(page.text().contains(r#"<p role="alert">No such student"#));
}

#[tokio::test]
async fn the_wire_shows_how_each_launch_ended() {
    let options = Options {
        traces: Some("https://tool.example.org/traces/{reference}?all".to_owned()),
        ..Options::default()
    };
    let (lms, tool, registered) = FakeTool::at(options).await;
    let browser = Browser::new().unwrap();
    let launch = Launch::new(&registered.client_id);

    lms.login_request(&launch).unwrap();
    lms.launch(&browser, &launch).await.unwrap();
    tool.say("scope", Some("openid profile"));
    lms.launch(&browser, &launch).await.unwrap();
    let endings: Vec<Ending> = lms
        .launches()
        .into_iter()
        .map(|begun| begun.ending)
        .collect();
    let sent = Ending::Sent(format!("{}/launch", tool.url));
    let refused = Ending::Refused("scope must be exactly openid".to_owned());
    assert_eq!(endings, [Ending::NoRequest, sent, refused]);

    let back = format!(
        "{}/return?course=2&link=1&lti_errormsg=Come+tomorrow&lti_errorlog=reference+a%3Cb1",
        lms.url()
    );
    browser.get(&back).await.unwrap();
    let page = browser.get(&format!("{}/wire", lms.url())).await.unwrap();
    let text = page.text();
    for shown in [
        "Programming in Rust: Getting started",
        "Sam Rivera",
        "the tool has not asked for the id_token",
        "refused: scope must be exactly openid",
        "sent back by the tool: Come tomorrow",
        "<a href=\"https://tool.example.org/traces/a%3Cb1?all\">reference a&#60;b1</a>",
    ] {
        assert!(text.contains(shown), "{shown}: {text}");
    }
}

#[tokio::test]
async fn a_key_set_of_many_tools_holds_the_key_in_use_last() {
    let (lms, tool, registered) = FakeTool::at(Options::default()).await;
    lms.publish_other_keys(150);
    let browser = Browser::new().unwrap();
    let keys = browser.get(&lms.endpoints().jwks).await.unwrap();
    let keys = keys.json().unwrap()["keys"].as_array().unwrap().clone();
    assert_eq!(
        (keys.len(), &keys[150]["kid"]),
        (151, &lms.key().kid().into())
    );
    let launch = Launch::new(&registered.client_id);
    lms.launch(&browser, &launch).await.unwrap();
    assert_eq!(tool.launches(), 1);
}

#[tokio::test]
async fn the_second_host_can_have_a_public_address() {
    let options = Options {
        sign_on: Some(([127, 0, 0, 4], 0).into()),
        sign_on_url: Some("https://sso.lms.example.com/".to_owned()),
        ..Options::default()
    };
    let (lms, _tool, _) = FakeTool::at(options).await;
    let endpoint = lms.endpoints().authorization;
    assert_eq!(endpoint, "https://sso.lms.example.com/mod/lti/auth.php");
}
