package draw

import (
	"fmt"
	"strings"

	"anteroom/internal/fault"
)

// Errors of this package, to be compared with errors.Is. What is returned carries the names of the fields that are wrong, in
// its Fields and in its message.
var (
	// ErrDocument: a draw's document, or a value that should go into one, is malformed or contradicts itself.
	ErrDocument = fault.New(fault.Invalid, "draw-document-invalid", "The draw's document is not acceptable.")
	// ErrNotVerified: a document is well formed, but not the truth: something does not follow from the rest of it.
	ErrNotVerified = fault.New(fault.Conflict, "draw-not-verified", "The draw does not hold.")
	// ErrProof: a proof of inclusion does not lead to the root it was checked against.
	ErrProof = fault.New(fault.Invalid, "draw-proof-invalid", "The proof does not lead to the entrants' root.")
	// ErrState: the step asked for does not come next in a draw, or not with these values.
	ErrState = fault.New(fault.Conflict, "draw-state", "The draw is not at that step.")
)

// invalid is ErrDocument about one field.
func invalid(field, format string, args ...any) error {
	var p problems
	p.add(field, format, args...)
	return p.err(ErrDocument)
}

// problems gathers all that is wrong, so that a doubter sees the whole of it at once.
type problems []fault.Field

func (p *problems) add(field, format string, args ...any) {
	*p = append(*p, fault.Field{Name: field, Message: fmt.Sprintf(format, args...)})
}

// err is nil when there are no problems, else a copy of kind that names each.
func (p problems) err(kind *fault.Error) error {
	if len(p) == 0 {
		return nil
	}
	texts := make([]string, len(p))
	for i, f := range p {
		texts[i] = f.Name + " " + f.Message
	}
	e := fault.New(kind.Code, kind.Type, "%s %s.", kind.Message, strings.Join(texts, "; "))
	e.Fields = p
	return e
}
