package booking

import (
	"encoding/json"
	"regexp"
	"strings"
)

// stageName is what stages are called in drawings.
var stageName = regexp.MustCompile(`(?i)stage|bühne|buehne|scène|scene|escenario|palco|무대`)

// area keeps a shape of the drawing, with its place in it; the first that is called a stage becomes the layout's.
func (r *planReader) area(l *NewLayout, v any, where *at, zx, zy float64) {
	m, ok := r.object(v, where)
	if !ok {
		return
	}
	if r.areas++; r.areas > maxAreas {
		r.wrong(where, "is one more than the %d areas that a plan may have", maxAreas)
		return
	}
	x, y := r.point(m, where, true)
	x, y = x+zx, y+zy
	left, upper, width, height := areaBox(m, x, y)
	if width <= 0 || height <= 0 || !finite(left, upper, width, height) {
		r.warn(where, "has no size that we know")
	} else if r.stage == nil && stageName.MatchString(areaText(m)) {
		r.stage = &Stage{X: left, Y: upper, Width: width, Height: height}
		return
	}
	m["position"] = map[string]any{"x": x, "y": y}
	raw, err := json.Marshal(m)
	if err != nil || strings.Contains(string(raw), `\u0000`) { // PostgreSQL keeps no null character
		r.wrong(where, "cannot be kept")
		return
	}
	l.Areas = append(l.Areas, raw)
}

// areaBox is the box around a shape: of width and height, or as the editor writes it, by the kind of shape.
func areaBox(m map[string]any, x, y float64) (left, upper, width, height float64) {
	of := func(key string) map[string]any { o, _ := m[key].(map[string]any); return o }
	number := func(o map[string]any, key string) float64 { f, _ := o[key].(float64); return f }
	switch radii, _ := of("ellipse")["radius"].(map[string]any); {
	case number(m, "width") > 0:
		return x, y, number(m, "width"), number(m, "height")
	case number(of("rectangle"), "width") > 0:
		return x, y, number(of("rectangle"), "width"), number(of("rectangle"), "height")
	case number(of("circle"), "radius") > 0:
		c := number(of("circle"), "radius")
		return x - c, y - c, 2 * c, 2 * c
	default:
		a, b := number(radii, "x"), number(radii, "y")
		return x - a, y - b, 2 * a, 2 * b
	}
}

// areaText is what is written on a shape: a string, or an object that holds one.
func areaText(m map[string]any) string {
	if o, ok := m["text"].(map[string]any); ok {
		m = o
	}
	s, _ := m["text"].(string)
	return s
}

// moveArea shifts a shape that area has read.
func moveArea(raw json.RawMessage, dx, dy float64) json.RawMessage {
	var m map[string]any
	if json.Unmarshal(raw, &m) != nil {
		return raw
	}
	p, _ := m["position"].(map[string]any)
	x, _ := p["x"].(float64)
	y, _ := p["y"].(float64)
	m["position"] = planPoint{cents(x + dx), cents(y + dy)}
	if moved, err := json.Marshal(m); err == nil {
		return moved
	}
	return raw
}
