//! The application's request body.

use axum::body::Bytes;
use lti::content_item::ContentItem;
use lti::deep_linking::{Warning, Words, foreign_claims};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::refusal::{NO_ITEMS, invalid};
use crate::web::json::json_body;
use crate::web::problem::Problem;

/// The chosen content. Other members become claims of the message, such as
/// `https://canvas.instructure.com/lti/module_name`.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DeepLinkingAnswer)]
pub(super) struct AnswerBody {
    /// A list of items, or a single item. An empty list cancels the selection.
    #[schema(value_type = Vec<DocumentedItem>)]
    content_items: Option<Value>,
    /// Messages that accompany the items.
    options: Option<Options>,
    #[serde(flatten)]
    foreign: Map<String, Value>,
}

/// Messages that accompany the items. An error makes the platform drop the selection, so no items
/// are sent with it.
// Each member has a default because PHP encodes an empty object as an empty list.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DeepLinkingOptions)]
struct Options {
    /// For the person.
    #[serde(default)]
    message: Option<String>,
    /// For the platform's log.
    #[serde(default)]
    log: Option<String>,
    /// For the person: something went wrong.
    #[serde(default)]
    err_message: Option<String>,
    /// For the platform's log: something went wrong.
    #[serde(default)]
    err_log: Option<String>,
}

/// A content item. One that the platform doesn't accept is refused; other members pass through.
#[derive(ToSchema)]
#[schema(as = ContentItem, rename_all = "camelCase")]
#[expect(dead_code, reason = "the document needs the names alone")]
pub(super) struct DocumentedItem {
    /// `ltiResourceLink`, `link`, `file`, `html` or `image`, or the full URL of another type.
    r#type: String,
    /// Where it leads. For a resource link without it, the address of launches.
    url: Option<String>,
    title: Option<String>,
    text: Option<String>,
    /// `{url, width, height}`.
    icon: Option<Map<String, Value>>,
    /// `{url, width, height}`.
    thumbnail: Option<Map<String, Value>>,
    /// For a link: `{html}`.
    embed: Option<Map<String, Value>>,
    /// `{targetName, width, height, windowFeatures}`.
    window: Option<Map<String, Value>>,
    /// `{src, width, height}`; `src` only for a link.
    iframe: Option<Map<String, Value>>,
    /// For a resource link: custom parameters for its launches; texts.
    custom: Option<Map<String, Value>>,
    /// For a resource link: your own name for the content. It can be chosen only once in a course,
    /// and `GET /api/deeplinking/reservations` says whether it has arrived.
    handle: Option<String>,
    /// For a resource link: `{scoreMaximum, label, resourceId, tag, gradesReleased}`.
    line_item: Option<Map<String, Value>>,
    /// For a resource link: `{startDateTime, endDateTime}`, ISO 8601 with time zone.
    available: Option<Map<String, Value>>,
    /// For a resource link: `{startDateTime, endDateTime}`, ISO 8601 with time zone.
    submission: Option<Map<String, Value>>,
    /// For a file.
    media_type: Option<String>,
    /// For a file: ISO 8601 with time zone.
    expires_at: Option<String>,
    /// For HTML.
    html: Option<String>,
    /// For an image, in pixels.
    width: Option<u32>,
    /// For an image, in pixels.
    height: Option<u32>,
}

/// An answer whose items conform to the specification.
pub(super) struct ChosenContent {
    /// The items in order. Whether the platform accepts them is checked later.
    pub(super) items: Vec<ContentItem>,
    options: Options,
    /// Vendor claims.
    pub(super) foreign: Map<String, Value>,
    /// Warnings about claims that were dropped.
    pub(super) warnings: Vec<Warning>,
}

impl ChosenContent {
    /// Reads a body.
    ///
    /// # Errors
    /// The body is not JSON, or items are missing or wrong.
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
            // With an error no items are sent, because a platform that gets both might act on
            // either.
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

    /// An empty answer: the person changed their mind.
    pub(super) fn nothing() -> Self {
        Self {
            items: Vec::new(),
            options: Options::default(),
            foreign: Map::new(),
            warnings: Vec::new(),
        }
    }

    /// The messages that accompany the items.
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
