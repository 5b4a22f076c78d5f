package upstream

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	adminapi "anteroom/admin-api"
	"anteroom/internal/auth"
)

// Gateway asks the waiting room's control interface.
type Gateway struct{ client *client }

var _ adminapi.Gateway = (*Gateway)(nil)

// NewGateway makes a client of the waiting room whose private port is at base, for example http://127.0.0.1:9080. A question takes no longer
// than timeout, answer included.
func NewGateway(base string, keys *auth.Keys, timeout time.Duration) *Gateway {
	return &Gateway{newClient(base, "gateway", "gateway", "waitroom", keys, timeout)}
}

// Rooms implements adminapi.Gateway.
func (g *Gateway) Rooms(ctx context.Context, who auth.Staff) ([]adminapi.Room, error) {
	var answer struct {
		Rooms []adminapi.Room `json:"rooms"`
	}
	if err := g.client.ask(ctx, who, http.MethodGet, "/control/v1/rooms", nil, &answer); err != nil {
		return nil, err
	}
	if answer.Rooms == nil {
		return nil, g.nonsense(errors.New("no rooms"))
	}
	for _, r := range answer.Rooms {
		if err := check(r, r.Name); err != nil {
			return nil, g.nonsense(err)
		}
	}
	return answer.Rooms, nil
}

// Room implements adminapi.Gateway.
func (g *Gateway) Room(ctx context.Context, who auth.Staff, name string) (adminapi.Room, error) {
	return g.one(ctx, who, http.MethodGet, name, "", nil)
}

// Change implements adminapi.Gateway.
func (g *Gateway) Change(ctx context.Context, who auth.Staff, name string, change adminapi.PolicyChange) (adminapi.Room, error) {
	return g.one(ctx, who, http.MethodPatch, name, "", change)
}

// Reset implements adminapi.Gateway.
func (g *Gateway) Reset(ctx context.Context, who auth.Staff, name string, version int64) (adminapi.Room, error) {
	return g.one(ctx, who, http.MethodPost, name, "/reset", map[string]int64{"version": version})
}

// End implements adminapi.Gateway.
func (g *Gateway) End(ctx context.Context, who auth.Staff, name, reason string) (adminapi.Room, error) {
	return g.one(ctx, who, http.MethodPost, name, "/end", map[string]string{"reason": reason})
}

// Resume implements adminapi.Gateway.
func (g *Gateway) Resume(ctx context.Context, who auth.Staff, name string) (adminapi.Room, error) {
	return g.one(ctx, who, http.MethodDelete, name, "/end", nil)
}

// GiveBeacon implements adminapi.Gateway.
func (g *Gateway) GiveBeacon(ctx context.Context, who auth.Staff, name, value string) (adminapi.Room, error) {
	return g.one(ctx, who, http.MethodPost, name, "/draw/beacon", map[string]string{"value": value})
}

// Evict implements adminapi.Gateway.
func (g *Gateway) Evict(ctx context.Context, who auth.Staff, name string, number int64, epoch *int64) (adminapi.Room, error) {
	path := fmt.Sprintf("/visitors/%d", number)
	if epoch != nil {
		path += fmt.Sprintf("?epoch=%d", *epoch)
	}
	return g.one(ctx, who, http.MethodDelete, name, path, nil)
}

// one asks for, or about, one room; path goes on from the room's.
func (g *Gateway) one(ctx context.Context, who auth.Staff, method, name, path string, question any) (adminapi.Room, error) {
	if !adminapi.ValidRoom(name) { // it goes into the path
		return adminapi.Room{}, adminapi.ErrRoomUnknown
	}
	var room adminapi.Room
	if err := g.client.ask(ctx, who, method, "/control/v1/rooms/"+name+path, question, &room); err != nil {
		return adminapi.Room{}, err
	}
	if err := check(room, name); err != nil {
		return adminapi.Room{}, g.nonsense(err)
	}
	return room, nil
}

func (g *Gateway) nonsense(cause error) error {
	return g.client.unavailable(cause, "The gateway gave an answer that makes no sense.")
}

// check refuses an answer that is JSON but no room.
func check(r adminapi.Room, name string) error {
	if r.Name == "" || r.Name != name || len(r.Policy) == 0 || r.Policy[0] != '{' || len(r.Live) == 0 || r.Live[0] != '{' {
		return fmt.Errorf("not the room %q", name)
	}
	return nil
}
