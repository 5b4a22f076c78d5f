package main

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// wire speaks HTTP on many sockets from one thread, with epoll, so that measuring takes as little of the machine from what is measured
// as wrk would. It knows just enough: whole messages, one at a time on each connection.
type wire struct {
	epoll  int
	buffer []byte
	size   map[int32]int // bytes of the message that is coming, by socket
}

func newWire() (*wire, error) {
	epoll, err := syscall.EpollCreate1(syscall.EPOLL_CLOEXEC)
	return &wire{epoll: epoll, buffer: make([]byte, 64<<10), size: map[int32]int{}}, err
}

func (w *wire) watch(fd int) error {
	return syscall.EpollCtl(w.epoll, syscall.EPOLL_CTL_ADD, fd, &syscall.EpollEvent{Events: syscall.EPOLLIN, Fd: int32(fd)})
}

func (w *wire) close(fd int32) {
	delete(w.size, fd)
	_ = syscall.Close(int(fd))
}

// each calls got for each socket that can be read, until it returns an error or nothing came for too long.
func (w *wire) each(patience time.Duration, got func(fd int32) error) error {
	events := make([]syscall.EpollEvent, 128)
	for {
		n, err := syscall.EpollWait(w.epoll, events, int(patience.Milliseconds()))
		switch {
		case err == syscall.EINTR:
		case err != nil:
			return err
		case n == 0:
			return fmt.Errorf("nothing came for %s", patience)
		}
		for _, e := range events[:max(n, 0)] {
			if err := got(e.Fd); err != nil {
				return err
			}
		}
	}
}

// serveWire answers every request on a port with the same bytes, from a goroutine of its own, until it is stopped.
func serveWire(answer string) (addr string, stop func(), err error) {
	w, err := newWire()
	if err != nil {
		return "", nil, err
	}
	listener, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return "", nil, err
	}
	if err := syscall.Bind(listener, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		return "", nil, err
	}
	if err := syscall.Listen(listener, 1024); err != nil {
		return "", nil, err
	}
	name, err := syscall.Getsockname(listener)
	if err != nil {
		return "", nil, err
	}
	var bell [2]int // when its second end is closed, the goroutine stops
	if err := syscall.Pipe2(bell[:], syscall.O_CLOEXEC); err != nil {
		return "", nil, err
	}
	for _, fd := range []int{listener, bell[0]} {
		if err := w.watch(fd); err != nil {
			return "", nil, err
		}
	}
	bytesOf := []byte(answer)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = w.each(time.Hour, func(fd int32) error {
			if int(fd) == bell[0] {
				return errEnough
			}
			if int(fd) == listener {
				if c, _, err := syscall.Accept4(listener, syscall.SOCK_CLOEXEC); err == nil {
					_ = syscall.SetsockoptInt(c, syscall.IPPROTO_TCP, syscall.TCP_NODELAY, 1)
					_ = w.watch(c)
				}
				return nil
			}
			n, err := syscall.Read(int(fd), w.buffer)
			if err != nil || n <= 0 {
				w.close(fd)
				return nil
			}
			if bytes.HasSuffix(w.buffer[:n], []byte("\r\n\r\n")) { // the requests have no body and fit in one segment
				_, _ = syscall.Write(int(fd), bytesOf)
			}
			return nil
		})
	}()
	stop = func() {
		_ = syscall.Close(bell[1]) // the other end can be read then
		<-ended
		_ = syscall.Close(bell[0])
		_ = syscall.Close(listener)
		_ = syscall.Close(w.epoll)
	}
	return fmt.Sprintf("127.0.0.1:%d", name.(*syscall.SockaddrInet4).Port), stop, nil
}

// load is a number of kept connections to one address, for requests that are sent again and again.
type load struct {
	wire    *wire
	sockets []int32
}

// newLoad opens so many connections.
func newLoad(t testing.TB, addr string, connections int) *load {
	t.Helper()
	w, err := newWire()
	require.NoError(t, err)
	t.Cleanup(func() { _ = syscall.Close(w.epoll) })
	l := &load{wire: w}
	_, text, err := net.SplitHostPort(addr)
	require.NoError(t, err)
	port, err := strconv.Atoi(text)
	require.NoError(t, err)
	for range connections {
		fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
		require.NoError(t, err)
		t.Cleanup(func() { _ = syscall.Close(fd) })
		require.NoError(t, syscall.SetsockoptInt(fd, syscall.IPPROTO_TCP, syscall.TCP_NODELAY, 1))
		require.NoError(t, syscall.Connect(fd, &syscall.SockaddrInet4{Port: port, Addr: [4]byte{127, 0, 0, 1}}))
		require.NoError(t, w.watch(fd))
		l.sockets = append(l.sockets, int32(fd))
	}
	return l
}

// send sends a request n times, but at least once over each connection, which waits for its answer before the next. It fails unless every answer is the
// expected one: status 200 or 201, and as long as it says.
func (l *load) send(request []byte, n int) error {
	n = max(n, len(l.sockets))
	for _, fd := range l.sockets {
		if _, err := syscall.Write(int(fd), request); err != nil {
			return err
		}
	}
	w, sent, answered := l.wire, len(l.sockets), 0
	err := w.each(20*time.Second, func(fd int32) error {
		got := w.size[fd]
		read, err := syscall.Read(int(fd), w.buffer[:])
		if err != nil || read <= 0 {
			return fmt.Errorf("a connection ended after %d answers: %w", answered, err)
		}
		if got == 0 {
			if got, err = answerSize(w.buffer[:read]); err != nil {
				return err
			}
		}
		if got -= read; got < 0 {
			return fmt.Errorf("more came than the answer: %q", w.buffer[:read])
		}
		w.size[fd] = got
		if got > 0 {
			return nil
		}
		if answered++; answered == n {
			return errEnough
		}
		if sent < n {
			sent++
			_, err = syscall.Write(int(fd), request)
		}
		return err
	})
	if errors.Is(err, errEnough) {
		return nil
	}
	return err
}

var errEnough = errors.New("enough")

// answerSize is how long an answer is in bytes, from its beginning.
func answerSize(b []byte) (int, error) {
	head := bytes.Index(b, []byte("\r\n\r\n"))
	at := bytes.Index(b, []byte("Content-Length: "))
	if at < 0 {
		at = bytes.Index(b, []byte("content-length: ")) // as HAProxy writes it
	}
	if !bytes.HasPrefix(b, []byte("HTTP/1.1 20")) || head < 0 || at < 0 || at > head {
		return 0, fmt.Errorf("not the answer that was expected: %q", b)
	}
	text := b[at+len("Content-Length: "):]
	n, err := strconv.Atoi(string(text[:bytes.IndexByte(text, '\r')]))
	return head + len("\r\n\r\n") + n, err
}
