//! What a trace tells, and what it never holds.

use std::collections::BTreeMap;

use serde_json::json;
use simulator::browser::{Browser, Request};
use test_case::both_stores;

use super::{CLAIM, reference};
use crate::registered::{Registered, form, ltik_of};
use crate::support::{API_KEY, Store};

#[both_stores("TC-221", "TC-336")]
async fn no_trace_holds_personal_data_even_with_values_kept(store: Store) {
    for claim_values in [false, true] {
        let school =
            Registered::with(store, json!({"traces": {"claimValues": claim_values}})).await;
        let personal = json!({"user_email": "zoe@school.example", "note": "Zoe Zimmermann"});
        let launch = school
            .student()
            .with("custom", personal)
            .with("https://vendor.example/pupil", json!({"first": "Zoe"}));
        let browser = Browser::new().unwrap();
        let posted = school.begin(&browser, &launch).await;
        let claims = posted.claims();
        ltik_of("good", &school.post(&browser, &posted).await);
        let refused = school.launch(&launch.without("roles")).await;
        let failed = school.gateway.trace(&reference(&refused)).await;
        let accepted = school.gateway.newest("outcome=accepted&kind=launch").await;
        let all = school.gateway.all_traces().await;
        let mut secrets: Vec<&str> = ["name", "given_name", "family_name", "email", "nonce"]
            .iter()
            .filter_map(|name| claims.get(*name)?.as_str())
            .collect();
        assert_eq!(secrets.len(), 5);
        secrets.extend(["Zoe", "zoe@", "eyJ", posted.state.as_str()]);
        let title = claims[&format!("{CLAIM}context")]["title"].as_str().unwrap();
        secrets.push(title);
        for secret in secrets {
            assert!(!all.contains(secret), "{secret}: {all}");
        }
        for trace in [failed, accepted] {
            assert_eq!(trace.get("values").is_some(), claim_values, "{trace}");
            if claim_values {
                let values = &trace["values"];
                assert_eq!(
                    (&values["iss"], &values["sub"], &values["name"]),
                    (&claims["iss"], &json!("…"), &json!("…"))
                );
                assert_eq!(values[format!("{CLAIM}custom")]["user_email"], "…");
                assert_eq!(values["https://vendor.example/pupil"], json!({"first": "…"}));
                let id = &claims[&format!("{CLAIM}context")]["id"];
                assert_eq!(&values[format!("{CLAIM}context")]["id"], id);
            }
        }
    }
}

#[tokio::test]
async fn a_token_with_very_many_claims_leaves_a_short_trace() {
    let school = Registered::with(Store::Sqlite, json!({"traces": {"claimValues": true}})).await;
    let mut launch = school.student();
    for number in 0..150 {
        launch = launch.with(&format!("https://vendor.example/{}/{number}", "x".repeat(150)), "y");
    }
    ltik_of("accepted", &school.launch(&launch).await);
    school.launch(&launch.without("roles")).await;
    let accepted = school.gateway.texts("SELECT trace FROM launches WHERE trace IS NOT NULL").await;
    school.gateway.traces("").await;
    let failed = school.gateway.texts("SELECT trace FROM traces WHERE kind = 'launch'").await;
    assert_eq!((accepted.len(), failed.len()), (1, 1));
    for text in accepted.iter().chain(&failed) {
        assert!(text.len() <= 8192, "{}", text.len());
    }
}

#[tokio::test]
async fn traces_tell_browsers_and_their_cookies_apart() {
    let school = Registered::new(Store::Sqlite).await;
    let mut seen = BTreeMap::new();
    for (agent, family) in [
        ("Mozilla/5.0 (X11; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox"),
        ("curl/8.0", "other"),
    ] {
        let browser = Browser::new().unwrap();
        let posted = school.begin(&browser, &school.student()).await;
        let request =
            form(&school.gateway.at("/lti/launch"), &posted.fields()).header("user-agent", agent);
        assert_eq!(browser.send(request).await.unwrap().status, 303);
        let trace = school.gateway.newest("kind=launch").await;
        // Not by its number alone, which a time may have as well.
        for of_agent in ["140.0", "20100101", "Gecko", "curl"] {
            assert!(!trace.to_string().contains(of_agent), "{trace}");
        }
        seen.insert(trace["browser"].as_str().unwrap().to_owned(), family);
    }
    assert!(seen.iter().all(|(seen, family)| seen == family), "{seen:?}");
    // Our own page, which offers a new window, says so in the login; WebKit calls it one from
    // another site.
    let login = school.lms.login_request(&school.student()).unwrap();
    let query =
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&login.fields).finish();
    let url = format!(
        "{}/lti/login/{}?{query}&hallpass_window=1",
        school.gateway.url, school.platform_id
    );
    let request = Request::new("GET".parse().unwrap(), &url)
        .unwrap()
        .no_redirects()
        .header("sec-fetch-site", "cross-site");
    let browser = Browser::new().unwrap();
    let page = browser.send(request).await.unwrap();
    let auto = browser.get(page.location().unwrap().as_str()).await.unwrap().auto_form().unwrap();
    let posted =
        [("id_token", auto.field("id_token").unwrap()), ("state", auto.field("state").unwrap())];
    let page = browser.send(form(&school.gateway.at("/lti/launch"), &posted)).await.unwrap();
    assert_eq!(page.status, 303, "{}", page.text());
    let login = school.gateway.newest("kind=launch").await["login"].clone();
    assert_eq!(
        (&login["newWindow"], &login["method"], &login["platformUrl"]),
        (&json!(true), &json!("GET"), &json!(true))
    );
}

#[tokio::test]
async fn the_api_key_never_appears_in_a_trace() {
    let school = Registered::new(Store::Sqlite).await;
    let url = format!("/lti/login?iss={API_KEY}&login_hint=x");
    let request = Request::new("GET".parse().unwrap(), &school.gateway.at(&url))
        .unwrap()
        .header("authorization", API_KEY);
    let page = Browser::new().unwrap().send(request).await.unwrap();
    assert_eq!(page.status, 400);
    // Whose parameters can't be read is not quoted.
    assert!(!school.gateway.all_traces().await.contains(API_KEY));
}
