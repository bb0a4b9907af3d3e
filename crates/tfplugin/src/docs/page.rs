//! A page from top to bottom: front matter, title, description, examples, reference, import.

use std::fmt::Write as _;

use crate::function::{Parameter, Signature};
use crate::schema::Schema;

use super::Docs;
use super::attributes;
use super::sentences;
use super::text;

/// A kind of thing that has a page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kind {
    /// As the title has it.
    title: &'static str,
    /// As a sentence has it.
    noun: &'static str,
    /// The folder of its pages and of its examples.
    folder: &'static str,
    /// How the names of its examples begin.
    example: &'static str,
    /// How they end.
    extension: &'static str,
}

const PROVIDER: Kind = kind("Provider", "provider", "provider", "provider");
pub(super) const RESOURCE: Kind = kind("Resource", "resource", "resources", "resource");
pub(super) const DATA_SOURCE: Kind = kind("Data Source", "data source", "data-sources", "data-source");
pub(super) const EPHEMERAL: Kind =
    kind("Ephemeral Resource", "ephemeral resource", "ephemeral-resources", "ephemeral-resource");
pub(super) const ACTION: Kind = kind("Action", "action", "actions", "action");
pub(super) const LIST: Kind = Kind {
    extension: ".tfquery.hcl",
    ..kind("List Resource", "list resource", "list-resources", "list-resource")
};
const FUNCTION: Kind = kind("Function", "function", "functions", "function");

const fn kind(title: &'static str, noun: &'static str, folder: &'static str, example: &'static str) -> Kind {
    Kind { title, noun, folder, example, extension: ".tf" }
}

/// What a page describes.
enum Subject<'a> {
    Schema(&'a Schema),
    Function(&'a Signature),
}

/// A page.
pub(super) struct Page<'a> {
    docs: &'a Docs,
    provider: &'a str,
    kind: Kind,
    /// The type, or the function's name. Empty for the provider.
    name: &'a str,
    subject: Subject<'a>,
}

impl<'a> Page<'a> {
    /// The page of the provider itself.
    pub(super) fn provider(docs: &'a Docs, provider: &'a str, schema: &'a Schema) -> Self {
        Self { docs, provider, kind: PROVIDER, name: "", subject: Subject::Schema(schema) }
    }

    /// The page of something that has a schema.
    pub(super) fn of_schema(
        docs: &'a Docs,
        provider: &'a str,
        kind: Kind,
        name: &'a str,
        schema: &'a Schema,
    ) -> Self {
        Self { docs, provider, kind, name, subject: Subject::Schema(schema) }
    }

    /// The page of a function.
    pub(super) fn function(
        docs: &'a Docs,
        provider: &'a str,
        name: &'a str,
        signature: &'a Signature,
    ) -> Self {
        Self { docs, provider, kind: FUNCTION, name, subject: Subject::Function(signature) }
    }

    /// Where it is in the folder of documentation.
    pub(super) fn path(&self) -> String {
        if self.name.is_empty() {
            return "index.md".to_owned();
        }
        let prefix = format!("{}_", self.provider);
        format!("{}/{}.md", self.kind.folder, self.name.strip_prefix(&prefix).unwrap_or(self.name))
    }

    /// Its text.
    pub(super) fn render(&self) -> String {
        let mut out = self.head();
        match self.subject {
            Subject::Schema(schema) => {
                if let Some(instead) = schema.deprecated {
                    let _ = write!(out, "~> **Deprecated:** {instead}\n\n");
                }
                let _ = write!(out, "{}\n\n", text::reflow(schema.doc));
                out.push_str(&self.examples());
                out.push_str(&attributes::arguments(schema));
                out.push_str(&attributes::attributes(schema, self.kind.noun));
                out.extend(schema.timeouts.as_ref().map(attributes::timeouts));
                out.push_str(&self.import(schema));
            }
            Subject::Function(signature) => {
                if let Some(instead) = signature.deprecated {
                    let _ = write!(out, "~> **Deprecated:** {instead}\n\n");
                }
                let _ = write!(out, "{}\n\n", text::reflow(signature.doc));
                out.push_str(&self.examples());
                out.push_str(&call(signature));
            }
        }
        out.truncate(out.trim_end().len());
        out.push('\n');
        out
    }

