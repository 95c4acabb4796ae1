//! Why a configuration is not applied.

use axum::http::StatusCode;
use store::StoreError;

use crate::keys::pair::KeyError;
use crate::web::api_rule::ApiRule;
use crate::web::problem::Problem;
use crate::web::wrong_member::WrongMember;

const INVALID_CONFIGURATION: ApiRule = ApiRule::new(
    "INVALID_CONFIGURATION",
    StatusCode::BAD_REQUEST,
    "Nothing was changed: there are mistakes in the configuration.",
);
const CHANGED_MEANWHILE: ApiRule = ApiRule::new(
    "CHANGED_MEANWHILE",
    StatusCode::CONFLICT,
    "Nothing was changed: something else is changing the installation at the same time. Try again.",
);

/// A mistake in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Its path, such as `tools[0].platforms[2].clientId`.
    pub at: String,
    /// What is wrong there: follows the path and a colon.
    pub problem: String,
}

impl Mistake {
    pub(super) fn new(at: impl Into<String>, problem: impl Into<String>) -> Self {
        Self {
            at: at.into(),
            problem: problem.into(),
        }
    }
}

/// Why a configuration can't be read or applied. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum CodeError {
    /// Mistakes in the file.
    #[error("nothing was changed: {}", listed(.0))]
    Wrong(Vec<Mistake>),
    /// The API would refuse it, too.
    #[error("nothing was changed: {}", said(.0))]
    Refused(Box<Problem>),
    /// Something else kept changing the installation at the same time.
    #[error(
        "nothing was changed: something else is changing the installation at the same time; try again"
    )]
    Meanwhile,
    /// No key could be made.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl CodeError {
    pub(super) fn mistake(at: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::Wrong(vec![Mistake::new(at, problem)])
    }
}

impl From<Problem> for CodeError {
    fn from(problem: Problem) -> Self {
        Self::Refused(Box::new(problem))
    }
}

impl From<CodeError> for Problem {
    fn from(error: CodeError) -> Self {
        match error {
            CodeError::Wrong(mistakes) => {
                let description = format!("Nothing was changed. {}", listed(&mistakes));
                let errors = mistakes.into_iter();
                let errors = errors.map(|one| WrongMember::new(one.at, one.problem));
                let errors = errors.collect();
                INVALID_CONFIGURATION.saying(description).naming(errors)
            }
            CodeError::Refused(problem) => *problem,
            CodeError::Meanwhile => CHANGED_MEANWHILE.problem(),
            CodeError::Key(error) => error.into(),
            CodeError::Store(error) => error.into(),
        }
    }
}

fn said(problem: &Problem) -> &str {
    &problem.description
}

fn listed(mistakes: &[Mistake]) -> String {
    let one = |mistake: &Mistake| match mistake.at.as_str() {
        "" => mistake.problem.clone(),
        at => format!("{at}: {}", mistake.problem),
    };
    mistakes.iter().map(one).collect::<Vec<_>>().join(". ")
}
