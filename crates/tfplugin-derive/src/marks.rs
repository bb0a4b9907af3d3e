//! The marks of one field, and the builder calls that they become.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Expr, Ident, Token, parenthesized};

/// One mark: `optional`, `default = true`, `validate(name)`.
pub(crate) struct Mark {
    name: Ident,
    value: Argument,
}

enum Argument {
    None,
    Null,
    Empty,
    Value(Box<Expr>),
    List(Punctuated<Expr, Token![,]>),
    Names(Punctuated<Ident, Token![,]>),
}

impl Parse for Mark {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = Ident::parse_any(input)?;
        if input.peek(syn::token::Paren) {
            let content;
            parenthesized!(content in input);
            // The names of attributes may be keywords, as expressions may not.
            let value = if name == "keep_unless" {
                Argument::Names(content.parse_terminated(Ident::parse_any, Token![,])?)
            } else {
                Argument::List(Punctuated::parse_terminated(&content)?)
            };
            return Ok(Self { name, value });
        }
        if !input.peek(Token![=]) {
            return Ok(Self { name, value: Argument::None });
        }
        input.parse::<Token![=]>()?;
        Ok(Self { name, value: parse_value(input)? })
    }
}

/// `null` and `{}` stand for themselves; all else is an expression.
fn parse_value(input: ParseStream<'_>) -> syn::Result<Argument> {
    if input.peek(syn::token::Brace) {
        let content;
        syn::braced!(content in input);
        return if content.is_empty() {
            Ok(Argument::Empty)
        } else {
            Err(content.error("only `{}`, the empty value, can stand here"))
        };
    }
    let expression: Expr = input.parse()?;
    if let Expr::Path(path) = &expression
        && path.path.is_ident("null")
    {
        return Ok(Argument::Null);
    }
    Ok(Argument::Value(Box::new(expression)))
}

impl Mark {
    /// The builder call, at the mark's place.
    pub(crate) fn call(&self) -> TokenStream {
        let name = &self.name;
        let span = name.span();
        match &self.value {
            Argument::None => quote_spanned!(span=> .#name()),
            Argument::Null => suffixed(name, "null"),
            Argument::Empty => suffixed(name, "empty"),
            Argument::Value(value) => quote_spanned!(span=> .#name(#value)),
            Argument::List(list) => self.call_with(list, span),
            Argument::Names(names) => {
                let names = names.iter().map(|name| name.unraw().to_string());
                quote_spanned!(span=> .#name(&[#(#names),*]))
            }
        }
    }

    fn call_with(&self, list: &Punctuated<Expr, Token![,]>, span: Span) -> TokenStream {
        let name = &self.name;
        if name == "validate" {
            let validators = list.iter().map(validator);
            return quote_spanned!(span=> .#name(const { &[#(#validators),*] }));
        }
        if name == "one_of" {
            return quote_spanned!(span=> .#name(&[#list]));
        }
        quote_spanned!(span=> .#name(#list))
    }

    /// Expressions that compile only if the attributes that the mark names exist, each at its place.
    pub(crate) fn mentions(&self) -> Vec<TokenStream> {
        match &self.value {
            Argument::Names(names) => names.iter().map(mention).collect(),
            _ => Vec::new(),
        }
    }
}

/// A use of the field that an attribute's name stands for.
fn mention(name: &Ident) -> TokenStream {
    let raw = syn::parse_str::<Ident>(&name.unraw().to_string()).is_err();
    let text = name.unraw().to_string();
    let field = if raw { Ident::new_raw(&text, name.span()) } else { Ident::new(&text, name.span()) };
    quote!(let _ = &model.#field;)
}

fn suffixed(name: &Ident, suffix: &str) -> TokenStream {
    let method = Ident::new(&format!("{}_{suffix}", name.unraw()), name.span());
    quote_spanned!(name.span()=> .#method())
}

/// A function that checks a value is named; other validators are calls.
fn validator(expression: &Expr) -> TokenStream {
    match expression {
        Expr::Path(_) | Expr::Closure(_) => quote!(::tfplugin::schema::Validator::Check(#expression)),
        _ => quote!(#expression),
    }
}
