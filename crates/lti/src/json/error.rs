//! Why a document is refused.

/// The deepest nesting of arrays and objects that is accepted (I-27).
pub const MAX_DEPTH: usize = 32;

/// Why a document is not an acceptable JSON object.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JsonError {
    /// The bytes are not UTF-8.
    #[error("the document is not UTF-8 text")]
    NotUtf8,
    /// The top level is an array, a string, a number or nothing at all.
    #[error("the document is not a JSON object")]
    NotAnObject,
    /// The text breaks JSON's grammar near this byte, counted from 0.
    #[error("the document is not valid JSON near byte {0}")]
    Syntax(usize),
    /// Arrays and objects are nested deeper than [`MAX_DEPTH`].
    #[error("the document is nested deeper than {MAX_DEPTH} levels")]
    TooDeep,
    /// One object has two members of the same name, escapes resolved.
    #[error("an object of the document has two members of one name")]
    DuplicateMember,
    /// Valid JSON, but not of the expected shape.
    #[error("the document does not have the expected shape: {0}")]
    Shape(String),
}
