//! How the tool's pages look, chosen in the portal: a colour, and a logo as a file.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use simulator::browser::{Page, Request};
use test_case::both_stores;

use super::{audit, has, lacks, open, send};
use crate::portal::{Visitor, first};
use crate::support::{Gateway, Store};
use crate::theme::{GREEN, PICTURE, theme};

const PATH: &str = "/portal/settings";

/// Sends the form as a browser does that has a file in it.
async fn upload(visitor: &Visitor, page: &Page, color: &str, file: &[u8]) -> Page {
    let token = page.form_to("/portal/sign-out").unwrap();
    let token = token.field("token").unwrap();
    let head = |more: &str| format!("--X\r\nContent-Disposition: form-data; {more}\r\n\r\n");
    let file_head = "name=\"logo\"; filename=\"logo.png\"\r\nContent-Type: image/png";
    let mut body = Vec::new();
    for (head, content) in [
        (head("name=\"token\""), token.as_bytes()),
        (head("name=\"color\""), color.as_bytes()),
        (head(file_head), file),
    ] {
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--X--\r\n");
    let there = page.url.join("/portal/settings/look").unwrap();
    let request = Request::new("POST".parse().unwrap(), there.as_str()).unwrap();
    let request = request.header("sec-fetch-site", "same-origin");
    visitor.browser.send(request.body("multipart/form-data; boundary=X", body)).await.unwrap()
}

async fn stored(gateway: &Gateway) -> Value {
    gateway.admin("GET", "/admin/tool", None).await.json().unwrap()["theme"].clone()
}

#[both_stores("PO-8", "PO-9")]
async fn colour_and_logo_are_chosen_shown_and_taken_away(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let (page, text) = open(&owner, PATH).await;
    has(&text, &["How our pages look", "multipart/form-data"]);
    let picture = STANDARD.decode(PICTURE).unwrap();
    let saved = upload(&owner, &page, GREEN, &picture).await;
    has(&saved.text(), &["The settings are saved.", GREEN, "/lti/logo/", "Changed by Admin"]);
    assert_eq!(stored(&gateway).await, theme()["theme"]);
    lacks(&saved.text(), &[PICTURE]);
    // The file has the colour, and not the picture.
    let (_, file) = open(&owner, &format!("{PATH}?as=toml")).await;
    has(&file, &["[tool.theme]"]);
    lacks(&file, &[PICTURE]);
    let noted = audit(&owner).await;
    has(&noted, &["settings.changed", "theme"]);
    lacks(&noted, &[PICTURE]);

    // Without a file the logo stays, whatever else is saved.
    let saved = upload(&owner, &saved, "", &[]).await;
    has(&saved.text(), &["/lti/logo/"]);
    let json = [("do", "json"), ("json", r#"{"description": "Halves"}"#)];
    send(&owner, &saved, PATH, &json).await;
    assert_eq!(stored(&gateway).await, json!({"logo": theme()["theme"]["logo"]}));
    let fields = [("do", "no-logo"), ("color", GREEN)];
    let text = send(&owner, &saved, "/portal/settings/look", &fields).await;
    lacks(&text, &["/lti/logo/"]);
    assert_eq!(stored(&gateway).await, json!({"color": GREEN}));
}

#[both_stores("PO-8")]
async fn what_is_wrong_with_a_look_is_told_at_the_field(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let (page, _) = open(&owner, PATH).await;
    let mut large = STANDARD.decode(PICTURE).unwrap();
    large.resize(40 * 1024, 0);
    for (color, file, said) in [
        ("#ffd400", &b""[..], "is too pale to be read"),
        ("green", b"", "six hexadecimal digits"),
        (GREEN, b"<svg onload='alert(1)'/>", "must be a PNG, JPEG or WebP picture"),
        (GREEN, &large, "a logo may have 32 at most"),
    ] {
        let wrong = upload(&owner, &page, color, file).await;
        assert_eq!(wrong.status, 400, "{said}");
        has(&wrong.text(), &["Nothing was saved", said, "aria-invalid", color]);
        lacks(&wrong.text(), &["<svg onload"]);
    }
    assert_eq!(stored(&gateway).await, Value::Null);
    let viewer = Visitor::invited(&gateway, &owner, "viewer").await;
    let page = viewer.get(PATH).await;
    lacks(&page.text(), &["multipart/form-data"]);
    let refused = upload(&viewer, &page, GREEN, b"").await;
    assert_eq!(first(&refused), 403, "{}", refused.text());
}

#[both_stores("PO-8")]
async fn the_error_page_is_seen_before_a_colour_is_saved(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let path = "/portal/settings/error-page";
    let page = owner.get(path).await;
    assert_eq!(page.status, 200, "{}", page.text());
    has(&page.text(), &["Test tool", "The tool could not be opened", "Reference for support"]);
    lacks(&page.text(), &["--accent:#0b6b3a"]);
    let tried = owner.get(&format!("{path}?color=%230b6b3a")).await;
    has(&tried.text(), &["--accent:#0b6b3a"]);
    let wrong = owner.get(&format!("{path}?color=%23ffd400")).await;
    assert_eq!(wrong.status, 400, "{}", wrong.text());
    has(&wrong.text(), &["is too pale to be read"]);
    assert_eq!(stored(&gateway).await, Value::Null);
}
