package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"anteroom/booking"
	"anteroom/booking/postgres"
	"anteroom/internal/fault"
	"anteroom/internal/service"
)

// layoutTimeout is how long a command that reads or enters a layout waits for the database.
const layoutTimeout = 5 * time.Minute

// drawingReader reads the drawing of a hall from a file of one kind.
type drawingReader func([]byte) (booking.NewLayout, []booking.PlanWarning, error)

// importLayout enters a seating plan of the open exchange format as a venue's next layout.
func importLayout(ctx context.Context, args []string, out, errOut io.Writer) error {
	return importDrawing(ctx, "import-layout", "seating plan in the open exchange format", booking.ReadPlan, args, out, errOut)
}

// importSeats enters a list of seats as a venue's next layout.
func importSeats(ctx context.Context, args []string, out, errOut io.Writer) error {
	return importDrawing(ctx, "import-seats", "list of seats as CSV", booking.ReadSeatList, args, out, errOut)
}

func importDrawing(ctx context.Context, command, what string, read drawingReader, args []string, out, errOut io.Writer) error {
	var file, venue, venueName, city, name string
	var publish bool
	url, err := databaseFlags(command, args, errOut, func(f *service.Flags) {
		f.String(&file, "file", "", what+"; - is the standard input")
		f.String(&venue, "venue", "", "slug of the venue")
		f.String(&venueName, "venue-name", "", "makes the venue, if it is not there, with this name")
		f.String(&city, "city", "", "the city of a venue that is made")
		f.String(&name, "name", "", "name of the layout; none: as the plan says")
		f.Bool(&publish, "publish", false, "publish it at once: shows may use it, and it never changes")
	})
	if err != nil {
		return err
	}
	if file == "" || !booking.ValidSlug(venue) {
		return usage(errOut, command, "wants --file and --venue")
	}
	data, err := readFile(file)
	if err != nil {
		return err
	}
	layout, warnings, err := read(data)
	if err == nil && name != "" {
		layout.Name = name
		err = layout.Validate()
	}
	if err != nil {
		return explained(errOut, err)
	}
	for _, w := range warnings {
		fmt.Fprintf(errOut, "booking: warning: %s %s (%d)\n", w.Path, w.Message, w.Count)
	}
	return withStore(ctx, url, layoutTimeout, func(ctx context.Context, store *postgres.Store) error {
		if venueName != "" {
			if err := ensureVenue(ctx, store, venue, venueName, city); err != nil {
				return explained(errOut, err)
			}
		}
		info, err := store.AddLayout(ctx, venue, layout)
		if err == nil && publish {
			info, err = store.PublishLayout(ctx, venue, info.Version)
		}
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "booking: layout %d of %s, %s: %d sections, %d seats\n", info.Version, info.Venue, info.Status, info.Sections, info.Seats)
		return nil
	})
}

// exportLayout writes a layout as a seating plan or a list of seats.
func exportLayout(ctx context.Context, args []string, out, errOut io.Writer) error {
	var venue, format string
	var version int
	url, err := databaseFlags("export-layout", args, errOut, func(f *service.Flags) {
		f.String(&venue, "venue", "", "slug of the venue")
		f.Int(&version, "version", 1, "version of its layout")
		f.String(&format, "format", "plan", "plan: the open exchange format; csv: a list of seats")
	})
	if err != nil {
		return err
	}
	write := map[string]func(booking.NewLayout) ([]byte, error){"plan": booking.WritePlan, "csv": booking.WriteSeatList}[format]
	if !booking.ValidSlug(venue) || version < 1 || write == nil {
		return usage(errOut, "export-layout", "wants --venue, a --version from 1 and a --format that is plan or csv")
	}
	return withStore(ctx, url, layoutTimeout, func(ctx context.Context, store *postgres.Store) error {
		layout, err := store.ReadLayout(ctx, venue, version)
		if err != nil {
			return err
		}
		data, err := write(layout)
		if err != nil {
			return err
		}
		_, err = out.Write(data)
		return err
	})
}

func ensureVenue(ctx context.Context, store *postgres.Store, slug, name, city string) error {
	v := booking.Venue{Slug: slug, Name: booking.Text{EN: name, KO: name}, City: booking.Text{EN: city, KO: city}}
	if err := v.Validate(); err != nil {
		return err
	}
	if err := store.AddVenue(ctx, v); err != nil && !errors.Is(err, booking.ErrSlugTaken) {
		return err
	}
	return nil
}

// readFile reads a file of at most booking.MaxPlanBytes; of a longer one enough to be refused.
func readFile(name string) (data []byte, err error) {
	file := os.Stdin
	if name != "-" {
		if file, err = os.Open(name); err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, file.Close()) }()
	}
	return io.ReadAll(io.LimitReader(file, booking.MaxPlanBytes+1))
}

func usage(errOut io.Writer, command, what string) error {
	fmt.Fprintf(errOut, "booking %s: %s\nSee booking %s --help.\n", command, what, command)
	return service.ErrUsage
}

// explained prints what is wrong with an import, a line each, and returns the error.
func explained(errOut io.Writer, err error) error {
	var f *fault.Error
	if errors.As(err, &f) {
		for _, field := range f.Fields {
			fmt.Fprintf(errOut, "booking: %s %s\n", strings.ReplaceAll(field.Name, "\n", " "), field.Message)
		}
	}
	return err
}
