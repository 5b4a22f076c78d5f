package visit

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"anteroom/loadtest/journal"
	"anteroom/loadtest/profile"
)

// desk is a member of staff at the room: who sets it as the profile wants it, and back again.
type desk struct {
	*client
	room   string
	before map[string]any // the settings that were changed, as they were
	drawn  bool           // the line was started anew for a draw
}

// signIn signs a member of staff in, through the first gateway. Nil when there is none.
func signIn(ctx context.Context, s System, room string) (*desk, error) {
	if s.Email == "" || s.Password == "" {
		return nil, nil
	}
	d := &desk{client: newClient(s.Gateways[0]), room: room, before: map[string]any{}}
	err := d.do(ctx, http.MethodPost, "/admin/api/v1/session", map[string]string{"email": s.Email, "password": s.Password}, nil)
	if err != nil {
		d.close()
		return nil, fmt.Errorf("sign in to the back office as %s: %w", s.Email, err)
	}
	return d, nil
}

func (d *desk) path() string { return "/admin/api/v1/rooms/" + d.room }

func (d *desk) read(ctx context.Context) (r room, err error) {
	if err := d.do(ctx, http.MethodGet, d.path(), nil, &r); err != nil {
		return r, fmt.Errorf("read the room: %w", err)
	}
	return r, nil
}

// wanted is what the profile sets the room to, by the names of the contract; empty when it leaves the room alone.
func wanted(p *profile.Profile) map[string]any {
	r, change := p.Room, map[string]any{}
	if r == (profile.Room{}) {
		return change
	}
	visitors := p.Count()
	if r.MaxActive == 0 { // so that a small crowd has to wait as well
		r.MaxActive = min(max(visitors/20, 10), 600)
	}
	if r.PollMinMS == 0 { // so that polls alone do not fill a small machine
		r.PollMinMS = min(max(visitors/5, 250), 4000)
	}
	if r.PollMaxMS > 0 {
		r.PollMinMS = min(r.PollMinMS, r.PollMaxMS)
	}
	for name, text := range map[string]string{"mode": r.Mode, "method": r.Method} {
		if text != "" {
			change[name] = text
		}
	}
	for name, number := range map[string]int{
		"rate_per_minute": r.RatePerMinute, "max_active": r.MaxActive, "session_idle_seconds": r.SessionIdleSeconds,
		"session_limit_seconds": r.SessionLimitSeconds, "ghost_seconds": r.GhostSeconds, "return_grace_seconds": r.ReturnGraceSeconds,
		"poll_min_ms": r.PollMinMS, "poll_max_ms": r.PollMaxMS,
	} {
		if number > 0 {
			change[name] = number
		}
	}
	if r.JoinsPerAddress > 0 {
		change["guards"] = map[string]any{"join_limit": "enforce", "joins_per_address": r.JoinsPerAddress}
	}
	return change
}

// change changes settings and remembers how they were.
func (d *desk) change(ctx context.Context, settings map[string]any) error {
	if len(settings) == 0 {
		return nil
	}
	now, err := d.read(ctx)
	if err != nil {
		return err
	}
	if err := d.do(ctx, http.MethodPatch, d.path(), settings, nil); err != nil {
		return fmt.Errorf("set the room: %w", err)
	}
	for name := range settings {
		if _, known := d.before[name]; known {
			continue
		}
		value, set := now.Policy[name]
		if !set {
			value = map[string]any{} // only groups of settings may be absent, and are so while they are empty
		}
		d.before[name] = value
	}
	return nil
}

// restore sets the room back. It tries again for as long as ctx lasts: sessions that are still open may be more than were allowed before.
func (d *desk) restore(ctx context.Context) error {
	if len(d.before) == 0 {
		return nil
	}
	err := until(ctx, time.Second, func() (bool, error) {
		if err := d.startAnew(ctx); err != nil {
			return false, err
		}
		err := d.do(ctx, http.MethodPatch, d.path(), d.before, nil)
		return err == nil, err
	})
	if err != nil {
		return fmt.Errorf("set the room %s back: %w", d.room, err)
	}
	clear(d.before)
	return nil
}

// startAnew resets a line that waits for a draw: a draw that was promised to somebody cannot be taken back.
func (d *desk) startAnew(ctx context.Context) error {
	if !d.drawn {
		return nil
	}
	now, err := d.read(ctx)
	if err != nil || now.Live.Draw == "drawn" || now.Live.Draw == "" {
		return err
	}
	return d.do(ctx, http.MethodPost, d.path()+"/reset", map[string]int64{"version": now.Version}, nil)
}

// promised is what the room promises by its settings.
func (r room) promised() journal.Policy {
	number := func(name string) int {
		f, _ := r.Policy[name].(float64)
		return int(f)
	}
	seconds := func(name string) time.Duration { return time.Duration(number(name)) * time.Second }
	method, _ := r.Policy["method"].(string)
	return journal.Policy{
		Method: method, RatePerMinute: number("rate_per_minute"), MaxActive: number("max_active"), Idle: seconds("session_idle_seconds"),
		Limit: seconds("session_limit_seconds"), Ghost: seconds("ghost_seconds"), Grace: seconds("return_grace_seconds"),
	}
}

// followed waits until every gateway says what the room was set to.
func followed(ctx context.Context, gateways []string, room string, settings map[string]any) error {
	rate, hasRate := settings["rate_per_minute"].(int)
	mode, hasMode := settings["mode"].(string)
	for _, gateway := range gateways {
		visitor := newClient(gateway)
		limit, cancel := context.WithTimeout(ctx, 30*time.Second)
		var now serving
		err := until(limit, 100*time.Millisecond, func() (bool, error) {
			err := visitor.do(limit, http.MethodGet, "/waitroom/v1/"+room+"/serving", nil, &now)
			return err == nil && (!hasRate || now.RatePerMinute == rate) && (!hasMode || now.State == mode || now.State == "prequeue"), err
		})
		cancel()
		visitor.close()
		if errors.Is(err, context.DeadlineExceeded) {
			return fmt.Errorf("%s does not follow the room's new settings: it is in state %s with %d a minute", gateway, now.State, now.RatePerMinute)
		}
		if err != nil {
			return fmt.Errorf("%s does not follow the room's new settings: %w", gateway, err)
		}
	}
	return nil
}
