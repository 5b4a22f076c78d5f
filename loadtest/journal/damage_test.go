package journal_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"anteroom/loadtest/journal"
)

const start = 12 // where the first frame begins

// small is a journal of several frames, and where each of them begins.
func small(t testing.TB) (file []byte, frames []int64, whole *journal.Log) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "run.journal")
	w, err := journal.Create(path, header())
	require.NoError(t, err)
	w.FlushByHandAlone()
	for i := range int64(60) {
		w.Add(record(i))
		if i%10 == 9 {
			w.Flush()
		}
	}
	w.Audit(journal.Audit{TokensChecked: 1})
	w.End(journal.End{Why: "done"})
	require.NoError(t, w.Close())
	whole, err = journal.Read(path)
	require.NoError(t, err)
	file, err = os.ReadFile(path)
	require.NoError(t, err)
	for at := int64(start); at < int64(len(file)); at += 12 + int64(binary.LittleEndian.Uint32(file[at:])) {
		frames = append(frames, at)
	}
	require.Greater(t, len(frames), 4)
	return file, frames, whole
}

// frameOf is the beginning of the frame that a byte is in.
func frameOf(frames []int64, at int64) int64 {
	found := int64(start)
	for _, f := range frames {
		if f <= at {
			found = f
		}
	}
	return found
}

// requireDamage reads a spoilt file: it must be said where the damage is, and everything before it must be there.
func requireDamage(t require.TestingT, spoilt []byte, offset int64, whole *journal.Log) {
	l, err := journal.ReadFrom(bytes.NewReader(spoilt), "some.journal")
	var d *journal.Damaged
	require.ErrorAs(t, err, &d)
	require.Equal(t, "some.journal", d.Path)
	require.Equal(t, offset, d.Offset, d.Why)
	require.ErrorContains(t, err, fmt.Sprintf("some.journal is damaged at byte %d", offset))
	if offset <= start { // not even the header
		require.Nil(t, l)
		return
	}
	require.Equal(t, whole.Header, l.Header)
	require.Equal(t, append([]journal.Record(nil), whole.Records[:len(l.Records)]...), l.Records)
	require.NotEmpty(t, l.Incomplete)
	entries := len(l.Records)
	for _, there := range []bool{l.Audit != nil, l.End != nil} {
		if there {
			entries++
		}
	}
	require.Equal(t, d.Entries, entries)
}

func TestAJournalCutAtAnyFrameIsReadUpToThere(t *testing.T) {
	t.Parallel()
	file, frames, whole := small(t)
	for n, at := range frames[1:] {
		requireDamage(t, file[:at], at, whole)
		for _, near := range []int64{1, 11, 12, 13} {
			requireDamage(t, file[:at-near], frameOf(frames, at-near), whole)
			if at+near < int64(len(file)) {
				requireDamage(t, file[:at+near], at, whole)
			}
		}
		l, err := journal.ReadFrom(bytes.NewReader(file[:at]), "")
		require.ErrorContains(t, err, "cut short")
		require.Len(t, l.Records, 10*n)
	}
	for at := range int64(start) {
		requireDamage(t, file[:at], 0, whole)
	}
}

func TestAFlippedBitIsFoundAnywhere(t *testing.T) {
	t.Parallel()
	file, frames, whole := small(t)
	flip := func(t require.TestingT, at int64, bit int) {
		spoilt := bytes.Clone(file)
		spoilt[at] ^= 1 << bit
		offset := frameOf(frames, at)
		if at < start {
			offset = 0
		}
		requireDamage(t, spoilt, offset, whole)
	}
	for at := range int64(start) {
		flip(t, at, 3)
	}
	for _, f := range frames {
		for i := range int64(13) {
			flip(t, f+i, int(i%8))
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		flip(t, rapid.Int64Range(0, int64(len(file)-1)).Draw(t, "at"), rapid.IntRange(0, 7).Draw(t, "bit"))
	})
}

func TestAJournalCutAnywhereIsReadUpToThere(t *testing.T) {
	t.Parallel()
	file, frames, whole := small(t)
	rapid.Check(t, func(t *rapid.T) {
		at := rapid.Int64Range(start, int64(len(file)-1)).Draw(t, "at")
		requireDamage(t, file[:at], frameOf(frames, at), whole)
	})
}

func TestWhatFollowsTheEndIsDamage(t *testing.T) {
	t.Parallel()
	file, frames, whole := small(t)
	requireDamage(t, append(bytes.Clone(file), 0), int64(len(file)), whole)
	requireDamage(t, append(bytes.Clone(file), file[frames[1]:]...), int64(len(file)), whole)
	requireDamage(t, append(bytes.Clone(file), file[frames[0]:frames[1]]...), int64(len(file)), whole)
}

func TestFramesCannotChangePlacesUnseenWithTheHeader(t *testing.T) {
	t.Parallel()
	file, frames, _ := small(t)
	_, err := journal.ReadFrom(bytes.NewReader(append(bytes.Clone(file[:start]), file[frames[1]:]...)), "some")
	require.ErrorContains(t, err, "its first entry is no header")
}

func TestReadNamesWhatIsNoJournal(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "run.journal")
	_, err := journal.Read(path)
	require.ErrorIs(t, err, os.ErrNotExist)
	require.ErrorContains(t, err, path)

	require.NoError(t, os.WriteFile(path, []byte(strings.Repeat("not a journal\n", 10)), 0o600))
	l, err := journal.Read(path)
	require.Nil(t, l)
	var d *journal.Damaged
	require.ErrorAs(t, err, &d)
	require.ErrorContains(t, err, path)
	require.ErrorContains(t, err, "it is no journal")

	file, _, _ := small(t)
	file[8] = 3
	_, err = journal.ReadFrom(bytes.NewReader(file), path)
	require.ErrorContains(t, err, "version 3; this program reads versions 1 to 2")
	file[8] = 0
	_, err = journal.ReadFrom(bytes.NewReader(file), path)
	require.ErrorContains(t, err, "version 0")
}

// brokenReader fails in the middle, as a disk may: that is no damage of the journal.
type brokenReader struct{ *bytes.Reader }

var errDisk = errors.New("the disk is gone")

func (b brokenReader) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p[:min(len(p), 100)])
	if err != nil {
		return n, errDisk
	}
	return n, nil
}

func TestAnErrorOfTheDiskIsNoDamage(t *testing.T) {
	t.Parallel()
	file, _, _ := small(t)
	_, err := journal.ReadFrom(brokenReader{bytes.NewReader(file[:len(file)/2])}, "some")
	require.ErrorIs(t, err, errDisk)
	require.False(t, errors.As(err, new(*journal.Damaged)))
}

// FuzzRead: whatever the bytes, reading ends with a log or an error, and what is read is what the frames before the damage hold.
func FuzzRead(f *testing.F) {
	file, frames, _ := small(f)
	f.Add(file[:frames[2]])
	f.Add(file[:start])
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := journal.ReadFrom(bytes.NewReader(data), "fuzz")
		switch {
		case err == nil:
			require.NotNil(t, l.End)
		case l != nil:
			require.NotEmpty(t, l.Incomplete)
			var d *journal.Damaged
			require.ErrorAs(t, err, &d)
			require.LessOrEqual(t, d.Offset, int64(len(data)))
		}
	})
}
