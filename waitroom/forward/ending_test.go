package forward

import (
	"io"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// ends are both ends of a connection.
func ends(t *testing.T) (net.Conn, *peer) {
	t.Helper()
	l := listen(t)
	defer l.Close()
	there := dial(t, l.Addr().String())
	here, err := l.Accept()
	require.NoError(t, err)
	t.Cleanup(func() { _ = here.Close() })
	return here, there
}

// during does something within each piece that is written.
type during struct {
	io.Writer
	do func()
}

func (d during) Write(p []byte) (int, error) {
	d.do()
	return d.Writer.Write(p)
}

// TestAnAnswerEndsInGoodOrder wherever the stop of the server, or the end of a visitor's session, comes in between: what is being written is still taken,
// and so is the end.
func TestAnAnswerEndsInGoodOrder(t *testing.T) {
	t.Parallel()
	for _, why := range []error{errStopping, errEnded} {
		for name, within := range map[string]bool{"before a piece is written": false, "while it is written": true} {
			t.Run(name+", as "+why.Error(), func(t *testing.T) {
				t.Parallel()
				upstream, _ := ends(t)
				visitor, reader := ends(t)
				c := &conn{Conn: upstream}
				x := &exchange{pool: &Pool{o: Options{Silence: patience}}, conn: c, framing: unframed}
				x.w = copy(x.in[:], "hello")
				c.begin(visitor, patience, nil)
				want := "bye"
				if within {
					want = "hellobye"
				} else {
					c.abort(why)
				}
				_, err := x.WriteTo(during{visitor, func() { c.abort(why) }})
				require.NoError(t, err)
				_, err = io.WriteString(visitor, "bye") // as fasthttp writes the last chunk
				require.NoError(t, err)
				require.NoError(t, visitor.Close())
				got, err := io.ReadAll(reader)
				require.NoError(t, err)
				assert.Equal(t, want, string(got))
			})
		}
	}
}

// TestAVisitorWhoTakesNothingEndsAllTheSame: a stop waits for nobody who takes nothing.
func TestAVisitorWhoTakesNothingEndsAllTheSame(t *testing.T) {
	t.Parallel()
	upstream, _ := ends(t)
	visitor, _ := ends(t)
	c := &conn{Conn: upstream}
	x := &exchange{pool: &Pool{o: Options{Silence: patience}}, conn: c, framing: unframed}
	x.w = len(x.in)
	c.begin(visitor, patience, nil)
	_, err := x.WriteTo(during{visitor, func() {
		c.abort(errStopping)
		for err := error(nil); err == nil; {
			_, err = visitor.Write(make([]byte, 1<<20)) // until nothing more goes in
		}
	}})
	var timeout net.Error
	require.ErrorAs(t, err, &timeout)
	require.True(t, timeout.Timeout())
}

// TestASlowVisitorIsToBlame also where a busy machine has not noticed his own deadline, which comes first.
func TestASlowVisitorIsToBlame(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		wait      waiting
		want      error
		upstreams bool
	}{{forBody, ErrSlow, false}, {forUpstream, ErrTimeout, true}} {
		here, _ := ends(t)
		one := &conn{Conn: here}
		one.begin(nil, patience, nil)
		require.NoError(t, one.await(c.wait, patience))
		one.look(time.Now().Add(2 * patience).UnixNano())
		what, upstreams := explain(one.why(nil))
		require.ErrorIs(t, what, c.want)
		assert.Equal(t, c.upstreams, upstreams)
	}
}
