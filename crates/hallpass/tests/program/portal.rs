//! `hallpass portal`, and the first start's address, as people use them.

use simulator::browser::Browser;

use crate::support::{Running, hallpass, own_port, refused, serving};

/// Standard output and standard error of a command that succeeds.
fn said(folder: &std::path::Path, args: &[&str]) -> (String, String) {
    let output = hallpass(folder, args).output().unwrap();
    let [out, errors] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
    assert!(output.status.success(), "{errors}");
    (out, errors)
}

/// Fills in the form behind an address that works once, and gives the page that it leads to.
async fn accept(browser: &Browser, address: &str, password: &str) -> (u16, String) {
    let page = browser.get(address).await.unwrap();
    let Some(mut form) = page.form_to(page.url.path()) else {
        return (page.status, page.url.path().to_owned());
    };
    form.set("name", "Mara");
    form.set("login", "mara@school.example");
    form.set("password", password);
    let page = browser.submit(&page, &form).await.unwrap();
    (page.status, page.url.path().to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_owner_comes_by_an_address_and_back_by_another() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (_server, url) = serving(folder);
    assert_eq!(said(folder, &["portal", "users"]).0, "");
    let (address, note) = said(folder, &["portal", "reset-password"]);
    assert!(note.contains("portal's owner"), "{note}");
    assert!(
        address.starts_with(&format!("{url}/portal/welcome/")),
        "{address}"
    );
    let browser = Browser::new().unwrap().wanting_pages();
    let home = (200, "/portal".to_owned());
    let address = address.trim_end();
    assert_eq!(
        accept(&browser, address, "staple tiger lantern").await,
        home
    );
    let gone = accept(&browser.fresh(), address, "staple tiger lantern").await;
    assert_eq!(gone.0, 410);

    let (users, _) = said(folder, &["portal", "users"]);
    let fields: Vec<&str> = users.trim_end().split('\t').collect();
    assert_eq!(
        (fields[0], fields[1], fields[2], *fields.last().unwrap()),
        ("mara@school.example", "owner", "no", "Mara")
    );
    let (address, note) = said(folder, &["portal", "reset-password", "Mara@School.example"]);
    assert!(note.contains("mara@school.example"), "{note}");
    let other = browser.fresh();
    let done = accept(&other, address.trim_end(), "quite another password").await;
    assert_eq!(done, home);
    let page = browser.get(&format!("{url}/portal")).await.unwrap();
    assert_eq!(
        page.url.path(),
        "/portal/sign-in",
        "her other session is over"
    );
    let error = refused(hallpass(
        folder,
        &["portal", "reset-password", "nobody@school.example"],
    ));
    assert!(error.contains("hallpass portal users"), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_session_or_link_comes_back_with_a_backup() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (server, url) = serving(folder);
    let (address, _) = said(folder, &["portal", "reset-password"]);
    let browser = Browser::new().unwrap().wanting_pages();
    let home = (200, "/portal".to_owned());
    let password = "staple tiger lantern";
    assert_eq!(accept(&browser, address.trim_end(), password).await, home);
    let (link, _) = said(folder, &["portal", "reset-password", "mara@school.example"]);
    said(folder, &["backup", "hallpass-backup.db"]);
    server.stop();
    std::fs::rename(folder.join("data/hallpass.db"), folder.join("lost.db")).unwrap();
    let (told, _) = said(folder, &["restore", "hallpass-backup.db"]);
    for words in ["sessions and open links have ended", "secret key"] {
        assert!(told.contains(words), "{told}");
    }

    let mut server = Running::start(hallpass(folder, &["serve"]));
    server.line();
    let page = browser.get(&format!("{url}/portal")).await.unwrap();
    assert_eq!(
        page.url.path(),
        "/portal/sign-in",
        "the session may have been ended since"
    );
    let gone = accept(&browser.fresh(), link.trim_end(), "quite another password").await;
    assert_eq!(gone.0, 410, "the link may have been used since");
    let mut form = page.form_to("/portal/sign-in").unwrap();
    form.set("login", "mara@school.example");
    form.set("password", password);
    let page = browser.submit(&page, &form).await.unwrap();
    assert_eq!((page.status, page.url.path()), (200, "/portal"));
}

#[test]
fn an_address_leads_to_where_the_server_started() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("hallpass.toml"), "data_dir = \"data\"\n").unwrap();
    let listen = format!("127.0.0.2:{}", own_port());
    let mut server = Running::start(hallpass(folder, &["serve", "--listen", &listen]));
    server.line();
    let (address, note) = said(folder, &["portal", "reset-password"]);
    assert!(
        address.starts_with(&format!("http://{listen}/portal/welcome/")),
        "{address}"
    );
    assert!(
        note.contains(&format!("this assumes http://{listen}.")),
        "{note}"
    );
    let elsewhere = ["--public-url", "https://lti.example.com"];
    let (address, note) = said(
        folder,
        &[&["portal", "reset-password"], &elsewhere[..]].concat(),
    );
    assert!(address.starts_with("https://lti.example.com/"), "{address}");
    assert!(!note.contains("assumes"), "{note}");
}
