//! 62: the capability in the launch URL, and the signature.

use serde_json::{Value, json};
use url::Url;

use crate::{
    browser::{Page, Request},
    studyreel::conformance::{
        answers::{no_success, unexpected},
        bench::Bench,
        checks::{Checks, Step, expect, not_run},
    },
};

pub(super) async fn proofs(bench: &Bench, checks: &mut Checks) -> Step {
    let sub = bench.sub();
    let secret = bench.options.hmac_secret.as_deref();
    if !bench.options.capability_required && secret.is_none() {
        return not_run("the app asks for neither a capability nor a signature");
    }
    if bench.options.capability_required {
        capability(bench, checks, &sub).await?;
    }
    if let Some(secret) = secret {
        signature(bench, checks, &sub, secret).await?;
    }
    bench.refuse_each(checks, &sub, Vec::new()).await
}

async fn capability(bench: &Bench, checks: &mut Checks, sub: &str) -> Step {
    let mut said = Vec::new();
    for (label, url) in without_capability(&bench.options.launch_url) {
        let mut request = bench.request(bench.valid(sub).bytes())?;
        request.url = url;
        let page = checks.sub(label, turned_away(bench, request).await);
        // Without the segment, it may be another address altogether; the wrong ones must look
        // alike.
        let page = page.filter(|_| label != "no capability");
        said.extend(page.map(|page| words(&page)));
    }
    said.dedup();
    expect(
        said.len() <= 1,
        "wrong capabilities are answered in different words",
    )
}

async fn signature(bench: &Bench, checks: &mut Checks, sub: &str, secret: &str) -> Step {
    let now = bench.clock.seconds();
    let body = || bench.valid(sub).bytes();
    let other = bench.signed(secret, now, body())?;
    for (label, request) in [
        ("no signature", bench.unsigned(body())?),
        (
            "a stale timestamp",
            bench.signed(secret, now - 3600, body())?,
        ),
        (
            "another secret",
            bench.signed("not the secret", now, body())?,
        ),
        ("an altered body", other.body("application/json", body())),
    ] {
        checks.sub(label, turned_away(bench, request).await);
    }
    Ok(())
}

/// The content of a refusal, without what differs each time.
fn words(page: &Page) -> Value {
    let answer = page.json().unwrap_or(Value::Null);
    json!([
        page.status,
        answer["message"],
        answer["code"],
        answer["error"]
    ])
}

async fn turned_away(bench: &Bench, request: Request) -> Step<Page> {
    let page = bench.send(request).await?;
    expect(
        matches!(page.status, 401 | 404),
        unexpected(&page, "401 or 404"),
    )?;
    no_success(&page)?;
    Ok(page)
}

/// The launch URL without its last segment, then with wrong ones.
fn without_capability(launch_url: &str) -> Vec<(&'static str, Url)> {
    let Ok(url) = Url::parse(launch_url) else {
        return Vec::new();
    };
    let last = url.path_segments().and_then(|mut all| all.next_back());
    let mut shorter = last.unwrap_or_default().to_owned();
    let end = shorter.pop();
    let altered = format!("{shorter}{}", if end == Some('A') { 'B' } else { 'A' });
    let with = |label, segment: &str| {
        let mut url = url.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop();
            if !segment.is_empty() {
                segments.push(segment);
            }
        }
        (label, url)
    };
    vec![
        with("no capability", ""),
        with("an altered capability", &altered),
        with("a shortened capability", &shorter),
        with("another capability", "x"),
    ]
}
