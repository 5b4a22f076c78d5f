package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/booking"
	"anteroom/booking/demo"
)

const seatStatePath, seatEventsPath = "/api/v1/shows/small/seats/state", "/api/v1/shows/small/seats/events"

// seatsNow is an answer about seats, whole or of changes.
type seatsNow struct {
	booking.SeatState
	Since        *int64
	Taken, Freed []int
	Sections     []int
}

func TestSeatStateTellsWhatHasChangedSince(t *testing.T) {
	t.Parallel()
	s := newSystem(t, change{})
	b := s.guest()
	whole := decode[seatsNow](b.do("GET", seatStatePath, "").want(200))
	require.Equal(t, []int{20, 20, 20}, whole.Sections)
	require.Nil(t, whole.Since)
	since := seatStatePath + "?since=" + strconv.FormatInt(whole.Version, 10)
	same := decode[seatsNow](b.do("GET", since, "").want(200))
	require.Equal(t, whole.Version, *same.Since)
	require.Equal(t, whole.Version, same.Version)
	require.Empty(t, same.Taken)

	hold := b.hold(s.small[7], s.small[33])
	var changed seatsNow
	require.Eventually(t, func() bool {
		changed = decode[seatsNow](b.do("GET", since, "").want(200))
		return changed.Version > whole.Version
	}, patience, 20*time.Millisecond)
	require.Equal(t, []int{7, 33}, changed.Taken)
	require.Empty(t, changed.Freed)
	require.Empty(t, changed.Unavailable)
	require.Equal(t, []int{19, 19, 20}, changed.Sections)
	require.Equal(t, 58, changed.Available)

	b.do("DELETE", "/api/v1/shows/small/holds/"+hold.ID, "").want(204)
	require.Eventually(t, func() bool {
		back := decode[seatsNow](b.do("GET", seatStatePath+"?since="+strconv.FormatInt(changed.Version, 10), "").want(200))
		return len(back.Freed) == 2 && back.Available == 60
	}, patience, 20*time.Millisecond)
	require.NotEmpty(t, decode[seatsNow](b.do("GET", seatStatePath+"?since=1", "").want(200)).Unavailable, "a version that nobody knows")
	for _, bad := range []string{"-1", "x", "1.5", "9223372036854775808", "1&since=2"} {
		b.do("GET", seatStatePath+"?since="+bad, "").problem(400, "query-invalid")
	}
}

func TestTheStateOfALargeHallIsSmall(t *testing.T) {
	t.Parallel()
	s := newSystem(t, change{})
	_, err := s.store.SeedShow(context.Background(), demo.Small("large", "", 500, 10))
	require.NoError(t, err)
	// Which seats are taken is as hard to compress as can be.
	s.exec(`UPDATE show_seats SET state = 'blocked', version = version + 1
	         WHERE show_id = (SELECT id FROM shows WHERE slug = 'large') AND hashint8(id) % 2 = 0`)
	a := s.browser().do("GET", "/api/v1/shows/large/seats/state", "", "Accept-Encoding", "gzip").want(200)
	require.Equal(t, "gzip", a.header.Get("Content-Encoding"))
	require.LessOrEqual(t, len(a.body), 8<<10)
	plain, err := gzip.NewReader(bytes.NewReader(a.body))
	require.NoError(t, err)
	var state seatsNow
	require.NoError(t, json.NewDecoder(plain).Decode(&state))
	require.Len(t, state.Unavailable, 15000/8)
	require.Positive(t, state.Available)
	require.Less(t, state.Available, 15000)
}

// seatStream is a client of the events.
type seatStream struct {
	t    *testing.T
	body io.Closer
	read *bufio.Reader
}

type seatEvent struct {
	name, id string
	seatsNow
}

