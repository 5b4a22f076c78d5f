package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"anteroom/internal/service"
	"anteroom/waitroom/draw"
)

// verifyDraw checks a published draw offline, for anybody who doubts it: everything is recomputed from the file. It takes what
// follows "waitroom verify draw". An error says what does not hold, and the program ends with 1.
func verifyDraw(args []string, out io.Writer) error {
	var claims, entrants, earlier, beaconValue string
	f := service.NewFlags("waitroom verify draw FILE", "WAITROOM_VERIFY_DRAW", os.Stderr)
	f.String(&claims, "claims", "", "ranks that visitors were told, as number=rank, separated by commas: 17=4711,18=3")
	f.String(&entrants, "entrants", "", "file with what the document's entrants_url gave, when the entrants are not in the document")
	f.String(&earlier, "earlier", "", "files with earlier copies of the document, separated by commas: what they say must still hold")
	f.String(&beaconValue, "beacon-value", "", "what the beacon itself published, to be compared with the document")
	file := ""
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		file, args = args[0], args[1:]
	}
	rest, err := f.Parse(args)
	if err != nil {
		return err
	}
	if file == "" && len(rest) > 0 {
		file, rest = rest[0], rest[1:]
	}
	if file == "" || len(rest) > 0 {
		return f.Fail(errors.New("the command takes one file: the draw's document"))
	}
	told, err := parseClaims(claims)
	if err != nil {
		return f.Fail(err)
	}
	document, err := readDraw(file)
	if err != nil {
		return err
	}
	if entrants != "" {
		packed, err := os.ReadFile(entrants)
		if err != nil {
			return err
		}
		if document, err = document.PutInEntrants(packed); err != nil {
			return fmt.Errorf("%s: %w", entrants, err)
		}
	}
	report, err := draw.Verify(document, told...)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	copies := split(earlier)
	for _, name := range copies {
		before, err := readDraw(name)
		if err != nil {
			return err
		}
		if err := draw.Follows(before, document); err != nil {
			return fmt.Errorf("%s compared with %s: %w", file, name, err)
		}
	}
	if beaconValue != "" && beaconValue != document.BeaconValue {
		return fmt.Errorf("%s: beacon_value is %q, but the beacon published %q", file, document.BeaconValue, beaconValue)
	}
	printReport(out, report, len(copies), beaconValue != "")
	return nil
}

func readDraw(file string) (draw.Document, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return draw.Document{}, err
	}
	document, err := draw.Parse(text)
	if err != nil {
		return draw.Document{}, fmt.Errorf("%s: %w", file, err)
	}
	return document, nil
}

func parseClaims(list string) ([]draw.Claim, error) {
	var claims []draw.Claim
	for _, item := range split(list) {
		number, rank, ok := strings.Cut(item, "=")
		n, err1 := strconv.ParseInt(number, 10, 64)
		r, err2 := strconv.ParseInt(rank, 10, 64)
		if !ok || err1 != nil || err2 != nil {
			return nil, fmt.Errorf("the claim %q is not of the form number=rank", item)
		}
		claims = append(claims, draw.Claim{Number: n, Rank: r})
	}
	return claims, nil
}

func split(list string) []string {
	if list == "" {
		return nil
	}
	return strings.Split(list, ",")
}

// printReport says what holds, and what the file alone could not show.
func printReport(out io.Writer, r *draw.Report, copies int, beaconCompared bool) {
	fmt.Fprintf(out, "The draw of room %s, epoch %d, holds.\n", r.Room, r.Epoch)
	fmt.Fprintf(out, "  numbers drawn   %d, each with one rank\n", r.N)
	fmt.Fprintf(out, "  present         %d, sealed at %s\n", r.Present, r.SealedAt.UTC().Format(time.RFC3339Nano))
	fmt.Fprintf(out, "  entrants' root  %s\n", r.Root)
	fmt.Fprintf(out, "  beacon          %s\n", r.BeaconName)
	fmt.Fprintf(out, "  beacon's value  %s\n", r.BeaconValue)
	fmt.Fprintf(out, "  key             %s\n", r.Key)
	fmt.Fprintf(out, "  claims checked  %d\n", r.Claims)
	fmt.Fprintf(out, "  earlier copies  %d\n", copies)
	for _, place := range r.First {
		absent := ""
		if !place.Present {
			absent = "  (was absent)"
		}
		fmt.Fprintf(out, "  rank %-10d number %d%s\n", place.Rank, place.Number, absent)
	}
	if !beaconCompared {
		fmt.Fprintln(out, "Not checked: that this is the beacon's value. Look it up there, and give it as --beacon-value.")
	}
	if copies == 0 {
		fmt.Fprintln(out, "Not checked: that commitment and entrants had been published before. Give copies kept then as --earlier.")
	}
}
