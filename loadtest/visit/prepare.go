package visit

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"time"

	"anteroom/loadtest/journal"
	"anteroom/loadtest/profile"
	"anteroom/loadtest/token"
)

// prepared is what is known before the load begins.
type prepared struct {
	desk       *desk // nil without staff, and in all parts but the first
	keys       token.Keys
	hostile    *hostile
	paidBefore map[string]bool
	gated      gated
	missing    map[string]string // what cannot be known after the load, and why
}

// close sets the room back, if it was changed, even when ctx has ended.
func (p *prepared) close(ctx context.Context) error {
	if p.desk == nil {
		return nil
	}
	defer p.desk.close()
	limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer cancel()
	return p.desk.restore(limit)
}

// prepare makes everything ready for the first arrival. What it returns must be closed, also after an error.
func (c *crowd) prepare(ctx context.Context, s System) (*prepared, error) {
	p := &prepared{missing: map[string]string{}}
	if err := c.reach(ctx); err != nil {
		return p, err
	}
	var err error
	if p.keys, err = publishedKeys(ctx, c.gateways); err != nil {
		p.missing["tokens"] = err.Error()
	}
	var about show
	if err := c.visit(ctx, func(v *client) error { return v.do(ctx, http.MethodGet, "/api/v1/shows/"+c.profile.Show, nil, &about) }); err != nil {
		return p, fmt.Errorf("read the show %s: %w", c.profile.Show, err)
	}
	c.perBuyer = max(about.MaxPerBuyer, 1)
	if c.o.Part > 0 { // what concerns the whole system is done by the first
		return p, nil
	}
	if p.desk, err = signIn(ctx, s, c.profile.Show); err != nil {
		return p, err
	}
	if err := c.setRoom(ctx, p); err != nil {
		return p, err
	}
	if c.profile.Hostile == 0 {
		p.missing["canaries"] = "the profile has no hostile tries"
	} else if p.hostile, err = c.recruit(ctx, p.keys); err != nil {
		return p, err
	} else if len(p.hostile.seats) == 0 {
		p.missing["canaries"] = "no seat is free that could be left to hostile tries"
	}
	if p.gated, err = gatedRequests(ctx, s.BookingOps); err != nil {
		p.missing["gated"] = err.Error()
	}
	if c.draws() {
		return p, c.gather(ctx, p.desk)
	}
	return p, nil
}

// draws says that the profile's room is opened by a draw.
func (c *crowd) draws() bool { return c.profile.Room.Method == "draw" && c.o.Part == 0 }

// setRoom gives the room the profile's settings, and reads what is promised and sold by then.
func (c *crowd) setRoom(ctx context.Context, p *prepared) error {
	settings := wanted(c.profile)
	if p.desk == nil {
		why := "no staff e-mail and password were given"
		p.missing["sales"], p.missing["samples"] = why, why
		if c.draws() {
			return errors.New("a draw wants staff who can set the room: no e-mail and password were given")
		}
		return nil
	}
	if c.draws() { // later, when the scouts are through
		delete(settings, "method")
	}
	// The limit of sessions cannot be set below those there are, and the room empties faster by the settings of the profile.
	most, limited := settings["max_active"]
	delete(settings, "max_active")
	if err := p.desk.change(ctx, settings); err != nil {
		return err
	}
	if err := c.settle(ctx, p); err != nil {
		return err
	}
	if limited {
		if err := p.desk.change(ctx, map[string]any{"max_active": most}); err != nil {
			return err
		}
	}
	if err := followed(ctx, c.gateways, c.profile.Show, settings); err != nil {
		return err
	}
	paid, err := paidOrders(ctx, p.desk.client, c.profile.Show)
	if err != nil {
		p.missing["sales"] = err.Error()
	}
	p.paidBefore = map[string]bool{}
	for _, o := range paid {
		p.paidBefore[o.ID] = true
	}
	return nil
}

// settling is how long the room may take to empty before the load.
const settling = 90 * time.Second

// settle waits until those are gone who were in the room before, as after an earlier run: the room's own count of sessions is compared with what
// our visitors do. A room that does not empty is in use; it is loaded all the same.
func (c *crowd) settle(ctx context.Context, p *prepared) error {
	limit, cancel := context.WithTimeout(ctx, settling)
	defer cancel()
	told := false
	var now room
	err := until(limit, 250*time.Millisecond, func() (empty bool, err error) {
		if now, err = p.desk.read(limit); err != nil {
			return false, err
		}
		if empty = now.Live.Active == 0 && now.Live.Waiting == 0; !empty && !told {
			told = true
			c.say(fmt.Sprintf("waiting until the room is empty: %d wait, %d are inside", now.Live.Waiting, now.Live.Active))
		}
		return empty, nil
	})
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		c.say(fmt.Sprintf("the room does not empty: %d wait, %d are inside; they are counted in its limits", now.Live.Waiting, now.Live.Active))
		return nil
	}
	return err
}

