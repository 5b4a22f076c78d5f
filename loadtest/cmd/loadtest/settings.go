package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"anteroom/internal/service"
	"anteroom/loadtest/report"
)

// suite is a suite with its settings.
type suite interface {
	// load brings up what is needed, runs the suite and judges what came of it.
	load(ctx context.Context, log io.Writer) (*report.Report, error)
	// write writes the report to where the settings say.
	write(r *report.Report, out io.Writer) error
}

// The names of the suites.
const (
	surgeName      = "surge"
	tenMillionName = "ten-million"
	idleName       = "idle"
)

// common are the settings that all suites have.
type common struct {
	suite     string
	out, html string
}

// parse reads the command line. What is wrong with it has been printed when the error is not nil.
func parse(args []string, log io.Writer) (suite, error) {
	switch name := suiteOf(args); name {
	case surgeName:
		return parseSurge(args, log)
	case tenMillionName:
		return parseTenMillion(args, log)
	case idleName:
		return parseIdle(args, log)
	default:
		f := service.NewFlags("loadtest", "LOADTEST", log)
		return nil, f.Fail(fmt.Errorf("--suite: there is no suite %q; there are: %s, %s, %s", name, surgeName, tenMillionName, idleName))
	}
}

// suiteOf looks for the suite's name, because it decides which settings there are.
func suiteOf(args []string) string {
	name := surgeName
	if given := os.Getenv("LOADTEST_SUITE"); given != "" {
		name = given
	}
	for i, arg := range args {
		flag, value, whole := strings.Cut(arg, "=")
		if flag != "--suite" && flag != "-suite" {
			continue
		}
		if whole {
			name = value
		} else if i+1 < len(args) {
			name = args[i+1]
		}
	}
	return name
}

func (c *common) flags(name string, log io.Writer) *service.Flags {
	f := service.NewFlags("loadtest --suite "+name, "LOADTEST", log)
	f.String(&c.suite, "suite", surgeName, "what to run: "+surgeName+", "+tenMillionName+" or "+idleName+"; each has settings of its own")
	f.String(&c.out, "out", "", "file for the report as JSON")
	f.String(&c.html, "html", "", "file for the report as a page")
	return f
}

func (c *common) parse(f *service.Flags, args []string) error {
	rest, err := f.Parse(args)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return f.Fail(fmt.Errorf("%q is not a setting", rest[0]))
	}
	return nil
}

// bound is what a setting may be.
type bound struct {
	name           string
	value, low, up int
}

func within(bounds []bound) error {
	for _, b := range bounds {
		if b.value < b.low || b.value > b.up {
			return fmt.Errorf("--%s must be from %d to %d, is %d", b.name, b.low, b.up, b.value)
		}
	}
	return nil
}

func deadline(d time.Duration) error {
	if d < time.Second || d > time.Hour {
		return fmt.Errorf("--deadline must be from 1s to 1h, is %s", d)
	}
	return nil
}
