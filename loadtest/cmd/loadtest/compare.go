package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"anteroom/internal/service"
	"anteroom/loadtest/report"
)

// compare shows two runs beside each other. It judges nothing: it ends with 0 when both could be read.
func compare(args []string, t terminal) int {
	var html string
	f := service.NewFlags("loadtest compare A B", "LOADTEST", t.log)
	f.String(&html, "html", "", "file for the comparison as a page")
	words, err := parse(f, args)
	if err == nil && len(words) != 2 {
		err = f.Fail(fmt.Errorf("name two runs: each a journal, a report.json, or a folder that holds one of them; %d were named", len(words)))
	}
	if err != nil {
		return t.fail(err)
	}
	var two [2]*report.Report
	for i, word := range words {
		if two[i], err = reportOf(word); err != nil {
			return t.fail(err)
		}
	}
	c := report.Compare(two[0], two[1])
	if html != "" {
		if err := c.WriteHTML(html); err != nil {
			return t.fail(err)
		}
	}
	if err := c.WriteText(t.out); err != nil {
		return t.fail(err)
	}
	return held
}

// reportOf is the report on a run: read, or made from its journal.
func reportOf(path string) (*report.Report, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		inside := filepath.Join(path, reportJSON)
		if _, err := os.Stat(inside); err == nil {
			return report.ReadJSON(inside)
		} else if !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	} else if yes, err := isJSON(path); err != nil {
		return nil, err
	} else if yes {
		return report.ReadJSON(path)
	}
	e, err := read([]string{path})
	if err != nil {
		return nil, err
	}
	return e.report()
}

// isJSON says whether a file begins as a JSON object does; no journal does.
func isJSON(path string) (bool, error) {
	f, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer f.Close()
	start := make([]byte, 512)
	n, err := f.Read(start)
	if n == 0 {
		return false, fmt.Errorf("%s: it is empty (%w)", path, err)
	}
	return bytes.HasPrefix(bytes.TrimSpace(start[:n]), []byte("{")), nil
}
