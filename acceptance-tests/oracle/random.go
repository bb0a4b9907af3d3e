package main

import (
	"math/rand"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

type sample struct {
	ty  cty.Type
	val cty.Value
}

var numbers = []string{
	"0", "1", "-1", "31", "-32", "-33", "127", "128", "-128", "-129", "255", "256", "32767", "-32768", "-32769", "65535",
	"65536", "2147483647", "-2147483648", "-2147483649", "4294967295", "4294967296", "9223372036854775807",
	"-9223372036854775808", "9223372036854775808", "18446744073709551616", "-9223372036854775809", "0.5", "-0.25", "0.1",
	"-0.3", "1.5", "3.141592653589793238462643383279", "1e-7", "1e-30", "2.5e10", "1e30", "123456789.000000001", "0.0009765625",
	"99999999999999999999999999999999999999", "4503599627370496.5", "0.1000000000000000055511151231257827",
}

var texts = []string{
	"", "a", "b", "hello", "Grüße", "e\u0301", "\u1e9b\u0323", "日本語", "😀", "a\"b\\c/d", "line\nbreak\ttab\r", "\u0000\u0001\u001f\u007f",
	"<&>", "\u2028\u2029", strings.Repeat("x", 31), strings.Repeat("y", 32), strings.Repeat("z", 255), strings.Repeat("w", 256),
	"${not}", "null", "true", "1",
}

var names = []string{"a", "b", "b_2", "name", "Tags", "größe"}

// edges has every number and text by itself, and the simplest of each kind.
func edges() []sample {
	var out []sample
	add := func(ty cty.Type, vals ...cty.Value) {
		for _, val := range vals {
			out = append(out, sample{ty, val})
		}
	}
	for _, text := range numbers {
		add(cty.Number, cty.MustParseNumberVal(text))
		add(cty.DynamicPseudoType, cty.MustParseNumberVal(text))
	}
	add(cty.Number, cty.PositiveInfinity, cty.NegativeInfinity)
	for _, text := range texts {
		add(cty.String, cty.StringVal(text))
	}
	add(cty.Bool, cty.True, cty.False)
	all := []cty.Type{
		cty.Bool, cty.Number, cty.String, cty.DynamicPseudoType, cty.List(cty.Bool), cty.Set(cty.Number), cty.Map(cty.String),
		cty.EmptyObject, cty.EmptyTuple, cty.Object(map[string]cty.Type{"a": cty.Bool}), cty.Tuple([]cty.Type{cty.Number, cty.DynamicPseudoType}),
		cty.Map(cty.DynamicPseudoType),
	}
	for _, ty := range all {
		add(ty, cty.NullVal(ty), cty.UnknownVal(ty))
		if ty != cty.DynamicPseudoType && !ty.HasDynamicTypes() {
			add(cty.DynamicPseudoType, cty.NullVal(ty), cty.UnknownVal(ty))
		}
	}
	add(cty.List(cty.String), cty.ListValEmpty(cty.String), many(cty.ListVal, 15), many(cty.ListVal, 16))
	add(cty.Set(cty.String), cty.SetValEmpty(cty.String), many(cty.SetVal, 17))
	add(cty.Map(cty.String), cty.MapValEmpty(cty.String), cty.MapVal(map[string]cty.Value{"e\u0301": cty.StringVal("é"), "": cty.StringVal("")}))
	add(cty.EmptyObject, cty.EmptyObjectVal)
	add(cty.EmptyTuple, cty.EmptyTupleVal)
	return out
}

func many(collection func([]cty.Value) cty.Value, count int) cty.Value {
	var elements []cty.Value
	for i := range count {
		elements = append(elements, cty.StringVal(string(rune('a'+i))))
	}
	return collection(elements)
}

// random makes values of random types from a fixed seed.
func random(count int) []sample {
	r := rand.New(rand.NewSource(6))
	var out []sample
	for range count {
		ty := randomType(r, 4, true)
		out = append(out, sample{ty, randomValue(r, ty, true, 4)})
	}
	return out
}

// randomType makes a type. Within collections nothing may be dynamic: go-cty panics when their elements differ.
func randomType(r *rand.Rand, depth int, dynamic bool) cty.Type {
	kinds := 9
	if depth == 0 {
		kinds = 4
	}
	switch r.Intn(kinds) {
	case 0:
		return cty.Bool
	case 1:
		return cty.Number
	case 3:
		if dynamic {
			return cty.DynamicPseudoType
		}
		return cty.String
	case 4:
		return cty.List(randomType(r, depth-1, false))
	case 5:
		return cty.Set(randomType(r, depth-1, false))
	case 6:
		return cty.Map(randomType(r, depth-1, false))
	case 7:
		attributes := map[string]cty.Type{}
		for range r.Intn(4) {
			attributes[names[r.Intn(len(names))]] = randomType(r, depth-1, dynamic)
		}
		return cty.Object(attributes)
	case 8:
		elements := []cty.Type{}
		for range r.Intn(3) {
			elements = append(elements, randomType(r, depth-1, dynamic))
		}
		return cty.Tuple(elements)
	default:
		return cty.String
	}
}

func randomValue(r *rand.Rand, ty cty.Type, unknowns bool, depth int) cty.Value {
	switch r.Intn(12) {
	case 0:
		return cty.NullVal(ty)
	case 1:
		if unknowns {
			return cty.UnknownVal(ty)
		}
	}
	switch {
	case ty == cty.Bool:
		return cty.BoolVal(r.Intn(2) == 0)
	case ty == cty.Number:
		return cty.MustParseNumberVal(numbers[r.Intn(len(numbers))])
	case ty == cty.String:
		return cty.StringVal(texts[r.Intn(len(texts))])
	case ty == cty.DynamicPseudoType:
		actual := randomType(r, max(depth-1, 0), false)
		return randomValue(r, actual, unknowns, depth-1)
	case ty.IsObjectType():
		attributes := map[string]cty.Value{}
		for _, name := range names {
			if ty.HasAttribute(name) {
				attributes[name] = randomValue(r, ty.AttributeType(name), unknowns, depth-1)
			}
		}
		return cty.ObjectVal(attributes)
	case ty.IsTupleType():
		var elements []cty.Value
		for _, element := range ty.TupleElementTypes() {
			elements = append(elements, randomValue(r, element, unknowns, depth-1))
		}
		return cty.TupleVal(elements)
	default:
		return randomCollection(r, ty, unknowns, depth)
	}
}

func randomCollection(r *rand.Rand, ty cty.Type, unknowns bool, depth int) cty.Value {
	element := ty.ElementType()
	count := r.Intn(4)
	if ty.IsMapType() {
		entries := map[string]cty.Value{}
		for range count {
			key := texts[r.Intn(14)]
			entries[key] = randomValue(r, element, unknowns, depth-1)
		}
		if len(entries) == 0 {
			return cty.MapValEmpty(element)
		}
		return cty.MapVal(entries)
	}
	var elements []cty.Value
	for range count {
		elements = append(elements, randomValue(r, element, unknowns, depth-1))
	}
	switch {
	case ty.IsListType() && count == 0:
		return cty.ListValEmpty(element)
	case ty.IsListType():
		return cty.ListVal(elements)
	case count == 0:
		return cty.SetValEmpty(element)
	default:
		return cty.SetVal(elements)
	}
}
