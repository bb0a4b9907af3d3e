// Program oracle writes test vectors made with go-cty, the value library of Terraform and OpenTofu, so that the Rust
// codecs are held against the original and not against our own understanding of it.
//
// Usage: oracle DIRECTORY. The same program always writes the same files.
package main

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
	"github.com/zclconf/go-cty/cty/msgpack"
)

// A vector is one line of a file. Which members are set depends on the file.
type vector struct {
	Why  string          `json:"why,omitempty"`
	Type json.RawMessage `json:"type"`
	// The encodings of a value; JSON is absent where it cannot express the value.
	Msgpack string `json:"msgpack,omitempty"`
	JSON    string `json:"json,omitempty"`
	// The msgpack that go-cty writes for what it has read.
	Canonical string `json:"canonical,omitempty"`
	// The order of elements within some set of the value is go-cty's own affair.
	Unordered bool `json:"unordered,omitempty"`
}

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: oracle DIRECTORY")
	}
	write(os.Args[1], "values.json", values())
	write(os.Args[1], "accepted.json", accepted())
	write(os.Args[1], "rejected.json", rejected())
}

// write writes one vector per line, so that a change shows as the lines that changed.
func write(directory, name string, vectors []vector) {
	var out bytes.Buffer
	out.WriteString("[\n")
	for i, v := range vectors {
		line, err := json.Marshal(v)
		if err != nil {
			log.Fatal(err)
		}
		out.Write(line)
		if i < len(vectors)-1 {
			out.WriteByte(',')
		}
		out.WriteByte('\n')
	}
	out.WriteString("]\n")
	if err := os.WriteFile(filepath.Join(directory, name), out.Bytes(), 0o644); err != nil {
		log.Fatal(err)
	}
}

func typeJSON(ty cty.Type) json.RawMessage {
	text, err := ty.MarshalJSON()
	if err != nil {
		log.Fatal(err)
	}
	return text
}

func parseType(text string) cty.Type {
	var ty cty.Type
	if err := ty.UnmarshalJSON([]byte(text)); err != nil {
		log.Fatalf("%s: %s", text, err)
	}
	return ty
}

func encode(val cty.Value, ty cty.Type) string {
	out, err := msgpack.Marshal(val, ty)
	if err != nil {
		log.Fatalf("%#v: %s", val, err)
	}
	return hex.EncodeToString(out)
}

// canonical is the encoding of a value without the refinements of its unknown parts, and with every number as the decimal
// text by which go-cty compares it.
func canonical(val cty.Value, ty cty.Type) string {
	plain, err := cty.Transform(val, func(_ cty.Path, v cty.Value) (cty.Value, error) {
		if !v.IsKnown() {
			return cty.UnknownVal(v.Type()), nil
		}
		if v.Type() == cty.Number && !v.IsNull() && !v.AsBigFloat().IsInf() {
			return cty.ParseNumberVal(v.AsBigFloat().Text('f', -1))
		}
		return v, nil
	})
	if err != nil {
		log.Fatal(err)
	}
	return encode(plain, ty)
}

// values are pairs of encodings that must be read as equal values and written as they are.
func values() []vector {
	var out []vector
	for _, sample := range append(edges(), random(1000)...) {
		v := vector{
			Type:      typeJSON(sample.ty),
			Msgpack:   encode(sample.val, sample.ty),
			Unordered: unordered(sample.val),
		}
		if sample.val.IsWhollyKnown() {
			text, err := ctyjson.Marshal(sample.val, sample.ty)
			if err == nil {
				v.JSON = string(text)
			}
		}
		out = append(out, v)
	}
	return out
}

// unordered says whether the value has a set whose order follows from hashes.
func unordered(val cty.Value) bool {
	found := false
	_ = cty.Walk(val, func(_ cty.Path, v cty.Value) (bool, error) {
		if v.Type().IsSetType() && v.IsKnown() && !v.IsNull() && !v.Type().ElementType().IsPrimitiveType() {
			found = found || v.LengthInt() > 1
		}
		return true, nil
	})
	return found
}

// decode reads either encoding, and turns a panic of go-cty into an error.
func decode(v vector) (val cty.Value, err error) {
	defer func() {
		if problem := recover(); problem != nil {
			err = fmt.Errorf("panic: %v", problem)
		}
	}()
	ty := parseType(string(v.Type))
	if v.JSON != "" {
		return ctyjson.Unmarshal([]byte(v.JSON), ty)
	}
	bytes, err := hex.DecodeString(v.Msgpack)
	if err != nil {
		log.Fatal(err)
	}
	return msgpack.Unmarshal(bytes, ty)
}
