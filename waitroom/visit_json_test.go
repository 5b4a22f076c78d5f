package waitroom

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// Every member is filled by its type, so one that is added to Visit and forgotten in AppendJSON is found.
func TestAVisitIsWrittenAsTheLibraryWouldWriteIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var v Visit
		fields := reflect.ValueOf(&v).Elem()
		for i := range fields.NumField() {
			name := fields.Type().Field(i)
			if !name.IsExported() || rapid.Bool().Draw(t, name.Name+" is left out") {
				continue
			}
			switch f := fields.Field(i); f.Interface().(type) {
			case *Range:
				v.ETA = &Range{Low: rapid.Int64().Draw(t, "low"), High: rapid.Int64().Draw(t, "high")}
			case *time.Time:
				at := time.Unix(rapid.Int64Range(0, 1<<33).Draw(t, "seconds"), rapid.Int64Range(0, 999_999_999).Draw(t, "nanoseconds")).
					In(time.FixedZone("", rapid.IntRange(-12, 12).Draw(t, "zone")*3600))
				f.Set(reflect.ValueOf(&at))
			default:
				switch f.Kind() {
				case reflect.String:
					f.SetString(rapid.OneOf(rapid.String(), rapid.StringMatching(`[ -~]*`)).Draw(t, name.Name))
				case reflect.Int64:
					f.SetInt(rapid.Int64().Draw(t, name.Name))
				case reflect.Bool:
				default:
					t.Fatalf("%s has a type that this test does not know", name.Name)
				}
			}
		}
		want, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		if got := v.AppendJSON([]byte("x")); string(got) != "x"+string(want) {
			t.Fatalf("%s\nis not\n%s", got[1:], want)
		}
	})
}
