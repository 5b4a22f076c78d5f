package launch

import (
	"context"

	"anteroom/internal/relay"
)

// relays stand between the parts of a system, by the part that they lead to: redis (from the gateways), postgres (from booking and the back
// office), booking and admin (from the gateways). Nothing else of the system goes through them: visitors talk to the gateways directly.
type relays map[string]*relay.Relay

// lead is local.Options.Via: it leads to where a part listens now, from where the others have always found it.
func (r relays) lead(ctx context.Context, part, host string) (string, error) {
	if way := r[part]; way != nil {
		way.Lead(host)
		return way.Address(), nil
	}
	way, err := relay.New(ctx, host)
	if err != nil {
		return "", err
	}
	r[part] = way
	return way.Address(), nil
}

// of are the relays that a fault of a part is done to.
func (r relays) of(part string) []*relay.Relay {
	if part == "network" {
		return []*relay.Relay{r["redis"], r["booking"], r["admin"]}
	}
	return []*relay.Relay{r[part]}
}

func (r relays) close() {
	for _, way := range r {
		way.Close()
	}
}
