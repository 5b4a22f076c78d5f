package listen

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strconv"
)

// errHeader is for a connection that must begin with a PROXY protocol header and does not.
var errHeader = errors.New("not a proper PROXY protocol header")

func badHeader(format string, args ...any) error {
	return fmt.Errorf("%w: %s", errHeader, fmt.Sprintf(format, args...))
}

// signature begins a header of version 2; it cannot begin one of version 1.
var signature = []byte("\r\n\r\n\x00\r\nQUIT\n")

// maxLine bounds a header of version 1, its line end included (the specification, section 2.1).
const maxLine = 107

// maxAddresses bounds what a header of version 2 says after its first 16 bytes: addresses, and more that we skip.
const maxAddresses = 4096

// readHeader reads a header of either version, exactly, and returns the client's address; nil where the header says that the connection is
// the proxy's own or that it does not know.
// Specification: "The PROXY protocol", Willy Tarreau, 2020/03/05.
func readHeader(r *bufio.Reader) (net.Addr, error) {
	first, err := r.Peek(1)
	if err != nil {
		return nil, err
	}
	if first[0] == signature[0] {
		return readBinary(r)
	}
	return readLine(r)
}

// readLine reads version 1: PROXY TCP4 192.0.2.1 192.0.2.2 56324 443\r\n.
func readLine(r *bufio.Reader) (net.Addr, error) {
	var buf [maxLine]byte
	line := buf[:0]
	for !bytes.HasSuffix(line, []byte("\r\n")) {
		if len(line) == maxLine {
			return nil, badHeader("the line is longer than %d bytes", maxLine)
		}
		c, err := r.ReadByte()
		if err != nil {
			return nil, err
		}
		line = append(line, c)
		if begin := []byte("PROXY "); len(line) <= len(begin) && !bytes.HasPrefix(begin, line) {
			return nil, badHeader("it does not begin with PROXY")
		}
	}
	words := bytes.Split(line[:len(line)-2], []byte(" "))
	if len(words) >= 2 && string(words[1]) == "UNKNOWN" {
		return nil, nil
	}
	if len(words) != 6 {
		return nil, badHeader("it has %d words, not 6", len(words))
	}
	source, err := netip.ParseAddr(string(words[2]))
	if err != nil || source.Zone() != "" {
		return nil, badHeader("%q is no address", words[2])
	}
	target, err := netip.ParseAddr(string(words[3]))
	if err != nil || target.Zone() != "" {
		return nil, badHeader("%q is no address", words[3])
	}
	family := map[string]bool{"TCP4": true, "TCP6": false}
	four, ok := family[string(words[1])]
	if !ok || source.Is4() != four || target.Is4() != four {
		return nil, badHeader("%q does not go with the addresses", words[1])
	}
	port, err := portOf(words[4])
	if err != nil {
		return nil, err
	}
	if _, err := portOf(words[5]); err != nil {
		return nil, err
	}
	return net.TCPAddrFromAddrPort(netip.AddrPortFrom(source, port)), nil
}

func portOf(word []byte) (uint16, error) {
	n, err := strconv.ParseUint(string(word), 10, 16)
	if err != nil || (len(word) > 1 && word[0] == '0') {
		return 0, badHeader("%q is no port", word)
	}
	return uint16(n), nil
}

// readBinary reads version 2.
func readBinary(r *bufio.Reader) (net.Addr, error) {
	var head [16]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return nil, err
	}
	length := int(binary.BigEndian.Uint16(head[14:]))
	switch {
	case !bytes.Equal(head[:12], signature):
		return nil, badHeader("its first bytes are wrong")
	case head[12]>>4 != 2:
		return nil, badHeader("version %d", head[12]>>4)
	case head[12]&15 > 1:
		return nil, badHeader("command %d", head[12]&15)
	case length > maxAddresses:
		return nil, badHeader("%d bytes of addresses", length)
	}
	var block [36]byte // two IPv6 addresses and two ports
	known := min(length, len(block))
	if _, err := io.ReadFull(r, block[:known]); err != nil {
		return nil, err
	}
	if _, err := r.Discard(length - known); err != nil {
		return nil, err
	}
	if head[12]&15 == 0 { // LOCAL: the proxy itself, as for its health checks
		return nil, nil
	}
	var size int
	switch head[13] {
	case 0x11: // TCP over IPv4
		size = 4
	case 0x21: // TCP over IPv6
		size = 16
	case 0x00, 0x31: // not said; Unix stream
		return nil, nil
	default:
		return nil, badHeader("family and protocol %#02x", head[13])
	}
	if length < 2*size+4 {
		return nil, badHeader("%d bytes are too few for the addresses", length)
	}
	source, _ := netip.AddrFromSlice(block[:size]) // of a right length
	return net.TCPAddrFromAddrPort(netip.AddrPortFrom(source.Unmap(), binary.BigEndian.Uint16(block[2*size:]))), nil
}
