// Command types prints, as JSON, how Go holds the types of the API: fields in their order, JSON names, omitempty,
// pointers, protobuf numbers and patch tags. It reflects over the types that a client knows; tools/schema joins the
// result with what a running API server says of them.
package main

import (
	"encoding/json"
	"os"
	"reflect"
	"sort"
	"strconv"
	"strings"

	admission "k8s.io/api/admission/v1"
	discovery "k8s.io/api/apidiscovery/v2"
	extensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/client-go/kubernetes/scheme"
	aggregator "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"
	metrics "k8s.io/metrics/pkg/apis/metrics/v1beta1"
)

// Shape is what a field, or the element of a list or map, holds.
type Shape struct {
	Type    string `json:"type"`              // scalar's name, "object", "list" or "map"
	Object  string `json:"object,omitempty"`  // of an object: the type's name
	Element *Shape `json:"element,omitempty"` // of a list or map
	Or      string `json:"or,omitempty"`      // what else may stand there: "boolean", "list", "strings"
	Pointer bool   `json:"pointer,omitempty"` // nil is not the zero value
	Wrapped bool   `json:"wrapped,omitempty"` // a list that is a message of its own in protobuf
	Go      string `json:"go"`                // the type as Go writes it
}

// Field is one member of a struct; those of embedded structs stand in their place.
type Field struct {
	Name          string `json:"name"`
	Go            string `json:"go"`
	Shape         Shape  `json:"shape"`
	OmitEmpty     bool   `json:"omitEmpty,omitempty"`
	Protobuf      int    `json:"protobuf,omitempty"`
	Inline        []int  `json:"inline,omitempty"`   // numbers of the embedded messages around it
	Embedded      string `json:"embedded,omitempty"` // and the names of those structs, joined by '.'
	PatchStrategy string `json:"patchStrategy,omitempty"`
	PatchMergeKey string `json:"patchMergeKey,omitempty"`
}

// Kind joins a group, version and kind with its type.
type Kind struct {
	Group, Version, Kind, Type string
}

var (
	types   = map[string][]Field{}
	scalars = map[reflect.Type]string{
		reflect.TypeOf(meta.Time{}):            "time",
		reflect.TypeOf(meta.MicroTime{}):       "microTime",
		reflect.TypeOf(meta.Duration{}):        "duration",
		reflect.TypeOf(resource.Quantity{}):    "quantity",
		reflect.TypeOf(intstr.IntOrString{}):   "intOrString",
		reflect.TypeOf(runtime.RawExtension{}): "raw",
		reflect.TypeOf(meta.FieldsV1{}):        "fields",
		reflect.TypeOf(extensions.JSON{}):      "json",
	}
	unions = map[reflect.Type]string{
		reflect.TypeOf(extensions.JSONSchemaPropsOrBool{}):        "boolean",
		reflect.TypeOf(extensions.JSONSchemaPropsOrArray{}):       "list",
		reflect.TypeOf(extensions.JSONSchemaPropsOrStringArray{}): "strings",
	}
)

// nameOf gives the OpenAPI name: k8s.io/api/core/v1.Pod is io.k8s.api.core.v1.Pod.
func nameOf(t reflect.Type) string {
	host, rest, _ := strings.Cut(t.PkgPath(), "/")
	labels := strings.Split(host, ".")
	for i, j := 0, len(labels)-1; i < j; i, j = i+1, j-1 {
		labels[i], labels[j] = labels[j], labels[i]
	}
	return strings.Join(labels, ".") + "." + strings.ReplaceAll(rest, "/", ".") + "." + t.Name()
}

