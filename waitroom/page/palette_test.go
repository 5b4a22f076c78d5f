package page

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"anteroom/waitroom"
)

func TestContrastIsThatOfTheStandard(t *testing.T) {
	t.Parallel()
	assert.InDelta(t, 21, contrast(black, white), 1e-9)
	assert.InDelta(t, 1, contrast(white, white), 1e-9)
	assert.InDelta(t, 4.478, contrast(must("#777777"), white), 0.001) // the well-known grey that just fails
	assert.InDelta(t, 4.54, contrast(must("#767676"), white), 0.005)  // and the one that just passes
}

func TestColoursAreReadStrictly(t *testing.T) {
	t.Parallel()
	c, ok := parseColour("#0a7fe1")
	assert.True(t, ok)
	assert.Equal(t, rgb{0x0a, 0x7f, 0xe1}, c)
	assert.Equal(t, "#0a7fe1", c.String())
	for _, text := range []string{"", "#fff", "red", "#12345g", "#+12345", "#1234567", "0a7fe1#", "#0a7fe1;}", "#0x12fe"} {
		_, ok := parseColour(text)
		assert.False(t, ok, text)
	}
}

// unreadable lists the pairs of text and ground that a palette uses and that cannot be read.
func unreadable(p palette) (pairs []string) {
	for name, pair := range map[string][2]rgb{
		"ink on page": {p.ink, p.page}, "ink on surface": {p.ink, p.surface}, "ink on soft": {p.ink, p.soft},
		"muted on page": {p.muted, p.page}, "muted on surface": {p.muted, p.surface}, "muted on soft": {p.muted, p.soft},
		"accent on page": {p.accent, p.page}, "accent on surface": {p.accent, p.surface}, "accent on soft": {p.accent, p.soft},
		"on accent": {p.onAccent, p.accent}, "warn": {p.warn, p.warnSoft}, "good": {p.good, p.page},
	} {
		if contrast(pair[0], pair[1]) < readableAt {
			pairs = append(pairs, name)
		}
	}
	return pairs
}

func TestOurOwnColoursCanBeRead(t *testing.T) {
	t.Parallel()
	assert.Empty(t, unreadable(light))
	assert.Empty(t, unreadable(dark))
}

func TestAnyHostsColoursCanBeRead(t *testing.T) {
	t.Parallel()
	colour := rapid.OneOf(rapid.StringMatching(`#[0-9a-f]{6}`), rapid.SampledFrom([]string{"", "#000000", "#ffffff", "#ffff00", "#777777", "#767676", "#00ff00", "#0000ff"}))
	rapid.Check(t, func(t *rapid.T) {
		b := waitroom.Brand{Colour: colour.Draw(t, "colour"), Background: colour.Draw(t, "background")}
		p := paintFor(b)
		assert.Empty(t, unreadable(p.day), b)
		assert.Empty(t, unreadable(p.night), b)
		if b.Background != "" {
			assert.Equal(t, b.Background, p.day.page.String(), "the host's background is the page's")
			assert.Equal(t, p.day, p.night)
		}
	})
}

// The control: a host's colours as they are would not do.
func TestAHostsColoursAsTheyAreCannotBeRead(t *testing.T) {
	t.Parallel()
	raw := light
	raw.accent = must("#ffff00")
	assert.Contains(t, unreadable(raw), "accent on page")
	assert.Empty(t, unreadable(raw.accented(raw.accent)))
}

func TestColoursThatCanBeReadAreLeftAlone(t *testing.T) {
	t.Parallel()
	p := paintFor(waitroom.Brand{Colour: "#0b5d3b"})
	assert.Equal(t, "#0b5d3b", p.day.accent.String())
	assert.Equal(t, light.page, p.day.page)
	assert.NotEqual(t, "#0b5d3b", p.night.accent.String(), "too dark for the night")
	assert.Equal(t, "light dark", p.scheme)
	assert.Equal(t, "dark", paintFor(waitroom.Brand{Background: "#101820"}).scheme)
	assert.Equal(t, "light", paintFor(waitroom.Brand{Background: "#fdfbf7"}).scheme)
}

func TestStyleHoldsNothingButColours(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := waitroom.Brand{Colour: rapid.String().Draw(t, "colour"), Background: rapid.String().Draw(t, "background")}
		assert.Regexp(t, `^:root\{color-scheme:(light dark|light|dark)(;--[a-z-]+:(#[0-9a-f]{6}|light-dark\(#[0-9a-f]{6},#[0-9a-f]{6}\)))+\}\n$`, paintFor(b).css())
	})
}
