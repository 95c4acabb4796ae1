//! Deep linking: from the platform's request to the signed answer (lti.md E, ltiaas-api.md §2.3).

mod accepted;
mod answers;
mod hostile;
mod requests;
mod reservations;
mod returning;

pub(crate) use reservations::{opening, place};
pub(crate) use returning::asked_in_window;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use simulator::browser::{Browser, Page};
use simulator::jose;
use simulator::lms::{Launch, claim_name};

use crate::registered::{Registered, ltik_of};
use crate::support::{API_KEY, Gateway};

pub(crate) const SETTINGS: &str =
    "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings";
pub(crate) const ITEMS: &str = "https://purl.imsglobal.org/spec/lti-dl/claim/content_items";

/// A claim of the answer.
pub(crate) fn dl(name: &str) -> String {
    format!("https://purl.imsglobal.org/spec/lti-dl/claim/{name}")
}

/// A request for content whose settings are changed so; null takes one away.
pub(crate) fn asking(school: &Registered, change: &Value) -> Launch {
    let launch = school.teacher().deep_linking();
    let claims = school.lms.claims(&launch).unwrap();
    let mut settings = claims[SETTINGS].as_object().unwrap().clone();
    for (name, value) in change.as_object().unwrap() {
        match value {
            Value::Null => drop(settings.shift_remove(name)),
            value => drop(settings.insert(name.clone(), value.clone())),
        }
    }
    launch.with("deep_linking_settings", Value::Object(settings))
}

/// The `ltik` of a request that was accepted.
pub(crate) async fn asked(school: &Registered, change: Value) -> String {
    let launch = asking(school, &change);
    ltik_of("deep linking", &school.launch(&launch).await)
}

/// An item that every platform takes.
pub(crate) fn quiz(gateway: &Gateway) -> Value {
    json!({
        "type": "ltiResourceLink", "title": "Quiz 7", "url": gateway.at("/lti/launch?quiz=7"),
        "custom": {"quiz": "7"},
    })
}

/// `POST` with LTIK-AUTH-V2.
pub(crate) async fn post(gateway: &Gateway, path: &str, ltik: &str, body: Value) -> Page {
    let header = format!("LTIK-AUTH-V2 {API_KEY}:{ltik}");
    gateway.with_authorization("POST", path, Some(body), &header).await
}

/// An answer that is accepted: the message, and where it goes.
pub(crate) async fn answered(
    gateway: &Gateway,
    ltik: &str,
    body: Value,
) -> (String, String, Value) {
    let page = post(gateway, "/api/deeplinking", ltik, body).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let mut answer = page.json().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (text(&answer["message"]), text(&answer["target"]), answer["warnings"].take())
}

/// The claims of an answer with these items.
pub(crate) async fn claims_of(gateway: &Gateway, ltik: &str, items: Value) -> Value {
    let (message, _, _) = answered(gateway, ltik, json!({"contentItems": items})).await;
    jose::decode(&message).unwrap().claims
}

/// A refused answer: status, code, and the members it names.
pub(crate) async fn refused(
    gateway: &Gateway,
    ltik: &str,
    body: Value,
) -> (u16, String, Vec<String>) {
    let page = post(gateway, "/api/deeplinking", ltik, body).await;
    let answer = page.json().unwrap();
    assert_eq!(answer["status"], page.status);
    let errors = answer["details"]["errors"].as_array().into_iter().flatten();
    let errors = errors.map(|error| error["field"].as_str().unwrap().to_owned());
    let code = answer["details"]["message"].as_str().unwrap().to_owned();
    (page.status, code, errors.collect())
}

/// Posts a message as the person's browser does.
pub(crate) async fn deliver(message: &str, target: &str) -> Page {
    let browser = Browser::new().unwrap();
    browser.post_form(target, &[("JWT", message)]).await.unwrap()
}

/// The payload of a token as it was written.
pub(crate) fn payload(token: &str) -> String {
    let payload = token.split('.').nth(1).unwrap();
    String::from_utf8(URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

/// An LTI claim's full name.
pub(crate) fn lti(name: &str) -> String {
    claim_name(name)
}
