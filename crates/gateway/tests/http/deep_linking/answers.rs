//! The answer: its message, its form, and that it is given once.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};
use simulator::browser::{Browser, Request};
use simulator::jose;
use simulator::lms::Launch;
use test_case::both_stores;

use super::{
    ITEMS, answered, asked, asking, claims_of, deliver, dl, lti, payload, post, quiz, refused,
};
use crate::registered::{Registered, ltik_of};
use crate::support::{API_KEY, Store};

#[both_stores("TC-267", "TC-268", "TC-270")]
async fn a_chosen_item_is_signed_for_the_platform(store: Store) {
    let school = Registered::new(store).await;
    let gateway = &school.gateway;
    let launch = asking(&school, &json!({}));
    let wanted = &school.lms.claims(&launch).unwrap()[super::SETTINGS]["deep_link_return_url"];
    let ltik = ltik_of("deep linking", &school.launch(&launch).await);
    let (message, target, warnings) =
        answered(gateway, &ltik, json!({"contentItems": [quiz(gateway)]})).await;
    assert_eq!((json!(target), &warnings), (wanted.clone(), &Value::Null));
    assert!(target.contains('?'), "{target}");

    let keys = gateway.at(&format!("/lti/keys/{}", school.platform_id));
    let keys = Browser::new().unwrap().get(&keys).await.unwrap();
    let claims = jose::verify(&message, &keys.json().unwrap()).unwrap();
    let header = jose::decode(&message).unwrap().header;
    assert!(header["kid"].is_string() && header["alg"] == "RS256" && header["typ"] == "JWT");
    let number = |name: &str| claims[name].as_i64().unwrap();
    let now = gateway.clock.now_seconds();
    assert!(number("iat") <= now && now < number("exp") && number("exp") - number("iat") <= 300);
    let tool = school.lms.tool(&school.client_id).unwrap();
    assert_eq!(
        claims,
        json!({
            "iss": school.client_id, "aud": school.lms.url(), "iat": claims["iat"],
            "exp": claims["exp"], "nonce": claims["nonce"],
            lti("message_type"): "LtiDeepLinkingResponse", lti("version"): "1.3.0",
            lti("deployment_id"): tool.deployment_id, ITEMS: [quiz(gateway)],
        })
    );
    assert!(claims["nonce"].as_str().unwrap().len() > 20);

    let page = deliver(&message, &target).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let link = school.lms.courses()[0].links.last().unwrap().clone();
    assert_eq!(link.title, "Quiz 7");
    let placed = Launch::new(&school.client_id).link("2", &link.id);
    let token = school.accepts("what was chosen", placed).await;
    assert_eq!(token["launch"]["target"], gateway.at("/lti/launch?quiz=7"));
    assert_eq!(token["custom"]["quiz"], "7");
}

#[both_stores("TC-267", "TC-279")]
async fn the_form_is_as_clients_look_for_it(store: Store) {
    let school = Registered::new(store).await;
    let back = format!("{}/return?a=1&b=%22%27\"'><script>x</script>", school.lms.url());
    let back = back.replace(['<', '>'], "");
    let ltik = asked(&school, json!({"deep_link_return_url": back})).await;
    let mut item = quiz(&school.gateway);
    item["title"] = "\"><script>alert(1)</script>".into();
    let body = json!({"contentItems": [item.clone()]});
    let page = post(&school.gateway, "/api/deeplinking/form", &ltik, body).await;
    assert_eq!(page.status, 200, "{}", page.text());
    assert_eq!(page.header("content-type"), Some("application/json"));
    let answer = page.json().unwrap();
    let form = answer["form"].as_str().unwrap();
    let action = back.replace('&', "&amp;").replace('"', "&quot;").replace('\'', "&#39;");
    let start = format!(
        "<form id=\"ltiaas_dl\" style=\"display: none;\" action=\"{action}\" method=\"POST\"><input type=\"hidden\" name=\"JWT\" value=\""
    );
    let end = "\" /></form><script>document.getElementById(\"ltiaas_dl\").submit()</script>";
    let message = form.strip_prefix(&start).unwrap_or_else(|| panic!("{form}"));
    let message = message.strip_suffix(end).unwrap_or_else(|| panic!("{form}"));
    assert_eq!(jose::decode(message).unwrap().claims[ITEMS][0], item);
}

