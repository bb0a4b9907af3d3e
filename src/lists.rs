//! Lists in messages: cut where nobody reads on, and told how much is left.

/// One line for each, with `line` for its text: indented, for such lines the command-line tools do not wrap.
pub(crate) fn lines<T>(all: &[T], shown: usize, line: impl Fn(&T) -> String) -> String {
    let mut lines: Vec<String> = all.iter().take(shown).map(|one| format!("  {}", line(one))).collect();
    lines.extend(left(all, shown).map(|left| format!("  {left}")));
    lines.join("\n")
}

/// Names in a sentence.
pub(crate) fn names(all: &[String], shown: usize) -> String {
    let names = all[..shown.min(all.len())].join(", ");
    left(all, shown).map_or(names.clone(), |left| format!("{names} {left}"))
}

/// Parts of a sentence: `a`, `a and b`, `a, b and c`.
pub(crate) fn and(all: &[String]) -> String {
    match all {
        [one, last] => format!("{one} and {last}"),
        [first @ .., one, last] => format!("{}, {one} and {last}", first.join(", ")),
        one => one.concat(),
    }
}

fn left<T>(all: &[T], shown: usize) -> Option<String> {
    let left = all.len().saturating_sub(shown);
    (left > 0).then(|| format!("and {left} more"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_counted() {
        let all = ["a", "b", "c"].map(str::to_owned);
        assert_eq!(names(&all, 3), "a, b, c");
        assert_eq!(names(&all, 1), "a and 2 more");
        assert_eq!(lines(&all, 3, String::clone), "  a\n  b\n  c");
        assert_eq!(lines(&all, 2, |one| format!("{one}!")), "  a!\n  b!\n  and 1 more");
        assert_eq!(
            (and(&all[..1]), and(&all[..2]), and(&all)),
            ("a".into(), "a and b".into(), "a, b and c".into())
        );
        assert_eq!((names(&[], 2), lines(&[], 2, String::clone)), (String::new(), String::new()));
    }
}
