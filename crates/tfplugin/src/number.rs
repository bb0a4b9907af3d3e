//! Exact decimal numbers: the one numeric type of the protocol.
//!
//! A number keeps its decimal digits, so that what a user wrote travels through a provider unchanged: `0.1` never
//! becomes `0.1000000000000000055`, and an identifier of twenty digits stays itself.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// The largest power of ten, in either direction, that a number may carry.
const MAX_EXPONENT: i64 = 1_000_000_000;

/// How many zeros a number's text may be padded with before it is written with an exponent instead.
const MAX_PADDING: u64 = 1_000;

/// How many decimals the exact value of a double can have at most.
const MAX_F64_DECIMALS: u64 = 1_074;

/// An exact decimal number of any size, or an infinity.
///
/// Two numbers are equal when their decimal values are: `1.50` equals `1.5` and `15e-1`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Number(Repr);

/// Always normalised: digits without leading or trailing zeros, and one form only for zero, so that the derived
/// equality is the equality of values.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Repr {
    /// The integer that `digits` spells, times ten to the power of `exponent`.
    Decimal {
        negative: bool,
        digits: String,
        exponent: i64,
    },
    Infinity {
        negative: bool,
    },
}

/// Why a text or a float is no number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NumberError {
    /// The text is not a decimal number.
    #[error("{0:?} is not a number")]
    Syntax(String),
    /// The exponent lies outside of what can be handled.
    #[error("the number {0:?} is too large or too small")]
    Range(String),
    /// A float that is not a number.
    #[error("not a number (NaN) cannot be represented")]
    NotANumber,
}

impl Number {
    /// Zero.
    #[must_use]
    pub fn zero() -> Self {
        Self::new(false, "0", 0)
    }

    /// Positive or negative infinity, which only a float on the wire can bring.
    #[must_use]
    pub fn infinity(negative: bool) -> Self {
        Self(Repr::Infinity { negative })
    }

    fn new(negative: bool, digits: &str, exponent: i64) -> Self {
        let significant = digits.trim_start_matches('0');
        let trimmed = significant.trim_end_matches('0');
        if trimmed.is_empty() {
            return Self(Repr::Decimal { negative: false, digits: "0".to_owned(), exponent: 0 });
        }
        let exponent = exponent + length(significant) - length(trimmed);
        Self(Repr::Decimal { negative, digits: trimmed.to_owned(), exponent })
    }

    /// Whether this is an ordinary number, no infinity.
    #[must_use]
    pub fn is_finite(&self) -> bool {
        matches!(self.0, Repr::Decimal { .. })
    }

    /// Whether this is a whole number.
    #[must_use]
    pub fn is_integer(&self) -> bool {
        matches!(self.0, Repr::Decimal { exponent, .. } if exponent >= 0)
    }

    /// Whether this is below zero.
    #[must_use]
    pub fn is_negative(&self) -> bool {
        match self.0 {
            Repr::Decimal { negative, .. } | Repr::Infinity { negative } => negative,
        }
    }

    /// The number as an `i64`, when it is exactly one.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        self.integer_text()?.parse().ok()
    }

    /// The number as a `u64`, when it is exactly one.
    #[must_use]
    pub fn as_u64(&self) -> Option<u64> {
        self.integer_text()?.parse().ok()
    }

    /// The double nearest to the number; infinite where the number is beyond the doubles.
    #[must_use]
    pub fn as_f64(&self) -> f64 {
        match &self.0 {
            Repr::Infinity { negative: true } => f64::NEG_INFINITY,
            Repr::Infinity { negative: false } => f64::INFINITY,
            // The grammar of the text is a part of what Rust parses as a float.
            Repr::Decimal { .. } => self.to_string().parse().unwrap_or(f64::NAN),
        }
    }

    /// The double that is exactly this number, if there is one.
    #[must_use]
    pub fn as_exact_f64(&self) -> Option<f64> {
        let float = self.as_f64();
        let Repr::Decimal { digits, exponent, .. } = &self.0 else { return Some(float) };
        if !float.is_finite() {
            return None;
        }
        let decimals =
            usize::try_from(exponent.min(&0).unsigned_abs().min(MAX_F64_DECIMALS)).unwrap_or_default();
        // A fraction of binary digits always ends in 5 when written in decimal ones.
        if decimals > 0 && !digits.ends_with('5') {
            return None;
        }
        let decimals = if decimals > 0 { MAX_F64_DECIMALS as usize } else { 0 };
        let exact: Self = format!("{float:.decimals$}").parse().ok()?;
        (exact == *self).then_some(float)
    }

    /// The digits of a whole number that may fit 64 bits.
    fn integer_text(&self) -> Option<String> {
        match &self.0 {
            Repr::Decimal { digits, exponent, .. } if (0..=20).contains(exponent) && digits.len() <= 20 => {
                Some(self.to_string())
            }
            _ => None,
        }
    }
}

/// A length as a power of ten; texts in memory are always shorter than an `i64` counts.
fn length(text: &str) -> i64 {
    i64::try_from(text.len()).unwrap_or(i64::MAX)
}

