package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"anteroom/booking"
)

// readJournals reads what clients were told from files of JSON lines, gzipped or not, separated by commas. It returns nil for none. The
// error names the file and the record that cannot be read.
func readJournals(files string) (all booking.Journal, err error) {
	for name := range strings.SplitSeq(files, ",") {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		if all, err = readJournal(all, name); err != nil {
			return nil, err
		}
	}
	if all == nil && strings.TrimSpace(files) != "" {
		return nil, errors.New("--journal: there is no record in it")
	}
	return all, nil
}

func readJournal(all booking.Journal, name string) (booking.Journal, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("--journal: %w", err)
	}
	defer f.Close()
	lines, err := unzipped(bufio.NewReader(f))
	if err != nil {
		return nil, fmt.Errorf("--journal %s: %w", name, err)
	}
	decoder := json.NewDecoder(lines)
	for n := 1; ; n++ {
		var t booking.Told
		switch err := decoder.Decode(&t); {
		case errors.Is(err, io.EOF):
			return all, nil
		case err != nil:
			return nil, fmt.Errorf("--journal %s: record %d: %w", name, n, err)
		case t.Action == "":
			return nil, fmt.Errorf("--journal %s: record %d says no action", name, n)
		}
		all = append(all, t)
	}
}

var gzipMagic = []byte{0x1f, 0x8b}

func unzipped(r *bufio.Reader) (io.Reader, error) {
	if head, err := r.Peek(len(gzipMagic)); err == nil && bytes.Equal(head, gzipMagic) {
		return gzip.NewReader(r)
	}
	return r, nil
}
