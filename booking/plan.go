package booking

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"sort"
	"strconv"
	"strings"
)

// MaxPlanBytes bounds a seating plan or a list of seats that is read.
const MaxPlanBytes = 16 << 20

// The open exchange format of seating plans: zones of rows of seats, each with a place relative to what holds it, and
// categories that seats name. We write, and read back, a few members more: a zone's kind and, when its places are not seats, their
// capacity and category; a seat's accessible, companion and restricted. What else a file carries is dropped with a warning.

// PlanWarning tells what of a plan was not taken over as it is.
type PlanWarning struct {
	Path    string `json:"path"` // of the first value concerned
	Message string `json:"message"`
	Count   int    `json:"count"` // how many values it is about
}

// ReadPlan reads a seating plan in the open exchange format. It fails with "plan-invalid", each field naming the JSON path
// of a value that is wrong, at most 20 of them.
func ReadPlan(data []byte) (NewLayout, []PlanWarning, error) {
	if len(data) > MaxPlanBytes {
		return NewLayout{}, nil, ErrPlanInvalid.WithField("$", "is larger than %d MiB", MaxPlanBytes>>20)
	}
	var root any
	if err := json.Unmarshal(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), &root); err != nil {
		return NewLayout{}, nil, ErrPlanInvalid.WithField("$", "is not JSON: %s", jsonFault(data, err))
	}
	r := &planReader{warned: map[string]*PlanWarning{}, guids: map[string]bool{}, names: map[string]bool{}, categories: map[string]bool{}}
	l := r.plan(root)
	if err := r.err.or(); err != nil {
		return NewLayout{}, nil, err
	}
	r.frame(&l)
	if err := l.Validate(); err != nil {
		return NewLayout{}, nil, err
	}
	return l, r.warnings(), nil
}

func jsonFault(data []byte, err error) string {
	var syntax *json.SyntaxError
	var typ *json.UnmarshalTypeError
	offset := int64(-1)
	switch {
	case errors.As(err, &syntax):
		offset = syntax.Offset
	case errors.As(err, &typ): // a number that no float64 can be
		offset = typ.Offset
	}
	if offset < 0 || offset > int64(len(data)) {
		return err.Error()
	}
	before := data[:offset]
	return fmt.Sprintf("line %d, column %d: %s", 1+bytes.Count(before, []byte("\n")), len(before)-bytes.LastIndexByte(before, '\n')-1, strings.TrimPrefix(err.Error(), "json: "))
}

// at is the place of a value in the document. Written out only when there is something to say of it.
type at struct {
	parent *at
	key    string
	index  int // when key is empty
}

var top = &at{key: "$"}

func (a *at) member(key string) *at { return &at{parent: a, key: key} }
func (a *at) item(i int) *at        { return &at{parent: a, index: i} }

func (a *at) String() string {
	switch {
	case a.parent == nil:
		return a.key
	case a.key == "":
		return a.parent.String() + "[" + strconv.Itoa(a.index) + "]"
	default:
		return a.parent.String() + "." + a.key
	}
}

// general is the path without indices, alike for all values of one kind.
func (a *at) general() string {
	switch {
	case a.parent == nil:
		return a.key
	case a.key == "":
		return a.parent.general() + "[]"
	default:
		return a.parent.general() + "." + a.key
	}
}

// planReader collects what is wrong and what is dropped while it reads.
type planReader struct {
	err        findings
	warned     map[string]*PlanWarning
	guids      map[string]bool
	names      map[string]bool // of sections
	categories map[string]bool
	areas      int
	seats      int
	stage      *Stage
}

func (r *planReader) wrong(where *at, format string, args ...any) {
	if len(r.err.fields()) < maxFindings {
		r.err.add(ErrPlanInvalid, where.String(), format, args...)
	}
}

// warn tells once of all values whose paths differ in indices only.
func (r *planReader) warn(where *at, format string, args ...any) {
	message := fmt.Sprintf(format, args...)
	key := where.general() + "\n" + message
	if w := r.warned[key]; w != nil {
		w.Count++
		return
	}
	r.warned[key] = &PlanWarning{Path: where.String(), Message: message, Count: 1}
}

func (r *planReader) warnings() []PlanWarning {
	list := make([]PlanWarning, 0, len(r.warned))
	for _, w := range r.warned {
		list = append(list, *w)
	}
	sort.Slice(list, func(i, k int) bool {
		return list[i].Path < list[k].Path || list[i].Path == list[k].Path && list[i].Message < list[k].Message
	})
	return list
}

// drop warns of the members of an object that we do not know.
func (r *planReader) drop(m map[string]any, where *at, known string) {
	for name := range m {
		if !strings.Contains(known, " "+name+" ") {
			if !fits(name, maxName) {
				name = "?"
			}
			r.warn(where.member(name), "is not known and was dropped")
		}
	}
}

func (r *planReader) object(v any, where *at) (map[string]any, bool) {
	m, ok := v.(map[string]any)
	if !ok {
		r.wrong(where, "must be an object")
	}
	return m, ok
}

func (r *planReader) list(m map[string]any, key string, where *at, required bool) []any {
	v, there := m[key]
	if !there && !required {
		return nil
	}
	items, ok := v.([]any)
	if !ok {
		r.wrong(where.member(key), "must be a list")
	}
	return items
}

func (r *planReader) text(m map[string]any, key string, where *at, required bool, max int) string {
	v, there := m[key]
	if !there && !required {
		return ""
	}
	s, ok := v.(string)
	if !ok {
		r.wrong(where.member(key), "must be a string")
	} else if !fits(s, max) {
		r.wrong(where.member(key), "must be at most %d printable characters", max)
	}
	return s
}

func (r *planReader) flag(m map[string]any, key string, where *at) bool {
	v, there := m[key]
	b, ok := v.(bool)
	if there && !ok {
		r.wrong(where.member(key), "must be true or false")
	}
	return b
}

func (r *planReader) number(m map[string]any, key string, where *at) float64 {
	f, ok := m[key].(float64)
	if !ok || !finite(2*f) {
		r.wrong(where.member(key), "must be a number from -%d to %d", MaxCoordinate, MaxCoordinate)
		return 0
	}
	return f
}

// point reads a position; when there need not be one, it is the origin.
func (r *planReader) point(m map[string]any, where *at, required bool) (x, y float64) {
	if _, there := m["position"]; !there && !required {
		return 0, 0
	}
	where = where.member("position")
	p, ok := r.object(m["position"], where)
	if !ok {
		return 0, 0
	}
	return r.number(p, "x", where), r.number(p, "y", where)
}
