package page

import (
	"fmt"
	"strings"

	"anteroom/waitroom"
)

// palette is what the page is painted with. The style sheet knows the colours by these names.
type palette struct {
	page, surface, soft         rgb // what text stands on: the page, a card, a badge
	ink, muted, accent          rgb // text on any of the three
	onAccent                    rgb // text on the accent
	warn, warnSoft              rgb // a notice, and what it stands on
	good                        rgb // text on the page
	line, leaf, leafLine, frame rgb // no text: rules, and the door
	glowTop, glowFoot           rgb // no text: what shines through the door
}

var light = palette{
	page: must("#f7f5f1"), surface: must("#ffffff"), soft: must("#ebe7ff"),
	ink: must("#1d1830"), muted: must("#5f596f"), accent: must("#4f3bd6"), onAccent: white,
	warn: must("#7f4a00"), warnSoft: must("#fdf0d7"), good: must("#14653f"),
	line: must("#ddd7ca"), leaf: must("#4f3bd6"), leafLine: must("#7464e6"), frame: must("#1d1830"),
	glowTop: must("#fff6d8"), glowFoot: must("#ffd98a"),
}

var dark = palette{
	page: must("#14121a"), surface: must("#1d1a26"), soft: must("#2f2853"),
	ink: must("#f1eef8"), muted: must("#b3acc5"), accent: must("#a797ff"), onAccent: must("#17122e"),
	warn: must("#f3bf6a"), warnSoft: must("#3a2c12"), good: must("#6fd9a5"),
	line: must("#383246"), leaf: must("#37297f"), leafLine: must("#5747ad"), frame: must("#4a4262"),
	glowTop: must("#ffe9ad"), glowFoot: must("#f0b45c"),
}

// paint is the two palettes of a page; they are alike where a host has chosen its background.
type paint struct {
	day, night palette
	scheme     string // of CSS: what the browser's own parts look like
}

// paintFor makes a host's colours into what can be read, whatever they are.
func paintFor(b waitroom.Brand) paint {
	p := paint{day: light, night: dark, scheme: "light dark"}
	accent, hasAccent := parseColour(b.Colour)
	if ground, ok := parseColour(b.Background); ok {
		p.day, p.scheme = light, "light"
		if against(ground) == white {
			p.day, p.scheme = dark, "dark"
		}
		p.day = p.day.onGround(ground)
		p.night = p.day
	}
	if hasAccent {
		p.day, p.night = p.day.accented(accent), p.night.accented(accent)
	}
	return p
}

// onGround puts a palette on another page. The surface is further from the text than the page is, so what can be read on the
// page can be read on it.
func (p palette) onGround(ground rgb) palette {
	text := against(ground)
	away := mix(white, black, float64(text[0])/255) // the other end
	p.page, p.surface = ground, mix(ground, away, 0.35)
	p.ink = readable(p.ink, text, p.page, p.surface)
	p.muted = readable(p.muted, text, p.page, p.surface)
	p.good = readable(p.good, text, p.page)
	p.line, p.frame = mix(ground, text, 0.2), mix(ground, text, 0.8)
	leaf, line := p.leaf, p.leafLine
	p = p.accented(p.accent)
	p.leaf, p.leafLine = leaf, line
	return p
}

// accented gives a palette another accent, in a shade that can be read.
func (p palette) accented(c rgb) palette {
	text := against(p.page)
	p.leaf, p.leafLine = c, mix(c, against(c), 0.25)
	p.soft = mix(p.surface, c, 0.12)
	if !readableOn(p.ink, p.soft) || !readableOn(text, p.soft) {
		p.soft = p.surface
	}
	p.muted = readable(p.muted, text, p.page, p.surface, p.soft)
	p.accent = readable(c, text, p.page, p.surface, p.soft)
	p.onAccent = against(p.accent)
	return p
}

// css writes the colours as variables.
func (p paint) css() string {
	var s strings.Builder
	fmt.Fprintf(&s, ":root{color-scheme:%s", p.scheme)
	for _, one := range []struct {
		name       string
		day, night rgb
	}{
		{"page", p.day.page, p.night.page}, {"surface", p.day.surface, p.night.surface}, {"soft", p.day.soft, p.night.soft},
		{"ink", p.day.ink, p.night.ink}, {"muted", p.day.muted, p.night.muted}, {"accent", p.day.accent, p.night.accent},
		{"on-accent", p.day.onAccent, p.night.onAccent}, {"warn", p.day.warn, p.night.warn}, {"warn-soft", p.day.warnSoft, p.night.warnSoft},
		{"good", p.day.good, p.night.good}, {"line", p.day.line, p.night.line}, {"leaf", p.day.leaf, p.night.leaf},
		{"leaf-line", p.day.leafLine, p.night.leafLine}, {"frame", p.day.frame, p.night.frame},
		{"glow-top", p.day.glowTop, p.night.glowTop}, {"glow-foot", p.day.glowFoot, p.night.glowFoot},
	} {
		if one.day == one.night {
			fmt.Fprintf(&s, ";--%s:%s", one.name, one.day)
		} else {
			fmt.Fprintf(&s, ";--%s:light-dark(%s,%s)", one.name, one.day, one.night)
		}
	}
	s.WriteString("}\n")
	return s.String()
}