// promised is what the room promises, as far as it can be learned.
func (c *crowd) promised(ctx context.Context, p *prepared) (journal.Policy, error) {
	if p.desk != nil {
		now, err := p.desk.read(ctx)
		return now.promised(), err
	}
	// What the profile says of the room is not what the room is: only what it says of itself counts. But a draw is the first generator's to set up.
	var now serving
	err := c.visit(ctx, func(v *client) error { return v.do(ctx, http.MethodGet, c.path("/serving"), nil, &now) })
	said := journal.Policy{RatePerMinute: now.RatePerMinute}
	if c.profile.Room.Method == "draw" {
		said.Method = "draw"
	}
	return said, err
}

// reach asks every gateway for the room; the error names the first that does not answer.
func (c *crowd) reach(ctx context.Context) error {
	for _, gateway := range c.gateways {
		limit, cancel := context.WithTimeout(ctx, 10*time.Second)
		visitor := newClient(gateway)
		var now serving
		err := visitor.do(limit, http.MethodGet, c.path("/serving"), nil, &now)
		visitor.close()
		cancel()
		if err != nil {
			return fmt.Errorf("the gateway %s does not serve the room %s: %w", gateway, c.profile.Show, err)
		}
	}
	return nil
}

// visit does something as a visitor at the first gateway that lets it.
func (c *crowd) visit(ctx context.Context, do func(v *client) error) (err error) {
	for _, gateway := range c.gateways {
		v := newClient(gateway)
		err = do(v)
		v.close()
		if err == nil || ctx.Err() != nil {
			return err
		}
	}
	return err
}

// publishedKeys reads the keys of passes and insists that every gateway publishes the same.
func publishedKeys(ctx context.Context, gateways []string) (token.Keys, error) {
	var keys token.Keys
	for _, gateway := range gateways {
		body, err := read(ctx, gateway+"/.well-known/jwks.json")
		if err != nil {
			return nil, err
		}
		these, err := token.ParseKeys(body)
		if err != nil {
			return nil, fmt.Errorf("keys of %s: %w", gateway, err)
		}
		same := func(a, b token.Keys) bool {
			return maps.EqualFunc(a, b, func(x, y ed25519.PublicKey) bool { return x.Equal(y) })
		}
		if keys != nil && !same(keys, these) {
			return nil, fmt.Errorf("%s does not publish the same keys as %s", gateway, gateways[0])
		}
		keys = these
	}
	return keys, nil
}

func read(ctx context.Context, address string) ([]byte, error) {
	limit, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(limit, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 4<<20))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", address, err)
	}
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("read %s: status %d", address, res.StatusCode)
	}
	return body, nil
}

// paidOrders lists the paid orders of the show as the back office sees them.
func paidOrders(ctx context.Context, staff *client, show string) ([]journal.StoredOrder, error) {
	var all []journal.StoredOrder
	cursor := ""
	for {
		var page orderPage
		path := "/admin/api/v1/orders?show=" + show + "&state=paid&limit=200"
		if cursor != "" {
			path += "&cursor=" + url.QueryEscape(cursor)
		}
		if err := staff.do(ctx, http.MethodGet, path, nil, &page); err != nil {
			return nil, fmt.Errorf("list the paid orders: %w", err)
		}
		for _, o := range page.Orders {
			all = append(all, journal.StoredOrder{ID: o.ID, Seats: len(o.Seats)})
		}
		if page.Next == "" || len(page.Orders) == 0 {
			return all, nil
		}
		cursor = page.Next
	}
}

// validate says what of a run cannot be.
func validate(s System, p *profile.Profile, o Options) error {
	switch {
	case len(s.Gateways) == 0:
		return errors.New("there is no gateway to load")
	case p.Count() < 1:
		return fmt.Errorf("the profile %s lets nobody arrive", p.Name)
	case o.Part < 0 || o.Part >= o.Parts:
		return fmt.Errorf("there is no part %d of %d", o.Part, o.Parts)
	}
	return p.Validate()
}
