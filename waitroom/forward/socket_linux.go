package forward

import (
	"errors"
	"io"
	"net"
	"syscall"
	"unsafe"
)

// socket does to a connection's socket what package net has no call for. What that needs is made once, so that using it allocates nothing.
// Not safe for concurrent use.
type socket struct {
	raw    syscall.RawConn
	plain  bool // nothing is around the socket: what is written to it is what is sent
	peek   func(fd uintptr) bool
	turn   func(fd uintptr) bool
	silent bool // what peek found

	out, in []byte // what turn sends, and where it reads to
	sent    int
	got     int
	failed  error
	waiting bool // turn has sent everything
}

// socketOf gives the socket under whatever has been put around a connection; nil when there is none.
func socketOf(c net.Conn) *socket {
	raw := rawOf(c)
	if raw == nil {
		return nil
	}
	_, plain := c.(*net.TCPConn)
	s := &socket{raw: raw, plain: plain}
	s.turn = s.takeTurn
	s.peek = func(fd uintptr) bool {
		var b byte
		_, _, errno := syscall.Syscall6(syscall.SYS_RECVFROM, fd, uintptr(unsafe.Pointer(&b)), 1, syscall.MSG_PEEK|syscall.MSG_DONTWAIT, 0, 0) //nolint:gosec // As the standard library does.
		s.silent = errno == syscall.EAGAIN
		return true
	}
	return s
}

func rawOf(c net.Conn) syscall.RawConn {
	for {
		if s, ok := c.(syscall.Conn); ok {
			raw, err := s.SyscallConn()
			if err != nil {
				return nil
			}
			return raw
		}
		under, ok := c.(interface{ NetConn() net.Conn })
		if !ok {
			return nil
		}
		c = under.NetConn()
	}
}

// ask sends a request and waits for the first bytes of its answer. It spares the attempt to read that package net makes first, which finds
// nothing so soon after the request: one call of the kernel in four. When it returns with less sent than out is long, nothing has been read.
func (s *socket) ask(out, in []byte) (sent, got int, err error) {
	s.out, s.in, s.sent, s.got, s.failed, s.waiting = out, in, 0, 0, nil, false
	if err = s.raw.Read(s.turn); err == nil {
		err = s.failed
	}
	s.out, s.in = nil, nil
	return s.sent, s.got, err
}

// takeTurn is called by the runtime once it watches for something to read, and, after it has returned false, when there may be something. The
// order matters: an answer that came between the request and the watch would not be noticed.
func (s *socket) takeTurn(fd uintptr) bool {
	if !s.waiting {
		s.waiting = true
		s.sent, s.failed = syscall.Write(int(fd), s.out)
		if errors.Is(s.failed, syscall.EAGAIN) || errors.Is(s.failed, syscall.EINTR) {
			s.sent, s.failed = 0, nil
		}
		s.sent = max(s.sent, 0)
		return s.failed != nil || s.sent < len(s.out)
	}
	for {
		n, err := syscall.Read(int(fd), s.in)
		switch {
		case err == syscall.EINTR:
			continue
		case err == syscall.EAGAIN:
			return false
		case err != nil:
			s.failed = err
		case n == 0:
			s.failed = io.EOF
		default:
			s.got = n
		}
		return true
	}
}

// quiet reports whether the socket is open and nothing can be read from it.
func (s *socket) quiet() bool {
	s.silent = false
	return s.raw.Read(s.peek) == nil && s.silent
}

// States of a TCP socket, of include/net/tcp_states.h.
const (
	tcpEstablished = 1
	tcpSynRecv     = 3
)

// left reports whether a visitor has closed the connection, as seen from here: a half-closed one counts, as it does for nginx. What the visitor
// has sent before that may lie unread, so that looking for the end of what can be read would not tell.
func left(visitor net.Conn) bool {
	if visitor == nil {
		return false
	}
	raw := rawOf(visitor)
	if raw == nil {
		return false
	}
	gone := false
	err := raw.Control(func(fd uintptr) {
		info, err := syscall.GetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_INFO)
		state := info & 0xff // the first byte of struct tcp_info
		gone = err == nil && state != tcpEstablished && state != tcpSynRecv
	})
	return err != nil || gone
}
