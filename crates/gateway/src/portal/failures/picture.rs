//! A diagram of the attempt: who sent what to whom, and where it ended. The list beneath it says
//! the same in words.

use super::drawing::{Arrow, Drawing, Lifeline};
use crate::traces::answer::Trace;
use crate::web::language::Language;
use crate::web::texts::{Text, portal_walk as texts};

/// The time of day of an attempt.
fn clock(at: Option<&str>) -> String {
    at.and_then(|at| at.get(11..19))
        .unwrap_or_default()
        .to_owned()
}

/// The picture of an attempt, as SVG.
pub(super) fn picture(trace: &Trace, language: Language) -> String {
    use Lifeline::{Browser, Hallpass, Lms};
    let say = |text: Text| text.to(language);
    let reason = trace.reason.as_ref();
    let reason = reason.map(|reason| reason.meaning.name.to(language));
    let mut drawing = Drawing::default();
    let registers = trace.kind == "registration";
    let opens = if registers { texts::ADDS } else { texts::OPENS };
    drawing.arrow(Browser, Lms, Arrow::Meant, say(opens), "");
    let at = clock(trace.at.as_deref());
    // A login that failed after it began got no answer of the LMS: the browser came back from our
    // own page, which looks whether it keeps cookies.
    let is_looked_at = trace.kind == "login" && trace.login.is_some();
    if let Some(login) = &trace.login {
        let begun = clock(login.at.as_deref());
        drawing.arrow(Lms, Hallpass, Arrow::Done, say(texts::ASKS), &begun);
        let answered = format!("{} ms", login.micros.div_ceil(1000));
        let (to, asks) = match is_looked_at {
            true => (Browser, texts::KEEPS),
            false => (Lms, texts::WHO),
        };
        drawing.arrow(Hallpass, to, Arrow::Done, say(asks), &answered);
    }
    let (from, came) = match trace.kind.as_str() {
        "registration" => (Lms, texts::WANTS_IN),
        "login" if is_looked_at => (Browser, texts::RETURNS),
        "login" => (Lms, texts::ASKS),
        "studyreel" => (Lms, texts::SIGNED),
        _ => (Lms, texts::ANSWERS),
    };
    drawing.arrow(from, Hallpass, Arrow::Done, say(came), &at);
    drawing.checks(trace.steps.iter().map(|done| say(done.name)), reason);
    end(&mut drawing, trace, language);
    let label = match reason {
        Some(reason) => texts::PICTURE_ENDS.with("reason", reason).to(language),
        None => say(texts::PICTURE).into(),
    };
    let names = [
        say(texts::BROWSER),
        "LMS",
        "Hallpass",
        say(texts::APPLICATION),
    ];
    drawing.finish(names, reason.is_some(), &label)
}

/// How it ended: the application was called, the platform was registered, or a person saw an error
/// page.
fn end(drawing: &mut Drawing, trace: &Trace, language: Language) {
    use Arrow::{Done, Failed, Meant};
    use Lifeline::{Application, Browser, Hallpass, Lms};
    let say = |text: Text| text.to(language);
    let launches = matches!(trace.kind.as_str(), "launch" | "studyreel");
    match trace.outcome.as_str() {
        "accepted" if trace.kind == "studyreel" => {
            drawing.arrow(Hallpass, Lms, Done, say(texts::LINKED), "");
        }
        "accepted" if launches => {
            drawing.arrow(Hallpass, Application, Done, say(texts::HANDED_ON), "");
        }
        "accepted" if trace.kind == "registration" => {
            drawing.arrow(Hallpass, Lms, Done, say(texts::REGISTERED), "");
        }
        "failed" => {
            if launches {
                drawing.arrow(Hallpass, Application, Meant, say(texts::NOTHING), "");
            }
            let status = trace.status.map(|status| status.to_string());
            let status = status.unwrap_or_default();
            drawing.arrow(Hallpass, Browser, Failed, say(texts::ERROR_PAGE), &status);
        }
        _ => {}
    }
}
