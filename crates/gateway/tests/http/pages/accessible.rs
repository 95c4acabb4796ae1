//! Every page in real Chromium, in both colour schemes, on a screen 320 pixels wide: what of WCAG
//! 2.2 AA a program can judge. `TEST_SCREENSHOTS=<folder>` keeps pictures of what it saw.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use simulator::lms::Lms;
use tokio::net::TcpListener;

use super::*;
use crate::chromium::Chromium;
use crate::deep_linking;
use crate::support::{Store, lms};

const CHECK: &str = include_str!("accessible.js");

/// A page as it was answered, its name, and its policy.
type Kept = Arc<BTreeMap<String, (String, String)>>;

/// Serves pages again without their scripts, so that none goes on by itself.
async fn serve(pages: Kept) -> String {
    let listener = TcpListener::bind("127.0.0.3:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().route("/{name}", axum::routing::get(one)).with_state(pages);
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

async fn one(State(pages): State<Kept>, Path(name): Path<String>) -> Response {
    let (text, policy) = pages.get(&name).unwrap().clone();
    Response::builder()
        .header(CONTENT_TYPE, "text/html; charset=utf-8")
        .header(CONTENT_SECURITY_POLICY, policy)
        .body(Body::from(text))
        .unwrap()
}

/// The same page with its scripts gone and what they would show shown.
fn still(text: &str) -> String {
    let mut rest = text;
    let mut kept = String::new();
    for (start, end) in [("<script", "</script>"), ("<noscript", "</noscript>")] {
        let from = std::mem::take(&mut kept) + rest;
        let mut left = from.as_str();
        while let Some((before, after)) = left.split_once(start) {
            kept.push_str(before);
            left = after.split_once(end).unwrap().1;
        }
        kept.push_str(left);
        rest = "";
    }
    kept.replace("id=\"close\" hidden", "id=\"close\"")
        .replace("id=\"late\" hidden", "id=\"late\"")
        .replace("class=\"quiet\" hidden", "class=\"quiet\"")
}

async fn storage_pages(gateway: &Gateway, lms: &Lms, client: &str, language: &str) -> [Page; 2] {
    let browser = Browser::new().unwrap();
    let launch = Launch::new(client).with("launch_presentation", json!({"locale": language}));
    let started = lms.login_request(&launch).unwrap();
    let mut fields: Vec<(&str, &str)> = started
        .fields
        .iter()
        .map(|(name, value)| (&**name, &**value))
        .filter(|(name, _)| *name != "lti_storage_target")
        .collect();
    fields.push(("lti_storage_target", "_parent"));
    let request = form(&started.url, &fields)
        .header("accept-language", language)
        .header("sec-fetch-dest", "iframe");
    let put = browser.send(request).await.unwrap();
    let link = put.text();
    let link = link.split_once("class=\"button\" href=\"").unwrap().1;
    let link = link.split_once('"').unwrap().0.replace("&#38;", "&");
    let answer = browser.get(&link).await.unwrap().auto_form().unwrap();
    let fields = ["id_token", "state"].map(|name| (name, answer.field(name).unwrap()));
    // The cookies stay behind.
    let request = form(&gateway.at("/lti/launch"), &fields).header("accept-language", language);
    let ask = send(request).await;
    assert_eq!((put.status, ask.status), (200, 200), "{}", ask.text());
    [put, ask]
}

/// Every kind of page, in this language.
async fn every_page(language: &str) -> BTreeMap<String, (String, String)> {
    let mut pages = BTreeMap::new();
    let mut keep = |name: &str, page: &Page, change: fn(String) -> String| {
        let policy = page.header("content-security-policy").unwrap().to_owned();
        assert_speaks(name, page, language, "<h1");
        let text = still(&change(page.text()));
        pages.insert(format!("{language}-{name}"), (text, policy));
    };
    let as_it_is = |text: String| text;
    let names = json!({"name": "Fractions", "names": {"de": "Bruchrechnungstrainer"}});
    let school = Registered::with(Store::Sqlite, names).await;
    let gateway = &school.gateway;
    let ask = async |request: Request| send(request.header("accept-language", language)).await;

    let wrong = school.student().with("version", "1.2");
    let return_url = format!("{}/return", school.lms.url());
    let around = json!({"locale": language, "return_url": return_url});
    let wrong = wrong.with("launch_presentation", around);
    keep("refused", &launch(&school, &wrong, language).await, as_it_is);
    for (name, path) in [
        ("not-found", "/nothing"),
        ("typed", "/lti/launch"),
        ("front", "/"),
        ("login-incomplete", "/lti/login?iss=x"),
        ("link-over", "/studyreel/learn?token=x"),
        ("invite", "/lti/register/nobodyknows"),
        ("parameter", "/lti/register?openid_configuration=x"),
    ] {
        keep(name, &ask(get(gateway, path)).await, as_it_is);
    }

    // A browser without cookies, and a platform without.
    let browser = Browser::new().unwrap();
    let begun = school.begin(&browser, &school.student()).await;
    let url = gateway.at("/lti/launch");
    keep("no-cookie", &ask(form(&url, &begun.fields())).await, as_it_is);
    let begun = school.begin(&browser, &school.student()).await;
    let error = [("error", "login_required"), ("state", &begun.state)];
    keep("login-required", &ask(form(&url, &error)).await, as_it_is);

    // The link of a student, opened by a program that only looks.
    let link = format!("/studyreel/learn?token={}", "A".repeat(43));
    let link = get(gateway, &link).header("sec-purpose", "prefetch");
    keep("continue", &ask(link).await, as_it_is);

    let [put, get_] = storage_pages(gateway, &school.lms, &school.client_id, language).await;
    keep("storage-put", &put, as_it_is);
    keep("storage-get", &get_, as_it_is);
    keep("storage-put-fallback", &put, |text| {
        text.replace("role=\"status\"", "role=\"status\" hidden")
            .replace("role=\"alert\" hidden", "role=\"alert\"")
            .replace("id=\"reference\">", "id=\"reference\">Xb41kQ9sZt")
    });
    let asked = get_.form_to("/lti/launch/verify").unwrap();
    let token = asked.field("verify_token").unwrap();
    let silent = [("verify_token", token), ("why", "silent")];
    let silent = form(&gateway.at("/lti/launch/verify"), &silent);
    keep("storage-fallback", &ask(silent).await, as_it_is);

    // A selection of content that is cancelled, and one that goes back from an offered window.
    let ltik = deep_linking::asked(&school, json!({})).await;
    let token = school.read(&ltik).await;
    let back = token["services"]["deepLinking"]["returnUrl"].as_str().unwrap();
    let cancel = Request::new("GET".parse().unwrap(), back).unwrap().header("accept", HTML);
    let page = ask(cancel).await;
    keep("cancel", &page, as_it_is);
    let cancel = page.form_to("/lti/deeplinking/cancel").unwrap();
    let fields = [("ticket", cancel.field("ticket").unwrap())];
    keep("hand-back", &ask(form(cancel.action.as_str(), &fields)).await, as_it_is);
    let ltik = deep_linking::asked_in_window(&school, json!({})).await;
    let (message, target, _) =
        deep_linking::answered(gateway, &ltik, json!({"contentItems": []})).await;
    let window = ask(form(&target, &[("JWT", &message)])).await;
    keep("handed-back", &window, |text| text.replace("id=\"handed\" hidden", "id=\"handed\""));

    // Registration, asked first and done.
    for (name, confirm) in [("confirm", true), ("registered", false)] {
        let settings = json!({"registration": {"confirm": confirm}});
        gateway.patch_tool(settings).await;
        let lms = lms().await;
        let start = lms.begin_registration(&gateway.at("/lti/register"));
        let request = Request::new("GET".parse().unwrap(), &start.unwrap().url).unwrap();
        let page = ask(request.header("accept", HTML)).await;
        assert_eq!(page.status, 200, "{}", page.text());
        keep(name, &page, as_it_is);
    }
    pages
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_page_is_accessible() {
    // German has the longest words.
    let mut pages = every_page("en").await;
    pages.extend(every_page("de").await);
    assert!(pages.len() >= 30, "{:?}", pages.keys());
    let names: Vec<String> = pages.keys().cloned().collect();
    let base = serve(Arc::new(pages)).await;
    let chromium = Chromium::start().await;
    let mut problems = Vec::new();
    for (scheme, width) in [("light", 320), ("dark", 320), ("light", 1280)] {
        let features = json!([
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]);
        let media = json!({"media": "", "features": features});
        chromium.devtools("Emulation.setEmulatedMedia", media).await;
        let metrics =
            json!({"width": width, "height": 700, "deviceScaleFactor": 1, "mobile": false});
        chromium.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
        for name in &names {
            chromium.open(&format!("{base}/{name}")).await;
            let check = json!({"expression": CHECK, "returnByValue": true});
            let found = chromium.devtools("Runtime.evaluate", check).await;
            let found = &found["result"]["value"];
            let found = found.as_array().unwrap_or_else(|| panic!("{name}: {found}"));
            for problem in found {
                problems.push(format!("{name} {scheme} {width}: {problem}"));
            }
            picture(&chromium, &format!("{name}-{scheme}-{width}")).await;
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// Keeps what the browser shows, if somebody wants to look.
async fn picture(chromium: &Chromium, name: &str) {
    #[expect(clippy::disallowed_methods, reason = "for people who run this test, and nothing else")]
    let Ok(folder) = std::env::var("TEST_SCREENSHOTS") else {
        return;
    };
    let top = json!({"expression": "scrollTo(0, 0)"});
    chromium.devtools("Runtime.evaluate", top).await;
    let shot = chromium.devtools("Page.captureScreenshot", json!({})).await;
    let shot = STANDARD.decode(shot["data"].as_str().unwrap()).unwrap();
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(format!("{folder}/{name}.png"), shot).unwrap();
}
