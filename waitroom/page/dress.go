package page

import (
	"anteroom/waitroom"
)

// dress is what a host has made of the page.
type dress struct {
	Name   string // in the page's title, and the logo's description
	Logo   string // address; empty: our own mark
	Plate  bool   // the logo may have been drawn for a light ground, so by night it gets one
	paint  paint
	origin string // of the logo, for the Content-Security-Policy
}

const ourName = "Anteroom"

// dressFor trusts nothing of what a policy holds: one that an earlier version let through is still in force.
func dressFor(b waitroom.Brand) dress {
	d := dress{Name: b.Name, paint: paintFor(b)}
	if d.Name == "" {
		d.Name = ourName
	}
	if origin, err := b.LogoOrigin(); err == nil && origin != "" {
		d.Logo, d.origin, d.Plate = b.LogoURL, origin, b.Background == ""
	}
	return d
}
