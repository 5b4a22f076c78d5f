package draw

import (
	"net/url"
	"strings"
	"time"
)

// Version of the document and of all that is computed from it. Another way to draw is another version.
const Version = 1

// State is how far a draw has come.
type State string

// The states, in their order.
const (
	Committed State = "committed" // seed and beacon are fixed, the pre-queue gathers
	Sealed    State = "sealed"    // the entrants are fixed, the beacon has not spoken
	Drawn     State = "drawn"     // all is revealed
)

// Document is what is published of a draw: nothing else is needed to recompute it. Its JSON form is read by Parse. Make it
// with NewDocument, then Seal, then Draw; a Document is a value and each step returns the next one.
type Document struct {
	Version    int    `json:"version"`
	Room       string `json:"room"`
	Epoch      int64  `json:"epoch"`
	State      State  `json:"state"`
	Commitment Hash   `json:"commitment"`
	BeaconName string `json:"beacon_name"` // beacon and round: printable ASCII, at most 256 characters

	// From the sealing on. The entrants are in the document or at the address, one of the two.
	N            int64     `json:"n"` // 0 before
	SealedAt     time.Time `json:"sealed_at,omitzero"`
	EntrantsRoot Hash      `json:"entrants_root,omitzero"`
	Entrants     []byte    `json:"entrants,omitempty"`     // the bitmap of 0..n in gzip (base64 in JSON)
	EntrantsURL  string    `json:"entrants_url,omitempty"` // where those gzip bytes are

	// From the draw on.
	BeaconValue string `json:"beacon_value,omitempty"` // as the beacon published it: printable ASCII, at most 1,024 characters
	Seed        Hash   `json:"seed,omitzero"`
	Key         Hash   `json:"key,omitzero"`
}

// NewDocument commits to a seed. The error is an ErrDocument.
func NewDocument(room string, epoch int64, beaconName string, seed [32]byte) (Document, error) {
	d := Document{
		Version: Version, Room: room, Epoch: epoch, State: Committed, BeaconName: beaconName,
		Commitment: Commit(seed, room, epoch, beaconName),
	}
	if seed == (Hash{}) {
		return Document{}, invalid("seed", "is all zeros")
	}
	return checked(d)
}

// Seal fixes the entrants of a committed draw, else the error is an ErrState. The time is kept in whole milliseconds, UTC.
func (d Document) Seal(at time.Time, entrants *Entrants) (Document, error) {
	if d.State != Committed {
		return Document{}, refused("state", "is %q: only a committed draw can be sealed", d.State)
	}
	d.State, d.SealedAt, d.N = Sealed, at.UTC().Truncate(time.Millisecond), entrants.N()
	d.EntrantsRoot, d.Entrants = entrants.Root(), entrants.Gzip()
	return checked(d)
}

// Draw reveals the seed of a sealed draw and takes the beacon's value. A seed that does not open the commitment, or a draw
// that is not sealed, is an ErrState.
func (d Document) Draw(seed [32]byte, beaconValue string) (Document, error) {
	if d.State != Sealed {
		return Document{}, refused("state", "is %q: only a sealed draw can be drawn", d.State)
	}
	if Commit(seed, d.Room, d.Epoch, d.BeaconName) != d.Commitment {
		return Document{}, refused("seed", "is not the one that was committed to")
	}
	d.State, d.Seed, d.BeaconValue = Drawn, seed, beaconValue
	d.Key = d.inputs().Key()
	return checked(d)
}

// LeaveOutEntrants is the document with an address in place of the entrants' bitmap.
func (d Document) LeaveOutEntrants(address string) (Document, error) {
	d.Entrants, d.EntrantsURL = nil, address
	return checked(d)
}

// PutInEntrants is the document with the gzip bytes that its address gave in place of that address.
func (d Document) PutInEntrants(packed []byte) (Document, error) {
	d.Entrants, d.EntrantsURL = packed, ""
	return checked(d)
}

// OpenEntrants unpacks the entrants. Without any in the document the error is an ErrDocument that names "entrants".
func (d Document) OpenEntrants() (*Entrants, error) {
	if len(d.Entrants) == 0 {
		where := ""
		if d.EntrantsURL != "" {
			where = ": fetch them from " + d.EntrantsURL
		}
		return nil, invalid("entrants", "are not in the document%s", where)
	}
	return OpenEntrants(d.N, d.Entrants)
}

