package ledger

import (
	"context"

	"anteroom/internal/auth"
	"anteroom/internal/fault"
)

// Verifier judges the lines of one room as they are added. The first violation sticks. Not safe for concurrent use.
type Verifier struct {
	keys  auth.KeySource
	part  bool
	lines []Line
	known []bool // per line: is the step to it judgeable?
	token string // of the last line
	draw  struct{ commitment, root string }
	err   error
}

// NewVerifier makes a verifier of lines signed with these keys. Lines begin with seq 1, unless part is set: then with any, and what was
// before is not judged.
func NewVerifier(keys auth.KeySource, part bool) *Verifier { return &Verifier{keys: keys, part: part} }

// Verify judges a whole ledger, from its first line on. It fails with ErrBroken, which names the first line and field that do not hold.
func Verify(ctx context.Context, keys auth.KeySource, lines []string) (*Report, error) {
	v := NewVerifier(keys, false)
	for _, token := range lines {
		if err := v.Add(ctx, token); err != nil {
			return nil, err
		}
	}
	return v.Report()
}

// Add judges the next line. It fails with ErrBroken, or with "keys-unavailable" when the signature cannot be judged now.
func (v *Verifier) Add(ctx context.Context, token string) error {
	if v.err == nil {
		v.err = v.add(ctx, token)
	}
	return v.err
}

func (v *Verifier) add(ctx context.Context, token string) error {
	expected := int64(1)
	if n := len(v.lines); n > 0 {
		expected = v.lines[n-1].Seq + 1
	}
	l, err := Decode(ctx, v.keys, token)
	if err != nil {
		if f := fault.From(err); f.Type == ErrLine.Type {
			return broken(expected, f.Fields[0].Name, "%s", f.Fields[0].Message)
		}
		return err
	}
	known := false
	switch n := len(v.lines); {
	case n > 0:
		prev := v.lines[n-1]
		if err := Follows(v.token, prev, l); err != nil {
			return err
		}
		known = judgeable(prev, l)
		if prev.Epoch != l.Epoch {
			v.draw.commitment, v.draw.root = "", ""
		}
	case l.Seq != 1 && !v.part:
		return broken(1, "seq", "is %d: the ledger does not begin at its beginning", l.Seq)
	}
	if err := v.fixed(l); err != nil {
		return err
	}
	v.lines, v.known, v.token = append(v.lines, l), append(v.known, known), token
	if err := checkLimits(v.lines, v.known); err != nil {
		return err
	}
	return nil
}

// AddDocument adds the lines of a document, which must be what the document says they are.
func (v *Verifier) AddDocument(ctx context.Context, d Document) error {
	for i, token := range d.Lines {
		if err := v.Add(ctx, token); err != nil {
			return err
		}
		l := v.lines[len(v.lines)-1]
		switch {
		case d.Room != "" && l.Room != d.Room:
			v.err = broken(l.Seq, "room", "is %q, but the document is of %q", l.Room, d.Room)
		case d.From != 0 && l.Seq != d.From+int64(i):
			v.err = broken(l.Seq, "seq", "is %d, but in the document it stands as line %d", l.Seq, d.From+int64(i))
		}
		if v.err != nil {
			return v.err
		}
	}
	return nil
}

// fixed judges that a draw's commitment and root, once published, stay what they are for the epoch.
func (v *Verifier) fixed(l Line) error {
	for _, f := range []struct {
		name, now string
		was       *string
	}{{"draw_commitment", l.DrawCommitment, &v.draw.commitment}, {"draw_root", l.DrawRoot, &v.draw.root}} {
		if f.now != "" && *f.was != "" && f.now != *f.was {
			return broken(l.Seq, f.name, "is %s, but %s was published before, in the same epoch", f.now, *f.was)
		}
		if f.now != "" {
			*f.was = f.now
		}
	}
	return nil
}
