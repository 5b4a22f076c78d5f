package main

import (
	"math/bits"
	"slices"
	"sync"
	"time"

	"anteroom/waitroom"
)

// crew is who waits at one gateway, as a bitmap by number, and when each chunk of it is heard next. The drill knows no drawn order:
// ranks are numbers. Safe for concurrent use.
type crew struct {
	mu     sync.Mutex
	chunks map[int64]*watch
	epoch  int64
}

// watch is one chunk of a crew.
type watch struct {
	bits []byte
	due  time.Time
}

func newCrew() *crew { return &crew{chunks: map[int64]*watch{}} }

// add takes in a run of numbers, which are first heard at the time given if their chunk is new.
func (c *crew) add(epoch, first, count int64, due time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.epoch = epoch
	for n := first; n < first+count; n++ {
		chunk, bit := n/waitroom.ChunkRanks, n%waitroom.ChunkRanks
		w := c.chunks[chunk]
		if w == nil {
			w = &watch{bits: make([]byte, waitroom.ChunkBytes), due: due}
			c.chunks[chunk] = w
		}
		w.bits[bit/8] |= 0x80 >> (bit % 8)
	}
}

// silence takes out everybody whose number is a multiple of every, and says how many they are.
func (c *crew) silence(every int64) (gone int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for index, w := range c.chunks {
		from := index * waitroom.ChunkRanks
		for n := (from + every - 1) / every * every; n < from+waitroom.ChunkRanks; n += every {
			at, mask := (n-from)/8, byte(0x80>>(n%8))
			if w.bits[at]&mask != 0 {
				w.bits[at] &^= mask
				gone++
			}
		}
	}
	return gone
}

// due copies the chunks that are to be heard by now. A chunk in which everybody's turn has come, with numbers up to serving, is
// given up.
func (c *crew) due(now time.Time, serving int64) (epoch int64, heard []waitroom.Chunk) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for index, w := range c.chunks {
		switch {
		case w.due.After(now):
		case (index+1)*waitroom.ChunkRanks-1 <= serving:
			w.due = now.Add(24 * time.Hour) // its bits are still asked for by has
		default:
			heard = append(heard, waitroom.Chunk{Index: index, Bits: slices.Clone(w.bits)})
		}
	}
	slices.SortFunc(heard, func(a, b waitroom.Chunk) int { return int(a.Index - b.Index) })
	return c.epoch, heard
}

// told notes when the chunks are to be heard next.
func (c *crew) told(heard []waitroom.Chunk, next time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, chunk := range heard {
		c.chunks[chunk.Index].due = next
	}
}

// has reports whether a number waits, or waited, here.
func (c *crew) has(n int64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	w := c.chunks[n/waitroom.ChunkRanks]
	return w != nil && w.bits[n%waitroom.ChunkRanks/8]&(0x80>>(n%8)) != 0
}

// count is how many wait, or waited, here and are not silent.
func (c *crew) count() (n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, w := range c.chunks {
		for _, b := range w.bits {
			n += bits.OnesCount8(b)
		}
	}
	return n
}
