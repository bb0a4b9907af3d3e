//! The msgpack encoding of values, as go-cty reads and writes it.
//!
//! An unknown value is an extension. Clients refine unknowns ("not null", "begins with"); this model drops that, which
//! the protocol allows, and writes plain unknowns only.

use std::collections::BTreeMap;
use std::convert::Infallible;

use rmp::Marker;
use rmp::encode::{self, ByteBuf, ValueWriteError};

use super::{CodecError, MAX_DEPTH, Problem, required, set_order};
use crate::number::Number;
use crate::path::Step;
use crate::ty::Type;
use crate::value::{Value, nfc};

/// Decodes a value of the given type. The bytes may come from anywhere: they cost at most memory in proportion to
/// their own number.
///
/// # Errors
/// When the bytes are not the encoding of one value of the type.
pub fn decode(bytes: &[u8], ty: &Type) -> Result<Value, CodecError> {
    let mut reader = Reader { rest: bytes };
    let value = reader.value(ty, 0)?;
    if reader.rest.is_empty() { Ok(value) } else { Err(Problem::Trailing.into()) }
}

/// Encodes a value of the given type. Equal values have equal encodings: attributes and the elements of maps and sets
/// are written in order.
///
/// # Errors
/// When the value is not of the type.
pub fn encode(value: &Value, ty: &Type) -> Result<Vec<u8>, CodecError> {
    let mut out = ByteBuf::new();
    write(&mut out, value, ty)?;
    Ok(out.into_vec())
}

