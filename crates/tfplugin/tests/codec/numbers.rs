//! Numbers: read, written, compared and converted without loss.

use proptest::prelude::*;
use tfplugin::Number;

use crate::sample;

fn number(text: &str) -> Number {
    text.parse().unwrap()
}

#[test]
fn text_is_kept_exactly_and_plainly() {
    for (text, plain) in [
        ("0.1", "0.1"),
        ("-0.30", "-0.3"),
        ("1e3", "1000"),
        ("1.5E-3", "0.0015"),
        ("-0", "0"),
        ("0e9", "0"),
        ("+007.", "7"),
        (".5", "0.5"),
        (
            "123456789012345678901234567890.000000000000000000001",
            "123456789012345678901234567890.000000000000000000001",
        ),
        ("1e-1002", "1e-1002"),
        ("-12e2000", "-12e2000"),
        ("Inf", "+Inf"),
        ("-inf", "-Inf"),
    ] {
        assert_eq!(number(text).to_string(), plain, "{text}");
    }
}

#[test]
fn what_is_no_number_is_refused() {
    for text in [
        "", "-", ".", "e5", "1e", "1e+", "0x1", "1_0", " 1", "1 ", "1.2.3", "NaN", "Infinity", "--1",
        "1e5.5", "٣",
    ] {
        assert_eq!(text.parse::<Number>().unwrap_err().to_string(), format!("{text:?} is not a number"));
    }
    let long = "x".repeat(1_000);
    assert!(long.parse::<Number>().unwrap_err().to_string().len() < 80);
}

#[test]
fn equality_and_order_are_those_of_the_values() {
    assert_eq!(number("1.50"), number("15e-1"));
    assert_eq!(number("-0.0"), number("0"));
    let ascending = [
        "-Inf", "-1e9", "-12.5", "-12", "-0.1", "-0.01", "0", "1e-900", "0.1", "0.11", "0.2", "9", "10",
        "1e30", "Inf",
    ];
    for (index, a) in ascending.iter().enumerate() {
        for (other, b) in ascending.iter().enumerate() {
            assert_eq!(number(a).cmp(&number(b)), index.cmp(&other), "{a} {b}");
        }
    }
}

#[test]
fn integers_are_taken_only_where_exact() {
    assert_eq!(number("9223372036854775807").as_i64(), Some(i64::MAX));
    assert_eq!(number("-9223372036854775808").as_i64(), Some(i64::MIN));
    assert_eq!(number("9223372036854775808").as_i64(), None);
    assert_eq!(number("18446744073709551615").as_u64(), Some(u64::MAX));
    assert_eq!(number("-1").as_u64(), None);
    assert_eq!(number("1.0e2").as_i64(), Some(100));
    assert_eq!(number("1.5").as_i64(), None);
    assert_eq!(number("Inf").as_i64(), None);
    assert!(number("1e40").is_integer() && !number("0.5").is_integer() && !number("Inf").is_integer());
}

#[test]
fn floats_are_taken_by_what_they_mean() {
    let from = |float: f64| Number::try_from(float).unwrap();
    assert_eq!(from(0.1), number("0.1"));
    assert_eq!(from(1e22), number("1e22"));
    assert_eq!(from(1e23), number("99999999999999991611392"));
    assert_eq!(from(5e-324), number("5e-324"));
    assert_eq!(from(f64::NEG_INFINITY), Number::infinity(true));
    assert_eq!(
        Number::try_from(f64::NAN).unwrap_err().to_string(),
        "not a number (NaN) cannot be represented"
    );
    assert_eq!(number("0.5").as_exact_f64(), Some(0.5));
    assert_eq!(number("0.1").as_exact_f64(), None);
    assert_eq!(number("0.15").as_exact_f64(), None);
    assert_eq!(number("9007199254740993").as_exact_f64(), None);
    assert_eq!(number("1e400").as_exact_f64(), None);
}

proptest! {
    #[test]
    fn text_survives(number in sample::number()) {
        prop_assert_eq!(number.to_string().parse::<Number>().unwrap(), number);
    }

    #[test]
    fn integers_survive(integer in any::<i64>()) {
        prop_assert_eq!(Number::from(integer).as_i64(), Some(integer));
        prop_assert_eq!(Number::from(integer).to_string(), integer.to_string());
    }

    #[test]
    fn doubles_survive(float in any::<f64>().prop_filter("a number", |float| !float.is_nan())) {
        prop_assert_eq!(Number::try_from(float).unwrap().as_f64(), float);
    }
}
