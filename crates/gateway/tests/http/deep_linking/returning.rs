//! The way back from a window that our page offered: by the frame that offered it.

use std::time::Duration;

use serde_json::{Value, json};
use simulator::browser::{Browser, Page, Request};
use test_case::both_stores;
use url::Url;

use super::{SETTINGS, answered, asking, post, quiz};
use crate::registered::{Registered, fields, form, leads_to, ltik_of};
use crate::support::{Gateway, Store, send};

/// A request for content that comes to the window which our page in the frame offered.
pub(crate) async fn asked_in_window(school: &Registered, change: Value) -> String {
    let login = school.lms.login_request(&asking(school, &change)).unwrap();
    let mut url =
        school.gateway.at(&format!("/lti/login/{}", school.platform_id)).parse::<Url>().unwrap();
    url.query_pairs_mut().extend_pairs(fields(&login)).append_pair("hallpass_window", "1");
    let browser = Browser::new().unwrap();
    let request = Request::new("GET".parse().unwrap(), url.as_str()).unwrap().no_redirects();
    let page = browser.send(request).await.unwrap();
    let page = browser.get(leads_to(&page).as_str()).await.unwrap();
    let answer = page.auto_form().unwrap();
    let fields = ["id_token", "state"].map(|name| (name, answer.field(name).unwrap()));
    let page = browser.send(form(&school.gateway.at("/lti/launch"), &fields)).await.unwrap();
    ltik_of("in a window", &page)
}

fn ticket_of(target: &str) -> String {
    let target: Url = target.parse().unwrap();
    assert_eq!(target.path(), "/lti/deeplinking/window");
    let mut pairs = target.query_pairs();
    pairs.find(|(name, _)| name == "ticket").unwrap().1.into_owned()
}

async fn in_frame(gateway: &Gateway, ticket: &str, message: &str) -> Page {
    let fields = [("ticket", ticket), ("JWT", message)];
    send(form(&gateway.at("/lti/deeplinking/frame"), &fields)).await
}

#[both_stores("TC-279", "E-14")]
async fn a_choice_in_an_offered_window_goes_back_by_its_frame(store: Store) {
    let school = Registered::new(store).await;
    let gateway = &school.gateway;
    let claims = school.lms.claims(&asking(&school, &json!({}))).unwrap();
    let back =
        format!("{}&x=\"><script>'", claims[SETTINGS]["deep_link_return_url"].as_str().unwrap());
    let ltik = asked_in_window(&school, json!({"deep_link_return_url": back})).await;
    // Another replica does as well: nothing of it is stored.
    let replica = gateway.replica().await;
    let mut item = quiz(gateway);
    item["title"] = "\"><script>alert(1)</script>".into();
    let (message, target, _) = answered(&replica, &ltik, json!({"contentItems": [item]})).await;
    let ticket = ticket_of(&target);
    assert!(target.starts_with(&gateway.at("/lti/")), "{target}");

    let window = send(form(&target, &[("JWT", &message)])).await;
    let frame = in_frame(gateway, &ticket, &message).await;
    for page in [&window, &frame] {
        let (text, policy) = (page.text(), page.header("content-security-policy").unwrap());
        assert_eq!(page.status, 200, "{text}");
        let action = format!("form-action {};", school.lms.url());
        assert!(policy.contains(&action) && !policy.contains("frame-ancestors"), "{policy}");
        assert!(
            policy.contains("default-src 'none'") && policy.contains("script-src 'nonce-"),
            "{policy}"
        );
        assert!(!text.contains("><script>'") && !text.contains("alert(1)"), "{text}");
        assert!(text.contains("Continue"), "{text}");
        assert_eq!(page.header("cache-control"), Some("no-store"));
        let form = page.forms().into_iter().find(|form| form.field("JWT").is_some());
        let form = form.unwrap_or_else(|| panic!("{text}"));
        assert_eq!(form.action, back.parse::<Url>().unwrap());
        assert_eq!(form.field("JWT"), Some(&*message));
    }
    assert!(window.text().contains(&ticket) && !frame.text().contains(&ticket));
    // The form of the API does the same.
    let ltik = asked_in_window(&school, json!({})).await;
    let answer = post(gateway, "/api/deeplinking/form", &ltik, json!({"contentItems": []})).await;
    let form = answer.json().unwrap()["form"].as_str().unwrap().to_owned();
    assert!(
        form.contains(&format!("action=\"{}?ticket=", gateway.at("/lti/deeplinking/window"))),
        "{form}"
    );
}

#[both_stores("E-03")]
async fn only_its_own_message_goes_where_a_ticket_leads(store: Store) {
    let school = Registered::new(store).await;
    let gateway = &school.gateway;
    let empty = json!({"contentItems": []});
    let ltik = asked_in_window(&school, json!({})).await;
    let (message, target, _) = answered(gateway, &ltik, empty.clone()).await;
    let other = asked_in_window(&school, json!({})).await;
    let (other, _, _) = answered(gateway, &other, empty).await;
    let ticket = ticket_of(&target);
    let foreign = Registered::new(Store::Sqlite).await;
    for (ticket, message) in [
        (&*ticket, &*other),
        (&*ticket, ""),
        ("", &*message),
        ("x", &*message),
        (&ticket[1..], &*message),
    ] {
        let page = in_frame(gateway, ticket, message).await;
        assert_eq!(page.status, 400, "{}", page.text());
        assert!(page.text().contains("DEEP_LINKING_RETURN_UNKNOWN"), "{}", page.text());
    }
    assert_eq!(in_frame(&foreign.gateway, &ticket, &message).await.status, 400);
    let bare = gateway.at("/lti/deeplinking/window");
    assert_eq!(send(form(&bare, &[("JWT", &message)])).await.status, 400);
    assert_eq!(in_frame(gateway, &ticket, &message).await.status, 200);
    gateway.clock.advance(Duration::from_secs(301));
    assert_eq!(in_frame(gateway, &ticket, &message).await.status, 400);
}

#[both_stores("C-50")]
async fn links_and_ordinary_windows_go_their_ordinary_way(store: Store) {
    let school = Registered::new(store).await;
    let asked = super::asked(&school, json!({})).await;
    let (_, target, _) = answered(&school.gateway, &asked, json!({"contentItems": []})).await;
    assert!(target.starts_with(school.lms.url()), "{target}");
}
