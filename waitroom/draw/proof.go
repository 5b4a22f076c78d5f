package draw

// Proof shows that a number was present at the sealing, or that it was not, to somebody who has nothing but the root.
type Proof struct {
	Number int64  `json:"number"`
	N      int64  `json:"n"`
	Page   []byte `json:"page"` // the PageSize bytes of the bitmap that the number is in
	Path   []Hash `json:"path"` // the neighbours from that page to the head of the tree
}

// Prove makes the proof for one of the numbers 1..N; others are an ErrDocument that names "number".
func (e *Entrants) Prove(number int64) (Proof, error) {
	if number < 1 || number > e.n {
		return Proof{}, invalid("number", "is %d, not 1 to %d", number, e.n)
	}
	i := number / 8 / PageSize
	return Proof{Number: number, N: e.n, Page: page(e.bitmap, i), Path: e.tree.path(i)}, nil
}

// Check says whether the number was present, according to the root. A proof that is not about that root is an ErrProof.
func (p Proof) Check(root Hash) (present bool, err error) {
	var wrong problems
	switch {
	case p.N < 1 || p.N > MaxNumbers:
		wrong.add("n", "is %d, not 1 to %d", p.N, MaxNumbers)
	case p.Number < 1 || p.Number > p.N:
		wrong.add("number", "is %d, not 1 to %d", p.Number, p.N)
	case len(p.Page) != PageSize:
		wrong.add("page", "has %d bytes, not %d", len(p.Page), PageSize)
	}
	if len(wrong) > 0 {
		return false, wrong.err(ErrProof)
	}
	i := p.Number / 8 / PageSize
	head, ok := climb(i, pages(size(p.N)), leaf(i, p.Page), p.Path)
	switch {
	case !ok:
		wrong.add("path", "has %d hashes, which is not the way up from page %d", len(p.Path), i)
	case seal(p.N, head) != root:
		wrong.add("page", "and path lead to another root")
	}
	return len(wrong) == 0 && bit(p.Page, p.Number-8*PageSize*i), wrong.err(ErrProof)
}