    /// The front matter and the title.
    fn head(&self) -> String {
        let Self { provider, name, kind, .. } = self;
        let summary = match self.subject {
            Subject::Schema(schema) => text::first_paragraph(schema.doc),
            Subject::Function(signature) => text::first_paragraph(signature.summary),
        };
        let summary: String = summary.lines().map(|line| format!("\n  {line}")).collect();
        let (page_title, subcategory, title) = if name.is_empty() {
            (format!("{provider} {}", kind.title), "", format!("{provider} {}", kind.title))
        } else {
            let page_title = format!("{name} {} - {provider}", kind.title);
            (page_title, (self.docs.subcategory)(name), format!("{name} ({})", kind.title))
        };
        format!(
            "---\npage_title: \"{page_title}\"\nsubcategory: \"{subcategory}\"\ndescription: |-{summary}\n---\n\n# {title}\n\n"
        )
    }

    /// The text of an example in this page's folder.
    fn example(&self, file: &str) -> Option<&str> {
        let path = [self.kind.folder, self.name, file].into_iter().filter(|part| !part.is_empty());
        self.docs.examples.get(&path.collect::<Vec<_>>().join("/")).map(|text| text.trim_end())
    }

    /// "Example Usage": the plain example, then the others by name. Nothing where there is none.
    fn examples(&self) -> String {
        let Kind { folder, example, extension, .. } = self.kind;
        let start = if self.name.is_empty() { folder.to_owned() } else { format!("{folder}/{}", self.name) };
        let start = format!("{start}/{example}");
        let mut out = String::new();
        let plain = self.example(&format!("{example}{extension}")).map(|text| ("", text));
        let others = self.docs.examples.iter().filter_map(|(path, text)| {
            let name = path.strip_prefix(&start)?.strip_prefix('-')?.strip_suffix(extension)?;
            Some((name, text.trim_end()))
        });
        for (name, text) in plain.into_iter().chain(others) {
            if out.is_empty() {
                out.push_str("## Example Usage\n\n");
            }
            if !name.is_empty() {
                let _ = write!(out, "### {}\n\n", heading(name));
            }
            let _ = write!(out, "```terraform\n{text}\n```\n\n");
        }
        out
    }

    /// "Import": by ID, by identity, on the command line, as far as there are examples. Nothing where there are none.
    fn import(&self, schema: &Schema) -> String {
        const WAYS: [(&str, &str, &str); 3] = [
            (
                "import-by-string-id.tf",
                "terraform",
                "With an `import` block (Terraform 1.5, OpenTofu 1.6), by ID:",
            ),
            (
                "import-by-identity.tf",
                "terraform",
                "With an `import` block (Terraform 1.12, OpenTofu 1.12), by identity:",
            ),
            ("import.sh", "shell", "With the command `terraform import` (`tofu import`):"),
        ];
        let mut out = String::new();
        for (file, language, sentence) in WAYS {
            let Some(example) = self.example(file) else { continue };
            if out.is_empty() {
                out.push_str("## Import\n\n");
            }
            let _ = write!(out, "{sentence}\n\n```{language}\n{example}\n```\n\n");
        }
        if !out.is_empty() && schema.has_identity() {
            out.push_str(&attributes::identity(schema));
        }
        out
    }
}

/// The heading of an example, from its file's name.
fn heading(name: &str) -> String {
    let mut text = name.replace('-', " ");
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

/// How a function is called, and what it gives.
fn call(signature: &Signature) -> String {
    let parameter = |parameter: &Parameter| {
        format!("{} {}", parameter.name, sentences::kind(&parameter.shape).to_lowercase())
    };
    let mut parameters: Vec<String> = signature.parameters.iter().map(parameter).collect();
    parameters.extend(signature.variadic.as_ref().map(|variadic| format!("{}...", parameter(variadic))));
    let (name, result) = (signature.name, sentences::kind(&signature.result).to_lowercase());
    let mut out = format!("## Signature\n\n```text\n{name}({}) {result}\n```\n\n", parameters.join(", "));
    if parameters.is_empty() {
        return out;
    }
    out.push_str("## Arguments\n\n");
    let all = signature.parameters.iter().map(|parameter| (parameter, false));
    for (number, (parameter, variadic)) in
        all.chain(signature.variadic.iter().map(|parameter| (parameter, true))).enumerate()
    {
        let kind = sentences::kind(&parameter.shape);
        let mut marks = if variadic { ", Variadic".to_owned() } else { String::new() };
        marks.push_str(if parameter.allow_null { ", Nullable" } else { "" });
        let doc = text::reflow(parameter.doc);
        let _ = writeln!(out, "{}. `{}` ({kind}{marks}) {doc}", number + 1, parameter.name);
    }
    out
}
