package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// Argon2id with the second recommended option of RFC 9106 §4 would take 64 MiB a sign-in; these are OWASP's
// parameters of equal strength that let a crowd sign in at once.
const (
	argonTime    = 2
	argonMemory  = 19 << 10 // KiB
	argonThreads = 1
	argonKey     = 32
	argonSalt    = 16
)

// hashing bounds how many passwords are hashed at a time, and so the memory a crowd of sign-ins takes: 19 MiB each.
var hashing = make(chan struct{}, 8)

// HashPassword makes an argon2id hash (RFC 9106) in PHC string form, with its parameters and a random salt.
func HashPassword(password string) (string, error) {
	salt := make([]byte, argonSalt)
	if _, err := rand.Read(salt); err != nil {
		return "", fmt.Errorf("make salt: %w", err)
	}
	key := derive(password, salt, argonTime, argonMemory, argonThreads)
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonTime, argonThreads,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key)), nil
}

// CheckPassword reports whether hash, made by HashPassword, is of this password. Anything else is false.
func CheckPassword(hash, password string) bool {
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false
	}
	var version, memory, time uint32
	var threads uint8
	if _, err := fmt.Sscanf(parts[2], "v=%d", &version); err != nil || version != argon2.Version {
		return false
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &memory, &time, &threads); err != nil || time == 0 || threads == 0 || memory > 1<<20 {
		return false
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return false
	}
	want, err := base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil || len(want) != argonKey {
		return false
	}
	return subtle.ConstantTimeCompare(derive(password, salt, time, memory, threads), want) == 1
}

// DummyCheck takes as long as CheckPassword. Call it where there is no such user, so that the time of the
// answer does not tell who has an account.
func DummyCheck(password string) {
	derive(password, make([]byte, argonSalt), argonTime, argonMemory, argonThreads)
}

func derive(password string, salt []byte, time, memory uint32, threads uint8) []byte {
	hashing <- struct{}{}
	defer func() { <-hashing }()
	return argon2.IDKey([]byte(password), salt, time, memory, threads, argonKey)
}

// NewSecret makes an opaque session token of 256 random bits, and the digest of it that is stored in its place.
func NewSecret() (token string, digest []byte) {
	raw := make([]byte, 32)
	rand.Read(raw) // never fails (crypto/rand since Go 1.24)
	token = base64.RawURLEncoding.EncodeToString(raw)
	return token, Digest([]byte(token))
}

// Digest is the SHA-256 of a session token: who reads the session table cannot sign in with it.
func Digest(token []byte) []byte {
	sum := sha256.Sum256(token)
	return sum[:]
}
