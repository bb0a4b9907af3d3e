//! Small things about Markdown.

/// Markdown with each paragraph on one line: doc comments are broken where the code is, pages are not.
pub(super) fn reflow(doc: &str) -> String {
    let mut out = String::new();
    let mut fenced = false;
    // Whether the next line may continue what stands last.
    let mut open = false;
    for line in doc.lines().map(str::trim_end) {
        let fence = line.trim_start().starts_with("```");
        let code = fenced || fence;
        if open && !code && !line.is_empty() && !stands_alone(line) {
            out.push(' ');
            out.push_str(line.trim_start());
        } else {
            out.push_str(if out.is_empty() { "" } else { "\n" });
            out.push_str(line);
        }
        fenced ^= fence;
        open = !(code || line.is_empty() || line.starts_with(['#', '|']));
    }
    out
}

/// Whether a line begins something that must not be joined to what stands before it.
fn stands_alone(line: &str) -> bool {
    let line = line.trim_start();
    let numbered = line.split_once(". ").is_some_and(|(number, _)| number.parse::<u32>().is_ok());
    numbered || line.starts_with("- ") || line.starts_with("* ") || line.starts_with(['#', '|', '>'])
}

/// The first paragraph, on one line.
pub(super) fn first_paragraph(doc: &str) -> String {
    let text = reflow(doc);
    text.split("\n\n").next().unwrap_or_default().to_owned()
}

/// The first sentence.
pub(super) fn first_sentence(doc: &str) -> String {
    let text = first_paragraph(doc);
    let mut code = false;
    for (at, c) in text.char_indices() {
        code ^= c == '`';
        if c == '.' && !code && text[at + 1..].starts_with(' ') {
            return text[..=at].to_owned();
        }
    }
    text
}

/// A text as code.
pub(super) fn code(text: &str) -> String {
    format!("`{text}`")
}

/// Codes in a row: "`a`, `b` or `c`".
pub(super) fn any_of(texts: &[&str]) -> String {
    let codes: Vec<String> = texts.iter().map(|text| code(text)).collect();
    match codes.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => codes.concat(),
    }
}

/// Lines after the first moved to the right, so that they belong to the item of a list that the first begins.
pub(super) fn hang(text: &str) -> String {
    text.lines()
        .enumerate()
        .map(|(index, line)| match (index, line) {
            (0, line) => line.to_owned(),
            (_, "") => "\n".to_owned(),
            (_, line) => format!("\n  {line}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paragraph_becomes_a_line_and_the_rest_stays() {
        let doc =
            "One\ntwo.\n\nThree:\n- four\n  five\n- six\n\n```terraform\na = 1\n\nb = 2\n```\nSeven\neight.";
        let flown =
            "One two.\n\nThree:\n- four five\n- six\n\n```terraform\na = 1\n\nb = 2\n```\nSeven eight.";
        assert_eq!(reflow(doc), flown);
    }

    #[test]
    fn a_sentence_ends_outside_code() {
        assert_eq!(first_sentence("As `a. b` has\nit. And more."), "As `a. b` has it.");
        assert_eq!(first_sentence("Version 1.2 only\n\nMore."), "Version 1.2 only");
    }

    #[test]
    fn alternatives_are_listed() {
        assert_eq!(any_of(&["a"]), "`a`");
        assert_eq!(any_of(&["a", "b", "c"]), "`a`, `b` or `c`");
    }
}
