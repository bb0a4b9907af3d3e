//! The step in which no value is known before another resource is made.

use super::Matrix;
use crate::attribute::{Way, known, value, with_value};

impl Matrix {
    /// The value comes from another resource, which does not exist at plan. Where it turns out to replace the resource, which no
    /// plan has said, the apply ends for that resource, and the next one replaces it.
    pub(super) fn unknown_to_a(&self) {
        self.configure_with("unknown", |subject| {
            let (row, label) = (&subject.row, &subject.label);
            let arguments = self.fill(row.a, label);
            // What has no marked value is computed, or a time to wait, which has to be known.
            if value(&arguments).is_empty() {
                return (known(&arguments), String::new());
            }
            let input = value(&arguments);
            let data = format!("resource \"terraform_data\" \"{label}\" {{\n  input = {input}\n}}\n");
            (with_value(&arguments, &format!("terraform_data.{label}.output")), data)
        });
        self.scene.azure.forget();
        if self.subjects.iter().any(|subject| subject.row.way == Way::Replace && subject.row.path != "name") {
            let errors = self.scene.dir.apply().fails().errors();
            let other = |summary: &str| summary != "Provider produced inconsistent final plan";
            assert!(!errors.iter().any(|error| other(&error.summary)), "{errors:?}");
        }
        self.ends("unknown -> A", |subject| self.change(subject, subject.row.sends_a));
    }
}
