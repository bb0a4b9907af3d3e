//! One configuration of very many blocks, from the schema.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::values::{EXCLUDES, MEMBERS, ONE_OF, PROVIDER, RULES, VALUES};

/// A value that validation does not know.
const VARIABLE: &str = "var.any";

/// An argument of a block, or a member of one.
#[derive(Debug, Clone)]
struct Argument {
    /// Its name, after that of the argument that it is a member of: `identity.type`.
    path: String,
    /// Whether its block, or the object that it is in, must have it.
    required: bool,
    /// How a collection of texts looks like in which one text is not known.
    partly: Option<&'static str>,
    /// How the object looks like that it is a member of, with `{}` for the members.
    around: Option<&'static str>,
}

/// A type of blocks.
#[derive(Debug)]
struct Type {
    /// `resource "TYPE"`
    head: String,
    name: String,
    arguments: Vec<Argument>,
}

/// The values of arguments in a block, by path.
type Chosen = BTreeMap<String, String>;

/// All types of a provider.
#[derive(Debug)]
pub(crate) struct Blocks {
    provider: Type,
    types: Vec<Type>,
}

impl Blocks {
    /// The types of a schema.
    pub(crate) fn of(schema: &Value) -> Self {
        let mut types = Vec::new();
        for (kind, word) in [("resource_schemas", "resource"), ("data_source_schemas", "data")] {
            for (name, schema) in schema[kind].as_object().into_iter().flatten() {
                let head = format!("{word} \"{name}\"");
                types.push(Type { head, name: name.clone(), arguments: arguments(&schema["block"]) });
            }
        }
        let (head, name) = ("provider \"azureml\"".to_owned(), "provider".to_owned());
        Self { provider: Type { head, name, arguments: arguments(&schema["provider"]["block"]) }, types }
    }

    /// Blocks of all types of resources and data sources.
    pub(crate) fn resources(&self) -> String {
        let mut text = "variable \"any\" {}\n".to_owned();
        for one in &self.types {
            let all = one.beside_variables().into_iter().chain(one.pairs()).chain(one.of_rules());
            for (index, (label, chosen)) in all.enumerate() {
                let body = one.body(&one.complete(chosen));
                text.push_str(&format!("{} \"n{index}_{label}\" {{\n{body}}}\n", one.head));
            }
        }
        text
    }

    /// Blocks of the provider, each with a resource that makes the tool look at it.
    pub(crate) fn providers(&self) -> String {
        let mut text = "variable \"any\" {}\n".to_owned();
        for (index, (_, chosen)) in self.provider.beside_variables().into_iter().enumerate() {
            let body = self.provider.body(&chosen);
            text.push_str(&format!("provider \"azureml\" {{\n  alias = \"n{index}\"\n{body}}}\n"));
            text.push_str(&format!(
                "data \"azureml_resource_provider_registration\" \"n{index}\" {{\n  provider = azureml.n{index}\n}}\n"
            ));
        }
        text
    }
}

/// The arguments of a block: those of attributes, of members of nested attributes, and of blocks.
fn arguments(block: &Value) -> Vec<Argument> {
    let mut found = Vec::new();
    let configurable = |attribute: &Value| attribute["required"] == true || attribute["optional"] == true;
    let mut add = |path: String, attribute: &Value, around: Option<&'static str>| {
        let partly = match attribute["type"][0].as_str() {
            Some("map") => Some("{ \"Microsoft.Network\" = var.any }"),
            Some(_) => Some("[var.any]"),
            None => None,
        };
        let required = attribute["required"] == true;
        if configurable(attribute) {
            found.push(Argument { path, required, partly, around });
        }
    };
    for (name, attribute) in block["attributes"].as_object().into_iter().flatten() {
        add(name.clone(), attribute, None);
        let nested = &attribute["nested_type"];
        let around = match nested["nesting_mode"].as_str() {
            Some("single") => " = { {} }",
            Some("map") => " = { a = { {} } }",
            _ => " = [{ {} }]",
        };
        for (member, inner) in nested["attributes"].as_object().into_iter().flatten() {
            if configurable(attribute) {
                add(format!("{name}.{member}"), inner, Some(around));
            }
        }
    }
    for (name, nested) in block["block_types"].as_object().into_iter().flatten() {
        for (member, attribute) in nested["block"]["attributes"].as_object().into_iter().flatten() {
            add(format!("{name}.{member}"), attribute, Some(" {\n {}\n }"));
        }
    }
    found
}

impl Type {
    /// The values of an argument that are known, and those that are in part.
    fn values(&self, argument: &Argument) -> Vec<String> {
        let values = if self.name == "provider" { PROVIDER } else { VALUES };
        let of = |path: &str| values.iter().find(|(known, _)| *known == path);
        let found = of(&format!("{}.{}", self.name, argument.path)).or_else(|| of(&argument.path));
        let is_object = self.arguments.iter().any(|other| is_in(&other.path, &argument.path));
        assert!(
            found.is_some() || is_object,
            "{}.{} has no values: add them to tests/variables/values.rs",
            self.name,
            argument.path
        );
        let known = found.into_iter().flat_map(|(_, values)| *values);
        known.chain(argument.partly.as_ref()).map(ToString::to_string).collect()
    }

