package ledger

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Bounds of what is read.
const (
	MaxPage     = 1000                     // lines in one document
	MaxLines    = 1 << 20                  // lines in one file: twelve days of one a second
	maxDocument = MaxPage * (MaxLine + 16) // bytes of one document
)

// Document is a page of a ledger, as the endpoint answers it. The zero Room and From are those of a file that does not tell them.
type Document struct {
	Room  string   `json:"room"`
	From  int64    `json:"from"`  // seq of the first of Lines
	Next  int64    `json:"next"`  // where the page after this one begins: From + len(Lines)
	Lines []string `json:"lines"` // signed lines, at most MaxPage
}

// Read reads a ledger: either a Document in JSON, or a file of signed lines, one to a line of text, with or without the quotes of JSON.
// Nothing is verified yet. It fails with ErrDocument.
func Read(r io.Reader) (Document, error) {
	in := bufio.NewReaderSize(r, MaxLine+16)
	for {
		b, err := in.ReadByte()
		switch {
		case errors.Is(err, io.EOF):
			return Document{}, because(ErrDocument, "file", "is empty")
		case err != nil:
			return Document{}, fmt.Errorf("read ledger: %w", err)
		case strings.IndexByte(" \t\r\n", b) >= 0:
			continue
		}
		if err := in.UnreadByte(); err != nil {
			return Document{}, fmt.Errorf("read ledger: %w", err)
		}
		if b != '{' {
			return readLines(in)
		}
		text, err := io.ReadAll(io.LimitReader(in, maxDocument+1))
		if err != nil {
			return Document{}, fmt.Errorf("read ledger: %w", err)
		}
		return ParseDocument(text)
	}
}

// ParseDocument reads a Document strictly: every member once, none unknown, nothing after it. It fails with ErrDocument.
func ParseDocument(text []byte) (Document, error) {
	if len(text) > maxDocument {
		return Document{}, because(ErrDocument, "document", "is longer than %d bytes", maxDocument)
	}
	var d Document
	targets := map[string]any{"room": &d.Room, "from": &d.From, "next": &d.Next, "lines": &d.Lines}
	decoder := json.NewDecoder(bytes.NewReader(text))
	if token, err := decoder.Token(); err != nil || token != json.Delim('{') {
		return Document{}, because(ErrDocument, "document", "is no JSON object")
	}
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return Document{}, because(ErrDocument, "document", "is no JSON: %v", err)
		}
		name, _ := token.(string)
		target := targets[name]
		if target == nil {
			return Document{}, because(ErrDocument, "document", "has an unknown or repeated member %.64q", name)
		}
		delete(targets, name)
		if err := decoder.Decode(target); err != nil {
			return Document{}, because(ErrDocument, name, "cannot be read: %v", err)
		}
	}
	if _, err := decoder.Token(); err != nil {
		return Document{}, because(ErrDocument, "document", "is cut off")
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return Document{}, because(ErrDocument, "document", "is followed by something else")
	}
	for name := range targets {
		return Document{}, because(ErrDocument, name, "is missing")
	}
	return d, d.check()
}

func (d *Document) check() error {
	switch {
	case !roomName.MatchString(d.Room):
		return because(ErrDocument, "room", "%.64q is no room's name", d.Room)
	case d.From < 1:
		return because(ErrDocument, "from", "must be at least 1, is %d", d.From)
	case len(d.Lines) > MaxPage:
		return because(ErrDocument, "lines", "are %d, more than %d", len(d.Lines), MaxPage)
	case d.Next < d.From || d.Next-d.From != int64(len(d.Lines)):
		return because(ErrDocument, "next", "is %d: not %d lines after %d", d.Next, len(d.Lines), d.From)
	}
	for i, line := range d.Lines {
		if line == "" || len(line) > MaxLine {
			return because(ErrDocument, "lines", "number %d of the document is empty or longer than %d bytes", i+1, MaxLine)
		}
	}
	return nil
}

func readLines(in *bufio.Reader) (Document, error) {
	var d Document
	for row := 1; ; row++ {
		text, err := in.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			return Document{}, because(ErrDocument, "file", "row %d is longer than %d bytes", row, MaxLine)
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return Document{}, fmt.Errorf("read ledger: %w", err)
		}
		line := string(bytes.TrimSpace(text))
		if strings.HasPrefix(line, `"`) {
			if json.Unmarshal([]byte(line), &line) != nil {
				return Document{}, because(ErrDocument, "file", "row %d is no JSON string", row)
			}
		}
		if len(line) > MaxLine || len(d.Lines) == MaxLines {
			return Document{}, because(ErrDocument, "file", "row %d is longer than %d bytes, or beyond row %d", row, MaxLine, MaxLines)
		}
		if line != "" {
			d.Lines = append(d.Lines, line)
		}
		if err != nil {
			return d, nil
		}
	}
}
