//! Traces as text for people.

use serde_json::Value;

use crate::terminal::{SECOND, columns, cut, field, fields};

/// The fields of a trace, in the order in which they are shown.
const KNOWN: [(&str, &str); 19] = [
    ("reason", "/reason/code"),
    ("", "/reason/text"),
    ("what to do", "/reason/advice"),
    ("cause", "/reason/cause"),
    ("reference", "/id"),
    ("platform", "/platform/name"),
    ("platform id", "/platform/id"),
    ("issuer", "/platform/issuer"),
    ("client id", "/platform/clientId"),
    ("issuer sent", "/issuer"),
    ("client id sent", "/clientId"),
    ("deployment", "/deploymentId"),
    ("dialect", "/dialect"),
    ("message", "/messageType"),
    ("kid", "/kid"),
    ("browser", "/browser"),
    ("known by", "/binding"),
    ("key set", "/keys"),
    ("fetched from", "/keySetUrl"),
];

/// Column widths for people, who compare lines.
const WIDTHS: [usize; 7] = [19, 8, 12, 28, 20, 10, 0];
const HEADINGS: [&str; 7] = [
    "TIME (UTC)",
    "OUTCOME",
    "KIND",
    "REASON",
    "PLATFORM",
    "REFERENCE",
    "WHAT HAPPENED",
];

/// The headings above the lines, for people.
pub(super) fn headings() -> String {
    columns(HEADINGS, WIDTHS)
}

/// Time, outcome, kind, reason, platform, id, and the reason's sentence: in columns for people,
/// tab-separated for programs.
pub(super) fn line(trace: &Value, for_people: bool) -> String {
    let platform = [text(trace, "/platform/name"), text(trace, "/issuer")];
    let platform = platform.iter().find(|name| !name.is_empty()).unwrap_or(&"");
    let at = text(trace, "/at");
    let time = if for_people {
        cut(at, SECOND)
    } else {
        at.to_owned()
    };
    let all = [
        time.as_str(),
        text(trace, "/outcome"),
        text(trace, "/kind"),
        text(trace, "/reason/code"),
        platform,
        text(trace, "/id"),
        text(trace, "/reason/text"),
    ];
    let all = all.map(|text| if text.is_empty() { "-" } else { text });
    if for_people {
        columns(all, WIDTHS)
    } else {
        fields(all)
    }
}

/// A trace for people: first the advice, then the fields, then the steps.
pub(super) fn whole(trace: &Value) -> String {
    let mut lines = vec![format!(
        "{} {} at {}",
        text(trace, "/kind"),
        text(trace, "/outcome"),
        text(trace, "/at")
    )];
    let number = |path: &str| trace.pointer(path).map_or(String::new(), Value::to_string);
    let known = KNOWN.map(|(label, path)| (label, text(trace, path).to_owned()));
    let further = [
        ("status", number("/status")),
        ("more", number("/more")),
        ("launch", launch(trace)),
        ("framed by", frame(trace)),
        ("clock", clock(trace)),
        ("claims", claims(trace)),
        ("values", number("/values")),
        ("login", login(trace)),
        ("came of it", registered(trace)),
        ("asked for", scopes(trace, "asked")),
        ("granted", scopes(trace, "granted")),
    ];
    for (label, value) in known.into_iter().chain(further) {
        if !value.is_empty() {
            lines.push(format!("  {label:<13} {}", field(value)));
        }
    }
    lines.extend(list(trace, "steps").map(step));
    lines.join("\n")
}

/// The launch that the trace is about, unless it is the launch's own trace.
fn launch(trace: &Value) -> String {
    match text(trace, "/launchId") {
        id if id == text(trace, "/id") => String::new(),
        id => id.to_owned(),
    }
}

/// The page around the login, if it may not frame our pages.
fn frame(trace: &Value) -> String {
    match text(trace, "/frameOriginNotListed") {
        "" => String::new(),
        origin => format!("{origin}, which is not listed for this platform"),
    }
}

/// How far the platform's clock is off.
fn clock(trace: &Value) -> String {
    let Some(skew) = trace.get("skewSeconds").and_then(Value::as_i64) else {
        return String::new();
    };
    let side = if skew < 0 { "behind" } else { "ahead of" };
    format!("the platform's is {} s {side} ours", skew.abs())
}

fn claims(trace: &Value) -> String {
    let names: Vec<&str> = list(trace, "claims").filter_map(Value::as_str).collect();
    names.join(" ")
}

/// The outcome of a registration.
fn registered(trace: &Value) -> String {
    let registration = &trace["registration"];
    let what = match registration["result"].as_str() {
        Some("update") => "an update of a known platform",
        Some(_) => "a new platform",
        None => return String::new(),
    };
    if registration["active"] == true {
        return format!("{what}, active");
    }
    let id = text(trace, "/platform/id");
    format!("{what}, not active: `hallpass platforms activate {id}` lets it launch")
}

