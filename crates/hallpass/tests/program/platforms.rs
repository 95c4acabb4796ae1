//! `hallpass platforms`, beside a running server.

use std::path::Path;

use simulator::browser::Browser;
use simulator::lms::{Lms, Options};

use crate::support::{hallpass, refused, serving};

fn said(folder: &Path, args: &[&str]) -> String {
    let output = hallpass(folder, args).output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{errors}");
    assert_eq!(errors, "");
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn platforms_are_listed_activated_and_deactivated() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (server, url) = serving(folder);
    assert_eq!(said(folder, &["platforms", "list"]), "");

    let lms = Lms::start(Options::default()).await.unwrap();
    let start = lms
        .begin_registration(&format!("{url}/lti/register"))
        .unwrap();
    Browser::new().unwrap().get(&start.url).await.unwrap();
    let list = said(folder, &["platforms", "list"]);
    let fields: Vec<&str> = list.trim_end().split('\t').collect();
    let (issuer, client_id) = (lms.endpoints().issuer, &start.client_id);
    assert_eq!(
        fields[1..],
        ["inactive", &issuer, client_id, "moodle at 127.0.0.1"]
    );
    let active = list.replace("inactive", "active");
    assert_eq!(said(folder, &["platforms", "activate", fields[0]]), active);
    assert_eq!(said(folder, &["platforms", "list"]), active);
    // The same settings by flag, from elsewhere.
    let data = folder.join("data").display().to_string();
    let elsewhere = tempfile::tempdir().unwrap();
    let args = ["platforms", "deactivate", "--data-dir", &data, fields[0]];
    assert_eq!(said(elsewhere.path(), &args), list);

    let error = refused(hallpass(folder, &["platforms", "activate", "nobody"]));
    assert!(
        error.contains("nobody") && error.contains("platforms list"),
        "{error}"
    );
    server.stop();
    // And without a server.
    assert_eq!(said(folder, &["platforms", "list"]), list);
}

#[test]
fn where_no_server_ever_ran_nothing_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let error = refused(hallpass(folder.path(), &["platforms", "list"]));
    assert!(
        error.contains("database_url") && error.contains("hallpass serve"),
        "{error}"
    );
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
