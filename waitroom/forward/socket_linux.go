package forward

import (
	"net"
	"syscall"
	"unsafe"
)

// socket looks at a connection's socket without reading from it. What a look needs is made once, so that looking allocates nothing.
type socket struct {
	raw    syscall.RawConn
	peek   func(fd uintptr) bool
	silent bool
}

// socketOf gives the socket under whatever has been put around a connection; nil when there is none.
func socketOf(c net.Conn) *socket {
	raw := rawOf(c)
	if raw == nil {
		return nil
	}
	s := &socket{raw: raw}
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

// quiet reports whether the socket is open and nothing can be read from it. Not safe for concurrent use.
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
