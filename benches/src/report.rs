//! The table that `make bench` prints.

#![allow(clippy::print_stdout, reason = "the table is the result")]

use std::path::PathBuf;
use std::time::Duration;

/// What was measured of one program.
#[derive(Debug)]
pub(crate) struct Measured {
    pub(crate) name: &'static str,
    pub(crate) path: PathBuf,
    pub(crate) starts: Vec<Duration>,
    pub(crate) resident: u64,
    pub(crate) schema: Option<usize>,
    pub(crate) size: u64,
}

/// One line of the table: its title, the value of a program, and how it is written.
struct Line {
    title: &'static str,
    value: fn(&Measured) -> Option<f64>,
    unit: &'static str,
    aim: f64,
}

impl Measured {
    pub(crate) fn new(name: &'static str, path: PathBuf) -> Self {
        Self { name, path, starts: Vec::new(), resident: 0, schema: None, size: 0 }
    }

    /// The median start in milliseconds.
    fn start(&self) -> f64 {
        let mut sorted = self.starts.clone();
        sorted.sort();
        sorted.get(sorted.len() / 2).map_or(f64::NAN, |median| median.as_secs_f64() * 1e3)
    }
}

/// Prints the table, the first program being the one that the aims are for.
pub(crate) fn print(programs: &[Measured]) {
    let lines = [
        Line { title: "start to handshake, median", value: |it| Some(it.start()), unit: "ms", aim: 2.0 },
        Line {
            title: "resident after the schema",
            value: |it| Some(it.resident as f64 / 1e3),
            unit: "MB",
            aim: 7.0,
        },
        Line {
            title: "schema",
            value: |it| it.schema.map(|bytes| bytes as f64 / 1e3),
            unit: "KB",
            aim: 60.0,
        },
        Line { title: "binary", value: |it| Some(it.size as f64 / 1e6), unit: "MB", aim: 11.0 },
    ];
    for program in programs {
        println!("{:14} {}", program.name, program.path.display());
    }
    print!("\n{:28}", "");
    programs.iter().for_each(|program| print!("{:>24}", program.name));
    println!("{:>24}", "aim");
    for line in lines {
        let own = programs.first().and_then(line.value);
        print!("{:28}", line.title);
        for (index, program) in programs.iter().enumerate() {
            let text = match ((line.value)(program), own) {
                (Some(value), Some(own)) if index > 0 => {
                    format!("{value:.2} {} ({:.2} times)", line.unit, own / value)
                }
                (Some(value), _) => format!("{value:.2} {}", line.unit),
                (None, _) => String::from("-"),
            };
            print!("{text:>24}");
        }
        let met = own.is_some_and(|value| value <= line.aim);
        println!("{:>24}", format!("<= {} {}: {}", line.aim, line.unit, verdict(met)));
    }
    if let [own, empty, ..] = programs {
        let ratio = own.start() / empty.start();
        println!("\nstart: {ratio:.2} times the empty program; aim <= 5: {}", verdict(ratio <= 5.0));
    }
    println!("(the ratio in brackets is this provider's value divided by that program's)");
}

fn verdict(met: bool) -> &'static str {
    if met { "met" } else { "MISSED" }
}
