package routes

import "net/netip"

// bypass lets requests past the gate that meet all conditions it has. A condition that is empty is none.
type bypass struct {
	methods  [][]byte
	networks []netip.Prefix
	paths    *node // nil: any
}
