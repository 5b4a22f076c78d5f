package surge

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"anteroom/loadtest/check"
	"anteroom/loadtest/token"
)

// signIn signs a member of staff in, through the first gateway.
func signIn(ctx context.Context, s System, o Options) (*client, error) {
	staff := newClient(s.Gateways[0])
	err := staff.do(ctx, http.MethodPost, "/admin/api/v1/session", map[string]string{"email": o.Email, "password": o.Password}, nil)
	if err != nil {
		return nil, fmt.Errorf("sign in to the back office: %w", err)
	}
	return staff, nil
}

// setRoom gives the room the suite's policy and waits until every gateway follows it.
func setRoom(ctx context.Context, staff *client, s System, o Options) error {
	if err := staff.do(ctx, http.MethodPatch, "/admin/api/v1/rooms/"+o.Room, o.Policy, nil); err != nil {
		return fmt.Errorf("set the room: %w", err)
	}
	for _, gateway := range s.Gateways {
		visitor := newClient(gateway)
		limit, cancel := context.WithTimeout(ctx, 10*time.Second)
		err := until(limit, 100*time.Millisecond, func() (bool, error) {
			var now serving
			err := visitor.do(limit, http.MethodGet, "/waitroom/v1/"+o.Room+"/serving", nil, &now)
			return err == nil && now.RatePerMinute == o.Policy.RatePerMinute && now.State == o.Policy.Mode, err
		})
		cancel()
		visitor.close()
		if err != nil {
			return fmt.Errorf("%s does not follow the room's new settings: %w", gateway, err)
		}
	}
	return nil
}

// publishedKeys reads the keys of passes and insists that every gateway publishes the same.
func publishedKeys(ctx context.Context, s System) (token.Keys, error) {
	var keys token.Keys
	for _, gateway := range s.Gateways {
		body, err := read(ctx, gateway+"/.well-known/jwks.json")
		if err != nil {
			return nil, err
		}
		these, err := token.ParseKeys(body)
		if err != nil {
			return nil, fmt.Errorf("keys of %s: %w", gateway, err)
		}
		for id, key := range keys {
			if !key.Equal(these[id]) {
				return nil, fmt.Errorf("%s does not publish the same keys as %s", gateway, s.Gateways[0])
			}
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

// scout is a visitor outside the load who goes through the line.
type scout struct {
	*client
	room    string
	pass    string
	expires time.Time
}

// admit joins through a gateway and waits for admission.
func admit(ctx context.Context, gateway, room string) (*scout, error) {
	s := &scout{client: newClient(gateway), room: room}
	limit, cancel := context.WithTimeout(ctx, 90*time.Second)
	defer cancel()
	var p place
	if err := s.do(limit, http.MethodPost, "/waitroom/v1/"+room+"/join", nil, &p); err != nil {
		return nil, fmt.Errorf("a scout cannot join: %w", err)
	}
	err := until(limit, 200*time.Millisecond, func() (bool, error) {
		err := s.do(limit, http.MethodGet, "/waitroom/v1/"+room+"/status", nil, &p)
		return err == nil && p.Pass != "", err
	})
	if err != nil {
		return nil, fmt.Errorf("a scout is not admitted to %s (state %s): %w", room, p.State, err)
	}
	if s.pass = p.Pass; p.PassExpires != nil {
		s.expires = *p.PassExpires
	}
	return s, nil
}

func (s *scout) release(ctx context.Context) error {
	return s.do(ctx, http.MethodDelete, "/waitroom/v1/"+s.room+"/pass", nil, nil)
}

// seatState reads which seats are free.
func (s *scout) seatState(ctx context.Context) (seatState, error) {
	var state seatState
	err := s.do(ctx, http.MethodGet, "/api/v1/shows/"+s.room+"/seats/state", nil, &state)
	return state, err
}

// canaries is how many seats are kept for hostile tries to ask for.
const canaries = 20

// survey learns the layout and sets seats aside that only hostile visitors will ask for.
func (c *crowd) survey(ctx context.Context, s *scout) error {
	var plan layout
	if err := s.do(ctx, http.MethodGet, "/api/v1/shows/"+c.o.Room+"/seats", nil, &plan); err != nil {
		return fmt.Errorf("read the layout: %w", err)
	}
	c.seats = plan.Seats.ID
	state, err := s.seatState(ctx)
	if err != nil {
		return fmt.Errorf("read the seats: %w", err)
	}
	taken, ok := state.taken(len(c.seats))
	if !ok {
		return fmt.Errorf("the seats' state does not fit a layout of %d seats", len(c.seats))
	}
	for i := len(c.seats) - 1; i >= 0 && len(c.canary) < canaries; i-- {
		if !taken(i) {
			c.canary[i] = true
			c.canarySeats = append(c.canarySeats, c.seats[i])
		}
	}
	if len(c.canary) == 0 {
		return fmt.Errorf("%s is sold out; the surge needs seats to sell", c.o.Room)
	}
	return nil
}

// otherPass goes straight through another room and returns the pass that it gave.
func otherPass(ctx context.Context, gateway, room string) (string, error) {
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

// paidOrders lists the paid orders of the show as the back office sees them.
func paidOrders(ctx context.Context, staff *client, show string) ([]check.StoredOrder, error) {
	var all []check.StoredOrder
	cursor := ""
	for {
		var page orderPage
		path := "/admin/api/v1/orders?show=" + show + "&state=paid&limit=200"
		if cursor != "" {
			path += "&cursor=" + strings.ReplaceAll(cursor, "+", "%2B")
		}
		if err := staff.do(ctx, http.MethodGet, path, nil, &page); err != nil {
			return nil, fmt.Errorf("list the paid orders: %w", err)
		}
		for _, o := range page.Orders {
			all = append(all, check.StoredOrder{ID: o.ID, Seats: len(o.Seats)})
		}
		if page.Next == "" || len(page.Orders) == 0 {
			return all, nil
		}
		cursor = page.Next
	}
}
