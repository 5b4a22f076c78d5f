// Package qrcode draws QR codes (ISO/IEC 18004) for pages: as the path of an SVG, which needs no script, no image and no other request.
package qrcode

import (
	"fmt"
	"strconv"

	"rsc.io/qr"
)

// quiet is the margin that the standard asks for on each side, in modules.
const quiet = 4

// Code is a QR code to be drawn in a square of Size by Size: <svg viewBox="0 0 {Size} {Size}"><path d="{Path}" stroke="#000"/></svg>,
// on a light ground, for not every reader knows a code that is drawn light on dark.
type Code struct {
	Size int    `json:"size"` // modules on a side, the quiet zone included
	Path string `json:"path"` // the dark modules as strokes of the width 1
}

// Of makes the code of a text, with a seventh of it to spare for dirt and glare (level M). It fails for more than 2,331 bytes.
func Of(text string) (Code, error) {
	made, err := qr.Encode(text, qr.M)
	if err != nil {
		return Code{}, fmt.Errorf("encode QR code: %w", err)
	}
	return Code{Size: made.Size + 2*quiet, Path: path(made)}, nil
}

// path draws each row from left to right, by its runs of dark modules.
func path(c *qr.Code) string {
	var d []byte
	for y := range c.Size {
		at := -1 // where the pen is; it is set down anew in each row
		for x := 0; x < c.Size; {
			if !c.Black(x, y) {
				x++
				continue
			}
			end := x
			for end < c.Size && c.Black(end, y) {
				end++
			}
			if at < 0 {
				d = fmt.Appendf(d, "M%d %d.5", quiet+x, quiet+y)
			} else {
				d = append(append(d, 'm'), strconv.Itoa(x-at)...)
				d = append(d, " 0"...)
			}
			d = append(append(d, 'h'), strconv.Itoa(end-x)...)
			at, x = end, end
		}
	}
	return string(d)
}
