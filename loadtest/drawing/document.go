package drawing

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// The states of a draw, in their order.
const (
	Committed = "committed"
	Sealed    = "sealed"
	Drawn     = "drawn"
)

// maxNumbers is more than any published draw has.
const maxNumbers = 1 << 30

// Document is what is published of a draw, as far as it has come.
type Document struct {
	Version    int    `json:"version"`
	Room       string `json:"room"`
	Epoch      int64  `json:"epoch"`
	State      string `json:"state"`
	Commitment Digest `json:"commitment"`
	BeaconName string `json:"beacon_name"`

	// From the sealing on.
	N            int64     `json:"n"`
	SealedAt     time.Time `json:"sealed_at,omitzero"`
	EntrantsRoot Digest    `json:"entrants_root,omitzero"`
	Entrants     []byte    `json:"entrants,omitempty"` // gzip; else they are at EntrantsURL
	EntrantsURL  string    `json:"entrants_url,omitempty"`

	// Once drawn.
	BeaconValue string `json:"beacon_value,omitempty"`
	Seed        Digest `json:"seed,omitzero"`
	Key         Digest `json:"key,omitzero"`
}

// Parse reads a document. An error says why it cannot be read; whether it is true is not asked.
func Parse(text []byte) (*Document, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	var d Document
	if err := decoder.Decode(&d); err != nil {
		return nil, fmt.Errorf("the draw's document: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("the draw's document goes on after its end")
	}
	if err := d.whole(); err != nil {
		return nil, fmt.Errorf("the draw's document: %w", err)
	}
	return &d, nil
}

// whole says what is not there that belongs to the state.
func (d *Document) whole() error {
	sealed := d.State == Sealed || d.State == Drawn
	switch {
	case d.Version != 1:
		return fmt.Errorf("version is %d; this program knows version 1", d.Version)
	case d.State != Committed && !sealed:
		return fmt.Errorf("state is %.20q", d.State)
	case d.Room == "" || d.Epoch < 1 || d.BeaconName == "" || d.Commitment == Digest{}:
		return errors.New("room, epoch, beacon_name or commitment is missing")
	case d.N < 0 || d.N > maxNumbers:
		return fmt.Errorf("n is %d, not 0 to %d", d.N, maxNumbers)
	case sealed && (d.SealedAt.IsZero() || d.EntrantsRoot == Digest{} || len(d.Entrants) == 0 && d.EntrantsURL == ""):
		return errors.New("sealed_at, entrants_root or the entrants are missing")
	case d.State == Drawn && (d.BeaconValue == "" || d.Seed == Digest{} || d.Key == Digest{}):
		return errors.New("beacon_value, seed or key is missing")
	}
	return nil
}

// progress is how far the draw has come.
func (d *Document) progress() int {
	return map[string]int{Committed: 1, Sealed: 2, Drawn: 3}[d.State]
}

// Broken says what a document of the same draw that was read later has changed of what this one had published.
func (d *Document) Broken(later *Document) (changed []string) {
	compare := func(same bool, field string) {
		if !same {
			changed = append(changed, fmt.Sprintf("%s is not what was published when the draw was %s", field, d.State))
		}
	}
	compare(later.progress() >= d.progress(), "state")
	compare(later.Room == d.Room, "room")
	compare(later.Epoch == d.Epoch, "epoch")
	compare(later.Commitment == d.Commitment, "commitment")
	compare(later.BeaconName == d.BeaconName, "beacon_name")
	if d.State != Committed {
		compare(later.N == d.N, "n")
		compare(later.SealedAt.Equal(d.SealedAt), "sealed_at")
		compare(later.EntrantsRoot == d.EntrantsRoot, "entrants_root")
	}
	if d.State == Drawn {
		compare(later.BeaconValue == d.BeaconValue, "beacon_value")
		compare(later.Seed == d.Seed, "seed")
		compare(later.Key == d.Key, "key")
	}
	return changed
}
