package draw

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
)

// Parse reads a document strictly, because two verifiers that read the same bytes must see the same draw: names are taken
// as they are written, each at most once and none unknown, nothing is null, nothing follows the end. The form is checked as
// by Validate, and the entrants must unpack to exactly the bitmap of n. Every error is an ErrDocument that names the field.
func Parse(data []byte) (Document, error) {
	var d Document
	if err := d.read(data); err != nil {
		return Document{}, err
	}
	if err := d.Validate(); err != nil {
		return Document{}, err
	}
	if len(d.Entrants) > 0 {
		if _, err := d.OpenEntrants(); err != nil {
			return Document{}, err
		}
	}
	return d, nil
}

// read fills in the document from one flat JSON object. The package encoding/json by itself would take SEED for seed, and
// the last of two.
func (d *Document) read(data []byte) error {
	fields := map[string]any{
		"version": &d.Version, "room": &d.Room, "epoch": &d.Epoch, "state": &d.State, "commitment": &d.Commitment,
		"beacon_name": &d.BeaconName, "n": &d.N, "sealed_at": &d.SealedAt, "entrants_root": &d.EntrantsRoot,
		"entrants": &d.Entrants, "entrants_url": &d.EntrantsURL, "beacon_value": &d.BeaconValue, "seed": &d.Seed, "key": &d.Key,
	}
	seen := map[string]bool{}
	decoder := json.NewDecoder(bytes.NewReader(data))
	if start, err := decoder.Token(); err != nil || start != json.Delim('{') {
		return invalid("document", "is not a JSON object")
	}
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return invalid("document", "is not JSON: %v", err)
		}
		name, _ := token.(string) // the decoder accepts nothing else as a member's name
		target, known := fields[name]
		switch {
		case !known:
			return invalid("document", "has a field %.40q, which there is not", name)
		case seen[name]:
			return invalid(name, "is there twice")
		}
		seen[name] = true
		if err := readValue(decoder, target); err != nil {
			return invalid(name, "%s", strings.TrimPrefix(err.Error(), "json: "))
		}
	}
	if _, err := decoder.Token(); err != nil {
		return invalid("document", "is not JSON: %v", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return invalid("document", "goes on after its end")
	}
	if !seen["n"] {
		return invalid("n", "is missing")
	}
	return nil
}

func readValue(decoder *json.Decoder, target any) error {
	var raw json.RawMessage
	if err := decoder.Decode(&raw); err != nil {
		return err
	}
	if string(raw) == "null" {
		return errors.New("is null; leave it out instead")
	}
	return json.Unmarshal(raw, target)
}
