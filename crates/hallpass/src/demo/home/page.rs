//! The page's data, for its template.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use serde_json::Value;

/// The completed steps.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct DemoProgress {
    /// A platform is registered with Hallpass.
    pub registered: bool,
    /// The LMS's administrator has enabled the tool.
    pub in_lms: bool,
    /// The application's owner has activated the platform.
    pub in_hallpass: bool,
    /// Someone has launched from the LMS.
    pub launched: bool,
    /// StudyReel has launched a student.
    pub studyreel: bool,
}

/// The state of a step.
pub(super) struct DemoStep {
    /// The class of the portal's style sheet: `ok`, `now` or `todo`.
    pub class: &'static str,
    /// The same in words, for people who can't see it.
    pub said: &'static str,
}

/// One side of the second step.
pub(super) struct DemoSide {
    pub class: &'static str,
    pub word: &'static str,
}

impl DemoSide {
    fn of(is_on: bool) -> Self {
        let (class, word) = if is_on { ("ok", "on") } else { ("wait", "off") };
        Self { class, word }
    }
}

/// The four steps.
pub(super) struct DemoSteps {
    pub register: DemoStep,
    pub activate: DemoStep,
    pub launch: DemoStep,
    pub studyreel: DemoStep,
    pub in_lms: DemoSide,
    pub in_hallpass: DemoSide,
    /// How many are completed.
    pub done: usize,
}

impl DemoSteps {
    /// The steps at this progress.
    pub(super) fn of(progress: DemoProgress) -> Self {
        let done = [
            progress.registered,
            progress.in_lms && progress.in_hallpass,
            progress.launched,
            progress.studyreel,
        ];
        let mut is_next = true;
        let [register, activate, launch, studyreel] = done.map(|done| {
            let (class, said) = match (done, is_next) {
                (true, _) => ("ok", " (done)"),
                (false, true) => ("now", " (next)"),
                (false, false) => ("todo", ""),
            };
            is_next &= done;
            DemoStep { class, said }
        });
        Self {
            register,
            activate,
            launch,
            studyreel,
            in_lms: DemoSide::of(progress.in_lms),
            in_hallpass: DemoSide::of(progress.in_hallpass),
            done: done.into_iter().filter(|done| *done).count(),
        }
    }
}

/// A step in Hallpass's trace.
pub(super) struct TraceStep {
    pub words: String,
    /// Time since the request arrived.
    pub time: String,
}

/// Hallpass's latest trace.
pub(super) struct NewestTrace {
    /// For example `launch accepted`.
    pub title: String,
    /// The CSS class of the mark beside it.
    pub class: &'static str,
    pub at: String,
    pub platform: String,
    pub steps: Vec<TraceStep>,
    pub failure: Option<TracedFailure>,
    /// Link to the whole trace.
    pub link: String,
}

/// Why an attempt failed.
pub(super) struct TracedFailure {
    pub code: String,
    pub text: String,
    pub advice: String,
    /// Whether its cause is gone.
    pub is_over: bool,
}

impl TracedFailure {
    fn of(reason: &Value, in_hallpass: bool) -> Self {
        let text = |name: &str| reason[name].as_str().unwrap_or_default().to_owned();
        let code = text("code");
        let is_switch = code == "PLATFORM_INACTIVE";
        let advice = match (is_switch, in_hallpass) {
            (false, _) => text("advice"),
            // The page has a button for the advice's command.
            (true, false) => "Press “Activate in Hallpass” in step 2, then try again.".to_owned(),
            (true, true) => "It is active now: open it again, in step 3.".to_owned(),
        };
        Self {
            text: text("text"),
            is_over: is_switch && in_hallpass,
            advice,
            code,
        }
    }
}

impl NewestTrace {
    /// Reads a trace from `GET /admin/traces`. The application at this address shows the whole
    /// trace. `in_hallpass` is whether a platform is active by now.
    pub(super) fn of(trace: &Value, app: &str, in_hallpass: bool) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let outcome = trace["outcome"].as_str().unwrap_or_default();
        let steps = trace["steps"].as_array().into_iter().flatten();
        let reason = &trace["reason"];
        let failure = reason
            .is_object()
            .then(|| TracedFailure::of(reason, in_hallpass));
        let id: String =
            url::form_urlencoded::byte_serialize(text(&trace["id"]).as_bytes()).collect();
        Self {
            title: format!("{} {outcome}", text(&trace["kind"])),
            class: match outcome {
                "accepted" => "ok",
                "failed" if failure.as_ref().is_none_or(|failure| !failure.is_over) => "bad",
                _ => "wait",
            },
            at: text(&trace["at"]),
            platform: text(&trace["platform"]["name"]),
            steps: steps
                .map(|step| TraceStep {
                    words: text(&step["step"]),
                    time: time(step["micros"].as_u64().unwrap_or_default()),
                })
                .collect(),
            failure,
            link: format!("{app}/traces/{id}"),
        }
    }
}

