package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"anteroom/internal/auth"
	"anteroom/internal/service"
)

const (
	jwksTimeout  = 10 * time.Second
	jwksMaxBytes = 1 << 20
)

// keys makes the file that tickets are signed with.
func keys(args []string, out, errOut io.Writer) error {
	var path string
	f := service.NewFlags("booking keys init", envPrefix, errOut)
	f.String(&path, "keys-file", "keys/booking.json", "file to make, with mode 0600; one that is there is left as it is")
	if len(args) == 0 || (args[0] != "init" && args[0] != "--help") {
		return f.Fail(errors.New("the command is: keys init"))
	}
	if args[0] == "init" {
		args = args[1:]
	}
	rest, err := f.Parse(args)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return f.Fail(errors.New("takes no arguments but flags"))
	}
	created, err := auth.InitKeys(path)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "booking: key file %s: %s\n", path, made(created))
	return err
}

// errNotOurs ends `booking ticket verify` for what is no ticket.
var errNotOurs = errors.New("not a ticket of ours, or for another show")

// ticket verifies what a QR code says, with nothing but the published keys.
func ticket(ctx context.Context, args []string, in io.Reader, out, errOut io.Writer) error {
	var jwks, show string
	f := service.NewFlags("booking ticket verify", envPrefix, errOut)
	f.String(&jwks, "jwks", "", "file or address of the published keys, as /api/v1/.well-known/jwks.json gave them; needed")
	f.String(&show, "show", "", "slug of the show that the ticket must be for; empty: any")
	if len(args) == 0 || (args[0] != "verify" && args[0] != "--help") {
		return f.Fail(errors.New("the command is: ticket verify --jwks FILE [TOKEN]; without a token it reads one a line"))
	}
	if args[0] == "verify" {
		args = args[1:]
	}
	tokens, err := f.Parse(args)
	if err != nil {
		return err
	}
	if jwks == "" {
		return f.Fail(errors.New("--jwks is needed"))
	}
	body, err := readKeys(ctx, jwks)
	if err != nil {
		return err
	}
	published, err := auth.ParseJWKS(body)
	if err != nil {
		return fmt.Errorf("--jwks: %w", err)
	}
	if len(tokens) == 0 {
		text, err := io.ReadAll(io.LimitReader(in, 1<<24))
		if err != nil {
			return fmt.Errorf("read tokens: %w", err)
		}
		tokens = strings.Fields(string(text))
	}
	wrong := len(tokens) == 0
	for _, token := range tokens {
		entry, err := auth.VerifyEntry(ctx, published, []byte(token))
		switch {
		case err != nil:
			fmt.Fprintln(out, "NOT VALID: this is no ticket of ours")
			wrong = true
		case show != "" && entry.Show != show:
			fmt.Fprintf(out, "NOT VALID: for another show: %s\n", entry.Show)
			wrong = true
		default:
			fmt.Fprintf(out, "issued: %s  show %s  seat %s  starts %s\n", entry.ID, entry.Show, entry.Seat, entry.Starts.UTC().Format(time.RFC3339))
		}
	}
	fmt.Fprintln(errOut, "Whether a ticket was cancelled, handed on or used since it was issued is known only to the service.")
	if wrong {
		return errNotOurs
	}
	return nil
}

// readKeys reads a file, or asks an address.
func readKeys(ctx context.Context, from string) ([]byte, error) {
	if !strings.HasPrefix(from, "http://") && !strings.HasPrefix(from, "https://") {
		body, err := os.ReadFile(from)
		if err != nil {
			return nil, fmt.Errorf("--jwks: %w", err)
		}
		return body, nil
	}
	ctx, cancel := context.WithTimeout(ctx, jwksTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, from, nil)
	if err != nil {
		return nil, fmt.Errorf("--jwks: %w", err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, fmt.Errorf("--jwks: %w", err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("--jwks: %s answers %d", from, res.StatusCode)
	}
	return io.ReadAll(io.LimitReader(res.Body, jwksMaxBytes))
}
