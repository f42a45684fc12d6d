package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"text/template"
)

type in struct {
	T, Mk string
}
type out struct {
	Out string
	Err string
}

type Service struct {
	Name   string
	Tags   Tags
	Port   int
	Meta   map[string]string
	hidden int
	Any    interface{}
	Next   *Service
}
type Tags []string

func (t Tags) Contains(s string) bool {
	for _, x := range t {
		if x == s {
			return true
		}
	}
	return false
}
func (s *Service) Twice(n int) int       { return 2 * n }
func (s *Service) Fail() (string, error) { return "", errors.New("out of order") }

type Point struct{ X, Y int }
type Dur int64

func (d Dur) String() string { return "dur" }

func data() map[string]interface{} {
	svc := &Service{Name: "web", Tags: Tags{"a", "b"}, Port: 80, Meta: map[string]string{"k": "v"}}
	return map[string]interface{}{
		"s": "x", "n": 3, "i": 42, "f": 1.5, "z": 0, "e": "", "l": []int{1, 2, 3},
		"m": map[string]int{"a": 1, "b": 2}, "ms": map[string]string{"k": "v"},
		"nm": map[string]interface{}{"x": map[string]interface{}{"y": 1}, "nil": nil, "str": "s"},
		"by": []byte("hi"), "t": true, "u": uint(7), "i64": int64(64), "u8": uint8(8), "f32": float32(1.5), "u64": uint64(18446744073709551615),
		"big": 1000000.0, "la": []interface{}{1, "a", nil, 2.5, true, []interface{}{1}}, "ls": []string{"a", "b"},
		"nil": nil, "mi": map[int]string{2: "b", 1: "a", 10: "c"}, "svc": svc, "sv": *svc, "p": Point{1, 2}, "p2": Point{1, 2}, "pp": &Point{3, 4}, "d": Dur(5),
		"svcs": []*Service{svc}, "nl": []int{}, "mm": map[string]interface{}{}, "fn": func(i int) int { return i + 1 }, "neg": -5,
		"ll": [][]int{{1, 2}, {3}}, "uni": "héllo→", "c": complex(1, 2), "mb": map[bool]int{true: 1, false: 0}, "lf": []float64{1, 2.5},
		"mf": map[interface{}]interface{}{1: "i", "s": "x", 2.5: "f"}, "i8": int8(-8), "u16": uint16(16), "tags": Tags{"a", "b"},
		"lm": []interface{}{map[string]interface{}{"k": 1}, map[string]interface{}{"k": 2}},
	}
}

var funcs = template.FuncMap{
	"upper": strings.ToUpper,
	"join":  func(sep string, l []string) string { return strings.Join(l, sep) },
	"add":   func(a, b int) int { return a + b },
	"add64": func(a, b int64) int64 { return a + b },
	"addf":  func(a, b float64) float64 { return a + b },
	"addu":  func(a, b uint) uint { return a + b },
	"id":    func(a interface{}) interface{} { return a },
	"fail":  func(s string) (string, error) { return "", errors.New(s) },
	"sum": func(a ...int) int {
		s := 0
		for _, x := range a {
			s += x
		}
		return s
	},
	"cat":    func(sep string, a ...interface{}) int { return len(a) },
	"neg":    func(b bool) bool { return !b },
	"keys":   func(m map[string]interface{}) int { return len(m) },
	"list":   func(a ...interface{}) []interface{} { return a },
	"boom":   func() string { panic("boom") },
	"getnil": func() interface{} { return nil },
	"cplx":   func(c complex128) complex128 { return c },
	"bytes":  func(s string) []byte { return []byte(s) },
	"point":  func() Point { return Point{5, 6} },
	"mapany": func() map[string]interface{} { return map[string]interface{}{"a": 1} },
}

func run(i in) (o out) {
	defer func() {
		if r := recover(); r != nil {
			o.Err = "PANIC"
		}
	}()
	t := template.New("").Funcs(funcs)
	if i.Mk != "" {
		t = t.Option("missingkey=" + i.Mk)
	}
	t, err := t.Parse(i.T)
	if err != nil {
		return out{Err: err.Error()}
	}
	var b bytes.Buffer
	if err := t.Execute(&b, data()); err != nil {
		return out{Out: b.String(), Err: err.Error()}
	}
	return out{Out: b.String()}
}

// Reads questions in the format of go.txt and writes them with the answers of this Go.
//
//	go run . < ../go.txt > ../go.txt.new
func main() {
	sc := bufio.NewScanner(os.Stdin)
	sc.Buffer(nil, 1<<26)
	w := bufio.NewWriter(os.Stdout)
	defer w.Flush()
	question := in{}
	for sc.Scan() {
		line := sc.Text()
		switch {
		case strings.HasPrefix(line, "k "):
			question.Mk = line[2:]
		case strings.HasPrefix(line, "? "):
			if err := json.Unmarshal([]byte(line[2:]), &question.T); err != nil {
				panic(err)
			}
			answer := run(question)
			if question.Mk != "" {
				w.WriteString("k " + question.Mk + "\n")
			}
			w.WriteString(line + "\n= " + quote(answer.Out) + "\n")
			if answer.Err != "" {
				w.WriteString("! " + quote(answer.Err) + "\n")
			}
			question = in{}
		}
	}
}

func quote(text string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.Encode(text)
	return strings.TrimSuffix(b.String(), "\n")
}
