package routes

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"slices"
	"sync/atomic"
	"time"
)

// lookEvery is how often the times of the files are looked at.
const lookEvery = time.Second

// Live keeps a gateway's configuration that of its file: it reads the file again when it is told to, and when one of the files has
// changed. A file that is refused changes nothing.
type Live struct {
	log   *slog.Logger
	apply func(*Config) error
	every time.Duration
	file  string
	seen  sightings // of the newest file, even if it was refused: what was missing may come

	generation atomic.Int64
	loadedAt   atomic.Int64 // Unix nanoseconds
	refused    atomic.Int64
	refusing   atomic.Bool
}

// NewLive begins with a configuration that is in force already. Apply puts a new one into force, or refuses it as a whole.
func NewLive(config *Config, apply func(*Config) error, log *slog.Logger) *Live {
	l := &Live{log: log, apply: apply, every: lookEvery, file: config.File, seen: config.seen}
	l.inForce()
	return l
}

// State is how it stands with the configuration.
type State struct {
	Generation int64     // from 1; one more with each file put into force
	LoadedAt   time.Time // of the one in force
	Refused    int64     // files refused since the start
	Refusing   bool      // the newest file was refused: what is in force is not what is in the file
}

// State may be called at any time, from anywhere.
func (l *Live) State() State {
	return State{l.generation.Load(), time.Unix(0, l.loadedAt.Load()), l.refused.Load(), l.refusing.Load()}
}

// Run looks after the files until ctx ends; a signal makes it read them at once.
func (l *Live) Run(ctx context.Context, reload <-chan os.Signal) error {
	tick := time.NewTicker(l.every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-reload:
			l.load()
		case <-tick.C:
			if l.seen.changed() {
				l.load()
			}
		}
	}
}

// load reads the file and puts it into force unless something is wrong with it.
func (l *Live) load() {
	config, seen, err := load(l.file)
	l.seen = seen
	if err == nil {
		err = l.apply(config)
	}
	if err != nil {
		l.refuse(err)
		return
	}
	l.inForce()
	l.log.Info("configuration in force", "file", config.File, "generation", l.generation.Load(), "routes", len(config.Routes))
	for _, w := range config.Warnings {
		l.log.Warn("configuration", "file", w.File, "line", w.Line, "key", w.Key, "reason", w.Reason)
	}
}

func (l *Live) inForce() {
	l.generation.Add(1)
	l.loadedAt.Store(time.Now().UnixNano())
	l.refusing.Store(false)
}

// refuse tells why, once for each file that is wrong: it is not read again until it changes.
func (l *Live) refuse(err error) {
	var problems Problems
	if !errors.As(err, &problems) {
		problems = Problems{{File: l.file, Reason: err.Error()}}
	}
	for _, p := range problems {
		l.log.Error("configuration refused, the old one stays in force", "file", p.File, "line", p.Line, "key", p.Key, "reason", p.Reason)
	}
	l.refusing.Store(true)
	l.refused.Add(1) // last: who sees the count finds the reason in the log
}

// sightings are the files that were read, each as it was just before: what changes while it is read is found the next time.
type sightings []sighting

type sighting struct {
	file string
	was  os.FileInfo // nil: it was not there
}

func (s *sightings) note(file string) { *s = append(*s, sighting{file, look(file)}) }

func (s sightings) changed() bool {
	return slices.ContainsFunc(s, func(one sighting) bool { return !unchanged(one.was, look(one.file)) })
}

// look follows links, since that is how some systems replace files.
func look(file string) os.FileInfo {
	info, err := os.Stat(file)
	if err != nil {
		return nil
	}
	return info
}

// unchanged reports whether a file is the one that it was. Another one in its place counts as a change even if size and time are the same: the
// clock that files are stamped with is a coarse one.
func unchanged(a, b os.FileInfo) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	return os.SameFile(a, b) && a.Size() == b.Size() && a.ModTime().Equal(b.ModTime())
}
