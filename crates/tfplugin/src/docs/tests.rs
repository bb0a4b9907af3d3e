//! The pages of a small provider, literally.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::page::{self, Page};
use super::{Docs, attributes};
use crate::function::{FunctionError, Parameter, Signature};
use crate::schema::validators::{length, range};
use crate::schema::{Schema, Shape, TimeoutDefaults};
use crate::{Attr, Cx, Diagnostics, Function, Model, Provider, Server, Value};

/// A thing, which has
/// parts.
///
/// It takes its time.
#[derive(Model)]
#[allow(dead_code)]
struct Thing {
    /// ID of the thing.
    #[attr(computed)]
    id: Attr<String>,
    /// Name of the thing. It is
    /// short.
    #[attr(required, replaces, identity, validate(length(1, 32)))]
    name: Attr<String>,
    /// Zone, the provider's unless set. Changing it creates a new thing.
    #[attr(optional, computed, replaces, identity_optional, default = "near")]
    zone: Attr<String>,
    /// What it is.
    #[attr(optional, default = "Plain", replaces_if_configured, one_of("Plain", "Fancy"))]
    kind: Attr<String>,
    /// Its mood: `Good` or `Bad`.
    #[attr(optional, one_of("Good", "Bad"))]
    mood: Attr<String>,
    /// Names of friends.
    #[attr(optional, default = {}, validate(length(0, 3)))]
    friends: Attr<BTreeSet<String>>,
    /// How many.
    #[attr(optional, validate(range(1, i64::MAX)), deprecated = "Use `friends` instead.")]
    count: Attr<i64>,
    /// Opens it.
    #[attr(optional, sensitive, write_only)]
    key: Attr<String>,
    /// The parts.
    #[attr(optional)]
    part: Attr<BTreeMap<String, Part>>,
    /// What was noticed.
    #[attr(computed)]
    notes: Attr<Vec<Note>>,
}

/// A part.
#[derive(Model)]
#[allow(dead_code)]
struct Part {
    /// On or off.
    #[attr(required)]
    on: Attr<bool>,
    /// A note.
    #[attr(optional, replaces)]
    note: Attr<Note>,
    /// How heavy it is.
    #[attr(computed)]
    weight: Attr<crate::Number>,
}

/// A note.
#[derive(Model)]
#[allow(dead_code)]
struct Note {
    /// The text.
    #[attr(optional)]
    text: Attr<String>,
}

/// Does nothing.
#[derive(Model)]
#[allow(dead_code)]
struct Config {
    /// How to greet. `EXAMPLE_GREETING`, unless set.
    #[attr(optional, default = "hello")]
    greeting: Attr<String>,
}

struct Example;

impl Provider for Example {
    type Config = Config;

    async fn configure(self: Arc<Self>, _cx: Cx<Config>, _config: Config) -> Result<(), Diagnostics> {
        Ok(())
    }
}

struct Join;

impl Function for Join {
    fn signature(&self) -> Signature {
        Signature::new("join", "Joins texts.", Shape::String)
            .doc("Joins texts\nwith a separator.")
            .parameter(Parameter::new("separator", "What stands between.", Shape::String).allow_null())
            .variadic(Parameter::new("texts", "What is joined.", Shape::List(&Shape::String)))
    }

    fn call(&self, _arguments: &[Value]) -> Result<Value, FunctionError> {
        Ok(Value::Null)
    }
}

fn docs(examples: &[(&str, &str)]) -> Docs {
    let examples = examples.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    Docs { examples, subcategory: |name| if name == "example_thing" { "Things" } else { "" } }
}

fn thing() -> Schema {
    Schema {
        timeouts: Some(TimeoutDefaults::minutes(60, 1, 90, 60)),
        ..Schema::new(Thing::DOC, Thing::FIELDS)
    }
}

const THING: &str = r#"---
page_title: "example_thing Resource - example"
subcategory: "Things"
description: |-
  A thing, which has parts.
---

# example_thing (Resource)

A thing, which has parts.

It takes its time.

## Example Usage

```terraform
resource "example_thing" "plain" {}
```

### With parts

```terraform
resource "example_thing" "parts" {}
```

## Argument Reference

### Required

- `name` (String) Name of the thing. It is short. 1 to 32 characters. Changing this forces a new resource to be created.

### Optional

