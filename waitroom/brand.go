package waitroom

import (
	"fmt"
	"hash/fnv"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"anteroom/internal/fault"
)

// Brand is what a host makes of the waiting page. Empty fields leave the page as it is.
type Brand struct {
	Name       string     `json:"name,omitempty"`       // of the host, at most 80 characters; shown as text, and as the logo's description
	LogoURL    string     `json:"logo_url,omitempty"`   // an https address, or a path on the same host; at most 500 characters
	Colour     string     `json:"colour,omitempty"`     // of buttons and the progress, #rrggbb
	Background string     `json:"background,omitempty"` // #rrggbb
	Texts      BrandTexts `json:"texts,omitzero"`
}

// BrandTexts are a host's own words, by language.
type BrandTexts struct {
	En BrandText `json:"en,omitzero"`
	Ko BrandText `json:"ko,omitzero"`
	Ja BrandText `json:"ja,omitzero"`
}

// BrandText replaces the page's title and first sentence while someone waits.
type BrandText struct {
	Title string `json:"title,omitempty"` // at most 120 characters
	Lead  string `json:"lead,omitempty"`  // at most 400 characters
}

var colour = regexp.MustCompile(`^#[0-9a-f]{6}$`)

// host is a name with an optional port. It goes into a header of the page, where anything else could say more than an address.
var host = regexp.MustCompile(`^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?$`)

var errLogo = fault.New(fault.Invalid, "logo-invalid", "The logo's address is not acceptable.")

// LogoOrigin is where the logo comes from, as a Content-Security-Policy names it: 'self', https://host[:port], or empty without a logo.
// It fails with "logo-invalid" for an address that is neither https nor a path.
func (b Brand) LogoOrigin() (string, error) {
	u, err := url.Parse(b.LogoURL)
	switch {
	case b.LogoURL == "":
		return "", nil
	case err != nil || u.User != nil:
		return "", errLogo
	case u.Scheme == "https" && host.MatchString(u.Host):
		return "https://" + u.Host, nil
	// A browser takes a backslash for a slash, and // in front for another host.
	case u.Scheme == "" && u.Host == "" && len(u.Path) > 1 && u.Path[0] == '/' && !strings.HasPrefix(u.Path, "//") && !strings.Contains(u.Path, `\`):
		return "'self'", nil
	default:
		return "", errLogo
	}
}

// Version names what a page shows of a brand: a page that was written with another version is out of date. Empty without a brand.
func (b Brand) Version() string {
	if b == (Brand{}) {
		return ""
	}
	h := fnv.New64a()
	fmt.Fprintf(h, "%q", b)
	return strconv.FormatUint(h.Sum64(), 36)
}

func (b Brand) check(f *fault.Error) *fault.Error {
	short := func(name, text string, most int) {
		if utf8.RuneCountInString(text) > most {
			f = f.WithField("brand."+name, "must be at most %d characters", most)
		}
	}
	short("name", b.Name, 80)
	short("logo_url", b.LogoURL, 500)
	if _, err := b.LogoOrigin(); err != nil {
		f = f.WithField("brand.logo_url", "must begin with https:// and the name of a host, or be a path on the same host, is %q", b.LogoURL)
	}
	for name, value := range map[string]string{"colour": b.Colour, "background": b.Background} {
		if value != "" && !colour.MatchString(value) {
			f = f.WithField("brand."+name, "must be of the form #1a2b3c, is %q", value)
		}
	}
	for lang, text := range map[string]BrandText{"en": b.Texts.En, "ko": b.Texts.Ko, "ja": b.Texts.Ja} {
		short("texts."+lang+".title", text.Title, 120)
		short("texts."+lang+".lead", text.Lead, 400)
	}
	return f
}