// watch opens a stream; extra are header names and values.
func (b *browser) watch(t *testing.T, path string, extra ...string) (*seatStream, int) {
	t.Helper()
	req, err := http.NewRequest("GET", b.public+path, nil)
	require.NoError(t, err)
	req.Header = b.header.Clone()
	for i := 0; i < len(extra); i += 2 {
		req.Header.Set(extra[i], extra[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	t.Cleanup(func() { _ = res.Body.Close() })
	if res.StatusCode == 200 {
		require.Equal(t, "text/event-stream; charset=utf-8", res.Header.Get("Content-Type"))
	}
	return &seatStream{t, res.Body, bufio.NewReader(res.Body)}, res.StatusCode
}

// next reads an event; io.EOF at the end of the stream.
func (s *seatStream) next() (e seatEvent, err error) {
	for {
		line, err := s.read.ReadString('\n')
		if err != nil {
			return e, err
		}
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		switch name {
		case "event":
			e.name = value
		case "id":
			e.id = value
		case "data":
			require.NoError(s.t, json.Unmarshal([]byte(value), &e.seatsNow))
			require.Empty(s.t, ownContract().Answer("getSeatState", 200, "application/json", []byte(value)), value)
		case "":
			if e.name != "" {
				return e, nil
			}
		}
	}
}

func (s *seatStream) must() seatEvent {
	s.t.Helper()
	e, err := s.next()
	require.NoError(s.t, err)
	require.Equal(s.t, strconv.FormatInt(e.Version, 10), e.id)
	return e
}

func TestAStreamTellsOfSeatsAsTheyChange(t *testing.T) {
	t.Parallel()
	s := newSystem(t, change{})
	b := s.guest()
	stream, status := b.watch(t, seatEventsPath)
	require.Equal(t, 200, status)
	first := stream.must()
	require.Equal(t, "state", first.name)
	require.Equal(t, 60, first.Available)
	hold := b.hold(s.small[5])
	taken := stream.must()
	require.Equal(t, "changes", taken.name)
	require.Equal(t, first.Version, *taken.Since)
	require.Equal(t, []int{5}, taken.Taken)

	// Somebody who comes back hears what was missed, and then what is new, as the one who stayed does.
	again, _ := b.watch(t, seatEventsPath, "Last-Event-ID", first.id)
	missed := again.must()
	require.Equal(t, "changes", missed.name)
	require.Equal(t, []int{5}, missed.Taken)
	b.do("DELETE", "/api/v1/shows/small/holds/"+hold.ID, "").want(204)
	for _, one := range []*seatStream{stream, again} {
		freed := one.must()
		require.Equal(t, []int{5}, freed.Freed)
		require.Equal(t, 60, freed.Available)
	}
	// Time alone changes the state, too: the hold ends soon, but not before it has been seen.
	hold = b.hold(s.small[6])
	require.Equal(t, []int{6}, stream.must().Taken)
	s.exec(`UPDATE holds SET expires_at = clock_timestamp() + interval '1 second' WHERE id = $1`, hold.ID)
	s.exec(`UPDATE show_seats SET held_until = (SELECT expires_at FROM holds WHERE id = $1), version = version + 1 WHERE hold_id = $1`, hold.ID)
	freed := stream.must()
	for len(freed.Freed) == 0 {
		freed = stream.must()
	}
	require.Equal(t, []int{6}, freed.Freed)

	lost, _ := b.watch(t, seatEventsPath, "Last-Event-ID", "12")
	require.Equal(t, "state", lost.must().name, "a version that nobody knows")
	b.do("GET", seatEventsPath+"?since=x", "").problem(400, "query-invalid")
}

func TestStreamsAreBoundedAndEndWithTheirPass(t *testing.T) {
	t.Parallel()
	s := newSystem(t, change{settings: func(set *settings) { set.watchers = 2 }})
	b := s.browser()
	b.do("GET", seatEventsPath, "", "Waitroom-Pass", "").problem(403, "pass-missing")
	lasting, status := b.watch(t, seatEventsPath)
	require.Equal(t, 200, status)
	lasting.must()
	// A pass of some seconds; a machine that is slower than that may try again.
	var short *seatStream
	require.Eventually(t, func() bool {
		short, status = b.watch(t, seatEventsPath, "Waitroom-Pass", s.pass("small", 3*time.Second))
		return status == 200
	}, patience, time.Millisecond)
	for {
		if _, err := short.next(); err != nil {
			break // it ends; the one whose pass goes on does not
		}
	}
	s.guest().hold(s.small[1])
	require.Equal(t, []int{1}, lasting.must().Taken)

	var second *seatStream
	require.Eventually(t, func() bool {
		second, status = b.watch(t, seatEventsPath)
		return status == 200
	}, patience, 20*time.Millisecond, "there is room again")
	full := b.do("GET", seatEventsPath, "")
	full.problem(503, "too-many-watchers")
	require.NotEmpty(t, full.header.Get("Retry-After"))
	require.NoError(t, second.body.Close())
	require.Eventually(t, func() bool { // found out when it is written to
		s.exec(`UPDATE show_seats SET version = version + 1, state = CASE state WHEN 'free' THEN 'blocked' ELSE 'free' END WHERE id = $1`, s.small[30])
		second, status = b.watch(t, seatEventsPath)
		return status == 200
	}, patience, 50*time.Millisecond)
}
