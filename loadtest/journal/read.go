package journal

import (
	"bufio"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
)

// Damaged says that a journal is not whole. The log that comes with it has everything before Offset.
type Damaged struct {
	Path    string
	Offset  int64 // bytes from the start of the file to the first frame that is not good
	Entries int   // read before it, the header not counted
	Why     string
}

func (d *Damaged) Error() string {
	return fmt.Sprintf("journal %s is damaged at byte %d, after %d entries: %s", d.Path, d.Offset, d.Entries, d.Why)
}

// Read reads a journal. For one that is cut short or damaged the error is a *Damaged, and comes with the log of all that is before the
// damage, unless not even the header can be read. A run that never came to its end, or still goes on, has a journal that is cut short.
func Read(path string) (*Log, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read journal: %w", err)
	}
	defer f.Close()
	l, err := ReadFrom(f, path)
	if err != nil && !errors.As(err, new(*Damaged)) {
		return nil, fmt.Errorf("read journal %s: %w", path, err)
	}
	return l, err
}

// ReadFrom is Read for what is not a file, or not a whole one; path is what errors name.
func ReadFrom(from io.Reader, path string) (*Log, error) {
	r := &reader{from: bufio.NewReaderSize(from, 1<<20), log: &Log{Path: path}}
	err := r.all()
	var damaged damage
	isDamage := errors.As(err, &damaged)
	if err != nil && !isDamage {
		return nil, err
	}
	r.log.Incomplete = onePart(r.log.Header)
	if !isDamage {
		return r.log, nil
	}
	found := &Damaged{Path: path, Offset: r.offset, Entries: r.entries, Why: string(damaged)}
	if !r.headed {
		return nil, found
	}
	r.log.Incomplete = fmt.Sprintf("%s is damaged at byte %d: %s", path, found.Offset, found.Why)
	return r.log, found
}

// damage is what is wrong with a file, as against an error of reading it.
type damage string

func (d damage) Error() string { return string(d) }

type reader struct {
	from    *bufio.Reader
	log     *Log
	offset  int64 // of the frame that is being read
	entries int
	headed  bool
	inflate io.ReadCloser
	payload []byte
}

func (r *reader) all() error {
	start := make([]byte, prologue)
	switch n, err := io.ReadFull(r.from, start); {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return damage(fmt.Sprintf("it has %d bytes, too few for a journal", n))
	case err != nil:
		return err
	case string(start[:len(magic)]) != magic:
		return damage("it is no journal: it does not begin as one")
	}
	if v := binary.LittleEndian.Uint32(start[len(magic):]); v < 1 || v > version {
		return damage(fmt.Sprintf("its format has version %d; this program reads versions 1 to %d", v, version))
	}
	r.offset = int64(prologue)
	for {
		size, err := r.frame()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		r.offset += size
	}
	if r.log.End == nil {
		return damage("it has no end: the run was cut short, or still goes on")
	}
	return nil
}

// frame reads one frame and returns its length; io.EOF when there is none.
func (r *reader) frame() (int64, error) {
	var h [frameHead]byte
	switch n, err := io.ReadFull(r.from, h[:]); {
	case errors.Is(err, io.EOF):
		return 0, io.EOF
	case errors.Is(err, io.ErrUnexpectedEOF):
		return 0, damage(fmt.Sprintf("it is cut short: %d bytes are there of the %d that head a frame", n, frameHead))
	case err != nil:
		return 0, err
	}
	size, block := binary.LittleEndian.Uint32(h[0:]), binary.LittleEndian.Uint32(h[4:])
	if size > blockLimit || block > blockLimit {
		return 0, damage(fmt.Sprintf("a frame of %d bytes that holds %d is longer than any", size, block))
	}
	payload, err := r.read(int(size))
	if err != nil {
		return 0, err
	}
	if checksum(h[:8], payload) != binary.LittleEndian.Uint32(h[8:]) {
		return 0, damage("the checksum of the frame is wrong")
	}
	if err := r.block(payload, int(block)); err != nil {
		return 0, err
	}
	return frameHead + int64(size), nil
}

// read reads a payload, and asks for memory only as the bytes come: a damaged length must not take it all.
func (r *reader) read(size int) ([]byte, error) {
	buf := bytes.NewBuffer(r.payload[:0])
	n, err := io.CopyN(buf, r.from, int64(size))
	r.payload = buf.Bytes()
	if errors.Is(err, io.EOF) {
		return nil, damage(fmt.Sprintf("it is cut short: %d bytes are there of a frame of %d", n, size))
	}
	return r.payload, err
}

// block reads the entries of a frame. All are taken or none, so that the entries before the damage are those of whole frames.
func (r *reader) block(payload []byte, size int) error {
	if r.inflate == nil {
		r.inflate = flate.NewReader(bytes.NewReader(payload))
	} else if err := r.inflate.(flate.Resetter).Reset(bytes.NewReader(payload), nil); err != nil {
		return err
	}
	var raw bytes.Buffer
	if n, err := io.Copy(&raw, io.LimitReader(r.inflate, int64(size)+1)); err != nil || n != int64(size) {
		return damage(fmt.Sprintf("a frame of good checksum does not hold the %d bytes that it says", size))
	}
	kept, headed := *r.log, r.headed
	refuse := func(why string) error {
		*r.log, r.headed = kept, headed
		return damage(why)
	}
	d := decoder{raw: raw.Bytes()}
	entries := 0
	for len(d.raw) > 0 {
		if r.log.End != nil {
			return refuse("entries after the end of the run")
		}
		if !r.headed {
			if err := r.header(&d); err != nil {
				return refuse(err.Error())
			}
			continue
		}
		if err := d.next(r.log); err != nil {
			return refuse(fmt.Sprintf("entry %d of a frame of good checksum: %v", entries+1, err))
		}
		entries++
	}
	r.entries += entries
	return nil
}

// header reads the first entry of the file.
func (r *reader) header(d *decoder) error {
	kind := d.raw[0]
	d.raw = d.raw[1:]
	size := d.uvarint()
	if kind != kindHeader || d.err != nil || size > uint64(len(d.raw)) {
		return errors.New("its first entry is no header")
	}
	text := d.raw[:size]
	d.raw = d.raw[size:]
	if err := parse(text, &r.log.Header); err != nil {
		return fmt.Errorf("its header cannot be read: %w", err)
	}
	if h := r.log.Header; h.Parts < 1 || h.Part < 0 || h.Part >= h.Parts {
		return fmt.Errorf("its header says part %d of %d", h.Part, h.Parts)
	}
	r.headed = true
	return nil
}