// Permutation is the order that was drawn, from the document's own inputs. A draw not yet drawn is an ErrState.
func (d Document) Permutation() (*Permutation, error) {
	if d.State != Drawn {
		return nil, refused("state", "is %q: nothing has been drawn yet", d.State)
	}
	return New(d.inputs().Key(), d.N)
}

func (d Document) inputs() Inputs {
	return Inputs{
		Seed: d.Seed, Root: d.EntrantsRoot, BeaconName: d.BeaconName, BeaconValue: d.BeaconValue,
		Room: d.Room, Epoch: d.Epoch, N: d.N,
	}
}

func refused(field, format string, args ...any) error {
	var p problems
	p.add(field, format, args...)
	return p.err(ErrState)
}

func checked(d Document) (Document, error) {
	if err := d.Validate(); err != nil {
		return Document{}, err
	}
	return d, nil
}

// Validate checks the form: every value in its range, and exactly those that belong to the state. It does not unpack the
// entrants, and does not ask whether the values are true. The error is an ErrDocument that names each wrong field as in JSON.
func (d Document) Validate() error {
	var p problems
	check := func(ok bool, field, format string, args ...any) {
		if !ok {
			p.add(field, format, args...)
		}
	}
	check(d.Version == Version, "version", "is %d; this verifier knows version %d", d.Version, Version)
	check(validRoom(d.Room), "room", "is not a room's name: lower-case letters, digits and hyphens, at most 63")
	check(d.Epoch >= 1, "epoch", "is %d, not 1 or more", d.Epoch)
	check(d.Commitment != Hash{}, "commitment", "is missing")
	check(printable(d.BeaconName, 256), "beacon_name", "is not 1 to 256 printable ASCII characters")
	check(d.N >= 0 && d.N <= MaxNumbers, "n", "is %d, not 0 to %d", d.N, MaxNumbers)

	isSealed, isDrawn := d.State == Sealed || d.State == Drawn, d.State == Drawn
	if !isSealed && d.State != Committed {
		p.add("state", "is %.20q, not %q, %q or %q", d.State, Committed, Sealed, Drawn)
		return p.err(ErrDocument) // what belongs to it nobody can say
	}
	belongs := func(is, should bool, field string) {
		if is && !should {
			p.add(field, "does not belong into a draw that is %q", d.State)
		} else if should && !is {
			p.add(field, "is missing in a draw that is %q", d.State)
		}
	}
	belongs(!d.SealedAt.IsZero(), isSealed, "sealed_at")
	belongs(d.EntrantsRoot != Hash{}, isSealed, "entrants_root")
	if !isSealed {
		check(d.N == 0, "n", "is %d before the sealing", d.N)
	}
	belongs(len(d.Entrants) > 0 || d.EntrantsURL != "", isSealed, "entrants")
	check(len(d.Entrants) == 0 || d.EntrantsURL == "", "entrants_url", "stands beside entrants: one of the two")
	check(d.EntrantsURL == "" || validURL(d.EntrantsURL), "entrants_url", "is not an http or https address, nor a path from /")
	belongs(d.BeaconValue != "", isDrawn, "beacon_value")
	check(d.BeaconValue == "" || printable(d.BeaconValue, 1024), "beacon_value", "is not 1 to 1,024 printable ASCII characters")
	belongs(d.Seed != Hash{}, isDrawn, "seed")
	belongs(d.Key != Hash{}, isDrawn, "key")
	return p.err(ErrDocument)
}

// validRoom is the rule of the waiting room for names.
func validRoom(name string) bool {
	return name != "" && len(name) <= 63 && name[0] != '-' && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

// printable also refuses blanks at the ends, which get lost when somebody copies the text.
func printable(s string, most int) bool {
	for _, c := range []byte(s) {
		if c < ' ' || c > '~' {
			return false
		}
	}
	return s != "" && len(s) <= most && strings.TrimSpace(s) == s
}

func validURL(s string) bool {
	u, err := url.Parse(s)
	if err != nil || !printable(s, 2048) {
		return false
	}
	if u.Scheme == "" {
		return u.Host == "" && strings.HasPrefix(u.Path, "/")
	}
	return (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}
