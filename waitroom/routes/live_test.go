package routes

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const patience = 30 * time.Second

// logbook is a log that tests may read while it is written.
type logbook struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// replaceFile puts another content in a file's place at once, as it should be done.
func replaceFile(t *testing.T, file, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(file+".new", []byte(text), 0o600))
	require.NoError(t, os.Rename(file+".new", file))
}

func TestLive(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "c.yaml")
	replaceFile(t, file, good)
	first, err := Load(file)
	require.NoError(t, err)
	var now atomic.Pointer[Config]
	now.Store(first)
	var refuse atomic.Bool
	var book logbook
	live := NewLive(first, func(c *Config) error {
		if refuse.Load() {
			return errors.New("not while it runs")
		}
		now.Store(c)
		return nil
	}, slog.New(slog.NewJSONHandler(&book, nil)))
	live.every = time.Millisecond
	assert.Equal(t, int64(1), live.State().Generation)
	ctx, stop := context.WithCancel(t.Context())
	signals := make(chan os.Signal)
	ended := make(chan error, 1)
	go func() { ended <- live.Run(ctx, signals) }()
	until := func(what string, is func() bool) {
		require.Eventually(t, is, patience, time.Millisecond, what+"\n"+book.String())
	}

	// A change is noticed without anybody saying so.
	replaceFile(t, file, strings.Replace(good, "shop.test", "new.test", 1))
	until("the new one", func() bool { return live.State().Generation == 2 })
	assert.Equal(t, "show arena", told(now.Load().Table, ask("new.test", "/shows/arena/x")))
	assert.Equal(t, "421", told(now.Load().Table, ask("shop.test", "/shows/arena/x")))

	// A bad one is refused, with line and reason, and told once; the old one stays.
	in := now.Load()
	replaceFile(t, file, strings.Replace(good, "upstream: shop", "upstream: shob", 1))
	until("refused", func() bool { return live.State().Refused == 1 })
	assert.Equal(t, State{Generation: 2, LoadedAt: live.State().LoadedAt, Refused: 1, Refusing: true}, live.State())
	assert.Same(t, in, now.Load())
	assert.Contains(t, book.String(), `"line":10,"key":"sites[0].routes[0].upstream","reason":"there is no upstream \"shob\"; there are: shop"`)
	assert.Equal(t, 1, strings.Count(book.String(), "refused"))

	// So is one that is gone; and what is missing may come.
	require.NoError(t, os.Remove(file))
	until("refused again", func() bool { return live.State().Refused == 2 })
	replaceFile(t, file, good+"bypass: {key_file: late.key}\n")
	until("its key is missing", func() bool { return live.State().Refused == 3 })
	replaceFile(t, filepath.Join(filepath.Dir(file), "late.key"), strings.Repeat("QUJD", 16))
	until("the key has come", func() bool { return live.State().Generation == 3 })
	assert.False(t, live.State().Refusing)

	// What is put into force may object, too.
	refuse.Store(true)
	signals <- os.Interrupt
	until("objected", func() bool { return live.State().Refused == 4 })
	assert.Contains(t, book.String(), "not while it runs")
	refuse.Store(false)
	signals <- os.Interrupt
	until("a signal reads it without a change", func() bool { return live.State().Generation == 4 })

	stop()
	require.NoError(t, <-ended)
}

func TestAChangeBetweenReadingAndWatchingIsNoticed(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "c.yaml")
	replaceFile(t, file, good)
	first, err := Load(file)
	require.NoError(t, err)
	replaceFile(t, file, strings.Replace(good, "shop.test", "other.test", 1))
	live := NewLive(first, func(*Config) error { return nil }, slog.New(slog.DiscardHandler))
	live.every = time.Millisecond
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- live.Run(ctx, nil) }()
	require.Eventually(t, func() bool { return live.State().Generation == 2 }, patience, time.Millisecond)
	stop()
	require.NoError(t, <-ended)
}

func TestAnotherFileOfTheSameSizeAndTimeIsAChange(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "c.yaml")
	replaceFile(t, file, good)
	at := time.Now().Add(-time.Hour)
	require.NoError(t, os.Chtimes(file, at, at))
	var seen sightings
	seen.note(file)
	require.False(t, seen.changed())
	require.NoError(t, os.WriteFile(file+".new", []byte(good), 0o600))
	require.NoError(t, os.Chtimes(file+".new", at, at))
	require.NoError(t, os.Rename(file+".new", file))
	require.True(t, seen.changed())
}
