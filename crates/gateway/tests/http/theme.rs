//! One logo and one colour of a tool, on every page of ours about it (docs/spec/portal.md).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use simulator::browser::{Browser, Page, Request};
use test_case::both_stores;

use crate::portal::Visitor;
use crate::registered::{Registered, login};
use crate::support::{Gateway, Store, lms};

/// A picture of one point.
pub(crate) const PICTURE: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
pub(crate) const GREEN: &str = "#0b6b3a";

/// A theme with both.
pub(crate) fn theme() -> Value {
    json!({"theme": {"color": GREEN, "logo": format!("data:image/png;base64,{PICTURE}")}})
}

fn policy(page: &Page) -> &str {
    page.header("content-security-policy").unwrap()
}

/// The page has the colour and the logo, by our own addresses alone; the logo's path.
#[track_caller]
fn is_themed(page: &Page) -> String {
    let text = page.text();
    assert!(text.contains(&format!("--accent:{GREEN}")), "{}: {text}", page.url);
    let (_, rest) = text.split_once("<img src=\"").unwrap_or_else(|| panic!("{text}"));
    let (logo, _) = rest.split_once('"').unwrap();
    assert!(logo.starts_with("/lti/logo/"), "{logo}");
    let policy = policy(page);
    assert!(policy.contains("; img-src 'self';") && !policy.contains("unsafe"), "{policy}");
    logo.to_owned()
}

#[track_caller]
fn is_plain(page: &Page) {
    let text = page.text();
    assert!(!text.contains(GREEN) && !text.contains("<img"), "{text}");
    assert!(!policy(page).contains("img-src"), "{}", policy(page));
}

/// The page of a login that is refused.
async fn refused(school: &Registered) -> Page {
    let path = format!("/admin/platforms/{}/deactivate", school.platform_id);
    let page = school.gateway.admin("POST", &path, None).await;
    assert_eq!(page.status, 200, "{}", page.text());
    login(&school.lms, &Browser::new().unwrap(), &school.student()).await
}

#[both_stores("PO-8")]
async fn every_page_of_a_tool_has_its_colour_and_logo(store: Store) {
    let school = Registered::new(store).await;
    let gateway = &school.gateway;
    is_plain(&refused(&school).await);
    gateway.patch_tool(theme()).await;
    // Errors.
    let logo = is_themed(&refused(&school).await);
    // Registration: the question before it, and its end.
    gateway.patch_tool(json!({"registration": {"confirm": true}})).await;
    let other = lms().await;
    let start = other.begin_registration(&gateway.at("/lti/register")).unwrap();
    let browser = Browser::new().unwrap();
    let question = browser.get(&start.url).await.unwrap();
    is_themed(&question);
    let form = question.form_to("/lti/register/confirm").unwrap();
    is_themed(&browser.submit(&question, &form).await.unwrap());

    let picture = Browser::new().unwrap().get(&gateway.at(&logo)).await.unwrap();
    assert_eq!(picture.status, 200);
    assert_eq!(picture.header("content-type"), Some("image/png"));
    let kept = picture.header("cache-control");
    assert_eq!(kept, Some("public, max-age=31536000, immutable"));
    assert!(policy(&picture).contains("sandbox"), "{}", policy(&picture));
    assert_eq!(picture.body, STANDARD.decode(PICTURE).unwrap());
    // With the picture its address goes.
    gateway.patch_tool(json!({"theme": null})).await;
    is_plain(&refused(&school).await);
    let gone = Browser::new().unwrap().get(&gateway.at(&logo)).await.unwrap();
    assert_eq!(gone.status, 404);
}

#[both_stores("PO-8", "PO-10")]
async fn a_theme_is_one_tools(store: Store) {
    let gateway = Gateway::start(store).await;
    gateway.patch_tool(theme()).await;
    let (_, key) = gateway.new_tool("127.0.0.5").await;
    let page = gateway.as_key(&key, "GET", "/admin/tool", None).await;
    assert!(page.json().unwrap().get("theme").is_none(), "{}", page.text());
    let error = async |host: &str| {
        let (_, port) = gateway.url.rsplit_once(':').unwrap();
        let request = Request::new("GET".parse().unwrap(), &gateway.at("/nothing-here")).unwrap();
        let request = request.header("accept", "text/html");
        let request = request.header("host", &format!("{host}:{port}"));
        Browser::new().unwrap().send(request).await.unwrap()
    };
    is_themed(&error("127.0.0.2").await);
    is_plain(&error("127.0.0.5").await);
}

#[both_stores("PO-8", "PO-9")]
async fn a_theme_is_part_of_the_configuration(store: Store) {
    let gateway = Gateway::start(store).await;
    gateway.patch_tool(theme()).await;
    let code = gateway.admin("GET", "/admin/export", None).await.json().unwrap();
    assert_eq!(code["tools"][0]["settings"]["theme"], theme()["theme"]);
    gateway.patch_tool(json!({"theme": {"color": null}})).await;
    let page = gateway.admin("POST", "/admin/apply", Some(code.clone())).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let now = gateway.admin("GET", "/admin/tool", None).await.json().unwrap();
    assert_eq!(now["theme"], theme()["theme"]);
    let mut wrong = code;
    wrong["tools"][0]["settings"]["theme"]["color"] = "#ffd400".into();
    let page = gateway.admin("POST", "/admin/apply", Some(wrong)).await;
    assert_eq!(page.status, 400, "{}", page.text());
    assert!(page.text().contains("is too pale to be read"), "{}", page.text());
}

#[both_stores("PO-1", "PO-8")]
async fn the_portal_has_the_colour_and_the_logo(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let before = policy(&owner.get("/portal").await).to_owned();
    gateway.patch_tool(theme()).await;
    let stranger = Visitor::of(&gateway);
    for page in [owner.get("/portal").await, stranger.get("/portal/sign-in").await] {
        let text = page.text();
        assert!(text.contains("<img src=\"/lti/logo/"), "{text}");
        assert_eq!(policy(&page), before);
        let styles = text.split('"').filter(|part| part.starts_with("/portal/assets/theme-"));
        let [style] = styles.collect::<Vec<_>>()[..] else { panic!("{text}") };
        let sheet = stranger.get(style).await;
        assert_eq!(sheet.status, 200, "{style}");
        assert_eq!(sheet.header("content-type"), Some("text/css; charset=utf-8"));
        assert!(sheet.text().contains(&format!("--accent:{GREEN}")), "{}", sheet.text());
        // Nobody makes a style sheet of ours of what they write.
        let other = style.replace("0b6b3a", "ffd400");
        assert_eq!(stranger.get(&other).await.status, 404, "{other}");
    }
}
