//! Attributes for tests: which cases of the specification a test covers, and whether it runs on
//! both stores.
//!
//! Case ids are written out one by one, so that searching for `TC-113` finds every test of that
//! case. `tests/cases.rs` collects them over the whole workspace into
//! `tests/snapshots/cases__covered.snap`.

mod expand;
mod id;

use proc_macro::TokenStream;

/// Runs an `async fn(store: Store)` once on SQLite and once on PostgreSQL.
///
/// The tests are `NAME::sqlite` and `NAME::postgres`. The arguments are the cases it covers, if
/// any:
///
/// ```text
/// #[both_stores("TC-047", "B-10")]
/// async fn a_token_in_the_query_is_refused(store: Store) { .. }
/// ```
#[proc_macro_attribute]
pub fn both_stores(arguments: TokenStream, item: TokenStream) -> TokenStream {
    expand::both_stores(arguments.into(), item.into())
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}

/// Names the cases that an ordinary test covers. Stands above its `#[test]` attribute:
///
/// ```text
/// #[cases("TC-200")]
/// #[tokio::test]
/// async fn an_unknown_invite_causes_no_request() { .. }
/// ```
#[proc_macro_attribute]
pub fn cases(arguments: TokenStream, item: TokenStream) -> TokenStream {
    expand::cases(arguments.into(), item.into())
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}
