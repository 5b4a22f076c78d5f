package testenv

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"testing"
)

// PassesVariable says how often the benchmarks of a process are gone through, A B C, A B C, …, so that all of them meet what a shared machine does
// meanwhile: an integer of at least 1; 1 if it is not set.
const PassesVariable = "BENCH_PASSES"

// Passes runs the tests and benchmarks of a package, for its TestMain, as often as PassesVariable says. What Lasting made lasts until the end.
func Passes(m *testing.M) interface{ Run() int } { return passes{m} }

type passes struct{ m *testing.M }

func (p passes) Run() (code int) {
	n := 1
	if text := os.Getenv(PassesVariable); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil || n < 1 {
			fmt.Fprintf(os.Stderr, "%s must be an integer of at least 1, is %q\n", PassesVariable, text)
			return 2
		}
	}
	ctx, end := context.WithCancel(context.Background())
	kept = &keeper{ctx: ctx, made: map[string]any{}}
	defer func() {
		end()
		if !kept.release() && code == 0 {
			code = 1
		}
		kept = nil
	}()
	for i := 0; i < n && code == 0; i++ {
		code = p.m.Run()
	}
	return code
}

// kept is nil where TestMain does not run by Passes. Benchmarks come one after the other, so nothing guards it.
var kept *keeper

type keeper struct {
	ctx      context.Context
	made     map[string]any
	cleanups []func()
	failed   bool
}

// Lasting returns what a benchmark needs and what is dear to start: made when it is first asked for by this name, and shared by all benchmarks and all
// their repetitions until the process ends, if TestMain runs by Passes; made for this benchmark alone otherwise. The name says all that it
// depends on. What create registers by Cleanup is done in the end, the newest first; TempDir lasts as long, and Context ends before. Not for tests, which
// may run side by side.
func Lasting[T any](b *testing.B, name string, create func(testing.TB) T) T {
	b.Helper()
	if kept == nil {
		return create(b)
	}
	if made, ok := kept.made[name]; ok {
		return made.(T)
	}
	made := create(lasting{TB: b, keeper: kept})
	kept.made[name] = made
	return made
}

// release ends what was made and reports whether that went well.
func (k *keeper) release() bool {
	for len(k.cleanups) > 0 {
		last := k.cleanups[len(k.cleanups)-1]
		k.cleanups = k.cleanups[:len(k.cleanups)-1]
		last()
	}
	return !k.failed
}

// lasting is a benchmark as what outlives it sees it. A benchmark that is over must not be spoken to.
type lasting struct {
	testing.TB
	*keeper
}

func (l lasting) Cleanup(f func()) { l.cleanups = append(l.cleanups, f) }

func (l lasting) Context() context.Context { return l.ctx }

func (l lasting) TempDir() string {
	l.Helper()
	dir, err := os.MkdirTemp("", "benchmark-")
	if err != nil {
		l.Fatal(err)
	}
	l.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			l.Error(err)
		}
	})
	return dir
}

func (l lasting) Failed() bool { return l.failed }

func (l lasting) Log(args ...any) { fmt.Fprintln(os.Stderr, args...) }

func (l lasting) Logf(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }

func (l lasting) Error(args ...any) {
	l.failed = true
	l.Log(args...)
}

func (l lasting) Errorf(format string, args ...any) {
	l.failed = true
	l.Logf(format, args...)
}