/// What is left to decode.
struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn value(&mut self, ty: &Type, depth: usize) -> Result<Value, CodecError> {
        if depth > MAX_DEPTH {
            return Err(Problem::TooDeep.into());
        }
        let marker = self.peek()?;
        if let Some(length) = self.extension(marker)? {
            self.take(length)?;
            return Ok(Value::Unknown);
        }
        if marker == Marker::Null {
            self.marker()?;
            return Ok(Value::Null);
        }
        match ty {
            Type::Bool => self.bool(ty),
            Type::Number => self.number(ty),
            Type::String => Ok(Value::String(nfc(self.text(ty)?))),
            Type::Dynamic => self.dynamic(depth),
            Type::List(element) => Ok(Value::List(self.elements(ty, element, depth)?)),
            Type::Set(element) => Ok(Value::set_of(self.elements(ty, element, depth)?)),
            Type::Map(element) => self.map(ty, element, depth),
            Type::Object(attributes) => self.object(ty, attributes, depth),
            Type::Tuple(elements) => self.tuple(ty, elements, depth),
        }
    }

    fn bool(&mut self, ty: &Type) -> Result<Value, CodecError> {
        match self.marker()? {
            Marker::True => Ok(Value::Bool(true)),
            Marker::False => Ok(Value::Bool(false)),
            _ => Err(required(ty)),
        }
    }

    /// An integer of any width, a float, or decimal text where those would not be exact.
    fn number(&mut self, ty: &Type) -> Result<Value, CodecError> {
        let number = match self.peek()? {
            Marker::F32 => {
                self.marker()?;
                Number::try_from(f64::from(f32::from_be_bytes(self.array()?))).map_err(Problem::from)?
            }
            Marker::F64 => {
                self.marker()?;
                Number::try_from(f64::from_be_bytes(self.array()?)).map_err(Problem::from)?
            }
            marker => match self.integer(marker)? {
                Some(integer) => integer,
                None => self.text(ty)?.parse().map_err(Problem::Number)?,
            },
        };
        Ok(Value::Number(number))
    }

    fn integer(&mut self, marker: Marker) -> Result<Option<Number>, CodecError> {
        let is_integer = matches!(
            marker,
            Marker::FixPos(_) | Marker::FixNeg(_) | Marker::U8 | Marker::U16 | Marker::U32 | Marker::U64
        ) || matches!(marker, Marker::I8 | Marker::I16 | Marker::I32 | Marker::I64);
        if !is_integer {
            return Ok(None);
        }
        self.marker()?;
        Ok(Some(match marker {
            Marker::FixPos(value) => value.into(),
            Marker::FixNeg(value) => value.into(),
            Marker::U8 => u8::from_be_bytes(self.array()?).into(),
            Marker::U16 => u16::from_be_bytes(self.array()?).into(),
            Marker::U32 => u32::from_be_bytes(self.array()?).into(),
            Marker::U64 => u64::from_be_bytes(self.array()?).into(),
            Marker::I8 => i8::from_be_bytes(self.array()?).into(),
            Marker::I16 => i16::from_be_bytes(self.array()?).into(),
            Marker::I32 => i32::from_be_bytes(self.array()?).into(),
            _ => i64::from_be_bytes(self.array()?).into(),
        }))
    }

    /// A type and a value of it; the type travels as JSON.
    fn dynamic(&mut self, depth: usize) -> Result<Value, CodecError> {
        if self.array_length(&Type::Dynamic)? != 2 {
            return Err(required(&Type::Dynamic));
        }
        let ty = Type::from_json(self.bytes(&Type::Dynamic)?).map_err(Problem::Type)?;
        let value = self.value(&ty, depth + 1)?;
        Ok(Value::dynamic(ty, value))
    }

    fn elements(&mut self, ty: &Type, element: &Type, depth: usize) -> Result<Vec<Value>, CodecError> {
        let length = self.array_length(ty)?;
        // Grown as elements come, for nested collections could each claim all bytes that are left.
        let mut elements = Vec::new();
        for index in 0..length {
            elements.push(self.value(element, depth + 1).map_err(|error| error.within(step(index)))?);
        }
        Ok(elements)
    }

    fn tuple(&mut self, ty: &Type, types: &[Type], depth: usize) -> Result<Value, CodecError> {
        if self.array_length(ty)? != types.len() {
            return Err(required(ty));
        }
        let mut elements = Vec::with_capacity(types.len());
        for (index, element) in types.iter().enumerate() {
            elements.push(self.value(element, depth + 1).map_err(|error| error.within(step(index)))?);
        }
        Ok(Value::Tuple(elements))
    }

    fn map(&mut self, ty: &Type, element: &Type, depth: usize) -> Result<Value, CodecError> {
        let mut entries = BTreeMap::new();
        for _ in 0..self.map_length(ty)? {
            let key = nfc(self.text(&Type::String)?);
            let value =
                self.value(element, depth + 1).map_err(|error| error.within(Step::Key(key.clone())))?;
            entries.insert(key, value);
        }
        Ok(Value::Map(entries))
    }

    fn object(
        &mut self,
        ty: &Type,
        attributes: &BTreeMap<String, Type>,
        depth: usize,
    ) -> Result<Value, CodecError> {
        let mut entries = BTreeMap::new();
        for _ in 0..self.map_length(ty)? {
            let name = self.text(&Type::String)?;
            let Some((name, attribute)) = attributes.get_key_value(name) else {
                return Err(Problem::UnsupportedAttribute(name.to_owned()).into());
            };
            let within = |error: CodecError| error.within(Step::Attribute(name.clone()));
            entries.insert(name.clone(), self.value(attribute, depth + 1).map_err(within)?);
        }
        // Names are checked one by one, so only a missing one can make the count differ.
        if entries.len() == attributes.len() { Ok(Value::Object(entries)) } else { Err(required(ty)) }
    }

    fn peek(&self) -> Result<Marker, CodecError> {
        self.rest.first().map(|byte| Marker::from_u8(*byte)).ok_or_else(|| Problem::Truncated.into())
    }

    fn marker(&mut self) -> Result<Marker, CodecError> {
        let [byte] = self.array()?;
        Ok(Marker::from_u8(byte))
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], CodecError> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(Problem::Truncated)?;
        self.rest = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], CodecError> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or(Problem::Truncated)?;
        self.rest = rest;
        Ok(*taken)
    }

    /// The length of the extension that begins here, its header consumed; nothing is if it is none.
    fn extension(&mut self, marker: Marker) -> Result<Option<usize>, CodecError> {
        use Marker::{Ext8, Ext16, Ext32, FixExt1, FixExt2, FixExt4, FixExt8, FixExt16};
        if !matches!(marker, FixExt1 | FixExt2 | FixExt4 | FixExt8 | FixExt16 | Ext8 | Ext16 | Ext32) {
            return Ok(None);
        }
        self.marker()?;
        let length = match marker {
            FixExt1 => 1,
            FixExt2 => 2,
            FixExt4 => 4,
            FixExt8 => 8,
            FixExt16 => 16,
            Ext8 => usize::from(u8::from_be_bytes(self.array()?)),
            Ext16 => usize::from(u16::from_be_bytes(self.array()?)),
            _ => self.length_32()?,
        };
        let _kind: [u8; 1] = self.array()?;
        Ok(Some(length))
    }

    fn length_32(&mut self) -> Result<usize, CodecError> {
        usize::try_from(u32::from_be_bytes(self.array()?)).map_err(|_| Problem::Truncated.into())
    }

    /// Text, or binary of the same meaning.
    fn bytes(&mut self, ty: &Type) -> Result<&'a [u8], CodecError> {
        let length = match self.marker()? {
            Marker::FixStr(length) => usize::from(length),
            Marker::Str8 | Marker::Bin8 => usize::from(u8::from_be_bytes(self.array()?)),
            Marker::Str16 | Marker::Bin16 => usize::from(u16::from_be_bytes(self.array()?)),
            Marker::Str32 | Marker::Bin32 => self.length_32()?,
            _ => return Err(required(ty)),
        };
        self.take(length)
    }

    fn text(&mut self, ty: &Type) -> Result<&'a str, CodecError> {
        std::str::from_utf8(self.bytes(ty)?).map_err(|_| Problem::Utf8.into())
    }

    fn array_length(&mut self, ty: &Type) -> Result<usize, CodecError> {
        let length = match self.marker()? {
            Marker::FixArray(length) => usize::from(length),
            Marker::Array16 => usize::from(u16::from_be_bytes(self.array()?)),
            Marker::Array32 => self.length_32()?,
            _ => return Err(required(ty)),
        };
        self.possible(length)
    }

    fn map_length(&mut self, ty: &Type) -> Result<usize, CodecError> {
        let length = match self.marker()? {
            Marker::FixMap(length) => usize::from(length),
            Marker::Map16 => usize::from(u16::from_be_bytes(self.array()?)),
            Marker::Map32 => self.length_32()?,
            _ => return Err(required(ty)),
        };
        self.possible(length)
    }

    /// Every element takes at least a byte, so a longer collection than there are bytes is a lie: refused before
    /// memory is set aside for it.
    fn possible(&self, length: usize) -> Result<usize, CodecError> {
        if length <= self.rest.len() { Ok(length) } else { Err(Problem::Truncated.into()) }
    }
}