#[both_stores]
async fn a_title_with_half_an_emoji_arrives(store: Store) {
    let school = Registered::new(store).await;
    let ltik = asked(&school, json!({})).await;
    let items = json!({"contentItems": [quiz(&school.gateway)]}).to_string();
    let body = items.replace("Quiz 7", r"Quiz \ud83d");
    let header = format!("LTIK-AUTH-V2 {API_KEY}:{ltik}");
    let url = school.gateway.at("/api/deeplinking");
    let request = Request::new("POST".parse().unwrap(), &url).unwrap();
    let request = request.header("authorization", &header).body("application/json", body);
    let page = Browser::new().unwrap().send(request).await.unwrap();
    let answer = page.json().unwrap();
    let text = |name: &str| answer[name].as_str().unwrap_or_else(|| panic!("{answer}"));
    let page = deliver(text("message"), text("target")).await;
    assert_eq!(page.status, 200, "{}", page.text());
    assert_eq!(school.lms.courses()[0].links.last().unwrap().title, "Quiz \u{fffd}");
}

#[both_stores("TC-267")]
async fn every_address_that_clients_call_answers_the_same(store: Store) {
    let school = Registered::new(store).await;
    let body = json!({"contentItems": quiz(&school.gateway), "options": {
        "message": null, "log": null, "errMessage": null, "errLog": null,
    }});
    for path in [
        "/api/deeplinking",
        "/api/deeplinking/",
        "//api/deeplinking",
        "/api/deeplinking/message",
        "//api/deeplinking/message/",
    ] {
        for version in ["V2", "V1"] {
            let ltik = asked(&school, json!({})).await;
            let header = match version {
                "V2" => format!("LTIK-AUTH-V2 {API_KEY}:{ltik}"),
                _ => format!("LTIK-AUTH-V1 Token={ltik}, Additional=Bearer {API_KEY}"),
            };
            let page =
                school.gateway.with_authorization("POST", path, Some(body.clone()), &header).await;
            assert_eq!(page.status, 200, "{path}: {}", page.text());
            assert!(page.json().unwrap()["message"].is_string());
        }
    }
}

#[both_stores("TC-269")]
async fn data_of_any_json_comes_back_to_the_letter(store: Store) {
    let school = Registered::new(store).await;
    for data in [
        json!("a\"b<c>&é"),
        json!({"for": [1, 2.5, null, {"x": "\u{2028}"}]}),
        json!(12345678901_i64),
        json!(false),
        json!([]),
        json!(""),
    ] {
        let ltik = asked(&school, json!({"data": data})).await;
        let (message, _, _) = answered(&school.gateway, &ltik, json!({"contentItems": []})).await;
        let written = format!("\"{}\":{data}", dl("data"));
        assert!(payload(&message).contains(&written), "{written}: {}", payload(&message));
    }
}

#[both_stores("TC-271")]
async fn a_selection_that_is_cancelled_goes_back_empty(store: Store) {
    let school = Registered::new(store).await;
    let ltik = asked(&school, json!({})).await;
    let body =
        json!({"contentItems": [], "options": {"message": "Nothing chosen", "log": "cancelled"}});
    let (message, target, _) = answered(&school.gateway, &ltik, body).await;
    let claims = jose::decode(&message).unwrap().claims;
    assert_eq!(claims[ITEMS], json!([]));
    assert_eq!(
        (&claims[dl("msg")], &claims[dl("log")]),
        (&json!("Nothing chosen"), &json!("cancelled"))
    );
    let page = deliver(&message, &target).await;
    assert_eq!(page.status, 200, "{}", page.text());
    assert_eq!(school.lms.courses()[0].links.len(), 2);
}

#[both_stores("TC-271", "TC-279", "SV-1")]
async fn the_return_address_cancels_by_itself(store: Store) {
    let school = Registered::new(store).await;
    let gateway = &school.gateway;
    let ltik = asked(&school, json!({})).await;
    let token = school.read(&ltik).await;
    let back = token["services"]["deepLinking"]["returnUrl"].as_str().unwrap().to_owned();
    let browser = Browser::new().unwrap().wanting_pages();
    // Looking at it changes nothing.
    for _ in 0..2 {
        let page = browser.get(&back).await.unwrap();
        assert_eq!(page.status, 200, "{}", page.text());
        assert!(page.text().contains("Continue"), "{}", page.text());
    }
    let page = browser.get(&back).await.unwrap();
    let form = page.form_to("/lti/deeplinking/cancel").unwrap();
    let page = browser.submit(&page, &form).await.unwrap();
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains(&format!("form-action {};", school.lms.url())), "{policy}");
    let form = page.auto_form().unwrap_or_else(|| panic!("{}", page.text()));
    let page = browser.submit(&page, &form).await.unwrap();
    assert_eq!(page.status, 200, "{}", page.text());
    let answers = school.lms.deep_linking_responses();
    assert_eq!((answers.len(), answers[0].items().len(), &answers[0].problems), (1, 0, &vec![]));
    // Then it is over.
    let body = json!({"contentItems": []});
    assert_eq!(refused(gateway, &ltik, body).await.0, 409);
    for ticket in [&*ltik, "x", ""] {
        let page = browser
            .get(&gateway.at(&format!("/lti/deeplinking/cancel?ticket={ticket}")))
            .await
            .unwrap();
        assert_eq!(page.status, 400, "{}", page.text());
    }
}

