package main

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"anteroom/internal/service"
	"anteroom/loadtest/journal"
)

// exportJournals writes the requests of a run as JSON lines, which other programs read: booking's checker holds its database against them.
func exportJournals(args []string, t terminal) int {
	var out string
	f := service.NewFlags("loadtest export JOURNAL…", "LOADTEST", t.log)
	f.String(&out, "out", "", "file to write, one that ends in .gz is gzipped; empty: the terminal")
	words, err := journalsNamed(f, args)
	if err != nil {
		return t.fail(err)
	}
	e, err := read(words)
	if err != nil {
		return t.fail(err)
	}
	if out == "" {
		err = writeRecords(t.out, e.log.Records)
	} else {
		err = writeRecordsTo(out, e.log.Records)
	}
	if err != nil {
		return t.fail(err)
	}
	for _, why := range e.lack {
		fmt.Fprintln(t.log, "loadtest:", why)
	}
	if len(e.lack) > 0 {
		return unmeasured
	}
	return held
}

func writeRecordsTo(path string, records []journal.Record) (err error) {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if !strings.HasSuffix(path, ".gz") {
		return writeRecords(file, records)
	}
	zip := gzip.NewWriter(file)
	return errors.Join(writeRecords(zip, records), zip.Close())
}

// writeRecords writes a record a line, with the names that docs/checker.md gives.
func writeRecords(w io.Writer, records []journal.Record) error {
	buffered := bufio.NewWriter(w)
	encoder := json.NewEncoder(buffered)
	for i := range records {
		if err := encoder.Encode(&records[i]); err != nil {
			return err
		}
	}
	return buffered.Flush()
}