/// Microseconds in readable form.
fn time(micros: u64) -> String {
    match micros {
        0..1000 => format!("{micros} µs"),
        _ => format!("{}.{} ms", micros / 1000, micros % 1000 / 100),
    }
}

#[derive(Template)]
#[template(path = "demo/home.html")]
pub(super) struct DemoHomePage {
    pub lms: String,
    pub studyreel: String,
    pub gateway: String,
    pub app: String,
    pub steps: DemoSteps,
    pub newest: Option<NewestTrace>,
    /// What the application received at the last launch.
    pub answer: Option<String>,
    /// What went wrong.
    pub trouble: Option<String>,
}

/// The text shown in the frame.
#[derive(Template)]
#[template(path = "demo/frame.html")]
pub(super) struct FramePage {
    pub title: &'static str,
    pub says: String,
}

/// A page from a template.
pub(super) fn send(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use serde_json::json;

    use super::*;

    fn shown(progress: DemoProgress, trace: Option<&Value>) -> String {
        let page = DemoHomePage {
            lms: "http://127.0.0.1:1".to_owned(),
            studyreel: String::new(),
            gateway: String::new(),
            app: String::new(),
            steps: DemoSteps::of(progress),
            newest: trace.map(|trace| NewestTrace::of(trace, "http://127.0.0.3:2", false)),
            answer: trace.map(|trace| format!("{trace:#}")),
            trouble: trace.map(|trace| trace["id"].to_string()),
        };
        page.render().unwrap()
    }

    #[test]
    fn the_first_step_that_is_not_done_is_next() {
        let classes = |progress| {
            let steps = DemoSteps::of(progress);
            let all = [
                steps.register,
                steps.activate,
                steps.launch,
                steps.studyreel,
            ];
            (all.map(|step| step.class), steps.done)
        };
        let nothing = DemoProgress::default();
        assert_eq!(classes(nothing), (["now", "todo", "todo", "todo"], 0));
        let half = DemoProgress {
            registered: true,
            in_lms: true,
            studyreel: true,
            ..nothing
        };
        assert_eq!(classes(half), (["ok", "now", "todo", "ok"], 2));
        assert!(shown(half, None).contains("2 of 4 done"));
    }

    #[test]
    fn a_refusal_names_the_button_and_is_over_after_it() {
        let trace = json!({
            "kind": "login", "outcome": "failed", "steps": [],
            "reason": {"code": "PLATFORM_INACTIVE", "text": "t", "advice": "hallpass platforms"},
        });
        let of = |in_hallpass| {
            let newest = NewestTrace::of(&trace, "", in_hallpass);
            (newest.class, newest.failure.unwrap())
        };
        let (class, failure) = of(false);
        assert_eq!((class, failure.is_over), ("bad", false));
        assert!(failure.advice.contains("Activate in Hallpass"));
        let (class, failure) = of(true);
        assert_eq!((class, failure.is_over), ("wait", true));
        assert!(failure.advice.contains("active now"));
    }

    #[test]
    fn nothing_that_was_sent_becomes_markup_and_nothing_is_inline() {
        let bad = "<script>alert(1)</script>\"'";
        let trace = json!({
            "id": bad, "kind": bad, "outcome": "failed", "at": bad, "platform": {"name": bad},
            "steps": [{"step": bad, "micros": 12_345}],
            "reason": {"code": bad, "text": bad, "advice": bad},
        });
        let html = shown(DemoProgress::default(), Some(&trace));
        assert!(!html.contains("<script>"), "{html}");
        assert!(
            html.contains("12.3 ms") && html.contains("class=\"bad\""),
            "{html}"
        );
        for inline in [" style=", " onclick=", " onload=", "javascript:"] {
            assert!(!html.contains(inline), "{inline}: {html}");
        }
    }
}
