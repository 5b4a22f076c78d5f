package testenv

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"anteroom/internal/relay"
)

// Cable is the way to a server, which a test can cut and join again, make slow or deaf, and lead elsewhere. It starts joined. Safe for
// concurrent use.
type Cable struct {
	*relay.Relay
}

// NewCable lays a cable to the server in the address, and returns the address that goes through it.
func NewCable(t testing.TB, address string) (*Cable, string) {
	t.Helper()
	u, err := url.Parse(address)
	require.NoError(t, err)
	r, err := relay.New(t.Context(), u.Host)
	require.NoError(t, err)
	t.Cleanup(r.Close)
	u.Host = r.Address()
	return &Cable{r}, u.String()
}