/// Scopes of a registration, as short as possible without becoming unclear.
fn scopes(trace: &Value, which: &str) -> String {
    let Some(scopes) = trace["registration"].get(which).and_then(Value::as_array) else {
        return String::new();
    };
    let short = |scope: &str| {
        let of_lti = scope.strip_prefix("https://purl.imsglobal.org/spec/");
        of_lti.map_or_else(
            || scope.to_owned(),
            |short| short.replacen("/scope/", " ", 1),
        )
    };
    let short: Vec<String> = scopes.iter().filter_map(Value::as_str).map(short).collect();
    if short.is_empty() {
        return "no service".to_owned();
    }
    short.join(", ")
}

/// The login that the launch belongs to.
fn login(trace: &Value) -> String {
    let Some(login) = trace.get("login") else {
        return String::new();
    };
    let before = login
        .get("millisBefore")
        .map_or(String::new(), Value::to_string);
    let method = text(login, "/method");
    let window = if login["newWindow"] == true {
        ", in a new window"
    } else {
        ""
    };
    format!("by {method}, {before} ms before{window}")
}

fn step(step: &Value) -> String {
    let micros = step.get("micros").and_then(Value::as_u64).unwrap_or(0);
    format!(
        "  {:>10.3} ms  {}",
        micros as f64 / 1000.0,
        text(step, "/step")
    )
}

fn text<'a>(trace: &'a Value, path: &str) -> &'a str {
    trace.pointer(path).and_then(Value::as_str).unwrap_or("")
}

fn list<'a>(trace: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    let list = trace.get(name).and_then(Value::as_array);
    list.into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lines_for_people_have_short_times_below_headings() {
        let at = "2026-11-22T10:04:31.207Z";
        let trace = json!({"at": at, "kind": "login", "outcome": "failed"});
        let told = line(&trace, true);
        assert!(told.starts_with("2026-11-22 10:04:31  failed"), "{told}");
        assert_eq!(headings().find("OUTCOME"), told.find("failed"));
        let told = line(&trace, false);
        assert!(told.starts_with(&format!("{at}\tfailed")), "{told}");
    }

    #[test]
    fn what_the_api_says_of_a_trace_is_shown() {
        let mut trace = json!({
            "id": "Xb41kQ9sZt", "launchId": "QcWvY2k0eE7uS5bNfGhJ", "kind": "studyreel", "outcome": "failed",
            "at": "2026-11-22T10:04:31.207Z", "dialect": "lti-magic-link", "skewSeconds": -184,
            "frameOriginNotListed": "https://canvas.school.example",
        });
        let shown = whole(&trace);
        for (label, value) in [
            ("reference", "Xb41kQ9sZt"),
            ("launch", "QcWvY2k0eE7uS5bNfGhJ"),
            ("dialect", "lti-magic-link"),
            (
                "framed by",
                "https://canvas.school.example, which is not listed for this platform",
            ),
            ("clock", "the platform's is 184 s behind ours"),
        ] {
            let line = format!("  {label:<13} {value}");
            assert!(shown.lines().any(|one| one == line), "{line}: {shown}");
        }
        // A successful one has no other reference.
        trace["id"] = trace["launchId"].clone();
        trace["skewSeconds"] = 90.into();
        let shown = whole(&trace);
        assert!(!shown.contains("\n  launch "), "{shown}");
        assert!(shown.contains("90 s ahead of ours"), "{shown}");
    }

    #[test]
    fn a_registration_says_what_came_of_it() {
        let mut trace = json!({
            "kind": "registration", "outcome": "accepted", "at": "2026-11-22T10:04:31.207Z",
            "platform": {"id": "QcWvY2k0eE7uS5bNfGhJ", "name": "Moodle"},
            "registration": {
                "result": "new", "active": false, "granted": [],
                "asked": ["https://purl.imsglobal.org/spec/lti-ags/scope/score", "other"],
            },
        });
        let says = |trace: &Value, label: &str, value: &str| {
            let line = format!("  {label:<13} {value}");
            let shown = whole(trace);
            assert!(shown.lines().any(|one| one == line), "{line}: {shown}");
        };
        let inactive = "a new platform, not active: `hallpass platforms activate QcWvY2k0eE7uS5bNfGhJ` lets it launch";
        says(&trace, "came of it", inactive);
        says(&trace, "asked for", "lti-ags score, other");
        says(&trace, "granted", "no service");
        trace["registration"] = json!({"result": "update", "active": true, "asked": []});
        says(
            &trace,
            "came of it",
            "an update of a known platform, active",
        );
        // Nothing has come of one that waits.
        trace["outcome"] = "waiting".into();
        trace["registration"] = json!({"asked": ["other"]});
        let shown = whole(&trace);
        assert!(shown.starts_with("registration waiting at"), "{shown}");
        assert!(
            !shown.contains("came of it") && !shown.contains("granted"),
            "{shown}"
        );
    }
}
