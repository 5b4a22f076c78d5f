package routes

import "bytes"

// node is one place in the tree of a site's patterns; each level is one segment of a path.
type node struct {
	literals []edge
	any      *node // below * and {room}
	here     *end  // a pattern ends here
	below    *end  // a pattern ends here with **
}

type edge struct {
	text []byte
	next *node
}

// end is where a pattern ends.
type end struct {
	pattern *pattern
	rule    *rule
}

// find returns the most specific pattern that a path matches, nil when there is none: segment by segment a literal goes before a wildcard,
// and both before **. Letters' case is ignored, see Table.Match. A slash at the end never makes a difference that
// the configuration does not make: /a matches /a/ unless there is /a/**, and /a/** matches /a unless there is /a, so that no spelling slips past
// the gate into a wider pattern. It visits each node at most once.
func (n *node) find(rest []byte, more bool) *end {
	if !more {
		if n.here != nil {
			return n.here
		}
		return n.below
	}
	one, tail, more := bytes.Cut(rest, slash)
	if len(one) == 0 && !more { // the slash at the end
		if n.below != nil {
			return n.below
		}
		return n.here
	}
	for i := range n.literals {
		if !bytes.EqualFold(n.literals[i].text, one) {
			continue
		}
		if found := n.literals[i].next.find(tail, more); found != nil {
			return found
		}
		break // add sees to it that no two literals are alike
	}
	if n.any != nil && len(one) > 0 {
		if found := n.any.find(tail, more); found != nil {
			return found
		}
	}
	return n.below
}

// add puts a pattern into the tree. Where one is already that matches the same paths, it is left and returned.
func (n *node) add(p *pattern, r *rule) (there *end) {
	for i := range p.segments {
		n = n.step(p.segments[i].literal)
	}
	place := &n.here
	if p.below {
		place = &n.below
	}
	if *place != nil {
		return *place
	}
	*place = &end{pattern: p, rule: r}
	return nil
}

// step goes down by one segment, and makes the way where there is none.
func (n *node) step(literal []byte) *node {
	if literal == nil {
		if n.any == nil {
			n.any = &node{}
		}
		return n.any
	}
	for i := range n.literals {
		if bytes.EqualFold(n.literals[i].text, literal) {
			return n.literals[i].next
		}
	}
	next := &node{}
	n.literals = append(n.literals, edge{literal, next})
	return next
}
