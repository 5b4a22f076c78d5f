package forward

import (
	"io"
	"testing"

	"github.com/stretchr/testify/require"
)

// A forwarded request costs no memory, with fasthttp's part, the upstream and the visitor counted in.
func TestForwardingAllocatesNothing(t *testing.T) {
	if raceEnabled {
		return // the detector's own memory would be counted; the same path is tested without it
	}
	f := serve(t, Options{Addresses: []string{upstream(t, func(_ int, c *peer) {
		buffer, answer := make([]byte, 4096), []byte(hello)
		for {
			if _, err := c.Read(buffer); err != nil {
				return
			}
			if _, err := c.Write(answer); err != nil {
				return
			}
		}
	})}})
	visitor := dial(t, f.addr)
	request, buffer := []byte(get), make([]byte, 4096)
	require.NoError(t, visitor.say(get))
	size, err := visitor.Read(buffer)
	require.NoError(t, err)
	ask := func() {
		_, err1 := visitor.Write(request)
		_, err2 := io.ReadFull(visitor.TCPConn, buffer[:size])
		if err1 != nil || err2 != nil {
			t.Errorf("%v, %v", err1, err2)
		}
	}
	for range 200 { // the pools fill
		ask()
	}
	require.Zero(t, testing.AllocsPerRun(2000, ask))
}
