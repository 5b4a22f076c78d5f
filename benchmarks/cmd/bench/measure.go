package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"anteroom/benchmarks"
	"anteroom/benchmarks/seed"
	"anteroom/internal/service"
	"anteroom/loadtest/report"
)

// place is where the page and what belongs to it are.
type place struct{ page, results, reports, seed string }

func (p *place) flags(f *service.Flags) {
	f.String(&p.page, "out", "BENCHMARKS.md", "page to write")
	f.String(&p.results, "results", "benchmarks/results", "folder of the measurements")
	f.String(&p.reports, "report", "report.json", "reports of load suites to take in, separated by commas; a file that is not there is left out")
	f.String(&p.seed, "seed-file", "benchmarks/seed.json", "the seed system's figures beside ours; a file that is not there is left out")
}

// measure measures and writes the page, the measurement, and all that the benchmarks printed.
func (c command) measure(args []string) error {
	var s selection
	var p place
	f := service.NewFlags("bench measure", "BENCH", c.log)
	s.flags(f)
	p.flags(f)
	figures, err := s.choose(f, args, c.log)
	if err != nil {
		return err
	}
	var raw bytes.Buffer
	s.o.Raw = &raw
	m, err := c.take(c.ctx, figures, s.o, append([]string{"measure"}, args...))
	if err != nil {
		return errors.Join(err, c.keep(filepath.Join(p.results, "unfinished.txt"), raw.Bytes()))
	}
	name := filepath.Join(p.results, m.FileName())
	if err := c.keep(name+".txt", benchstat(raw.Bytes())); err != nil {
		return err
	}
	if err := m.Write(name + ".json"); err != nil {
		return err
	}
	fmt.Fprintln(c.log, "wrote", name+".json")
	return c.write(p, m, figures)
}

// page writes the page again from a measurement that has been taken.
func (c command) page(args []string) error {
	var p place
	var from string
	f := service.NewFlags("bench page", "BENCH", c.log)
	f.String(&from, "from", "", "file of the measurement; empty: the newest of --results")
	p.flags(f)
	rest, err := f.Parse(args)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return f.Fail(fmt.Errorf("there are words that are no flags: %q", rest))
	}
	var m *benchmarks.Measurement
	if from != "" {
		m, err = benchmarks.ReadMeasurement(from)
	} else {
		m, err = newest(p.results)
	}
	if err != nil {
		return err
	}
	figures := slices.DeleteFunc(slices.Clone(benchmarks.Figures), func(f benchmarks.Figure) bool {
		return !slices.ContainsFunc(m.Benchmarks, func(b benchmarks.Benchmark) bool { return b.Package == f.Package && b.Name == f.Name })
	})
	return c.write(p, m, figures)
}

// newest reads the newest measurement of a folder.
func newest(dir string) (*benchmarks.Measurement, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return nil, err
	}
	var last *benchmarks.Measurement
	for _, file := range files {
		m, err := benchmarks.ReadMeasurement(file)
		if err != nil {
			return nil, err
		}
		if last == nil || m.Date.After(last.Date) {
			last = m
		}
	}
	if last == nil {
		return nil, fmt.Errorf("%s holds no measurement; `make bench` takes one", dir)
	}
	return last, nil
}

// write writes the page and its plots.
func (c command) write(p place, m *benchmarks.Measurement, figures []benchmarks.Figure) error {
	page := benchmarks.Page{Figures: figures, Measurement: m, Plots: "benchmarks/plots"}
	if raw := filepath.Join(p.results, m.FileName()+".txt"); exists(raw) {
		page.Raw = filepath.ToSlash(raw)
	}
	for file := range strings.SplitSeq(p.reports, ",") {
		suite, err := report.ReadJSON(file)
		if errors.Is(err, fs.ErrNotExist) {
			fmt.Fprintf(c.log, "%s is not there; the page will hold no such suite (make loadtest writes one)\n", file)
			continue
		}
		if err != nil {
			return err
		}
		page.Suites = append(page.Suites, suite)
	}
	rows, err := seed.Read(p.seed)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	page.Seed = rows
	plots := filepath.Join(filepath.Dir(p.page), page.Plots)
	if err := os.RemoveAll(plots); err != nil { // a package that is no more leaves no plot
		return err
	}
	for _, b := range m.Benchmarks {
		file := filepath.Join(plots, benchmarks.PlotName(b.Package))
		if exists(file) || !benchmarks.HasPlot(figures, m, b.Package) {
			continue
		}
		if err := c.keep(file, []byte(benchmarks.Plot(figures, m, b.Package))); err != nil {
			return err
		}
	}
	return c.keep(p.page, []byte(page.Markdown()))
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// keep writes a file, and its folder if need be.
func (c command) keep(path string, body []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(path, body, 0o644); err != nil {
		return err
	}
	fmt.Fprintln(c.log, "wrote", path)
	return nil
}

// benchstat keeps of what test programs printed the lines that benchstat reads.
func benchstat(raw []byte) []byte {
	var kept bytes.Buffer
	for line := range bytes.Lines(raw) {
		fields := bytes.Fields(line)
		result := len(fields) > 2 && bytes.HasPrefix(line, []byte("Benchmark"))
		for _, key := range []string{"goos: ", "goarch: ", "pkg: ", "cpu: "} {
			result = result || bytes.HasPrefix(line, []byte(key))
		}
		if result {
			kept.Write(line)
		}
	}
	return kept.Bytes()
}
