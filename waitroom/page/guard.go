package page

import (
	_ "embed"
	"html/template"
)

//go:embed guard.js
var guardSource string

// guarded adds what takes a place for who must solve a puzzle or give a code first.
func (v *view) guarded() {
	if v.State == stateProof || v.State == stateCode {
		v.Code += template.JS("\n" + guardSource) //nolint:gosec // Our own file, embedded.
	}
}
