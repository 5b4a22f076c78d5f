package main

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestSIGHUPReadsTheFile asks a real process, with a file that has not changed: only the signal can be the reason.
func TestSIGHUPReadsTheFile(t *testing.T) {
	t.Parallel()
	s := newTestSystem(t)
	file, replace := s.configure(siteFile)
	g := s.start() // for its client
	p := s.process("reload", "--config", file)
	other := g.elsewhere(p)
	metric := func(line string) func() bool {
		return func() bool { return strings.Contains(string(other.get(other.opsURL+"/metrics").body), "\n"+line+"\n") }
	}
	require.True(t, metric("waitroom_config_generation 1")())
	p.Running.Signal(syscall.SIGHUP)
	require.Eventually(t, metric("waitroom_config_generation 2"), deadline, 20*time.Millisecond)

	replace(siteFile + "nonsense: 1\n")
	p.Running.Signal(syscall.SIGHUP)
	require.Eventually(t, metric("waitroom_config_refusing 1"), deadline, 20*time.Millisecond)
	assert.Equal(t, "upstream", string(other.on("GET", "shop.test", "/x").body), "what was in force stays")
	assert.Contains(t, p.Running.Tail(20), `"key":"nonsense","reason":"is not known here`)
	p.Stop()
}
