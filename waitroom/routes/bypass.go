package routes

import (
	"bytes"
	"net/netip"

	"anteroom/waitroom"
)

// bypass lets requests past the gate that meet all conditions it has. A condition that is empty is none.
type bypass struct {
	methods  [][]byte
	networks []netip.Prefix
	paths    *node // nil: any
}

// applies reports whether all conditions that the bypass has are met.
func (b *bypass) applies(ask *waitroom.Ask, anyCase bool) bool {
	if len(b.methods) > 0 && !b.hasMethod(ask.Method) {
		return false
	}
	if len(b.networks) > 0 && !b.hasClient(ask) {
		return false
	}
	if b.paths == nil {
		return true
	}
	found := b.paths.find(ask.Path[1:], true)
	if found == nil {
		return false
	}
	if anyCase {
		return true
	}
	_, ok := found.pattern.spelled(ask.Path) // another spelling may be another thing to the upstream, and that one is gated
	return ok
}

func (b *bypass) hasMethod(method []byte) bool {
	for _, m := range b.methods {
		if bytes.Equal(m, method) {
			return true
		}
	}
	return false
}

func (b *bypass) hasClient(ask *waitroom.Ask) bool {
	for _, n := range b.networks {
		if n.Contains(ask.Client) {
			return true
		}
	}
	return false
}
