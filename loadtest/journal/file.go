package journal

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// WriteFile writes the records as gzipped JSON lines.
func WriteFile(path string, records []Record) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("write journal: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	zip, err := gzip.NewWriterLevel(f, gzip.BestSpeed)
	if err != nil {
		return err
	}
	encoder := json.NewEncoder(zip)
	for i := range records {
		if err := encoder.Encode(&records[i]); err != nil {
			return fmt.Errorf("write journal: %w", err)
		}
	}
	if err := zip.Close(); err != nil {
		return fmt.Errorf("write journal: %w", err)
	}
	return nil
}

// ReadFile reads what WriteFile wrote. The error names the line that is not a record.
func ReadFile(path string) ([]Record, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read journal: %w", err)
	}
	defer f.Close()
	zip, err := gzip.NewReader(bufio.NewReader(f))
	if err != nil {
		return nil, fmt.Errorf("journal %s: %w", path, err)
	}
	decoder := json.NewDecoder(zip)
	decoder.DisallowUnknownFields()
	var records []Record
	for {
		var r Record
		switch err := decoder.Decode(&r); {
		case errors.Is(err, io.EOF):
			return records, nil
		case err != nil:
			return nil, fmt.Errorf("journal %s, record %d: %w", path, len(records)+1, err)
		}
		records = append(records, r)
	}
}
