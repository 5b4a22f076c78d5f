package forward

import (
	"errors"
	"io"

	"anteroom/internal/endpoint"
)

// framing is how the end of an answer's body is known.
type framing uint8

const (
	noBody   framing = iota
	counted          // by its length
	chunked          // by its last chunk
	unframed         // by the end of the connection
)

// Bounds of what surrounds the chunks of an answer.
const (
	maxChunkLine = 256     // bytes: the size and whatever extensions there are
	maxTrailers  = 8 << 10 // bytes
	maxChunkSize = 1<<60 - 1
)

// next gives the next piece of the body, which is valid until the next call; io.EOF after the last.
func (x *exchange) next() ([]byte, error) {
	if x.failed != nil {
		return nil, x.failed
	}
	piece, err := x.piece()
	if err != nil {
		x.failed = err
	}
	return piece, err
}

func (x *exchange) piece() ([]byte, error) {
	switch x.framing {
	case counted:
		return x.some()
	case chunked:
		if x.left == 0 {
			if err := x.nextChunk(); err != nil {
				return nil, err
			}
		}
		return x.some()
	case unframed:
		x.left = int64(len(x.in))
		piece, err := x.some()
		if errors.Is(err, io.ErrUnexpectedEOF) {
			err = io.EOF
		}
		return piece, err
	default:
		return nil, io.EOF
	}
}

// some gives what has come of the part that is left bytes long, at least one byte.
func (x *exchange) some() ([]byte, error) {
	if x.left == 0 {
		return nil, io.EOF
	}
	if x.r == x.w {
		if err := x.fill(); err != nil {
			return nil, err
		}
	}
	n := int(min(int64(x.w-x.r), x.left))
	piece := x.in[x.r : x.r+n]
	x.r += n
	x.left -= int64(n)
	return piece, nil
}

// fill reads more into the buffer, behind what has not been used. The end of the connection is io.ErrUnexpectedEOF.
func (x *exchange) fill() error {
	if x.r > 0 {
		x.w = copy(x.in[:], x.in[x.r:x.w])
		x.r = 0
	}
	if x.w == len(x.in) {
		return badAnswer("a line within its body is too long")
	}
	return x.read()
}

// read reads more into the buffer, where there must be room.
func (x *exchange) read() error {
	if err := x.conn.await(forUpstream, x.pool.o.Silence); err != nil {
		return err
	}
	n, err := x.conn.Read(x.in[x.w:])
	x.w += n
	switch {
	case n > 0:
		return nil
	case errors.Is(err, io.EOF):
		return io.ErrUnexpectedEOF
	default:
		return x.conn.why(err)
	}
}

// nextChunk reads up to the beginning of the next chunk's data; io.EOF when the last chunk and the trailers have been read.
func (x *exchange) nextChunk() error {
	if x.inChunk {
		line, err := x.line(maxChunkLine)
		if err != nil {
			return err
		}
		if len(line) != 0 {
			return badAnswer("a chunk is longer than it says")
		}
	}
	line, err := x.line(maxChunkLine)
	if err != nil {
		return err
	}
	if x.left, err = chunkSize(line); err != nil {
		return err
	}
	x.inChunk = true
	if x.left > 0 {
		return nil
	}
	for read := 0; ; {
		line, err := x.line(maxTrailers)
		if err != nil {
			return err
		}
		if len(line) == 0 {
			return io.EOF
		}
		if read += len(line); read > maxTrailers || x.trailer(line) != nil {
			return badAnswer("its trailers are too long, or are none")
		}
	}
}

// trailer checks a trailer, which is then left out.
func (x *exchange) trailer(line []byte) error {
	var h head
	h.length = -1
	return h.field(line)
}

// line gives the next line of the buffer, without its end.
func (x *exchange) line(most int) ([]byte, error) {
	for seen := x.r; ; {
		for i := seen; i < x.w; i++ {
			if x.in[i] != '\n' {
				continue
			}
			if i == x.r || x.in[i-1] != '\r' {
				return nil, badAnswer("a line within its body ends without a carriage return")
			}
			line := x.in[x.r : i-1]
			if len(line) > most {
				return nil, badAnswer("a line within its body is too long")
			}
			x.r = i + 1
			return line, nil
		}
		if x.w-x.r > most {
			return nil, badAnswer("a line within its body is too long")
		}
		seen = x.w - x.r // where it will be once fill has moved it
		if err := x.fill(); err != nil {
			return nil, err
		}
	}
}

// chunkSize reads the line before a chunk. Extensions are passed over (RFC 9112, section 7.1.1).
func chunkSize(line []byte) (int64, error) {
	var n int64
	i := 0
	for ; i < len(line); i++ {
		c := line[i]
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			c = 0xff
		}
		if c == 0xff {
			break
		}
		if n > maxChunkSize>>4 {
			return 0, badAnswer("the size of a chunk is too large")
		}
		n = n<<4 | int64(c)
	}
	rest := endpoint.TrimSpace(line[i:])
	if i == 0 || len(rest) > 0 && rest[0] != ';' || !endpoint.IsText(rest) {
		return 0, badAnswer("the size of a chunk is none")
	}
	return n, nil
}

// Read makes an exchange the body of the answer to the visitor.
func (x *exchange) Read(p []byte) (int, error) {
	if len(x.rest) == 0 {
		piece, err := x.next()
		if err != nil {
			return 0, x.atEnd(err)
		}
		x.rest = piece
	}
	n := copy(p, x.rest)
	x.rest = x.rest[n:]
	return n, nil
}

// SupportsBodyWriteTo tells fasthttp that WriteTo gives the same as Read.
func (x *exchange) SupportsBodyWriteTo() bool { return true }

// WriteTo passes each piece on as it comes, without another copy.
func (x *exchange) WriteTo(to io.Writer) (total int64, err error) {
	for {
		piece, err := x.next()
		if err == nil {
			err = x.conn.await(forVisitor, x.pool.o.Silence)
		}
		if err != nil {
			if err = x.atEnd(err); errors.Is(err, io.EOF) {
				err = nil
			}
			return total, err
		}
		n, err := to.Write(piece)
		total += int64(n)
		if err != nil {
			return total, err
		}
	}
}

// atEnd lets a stream end in good order where the gateway has ended it; everything else that is cut off must look cut off.
func (x *exchange) atEnd(err error) error {
	if inOrder(err) {
		x.conn.calm()
		return io.EOF
	}
	return err
}

// Close is called by fasthttp when the answer has been written, or when that has failed.
func (x *exchange) Close() error {
	if err := x.failed; err != nil && !errors.Is(err, io.EOF) {
		if _, upstreams := explain(err); upstreams {
			x.at.fared(err)
		}
	}
	x.hangUp(errors.Is(x.failed, io.EOF) && x.reusable())
	x.recycle()
	return nil
}
