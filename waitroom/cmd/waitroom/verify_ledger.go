package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"anteroom/internal/auth"
	"anteroom/internal/service"
	"anteroom/waitroom/ledger"
)

// verifyLedger checks a published ledger offline, and receipts by it, with the published keys alone. It takes what follows
// "waitroom verify ledger". An error says what does not hold, and the program ends with 1.
func verifyLedger(args []string, out io.Writer) error {
	var (
		jwks, receipts, earlier string
		part                    bool
	)
	f := service.NewFlags("waitroom verify ledger FILE…", "WAITROOM_VERIFY_LEDGER", os.Stderr)
	f.String(&jwks, "jwks", "", "file with the published keys, as /.well-known/jwks.json gave them; needed")
	f.String(&receipts, "receipt", "", "files with receipts, separated by commas; one receipt to a line, or as the gateway answered it")
	f.String(&earlier, "earlier", "", "files with earlier copies of the ledger, separated by commas: what they say must still stand")
	f.Bool(&part, "part", false, "the ledger may begin after line 1; what was before is not judged")
	var files []string
	for len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		files, args = append(files, args[0]), args[1:]
	}
	rest, err := f.Parse(args)
	if err != nil {
		return err
	}
	if files = append(files, rest...); len(files) == 0 || jwks == "" {
		return f.Fail(errors.New("the command takes --jwks and one file or more: the pages of the ledger, in their order"))
	}
	ctx := context.Background() // all of it is at hand: nothing waits
	text, err := os.ReadFile(jwks)
	if err != nil {
		return err
	}
	keys, err := auth.ParseJWKS(text)
	if err != nil {
		return fmt.Errorf("%s: %w", jwks, err)
	}
	report, err := readLedger(ctx, keys, part, files)
	if err != nil {
		return err
	}
	copies := split(earlier)
	for _, name := range copies {
		before, err := readLedger(ctx, keys, true, []string{name})
		if err != nil {
			return err
		}
		if err := report.Agree(before); err != nil {
			return fmt.Errorf("compared with %s: %w", name, err)
		}
	}
	places, err := readReceipts(ctx, keys, split(receipts))
	if err != nil {
		return err
	}
	if err := report.CheckReceipts(places); err != nil {
		return err
	}
	if _, err := report.WriteTo(out); err != nil {
		return err
	}
	fmt.Fprintf(out, "Earlier copies that agree: %d. Receipts that fit: %d.\n", len(copies), len(places))
	if len(copies) == 0 {
		fmt.Fprintln(out, "Not checked: that others were shown the same ledger. Give copies kept before, or by others, as --earlier.")
	}
	return nil
}

func readLedger(ctx context.Context, keys auth.KeySource, part bool, files []string) (*ledger.Report, error) {
	v := ledger.NewVerifier(keys, part)
	for _, name := range files {
		if err := addFile(ctx, v, name); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return v.Report()
}

func addFile(ctx context.Context, v *ledger.Verifier, name string) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	document, err := ledger.Read(file)
	if err != nil {
		return err
	}
	return v.AddDocument(ctx, document)
}

// maxReceipts bounds a file of receipts, in bytes.
const maxReceipts = 64 << 20

// readReceipts verifies the receipts in the files. The error names the file and the row.
func readReceipts(ctx context.Context, keys auth.KeySource, files []string) (places []auth.Ticket, err error) {
	for _, name := range files {
		file, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		text, err := io.ReadAll(io.LimitReader(file, maxReceipts+1))
		file.Close()
		if err != nil {
			return nil, err
		}
		if len(text) > maxReceipts {
			return nil, fmt.Errorf("%s is longer than %d bytes", name, maxReceipts)
		}
		before := len(places)
		for i, row := range bytes.Split(text, []byte("\n")) {
			if row = bytes.TrimSpace(row); len(row) == 0 {
				continue
			}
			var answer struct {
				Receipt string `json:"receipt"`
			}
			if row[0] == '{' && json.Unmarshal(row, &answer) == nil {
				row = []byte(answer.Receipt)
			}
			place, err := auth.VerifyReceipt(ctx, keys, row)
			if err != nil {
				return nil, fmt.Errorf("%s, row %d: %w", name, i+1, err)
			}
			places = append(places, place)
		}
		if len(places) == before {
			return nil, fmt.Errorf("%s holds no receipt", name)
		}
	}
	return places, nil
}
