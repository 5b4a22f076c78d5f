package redisqueue

import (
	"context"
	"encoding/hex"
	"fmt"
	"strconv"

	"anteroom/waitroom"
	"anteroom/waitroom/draw"
)

// Drawing implements waitroom.Drawer.
func (q *Queue) Drawing(ctx context.Context, room string) (waitroom.Draw, error) {
	return q.drawing(ctx, room, "", "")
}

// Seal implements waitroom.Drawer.
func (q *Queue) Seal(ctx context.Context, room string) (waitroom.Draw, error) {
	return q.drawing(ctx, room, "seal", "")
}

// Beacon implements waitroom.Drawer.
func (q *Queue) Beacon(ctx context.Context, room string, value string) (waitroom.Draw, error) {
	return q.drawing(ctx, room, "beacon", value)
}

func (q *Queue) drawing(ctx context.Context, room, step, value string) (waitroom.Draw, error) {
	r, err := q.runSafely(ctx, drawingScript, room, step, value)
	if err != nil {
		return waitroom.Draw{}, err
	}
	d := waitroom.Draw{Epoch: r.number(), State: waitroom.DrawState(r.text()), Entrants: r.number(), SealedAt: r.moment()}
	seed, name, beacon, root := r.text(), r.text(), r.text(), r.text()
	d.BeaconName, d.BeaconValue = name, beacon
	if r.err != nil || d.State == "" {
		return d, r.err
	}
	if err := unhex(&d.Seed, seed); err != nil {
		return d, fmt.Errorf("seed of room %s: %w", room, err)
	}
	if root != "" {
		if err := unhex(&d.Root, root); err != nil {
			return d, fmt.Errorf("root of room %s: %w", room, err)
		}
	}
	return d, nil
}

func unhex(into *[32]byte, text string) error {
	raw, err := hex.DecodeString(text)
	if err != nil {
		return err
	}
	if len(raw) != len(into) {
		return fmt.Errorf("has %d bytes instead of %d", len(raw), len(into))
	}
	copy(into[:], raw)
	return nil
}

// Entrants implements waitroom.Drawer.
func (q *Queue) Entrants(ctx context.Context, room string) ([]byte, error) {
	d, err := q.Drawing(ctx, room)
	if err != nil {
		return nil, err
	}
	if d.State != waitroom.DrawSealed && d.State != waitroom.DrawDone {
		return nil, waitroom.ErrDrawState
	}
	return q.bitmap(ctx, d.Entrants, func(chunk int64) string { return q.entrantsKey(room, chunk) })
}

// bitmap reads a bitmap of the numbers up to n, chunk by chunk; a chunk that is missing is empty. Bits above n are cleared.
func (q *Queue) bitmap(ctx context.Context, n int64, key func(chunk int64) string) ([]byte, error) {
	all := make([]byte, (n/waitroom.ChunkRanks+1)*waitroom.ChunkBytes)
	for chunk := range n/waitroom.ChunkRanks + 1 {
		short, cancel := context.WithTimeout(ctx, q.timeout)
		bitmaps, err := q.client.Do(short, q.client.B().Mget().Key(key(chunk)).Build()).ToArray()
		cancel()
		if err != nil {
			return nil, judged(err)
		}
		if err := merge(all[chunk*waitroom.ChunkBytes:(chunk+1)*waitroom.ChunkBytes], &bitmaps[0]); err != nil {
			return nil, err
		}
	}
	all = all[:n/8+1]
	all[n/8] &= byte(0xff << (7 - n%8)) //nolint:gosec // n%8 is 0 to 7
	return all, nil
}

// Finish implements waitroom.Drawer. Who has left before the sealing stays out, so those bits are drawn like the others.
func (q *Queue) Finish(ctx context.Context, room string, root [32]byte, present []byte) (waitroom.Draw, error) {
	d, err := q.Drawing(ctx, room)
	if err != nil {
		return d, err
	}
	if d.State != waitroom.DrawSealed || d.BeaconValue == "" {
		return d, waitroom.ErrDrawState
	}
	left, err := q.bitmap(ctx, d.Entrants, func(chunk int64) string { return q.leftKey(room, chunk) })
	if err != nil {
		return d, err
	}
	order, err := drawnOrder(room, d, root)
	if err != nil {
		return d, err
	}
	left = draw.PermuteBitmap(order, left, d.Entrants)
	last := []string{decimal(d.Epoch), "all", hex.EncodeToString(root[:])}
	for chunk := range d.Entrants/waitroom.ChunkRanks + 1 {
		index := decimal(chunk)
		if _, err := q.run(ctx, finishScript, room, decimal(d.Epoch), "chunk", index, part(present, chunk), part(left, chunk)); err != nil {
			return d, err
		}
		last = append(last, index)
	}
	r, err := q.runSafely(ctx, finishScript, room, last...)
	if err != nil {
		return d, err
	}
	// Should this gateway die here, those who are left out are silent ones, which the line passes over.
	for _, text := range r.texts() {
		number, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return d, err
		}
		if err := q.Leave(ctx, room, d.Epoch, number); err != nil {
			return d, err
		}
	}
	if r.err != nil {
		return d, r.err
	}
	return q.Drawing(ctx, room)
}

// part is one chunk of a bitmap, in its whole length.
func part(bitmap []byte, chunk int64) string {
	whole := make([]byte, waitroom.ChunkBytes)
	if from := chunk * waitroom.ChunkBytes; from < int64(len(bitmap)) {
		copy(whole, bitmap[from:])
	}
	return string(whole)
}
