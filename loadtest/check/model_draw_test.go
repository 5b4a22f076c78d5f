package check_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"slices"
	"time"

	"anteroom/loadtest/drawing"
	"anteroom/loadtest/journal"
)

// draw fixes who is there, orders them by lot, and publishes it as a gateway does.
func (m *model) draw() *journal.Draw {
	m.gathers, m.drawn = false, int64(len(m.places))
	entrants := make([]byte, m.drawn/8+1)
	for _, s := range m.places {
		if !s.left && m.now-s.heard <= int64(modelPolicy.Ghost) {
			entrants[s.number/8] |= 0x80 >> (s.number % 8)
		}
	}
	d := drawing.Document{Version: 1, Room: "arena", Epoch: epoch, State: drawing.Committed, BeaconName: "a beacon, round 7"}
	d.Seed, d.BeaconValue = drawing.Digest{7, 7, 7}, "what it said"
	d.Commitment = drawing.Commitment(d.Seed, d.Room, d.Epoch, d.BeaconName)
	committed := d
	d.State, d.N, d.SealedAt = drawing.Sealed, m.drawn, time.UnixMilli(m.now/modelMS).UTC()
	d.EntrantsRoot, d.Entrants = drawing.Root(d.N, entrants), packed(entrants)
	sealed := d
	d.State = drawing.Drawn
	d.Key = drawing.Key(d.Seed, d.EntrantsRoot, d.BeaconName, d.BeaconValue, d.Room, d.Epoch, d.N)
	order := drawing.NewOrder(d.Key, d.N)
	for _, s := range m.places {
		s.rank = order.Rank(s.number)
	}
	slices.SortFunc(m.places, func(a, b *spot) int { return int(a.rank - b.rank) })
	texts := public(committed, sealed, d)
	return &journal.Draw{Document: texts[2], Earlier: texts[:2]}
}

// public is what a gateway says of a draw before, at and after the sealing.
func public(documents ...drawing.Document) (texts []string) {
	for _, d := range documents {
		if d.State != drawing.Drawn {
			d.Seed, d.BeaconValue = drawing.Digest{}, ""
		}
		text, err := json.Marshal(d)
		if err != nil {
			panic(err)
		}
		texts = append(texts, string(text))
	}
	return texts
}

func packed(bitmap []byte) []byte {
	var file bytes.Buffer
	zip := gzip.NewWriter(&file)
	_, err := zip.Write(bitmap)
	if err == nil {
		err = zip.Close()
	}
	if err != nil {
		panic(err)
	}
	return file.Bytes()
}

// republish changes all that was published of the draw, from the first copy to the last, as far as each had come.
func (j *spoilt) republish(change func(d *drawing.Document)) {
	for i, text := range j.Audit.Draw.Earlier {
		j.Audit.Draw.Earlier[i] = changed(text, change)
	}
	j.Audit.Draw.Document = changed(j.Audit.Draw.Document, change)
}

// changed is a document with a change.
func changed(text string, change func(d *drawing.Document)) string {
	d, err := drawing.Parse([]byte(text))
	if err != nil {
		panic(err)
	}
	change(d)
	return public(*d)[0]
}

// published is what was drawn.
func (j *spoilt) published() *drawing.Draw {
	document, err := drawing.Parse([]byte(j.Audit.Draw.Document))
	if err != nil {
		panic(err)
	}
	d, err := drawing.Open(document, j.Audit.Draw.Entrants)
	if err != nil {
		panic(err)
	}
	return d
}