- `zone` (String) Zone, the provider's unless set. Changing it creates a new thing.
- `kind` (String) What it is. One of `Plain` or `Fancy`, in any casing. Defaults to `Plain`. Changing this to another configured value forces a new resource to be created.
- `mood` (String) Its mood: `Good` or `Bad`.
- `friends` (Set of String) Names of friends. At most 3 elements. Defaults to `[]`.
- `count` (Number, Deprecated) How many. At least 1. **Deprecated:** Use `friends` instead.
- `key` (String, Sensitive, Write-only) Opens it. Neither plan nor state holds it, which takes Terraform 1.11 or OpenTofu 1.11.
- `part` (Attributes Map) The parts. See [`part`](#nestedatt--part).
- `timeouts` (Block) How long operations may take. See [Timeouts](#timeouts).

<a id="nestedatt--part"></a>
### `part`

Required:

- `on` (Boolean) On or off.

Optional:

- `note` (Attributes) A note. Changing this forces a new resource to be created. See [`part.note`](#nestedatt--part--note).

Read-only:

- `weight` (Number) How heavy it is.

<a id="nestedatt--part--note"></a>
### `part.note`

Optional:

- `text` (String) The text.

## Attribute Reference

Besides its arguments, the resource has these attributes:

- `id` (String) ID of the thing.
- `notes` (Attributes List) What was noticed. See [`notes`](#nestedatt--notes).

<a id="nestedatt--notes"></a>
### `notes`

Optional:

- `text` (String) The text.

## Timeouts

The `timeouts` block sets how long an operation may take, as `30m` or `1h30m`:

- `create` (String) Defaults to 60 minutes.
- `read` (String) Defaults to 1 minute.
- `update` (String) Defaults to 90 minutes.
- `delete` (String) Defaults to 60 minutes.

## Import

With an `import` block (Terraform 1.5, OpenTofu 1.6), by ID:

```terraform
import {}
```

With the command `terraform import` (`tofu import`):

```shell
terraform import example_thing.plain near/thing
```

### Identity Schema

Required:

- `name` (String) Name of the thing.

Optional:

- `zone` (String) Zone, the provider's unless set.
"#;

#[test]
fn a_resource_has_a_page_of_everything() {
    let docs = docs(&[
        ("resources/example_thing/resource-with-parts.tf", "resource \"example_thing\" \"parts\" {}\n"),
        ("resources/example_thing/resource.tf", "resource \"example_thing\" \"plain\" {}\n"),
        ("resources/example_thing/import-by-string-id.tf", "import {}\n"),
        ("resources/example_thing/import.sh", "terraform import example_thing.plain near/thing\n"),
        ("resources/example_things/resource.tf", "of another resource\n"),
    ]);
    let schema = thing();
    let page = Page::of_schema(&docs, "example", page::RESOURCE, "example_thing", &schema);
    assert_eq!(page.path(), "resources/thing.md");
    assert_eq!(page.render(), THING);
}

const PROVIDER: &str = r#"---
page_title: "example Provider"
subcategory: ""
description: |-
  Does nothing.
---

# example Provider

Does nothing.

## Example Usage

```terraform
provider "example" {}
```

## Argument Reference

### Optional

- `greeting` (String) How to greet. `EXAMPLE_GREETING`, unless set.
"#;

const JOIN: &str = r#"---
page_title: "join Function - example"
subcategory: ""
description: |-
  Joins texts.
---

# join (Function)

Joins texts with a separator.

## Example Usage

```terraform
output "joined" {}
```

## Signature

```text
join(separator string, texts list of string...) string
```

## Arguments

1. `separator` (String, Nullable) What stands between.
2. `texts` (List of String, Variadic) What is joined.
"#;

#[test]
fn a_server_has_the_pages_of_all_it_serves() {
    let docs = docs(&[
        ("provider/provider.tf", "provider \"example\" {}\n"),
        ("functions/join/function.tf", "output \"joined\" {}\n"),
    ]);
    let server = Server::new("registry.terraform.io/example/example", "1.0.0", Example).function(Join);
    let pages = docs.pages(&server);
    assert_eq!(pages.keys().collect::<Vec<_>>(), ["functions/join.md", "index.md"]);
    assert_eq!(pages["index.md"], PROVIDER);
    assert_eq!(pages["functions/join.md"], JOIN);
}

const TOKEN: &str = r#"---
page_title: "example_token Ephemeral Resource - example"
subcategory: ""
description: |-
  A note.
---

# example_token (Ephemeral Resource)

~> **Deprecated:** Use another.

A note.

## Example Usage

```terraform
ephemeral "example_token" "this" {}
```

## Argument Reference

### Optional

- `text` (String) The text.
"#;

#[test]
fn each_kind_has_its_folder_its_title_and_its_examples() {
    let docs = docs(&[
        (
            "ephemeral-resources/example_token/ephemeral-resource.tf",
            "ephemeral \"example_token\" \"this\" {}\n",
        ),
        ("data-sources/example_token/data-source.tf", "data\n"),
        ("list-resources/example_token/list-resource.tfquery.hcl", "list\n"),
        ("actions/example_token/action.tf", "action\n"),
    ]);
    let schema = Schema { deprecated: Some("Use another."), ..Schema::new(Note::DOC, Note::FIELDS) };
    let page = |kind| Page::of_schema(&docs, "example", kind, "example_token", &schema);
    assert_eq!(page(page::EPHEMERAL).path(), "ephemeral-resources/token.md");
    assert_eq!(page(page::EPHEMERAL).render(), TOKEN);
    for (kind, path, title, example) in [
        (page::DATA_SOURCE, "data-sources/token.md", "# example_token (Data Source)\n", "\ndata\n"),
        (page::LIST, "list-resources/token.md", "# example_token (List Resource)\n", "\nlist\n"),
        (page::ACTION, "actions/token.md", "# example_token (Action)\n", "\naction\n"),
    ] {
        assert_eq!(page(kind).path(), path);
        let text = page(kind).render();
        assert!(text.contains(title) && text.contains(example), "{text}");
    }
}

#[test]
fn what_there_is_nothing_of_has_no_section() {
    let schema = Schema::new("Nothing.", &[]);
    assert_eq!(attributes::arguments(&schema), "");
    assert_eq!(attributes::attributes(&schema, "resource"), "");
}
