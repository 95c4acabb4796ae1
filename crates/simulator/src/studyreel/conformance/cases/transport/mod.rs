//! F. Transport and abuse.

mod discreet;
mod proofs;

use futures_util::future;
use reqwest::Method;
use serde_json::Value;

use super::identity::failure;
use crate::browser::Request;
use crate::studyreel::conformance::{
    answers::{no_success, refusal, unexpected},
    bench::{Bench, Draft},
    checks::{Checks, Step, expect, not_run},
    looking::inside,
};

super::cases! { 'F':
    58 "Only POST; nothing for other sites' pages" => methods,
    59 "Only application/json" => types,
    60 "Only one whole JSON object" => bodies,
    61 "Large and deep bodies are turned away" => sizes,
    62 "The capability and the signature are checked, and tell nothing" => proofs::proofs,
    63 "A burst of one student is limited, others are not" => burst,
    64 "Errors and logs give nothing away" => discreet::discreet,
    65 "A store that fails half-way leaves nothing" => outage,
}

async fn methods(bench: &Bench, checks: &mut Checks) -> Step {
    let sub = bench.sub();
    for method in [Method::GET, Method::PUT, Method::DELETE] {
        let mut request = bench.request(bench.valid(&sub).bytes())?;
        request.method = method.clone();
        if method == Method::GET {
            request.body.clear();
        }
        let page = bench.send(request).await;
        let page = page.and_then(|page| expect(page.status == 405, unexpected(&page, "405")));
        checks.sub(method.as_str(), page);
    }
    for method in [Method::HEAD, Method::OPTIONS] {
        let mut request = Request::new(method.clone(), &bench.options.launch_url)?.no_redirects();
        request = request
            .header("origin", "https://evil.example")
            .header("access-control-request-method", "POST");
        let page = bench.send(request).await;
        let page = page.and_then(|page| {
            let allowed = page.header("access-control-allow-origin");
            expect(
                !matches!(allowed, Some("*" | "https://evil.example")),
                "another site's page may read the answer",
            )
        });
        checks.sub(method.as_str(), page);
    }
    bench.refuse_each(checks, &sub, Vec::new()).await
}

async fn types(bench: &Bench, checks: &mut Checks) -> Step {
    let sub = bench.sub();
    let form: String = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(bench.valid(&sub).0.iter().map(|(name, value)| {
            let text = value.as_str().map(str::to_owned);
            (name.clone(), text.unwrap_or_else(|| value.to_string()))
        }))
        .finish();
    let json = bench.valid(&sub).text();
    for (kind, body) in [
        ("application/x-www-form-urlencoded", &form),
        ("text/plain", &json),
        ("multipart/form-data; boundary=x", &json),
    ] {
        let request = bench.request(body.clone().into_bytes())?;
        let page = bench.send(request.body(kind, body.clone())).await;
        let page = page.and_then(|page| expect(page.status == 415, unexpected(&page, "415")));
        checks.sub(kind, page);
    }
    bench.refuse_each(checks, &sub, Vec::new()).await
}

async fn bodies(bench: &Bench, checks: &mut Checks) -> Step {
    let sub = bench.sub();
    let whole = bench.valid(&sub).text();
    let twice = whole.replacen('{', r#"{"sub":"somebody-else@example.com","#, 1);
    let half = whole.len() / 2;
    let mut not_utf8 = whole.clone().into_bytes();
    if let Some(place) = whole.find("Ada") {
        not_utf8[place] = 0xff;
    }
    let bodies: [(&str, Vec<u8>); 7] = [
        ("empty", Vec::new()),
        ("a list", b"[]".to_vec()),
        ("a text", b"\"x\"".to_vec()),
        ("truncated", whole.as_bytes()[..half].to_vec()),
        ("not UTF-8", not_utf8),
        ("two subs", twice.into_bytes()),
        ("two objects", format!("{whole}{whole}").into_bytes()),
    ];
    for (label, body) in bodies {
        let page = bench.post_raw(body).await;
        checks.sub(label, page.and_then(refusal));
    }
    bench.refuse_each(checks, &sub, Vec::new()).await
}

async fn sizes(bench: &Bench, checks: &mut Checks) -> Step {
    let sub = bench.sub();
    let large = bench
        .valid(&sub)
        .with("padding", "x".repeat(5 * 1024 * 1024));
    let whole = bench.valid(&sub).text();
    let nested = format!("{{\"deep\":{}{},", "[".repeat(10_000), "]".repeat(10_000));
    let deep = whole.replacen('{', &nested, 1);
    for (label, body) in [
        ("5 MB", large.bytes()),
        ("10,000 levels", deep.into_bytes()),
    ] {
        let page = bench.post_raw(body).await;
        let page = page.and_then(|page| {
            expect(
                matches!(page.status, 400 | 413),
                unexpected(&page, "413 or 400"),
            )?;
            no_success(&page)
        });
        checks.sub(label, page);
    }
    bench.refuse_each(checks, &sub, Vec::new()).await
}

/// The most launches in the burst.
const BURST: usize = 400;

async fn burst(bench: &Bench, _: &mut Checks) -> Step {
    let sub = bench.sub();
    let mut sent = 0;
    while sent < BURST {
        let launches: Vec<Draft> = (0..20).map(|_| bench.valid(&sub)).collect();
        sent += launches.len();
        let pages = future::join_all(launches.iter().map(|launch| bench.post(launch))).await;
        let mut limited = None;
        for page in pages {
            let page = page?;
            match page.status {
                200 => {}
                429 => limited = Some(page),
                _ => return failure(unexpected(&page, "200 or 429")),
            }
        }
        let Some(page) = limited else { continue };
        no_success(&page)?;
        let wait = page.header("retry-after").unwrap_or_default();
        expect(!wait.is_empty(), "429 without Retry-After")?;
        let other = bench.ok(&bench.fresh()).await?;
        return expect(other.is_new, "another student is existing");
    }
    failure(format!("{sent} launches of one student, and no 429"))
}

async fn set_outage(bench: &Bench, broken: bool) -> Step {
    match bench.insight().and_then(|insight| insight.outage(broken)) {
        None => not_run("needs the app's process"),
        Some(later) => later.await.map_err(inside),
    }
}

async fn outage(bench: &Bench, _: &mut Checks) -> Step {
    let sub = bench.sub();
    set_outage(bench, true).await?;
    let page = bench.post(&bench.valid(&sub)).await;
    set_outage(bench, false).await?;
    let page = page?;
    expect(page.status >= 500, unexpected(&page, "5xx"))?;
    no_success(&page)?;
    let status = page.json().unwrap_or(Value::Null)["status"].clone();
    expect(status == "error", format!("status is {status}, not error"))?;
    let first = bench.ok(&bench.valid(&sub)).await?;
    expect(first.is_new, "the failed launch created the account")?;
    let second = bench.ok(&bench.valid(&sub)).await?;
    expect(
        !second.is_new && second.user == first.user,
        "the student is new twice",
    )
}
