package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"anteroom/internal/service"
	"anteroom/loadtest/check"
	"anteroom/loadtest/journal"
	"anteroom/loadtest/profile"
	"anteroom/loadtest/report"
)

// journalName is how `run` calls its journals: run.journal or, of several generators, run-1.journal, run-2.journal and so on.
var journalName = regexp.MustCompile(`^run(-[0-9]+)?\.journal$`)

// journalsIn are the journals that `run` left in a folder.
func journalsIn(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var found []string
	for _, e := range entries {
		if journalName.MatchString(e.Name()) {
			found = append(found, filepath.Join(dir, e.Name()))
		}
	}
	return found, nil
}

// evidence is a journal, or the parts of one put together, and what was wrong with the files.
type evidence struct {
	log  *journal.Log
	lack []error // damage, and parts that are absent: something was not measured
}

// journalsNamed reads a command line that must name journals, or folders that hold them.
func journalsNamed(f *service.Flags, args []string) (paths []string, err error) {
	paths, err = parse(f, args)
	if err == nil && len(paths) == 0 {
		err = f.Fail(errors.New("name a journal, the journals of all generators of one run, or the folder that they are in"))
	}
	return paths, err
}

// read reads journals: files, or folders that hold what `run` left. What can be read of damaged ones is kept. It fails when there is nothing
// to judge, and when the files are not of one run.
func read(paths []string) (*evidence, error) {
	var files []string
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			files = append(files, path)
			continue
		}
		found, err := journalsIn(path)
		if err != nil {
			return nil, err
		}
		if len(found) == 0 {
			return nil, fmt.Errorf("%s holds no journal (run.journal)", path)
		}
		files = append(files, found...)
	}
	e := &evidence{}
	var logs []*journal.Log
	for _, file := range slices.Compact(files) {
		l, err := journal.Read(file)
		switch {
		case err != nil && !errors.As(err, new(*journal.Damaged)):
			return nil, err
		case err != nil:
			e.lack = append(e.lack, err)
		}
		if l != nil {
			logs = append(logs, l)
		}
	}
	if len(logs) == 0 {
		return nil, errors.Join(append(e.lack, errors.New("there is nothing to judge"))...)
	}
	var err error
	if e.log, err = journal.Merge(logs); err != nil {
		return nil, err
	}
	if e.log.Incomplete != "" && len(e.lack) == 0 {
		e.lack = append(e.lack, fmt.Errorf("%s: %s", e.log.Path, e.log.Incomplete))
	}
	return e, nil
}

// profile is the profile that the run was made with.
func (e *evidence) profile() (*profile.Profile, error) {
	if len(e.log.Header.Profile) == 0 {
		return nil, fmt.Errorf("%s does not hold the profile of its run", e.log.Path)
	}
	var p profile.Profile
	if err := json.Unmarshal(e.log.Header.Profile, &p); err != nil {
		return nil, fmt.Errorf("%s: the profile of its run: %w", e.log.Path, err)
	}
	return &p, nil
}

// report judges the journal and says what it holds. Nothing but the journal is asked.
func (e *evidence) report() (*report.Report, error) {
	p, err := e.profile()
	if err != nil {
		return nil, err
	}
	return report.From(e.log, check.Judge(e.log), p), nil
}
