package journal

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

// flushEvery is how long an entry may be in memory only. With the time of a write it is well within the second that is promised.
const flushEvery = 400 * time.Millisecond

// Writer writes a journal while the run goes on. All methods may be called by any number of goroutines. What was added is with the
// operating system within a second, so it is there even if the process is killed; that the machine itself fails, only Close guards against.
// The first error is kept for Close to return. After a write that failed nothing is written any more, so that what is there can be read.
type Writer struct {
	file *os.File

	mu     sync.Mutex // of what is added
	block  *block
	added  int
	ended  bool
	err    error
	closed bool

	out      sync.Mutex // held while a frame is made and written, so that frames are in the order of their blocks
	torn     bool       // a frame was not written whole: nothing may follow it
	deflate  *flate.Writer
	payload  bytes.Buffer
	stop     chan struct{}
	finished chan struct{}
}

// Create makes the file and writes the header; a file that is there already is replaced. Clock and Parts of the header are filled in
// when they are absent. The writer must be closed.
func Create(path string, h Header) (*Writer, error) {
	h.Parts = max(h.Parts, 1)
	if h.Part < 0 || h.Part >= h.Parts {
		return nil, fmt.Errorf("create journal %s: there is no part %d of %d", path, h.Part, h.Parts)
	}
	if h.Clock == (Origin{}) {
		_, h.Clock = here()
	}
	first := &block{}
	if err := first.other(kindHeader, h); err != nil {
		return nil, fmt.Errorf("create journal %s: %w", path, err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC|os.O_APPEND, 0o644)
	if err != nil {
		return nil, fmt.Errorf("create journal: %w", err)
	}
	w := &Writer{file: f, block: first, stop: make(chan struct{}), finished: make(chan struct{})}
	w.deflate, err = flate.NewWriter(io.Discard, flate.BestSpeed)
	if err == nil {
		_, err = f.Write(binary.LittleEndian.AppendUint32([]byte(magic), version))
	}
	if err == nil {
		w.flush()
		err = w.Err()
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("create journal %s: %w", path, err), f.Close())
	}
	go w.keepFlushing()
	return w, nil
}

func (w *Writer) keepFlushing() {
	defer close(w.finished)
	tick := time.NewTicker(flushEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			w.flush()
		case <-w.stop:
			return
		}
	}
}

// Add appends a record.
func (w *Writer) Add(r Record) {
	w.append(func(b *block) error {
		b.record(&r)
		w.added++
		return nil
	})
}

// Sample appends the server's view of a moment.
func (w *Writer) Sample(s Sample) { w.other(kindSample, s) }

// Generator appends how the generator fared.
func (w *Writer) Generator(g Generator) { w.other(kindGenerator, g) }

// Fault appends what was done to the system.
func (w *Writer) Fault(f Fault) { w.other(kindFault, f) }

// Audit appends what was found after the load; once at most.
func (w *Writer) Audit(a Audit) { w.other(kindAudit, a) }

// End appends how the run ended. It must be the last: whatever comes after it is an error of the writer.
func (w *Writer) End(e End) {
	w.append(func(b *block) error {
		w.ended = true
		return b.other(kindEnd, e)
	})
}

func (w *Writer) other(kind byte, entry any) {
	w.append(func(b *block) error { return b.other(kind, entry) })
}

func (w *Writer) append(entry func(b *block) error) {
	w.mu.Lock()
	switch {
	case w.err != nil:
	case w.closed:
		w.err = errors.New("an entry came after the journal was closed")
	case w.ended:
		w.err = errors.New("an entry came after the end of the run")
	default:
		w.err = entry(w.block)
	}
	full := len(w.block.raw) >= blockTarget
	w.mu.Unlock()
	if full {
		w.flush()
	}
}

// Len is the number of records so far.
func (w *Writer) Len() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.added
}

// Err is the first error so far; nil when there was none.
func (w *Writer) Err() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.err
}

// flush writes what was added as one frame. Others go on adding to the next block meanwhile.
func (w *Writer) flush() {
	w.out.Lock()
	defer w.out.Unlock()
	w.mu.Lock()
	full := w.block
	w.block = &block{}
	w.mu.Unlock()
	if full.count == 0 || w.torn {
		return
	}
	if err := w.write(full.raw); err != nil {
		w.torn = true
		w.mu.Lock()
		w.err = errors.Join(w.err, err)
		w.mu.Unlock()
	}
}

func (w *Writer) write(raw []byte) error {
	if len(raw) > blockLimit {
		return fmt.Errorf("a block of %d bytes is longer than %d", len(raw), blockLimit)
	}
	w.payload.Reset()
	w.deflate.Reset(&w.payload)
	_, err := w.deflate.Write(raw)
	if err = errors.Join(err, w.deflate.Close()); err != nil {
		return err
	}
	payload := w.payload.Bytes()
	// One write for the whole frame: a process that is killed leaves a frame or none, as far as the file system keeps to that.
	_, err = w.file.Write(append(head(payload, len(raw)), payload...))
	return err
}

// Close writes what is left and waits until it is on disk. It returns the first error of any write. A second call does nothing.
func (w *Writer) Close() error {
	w.mu.Lock()
	again := w.closed
	w.closed = true
	w.mu.Unlock()
	if again {
		return nil
	}
	close(w.stop)
	<-w.finished
	w.flush()
	if err := errors.Join(w.Err(), w.file.Sync(), w.file.Close()); err != nil {
		return fmt.Errorf("journal %s: %w", w.file.Name(), err)
	}
	return nil
}
