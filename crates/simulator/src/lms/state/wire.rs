//! The messages between the LMS and the tools: the latest exchanges, with their parameters and
//! answers.

use std::collections::VecDeque;

use jiff::Timestamp;

use super::LoginRequest;
use crate::{
    faults::Fault,
    jose::{self, Decoded},
};

const KEEP: usize = 300;
const ANSWER_LIMIT: usize = 20_000;

/// A name and a value, decoded if the value is a token.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// As in the query, the form or the JSON.
    pub name: String,
    /// The value as received.
    pub value: String,
    /// The value's header and claims, **not verified**, if it is a JSON web token.
    pub decoded: Option<Decoded>,
}

impl Parameter {
    pub(crate) fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        let value = value.into();
        Self {
            name: name.into(),
            decoded: jose::decode(value.strip_prefix("Bearer ").unwrap_or(&value)),
            value,
        }
    }

    /// Header and claims, pretty-printed.
    pub fn pretty(&self) -> Option<String> {
        let decoded = self.decoded.as_ref()?;
        Some(format!("{:#}\n{:#}", decoded.header, decoded.claims))
    }
}

/// One exchange between the LMS and a tool or a browser.
#[derive(Clone, Debug, PartialEq)]
pub struct Exchange {
    /// Counted from 1.
    pub number: u64,
    /// When it began.
    pub at: Timestamp,
    /// A description for people.
    pub title: &'static str,
    /// `GET`, `POST` or another HTTP method.
    pub method: String,
    /// The address: a path here, or an absolute URL elsewhere.
    pub url: String,
    /// The status of the answer; `None` if the browser received it.
    pub status: Option<u16>,
    /// Query, form fields, and the `Authorization` header.
    pub parameters: Vec<Parameter>,
    /// The body, if it was not a form.
    pub body: String,
    /// The fields of the form that the answer makes the browser post.
    pub posted: Vec<Parameter>,
    /// The answer's body, unless it is such a form.
    pub answer: String,
    /// The fault applied to the answer.
    pub fault: Option<Fault>,
}

impl Exchange {
    /// An exchange of which only the request line is known so far.
    pub(crate) fn begun(
        at: Timestamp,
        title: &'static str,
        method: impl Into<String>,
        url: impl Into<String>,
    ) -> Self {
        Self {
            number: 0,
            at,
            title,
            method: method.into(),
            url: url.into(),
            status: None,
            parameters: Vec::new(),
            body: String::new(),
            posted: Vec::new(),
            answer: String::new(),
            fault: None,
        }
    }
}

/// The log of exchanges.
#[derive(Default)]
pub(crate) struct Wire {
    kept: VecDeque<Exchange>,
    recorded: u64,
}

impl Wire {
    /// The latest exchanges, oldest first.
    pub(crate) fn kept(&self) -> &VecDeque<Exchange> {
        &self.kept
    }

    pub(crate) fn record(&mut self, mut exchange: Exchange) {
        self.recorded += 1;
        exchange.number = self.recorded;
        if self.kept.len() == KEEP {
            self.kept.pop_front();
        }
        self.kept.push_back(exchange);
    }

    pub(crate) fn record_login(&mut self, at: Timestamp, request: &LoginRequest) {
        let fields = request.fields.iter();
        self.record(Exchange {
            parameters: fields
                .map(|(name, value)| Parameter::new(name, value))
                .collect(),
            ..Exchange::begun(at, "login initiation", "POST", &request.url)
        });
    }

    pub(crate) fn record_fetch(
        &mut self,
        at: Timestamp,
        url: &str,
        status: Option<u16>,
        answer: &[u8],
    ) {
        self.record(Exchange {
            status,
            answer: shown(answer),
            ..Exchange::begun(at, "tool’s key set", "GET", url)
        });
    }
}

/// JSON pretty-printed, anything else unchanged, truncated.
pub(crate) fn shown(body: &[u8]) -> String {
    let mut text = match serde_json::from_slice::<serde_json::Value>(body) {
        Ok(json) => format!("{json:#}"),
        Err(_) => String::from_utf8_lossy(body).into_owned(),
    };
    if text.len() > ANSWER_LIMIT {
        let end = text.floor_char_boundary(ANSWER_LIMIT);
        text.truncate(end);
        text.push('…');
    }
    text
}
