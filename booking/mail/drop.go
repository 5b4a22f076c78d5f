package mail

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"

	"anteroom/booking"
)

// Drop puts each mail into a folder as a file of its own, <name>.eml: for a demonstration, and for a program that collects them. A mail that
// is there already is left as it is, so none is there twice.
type Drop struct{ dir string }

// NewDrop makes the folder unless it is there.
func NewDrop(dir string) (*Drop, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make folder for mails: %w", err)
	}
	return &Drop{dir: dir}, nil
}

var plainName = regexp.MustCompile(`^[a-zA-Z0-9][a-zA-Z0-9._-]{0,199}$`)

// Send implements Sender. When it returns, the mail is on disk.
func (d *Drop) Send(_ context.Context, m Mail) (booking.Delivery, error) {
	name := m.Name
	if !plainName.MatchString(name) {
		sum := sha256.Sum256([]byte(name))
		name = hex.EncodeToString(sum[:])
	}
	path := filepath.Join(d.dir, name+".eml")
	temp, err := os.CreateTemp(d.dir, ".mail-*")
	if err != nil {
		return booking.Delivery{}, fmt.Errorf("drop mail: %w", err)
	}
	defer os.Remove(temp.Name())
	_, err = temp.Write(m.Bytes)
	if err == nil {
		err = temp.Sync()
	}
	if err = errors.Join(err, temp.Close()); err != nil {
		return booking.Delivery{}, fmt.Errorf("drop mail: %w", err)
	}
	// Link, unlike Rename, fails when the mail is there.
	if err := os.Link(temp.Name(), path); errors.Is(err, fs.ErrExist) {
		return booking.Delivery{Outcome: booking.DeliveryRepeated, Detail: "the file is there: " + filepath.Base(path)}, nil
	} else if err != nil {
		return booking.Delivery{}, fmt.Errorf("drop mail: %w", err)
	}
	if err := syncFolder(d.dir); err != nil {
		return booking.Delivery{}, err
	}
	return booking.Delivery{Outcome: booking.Delivered, Detail: "file " + filepath.Base(path)}, nil
}

func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("drop mail: %w", err)
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("drop mail: %w", err)
	}
	return nil
}