#[both_stores("TC-271")]
async fn an_error_takes_no_item_along(store: Store) {
    let school = Registered::new(store).await;
    let options = json!({"message": "fine", "errMessage": "The quiz is gone", "errLog": "code 17"});
    for items in [json!([quiz(&school.gateway)]), Value::Null] {
        let ltik = asked(&school, json!({})).await;
        let body = json!({"contentItems": items, "options": options});
        let (message, _, _) = answered(&school.gateway, &ltik, body).await;
        let claims = jose::decode(&message).unwrap().claims;
        assert_eq!(claims[ITEMS], json!([]));
        assert_eq!(claims[dl("errormsg")], "The quiz is gone");
        assert_eq!(claims[dl("errorlog")], "code 17");
        assert_eq!(claims.get(dl("msg")), None);
    }
}

/// PHP encodes an empty object as an empty list, and numbers from forms are strings.
#[both_stores("TC-267")]
async fn an_answer_as_php_writes_it_is_understood(store: Store) {
    let school = Registered::new(store).await;
    let ltik = asked(&school, json!({"accept_lineitem": true})).await;
    let mut item = quiz(&school.gateway);
    item["custom"] = json!([]);
    item["icon"] = json!([]);
    item["lineItem"] = json!({"scoreMaximum": "12.5"});
    let body = json!({"contentItems": [item], "options": []});
    let (message, target, _) = answered(&school.gateway, &ltik, body).await;
    let claims = jose::decode(&message).unwrap().claims;
    let sent = &claims[ITEMS][0];
    assert_eq!((sent.get("custom"), sent.get("icon")), (None, None));
    assert_eq!(sent["lineItem"], json!({"scoreMaximum": 12.5}));
    assert_eq!(claims.get(dl("msg")), None);
    assert_eq!(deliver(&message, &target).await.status, 200);
}

#[both_stores("SV-6")]
async fn vendors_claims_pass_and_ours_are_not_replaced(store: Store) {
    let school = Registered::new(store).await;
    let ltik = asked(&school, json!({})).await;
    let module = "https://canvas.instructure.com/lti/module_name";
    let body = json!({
        "contentItems": [quiz(&school.gateway)], module: "Week 1", "x": {"y": [null, 1]}, "none": null,
        "iss": "evil", "aud": "evil", "exp": 1, "nonce": "evil", lti("deployment_id"): "evil",
        dl("data"): "evil",
    });
    let (message, target, warnings) = answered(&school.gateway, &ltik, body).await;
    let claims = jose::decode(&message).unwrap().claims;
    assert_eq!((&claims[module], &claims["x"]), (&json!("Week 1"), &json!({"y": [1]})));
    assert!(!payload(&message).contains("evil") && claims.get("none").is_none());
    let fields = warnings.as_array().unwrap().iter();
    let fields: BTreeSet<_> = fields.map(|warning| warning["field"].as_str().unwrap()).collect();
    let (deployment, data) = (lti("deployment_id"), dl("data"));
    assert_eq!(fields, BTreeSet::from(["iss", "aud", "exp", "nonce", &*deployment, &*data]));
    assert_eq!(deliver(&message, &target).await.status, 200);
}

