//! F. Transport and abuse.

use futures_util::future;
use reqwest::Method;
use serde_json::{Value, json};
use url::Url;

use super::identity::{failure, token};
use crate::browser::{Page, Request};
use crate::studyreel::conformance::{
    Insight,
    bench::{Bench, Message, inside, no_success, refusal, unexpected},
    checks::{Checks, Step, expect, not_run},
};

super::cases! { 'F':
    58 "Only POST; nothing for other sites' pages" => methods,
    59 "Only application/json" => types,
    60 "Only one whole JSON object" => bodies,
    61 "Large and deep bodies are turned away" => sizes,
    62 "The capability and the signature are checked, and tell nothing" => proofs,
    63 "A burst of one student is limited, others are not" => burst,
    64 "Errors and logs give nothing away" => discreet,
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

/// What a refusal says, without what is different each time.
fn words(page: &Page) -> Value {
    let answer = page.json().unwrap_or(Value::Null);
    json!([
        page.status,
        answer["message"],
        answer["code"],
        answer["error"]
    ])
}

async fn proofs(bench: &Bench, checks: &mut Checks) -> Step {
    let sub = bench.sub();
    let mut asked = false;
    if bench.options.capability_required {
        asked = true;
        let mut said = Vec::new();
        for (label, url) in without_capability(&bench.options.launch_url) {
            let mut request = bench.request(bench.valid(&sub).bytes())?;
            request.url = url;
            let page = checks.sub(label, turned_away(bench, request).await);
            // Without any segment it may be another address altogether; the wrong ones must look alike.
            said.extend(
                page.filter(|_| label != "no capability")
                    .map(|page| words(&page)),
            );
        }
        said.dedup();
        expect(
            said.len() <= 1,
            "wrong capabilities are answered in different words",
        )?;
    }
    if let Some(secret) = &bench.options.hmac_secret {
        asked = true;
        let now = bench.clock.seconds();
        let body = || bench.valid(&sub).bytes();
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
    }
    if !asked {
        return not_run("the app asks for neither a capability nor a signature");
    }
    bench.refuse_each(checks, &sub, Vec::new()).await
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

/// Most launches that the burst consists of.
const BURST: usize = 400;

async fn burst(bench: &Bench, _: &mut Checks) -> Step {
    let sub = bench.sub();
    let mut sent = 0;
    while sent < BURST {
        let launches: Vec<Message> = (0..20).map(|_| bench.valid(&sub)).collect();
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

async fn discreet(bench: &Bench, checks: &mut Checks) -> Step {
    let sub = bench.sub();
    let (given, family) = (
        crate::random::alphanumeric(14),
        crate::random::alphanumeric(14),
    );
    let marker = crate::random::alphanumeric(14);
    let named = || {
        let launch = bench.valid(&sub).with("given_name", given.as_str());
        launch.with("family_name", family.as_str())
    };
    let mut broken: Vec<(String, Message)> = Vec::new();
    for member in [
        "messageType",
        "version",
        "resourceLink",
        "iss",
        "deployment_id",
        "role",
        "iat",
        "exp",
    ] {
        broken.push((member.to_owned(), named().with(member, marker.as_str())));
    }
    broken.push(("no nonce".to_owned(), named().without("nonce")));
    broken.push((
        "broken sub".to_owned(),
        named().with("sub", json!({"x": sub})),
    ));
    let mut pages = Vec::new();
    for (label, launch) in broken {
        pages.extend(
            checks
                .sub(&label, bench.refused(&launch).await)
                .map(|page| (label, page)),
        );
    }
    let truncated = bench.post_raw(named().bytes()[..300].to_vec()).await;
    pages.extend(
        checks
            .sub("truncated", truncated.and_then(refusal))
            .map(|page| ("truncated".to_owned(), page)),
    );
    for (label, page) in pages {
        let text = page.text();
        let told = [&sub, &given, &family, &marker]
            .into_iter()
            .find(|word| text.contains(*word));
        if told.is_some() {
            checks.fail(format!("{label}: the error repeats the payload"));
        }
        let inner = [
            "panicked",
            "Traceback",
            "stack trace",
            "    at ",
            "SELECT ",
            "INSERT ",
            "sqlx",
            "psycopg",
            ".rs:",
            ".js:",
            ".py\"",
        ];
        if let Some(word) = inner.into_iter().find(|word| text.contains(word)) {
            checks.fail(format!("{label}: the error says {word:?}"));
        }
    }
    let accepted = bench.ok(&named()).await?;
    bench.visit(&accepted.link).await?;
    let log = match bench.insight().and_then(Insight::log) {
        None => return not_run("the errors are discreet; the log needs a look inside"),
        Some(later) => later.await.map_err(inside)?,
    };
    let token = token(&accepted.link);
    for (word, what) in [
        (&token, "the login link"),
        (&given, "a name"),
        (&family, "a name"),
        (&sub, "a sub"),
    ] {
        expect(
            !log.contains(word.as_str()),
            format!("the log holds {what}"),
        )?;
    }
    Ok(())
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
