package auth

import (
	"bufio"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"anteroom/internal/fault"
)

// Errors of BypassKeys.Link and BypassKeys.Cookie.
var (
	ErrBypassInvalid = fault.New(fault.Forbidden, "bypass-invalid", "The bypass link is not valid here.")
	ErrBypassExpired = fault.New(fault.Forbidden, "bypass-expired", "The bypass link has run out.")
)

// Bypass is leave to go past the gate of a room.
type Bypass struct {
	Room    string
	Host    string    // in lower case, without a port
	Path    string    // the one that a link is good for; empty in a cookie, which opens the room
	Expires time.Time // to the second
}

// BypassKeys sign and verify bypass links and the cookies that follow them. They are keys of their own, so that who may make links
// need not hold the keys that passes are signed with. Immutable, so safe for concurrent use.
type BypassKeys struct{ secrets [][]byte }

// minBypassKey is the least length of a key, in bytes: that of the MAC.
const minBypassKey = sha256.Size

// LoadBypassKeys reads a key file: one key a line in base64, at least 32 bytes each; lines that begin with # and empty ones do not
// count. The first key signs, all verify, so a key is replaced by putting a new one above it and taking the old one away once its links have
// run out. The error says what is wrong.
func LoadBypassKeys(path string) (*BypassKeys, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read bypass keys: %w", err)
	}
	defer f.Close()
	k := &BypassKeys{}
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		text := strings.TrimSpace(lines.Text())
		if text == "" || text[0] == '#' {
			continue
		}
		secret, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return nil, fmt.Errorf("bypass keys %s, line %d: not base64", path, n)
		}
		if len(secret) < minBypassKey {
			return nil, fmt.Errorf("bypass keys %s, line %d: a key has at least %d bytes, this one %d", path, n, minBypassKey, len(secret))
		}
		k.secrets = append(k.secrets, secret)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read bypass keys %s: %w", path, err)
	}
	if len(k.secrets) == 0 {
		return nil, fmt.Errorf("bypass keys %s: there is no key in it", path)
	}
	return k, nil
}

// InitBypassKeys makes a key file of mode 0600 unless there is one, and says whether it did.
func InitBypassKeys(path string) (created bool, err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return false, fmt.Errorf("make folder of bypass keys: %w", err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return false, nil
	} else if err != nil {
		return false, fmt.Errorf("make bypass keys: %w", err)
	}
	secret := make([]byte, minBypassKey)
	_, _ = rand.Read(secret) // never fails
	_, err = fmt.Fprintln(f, base64.StdEncoding.EncodeToString(secret))
	if err := errors.Join(err, f.Close()); err != nil {
		return false, fmt.Errorf("write bypass keys: %w", err)
	}
	return true, nil
}

// The two kinds of tokens. The kind is in front of what is signed, so that neither can be used as the other.
const (
	bypassLink   = "link"
	bypassCookie = "cookie"
)

type bypassClaims struct {
	Room    string `json:"r"`
	Host    string `json:"h"`
	Path    string `json:"p,omitempty"`
	Expires int64  `json:"e"` // Unix seconds
}

// SignLink makes the token of a link to one path.
func (k *BypassKeys) SignLink(b Bypass) (string, error) { return k.sign(bypassLink, b) }

// SignCookie makes the token of a cookie that opens a room. The path does not count.
func (k *BypassKeys) SignCookie(b Bypass) (string, error) {
	b.Path = ""
	return k.sign(bypassCookie, b)
}

func (k *BypassKeys) sign(kind string, b Bypass) (string, error) {
	claims, err := json.Marshal(bypassClaims{b.Room, b.Host, b.Path, b.Expires.Unix()})
	if err != nil {
		return "", fmt.Errorf("sign bypass: %w", err)
	}
	text := base64.RawURLEncoding.EncodeToString(claims)
	return text + "." + bypassMAC(k.secrets[0], kind, text), nil
}

func bypassMAC(secret []byte, kind, text string) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("anteroom bypass " + kind + "\n" + text))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// Link verifies the token of a link that came to this room, host and path, and returns when it runs out.
func (k *BypassKeys) Link(token string, room, host, path string, now time.Time) (time.Time, error) {
	return k.verify(bypassLink, token, Bypass{Room: room, Host: host, Path: path}, now)
}

// Cookie verifies the token of a cookie that came to this room and host, and returns when it runs out.
func (k *BypassKeys) Cookie(token string, room, host string, now time.Time) (time.Time, error) {
	return k.verify(bypassCookie, token, Bypass{Room: room, Host: host}, now)
}

func (k *BypassKeys) verify(kind, token string, want Bypass, now time.Time) (time.Time, error) {
	text, mac, ok := strings.Cut(token, ".")
	if !ok || len(token) > maxToken || !k.signed(kind, text, mac) {
		return time.Time{}, ErrBypassInvalid
	}
	// From here on it is our own writing.
	raw, err := base64.RawURLEncoding.DecodeString(text)
	var c bypassClaims
	if err != nil || json.Unmarshal(raw, &c) != nil || c.Room != want.Room || c.Host != want.Host || c.Path != want.Path {
		return time.Time{}, ErrBypassInvalid
	}
	expires := time.Unix(c.Expires, 0)
	if !now.Before(expires) {
		return time.Time{}, ErrBypassExpired
	}
	return expires, nil
}

// signed compares in constant time with what each of the keys makes of the text.
func (k *BypassKeys) signed(kind, text, mac string) bool {
	for _, secret := range k.secrets {
		if hmac.Equal([]byte(bypassMAC(secret, kind, text)), []byte(mac)) {
			return true
		}
	}
	return false
}
