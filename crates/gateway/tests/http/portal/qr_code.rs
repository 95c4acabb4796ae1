//! The second step's key as a picture.

use qrcode::{EcLevel, QrCode};
use serde_json::json;
use simulator::browser::Page;
use test_case::both_stores;

use super::Visitor;
use super::account::{code, secret_on};
use crate::support::{Gateway, Store};

const SET_UP: &str = "/portal/account/second-step";
const TURN_ON: &str = "/portal/account/second-step/on";

/// The pictures of a page that say something, without its icons.
fn pictures_on(page: &Page) -> Vec<String> {
    let text = page.text();
    let pictures =
        text.split("<svg ").skip(1).filter_map(|rest| Some(rest.split_once("</svg>")?.0));
    pictures.filter(|picture| picture.contains("role=\"img\"")).map(str::to_owned).collect()
}

/// The address that the page's link opens.
fn link_on(page: &Page) -> String {
    let text = page.text();
    let (_, rest) = text.split_once("href=\"otpauth:").unwrap_or_else(|| panic!("{text}"));
    format!("otpauth:{}", rest.split('"').next().unwrap().replace("&#38;", "&"))
}

/// What a picture shows: a line per row, up to its last dark module.
fn seen(picture: &str) -> Vec<String> {
    let (_, rest) = picture.split_once(" d=\"M").unwrap_or_else(|| panic!("{picture}"));
    let number = |text: &str| text.parse::<usize>().unwrap();
    let rows = rest.split('"').next().unwrap().split('M').map(|row| {
        let mut runs = row.split('h');
        let (x, _) = runs.next().unwrap().split_once(' ').unwrap();
        let mut line = ".".repeat(number(x) - 4);
        for run in runs {
            let (dark, light) = run.split_once('m').unwrap_or((run, "0 0"));
            line.push_str(&"#".repeat(number(dark)));
            line.push_str(&".".repeat(number(light.strip_suffix(" 0").unwrap())));
        }
        line
    });
    rows.collect()
}

/// The same of the code for this text.
fn meant(text: &str) -> Vec<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).unwrap();
    let all = code.to_debug_str('#', '.');
    all.lines().map(|line| line.trim_end_matches('.').to_owned()).collect()
}

#[both_stores("PO-2", "PO-3")]
async fn the_second_steps_key_can_be_scanned(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let account = owner.get("/portal/account").await;
    let page = owner.post(&account, SET_UP, &[]).await;
    let (secret, link, text) = (secret_on(&page), link_on(&page), page.text());
    assert!(link.contains(&format!("?secret={secret}&issuer=")), "{link}");
    let pictures = pictures_on(&page);
    assert_eq!(pictures.len(), 1, "{text}");
    assert!(pictures[0].contains("aria-label=\"QR code of this key\""), "{text}");
    assert_eq!(seen(&pictures[0]), meant(&link));
    assert!(text.contains("Scan the QR code"), "{text}");

    assert!(text.len() <= 30_000, "{} bytes", text.len());
    assert!(!text.contains(" style=\"") && !text.contains("src=\"data:"), "{text}");
    assert_eq!(page.header("cache-control"), Some("no-store"));
    // After a wrong code it is the same, as the key is.
    let mut form = page.form_to(TURN_ON).unwrap();
    form.set("code", "abcdef");
    let wrong = owner.submit(&page, &form).await;
    assert_eq!((wrong.status, pictures_on(&wrong)), (403, pictures.clone()), "{}", wrong.text());
    let other = owner.post(&account, SET_UP, &[]).await;
    assert_eq!(seen(&pictures_on(&other)[0]), meant(&link_on(&other)));
    assert_ne!(pictures_on(&other), pictures);
}

#[both_stores("PO-2", "PO-3")]
async fn a_long_name_leaves_the_qr_code_out(store: Store) {
    let gateway = Gateway::start(store).await;
    gateway.patch_tool(json!({"name": "数".repeat(255)})).await;
    let owner = Visitor::owner(&gateway).await;
    let account = owner.get("/portal/account").await;
    let page = owner.post(&account, SET_UP, &[]).await;
    let (secret, text) = (secret_on(&page), page.text());
    assert_eq!(pictures_on(&page), Vec::<String>::new(), "{text}");
    assert!(text.contains("Enter this key") && !text.contains("QR code"), "{text}");
    let mut form = page.form_to(TURN_ON).unwrap();
    form.set("code", code(&secret, gateway.clock.now_seconds()));
    let on = owner.submit(&page, &form).await;
    assert!(on.text().contains("from your next sign-in"), "{}", on.text());
}
