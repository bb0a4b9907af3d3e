//! `#[derive(Model)]` for tfplugin.
//!
//! A translator only: each mark of a field becomes one call of the builder `tfplugin::schema::Decl`, with the mark's
//! own span. What a mark means, which there are and which go together is the builder's matter, so a wrong mark is
//! the compiler's own "no method named …" at the mark.

mod marks;
mod model;

use proc_macro::TokenStream;

/// Implements `tfplugin::Model` and `tfplugin::AttrType` for a struct of `Attr` fields.
///
/// A field's doc comment is the attribute's description, and `#[attr(…)]` its marks: each is the name of a method of
/// `tfplugin::schema::Decl`, alone (`optional`), with a value (`default = "x"`, `clear = null`, `unset = {}`) or with
/// arguments (`validate(name, length(1, 32))`, `one_of("a", "b")`, `keep_unless(kind)`).
#[proc_macro_derive(Model, attributes(attr))]
pub fn derive_model(input: TokenStream) -> TokenStream {
    let input = syn::parse_macro_input!(input as syn::DeriveInput);
    model::expand(&input).unwrap_or_else(|error| error.into_compile_error()).into()
}
