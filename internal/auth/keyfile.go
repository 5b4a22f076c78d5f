package auth

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jwk"
)

// secretBytes is the length of a symmetric key: that of the hash (RFC 7518 §3.2).
const secretBytes = 32

// InitKeys makes a key file (a private JWK set, RFC 7517, mode 0600) unless there is one, and says whether it did.
// Two callers at once are safe: one file wins whole.
func InitKeys(path string) (created bool, err error) {
	return initFile(path, func() ([]byte, error) {
		set := jwk.NewSet()
		for _, fresh := range []func() (jwk.Key, error){newSigningKey, newSecretKey} {
			key, err := fresh()
			if err != nil {
				return nil, err
			}
			if err := set.AddKey(key); err != nil {
				return nil, fmt.Errorf("make key set: %w", err)
			}
		}
		return json.MarshalIndent(set, "", "  ")
	})
}

func initFile(path string, content func() ([]byte, error)) (created bool, err error) {
	if _, err := os.Stat(path); err == nil {
		return false, nil
	} else if !errors.Is(err, fs.ErrNotExist) {
		return false, fmt.Errorf("look for key file: %w", err)
	}
	body, err := content()
	if err != nil {
		return false, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return false, fmt.Errorf("make folder of key file: %w", err)
	}
	temp, err := writeTemp(path, body)
	if err != nil {
		return false, err
	}
	defer os.Remove(temp)
	// Link, unlike Rename, fails when another process has made the file meanwhile.
	if err := os.Link(temp, path); errors.Is(err, fs.ErrExist) {
		return false, nil
	} else if err != nil {
		return false, fmt.Errorf("write key file: %w", err)
	}
	return true, nil
}

// editKeys changes a key file as a whole: who reads it meanwhile sees the old one or the new one, and two who change it at once do it
// one after the other. A change that would leave a file that cannot be loaded is not made.
func editKeys(path string, change func(set jwk.Set) error) error {
	unlock, err := lockFolder(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer unlock()
	body, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("read key file: %w", err)
	}
	if _, err := parseKeySet(body); err != nil {
		return fmt.Errorf("key file %s: %w", path, err)
	}
	set, err := jwk.Parse(body)
	if err != nil {
		return fmt.Errorf("key file %s: %w", path, err)
	}
	if err := change(set); err != nil {
		return err
	}
	after, err := json.MarshalIndent(set, "", "  ")
	if err != nil {
		return fmt.Errorf("encode key file: %w", err)
	}
	if _, err := parseKeySet(after); err != nil {
		return fmt.Errorf("the key file would become unusable: %w", err)
	}
	temp, err := writeTemp(path, after)
	if err != nil {
		return err
	}
	if err := os.Rename(temp, path); err != nil {
		return errors.Join(fmt.Errorf("write key file: %w", err), os.Remove(temp))
	}
	return nil
}

// writeTemp writes a file of mode 0600 beside the path, on disk when it returns.
func writeTemp(path string, body []byte) (name string, err error) {
	temp, err := os.CreateTemp(filepath.Dir(path), ".keys-*") // made with mode 0600
	if err != nil {
		return "", fmt.Errorf("write key file: %w", err)
	}
	_, err = temp.Write(body)
	if err == nil {
		err = temp.Sync()
	}
	if err = errors.Join(err, temp.Close()); err != nil {
		return "", errors.Join(fmt.Errorf("write key file: %w", err), os.Remove(temp.Name()))
	}
	return temp.Name(), nil
}

// lockFolder waits for whoever else changes a key file in the folder. The file itself cannot be locked: it is replaced.
func lockFolder(dir string) (unlock func(), err error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, fmt.Errorf("open folder of key file: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		return nil, errors.Join(fmt.Errorf("lock folder of key file: %w", err), f.Close())
	}
	return func() { _ = f.Close() }, nil // closing unlocks
}

func newSigningKey() (jwk.Key, error) {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make signing key: %w", err)
	}
	return newKey(private, jwa.EdDSA)
}

func newSecretKey() (jwk.Key, error) {
	secret := make([]byte, secretBytes)
	if _, err := rand.Read(secret); err != nil {
		return nil, fmt.Errorf("make symmetric key: %w", err)
	}
	return newKey(secret, jwa.HS256)
}

func newKey(raw any, alg jwa.SignatureAlgorithm) (jwk.Key, error) {
	key, err := jwk.FromRaw(raw)
	if err != nil {
		return nil, fmt.Errorf("make key: %w", err)
	}
	id := make([]byte, 8)
	if _, err := rand.Read(id); err != nil {
		return nil, fmt.Errorf("make key id: %w", err)
	}
	for name, value := range map[string]any{jwk.KeyIDKey: hex.EncodeToString(id), jwk.AlgorithmKey: alg, jwk.KeyUsageKey: jwk.ForSignature} {
		if err := key.Set(name, value); err != nil {
			return nil, fmt.Errorf("make key: %w", err)
		}
	}
	return key, nil
}
