//! Signatures as the packages `standardwebhooks` and `svix` check them, unchanged
//! (`scripts/python-sdk` installs them).

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use test_case::both_stores;

use super::receiver::{Got, Receiver};
use crate::studyreel::{StudyReel, valid};
use crate::support::{Gateway, Store};

const SCRIPT: &str = r#"
import json, sys
import standardwebhooks, svix.webhooks
told = json.load(sys.stdin)
good = []
for package in (standardwebhooks.Webhook, svix.webhooks.Webhook):
    for secret in told["secrets"]:
        try:
            package(secret).verify(told["body"], told["headers"])
            good.append(True)
        except Exception as error:
            if "signature" not in str(error):
                raise
            good.append(False)
print(json.dumps(good))
"#;

/// The Python that has the packages.
fn python() -> PathBuf {
    #[expect(clippy::disallowed_methods, reason = "where the tests' Python is")]
    let named = std::env::var_os("TEST_PYTHON_SDK");
    let usual = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/python-sdk/bin/python");
    named.map_or_else(|| usual.into(), PathBuf::from)
}

/// A message's body as it came.
fn body(got: &Got) -> String {
    String::from_utf8(got.body.to_vec()).unwrap()
}

/// Whether a message is good under each secret: what one package says, and then the other.
fn checked(got: &Got, body: &str, secrets: &[&str]) -> Value {
    let headers: serde_json::Map<String, Value> = got
        .headers
        .iter()
        .map(|(name, value)| (name.to_string(), json!(value.to_str().unwrap())))
        .collect();
    let told = json!({"headers": headers, "body": body, "secrets": secrets});
    let mut child = Command::new(python())
        .args(["-c", SCRIPT])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("run scripts/python-sdk first");
    child.stdin.take().unwrap().write_all(told.to_string().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "the packages said why above");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[both_stores("WH-1")]
async fn the_usual_packages_take_our_messages_as_they_come(store: Store) {
    let gateway = Gateway::start(store).await;
    let receiver = Receiver::start().await;
    let (id, old) = gateway.webhook(&receiver.url, json!([])).await;
    gateway.something_happens().await;
    let first = receiver.gets(1).await.remove(0);
    let rotated = gateway.order(&format!("/admin/webhooks/{id}/rotate"), None).await;
    let new = rotated["secret"].as_str().unwrap();
    gateway.something_happens().await;
    let second = receiver.gets(2).await.remove(1);
    assert_eq!(checked(&first, &body(&first), &[&old, new]), json!([true, false, true, false]));
    assert_eq!(checked(&second, &body(&second), &[&old, new]), json!([true, true, true, true]));
    let altered = body(&second).replace("api_key", "api-key");
    assert_eq!(checked(&second, &altered, &[&old, new]), json!([false, false, false, false]));
}

#[both_stores("WH-1")]
async fn the_usual_packages_take_the_provisioning_hooks_calls(store: Store) {
    let receiver = Receiver::start().await;
    receiver.answers(204, &[]);
    let hook = json!({"provisioning": {"url": receiver.url, "secrets": [1, 2]}});
    let studyreel = StudyReel::start_with(store, hook).await;
    studyreel.ok(&valid("ada@example.com")).await;
    let call = receiver.gets(1).await.remove(0);
    let owner = studyreel.gateway.ask("/admin/studyreel").await;
    let secrets = owner["provisioning"]["secrets"].as_array().unwrap().iter();
    let secrets: Vec<&str> = secrets.map(|one| one["secret"].as_str().unwrap()).collect();
    assert_eq!(checked(&call, &body(&call), &secrets), json!([true, true, true, true]));
    let altered = body(&call).replace("student", "teacher");
    assert_eq!(checked(&call, &altered, &secrets), json!([false, false, false, false]));
}
