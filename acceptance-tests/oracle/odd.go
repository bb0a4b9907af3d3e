package main

import (
	"encoding/hex"
	"log"
	"math/rand"

	"github.com/zclconf/go-cty/cty"
)

const (
	objectAB = `["object",{"a":"string","b":"number"}]`
	listS    = `["list","string"]`
	setN     = `["set","number"]`
	mapS     = `["map","string"]`
	tupleSB  = `["tuple",["string","bool"]]`
)

func hexOf(text string) string { return hex.EncodeToString([]byte(text)) }

// wrapped is a dynamic value: the type as a binary string of less than 32 bytes, then the value.
func wrapped(ty, value string) string {
	return "92c4" + hex.EncodeToString([]byte{byte(len(ty))}) + hexOf(ty) + value
}

// accepted are encodings that go-cty never writes but reads, and what it makes of them.
func accepted() []vector {
	var out []vector
	add := func(v vector) {
		val, err := decode(v)
		if err != nil {
			log.Fatalf("%s: %s", v.Why, err)
		}
		v.Canonical = canonical(val, parseType(string(v.Type)))
		out = append(out, v)
	}
	for _, c := range [][3]string{
		{"int8", "number", "d005"}, {"negative int8", "number", "d0fb"}, {"int16", "number", "d1fffe"},
		{"int32", "number", "d200000005"}, {"int64", "number", "d3ffffffffffffffff"}, {"uint8", "number", "cc05"},
		{"uint16", "number", "cd0005"}, {"uint32", "number", "ce00000005"}, {"uint64", "number", "cf0000000000000005"},
		{"uint64 beyond int64", "number", "cfffffffffffffffff"}, {"half as float32", "number", "ca3f000000"},
		{"a tenth as float32", "number", "ca3dcccccd"}, {"a tenth as float64", "number", "cb3fb999999999999a"},
		{"whole float64", "number", "cb4014000000000000"},
		{"negative zero", "number", "cb8000000000000000"}, {"integer as text", "number", "a135"}, {"sign", "number", "a22b35"},
		{"exponent", "number", "a3" + hexOf("1e3")}, {"large exponent", "number", "a5" + hexOf("12E+2")},
		{"negative exponent", "number", "a4" + hexOf("5e-1")}, {"no whole part", "number", "a2" + hexOf(".5")},
		{"no fraction", "number", "a2" + hexOf("5.")}, {"trailing zeros", "number", "a5" + hexOf("1.500")},
		{"leading zeros", "number", "a4" + hexOf("0012")}, {"infinity as text", "number", "a3" + hexOf("Inf")},
		{"negative infinity as text", "number", "a4" + hexOf("-Inf")}, {"number as binary", "number", "c403" + hexOf("0.1")},
		{"string as bin8", "string", "c402" + hexOf("hi")}, {"string as bin16", "string", "c50002" + hexOf("hi")},
		{"string as bin32", "string", "c600000002" + hexOf("hi")}, {"str8", "string", "d902" + hexOf("hi")},
		{"str16", "string", "da0002" + hexOf("hi")}, {"str32", "string", "db00000002" + hexOf("hi")},
		{"decomposed", "string", "a365cc81"},
		{"array16", listS, "dc0001a161"}, {"array32", listS, "dd00000001a161"}, {"map16", mapS, "de0001a161a162"},
		{"map32", mapS, "df00000001a161a162"}, {"decomposed key", mapS, "81a365cc81a162"}, {"repeated key", mapS, "82a161a162a161a163"},
		{"binary key", mapS, "81c40161a162"},
		{"set with duplicates", setN, "930102a131"}, {"set of equal floats and texts", setN, "92cb3fe0000000000000a3" + hexOf("0.5")},
		{"set with unknowns", setN, "93d4000001d40000"},
		{"attributes in another order", objectAB, "82a16201a161a178"},
		{"fixext1 of another kind", "string", "d40500"}, {"fixext1 with content", "string", "d400ff"},
		{"empty extension", "string", "c70000"}, {"empty refinement", "string", "c7000c"}, {"ext16", "number", "c800000c"},
		{"ext32", "number", "c900000000 0c"},
		{"no refinements", "string", "d50c80c0"}, {"unknown kind of refinement", "string", "d60c816301c0"},
		{"refined unknown of dynamic type", "dynamic", "d60c8101c2c0"},
		{"type as string", "dynamic", "92a6" + hexOf(`"bool"`) + "c3"}, {"type with spaces", "dynamic", wrapped(` [ "list" , "bool" ] `, "91c3")},
		{"tuple of nothing", `["tuple",null]`, "90"}, {"object of nothing", `["object",null]`, "80"},
		{"dynamic in dynamic", "dynamic", wrapped(`"dynamic"`, wrapped(`"bool"`, "c3"))},
		{"null of dynamic type", "dynamic", wrapped(`"dynamic"`, "c0")},
		{"unknown of an extension within", "dynamic", wrapped(`"bool"`, "d40500")},
	} {
		ty := c[1]
		if ty[0] != '[' {
			ty = `"` + ty + `"`
		}
		add(vector{Why: c[0], Type: []byte(ty), Msgpack: removeSpaces(c[2])})
	}
	for _, s := range refined() {
		add(vector{Why: "refined unknown", Type: typeJSON(s.ty), Msgpack: encode(s.val, s.ty)})
	}
	for _, c := range [][3]string{
		{"number as text", `"number"`, `"12.50"`}, {"exponent", `"number"`, `1e2`}, {"signed exponent", `"number"`, `-1.5E+3`},
		{"many digits", `"number"`, `123456789012345678901234567890.123456789`}, {"infinity as text", `"number"`, `"Inf"`},
		{"bool as text", `"bool"`, `"true"`}, {"bool as digit", `"bool"`, `"0"`}, {"bool as one", `"bool"`, `"1"`},
		{"string from number", `"string"`, `1.50`}, {"string from exponent", `"string"`, `1e5`}, {"string from bool", `"string"`, `false`},
		{"absent attributes", objectAB, `{}`}, {"absent attribute", objectAB, `{"b":"3"}`}, {"null", objectAB, `null`},
		{"spaces", objectAB, " { \"b\" : 1 , \"a\" : \"x\\u00e9\" }\n"}, {"repeated attribute", objectAB, `{"a":"1","a":"2","b":1}`},
		{"escapes", `"string"`, `"\u0065\u0301\ud83d\ude00\/\b"`}, {"set with duplicates", setN, `[3,1,"1",1.0]`},
		{"decomposed key", mapS, `{"e\u0301":"1"}`}, {"null element", mapS, `{"a":null}`},
		{"dynamic", `"dynamic"`, `{"value":[1,2],"type":["list","string"]}`}, {"dynamic, type first", `"dynamic"`, `{"type":["set","bool"],"value":[true,"1"]}`},
		{"dynamic null", `"dynamic"`, `null`}, {"typed null", `"dynamic"`, `{"type":"bool","value":null}`},
		{"tuple", tupleSB, `["a","1"]`},
	} {
		add(vector{Why: c[0], Type: []byte(c[1]), JSON: c[2]})
	}
	return out
}