fn step(index: usize) -> Step {
    Step::Index(i64::try_from(index).unwrap_or(i64::MAX))
}

fn write(out: &mut ByteBuf, value: &Value, ty: &Type) -> Result<(), CodecError> {
    match (value, ty) {
        (Value::Null, _) => done(encode::write_nil(out)),
        (Value::Unknown, _) => {
            written(encode::write_ext_meta(out, 1, 0));
            done(encode::write_pfix(out, 0))
        }
        (Value::Dynamic(dynamic), Type::Dynamic) => {
            written(encode::write_array_len(out, 2));
            written(encode::write_bin(out, &dynamic.0.to_json()));
            write(out, &dynamic.1, &dynamic.0)
        }
        (Value::Bool(value), Type::Bool) => done(encode::write_bool(out, *value)),
        (Value::Number(value), Type::Number) => {
            write_number(out, value);
            Ok(())
        }
        (Value::String(value), Type::String) => {
            written(encode::write_str(out, value));
            Ok(())
        }
        (Value::List(elements), Type::List(element)) => write_elements(out, elements.iter(), element),
        (Value::Set(elements), Type::Set(element)) => {
            write_elements(out, set_order(elements).into_iter(), element)
        }
        (Value::Map(entries), Type::Map(element)) => {
            written(encode::write_map_len(out, length(entries.len())));
            entries.iter().try_for_each(|(key, value)| {
                written(encode::write_str(out, key));
                write(out, value, element).map_err(|error| error.within(Step::Key(key.clone())))
            })
        }
        (Value::Object(entries), Type::Object(attributes)) => write_object(out, entries, attributes),
        (Value::Tuple(elements), Type::Tuple(types)) if elements.len() == types.len() => {
            written(encode::write_array_len(out, length(elements.len())));
            elements.iter().zip(types).enumerate().try_for_each(|(index, (value, ty))| {
                write(out, value, ty).map_err(|error| error.within(step(index)))
            })
        }
        _ => Err(required(ty)),
    }
}

fn write_elements<'v>(
    out: &mut ByteBuf,
    mut elements: impl ExactSizeIterator<Item = &'v Value>,
    element: &Type,
) -> Result<(), CodecError> {
    written(encode::write_array_len(out, length(elements.len())));
    let mut index = 0..;
    elements.try_for_each(|value| {
        let index = index.next().unwrap_or_default();
        write(out, value, element).map_err(|error| error.within(step(index)))
    })
}

fn write_object(
    out: &mut ByteBuf,
    entries: &BTreeMap<String, Value>,
    attributes: &BTreeMap<String, Type>,
) -> Result<(), CodecError> {
    super::check_names(entries, attributes)?;
    written(encode::write_map_len(out, length(entries.len())));
    entries.iter().zip(attributes.values()).try_for_each(|((name, value), ty)| {
        written(encode::write_str(out, name));
        write(out, value, ty).map_err(|error| error.within(Step::Attribute(name.clone())))
    })
}

/// The smallest encoding that is exact, of those that Go would choose.
fn write_number(out: &mut ByteBuf, number: &Number) {
    if let Some(integer) = number.as_i64() {
        written(encode::write_sint(out, integer));
    } else if let Some(float) = number.as_exact_f64().filter(|_| !number.is_integer()) {
        written(encode::write_f64(out, float));
    } else {
        written(encode::write_str(out, &number.to_string()));
    }
}

/// A length as the format has it; no collection in memory comes near the limit.
fn length(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn done(result: Result<(), Infallible>) -> Result<(), CodecError> {
    match result {
        Ok(()) => Ok(()),
        Err(never) => match never {},
    }
}

/// Writing to memory cannot fail, and the type says so.
fn written<T>(result: Result<T, ValueWriteError<Infallible>>) -> T {
    match result {
        Ok(value) => value,
        Err(ValueWriteError::InvalidMarkerWrite(never) | ValueWriteError::InvalidDataWrite(never)) => {
            match never {}
        }
    }
}
