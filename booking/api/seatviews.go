package api

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"sync"
	"time"

	"github.com/valyala/fasthttp"

	"anteroom/booking"
)

const (
	stateTTL = 250 * time.Millisecond // however many look at a show, the database is asked once in this time
	// pastStates is how many states of a show are remembered, to tell what has changed since: half a minute of a rush in which each look finds another.
	pastStates = 128
	// unwatched is how long a show's states are remembered that nobody looks at.
	unwatched = 5 * time.Minute
)

// seatViews are the seat states of the shows that are being looked at. Safe for concurrent use.
type seatViews struct {
	load     func(ctx context.Context, show int64) (booking.SeatState, error)
	sections func(show int64, version int) (of []int, count int, err error) // the section of each seat of a layout

	mu    sync.Mutex
	shows map[int64]*seatView
}

// seatView is one show's seats, now and a little earlier.
type seatView struct {
	now  fresh[*seatSnapshot]
	mu   sync.Mutex
	past []pastState // by version, the newest last
	used time.Time   // guarded by seatViews.mu
}

type pastState struct {
	version int64
	layout  int
	seats   booking.Bitmap
}

// seatSnapshot is a state as it goes over the wire, to everyone the same bytes. It is made once and then only read, but for what is encoded when it
// is first asked for.
type seatSnapshot struct {
	state    booking.SeatState
	sections []int // seats that can be had, by section
	full     func() *wireAnswer
	past     []pastState

	mu      sync.Mutex
	changes map[int64]*wireAnswer // by the version that they are changes from; nil: not known or not worth it
}

// wireAnswer is a body in both forms.
type wireAnswer struct {
	plain  []byte
	zipped func() []byte
}

func newSeatViews(load func(context.Context, int64) (booking.SeatState, error), sections func(int64, int) ([]int, int, error)) *seatViews {
	return &seatViews{load: load, sections: sections, shows: map[int64]*seatView{}}
}

// of is the view of a show.
func (v *seatViews) of(show int64) *seatView {
	v.mu.Lock()
	defer v.mu.Unlock()
	view := v.shows[show]
	if view == nil {
		for id, old := range v.shows {
			if time.Since(old.used) > unwatched {
				delete(v.shows, id)
			}
		}
		view = &seatView{}
		view.now = fresh[*seatSnapshot]{ttl: stateTTL, load: func(ctx context.Context) (*seatSnapshot, error) { return v.look(ctx, show, view) }}
		v.shows[show] = view
	}
	view.used = time.Now()
	return view
}

// look asks the database and remembers what it saw.
func (v *seatViews) look(ctx context.Context, show int64, view *seatView) (*seatSnapshot, error) {
	state, err := v.load(ctx, show)
	if err != nil {
		return nil, err
	}
	of, count, err := v.sections(show, state.LayoutVersion)
	if err != nil {
		return nil, err
	}
	s := &seatSnapshot{state: state, sections: make([]int, count), changes: map[int64]*wireAnswer{}}
	for i, section := range of {
		if i/8 < len(state.Unavailable) && !state.Unavailable.Get(i) {
			s.sections[section]++
		}
	}
	s.full = sync.OnceValue(func() *wireAnswer {
		return encoded(struct {
			booking.SeatState
			Sections []int `json:"sections"`
		}{state, s.sections})
	})
	s.past = view.remember(state)
	return s, nil
}

// remember adds a state to the past and returns all of it. What it returned before stays as it was.
func (v *seatView) remember(state booking.SeatState) []pastState {
	v.mu.Lock()
	defer v.mu.Unlock()
	if n := len(v.past); n > 0 && v.past[n-1].layout != state.LayoutVersion {
		v.past = nil // versions are of one layout
	} else if n > 0 && v.past[n-1].version >= state.Version {
		return v.past // the same; or an older one, from a replica that is behind
	}
	keep := v.past[max(0, len(v.past)-pastStates+1):]
	v.past = append(keep[:len(keep):len(keep)], pastState{version: state.Version, layout: state.LayoutVersion, seats: state.Unavailable})
	return v.past
}

// since is what has changed from a version on, or the whole state when that version is not known here or a list of changes would be longer.
func (s *seatSnapshot) since(version int64) *wireAnswer {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, made := s.changes[version]
	if !made {
		a = s.changesSince(version)
		if len(s.changes) < 2*pastStates { // anybody may ask for any number
			s.changes[version] = a
		}
	}
	if a == nil {
		return s.full()
	}
	return a
}

func (s *seatSnapshot) changesSince(version int64) *wireAnswer {
	i, known := slices.BinarySearchFunc(s.past, version, func(p pastState, v int64) int { return cmp.Compare(p.version, v) })
	if !known || version > s.state.Version || s.past[i].layout != s.state.LayoutVersion {
		return nil
	}
	c, ok := s.state.Since(version, s.past[i].seats)
	if !ok || len(c.Taken)+len(c.Freed) > fewChanges+len(s.state.Unavailable)/4 {
		return nil
	}
	return encoded(struct {
		booking.SeatChanges
		Sections []int `json:"sections"`
	}{c, s.sections})
}

// fewChanges are told as changes in a hall of any size; a large one has more before the whole state is the shorter answer: a sixth of a byte a seat in
// base64, and five bytes a change.
const fewChanges = 16

func encoded(v any) *wireAnswer {
	plain, err := json.Marshal(v)
	if err != nil {
		panic(err) // a type of ours that cannot be encoded is a defect
	}
	return &wireAnswer{plain: plain, zipped: sync.OnceValue(func() []byte {
		return fasthttp.AppendGzipBytesLevel(nil, plain, fasthttp.CompressBestSpeed)
	})}
}