    fn argument(&self, path: &str) -> &Argument {
        let found = self.arguments.iter().find(|one| one.path == path);
        found.unwrap_or_else(|| panic!("{} has no {path}", self.name))
    }

    /// Each value of each argument, with variables for all others.
    fn beside_variables(&self) -> Vec<(String, Chosen)> {
        let mut all = Vec::new();
        for argument in &self.arguments {
            let mut others = Chosen::new();
            for other in &self.arguments {
                // Members, so that it is known that there is an object, but not what is in it.
                let is_whole = self.arguments.iter().any(|inner| is_in(&inner.path, &other.path));
                let object = other.path.split('.').next().unwrap_or_default();
                let excludes = EXCLUDES.contains(&object) && !is_in(&argument.path, object);
                if !is_whole && !excludes && !is_in(&other.path, &argument.path) {
                    others.insert(other.path.clone(), VARIABLE.to_owned());
                }
            }
            let mut values = self.values(argument);
            if values.is_empty() {
                values.push(VARIABLE.to_owned());
            }
            for value in values {
                let mut chosen = others.clone();
                chosen.insert(argument.path.clone(), value);
                all.push((label(&[&argument.path]), chosen));
            }
        }
        all
    }

    /// Variables for every argument and every two of them, and no others than there have to be.
    fn pairs(&self) -> Vec<(String, Chosen)> {
        let mut all = Vec::new();
        for (index, one) in self.arguments.iter().enumerate() {
            for other in &self.arguments[index..] {
                if is_in(&one.path, &other.path) || is_in(&other.path, &one.path) {
                    continue;
                }
                let chosen = [one, other].map(|one| (one.path.clone(), VARIABLE.to_owned()));
                all.push((label(&[&one.path, &other.path]), chosen.into_iter().collect()));
            }
        }
        all
    }

    /// What a rule reads together: each value of one, and variables for the others.
    fn of_rules(&self) -> Vec<(String, Chosen)> {
        let mut all = Vec::new();
        for (_, paths) in RULES.iter().filter(|(name, _)| *name == self.name && self.head.starts_with('r')) {
            for known in *paths {
                for value in self.values(self.argument(known)) {
                    let variable = |path: &&str| ((*path).to_owned(), VARIABLE.to_owned());
                    let mut chosen: Chosen = paths.iter().map(variable).collect();
                    chosen.insert((*known).to_owned(), value);
                    all.push((label(paths), chosen));
                }
            }
        }
        all
    }

    /// The same with what there has to be.
    fn complete(&self, mut chosen: Chosen) -> Chosen {
        for (_, group) in ONE_OF.iter().filter(|(name, _)| *name == self.name) {
            if !group.iter().any(|path| chosen.contains_key(*path)) {
                chosen.insert(group[0].to_owned(), VARIABLE.to_owned());
            }
        }
        let members = MEMBERS.iter().filter(|(name, _)| *name == self.name).flat_map(|(_, paths)| *paths);
        let members: Vec<&str> = members.copied().collect();
        for argument in &self.arguments {
            if !argument.required && !members.contains(&argument.path.as_str()) {
                continue;
            }
            let within = argument.path.split_once('.').map(|(object, _)| object);
            let there = |object| chosen.keys().any(|path| is_in(path, object));
            if within.is_none_or(there) && !chosen.contains_key(&argument.path) {
                chosen.insert(argument.path.clone(), VARIABLE.to_owned());
            }
        }
        chosen
    }

    /// The arguments as a block has them.
    fn body(&self, chosen: &Chosen) -> String {
        let mut text = String::new();
        let mut objects: BTreeMap<&str, (&str, Vec<String>)> = BTreeMap::new();
        for (path, value) in chosen {
            match (path.split_once('.'), self.argument(path).around) {
                (Some((object, member)), Some(around)) => {
                    let members = &mut objects.entry(object).or_insert((around, Vec::new())).1;
                    members.push(format!("{member} = {value}"));
                }
                _ => text.push_str(&format!("  {path} = {value}\n")),
            }
        }
        for (object, (around, members)) in objects {
            let between = if around.contains('\n') { "\n  " } else { ", " };
            text.push_str(&format!("  {object}{}\n", around.replace("{}", &members.join(between))));
        }
        text
    }
}

/// Whether a path is that of a member of an object.
fn is_in(path: &str, object: &str) -> bool {
    path.strip_prefix(object).is_some_and(|rest| rest.starts_with('.'))
}

/// A label that says which arguments a block is about.
fn label(paths: &[&str]) -> String {
    paths.join("__").replace('.', "-")
}
