//! From a struct to its table of declarations and its way to and from values.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt as _;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned as _;
use syn::{Attribute, Data, DeriveInput, Expr, ExprLit, Field, Fields, Lit, Meta, Token};

use crate::marks::Mark;

/// The implementations for one struct.
pub(crate) fn expand(input: &DeriveInput) -> syn::Result<TokenStream> {
    let fields = named_fields(input)?;
    if let Some(generic) = input.generics.params.first() {
        return Err(syn::Error::new(generic.span(), "a model cannot be generic"));
    }
    let model = &input.ident;
    let doc = doc(&input.attrs);
    let mut declarations = Vec::new();
    let mut froms = Vec::new();
    let mut tos = Vec::new();
    let mut mentions = Vec::new();
    for field in fields {
        let marks = marks(field)?;
        declarations.push(declaration(field, &marks));
        mentions.extend(marks.iter().flat_map(Mark::mentions));
        let (ident, name, span) = (&field.ident, name(field), field.ty.span());
        froms.push(quote_spanned!(span=> #ident: ::tfplugin::model::attribute_from(value, #name)?));
        tos.push(quote_spanned!(span=> (#name, self.#ident.to_value())));
    }
    let check = (!mentions.is_empty()).then(|| {
        let check = format_ident!("attributes_of");
        quote! { #[allow(dead_code)] fn #check(model: &#model) { #(#mentions)* } }
    });
    Ok(quote! {
        const _: () = {
            impl ::tfplugin::Model for #model {
                const DOC: &'static str = #doc;
                const FIELDS: &'static [::tfplugin::schema::Field] = &[#(#declarations),*];

                fn from_value(
                    value: &::tfplugin::Value,
                ) -> ::core::result::Result<Self, ::tfplugin::model::ModelError> {
                    ::core::result::Result::Ok(Self {
                        #(#froms,)*
                    })
                }

                fn to_value(&self) -> ::tfplugin::Value {
                    ::tfplugin::Value::object::<&str>([#(#tos),*])
                }
            }

            impl ::tfplugin::AttrType for #model {
                type Kind = ::tfplugin::schema::decl::kind::Object;
                const SHAPE: &'static ::tfplugin::schema::Shape =
                    &::tfplugin::schema::Shape::Object(<#model as ::tfplugin::Model>::FIELDS);

                fn from_value(
                    value: &::tfplugin::Value,
                ) -> ::core::result::Result<Self, ::tfplugin::model::ModelError> {
                    if value.is_unknown() {
                        return ::core::result::Result::Err(::tfplugin::model::ModelError::Unknown);
                    }
                    ::tfplugin::Model::from_value(value)
                }

                fn to_value(&self) -> ::tfplugin::Value {
                    ::tfplugin::Model::to_value(self)
                }
            }

            #check
        };
    })
}

fn named_fields(input: &DeriveInput) -> syn::Result<&Punctuated<Field, Token![,]>> {
    match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => Ok(&fields.named),
            _ => Err(syn::Error::new_spanned(&input.ident, "a model is a struct with named fields")),
        },
        _ => Err(syn::Error::new_spanned(&input.ident, "a model is a struct with named fields")),
    }
}

/// One entry of the table: a chain of builder calls. Its first and last call stand at the field's name, so that what
/// does not go together is reported there.
fn declaration(field: &Field, marks: &[Mark]) -> TokenStream {
    let ty = &field.ty;
    let (name, doc) = (name(field), doc(&field.attrs));
    let span = field.ident.as_ref().map_or_else(|| field.span(), |ident| ident.span());
    let calls = marks.iter().map(Mark::call);
    let new = quote_spanned!(ty.span()=> ::tfplugin::schema::Decl::<#ty>::new);
    let build = quote_spanned!(span=> .build());
    quote!(#new(#name, #doc) #(#calls)* #build)
}

fn name(field: &Field) -> String {
    field.ident.as_ref().map(|ident| ident.unraw().to_string()).unwrap_or_default()
}

fn marks(field: &Field) -> syn::Result<Vec<Mark>> {
    let mut marks = Vec::new();
    for attribute in field.attrs.iter().filter(|attribute| attribute.path().is_ident("attr")) {
        marks.extend(attribute.parse_args_with(Punctuated::<Mark, Token![,]>::parse_terminated)?);
    }
    Ok(marks)
}

/// The doc comment, its lines joined as Markdown has them, each without the space after the slashes.
fn doc(attributes: &[Attribute]) -> String {
    let lines: Vec<String> = attributes.iter().filter_map(doc_line).collect();
    lines.join("\n").trim().to_owned()
}

fn doc_line(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(pair) = &attribute.meta else { return None };
    if !pair.path.is_ident("doc") {
        return None;
    }
    let Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) = &pair.value else { return None };
    let text = text.value();
    Some(text.strip_prefix(' ').map_or_else(|| text.clone(), str::to_owned).trim_end().to_owned())
}
