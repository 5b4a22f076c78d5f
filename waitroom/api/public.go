package api

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"sync"
	"time"

	"github.com/valyala/fasthttp"

	"anteroom/internal/endpoint"
	"anteroom/internal/fault"
	"anteroom/waitroom"
	"anteroom/waitroom/draw"
	"anteroom/waitroom/ledger"
)

const (
	publicTimeout = 10 * time.Second // to read the bits of a whole crowd, once
	drawFresh     = time.Second      // how old a document of a draw may be
	maxInline     = 64 << 10         // bytes of entrants in a draw's document; more are at an address of their own
	ledgerReaders = 4                // calls of the line for pages of ledgers at once; each may be 2 MB

	briefly = "public, max-age=1"
	forGood = "public, max-age=3600, immutable"
)

var (
	errDrawNone   = fault.New(fault.NotFound, "draw-none", "The room has no such draw.")
	errLedgerBusy = fault.New(fault.Unavailable, "ledger-busy", "Too many are reading ledgers just now.").After(time.Second)
)

// draws answers for the draws of all rooms, with one question to the line a second and room.
type draws struct {
	line waitroom.Drawer

	mu    sync.Mutex
	rooms map[string]*drawn
}

// drawn is what is known of one room's draw. What was sealed is kept, for it never changes.
type drawn struct {
	mu     sync.Mutex
	readAt time.Time
	state  waitroom.DrawState
	body   []byte        // the document as it is answered
	sealed draw.Document // with the entrants; zero before the sealing
}

func newDraws(line waitroom.Drawer) *draws { return &draws{line: line, rooms: make(map[string]*drawn)} }

// of returns the draw of a room, read within the last second, and locked; the caller unlocks it. It fails with "draw-none" and the errors of
// waitroom.Drawer.
func (d *draws) of(room string) (*drawn, error) {
	d.mu.Lock()
	one := d.rooms[room]
	if one == nil {
		one = &drawn{}
		d.rooms[room] = one
	}
	d.mu.Unlock()
	one.mu.Lock()
	if time.Since(one.readAt) > drawFresh {
		limit, cancel := context.WithTimeout(context.Background(), publicTimeout)
		defer cancel()
		if err := one.read(limit, d.line, room); err != nil {
			one.mu.Unlock()
			return nil, err
		}
		one.readAt = time.Now()
	}
	if one.state == "" {
		one.mu.Unlock()
		return nil, errDrawNone
	}
	return one, nil
}

func (o *drawn) read(ctx context.Context, line waitroom.Drawer, room string) error {
	d, err := line.Drawing(ctx, room)
	if err != nil {
		return err
	}
	if d.State == "" {
		o.state, o.body, o.sealed = "", nil, draw.Document{}
		return nil
	}
	doc, err := draw.NewDocument(room, d.Epoch, d.BeaconName, d.Seed)
	if err == nil && d.State != waitroom.DrawCommitted {
		if doc, err = o.seal(ctx, line, doc, d); err == nil && d.State == waitroom.DrawDone {
			doc, err = doc.Draw(d.Seed, d.BeaconValue)
		}
	}
	if err == nil && len(doc.Entrants) > maxInline {
		doc, err = doc.LeaveOutEntrants(fmt.Sprintf("/waitroom/v1/%s/draw/entrants?epoch=%d", room, d.Epoch))
	}
	if err != nil {
		return fmt.Errorf("document of the draw of room %s: %w", room, err)
	}
	o.state = d.State
	o.body, err = json.Marshal(doc)
	return err
}

// seal gives the document its entrants, which are read and hashed once.
func (o *drawn) seal(ctx context.Context, line waitroom.Drawer, doc draw.Document, d waitroom.Draw) (draw.Document, error) {
	if o.sealed.Epoch == d.Epoch && o.sealed.Commitment == doc.Commitment {
		return o.sealed, nil
	}
	bits, err := line.Entrants(ctx, doc.Room)
	if err != nil {
		return doc, err
	}
	entrants, err := draw.NewEntrants(d.Entrants, bits)
	if err != nil {
		return doc, err
	}
	doc, err = doc.Seal(d.SealedAt, entrants)
	if err == nil {
		o.sealed = doc
	}
	return doc, err
}

func (d *draws) document(ctx *fasthttp.RequestCtx, room string) error {
	one, err := d.of(room)
	if err != nil {
		return err
	}
	defer one.mu.Unlock()
	ctx.Response.Header.Set(fasthttp.HeaderCacheControl, briefly)
	ctx.SetContentType("application/json")
	ctx.SetBody(one.body)
	return nil
}

func (d *draws) entrants(ctx *fasthttp.RequestCtx, room string) error {
	epoch, err := endpoint.QueryInt(ctx, "epoch", 0, 1, math.MaxInt64)
	if err != nil {
		return err
	}
	one, err := d.of(room)
	if err != nil {
		return err
	}
	defer one.mu.Unlock()
	if one.sealed.Epoch != epoch || epoch == 0 {
		return errDrawNone
	}
	ctx.Response.Header.Set(fasthttp.HeaderCacheControl, forGood)
	ctx.SetContentType("application/gzip")
	ctx.SetBody(one.sealed.Entrants)
	return nil
}

// pages answers with pages of ledgers, a bounded number at a time.
type pages struct {
	line waitroom.Notary
	free chan struct{}
}

func newPages(line waitroom.Notary) *pages {
	return &pages{line: line, free: make(chan struct{}, ledgerReaders)}
}

func (p *pages) ledger(ctx *fasthttp.RequestCtx, room string) error {
	from, err := endpoint.QueryInt(ctx, "from", 1, 1, math.MaxInt64-ledger.MaxPage)
	if err != nil {
		return err
	}
	select {
	case p.free <- struct{}{}:
		defer func() { <-p.free }()
	default:
		return errLedgerBusy
	}
	limit, cancel := context.WithTimeout(context.Background(), controlTimeout)
	defer cancel()
	lines, err := p.line.Ledger(limit, room, from, ledger.MaxPage)
	if err != nil {
		return err
	}
	if lines == nil {
		lines = []string{}
	}
	cache := briefly
	if len(lines) == ledger.MaxPage { // a full page never changes
		cache = forGood
	}
	ctx.Response.Header.Set(fasthttp.HeaderCacheControl, cache)
	endpoint.JSON(ctx, fasthttp.StatusOK, ledger.Document{Room: room, From: from, Next: from + int64(len(lines)), Lines: lines})
	return nil
}
