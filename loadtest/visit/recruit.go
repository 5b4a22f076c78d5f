package visit

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"anteroom/loadtest/token"
)

// scout is a visitor outside the load who goes through the line.
type scout struct {
	*client
	room    string
	place   place
	pass    string
	expires time.Time
}

// enlist joins through a gateway.
func enlist(ctx context.Context, gateway, room string) (*scout, error) {
	s := &scout{client: newClient(gateway), room: room}
	if err := s.do(ctx, http.MethodPost, "/waitroom/v1/"+room+"/join", nil, &s.place); err != nil {
		s.close()
		return nil, fmt.Errorf("a scout cannot join: %w", err)
	}
	return s, nil
}

// admitted waits for the admission of a scout.
func (s *scout) admitted(ctx context.Context) error {
	err := until(ctx, 200*time.Millisecond, func() (bool, error) {
		err := s.do(ctx, http.MethodGet, "/waitroom/v1/"+s.room+"/status", nil, &s.place)
		return err == nil && s.place.Pass != "", err
	})
	if err != nil {
		return fmt.Errorf("a scout is not admitted to %s (state %s): %w", s.room, s.place.State, err)
	}
	if s.pass = s.place.Pass; s.place.PassExpires != nil {
		s.expires = *s.place.PassExpires
	}
	return nil
}

// admit joins through a gateway and waits for admission.
func admit(ctx context.Context, gateway, room string) (*scout, error) {
	limit, cancel := context.WithTimeout(ctx, 90*time.Second)
	defer cancel()
	s, err := enlist(limit, gateway, room)
	if err != nil {
		return nil, err
	}
	if err := s.admitted(limit); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *scout) release(ctx context.Context) error {
	return s.do(ctx, http.MethodDelete, "/waitroom/v1/"+s.room+"/pass", nil, nil)
}

// leave gives up a place whose turn has not come.
func (s *scout) leave(ctx context.Context) error {
	return s.do(ctx, http.MethodDelete, "/waitroom/v1/"+s.room+"/ticket", nil, nil)
}

// seatState reads which seats are free.
func (s *scout) seatState(ctx context.Context, seats int) (taken func(i int) bool, err error) {
	var state seatState
	if err := s.do(ctx, http.MethodGet, "/api/v1/shows/"+s.room+"/seats/state", nil, &state); err != nil {
		return nil, fmt.Errorf("read the seats: %w", err)
	}
	taken, ok := state.taken(seats)
	if !ok {
		return nil, fmt.Errorf("the seats' state does not fit a layout of %d seats", seats)
	}
	return taken, nil
}

// survey learns the layout and sets seats aside that only hostile visitors will ask for.
func (c *crowd) survey(ctx context.Context, s *scout) (canaries []int64, err error) {
	var seen layout
	if err := s.do(ctx, http.MethodGet, c.showPath("/seats"), nil, &seen); err != nil {
		return nil, fmt.Errorf("read the layout: %w", err)
	}
	if len(seen.Seats.ID) == 0 {
		return nil, fmt.Errorf("the layout of %s has no seats", c.profile.Show)
	}
	c.plan.learn(seen.Seats.ID, true)
	taken, err := s.seatState(ctx, len(seen.Seats.ID))
	if err != nil {
		return nil, err
	}
	return c.plan.setAside(taken), nil
}

// recruit sends scouts through the line and equips the hostile visitors with what these bring back.
func (c *crowd) recruit(ctx context.Context, keys token.Keys) (*hostile, error) {
	first, err := admit(ctx, c.gateways[0], c.profile.Show)
	if err != nil {
		return nil, err
	}
	defer first.close()
	h := &hostile{crowd: c}
	if h.seats, err = c.survey(ctx, first); err != nil {
		return nil, err
	}
	var seed [32]byte
	seed[0] = byte(c.o.Seed)
	if h.forged, err = token.Forge(first.pass, keys, seed); err != nil {
		return nil, err
	}
	if h.foreign, err = otherPass(ctx, c.gateways[0], c.profile.OtherShow); err != nil {
		return nil, err
	}
	if err := first.do(ctx, http.MethodPost, "/api/v1/guests", map[string]string{"email": "hostile@visit.test"}, nil); err != nil {
		return nil, err
	}
	h.buyer = first.cookie("an_buyer")
	// A second scout keeps the pass until it runs out. The first gives it back, and it is tried like those of the crowd.
	second, err := admit(ctx, c.gateways[len(c.gateways)-1], c.profile.Show)
	if err != nil {
		return nil, err
	}
	defer second.close()
	h.expired, h.expires = second.pass, second.expires
	if err := first.release(ctx); err != nil {
		return nil, err
	}
	c.giveBack(first.pass)
	return h, nil
}

// otherPass goes straight through another room and returns the pass that it gave.
func otherPass(ctx context.Context, gateway, room string) (string, error) {
	if room == "" {
		return "", errors.New("hostile tries want a show whose room is not busy: other_show")
	}
	visitor := newClient(gateway)
	defer visitor.close()
	if err := visitor.do(ctx, http.MethodGet, "/api/v1/shows/"+room+"/seats/state", nil, nil); err != nil {
		return "", fmt.Errorf("go through the room %s: %w", room, err)
	}
	pass := visitor.cookie("wp_" + room)
	if pass == "" {
		return "", fmt.Errorf("the room %s gave no pass to someone who went straight through", room)
	}
	return pass, nil
}
