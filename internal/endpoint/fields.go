package endpoint

// token are the bytes that names of headers and methods are made of (RFC 9110, section 5.6.2).
var token = func() (t [256]bool) {
	for _, c := range "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" {
		t[c] = true
	}
	return t
}()

// IsToken reports whether a name can be that of a header or a method. Nothing is no name.
func IsToken(name []byte) bool {
	for _, c := range name {
		if !token[c] {
			return false
		}
	}
	return len(name) > 0
}

// IsText reports whether the value of a header holds no control characters but tabs (RFC 9110, section 5.5).
func IsText(value []byte) bool {
	for _, c := range value {
		if c < ' ' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}

// TrimSpace takes away what may stand around a value (optional whitespace of RFC 9110, section 5.6.3): spaces and tabs. It looks at no more than
// that, unlike bytes.TrimSpace, and prepares nothing, unlike bytes.Trim.
func TrimSpace(b []byte) []byte {
	for len(b) > 0 && (b[0] == ' ' || b[0] == '\t') {
		b = b[1:]
	}
	for len(b) > 0 && (b[len(b)-1] == ' ' || b[len(b)-1] == '\t') {
		b = b[:len(b)-1]
	}
	return b
}

// BeginsLike reports whether the name of a header begins like one of ours, which is in small letters. An underscore counts as a hyphen, as it does
// to some upstreams.
func BeginsLike(name []byte, own string) bool {
	if len(name) < len(own) {
		return false
	}
	for i := range len(own) {
		c := name[i]
		switch {
		case c == '_':
			c = '-'
		case 'A' <= c && c <= 'Z':
			c |= 0x20
		}
		if c != own[i] {
			return false
		}
	}
	return true
}

// IsLike reports whether the name of a header is one of ours, as BeginsLike compares them.
func IsLike(name []byte, own string) bool { return len(name) == len(own) && BeginsLike(name, own) }
