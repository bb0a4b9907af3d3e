//! `notes_note`: a managed resource.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::sync::Arc;

use tfplugin::schema::TimeoutDefaults;
use tfplugin::schema::validators::length;
use tfplugin::{Attr, Cx, Diagnostic, Diagnostics, ImportTarget, Model, Resource, Value, View};

use crate::folder::{Folder, failed};
use crate::slug;

/// A note, kept as a file.
#[derive(Debug, Clone, Default, Model)]
pub(crate) struct Note {
    /// The title, which gives the file its name. Changing it makes another note.
    #[attr(required, replaces, identity, validate(length(1, 64), titled))]
    title: Attr<String>,

    /// The text.
    #[attr(optional)]
    text: Attr<String>,

    /// How urgent it is: `Low`, `Normal` or `High`.
    #[attr(optional, default = "Normal", one_of("Low", "Normal", "High"))]
    urgency: Attr<String>,

    /// Labels by name.
    #[attr(optional)]
    labels: Attr<BTreeMap<String, String>>,

    /// Who may read it. Nobody learns of the password but by the file.
    #[attr(optional)]
    reader: Attr<Reader>,

    /// Name of the file.
    #[attr(computed, keep)]
    file: Attr<String>,

    /// How many bytes the file has.
    #[attr(computed)]
    size: Attr<i64>,
}

/// Who may read a note.
#[derive(Debug, Clone, Default, Model)]
pub(crate) struct Reader {
    /// Name of the reader.
    #[attr(required)]
    name: Attr<String>,

    /// The reader's password.
    #[attr(optional, sensitive)]
    password: Attr<String>,
}

fn titled(title: &Value) -> Result<(), String> {
    match title.as_str().map(slug::slug) {
        Some(slug) if slug.is_empty() => Err("must have a letter or a digit in it".to_owned()),
        _ => Ok(()),
    }
}

/// The resource.
pub(crate) struct NoteResource(Arc<Folder>);

impl NoteResource {
    pub(crate) fn new(folder: &Arc<Folder>) -> Self {
        Self(Arc::clone(folder))
    }

    /// Writes the file, and says how it is now.
    fn write(&self, mut note: Note) -> Result<Note, Diagnostics> {
        let name = slug::slug(note.title.as_str().unwrap_or_default()) + ".note";
        let file = self.0.file(&name)?;
        let text = stored(&note);
        std::fs::write(&file, &text).map_err(|error| failed("Writing", &file, &error))?;
        note.file = name.into();
        note.size = i64::try_from(text.len()).ok().into();
        Ok(note)
    }
}

/// A note as its file has it: what is not set is not there, and the urgency is in capitals.
fn stored(note: &Note) -> String {
    let mut lines = BTreeMap::new();
    lines.insert("title".to_owned(), note.title.clone());
    lines.insert("text".to_owned(), note.text.clone());
    lines.insert("urgency".to_owned(), note.urgency.clone().map(|urgency| urgency.to_uppercase()));
    for (name, label) in note.labels.known().into_iter().flatten() {
        lines.insert(format!("label {name}"), label.as_str().into());
    }
    if let Some(reader) = note.reader.known() {
        lines.insert("reader".to_owned(), reader.name.clone());
        lines.insert("password".to_owned(), reader.password.clone());
    }
    let lines = lines.into_iter().filter_map(|(name, value)| Some((name, value.into_known()?)));
    lines.map(|(name, value)| format!("{name}: {}\n", escaped(&value))).collect()
}

/// A note from its file.
fn read(text: &str, mut note: Note) -> Note {
    let lines: BTreeMap<&str, String> = text
        .lines()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name, unescaped(value)))
        .collect();
    let line = |name: &str| -> Attr<String> { lines.get(name).cloned().into() };
    note.title = line("title");
    note.text = line("text");
    note.urgency = line("urgency");
    let labels = lines
        .iter()
        .filter_map(|(name, value)| Some((name.strip_prefix("label ")?.to_owned(), value.clone())));
    // No labels or an empty map of them: the file does not know, and the engine keeps to what was.
    note.labels = Attr::Known(labels.collect());
    note.reader = match line("reader") {
        Attr::Known(name) => Attr::Known(Reader { name: name.into(), password: line("password") }),
        _ => Attr::Null,
    };
    note.size = i64::try_from(text.len()).ok().into();
    note
}

/// A value on one line.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r")
}

/// The value that is on a line.
fn unescaped(line: &str) -> String {
    let mut letters = line.chars();
    let mut text = String::new();
    while let Some(letter) = letters.next() {
        text.push(match (letter, letter == '\\') {
            (letter, false) => letter,
            (_, true) => match letters.next() {
                Some('n') => '\n',
                Some('r') => '\r',
                other => other.unwrap_or('\\'),
            },
        });
    }
    text
}

impl Resource for NoteResource {
    type Model = Note;
    const TYPE: &'static str = "notes_note";
    const TIMEOUTS: Option<TimeoutDefaults> = Some(TimeoutDefaults::minutes(5, 1, 5, 5));

    fn validate(&self, config: View<'_>, out: &mut Diagnostics) {
        let urgent =
            config.get::<String>("urgency").as_str().is_some_and(|it| it.eq_ignore_ascii_case("high"));
        if urgent && config.get::<String>("text").is_null() {
            out.error_at("text", "Missing Text", "An urgent note must say what is urgent.");
        }
    }

    async fn create(self: Arc<Self>, _: Cx<Note>, plan: Note) -> Result<Note, Diagnostics> {
        let name = slug::slug(plan.title.as_str().unwrap_or_default()) + ".note";
        let file = self.0.file(&name)?;
        if file.exists() {
            let detail =
                format!("The file {} is there already. Import it, or choose another title.", file.display());
            return Err(Diagnostic::error("Note Exists Already", detail).at("title").into());
        }
        self.write(plan)
    }

    async fn read(self: Arc<Self>, _: Cx<Note>, state: Note) -> Result<Option<Note>, Diagnostics> {
        let file = self.0.file(state.file.as_str().unwrap_or_default())?;
        match std::fs::read_to_string(&file) {
            Ok(text) => Ok(Some(read(&text, state))),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed("Reading", &file, &error).into()),
        }
    }

    async fn update(self: Arc<Self>, _: Cx<Note>, _: Note, plan: Note) -> Result<Note, Diagnostics> {
        self.write(plan)
    }

    async fn delete(self: Arc<Self>, _: Cx<Note>, state: Note) -> Result<(), Diagnostics> {
        let file = self.0.file(state.file.as_str().unwrap_or_default())?;
        match std::fs::remove_file(&file) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(failed("Deleting", &file, &error).into())
            }
            _ => Ok(()),
        }
    }

    async fn import(self: Arc<Self>, _: Cx<Note>, target: ImportTarget) -> Result<Note, Diagnostics> {
        let title = match target {
            ImportTarget::Id(title) => title,
            ImportTarget::Identity(identity) => {
                View::new(&identity).get::<String>("title").into_known().unwrap_or_default()
            }
        };
        // Enough for the read that follows.
        let file = slug::slug(&title) + ".note";
        Ok(Note { title: title.into(), file: file.into(), ..Note::default() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_comes_back_from_its_line() {
        for text in ["", "é \"cat\" 'dog'", "a\nb\r\n", "\\n", "\\", "\\\\n\n"] {
            assert_eq!(unescaped(&escaped(text)), text);
            assert!(escaped(text).lines().count() <= 1);
        }
    }
}
