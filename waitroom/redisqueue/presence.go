package redisqueue

import (
	"context"
	"encoding/binary"
	"errors"
	"math/bits"
	"strconv"
	"strings"

	"github.com/redis/rueidis"

	"anteroom/waitroom"
)

const (
	hearBytes  = 1 << 20 // of heartbeats in one script call
	sparseBits = 512     // a chunk with fewer heartbeats is told by their offsets, which is shorter
	readChunks = 16      // read in one command, 48 bitmaps
)

// Hear implements waitroom.Pulse. Redis is held up for about a millisecond a call; many heartbeats go in several.
func (q *Queue) Hear(ctx context.Context, room string, turn waitroom.Turn, heard []waitroom.Chunk) error {
	head := []string{decimal(turn.Epoch), gen(turn)}
	args, size := head, 0
	for i, chunk := range heard {
		text := encode(chunk)
		args, size = append(args, decimal(chunk.Index), text), size+len(text)
		if size < hearBytes && i < len(heard)-1 {
			continue
		}
		if _, err := q.run(ctx, hearScript, room, args...); err != nil {
			return err
		}
		args, size = head[:2:2], 0
	}
	return nil
}

func gen(turn waitroom.Turn) string {
	if turn.Drawn {
		return "1"
	}
	return "0"
}

// encode writes a chunk as hear.lua reads it.
func encode(chunk waitroom.Chunk) string {
	var text strings.Builder
	if count(chunk.Bits) >= sparseBits {
		text.Grow(1 + waitroom.ChunkBytes)
		text.WriteByte('b')
		text.Write(chunk.Bits)
		for range waitroom.ChunkBytes - len(chunk.Bits) {
			text.WriteByte(0) // Redis keeps whole chunks only
		}
		return text.String()
	}
	text.WriteByte('s')
	var number [20]byte
	for i, b := range chunk.Bits {
		for ; b != 0; b &= b - 1 {
			offset := int64(i)*8 + int64(7-bits.TrailingZeros8(b))
			text.Write(strconv.AppendInt(number[:0], offset, 10))
			text.WriteByte(',')
		}
	}
	return text.String()
}

func count(b []byte) (n int) {
	for ; len(b) >= 8; b = b[8:] {
		n += bits.OnesCount64(binary.NativeEndian.Uint64(b))
	}
	for _, one := range b {
		n += bits.OnesCount8(one)
	}
	return n
}

// Crowd implements waitroom.Pulse. It reads with plain commands, so that it neither holds the scripts up nor is written to the
// log; what changes meanwhile is in the next crowd.
func (q *Queue) Crowd(ctx context.Context, room string, turn waitroom.Turn) (*waitroom.Crowd, error) {
	if !waitroom.ValidRoom(room) {
		return nil, waitroom.ErrRoomUnknown
	}
	ctx, cancel := context.WithTimeout(ctx, q.timeout)
	defer cancel()
	b := q.client.B
	answers := q.client.DoMulti(ctx,
		b().Hmget().Key(q.roomKey(room)).Field("epoch", "gen", "window", "issued").Build(),
		b().Zrange().Key(q.chunksKey(room)).Min("0").Max("-1").Build())
	values, err := answers[0].ToArray()
	if err != nil {
		return nil, judged(err)
	}
	indexes, err := answers[1].AsIntSlice()
	if err != nil {
		return nil, judged(err)
	}
	if values[0].IsNil() {
		return nil, waitroom.ErrRoomUnknown
	}
	r := &reply{values: values}
	epoch, gen, window, issued := r.number(), r.number(), r.number(), r.number()
	if r.err != nil {
		return nil, r.err
	}
	if epoch != turn.Epoch || (gen == 1) != turn.Drawn {
		return nil, waitroom.ErrTicketSuperseded
	}
	chunks := make([]waitroom.Chunk, 0, len(indexes))
	for len(indexes) > 0 {
		n := min(len(indexes), readChunks)
		read, err := q.readChunks(ctx, room, gen, window, indexes[:n])
		if err != nil {
			return nil, err
		}
		chunks = append(chunks, read...)
		indexes = indexes[n:]
	}
	return waitroom.NewCrowd(issued, chunks), nil
}

// readChunks merges the windows of some chunks.
func (q *Queue) readChunks(ctx context.Context, room string, gen, window int64, indexes []int64) ([]waitroom.Chunk, error) {
	keys := make([]string, 0, windows*len(indexes))
	for _, index := range indexes {
		for back := range int64(windows) {
			keys = append(keys, q.hereKey(room, gen, window+windows-back, index))
		}
	}
	bitmaps, err := q.client.Do(ctx, q.client.B().Mget().Key(keys...).Build()).ToArray()
	if err != nil {
		return nil, judged(err)
	}
	if len(bitmaps) != len(keys) {
		return nil, errors.New("redis returned another number of bitmaps than was asked for")
	}
	chunks := make([]waitroom.Chunk, 0, len(indexes))
	for i, index := range indexes {
		merged := make([]byte, waitroom.ChunkBytes)
		for back := range windows {
			if err := merge(merged, &bitmaps[i*windows+back]); err != nil {
				return nil, err
			}
		}
		chunks = append(chunks, waitroom.Chunk{Index: index, Bits: merged})
	}
	return chunks, nil
}

// merge ors a bitmap, which may be missing, into another one.
func merge(into []byte, bitmap *rueidis.RedisMessage) error {
	if bitmap.IsNil() {
		return nil
	}
	from, err := bitmap.AsBytes()
	if err != nil {
		return judged(err)
	}
	n := min(len(from), len(into))
	i := 0
	for ; i+8 <= n; i += 8 {
		binary.NativeEndian.PutUint64(into[i:], binary.NativeEndian.Uint64(into[i:])|binary.NativeEndian.Uint64(from[i:]))
	}
	for ; i < n; i++ {
		into[i] |= from[i]
	}
	return nil
}
