package waitroom_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"anteroom/waitroom"
)

func TestLogoComesFromOneOrigin(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"": "", "/brand/logo.svg": "'self'", "https://cdn.example.org/a/b.png?v=1": "https://cdn.example.org", "https://cdn.example.org:8443/x": "https://cdn.example.org:8443",
	} {
		origin, err := waitroom.Brand{LogoURL: address}.LogoOrigin()
		assert.NoError(t, err, address)
		assert.Equal(t, want, origin, address)
	}
	for _, address := range []string{
		"http://example.org/l.png", "//example.org/l.png", "javascript:alert(1)", "data:image/svg+xml,<svg/>", "https://", "/", "logo.png", "https://user:secret@example.org/l.png",
		"https://example.org;script-src *", "https://a.example.org,b/l.png", "https://*.example.org/l.png", "https://*/l.png", "https://'self'/l.png", "https://[::1]/l.png",
		`/\example.org/l.png`, "///example.org/l.png", "/%2f%2fexample.org/../..//x\x00", "https://example.org:99999999/x", "/%5cexample.org/l.png",
	} {
		_, err := waitroom.Brand{LogoURL: address}.LogoOrigin()
		assert.Error(t, err, address)
	}
}

func TestBrandIsChecked(t *testing.T) {
	t.Parallel()
	with := func(b waitroom.Brand) error {
		p := waitroom.DefaultPolicy()
		p.Brand = b
		return p.Validate()
	}
	assert.NoError(t, with(waitroom.Brand{Name: "Halle", LogoURL: "/logo.svg", Colour: "#0a7f3f", Background: "#ffffff", Texts: waitroom.BrandTexts{Ko: waitroom.BrandText{Title: "안녕", Lead: "하세요"}}}))
	for field, b := range map[string]waitroom.Brand{
		"brand.name": {Name: strings.Repeat("n", 81)}, "brand.logo_url": {LogoURL: "https://a;b"}, "brand.colour": {Colour: "red;}body{display:none"},
		"brand.background": {Background: "#FFF"}, "brand.texts.ja.title": {Texts: waitroom.BrandTexts{Ja: waitroom.BrandText{Title: strings.Repeat("あ", 121)}}},
		"brand.texts.en.lead": {Texts: waitroom.BrandTexts{En: waitroom.BrandText{Lead: strings.Repeat("l", 401)}}},
	} {
		assert.Equal(t, []string{field}, wrong(t, with(b)))
	}
}

func TestEachBrandHasItsVersion(t *testing.T) {
	t.Parallel()
	assert.Empty(t, waitroom.Brand{}.Version())
	seen := map[string]waitroom.Brand{}
	for _, b := range []waitroom.Brand{
		{Name: "a"}, {LogoURL: "a"}, {Colour: "a"}, {Background: "a"}, {Name: "a", Colour: "b"}, {Name: "ab"}, {Name: `a" "b`},
		{Texts: waitroom.BrandTexts{En: waitroom.BrandText{Title: "a"}}}, {Texts: waitroom.BrandTexts{En: waitroom.BrandText{Lead: "a"}}}, {Texts: waitroom.BrandTexts{Ja: waitroom.BrandText{Title: "a"}}},
	} {
		v := b.Version()
		assert.NotContains(t, seen, v, "%v", b)
		assert.Equal(t, v, b.Version())
		assert.Regexp(t, "^[0-9a-z]{1,13}$", v)
		seen[v] = b
	}
}
