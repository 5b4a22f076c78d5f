package main

import (
	"fmt"
	"os"
	"path/filepath"

	"anteroom/internal/service"
	"anteroom/loadtest/report"
)

// What a run leaves in its folder beside its journals.
const (
	reportJSON = "report.json"
	reportHTML = "report.html"
)

// folder makes the folder for a run and takes away what another run left in it, so that nothing in it can be mistaken for this one's.
func folder(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("--out: %w", err)
	}
	old, err := journalsIn(dir)
	if err != nil {
		return fmt.Errorf("--out: %w", err)
	}
	for _, file := range append(old, filepath.Join(dir, reportJSON), filepath.Join(dir, reportHTML)) {
		if err := os.Remove(file); err != nil && !os.IsNotExist(err) {
			return fmt.Errorf("--out: %w", err)
		}
	}
	return nil
}

// write writes the report into the folder, and the text of it to the terminal.
func write(r *report.Report, dir string, t terminal) error {
	if err := r.WriteJSON(filepath.Join(dir, reportJSON)); err != nil {
		return err
	}
	if err := r.WriteHTML(filepath.Join(dir, reportHTML)); err != nil {
		return err
	}
	if err := r.WriteText(t.out); err != nil {
		return err
	}
	_, err := fmt.Fprintf(t.out, "%s, %s\n", filepath.Join(dir, reportHTML), filepath.Join(dir, reportJSON))
	return err
}

// reportJournals says again what a run found, from its journal alone.
func reportJournals(args []string, t terminal) int {
	var dir string
	f := service.NewFlags("loadtest report JOURNAL…", "LOADTEST", t.log)
	f.String(&dir, "out", ".", "folder for report.json and report.html")
	words, err := journalsNamed(f, args)
	if err != nil {
		return t.fail(err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return t.fail(fmt.Errorf("--out: %w", err))
	}
	return conclude(words, dir, t)
}

// conclude judges journals, writes the report, and gives the exit code. What else could not be measured goes into the report too.
func conclude(journals []string, dir string, t terminal, lack ...error) int {
	e, err := read(journals)
	if err != nil {
		return t.fail(err)
	}
	r, err := e.report()
	if err != nil {
		return t.fail(err)
	}
	for _, why := range append(e.lack, lack...) {
		r.CouldNotMeasure(why.Error())
	}
	if err := write(r, dir, t); err != nil {
		return t.fail(err)
	}
	for _, why := range e.lack {
		fmt.Fprintln(t.log, "loadtest:", why)
	}
	return r.ExitCode()
}