func removeSpaces(text string) string {
	var out []byte
	for i := range len(text) {
		if text[i] != ' ' {
			out = append(out, text[i])
		}
	}
	return string(out)
}

// refined are unknown values about which something is known, as clients send them.
func refined() []sample {
	unknown := func(ty cty.Type) *cty.RefinementBuilder { return cty.UnknownVal(ty).Refine() }
	zero, ten := cty.NumberIntVal(0), cty.MustParseNumberVal("10.1")
	object := cty.Object(map[string]cty.Type{"a": cty.String, "b": cty.List(cty.Bool)})
	return []sample{
		{cty.Bool, unknown(cty.Bool).NotNull().NewValue()},
		{cty.String, unknown(cty.String).NotNull().NewValue()},
		{cty.String, unknown(cty.String).StringPrefixFull("https://").NewValue()},
		{cty.String, unknown(cty.String).NotNull().StringPrefixFull("/subscriptions/00000000-0000-0000-0000-000000000001/").NewValue()},
		{cty.Number, unknown(cty.Number).NumberRangeInclusive(zero, ten).NewValue()},
		{cty.Number, unknown(cty.Number).NotNull().NumberRangeLowerBound(zero, false).NewValue()},
		{cty.List(cty.String), unknown(cty.List(cty.String)).NotNull().CollectionLengthLowerBound(1).CollectionLengthUpperBound(400).NewValue()},
		{cty.Set(cty.Number), unknown(cty.Set(cty.Number)).CollectionLengthLowerBound(2).NewValue()},
		{cty.Map(cty.Bool), unknown(cty.Map(cty.Bool)).CollectionLengthUpperBound(3).NewValue()},
		{cty.DynamicPseudoType, unknown(cty.String).NotNull().NewValue()},
		{object, cty.ObjectVal(map[string]cty.Value{
			"a": unknown(cty.String).NotNull().NewValue(),
			"b": cty.ListVal([]cty.Value{unknown(cty.Bool).NotNull().NewValue(), cty.True}),
		})},
	}
}