func shapeOf(t reflect.Type) Shape {
	if t.Kind() == reflect.Pointer {
		inner := shapeOf(t.Elem())
		inner.Pointer = true
		inner.Go = t.String()
		return inner
	}
	shape := Shape{Go: t.String()}
	if name, ok := scalars[t]; ok {
		shape.Type = name
		return shape
	}
	if or, ok := unions[t]; ok {
		visit(reflect.TypeOf(extensions.JSONSchemaProps{}))
		shape.Type, shape.Or, shape.Object = "object", or, nameOf(reflect.TypeOf(extensions.JSONSchemaProps{}))
		return shape
	}
	switch t.Kind() {
	case reflect.String:
		shape.Type = "string"
	case reflect.Bool:
		shape.Type = "boolean"
	case reflect.Int32, reflect.Int64, reflect.Int, reflect.Uint8, reflect.Uint32, reflect.Uint64:
		shape.Type = t.Kind().String()
	case reflect.Float64:
		shape.Type = "float64"
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			shape.Type = "bytes"
			return shape
		}
		element := shapeOf(t.Elem())
		shape.Type, shape.Element = "list", &element
		shape.Wrapped = t.Name() != "" && reflect.PointerTo(t).Implements(reflect.TypeOf((*interface{ ProtoMessage() })(nil)).Elem())
		if _, ok := reflect.PointerTo(t).MethodByName("Marshal"); ok {
			shape.Wrapped = true
		}
	case reflect.Map:
		element := shapeOf(t.Elem())
		shape.Type, shape.Element = "map", &element
	case reflect.Struct:
		visit(t)
		shape.Type, shape.Object = "object", nameOf(t)
	default:
		shape.Type = "json"
	}
	return shape
}

func visit(t reflect.Type) {
	name := nameOf(t)
	if _, seen := types[name]; seen {
		return
	}
	types[name] = []Field{}
	types[name] = fieldsOf(t, nil, "")
}

func number(tag string) int {
	parts := strings.Split(tag, ",")
	if len(parts) < 2 {
		return 0
	}
	n, _ := strconv.Atoi(parts[1])
	return n
}

func fieldsOf(t reflect.Type, inline []int, embedded string) []Field {
	var out []Field
	for i := 0; i < t.NumField(); i++ {
		field := t.Field(i)
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name == "-" || field.PkgPath != "" && !field.Anonymous {
			continue
		}
		if field.Anonymous && name == "" && field.Type.Kind() == reflect.Struct {
			path, names := inline, embedded
			if n := number(field.Tag.Get("protobuf")); n != 0 {
				path = append(append([]int{}, inline...), n)
				names += field.Name + "."
			}
			inner := fieldsOf(field.Type, path, names)
			if field.Type == reflect.TypeOf(meta.TypeMeta{}) { // the envelope carries it
				for i := range inner {
					inner[i].Protobuf = 0
				}
			}
			out = append(out, inner...)
			continue
		}
		if name == "" {
			name = field.Name
		}
		// Go's omitempty never omits a struct, omitzero does.
		omit := strings.Contains(options, "omitzero") || strings.Contains(options, "omitempty") && field.Type.Kind() != reflect.Struct
		out = append(out, Field{
			Name: name, Go: field.Name, Shape: shapeOf(field.Type), Inline: inline, Embedded: embedded,
			OmitEmpty:     omit,
			Protobuf:      number(field.Tag.Get("protobuf")),
			PatchStrategy: field.Tag.Get("patchStrategy"), PatchMergeKey: field.Tag.Get("patchMergeKey"),
		})
	}
	return out
}

func main() {
	for _, add := range []func(*runtime.Scheme) error{extensions.AddToScheme, aggregator.AddToScheme, admission.AddToScheme, discovery.AddToScheme, metrics.AddToScheme} {
		if err := add(scheme.Scheme); err != nil {
			panic(err)
		}
	}
	var kinds []Kind
	for gvk, t := range scheme.Scheme.AllKnownTypes() {
		if gvk.Version == "__internal" {
			continue
		}
		visit(t)
		kinds = append(kinds, Kind{gvk.Group, gvk.Version, gvk.Kind, nameOf(t)})
	}
	for _, value := range []any{meta.Status{}, meta.Table{}, meta.PartialObjectMetadata{}, meta.PartialObjectMetadataList{}, meta.APIGroupList{}, meta.APIResourceList{}, meta.APIVersions{}, runtime.Unknown{}, meta.LabelSelector{}} {
		visit(reflect.TypeOf(value))
	}
	sort.Slice(kinds, func(i, j int) bool {
		a, b := kinds[i], kinds[j]
		return a.Group+"/"+a.Version+"/"+a.Kind < b.Group+"/"+b.Version+"/"+b.Kind
	})
	if err := json.NewEncoder(os.Stdout).Encode(map[string]any{"types": types, "kinds": kinds}); err != nil {
		panic(err)
	}
}
