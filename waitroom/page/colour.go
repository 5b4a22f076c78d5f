package page

import (
	"fmt"
	"math"
	"strconv"
)

// readableAt is the least contrast of text that WCAG 2.2 asks for at level AA (1.4.3).
const readableAt = 4.5

// rgb is a colour, each part 0 to 255.
type rgb [3]uint8

var (
	black = rgb{0, 0, 0}
	white = rgb{255, 255, 255}
)

// parseColour reads #rrggbb.
func parseColour(text string) (c rgb, ok bool) {
	if len(text) != 7 || text[0] != '#' {
		return c, false
	}
	n, err := strconv.ParseUint(text[1:], 16, 24)
	return rgb{uint8(n >> 16), uint8(n >> 8), uint8(n)}, err == nil
}

// must is for the colours that are written in this package.
func must(text string) rgb {
	c, ok := parseColour(text)
	if !ok {
		panic("page: no colour: " + text)
	}
	return c
}

func (c rgb) String() string { return fmt.Sprintf("#%02x%02x%02x", c[0], c[1], c[2]) }

// luminance is the relative luminance of WCAG 2.2, 0 to 1.
func (c rgb) luminance() float64 {
	part := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*part(c[0]) + 0.7152*part(c[1]) + 0.0722*part(c[2])
}

// contrast is the ratio of WCAG 2.2, 1 to 21.
func contrast(a, b rgb) float64 {
	la, lb := a.luminance(), b.luminance()
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

// mix is so much of b in a.
func mix(a, b rgb, share float64) (c rgb) {
	for i := range c {
		c[i] = uint8(math.Round(float64(a[i])*(1-share) + float64(b[i])*share))
	}
	return c
}

// against is black or white, whichever is read better on a colour: always at 4.58 or more, for there the two are alike.
func against(c rgb) rgb {
	if contrast(c, black) > contrast(c, white) {
		return black
	}
	return white
}

// readable is the colour itself where it can be read on all of these, else the nearest one on the way to black or white that can.
// What lies underneath must be such that black or white can be read on all of it.
func readable(c, towards rgb, on ...rgb) rgb {
	const steps = 50
	for i := range steps {
		if shade := mix(c, towards, float64(i)/steps); readableOn(shade, on...) {
			return shade
		}
	}
	return towards
}

func readableOn(c rgb, on ...rgb) bool {
	for _, under := range on {
		if contrast(c, under) < readableAt {
			return false
		}
	}
	return true
}