// rejected are encodings that go-cty refuses, for one reason or by its fall.
func rejected() []vector {
	var out []vector
	add := func(v vector) {
		if _, err := decode(v); err == nil {
			log.Fatalf("%s %s%s: accepted", v.Why, v.Msgpack, v.JSON)
		}
		out = append(out, v)
	}
	for _, c := range [][3]string{
		{"nothing", `"string"`, ""}, {"string for bool", `"bool"`, "a474727565"}, {"number for bool", `"bool"`, "01"},
		{"bool for number", `"number"`, "c3"}, {"no number", `"number"`, "a3" + hexOf("abc")}, {"empty number", `"number"`, "a0"},
		{"hexadecimal", `"number"`, "a4" + hexOf("0x10")}, {"digit groups", `"number"`, "a5" + hexOf("1_000")},
		{"two points", `"number"`, "a5" + hexOf("1.2.3")}, {"spaces", `"number"`, "a3" + hexOf(" 12")}, {"only a sign", `"number"`, "a1" + hexOf("-")},
		{"no exponent", `"number"`, "a2" + hexOf("1e")}, {"not a number", `"number"`, "cb7ff8000000000000"},
		{"number for string", `"string"`, "05"}, {"array for string", `"string"`, "90"}, {"map for list", listS, "80"}, {"string for list", listS, "a161"},
		{"array for map", mapS, "90"}, {"array for object", objectAB, "92a16101"}, {"wrong element", listS, "91c3"}, {"wrong attribute", objectAB, "82a161c3a16201"},
		{"missing attribute", objectAB, "81a16201"}, {"too many attributes", objectAB, "83a161a178a16201a16301"}, {"unknown attribute", objectAB, "82a161a178a16301"},
		{"short tuple", tupleSB, "91a161"}, {"long tuple", tupleSB, "93a161c3c3"}, {"tuple in another order", tupleSB, "92c3a161"},
		{"reserved code", `"string"`, "c1"}, {"dynamic of three", `"dynamic"`, "93c406" + hexOf(`"bool"`) + "c3c3"}, {"dynamic of one", `"dynamic"`, "91c406" + hexOf(`"bool"`)},
		{"bare value for dynamic", `"dynamic"`, "c3"}, {"type that is no JSON", `"dynamic"`, wrapped(`bool`, "c3")}, {"unknown type", `"dynamic"`, wrapped(`"int"`, "c3")},
		{"type and value differ", `"dynamic"`, wrapped(`"bool"`, "a161")}, {"type of type", `"dynamic"`, wrapped(`["list"]`, "90")},
		{"type with more", `"dynamic"`, wrapped(`["list","bool","bool"]`, "90")}, {"capsule", `"dynamic"`, wrapped(`["capsule","x"]`, "90")},
		{"claimed array", listS, "dcffff"}, {"claimed map", mapS, "deffff"}, {"claimed string", `"string"`, "dbffffffff"}, {"claimed extension", `"string"`, "c9ffffffff0c"},
	} {
		add(vector{Why: c[0], Type: []byte(c[1]), Msgpack: c[2]})
	}
	r := rand.New(rand.NewSource(7))
	for _, s := range random(60) {
		whole := encode(s.val, s.ty)
		if len(whole) < 4 {
			continue
		}
		cut := 2 * r.Intn(len(whole)/2)
		add(vector{Why: "cut short", Type: typeJSON(s.ty), Msgpack: whole[:cut]})
	}
	for _, c := range [][3]string{
		{"no JSON", `"string"`, `x`}, {"cut short", `"string"`, `"a`}, {"no number", `"number"`, `"abc"`}, {"empty number", `"number"`, `""`}, {"bool for number", `"number"`, `true`},
		{"number for bool", `"bool"`, `1`}, {"bool in capitals", `"bool"`, `"True"`}, {"yes", `"bool"`, `"yes"`}, {"list for string", `"string"`, `[]`}, {"object for string", `"string"`, `{}`},
		{"object for list", listS, `{}`}, {"list for map", mapS, `[]`}, {"list for object", objectAB, `["x",1]`}, {"unknown attribute", objectAB, `{"a":"x","b":1,"c":2}`},
		{"short tuple", tupleSB, `["a"]`}, {"long tuple", tupleSB, `["a",true,true]`}, {"string for set", setN, `"1"`}, {"wrong element", setN, `[1,"x"]`},
		{"dynamic without type", `"dynamic"`, `{"value":1}`}, {"dynamic without value", `"dynamic"`, `{"type":"bool"}`}, {"dynamic with more", `"dynamic"`, `{"type":"bool","value":true,"x":1}`},
		{"bare value for dynamic", `"dynamic"`, `true`}, {"type and value differ", `"dynamic"`, `{"type":"bool","value":5}`},
	} {
		add(vector{Why: c[0], Type: []byte(c[1]), JSON: c[2]})
	}
	return out
}
