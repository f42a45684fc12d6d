// Asks Go's own libraries what Helm's functions answer: text/template, Sprig and sigs.k8s.io/yaml, without Helm itself.
//
// A list of {"Template","Values"} comes in, and one of {"Out","Err"} goes out.
//
// With Debian's golang-github-masterminds-sprig-dev, golang-k8s-sigs-yaml-dev and golang-github-burntsushi-toml-dev, and a folder gopath that
// holds a link src/github.com/Masterminds/sprig/v3 to the first of them:
// GO111MODULE=off GOPATH=gopath:/usr/share/gocode go run main.go < rows.json
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"text/template"

	"github.com/BurntSushi/toml"
	"github.com/Masterminds/sprig/v3"
	"sigs.k8s.io/yaml"
)

type row struct{ Template, Values string }
type answer struct{ Out, Err string }

func toYaml(v interface{}) string {
	text, err := yaml.Marshal(v)
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(string(text), "\n")
}

func functions(set **template.Template) template.FuncMap {
	f := sprig.TxtFuncMap()
	delete(f, "env")
	delete(f, "expandenv")
	f["toYaml"] = toYaml
	f["fromYaml"] = func(text string) map[string]interface{} {
		m := map[string]interface{}{}
		if err := yaml.Unmarshal([]byte(text), &m); err != nil {
			m["Error"] = err.Error()
		}
		return m
	}
	f["fromYamlArray"] = func(text string) []interface{} {
		l := []interface{}{}
		if err := yaml.Unmarshal([]byte(text), &l); err != nil {
			return []interface{}{err.Error()}
		}
		return l
	}
	f["fromJson"] = func(text string) map[string]interface{} {
		m := map[string]interface{}{}
		if err := json.Unmarshal([]byte(text), &m); err != nil {
			m["Error"] = err.Error()
		}
		return m
	}
	f["fromJsonArray"] = func(text string) []interface{} {
		l := []interface{}{}
		if err := json.Unmarshal([]byte(text), &l); err != nil {
			return []interface{}{err.Error()}
		}
		return l
	}
	f["toToml"] = func(v interface{}) string {
		var b bytes.Buffer
		if err := toml.NewEncoder(&b).Encode(v); err != nil {
			return err.Error()
		}
		return b.String()
	}
	f["required"] = func(message string, v interface{}) (interface{}, error) {
		if v == nil || v == "" {
			return v, errors.New(message)
		}
		return v, nil
	}
	f["include"] = func(name string, data interface{}) (string, error) {
		var b strings.Builder
		err := (*set).ExecuteTemplate(&b, name, data)
		return b.String(), err
	}
	f["tpl"] = func(text string, data interface{}) (string, error) {
		clone, err := (*set).Clone()
		if err != nil {
			return "", err
		}
		outer := *set
		*set = clone
		defer func() { *set = outer }()
		t, err := clone.Option("missingkey=zero").New("gotpl").Parse(text)
		if err != nil {
			return "", err
		}
		var b strings.Builder
		err = t.Execute(&b, data)
		return strings.ReplaceAll(b.String(), "<no value>", ""), err
	}
	return f
}

func newSet() *template.Template {
	var set *template.Template
	set = template.New("gotpl").Option("missingkey=zero").Funcs(functions(&set))
	return set
}

func rows() interface{} {
	var all []row
	must(json.NewDecoder(os.Stdin).Decode(&all))
	answers := []answer{}
	for _, one := range all {
		values := map[string]interface{}{}
		if err := yaml.Unmarshal([]byte(one.Values), &values); err != nil {
			answers = append(answers, answer{Err: "values: " + err.Error()})
			continue
		}
		var b strings.Builder
		set := newSet()
		t, err := set.New("t").Parse(one.Template)
		if err == nil {
			err = t.Execute(&b, map[string]interface{}{"Values": values})
		}
		a := answer{Out: strings.ReplaceAll(b.String(), "<no value>", "")}
		if err != nil {
			a = answer{Err: err.Error()}
		}
		answers = append(answers, a)
	}
	return answers
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func main() {
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	must(encoder.Encode(rows()))
}
