package routes

import (
	"bytes"
	"errors"
	"fmt"
	"net/netip"
	"strings"
)

// maxHost bounds the name of a host, in bytes (RFC 1035 §2.3.4).
const maxHost = 253

// AnyHost is the host of a site that answers for all hosts that no other site has.
const AnyHost = "*"

// parseHost reads a host as the configuration writes it: a name, *.name for all names below it, an IP address, or *. It is returned
// in the form that requests are compared with.
func parseHost(text string) (string, error) {
	if text == AnyHost {
		return text, nil
	}
	name, wild := strings.CutPrefix(text, "*.")
	name = strings.ToLower(name)
	switch {
	case strings.Contains(name, "://") || strings.Contains(name, "/"):
		return "", errors.New("is a URL; write the host alone")
	case strings.Contains(name, "*"):
		return "", errors.New("has * in the middle; write *.example.com for all hosts below example.com")
	}
	if addr, err := netip.ParseAddr(strings.Trim(name, "[]")); err == nil && !wild {
		if addr.Is6() {
			return "[" + addr.String() + "]", nil
		}
		return addr.String(), nil
	}
	if strings.Contains(name, ":") {
		return "", errors.New("has a port; a site is served on the gateway's own port, whatever visitors call it")
	}
	if len(name) > maxHost {
		return "", fmt.Errorf("is longer than %d bytes", maxHost)
	}
	for label := range strings.SplitSeq(name, ".") {
		if err := checkLabel(label); err != nil {
			return "", err
		}
	}
	if wild {
		return "*." + name, nil
	}
	return name, nil
}

func checkLabel(label string) error {
	if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
		return fmt.Errorf("has the label %q; labels are 1 to 63 letters, digits and hyphens, with no hyphen at either end", label)
	}
	for i := range len(label) {
		switch c := label[i]; {
		case c >= 0x80:
			return errors.New("is not ASCII; write international names in their xn-- form")
		case (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '_':
			return fmt.Errorf("has the character %q", c)
		}
	}
	return nil
}

// hosts are the sites by the hosts that they answer for. The nearest wins: the host itself, then the longest *.name, then *.
type hosts struct {
	exact map[string]*site
	below map[string]*site // by what follows the *, with its dot: ".example.com"
	all   *site
}

// find returns the site of a request's host, nil when there is none. The host may be in any case, with a port, and with the root's dot.
func (h *hosts) find(host []byte) *site {
	var buf [maxHost]byte
	name, ok := bareHost(buf[:0], host)
	if !ok {
		return nil // not even a site for all hosts answers for what is no host
	}
	if s, ok := h.exact[string(name)]; ok {
		return s
	}
	if len(h.below) > 0 && len(name) > 0 && name[0] != '[' {
		for rest := name; ; {
			dot := bytes.IndexByte(rest, '.')
			if dot < 0 {
				break
			}
			if s, ok := h.below[string(rest[dot:])]; ok && dot > 0 {
				return s
			}
			rest = rest[dot+1:]
		}
	}
	return h.all
}

// bareHost puts a host into lower case without its port and the root's dot.
func bareHost(buf, host []byte) ([]byte, bool) {
	if len(host) > 0 && host[0] == '[' {
		end := bytes.IndexByte(host, ']')
		if end < 0 || (end+1 < len(host) && host[end+1] != ':') {
			return nil, false
		}
		host = host[:end+1]
	} else if colon := bytes.IndexByte(host, ':'); colon >= 0 {
		host = host[:colon]
	}
	host = bytes.TrimSuffix(host, []byte("."))
	if len(host) > maxHost {
		return nil, false
	}
	for _, c := range host {
		switch {
		case 'A' <= c && c <= 'Z':
			c |= 0x20
		case c <= ' ' || c >= 0x7f || c == '/' || c == '\\' || c == '@' || c == '?' || c == '#' || c == ',':
			return nil, false
		}
		buf = append(buf, c)
	}
	return buf, true
}
