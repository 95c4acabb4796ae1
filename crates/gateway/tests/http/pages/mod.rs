//! The pages people see: in their language, in two shapes, and accessible (lti.md B-03, A-50,
//! I-41).

mod accessible;
mod launch_refusals;

use serde_json::{Value, json};
use simulator::browser::{Browser, Page, Request};
use simulator::lms::Launch;
use test_case::both_stores;

use crate::registered::{Registered, form};
use crate::support::{Gateway, Store};

/// What a browser sends that wants a page.
const HTML: &str = "text/html,application/xhtml+xml,*/*;q=0.8";

fn get(gateway: &Gateway, path: &str) -> Request {
    let request = Request::new("GET".parse().unwrap(), &gateway.at(path)).unwrap();
    request.no_redirects().header("accept", HTML)
}

async fn send(request: Request) -> Page {
    Browser::new().unwrap().send(request).await.unwrap()
}

/// A launch in a fresh browser whose person reads these languages.
async fn launch(school: &Registered, launch: &Launch, languages: &str) -> Page {
    let browser = Browser::new().unwrap();
    let posted = school.begin(&browser, launch).await;
    let request = form(&school.gateway.at("/lti/launch"), &posted.fields());
    let request = request.header("accept-language", languages);
    browser.send(request).await.unwrap()
}

#[track_caller]
fn assert_speaks(case: &str, page: &Page, language: &str, words: &str) {
    let text = page.text();
    assert!(text.contains(&format!("<html lang=\"{language}\">")), "{case}: {text}");
    assert_eq!(page.header("content-language"), Some(language), "{case}");
    assert_eq!(page.header("vary"), Some("Accept, Accept-Language"), "{case}");
    assert!(text.contains(words), "{case}: {text}");
}

const FRENCH: &str = "L’outil n’a pas pu être ouvert";
const GERMAN: &str = "Das Tool konnte nicht geöffnet werden";

#[both_stores]
async fn refusals_use_the_platforms_language_or_the_browsers(store: Store) {
    let school = Registered::new(store).await;
    let wrong = school.student().with("version", "1.2").without("locale");
    let shown_in =
        |locale: Value| wrong.clone().with("launch_presentation", json!({"locale": locale}));
    for (case, launch_, accepted, language, words) in [
        ("the launch's", shown_in(json!("fr-CA")), "de", "fr", FRENCH),
        ("with a low line", shown_in(json!("fr_FR")), "de", "fr", FRENCH),
        ("one we don't have", shown_in(json!("nl")), "nl, de;q=0.5", "de", GERMAN),
        ("no text", shown_in(json!(7)), "de", "de", GERMAN),
        (
            "null beside the person's",
            wrong.clone().with("launch_presentation", Value::Null).with("locale", "fr"),
            "de",
            "fr",
            FRENCH,
        ),
        ("no object", wrong.clone().with("launch_presentation", "fr"), "de", "de", GERMAN),
        (
            "the person's",
            wrong.clone().without("launch_presentation").with("locale", "fr"),
            "de",
            "fr",
            FRENCH,
        ),
        (
            "none",
            wrong.clone().without("launch_presentation"),
            "pt-BR,pt;q=0.9",
            "pt",
            "Não foi possível abrir",
        ),
        (
            "none, Spanish",
            wrong.clone().without("launch_presentation"),
            "es-MX",
            "es",
            "No se ha podido abrir",
        ),
        (
            "none at all",
            wrong.clone().without("launch_presentation"),
            "zh",
            "en",
            "could not be opened",
        ),
    ] {
        assert_speaks(case, &launch(&school, &launch_, accepted).await, language, words);
    }
    // Before a signature was checked nobody believes the token.
    let forged = shown_in(json!("fr")).header(json!({"alg": "RS256"}));
    assert_speaks("unsigned", &launch(&school, &forged, "de").await, "de", GERMAN);
}

