package waitroom

import (
	"bytes"
	"encoding/binary"
	"maps"
	"sync"
	"sync/atomic"
)

// After reports whether a turn came after the other: of a later line, or of the same one after its draw.
func (t Turn) After(other Turn) bool {
	return t.Epoch > other.Epoch || (t.Epoch == other.Epoch && t.Drawn && !other.Drawn)
}

// Heartbeats are the ranks heard since the line was last told, of one turn; those of an earlier turn are of no use and are
// forgotten when a later one is heard. Who has been told in a heartbeat window is not told again in it. Hear takes no lock and, for a
// rank whose neighbours have been heard, allocates nothing. All methods are safe for concurrent use, but Take and PutBack are for one
// goroutine, and so are Window and Resend.
//
// The cost is two bits a rank. Chunks that nobody was heard of for a window are given back.
type Heartbeats struct {
	now     atomic.Pointer[beats]
	window  int64
	ending  atomic.Bool // the window may end before this gateway learns of it: who is heard is told again
	renewed sync.Mutex  // so that the rare changes of turn and directory do not undo each other
}

// beats are those of one turn.
type beats struct {
	turn   Turn
	chunks atomic.Pointer[map[int64]*beatChunk] // the map itself is never changed
}

// beatChunk is ChunkRanks ranks; in a word the lowest is the most significant bit.
type beatChunk struct {
	index int64
	fresh [chunkWords]atomic.Uint64 // heard since the line was last told
	told  [chunkWords]atomic.Uint64 // told in this window
}

// NewHeartbeats makes an empty set.
func NewHeartbeats() *Heartbeats {
	h := &Heartbeats{}
	h.now.Store(newBeats(Turn{}))
	h.ending.Store(true) // until the first window's beginning has been seen, its age is not known
	return h
}

func newBeats(turn Turn) *beats {
	b := &beats{turn: turn}
	b.chunks.Store(&map[int64]*beatChunk{})
	return b
}

// Hear notes that a rank was heard. Safe for concurrent use, with the other methods too.
func (h *Heartbeats) Hear(turn Turn, rank int64) {
	b := h.now.Load()
	if b.turn != turn {
		if b = h.turnTo(turn); b == nil {
			return
		}
	}
	index := rank / ChunkRanks
	word, bit := rank%ChunkRanks/wordRanks, uint64(1)<<(wordRanks-1-rank%wordRanks)
	for {
		chunk := h.chunk(b, index)
		// Looked at first, because a word that is only read is shared by all processors.
		if chunk.fresh[word].Load()&bit == 0 {
			if !h.ending.Load() && chunk.told[word].Load()&bit != 0 {
				return
			}
			chunk.fresh[word].Or(bit)
		}
		if (*b.chunks.Load())[index] == chunk {
			return // it was not given back meanwhile: see renew
		}
	}
}

func (h *Heartbeats) chunk(b *beats, index int64) *beatChunk {
	if chunk, ok := (*b.chunks.Load())[index]; ok {
		return chunk
	}
	return h.grow(b, index)
}

// turnTo begins a later turn. It returns nil when the turn is an earlier one, which is over.
func (h *Heartbeats) turnTo(turn Turn) *beats {
	h.renewed.Lock()
	defer h.renewed.Unlock()
	b := h.now.Load()
	switch {
	case b.turn == turn:
		return b
	case !turn.After(b.turn):
		return nil
	}
	b = newBeats(turn)
	h.now.Store(b)
	return b
}

func (h *Heartbeats) grow(b *beats, index int64) *beatChunk {
	h.renewed.Lock()
	defer h.renewed.Unlock()
	old := *b.chunks.Load()
	if chunk, ok := old[index]; ok {
		return chunk
	}
	chunk := &beatChunk{index: index}
	grown := maps.Clone(old)
	grown[index] = chunk
	b.chunks.Store(&grown)
	return chunk
}

// Take returns who was heard and not told yet, and notes them as told. When the line could not be told, they go to PutBack.
func (h *Heartbeats) Take() (Turn, []Chunk) {
	b := h.now.Load()
	var taken []Chunk
	for _, chunk := range *b.chunks.Load() {
		taken = chunk.take(taken)
	}
	return b.turn, taken
}

func (c *beatChunk) take(taken []Chunk) []Chunk {
	var bits []byte
	end := 0
	for i := range c.fresh {
		if c.fresh[i].Load() == 0 {
			continue
		}
		if bits == nil {
			bits = make([]byte, ChunkBytes)
		}
		word := c.fresh[i].Swap(0)
		// Who is heard between the two is told once more, which changes nothing; the other way round a heartbeat would be lost.
		c.told[i].Or(word)
		binary.BigEndian.PutUint64(bits[i*8:], word)
		end = (i + 1) * 8
	}
	if end == 0 {
		return taken
	}
	return append(taken, Chunk{Index: c.index, Bits: bytes.TrimRight(bits[:end], "\x00")})
}

// PutBack returns what was taken and could not be told; of a turn that is over it is dropped.
func (h *Heartbeats) PutBack(turn Turn, chunks []Chunk) {
	b := h.now.Load()
	if b.turn != turn {
		return
	}
	for _, one := range chunks {
		chunk := h.chunk(b, one.Index)
		var words [chunkWords]uint64
		readWords(words[:], one.Bits)
		for i, word := range words {
			if word != 0 {
				chunk.fresh[i].Or(word)
			}
		}
	}
}

// Window tells which heartbeat window is in force. Ending says that it may end before the next call: then nobody counts as told any
// more, because a heartbeat that falls into the next window must not be kept back for one told in this.
func (h *Heartbeats) Window(index int64, ending bool) {
	if index != h.window {
		h.window = index
		h.renew()
	}
	h.ending.Store(ending)
}

// Resend forgets who was told: another primary may not have learnt of them.
func (h *Heartbeats) Resend() {
	for _, chunk := range *h.now.Load().chunks.Load() {
		chunk.forget()
	}
}

// renew begins a window: nobody has been told, and chunks that nobody was heard of are given back. A Hear under way may have found such
// a chunk just before. Either it sees the new directory after it has written, and writes again; or it wrote before the
// directory was changed, and what it wrote is found here afterwards.
func (h *Heartbeats) renew() {
	b := h.now.Load()
	var silent []*beatChunk
	h.renewed.Lock()
	kept := make(map[int64]*beatChunk)
	for index, chunk := range *b.chunks.Load() {
		if chunk.forget() {
			kept[index] = chunk
		} else {
			silent = append(silent, chunk)
		}
	}
	b.chunks.Store(&kept)
	h.renewed.Unlock()
	for _, chunk := range silent {
		h.PutBack(b.turn, chunk.take(nil))
	}
}

// forget clears what was told, and reports whether the chunk was of any use.
func (c *beatChunk) forget() (used bool) {
	for i := range c.told {
		if c.told[i].Load() != 0 {
			used = true
			c.told[i].Store(0)
		}
		used = used || c.fresh[i].Load() != 0
	}
	return used
}
