//! The code that the attributes stand for.

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Error, FnArg, ItemFn, LitStr, Result, Token, Type};

use crate::id;

pub(crate) fn both_stores(arguments: TokenStream, item: TokenStream) -> Result<TokenStream> {
    let ids = Punctuated::<LitStr, Token![,]>::parse_terminated.parse2(arguments)?;
    id::check(&ids)?;
    let body: ItemFn = syn::parse2(item)?;
    let store = store_type(&body)?;
    let name = &body.sig.ident;
    Ok(quote! {
        #body
        mod #name {
            use super::*;
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                super::#name(<#store>::Sqlite).await;
            }
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                super::#name(<#store>::Postgres).await;
            }
        }
    })
}

/// The type of the only argument.
fn store_type(body: &ItemFn) -> Result<&Type> {
    let arguments: Vec<&FnArg> = body.sig.inputs.iter().collect();
    match arguments[..] {
        [FnArg::Typed(store)] if body.sig.asyncness.is_some() => Ok(&store.ty),
        _ => Err(Error::new_spanned(
            &body.sig,
            "a test on both stores is `async fn name(store: Store)`",
        )),
    }
}

pub(crate) fn cases(arguments: TokenStream, item: TokenStream) -> Result<TokenStream> {
    let ids = Punctuated::<LitStr, Token![,]>::parse_terminated.parse2(arguments)?;
    id::check(&ids)?;
    let test: ItemFn = syn::parse2(item)?;
    if ids.is_empty() {
        return Err(Error::new_spanned(
            &test.sig.ident,
            "name at least one case",
        ));
    }
    let is_test = |attribute: &syn::Attribute| {
        let last = attribute.path().segments.last();
        last.is_some_and(|name| name.ident == "test")
    };
    if !test.attrs.iter().any(is_test) {
        return Err(Error::new_spanned(
            &test.sig.ident,
            "`#[cases]` stands above the `#[test]` attribute of a test",
        ));
    }
    Ok(quote!(#test))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use quote::quote;

    use super::{both_stores, cases};

    fn refusal(result: syn::Result<proc_macro2::TokenStream>) -> String {
        result.map_or_else(|error| error.to_string(), |code| format!("taken: {code}"))
    }

    #[test]
    fn a_test_on_both_stores_keeps_its_body_and_attributes() {
        let item = quote! {
            #[expect(clippy::disallowed_methods, reason = "the machine's clock")]
            async fn it_holds(store: Store) { check(store).await; }
        };
        let code = both_stores(quote!("TC-047"), item.clone())
            .unwrap()
            .to_string();
        assert!(code.starts_with(&item.to_string()), "{code}");
        for test in ["mod it_holds", "async fn sqlite ()", "async fn postgres ()"] {
            assert!(code.contains(test), "{test}: {code}");
        }
    }

    #[test]
    fn a_test_on_both_stores_takes_the_store() {
        for item in [
            quote!(
                async fn it_holds() {}
            ),
            quote!(
                fn it_holds(store: Store) {}
            ),
            quote!(
                async fn it_holds(store: Store, more: u8) {}
            ),
        ] {
            let said = refusal(both_stores(quote!(), item));
            assert!(said.contains("async fn name(store: Store)"), "{said}");
        }
    }

    #[test]
    fn cases_need_an_id_and_a_test() {
        let test = quote!(
            #[tokio::test]
            async fn it_holds() {}
        );
        assert_eq!(
            cases(quote!("B-10"), test.clone()).unwrap().to_string(),
            test.to_string()
        );
        for (ids, item, expected) in [
            (quote!(), test.clone(), "name at least one case"),
            (
                quote!("B-10"),
                quote!(
                    fn helper() {}
                ),
                "stands above",
            ),
            (quote!("tc_047"), test.clone(), "is no case id"),
            (quote!("B-10", "B-10"), test, "given twice"),
        ] {
            let said = refusal(cases(ids, item));
            assert!(said.contains(expected), "{said}");
        }
    }
}