#[both_stores]
async fn every_refusal_has_a_page_in_five_languages_and_json(store: Store) {
    let school = Registered::new(store).await;
    let gateway = &school.gateway;
    let unknown = "/lti/login?iss=https%3A%2F%2Fnobody.test&login_hint=1&target_link_uri=";
    let target: String =
        url::form_urlencoded::byte_serialize(gateway.at("/lti/launch").as_bytes()).collect();
    let issuer: String =
        url::form_urlencoded::byte_serialize(school.lms.endpoints().issuer.as_bytes()).collect();
    let away =
        format!("/lti/login?iss={issuer}&login_hint=1&target_link_uri=https%3A%2F%2Fevil.test");
    let token = [("id_token", "x"), ("state", "x")];
    for (case, request, status, code) in [
        ("TC-034", get(gateway, "/lti/login"), 400, "MISSING_LOGIN_PARAMETERS"),
        (
            "TC-012",
            get(gateway, &format!("{unknown}{target}")),
            400,
            "UNREGISTERED_OR_INACTIVE_PLATFORM",
        ),
        ("A-60", get(gateway, &away), 400, "INVALID_TARGET_LINK_URI"),
        (
            "no form",
            form(&gateway.at("/lti/login"), &[]).body("text/plain", "x"),
            415,
            "UNSUPPORTED_MEDIA_TYPE",
        ),
        ("typed address", get(gateway, "/lti/launch"), 400, "NOT_A_LAUNCH"),
        ("front", get(gateway, "/"), 400, "NOT_A_LAUNCH"),
        ("TC-049", form(&gateway.at("/lti/launch"), &token), 401, "INVALID_STATE"),
        ("TC-048", form(&gateway.at("/lti/launch"), &token[..1]), 400, "MISSING_LOGIN_PARAMETERS"),
        (
            "TC-058",
            form(&gateway.at("/lti/launch"), &[]).body("application/json", "{}"),
            415,
            "UNSUPPORTED_MEDIA_TYPE",
        ),
        (
            "TC-176",
            form(&gateway.at("/lti/launch/verify"), &[("verify_token", "x")]),
            401,
            "INVALID_STATE",
        ),
        ("no link", get(gateway, "/studyreel/learn?token=x"), 410, "LINK_NOT_VALID"),
        ("TC-201", get(gateway, "/lti/register"), 400, "INVALID_REGISTRATION_PARAMETER"),
        ("TC-200", get(gateway, "/lti/register/nobodyknows"), 403, "INVITE_NOT_VALID"),
        ("TC-203", form(&gateway.at("/lti/register/confirm"), &[]), 403, "CONFIRMATION_REFUSED"),
        ("404", get(gateway, "/nothing"), 404, "NOT_FOUND"),
        ("405", form(&gateway.at("/lti/register"), &[]), 405, "METHOD_NOT_ALLOWED"),
        (
            "413",
            form(&gateway.at("/lti/login"), &[("a", &"a".repeat(60_000))]),
            413,
            "PAYLOAD_TOO_LARGE",
        ),
    ] {
        let mut headings = Vec::new();
        for language in ["en", "es", "fr", "de", "pt"] {
            let page = send(request.clone().header("accept-language", language)).await;
            assert_eq!(page.status, status, "{case}: {}", page.text());
            assert_speaks(case, &page, language, "<h1>");
            let text = page.text();
            let heading =
                text.split_once("<h1>").unwrap().1.split_once("</h1>").unwrap().0.to_owned();
            assert!(!headings.contains(&heading), "{case}: {heading} twice");
            headings.push(heading);
        }
        for accept in ["application/json", "*/*", "application/json, text/html;q=0.9"] {
            let mut program = request.clone();
            program.headers.remove("accept");
            let page = send(program.header("accept", accept).header("accept-language", "de")).await;
            let body = page.json().unwrap();
            assert_eq!(page.header("content-type"), Some("application/json"), "{case}: {body}");
            assert_eq!((page.status, &body["status"]), (status, &json!(status)), "{case}: {body}");
            assert_eq!(body["details"]["message"], code, "{case}: {body}");
            assert!(
                body["error"].is_string() && body["details"]["correlationId"].is_string(),
                "{case}: {body}"
            );
            let description = body["details"]["description"].as_str().unwrap();
            assert!(
                description.is_ascii() && description.len() > 20,
                "programs are told in English: {case}: {body}"
            );
        }
    }
}

#[both_stores]
async fn a_page_shows_the_tools_name_and_no_personal_data(store: Store) {
    let settings = json!({"name": "Fractions", "names": {"de": "Brüche"}});
    let school = Registered::with(store, settings).await;
    school.gateway.patch_tool(json!({"launch": {"showReasons": false}})).await;
    let wrong =
        school.student().with("version", "1.2").without("launch_presentation").without("locale");
    for (language, name) in [("de-AT", "Brüche"), ("fr", "Fractions")] {
        let page = launch(&school, &wrong, language).await;
        let text = page.text();
        assert!(text.contains(&format!("<p class=\"tool\">{name}</p>")), "{text}");
        let browser = Browser::new().unwrap();
        let claims = school.begin(&browser, &wrong).await.claims();
        for claim in ["sub", "name", "email", "given_name", "family_name"] {
            let value = claims[claim].as_str().unwrap();
            assert!(value.len() < 3 || !text.contains(value), "{claim}: {text}");
        }
    }
}

#[both_stores]
async fn the_front_page_leads_staff_to_the_portal(store: Store) {
    let gateway = Gateway::start(store).await;
    let portal = format!("href=\"{}\"", gateway.at("/portal"));
    for path in ["/", "/?"] {
        let text = send(get(&gateway, path)).await.text();
        assert!(text.contains("Please open the tool from your course"), "{path}: {text}");
        assert!(text.contains(&portal), "{path}: {text}");
    }
    // Whoever comes from a course is no staff.
    for path in ["/lti/launch", "/?id_token=x&state=y", "/?a=b"] {
        let text = send(get(&gateway, path)).await.text();
        assert!(!text.contains(&portal), "{path}: {text}");
    }
}
