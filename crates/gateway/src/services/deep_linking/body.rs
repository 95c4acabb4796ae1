//! What the application sends.

use axum::body::Bytes;
use lti::content_item::ContentItem;
use lti::deep_linking::{Warning, Words, foreign_claims};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::refusal::{NO_ITEMS, invalid};
use crate::web::json::json_body;
use crate::web::problem::Problem;

/// The chosen content. Members that are not named here become claims of the message, such as
/// `https://canvas.instructure.com/lti/module_name`.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DeepLinkingAnswer)]
pub(super) struct AnswerBody {
    /// The items, or one alone. An empty list cancels the selection.
    #[schema(value_type = Vec<DocumentedItem>)]
    content_items: Option<Value>,
    /// What is said beside the items.
    options: Option<Options>,
    #[serde(flatten)]
    foreign: Map<String, Value>,
}

/// What is said beside the items. An error makes the platform drop the selection; no item goes with it.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DeepLinkingOptions)]
struct Options {
    /// For the person.
    message: Option<String>,
    /// For the platform's log.
    log: Option<String>,
    /// For the person: something went wrong.
    err_message: Option<String>,
    /// For the platform's log: something went wrong.
    err_log: Option<String>,
}

/// A content item. What its platform doesn't accept is refused; members that are not named here are passed on.
#[derive(ToSchema)]
#[schema(as = ContentItem, rename_all = "camelCase")]
#[expect(dead_code, reason = "the document needs the names alone")]
pub(super) struct DocumentedItem {
    /// `ltiResourceLink`, `link`, `file`, `html` or `image`, or the full URL of another type.
    r#type: String,
    /// Where it leads; of a resource link the address of launches if it is left out.
    url: Option<String>,
    title: Option<String>,
    text: Option<String>,
    /// `{url, width, height}`.
    icon: Option<Map<String, Value>>,
    /// `{url, width, height}`.
    thumbnail: Option<Map<String, Value>>,
    /// Of a link: `{html}`.
    embed: Option<Map<String, Value>>,
    /// `{targetName, width, height, windowFeatures}`.
    window: Option<Map<String, Value>>,
    /// `{src, width, height}`; `src` of a link only.
    iframe: Option<Map<String, Value>>,
    /// Of a resource link: parameters that its launches carry; texts.
    custom: Option<Map<String, Value>>,
    /// Of a resource link: your own name for the content. It can be chosen once in a course, and
    /// `GET /api/deeplinking/reservations` tells whether it arrived.
    handle: Option<String>,
    /// Of a resource link: `{scoreMaximum, label, resourceId, tag, gradesReleased}`.
    line_item: Option<Map<String, Value>>,
    /// Of a resource link: `{startDateTime, endDateTime}`, ISO 8601 with zone.
    available: Option<Map<String, Value>>,
    /// Of a resource link: `{startDateTime, endDateTime}`, ISO 8601 with zone.
    submission: Option<Map<String, Value>>,
    /// Of a file.
    media_type: Option<String>,
    /// Of a file: ISO 8601 with zone.
    expires_at: Option<String>,
    /// Of HTML.
    html: Option<String>,
    /// Of an image, in pixels.
    width: Option<u32>,
    /// Of an image, in pixels.
    height: Option<u32>,
}

/// An answer whose items are as the specification wants them.
pub(super) struct Chosen {
    /// In the order of the answer; whether the platform takes them is still open.
    pub(super) items: Vec<ContentItem>,
    options: Options,
    /// Claims of vendors.
    pub(super) foreign: Map<String, Value>,
    /// What was left out of them.
    pub(super) warnings: Vec<Warning>,
}

impl Chosen {
    /// Reads a body.
    ///
    /// # Errors
    /// No JSON, or items that are missing or wrong.
    pub(super) fn read(body: &Bytes) -> Result<Self, Problem> {
        let body: AnswerBody = json_body(body)?;
        let options = body.options.unwrap_or_default();
        let given = body.content_items;
        if given.is_none() && !options.words().is_error() {
            return Err(NO_ITEMS.problem());
        }
        let items = ContentItem::list(given.unwrap_or_default());
        let items = items.map_err(invalid)?;
        let (foreign, warnings) = foreign_claims(body.foreign);
        Ok(Self {
            // A platform given both might do either.
            items: if options.words().is_error() {
                Vec::new()
            } else {
                items
            },
            options,
            foreign,
            warnings,
        })
    }

    /// Nothing: the person changed their mind.
    pub(super) fn nothing() -> Self {
        Self {
            items: Vec::new(),
            options: Options::default(),
            foreign: Map::new(),
            warnings: Vec::new(),
        }
    }

    /// What is said beside the items.
    pub(super) fn words(&self) -> Words<'_> {
        self.options.words()
    }
}

impl Options {
    fn words(&self) -> Words<'_> {
        Words::new(
            self.message.as_deref(),
            self.log.as_deref(),
            self.err_message.as_deref(),
            self.err_log.as_deref(),
        )
    }
}
