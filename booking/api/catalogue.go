package api

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/valyala/fasthttp"

	"anteroom/booking"
)

const (
	showsTTL   = time.Second
	showsStale = 5 * time.Minute // how long the catalogue is served while the database is away
	showsKept  = 4096            // shows that are kept, each known by its slug
	pagesKept  = 512             // pages of the catalogue that are kept
)

// catalogue keeps what many look at, so that a crowd of lookers costs the database a few queries a second.
type catalogue struct {
	store booking.Catalogue
	shows *kept[string, *booking.Show] // nil: there is no such show
	pages *kept[booking.ShowQuery, []byte]

	layouts *made[layoutKey, *layoutAnswer]
}

type layoutKey struct {
	show    int64
	version int
}

// layoutAnswer is a layout as it goes over the wire. It is never changed.
type layoutAnswer struct {
	etag          string
	plain, zipped []byte
	sectionOf     []int // of each seat
	sections      int
}

func newCatalogue(store booking.Catalogue) *catalogue {
	return &catalogue{
		store: store,
		shows: newKept(showsKept, showsTTL, showsStale, func(ctx context.Context, slug string) (*booking.Show, error) {
			show, err := store.Show(ctx, slug)
			if errors.Is(err, booking.ErrShowUnknown) {
				return nil, nil // an answer as good as any, unlike that of a database that is away
			}
			return &show, err
		}),
		pages: newKept(pagesKept, showsTTL, showsStale, func(ctx context.Context, q booking.ShowQuery) ([]byte, error) {
			page, err := store.SearchShows(ctx, q)
			if err != nil {
				return nil, err
			}
			return json.Marshal(page)
		}),
		layouts: newMade(func(ctx context.Context, key layoutKey) (*layoutAnswer, error) {
			return encodeLayout(ctx, store, key.show)
		}),
	}
}

// show finds a show by its slug. It fails with "show-unknown".
func (c *catalogue) show(slug string) (booking.Show, error) {
	if !booking.ValidSlug(slug) {
		return booking.Show{}, booking.ErrShowUnknown
	}
	show, err := c.shows.get(slug)
	if err != nil {
		return booking.Show{}, err
	}
	if show == nil {
		return booking.Show{}, booking.ErrShowUnknown
	}
	return *show, nil
}

// layout is the layout of a show, encoded. One version of it never changes, so it is kept.
func (c *catalogue) layout(show booking.Show) (*layoutAnswer, error) {
	return c.layouts.get(layoutKey{show.ID, show.LayoutVersion})
}

func encodeLayout(ctx context.Context, store booking.Catalogue, show int64) (*layoutAnswer, error) {
	layout, err := store.Layout(ctx, show)
	if err != nil {
		return nil, err
	}
	body, err := json.Marshal(layout)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(body)
	return &layoutAnswer{
		etag:  `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`,
		plain: body, zipped: fasthttp.AppendGzipBytesLevel(nil, body, fasthttp.CompressBestCompression),
		sectionOf: layout.Seats.Section, sections: len(layout.Sections),
	}, nil
}

// sectionsOf is the section of each seat of a layout, and how many sections it has.
func (c *catalogue) sectionsOf(show int64, version int) ([]int, int, error) {
	l, err := c.layout(booking.Show{ID: show, LayoutVersion: version})
	if err != nil {
		return nil, 0, err
	}
	return l.sectionOf, l.sections, nil
}

// etagMatches compares weakly (RFC 9110 §13.1.2): a proxy that compressed the answer has made the tag a weak one.
func etagMatches(header, etag string) bool {
	for tag := range strings.SplitSeq(header, ",") {
		if tag = strings.TrimSpace(tag); tag == "*" || strings.TrimPrefix(tag, "W/") == etag {
			return true
		}
	}
	return false
}
