package api

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/valyala/fasthttp"

	"anteroom/booking"
	"anteroom/internal/endpoint"
)

const (
	showsTTL   = time.Second
	showsStale = 5 * time.Minute // how long the catalogue is served while the database is away
	stateTTL   = 250 * time.Millisecond
)

// catalogue keeps what many look at, so that a crowd of lookers costs the database a few queries a second.
type catalogue struct {
	store booking.Catalogue
	shows fresh[[]booking.Show]

	mu      sync.Mutex
	states  map[int64]*fresh[[]byte]
	layouts map[layoutKey]*layoutAnswer
}

type layoutKey struct {
	show    int64
	version int
}

// layoutAnswer is a layout as it goes over the wire. It is never changed.
type layoutAnswer struct {
	etag          string
	plain, zipped []byte
}

func newCatalogue(store booking.Catalogue) *catalogue {
	return &catalogue{
		store: store, shows: fresh[[]booking.Show]{ttl: showsTTL, stale: showsStale, load: store.Shows},
		states: map[int64]*fresh[[]byte]{}, layouts: map[layoutKey]*layoutAnswer{},
	}
}

// show finds a show by its slug. It fails with "show-unknown".
func (c *catalogue) show(slug string) (booking.Show, error) {
	shows, err := c.shows.get()
	if err != nil {
		return booking.Show{}, err
	}
	for _, s := range shows {
		if s.Slug == slug {
			return s, nil
		}
	}
	return booking.Show{}, booking.ErrShowUnknown
}

// state is the seat state of a show, encoded.
func (c *catalogue) state(show int64) ([]byte, error) {
	c.mu.Lock()
	f := c.states[show]
	if f == nil {
		f = &fresh[[]byte]{ttl: stateTTL, load: func(ctx context.Context) ([]byte, error) {
			state, err := c.store.SeatState(ctx, show)
			if err != nil {
				return nil, err
			}
			return json.Marshal(state)
		}}
		c.states[show] = f
	}
	c.mu.Unlock()
	return f.get()
}

// layout is the layout of a show, encoded. One version of it never changes, so it is kept; making it holds the others up, once.
func (c *catalogue) layout(show booking.Show) (*layoutAnswer, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	key := layoutKey{show.ID, show.LayoutVersion}
	if l := c.layouts[key]; l != nil {
		return l, nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), loadTimeout)
	defer cancel()
	layout, err := c.store.Layout(ctx, show.ID)
	if err != nil {
		return nil, err
	}
	body, err := json.Marshal(layout)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(body)
	l := &layoutAnswer{
		etag:  `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`,
		plain: body, zipped: fasthttp.AppendGzipBytesLevel(nil, body, fasthttp.CompressBestCompression),
	}
	c.layouts[key] = l
	return l, nil
}

func (a *API) listShows(ctx *fasthttp.RequestCtx) error {
	query := string(ctx.QueryArgs().Peek("q"))
	if !utf8.ValidString(query) || utf8.RuneCountInString(query) > 100 {
		return errQuery.WithField("q", "must be at most 100 characters")
	}
	shows, err := a.catalogue.shows.get()
	if err != nil {
		return err
	}
	found := make([]booking.Show, 0, len(shows))
	for _, s := range shows {
		if matches(s, query) {
			found = append(found, s)
		}
	}
	endpoint.JSON(ctx, fasthttp.StatusOK, map[string]any{"shows": found})
	return nil
}

// matches: every word of the query stands somewhere in title, venue or city, in either language.
func matches(s booking.Show, query string) bool {
	text := strings.ToLower(strings.Join([]string{s.Title.EN, s.Title.KO, s.Venue.EN, s.Venue.KO, s.City.EN, s.City.KO}, "\n"))
	for _, word := range strings.Fields(strings.ToLower(query)) {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

func (a *API) getShow(ctx *fasthttp.RequestCtx) error {
	show, err := a.catalogue.show(param(ctx, "show"))
	if err != nil {
		return err
	}
	endpoint.JSON(ctx, fasthttp.StatusOK, show)
	return nil
}

func (a *API) getSeatLayout(ctx *fasthttp.RequestCtx, show booking.Show) error {
	l, err := a.catalogue.layout(show)
	if err != nil {
		return err
	}
	h := &ctx.Response.Header
	h.Set(fasthttp.HeaderETag, l.etag)
	h.Set(fasthttp.HeaderCacheControl, "private, no-cache") // keep it, and ask whether it is still the one
	h.Set(fasthttp.HeaderVary, fasthttp.HeaderAcceptEncoding)
	if etagMatches(string(ctx.Request.Header.Peek(fasthttp.HeaderIfNoneMatch)), l.etag) {
		ctx.SetStatusCode(fasthttp.StatusNotModified)
		return nil
	}
	h.SetContentType("application/json")
	if ctx.Request.Header.HasAcceptEncoding("gzip") {
		h.Set(fasthttp.HeaderContentEncoding, "gzip")
		ctx.SetBody(l.zipped)
		return nil
	}
	ctx.SetBody(l.plain)
	return nil
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

func (a *API) getSeatState(ctx *fasthttp.RequestCtx, show booking.Show) error {
	body, err := a.catalogue.state(show.ID)
	if err != nil {
		return err
	}
	ctx.Response.Header.SetContentType("application/json")
	ctx.Response.Header.Set(fasthttp.HeaderCacheControl, "no-store")
	ctx.SetBody(body)
	return nil
}
