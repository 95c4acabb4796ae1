//! 64: what errors and logs reveal.

use serde_json::json;

use crate::{
    browser::Page,
    random,
    studyreel::conformance::{
        answers::refusal,
        bench::{Bench, Draft},
        cases::identity::token,
        checks::{Checks, Step, expect, not_run},
        insight::Insight,
        looking::inside,
    },
};

/// Words from stack traces, queries and libraries.
const INNER: [&str; 11] = [
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

/// What must not be repeated: everything that identifies a student.
struct Marks {
    sub: String,
    given: String,
    family: String,
    /// The value of a wrong member.
    wrong: String,
}

impl Marks {
    fn new(bench: &Bench) -> Self {
        let word = || random::alphanumeric(14);
        Self {
            sub: bench.sub(),
            given: word(),
            family: word(),
            wrong: word(),
        }
    }

    fn launch(&self, bench: &Bench) -> Draft {
        let launch = bench.valid(&self.sub);
        let launch = launch.with("given_name", self.given.as_str());
        launch.with("family_name", self.family.as_str())
    }

    /// Launches with one mistake each.
    fn broken(&self, bench: &Bench) -> Vec<(String, Draft)> {
        let mut broken: Vec<(String, Draft)> = [
            "messageType",
            "version",
            "resourceLink",
            "iss",
            "deployment_id",
            "role",
            "iat",
            "exp",
        ]
        .map(|member| {
            let launch = self.launch(bench).with(member, self.wrong.as_str());
            (member.to_owned(), launch)
        })
        .into();
        let no_nonce = self.launch(bench).without("nonce");
        broken.push(("no nonce".to_owned(), no_nonce));
        let odd_sub = self.launch(bench).with("sub", json!({ "x": self.sub }));
        broken.push(("broken sub".to_owned(), odd_sub));
        broken
    }

    /// What is wrong with the text of a refusal.
    fn complaints(&self, label: &str, page: &Page) -> Vec<String> {
        let text = page.text();
        let mut complaints = Vec::new();
        let own = [&self.sub, &self.given, &self.family, &self.wrong];
        if own.into_iter().any(|word| text.contains(word)) {
            complaints.push(format!("{label}: the error repeats the payload"));
        }
        if let Some(word) = INNER.into_iter().find(|word| text.contains(word)) {
            complaints.push(format!("{label}: the error says {word:?}"));
        }
        complaints
    }
}

pub(super) async fn discreet(bench: &Bench, checks: &mut Checks) -> Step {
    let marks = Marks::new(bench);
    let mut pages = Vec::new();
    for (label, launch) in marks.broken(bench) {
        let page = checks.sub(&label, bench.refused(&launch).await);
        pages.extend(page.map(|page| (label, page)));
    }
    let half = marks.launch(bench).bytes()[..300].to_vec();
    let truncated = bench.post_raw(half).await.and_then(refusal);
    let truncated = checks.sub("truncated", truncated);
    pages.extend(truncated.map(|page| ("truncated".to_owned(), page)));
    for (label, page) in pages {
        for complaint in marks.complaints(&label, &page) {
            checks.fail(complaint);
        }
    }
    let accepted = bench.ok(&marks.launch(bench)).await?;
    bench.visit(&accepted.link).await?;
    let log = match bench.insight().and_then(Insight::log) {
        None => return not_run("the errors are discreet; the log needs a look inside"),
        Some(later) => later.await.map_err(inside)?,
    };
    let token = token(&accepted.link);
    for (word, what) in [
        (&token, "the login link"),
        (&marks.given, "a name"),
        (&marks.family, "a name"),
        (&marks.sub, "a sub"),
    ] {
        expect(
            !log.contains(word.as_str()),
            format!("the log holds {what}"),
        )?;
    }
    Ok(())
}
