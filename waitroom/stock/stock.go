// Package stock ends the line of a room whose show has nothing left to sell, for the rooms that want it.
package stock

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"

	"anteroom/waitroom"
)

const (
	askEvery  = 2 * time.Second // on average; each gateway asks for itself, so they are spread
	timeout   = 2 * time.Second // one question, or one call of the line
	maxAnswer = 1 << 20         // bytes
)

// Views gives the newest view of each room. Safe for concurrent use.
type Views interface {
	Each(f func(*waitroom.View))
}

// Watch asks booking about the shows of rooms with end_when_sold_out, see Run.
type Watch struct {
	office  waitroom.Office
	views   Views
	booking string
	every   time.Duration
	log     *slog.Logger
	client  *http.Client

	unknown map[string]bool // shows that booking does not have; Run's own, as what follows
	down    bool            // the last round failed; so that an outage is logged once
}

// New makes a watch that asks the booking service at this base URL. The views must be the same line's.
func New(office waitroom.Office, views Views, bookingURL string, log *slog.Logger) *Watch {
	return &Watch{
		office: office, views: views, booking: strings.TrimRight(bookingURL, "/"), every: askEvery, log: log, unknown: make(map[string]bool),
		client: &http.Client{
			Timeout: timeout,
			// The catalogue never redirects; whatever another address says is no reason to end a line.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

// Run watches until ctx ends, then returns nil. Every failure leaves the lines as they are.
func (w *Watch) Run(ctx context.Context) error {
	defer w.client.CloseIdleConnections()
	for {
		wait := w.every*3/4 + rand.N(w.every/2) //nolint:gosec // No secret: it spreads load.
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wait):
		}
		switch err := w.round(ctx); {
		case ctx.Err() != nil:
		case err != nil && !w.down:
			w.down = true
			w.log.Warn("it cannot be told whether shows are sold out; their lines go on", "err", err)
		case err == nil && w.down:
			w.down = false
			w.log.Info("booking tells again whether shows are sold out")
		}
	}
}

// round asks about each room once. The first failure ends it, for they all ask the same service.
func (w *Watch) round(ctx context.Context) error {
	var rooms []string
	w.views.Each(func(v *waitroom.View) {
		if v.Policy.EndWhenSoldOut && v.Ended == "" && v.Phase != waitroom.PhaseClosed && !v.Stale(time.Now()) {
			rooms = append(rooms, v.Room)
		}
	})
	for _, room := range rooms {
		gone, err := w.soldOut(ctx, room)
		if err != nil {
			return err
		}
		if !gone {
			continue
		}
		limit, cancel := context.WithTimeout(ctx, timeout)
		_, err = w.office.End(limit, room, waitroom.SoldOut)
		cancel()
		if err != nil {
			return err
		}
		w.log.Info("the show is sold out, its line has ended", "room", room)
	}
	return nil
}

// soldOut asks booking for the show of the room's name. Seats that are only held may come back, so it is not enough that there is
// nothing to be had: booking must say that the show is sold out. A show that there is not is not sold out.
func (w *Watch) soldOut(ctx context.Context, room string) (bool, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, w.booking+"/api/v1/shows/"+room, nil)
	if err != nil {
		return false, fmt.Errorf("ask about show %s: %w", room, err)
	}
	res, err := w.client.Do(req)
	if err != nil {
		return false, fmt.Errorf("ask about show %s: %w", room, err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err != nil {
		return false, fmt.Errorf("ask about show %s: %w", room, err)
	}
	if res.StatusCode == http.StatusNotFound {
		if !w.unknown[room] {
			w.unknown[room] = true
			w.log.Warn("end_when_sold_out has no effect: booking has no show of the room's name", "room", room)
		}
		return false, nil
	}
	delete(w.unknown, room)
	if res.StatusCode != http.StatusOK {
		return false, fmt.Errorf("ask about show %s: status %d", room, res.StatusCode)
	}
	var show struct {
		Slug    string `json:"slug"`
		SoldOut *bool  `json:"sold_out"`
	}
	if err := json.Unmarshal(body, &show); err != nil {
		return false, fmt.Errorf("ask about show %s: %w", room, err)
	}
	if show.Slug != room || show.SoldOut == nil {
		return false, fmt.Errorf("ask about show %s: %w", room, errNoShow)
	}
	return *show.SoldOut, nil
}

var errNoShow = errors.New("the answer is not that show with sold_out")