#[both_stores("TC-276")]
async fn a_request_is_answered_once(store: Store) {
    let school = Registered::new(store).await;
    let gateway = &school.gateway;
    let ltik = asked(&school, json!({})).await;
    let body = json!({"contentItems": [quiz(gateway)]});
    // What is refused is no answer.
    for wrong in [
        json!({}),
        json!({"contentItems": [{"type": "link"}]}),
        json!({"contentItems": [{"type": "html", "html": "x"}]}),
    ] {
        assert_eq!(refused(gateway, &ltik, wrong).await.0, 400);
    }
    let again = || async {
        let page = post(gateway, "/api/deeplinking/form", &ltik, body.clone()).await;
        (page.status, page.json().unwrap()["details"]["message"].clone())
    };
    let all = join_all((0..8).map(|_| again())).await;
    let given = all.iter().filter(|(status, _)| *status == 200).count();
    let already = (409, json!("DEEP_LINKING_ALREADY_ANSWERED"));
    assert_eq!(given, 1, "{all:?}");
    assert_eq!(all.iter().filter(|answer| **answer == already).count(), 7, "{all:?}");
    let replica = gateway.replica().await;
    assert_eq!(post(&replica, "/api/deeplinking", &ltik, body).await.status, 409);
    // The launch can still be read.
    assert_eq!(school.read(&ltik).await["launch"]["deepLinking"], true);
}

#[both_stores("TC-277")]
async fn only_the_launch_that_asked_can_answer(store: Store) {
    let school = Registered::new(store).await;
    let gateway = &school.gateway;
    let body = json!({"contentItems": [quiz(gateway)]});
    let link = ltik_of("a link", &school.launch(&school.teacher()).await);
    assert_eq!(
        refused(gateway, &link, body.clone()).await,
        (403, "SERVICE_NOT_AVAILABLE_FOR_CONTEXT".into(), vec![])
    );
    let ltik = asked(&school, json!({})).await;
    let stranger = Registered::new(Store::Sqlite).await;
    let foreign = asked(&stranger, json!({})).await;
    for header in [
        format!("LTIK-AUTH-V2 {API_KEY}:{foreign}"),
        format!("LTIK-AUTH-V2 wrong-key-0123456789:{ltik}"),
        format!("Bearer {API_KEY}"),
        format!("Bearer {ltik}"),
    ] {
        let page = gateway
            .with_authorization("POST", "/api/deeplinking", Some(body.clone()), &header)
            .await;
        assert_eq!(page.status, 401, "{header}: {}", page.text());
    }
    let key =
        gateway.admin("POST", "/admin/api-keys", Some(json!({"name": "r", "scope": "read"}))).await;
    let key = key.json().unwrap()["key"].as_str().unwrap().to_owned();
    let header = format!("LTIK-AUTH-V2 {key}:{ltik}");
    let page =
        gateway.with_authorization("POST", "/api/deeplinking", Some(body.clone()), &header).await;
    assert_eq!(page.status, 403, "{}", page.text());
    answered(gateway, &ltik, body).await;
}

#[both_stores("E-04")]
async fn a_request_ends_with_its_time_its_service_and_its_session(store: Store) {
    let school = Registered::new(store).await;
    let gateway = &school.gateway;
    let body = || json!({"contentItems": []});
    let old = asked(&school, json!({})).await;
    gateway.clock.advance(Duration::from_secs(2 * 3600 - 60));
    assert_eq!(refused(gateway, &old, json!({})).await.1, "MISSING_CONTENT_ITEMS");
    gateway.clock.advance(Duration::from_secs(120));
    assert_eq!(refused(gateway, &old, body()).await, (410, "DEEP_LINKING_EXPIRED".into(), vec![]));

    school.advance(0);
    let ltik = asked(&school, json!({})).await;
    gateway.patch_tool(json!({"services": {"deepLinking": false}})).await;
    assert_eq!(refused(gateway, &ltik, body()).await, (403, "INACTIVE_SERVICE".into(), vec![]));
    gateway.patch_tool(json!({"services": {"deepLinking": true}})).await;
    let path = format!("/admin/platforms/{}/deactivate", school.platform_id);
    assert_eq!(gateway.admin("POST", &path, None).await.status, 200);
    assert_eq!(refused(gateway, &ltik, body()).await.0, 401);
}

#[both_stores("E-10")]
async fn answers_are_signed_by_the_key_of_the_moment(store: Store) {
    let school = Registered::new(store).await;
    let kid = |message: &str| jose::decode(message).unwrap().header["kid"].clone();
    let ltik = asked(&school, json!({})).await;
    let (message, _, _) = answered(&school.gateway, &ltik, json!({"contentItems": []})).await;
    let path = format!("/admin/platforms/{}/keys", school.platform_id);
    let keys = school.gateway.admin("GET", &path, None).await.json().unwrap();
    let keys = keys["keys"].as_array().unwrap();
    assert!(keys.iter().any(|key| key["kid"] == kid(&message)), "{keys:?}");
    let claims = claims_of(&school.gateway, &asked(&school, json!({})).await, json!([])).await;
    assert_ne!(claims["nonce"], jose::decode(&message).unwrap().claims["nonce"]);
}
