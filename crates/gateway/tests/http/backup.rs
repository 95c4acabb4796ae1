//! A backup to download, over the API and in the portal (docs/backup.md).

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

use gateway::operator::backup::{Manifest, verify};
use serde_json::{Value, json};
use simulator::browser::Page;
use test_case::{both_stores, cases};

use crate::portal::{Visitor, entries_on, first};
use crate::support::{Gateway, Store};

/// A field of an archive's header.
fn field(bytes: &[u8]) -> String {
    let text = std::str::from_utf8(bytes).unwrap();
    text.trim_end_matches('\0').to_owned()
}

/// Unpacks an archive: the backup in it.
fn unpacked(page: &Page, folder: &Path) -> PathBuf {
    assert_eq!(page.status, 200, "{}", page.text());
    assert_eq!(page.header("content-type"), Some("application/x-tar"));
    assert_eq!(page.header("content-length"), Some(&*page.body.len().to_string()));
    assert_eq!(page.header("cache-control"), Some("no-store"));
    let mut files = Vec::new();
    let mut rest = &page.body[..];
    loop {
        let (head, behind) = rest.split_at(512);
        let name = field(&head[..100]);
        if name.is_empty() {
            break;
        }
        let size = usize::from_str_radix(&field(&head[124..136]), 8).unwrap();
        let path = folder.join(name);
        fs::write(&path, &behind[..size]).unwrap();
        files.push(path);
        rest = &behind[size.next_multiple_of(512)..];
    }
    assert_eq!(rest, [0; 1024]);
    assert_eq!(files.len(), 2, "{files:?}");
    assert_eq!(Manifest::file_of(&files[0]), files[1]);
    files.remove(0)
}

fn copy_beside(gateway: &Gateway) -> PathBuf {
    gateway.app.config.data_dir.join("hallpass.db.backup")
}

/// The copy that was downloaded goes with the answer, which may be over a moment later than it is
/// read.
async fn is_gone(copy: &Path) {
    let waiting = async {
        while copy.exists() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let gone = tokio::time::timeout(Duration::from_secs(10), waiting).await;
    assert!(gone.is_ok(), "{} stays", copy.display());
}

fn code(page: &Page) -> (u16, Value) {
    (page.status, page.json().unwrap()["details"]["message"].take())
}

#[cases("PO-9")]
#[tokio::test]
async fn a_backup_over_the_api_is_whole_and_noted() {
    let gateway = Gateway::start_with(Store::Sqlite, json!({"name": "Fractions"})).await;
    let folder = tempfile::tempdir().unwrap();
    let copy = copy_beside(&gateway);
    let page = gateway.admin("GET", "/admin/backup", None).await;
    let backup = unpacked(&page, folder.path());
    let name = backup.file_stem().unwrap().to_str().unwrap();
    let disposition = format!("attachment; filename=\"{name}.tar\"");
    assert_eq!(page.header("content-disposition"), Some(&*disposition));
    let manifest = verify(&backup).await.unwrap();
    assert_eq!((manifest.rows["tools"], manifest.rows["api_keys"]), (1, 1));
    is_gone(&copy).await;

    let log = gateway.admin("GET", "/admin/audit?action=backup", None).await.json().unwrap();
    let [noted] = &log["entries"].as_array().unwrap()[..] else { panic!("{log}") };
    assert_eq!(
        (&noted["actor"]["kind"], &noted["actor"]["name"]),
        (&json!("api_key"), &json!("first key"))
    );
    let after = json!({"file": name, "bytes": manifest.bytes, "sha256": manifest.sha256});
    assert_eq!(noted["after"], after);

    // What a crash left is overwritten, and one that is under way is left alone.
    fs::write(&copy, "half").unwrap();
    let again = gateway.admin("GET", "/admin/backup", None).await;
    verify(&unpacked(&again, folder.path())).await.unwrap();
    is_gone(&copy).await;
    let other = File::create(&copy).unwrap();
    other.lock().unwrap();
    let refused = gateway.admin("GET", "/admin/backup", None).await;
    assert_eq!(code(&refused), (409, json!("BACKUP_UNDER_WAY")));
    drop(other);
    let head = gateway.admin("HEAD", "/admin/backup", None).await;
    assert_eq!(head.status, 405);
}

#[both_stores("PO-9")]
async fn only_keys_of_the_first_tool_download_everything(store: Store) {
    let gateway = Gateway::start(store).await;
    let (_, key) = gateway.new_tool("127.0.0.5").await;
    let refused = gateway.as_key(&key, "GET", "/admin/backup", None).await;
    assert_eq!(code(&refused), (403, json!("NOT_FIRST_TOOL")));
    if matches!(store, Store::Postgres) {
        let elsewhere = gateway.admin("GET", "/admin/backup", None).await;
        assert_eq!(code(&elsewhere), (409, json!("BACKUP_ELSEWHERE")));
    }
}

#[both_stores("PO-6", "PO-9")]
async fn home_says_when_the_last_was_made_and_makes_one(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let page = owner.get("/portal").await;
    let (text, none) = (page.text(), "<span class=\"status warn\">none yet</span>");
    if matches!(store, Store::Postgres) {
        assert!(!text.contains("Last backup"), "{text}");
        let said = owner.post(&page, "/portal/backup", &[]).await;
        assert!(said.text().contains("backed up with pg_dump"), "{}", said.text());
        return;
    }
    assert!(text.contains("Last backup") && text.contains(none), "{text}");
    let folder = tempfile::tempdir().unwrap();
    let form = page.form_to("/portal/backup").unwrap();
    verify(&unpacked(&owner.submit(&page, &form).await, folder.path())).await.unwrap();
    let page = owner.get("/portal").await;
    assert!(!page.text().contains(none), "{}", page.text());
    let noted = entries_on(&owner.get("/portal/audit?action=backup.made").await);
    assert!(noted.contains("Backup downloaded") && noted.contains("Admin"), "{noted}");
    let viewer = Visitor::invited(&gateway, &owner, "viewer").await;
    let seen = viewer.get("/portal").await;
    assert!(seen.text().contains("Last backup") && seen.form_to("/portal/backup").is_none());

    gateway.clock.advance(Duration::from_secs(11 * 60));
    let stale = owner.submit(&page, &form).await;
    assert_eq!((first(&stale), stale.url.path()), (303, "/portal/confirm"), "{}", stale.text());
}
