//! Registry pages from the declarations that the engine reads: every attribute is on its page, because it is declared.
//!
//! Prose comes from doc comments, marks become sentences (`sentences`), attributes become lists (`attributes`), and
//! `page` puts a page together. Examples are handed in, so that nothing here reads files. A provider renders its pages
//! in a test; nothing that serves refers to this module, so a provider's binary does not hold it.

mod attributes;
mod page;
mod sentences;
mod text;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::provider::Server;
use page::Page;

/// What the pages of a provider are made of.
#[derive(Debug, Clone)]
pub struct Docs {
    /// The texts of the example files, by their path in the folder of examples, such as
    /// `resources/example_thing/resource.tf`. What belongs to a page is found by name, in the registries' layout:
    ///
    /// | page | examples |
    /// |---|---|
    /// | the provider | `provider/provider*.tf` |
    /// | a resource | `resources/TYPE/resource*.tf`, and `import-by-string-id.tf`, `import-by-identity.tf`, `import.sh` |
    /// | a data source | `data-sources/TYPE/data-source*.tf` |
    /// | an ephemeral resource | `ephemeral-resources/TYPE/ephemeral-resource*.tf` |
    /// | a list resource | `list-resources/TYPE/list-resource*.tfquery.hcl` |
    /// | an action | `actions/TYPE/action*.tf` |
    /// | a function | `functions/NAME/function*.tf` |
    ///
    /// A further example, as `resource-with-tags.tf`, gets a heading from its name.
    pub examples: BTreeMap<String, String>,
    /// The group in the registries' navigation that a resource, or anything else but the provider, stands in.
    pub subcategory: fn(name: &str) -> &'static str,
}

impl Docs {
    /// All pages of what the server serves: their texts, by their path in the folder of documentation.
    #[must_use]
    pub fn pages(&self, server: &Server) -> BTreeMap<String, String> {
        let provider = server.address().rsplit('/').next().unwrap_or_default();
        let mut pages = BTreeMap::new();
        let mut add = |page: Page<'_>| pages.insert(page.path(), page.render());
        add(Page::provider(self, provider, server.provider().schema()));
        for (name, host) in server.resources() {
            add(Page::of_schema(self, provider, page::RESOURCE, name, host.schema()));
        }
        for (name, host) in server.data_sources() {
            add(Page::of_schema(self, provider, page::DATA_SOURCE, name, host.schema()));
        }
        for (name, host) in server.ephemeral_resources() {
            add(Page::of_schema(self, provider, page::EPHEMERAL, name, host.schema()));
        }
        for (name, host) in server.list_resources() {
            add(Page::of_schema(self, provider, page::LIST, name, host.schema()));
        }
        for (name, host) in server.actions() {
            add(Page::of_schema(self, provider, page::ACTION, name, host.schema()));
        }
        for (name, host) in server.functions() {
            add(Page::function(self, provider, name, host.signature()));
        }
        pages
    }
}
