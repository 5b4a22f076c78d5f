package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"anteroom/waitroom/proxy"
)

// lead makes a front lead to one upstream by the built-in routes.
func lead(t testing.TB, front *proxy.Front, upstream string) {
	t.Helper()
	var all pools
	all.log = quietLog()
	config, err := builtin(settings{BookingURL: upstream, AdminURL: upstream})
	require.NoError(t, err)
	to, err := all.replace(config.Upstreams)
	require.NoError(t, err)
	all.settle()
	t.Cleanup(all.close)
	front.Use(&proxy.Setup{Routes: config.Table, Upstreams: to})
}
