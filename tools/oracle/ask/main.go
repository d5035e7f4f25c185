// Command ask calls single functions of Kubernetes' libraries, so that our own can be compared with them: it reads one
// JSON array [FUNCTION, ARGUMENT…] a line and writes one JSON answer a line, {"value": …} or {"error": "…"}.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
	jsonpatch "gopkg.in/evanphx/json-patch.v4"
	apps "k8s.io/api/apps/v1"
	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/strategicpatch"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/util/jsonpath"
	"sigs.k8s.io/yaml"
)

type answer struct {
	Value any    `json:"value,omitempty"`
	Error string `json:"error,omitempty"`
}

var functions = map[string]func(a []string) (any, error){
	"quantity": func(a []string) (any, error) {
		q, err := resource.ParseQuantity(a[0])
		if err != nil {
			return nil, err
		}
		raw, _ := json.Marshal(q)
		return map[string]any{"string": string(raw), "value": fmt.Sprint(q.Value()), "milli": fmt.Sprint(q.MilliValue())}, nil
	},
	"quantityJSON": func(a []string) (any, error) {
		var q resource.Quantity
		if err := json.Unmarshal([]byte(a[0]), &q); err != nil {
			return nil, err
		}
		raw, err := json.Marshal(q)
		return string(raw), err
	},
	"add": func(a []string) (any, error) {
		x, y := resource.MustParse(a[0]), resource.MustParse(a[1])
		sum, difference := x.DeepCopy(), x.DeepCopy()
		sum.Add(y)
		difference.Sub(y)
		return []any{sum.String(), difference.String(), x.Cmp(y)}, nil
	},
	"labels": func(a []string) (any, error) {
		selector, err := labels.Parse(a[0])
		if err != nil {
			return nil, err
		}
		var set map[string]string
		if err := json.Unmarshal([]byte(a[1]), &set); err != nil {
			return nil, err
		}
		return []any{selector.String(), selector.Matches(labels.Set(set))}, nil
	},
	"fields": func(a []string) (any, error) {
		selector, err := fields.ParseSelector(a[0])
		if err != nil {
			return nil, err
		}
		return selector.String(), nil
	},
	"duration": func(a []string) (any, error) {
		d, err := time.ParseDuration(a[0])
		return []string{d.String(), fmt.Sprint(int64(d))}, err
	},
	"time": func(a []string) (any, error) {
		t, err := time.Parse(a[0], a[1])
		return t.UTC().Format(time.RFC3339Nano), err
	},
	"cron": func(a []string) (any, error) {
		schedule, err := cron.ParseStandard(a[0])
		if err != nil {
			return nil, err
		}
		at, err := time.Parse(time.RFC3339, a[1])
		if err != nil {
			return nil, err
		}
		var out []string
		for i := 0; i < 3; i++ {
			at = schedule.Next(at)
			out = append(out, at.Format(time.RFC3339))
		}
		return out, nil
	},
	"names": func(a []string) (any, error) {
		s := a[0]
		return [][]string{
			validation.IsDNS1123Label(s), validation.IsDNS1123Subdomain(s), validation.IsDNS1035Label(s), validation.IsQualifiedName(s),
			validation.IsValidLabelValue(s), validation.IsEnvVarName(s), validation.IsConfigMapKey(s), validation.IsValidPortName(s),
			validation.IsCIdentifier(s), validation.IsWildcardDNS1123Subdomain(s), validation.IsHTTPHeaderName(s),
		}, nil
	},
	"jsonpath": func(a []string) (any, error) {
		j := jsonpath.New("out")
		j.AllowMissingKeys(len(a) > 2)
		if err := j.Parse(a[0]); err != nil {
			return nil, err
		}
		var data any
		if err := json.Unmarshal([]byte(a[1]), &data); err != nil {
			return nil, err
		}
		var out strings.Builder
		err := j.Execute(&out, data)
		return out.String(), err
	},
	"jsonpatch": func(a []string) (any, error) {
		patch, err := jsonpatch.DecodePatch([]byte(a[1]))
		if err != nil {
			return nil, err
		}
		out, err := patch.Apply([]byte(a[0]))
		return string(out), err
	},
	"mergepatch": func(a []string) (any, error) {
		out, err := jsonpatch.MergePatch([]byte(a[0]), []byte(a[1]))
		return string(out), err
	},
	"strategic": func(a []string) (any, error) {
		out, err := strategicpatch.StrategicMergePatch([]byte(a[1]), []byte(a[2]), object(a[0]))
		return string(out), err
	},
	"twoway": func(a []string) (any, error) {
		out, err := strategicpatch.CreateTwoWayMergePatch([]byte(a[1]), []byte(a[2]), object(a[0]))
		return string(out), err
	},
	"threeway": func(a []string) (any, error) {
		meta, err := strategicpatch.NewPatchMetaFromStruct(object(a[0]))
		if err != nil {
			return nil, err
		}
		out, err := strategicpatch.CreateThreeWayMergePatch([]byte(a[1]), []byte(a[2]), []byte(a[3]), meta, a[4] == "true")
		return string(out), err
	},
	"yaml": func(a []string) (any, error) {
		out, err := yaml.YAMLToJSON([]byte(a[0]))
		return string(out), err
	},
	"protobuf": func(a []string) (any, error) {
		decoder := scheme.Codecs.UniversalDeserializer()
		value, gvk, err := decoder.Decode([]byte(a[0]), nil, nil)
		if err != nil {
			return nil, err
		}
		value.GetObjectKind().SetGroupVersionKind(*gvk)
		for _, info := range scheme.Codecs.SupportedMediaTypes() {
			if info.MediaType == runtime.ContentTypeProtobuf {
				return runtime.Encode(info.Serializer, value)
			}
		}
		return nil, fmt.Errorf("no protobuf")
	},
}

func object(kind string) any {
	switch kind {
	case "Pod":
		return core.Pod{}
	case "Service":
		return core.Service{}
	case "ServiceAccount":
		return core.ServiceAccount{}
	case "Deployment":
		return apps.Deployment{}
	}
	for gvk, t := range scheme.Scheme.AllKnownTypes() {
		if gvk.Kind == kind {
			return reflect.New(t).Elem().Interface()
		}
	}
	return core.ConfigMap{}
}

func call(line []byte) (out answer) {
	defer func() {
		if caught := recover(); caught != nil {
			out = answer{Error: fmt.Sprint("panic: ", caught)}
		}
	}()
	var words []string
	if err := json.Unmarshal(line, &words); err != nil {
		return answer{Error: err.Error()}
	}
	function := functions[words[0]]
	if function == nil {
		return answer{Error: "no such function"}
	}
	value, err := function(words[1:])
	if err != nil {
		return answer{Error: err.Error()}
	}
	return answer{Value: value}
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<26)
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for in.Scan() {
		if err := out.Encode(call(in.Bytes())); err != nil {
			panic(err)
		}
	}
}