impl FromStr for Number {
    type Err = NumberError;

    /// Reads what Go's `big.ParseFloat` reads in base ten: a sign, digits around a point, an exponent, or `Inf`.
    fn from_str(text: &str) -> Result<Self, NumberError> {
        let syntax = || NumberError::Syntax(excerpt(text));
        let (negative, unsigned) = match text.as_bytes().first() {
            Some(b'-') => (true, &text[1..]),
            Some(b'+') => (false, &text[1..]),
            _ => (false, text),
        };
        if matches!(unsigned, "Inf" | "inf") {
            return Ok(Self::infinity(negative));
        }
        let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
            Some(at) => (&unsigned[..at], parse_exponent(&unsigned[at + 1..]).ok_or_else(syntax)?),
            None => (unsigned, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if (whole.is_empty() && fraction.is_empty()) || !all_digits(whole) || !all_digits(fraction) {
            return Err(syntax());
        }
        let exponent = exponent.saturating_sub(length(fraction));
        if exponent.saturating_abs() > MAX_EXPONENT {
            return Err(NumberError::Range(excerpt(text)));
        }
        Ok(Self::new(negative, &format!("{whole}{fraction}"), exponent))
    }
}

/// The exponent behind the `e`; one beyond any range is merely huge, for the range check to refuse.
fn parse_exponent(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let magnitude = digits.parse().unwrap_or(i64::MAX / 2);
    Some(if text.starts_with('-') { -magnitude } else { magnitude })
}

/// The start of a text, so that an error about hostile input stays short.
fn excerpt(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

impl fmt::Display for Number {
    /// Plain digits, and an exponent only where more than a thousand zeros would be needed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (negative, digits, exponent) = match &self.0 {
            Repr::Infinity { negative } => return f.write_str(if *negative { "-Inf" } else { "+Inf" }),
            Repr::Decimal { negative, digits, exponent } => (*negative, digits.as_str(), *exponent),
        };
        if negative {
            f.write_str("-")?;
        }
        let decimals = exponent.min(0).unsigned_abs();
        let point = (digits.len() as u64).checked_sub(decimals);
        let padding =
            if exponent > 0 { exponent.unsigned_abs() } else { decimals.saturating_sub(digits.len() as u64) };
        if padding > MAX_PADDING {
            return write!(f, "{digits}e{exponent}");
        }
        let zeros = "0".repeat(usize::try_from(padding).unwrap_or_default());
        match point.and_then(|at| usize::try_from(at).ok()) {
            _ if exponent >= 0 => write!(f, "{digits}{zeros}"),
            Some(at) if at > 0 => write!(f, "{}.{}", &digits[..at], &digits[at..]),
            _ => write!(f, "0.{zeros}{digits}"),
        }
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Number({self})")
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.is_negative(), other.is_negative()) {
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            (false, false) => self.magnitude_cmp(other),
            (true, true) => other.magnitude_cmp(self),
        }
    }
}

impl Number {
    fn magnitude_cmp(&self, other: &Self) -> Ordering {
        match (&self.0, &other.0) {
            (Repr::Infinity { .. }, Repr::Infinity { .. }) => Ordering::Equal,
            (Repr::Infinity { .. }, Repr::Decimal { .. }) => Ordering::Greater,
            (Repr::Decimal { .. }, Repr::Infinity { .. }) => Ordering::Less,
            (
                Repr::Decimal { digits: mine, exponent: my_exponent, .. },
                Repr::Decimal { digits: theirs, exponent: their_exponent, .. },
            ) => {
                let (i_am_zero, they_are_zero) = (mine == "0", theirs == "0");
                if i_am_zero || they_are_zero {
                    return they_are_zero.cmp(&i_am_zero);
                }
                // Without leading and trailing zeros, digits of the same magnitude compare as text.
                let (my_size, their_size) = (length(mine) + my_exponent, length(theirs) + their_exponent);
                my_size.cmp(&their_size).then_with(|| mine.cmp(theirs))
            }
        }
    }
}

macro_rules! from_integers {
    ($($integer:ty),*) => {$(
        impl From<$integer> for Number {
            fn from(value: $integer) -> Self {
                let text = value.to_string();
                let digits = text.trim_start_matches('-');
                Self::new(text.starts_with('-'), digits, 0)
            }
        }
    )*};
}

from_integers!(i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize);

impl TryFrom<f64> for Number {
    type Error = NumberError;

    /// A whole double is taken exactly, a fraction by the shortest decimal text that means it; so does Go compare
    /// numbers, and `0.1` stays `0.1`.
    fn try_from(value: f64) -> Result<Self, NumberError> {
        if value.is_nan() {
            Err(NumberError::NotANumber)
        } else if value.is_infinite() {
            Ok(Self::infinity(value < 0.0))
        } else if value.fract() == 0.0 {
            format!("{value:.0}").parse()
        } else {
            format!("{value}").parse()
        }
    }
}
