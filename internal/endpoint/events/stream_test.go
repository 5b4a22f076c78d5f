package events

import (
	"bufio"
	"io"
	"net"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// connection is a stream of numbers to the other end of a pipe, which holds nothing: what is not read blocks the writer.
type connection struct {
	client   net.Conn
	news     chan int
	stopping chan struct{}
	over     chan struct{} // closed when the stream has ended
}

func stream(until time.Time) *connection {
	server, client := net.Pipe()
	c := &connection{client, make(chan int, 1), make(chan struct{}), make(chan struct{})}
	even := func(n int) []byte {
		if n%2 != 0 {
			return nil
		}
		return Text("number", "", strconv.AppendInt(nil, int64(n), 10))
	}
	go func() {
		defer close(c.over)
		defer server.Close()
		Stream[int]{News: c.news, Event: even, Until: until}.run(c.stopping, sender(server, bufio.NewWriter(server)))
	}()
	return c
}

func (c *connection) ended() bool {
	synctest.Wait()
	select {
	case <-c.over:
		return true
	default:
		return false
	}
}

// read takes in everything, and gives it once the stream is over.
func (c *connection) read() <-chan string {
	all := make(chan string, 1)
	go func() {
		text, _ := io.ReadAll(c.client)
		all <- string(text)
	}()
	return all
}

func TestAStreamTellsWhatComesAndBeats(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := stream(time.Time{})
		all := c.read()
		time.Sleep(beatEvery - time.Second)
		c.news <- 1 // nothing that this client is told
		time.Sleep(2 * time.Second)
		c.news <- 2
		time.Sleep(beatEvery - time.Second)
		c.news <- 4
		require.False(t, c.ended())
		close(c.stopping)
		require.True(t, c.ended(), "without waiting for anything else")
		require.Equal(t, "event: number\ndata: 0\n\n: still here\n\nevent: number\ndata: 2\n\nevent: number\ndata: 4\n\n", <-all)
	})
}

func TestAStreamEndsAtItsTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := stream(time.Now().Add(time.Hour))
		c.read()
		time.Sleep(time.Hour - time.Second)
		require.False(t, c.ended())
		time.Sleep(time.Second)
		require.True(t, c.ended())
	})
}

func TestAStreamEndsWhenTheClientDoesNotRead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		slow, patient := stream(time.Time{}), stream(time.Time{})
		defer slow.client.Close()
		patient.read()
		time.Sleep(writeLimit - time.Second)
		require.False(t, slow.ended(), "a client may be slow")
		time.Sleep(time.Second)
		require.True(t, slow.ended())
		time.Sleep(24 * time.Hour)
		require.False(t, patient.ended(), "one that reads stays, though nothing comes but beats")
		close(patient.stopping)
		require.True(t, patient.ended())
	})
}

func TestAStreamEndsWhenTheClientIsGone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := stream(time.Time{})
		_, err := bufio.NewReader(c.client).ReadString('0')
		require.NoError(t, err)
		require.NoError(t, c.client.Close())
		require.False(t, c.ended(), "it is found out when it is written to")
		time.Sleep(beatEvery)
		require.True(t, c.ended())
	})
}

func TestTextOfAnEvent(t *testing.T) {
	t.Parallel()
	require.Equal(t, "event: state\nid: 12\ndata: {}\n\n", string(Text("state", "12", []byte("{}"))))
	require.Equal(t, "event: state\ndata: {}\n\n", string(Text("state", "", []byte("{}"))))
}
