package main

import (
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"anteroom/booking"
	"anteroom/internal/auth"
)

// storm lets a crowd ask for seats again and again until each has been refused or has got some, and returns the seats given. What is full or
// taken, and a lock that was waited for too long, are answers; anything else is a failure.
func (s *system) storm(crowd []*browser, body func(buyer int) string) (given []int64, refused int32) {
	var mu sync.Mutex
	var no atomic.Int32
	together(len(crowd), func(i int) {
		for {
			a, err := crowd[i].try("POST", smallHolds, body(i))
			switch {
			case err != nil:
				s.t.Error(err)
				return
			case a.status == http.StatusServiceUnavailable:
				continue
			case a.status == http.StatusConflict:
				no.Add(1)
				return
			case a.status != http.StatusCreated:
				s.t.Errorf("%d: %s", a.status, a.body)
				return
			}
			hold := decode[booking.Hold](a)
			mu.Lock()
			defer mu.Unlock()
			for _, l := range hold.Seats {
				given = append(given, l.SeatID)
			}
			return
		}
	})
	slices.Sort(given)
	require.Len(s.t, slices.Compact(slices.Clone(given)), len(given), "no seat is given twice")
	require.Equal(s.t, len(given), query[int](s, `SELECT count(*) FROM show_seats x JOIN shows w ON w.id = x.show_id WHERE w.slug = 'small' AND x.state = 'held'`))
	s.allZero()
	return given, no.Load()
}

func TestOverlappingGroupsInOppositeOrderOverHTTP(t *testing.T) {
	t.Parallel()
	s := newSystem(t, change{})
	crowd := s.guests(90)
	given, refused := s.storm(crowd, func(i int) string {
		at := i * 7 % (len(s.small) - 4)
		group := slices.Clone(s.small[at : at+4])
		if i%2 == 1 {
			slices.Reverse(group)
		}
		return ids(group...)
	})
	require.EqualValues(t, 4*(len(crowd)-int(refused)), len(given))
	require.Positive(t, refused)
}

func TestAStormOnTheBestSeatsOverHTTPFillsTheHall(t *testing.T) {
	t.Parallel()
	s := newSystem(t, change{})
	crowd := s.guests(len(s.small)/2 + 20)
	given, refused := s.storm(crowd, func(int) string { return `{"best":{"count":2}}` })
	require.Len(t, given, len(s.small), "pairs fill rows of ten without a seat left over")
	require.EqualValues(t, 20, refused)
}

func TestGeneralAdmissionOverHTTPSellsToTheLastPlace(t *testing.T) {
	t.Parallel()
	s := newSystem(t, change{})
	s.redrawable()
	s.exec(`UPDATE sections SET kind = 'standing' WHERE name = 'C'`)
	places := query[int](s, `SELECT seats_total FROM show_sections p JOIN sections c ON c.id = p.section_id JOIN shows w ON w.id = p.show_id WHERE w.slug = 'small' AND c.name = 'C'`)
	crowd := s.guests(places + 15)
	given, refused := s.storm(crowd, func(int) string { return `{"general":{"section":"C","count":1}}` })
	require.Len(t, given, places)
	require.EqualValues(t, 15, refused)
}

// Each ticket is either used or its order cancelled and the money given back, never both, whoever was first.
func TestCancelAgainstCheckInOverHTTP(t *testing.T) {
	t.Parallel()
	s := newSystem(t, change{})
	const orders = 16
	crowd, door := s.guests(orders), s.staff(auth.BoxOffice)
	var used, cancelled atomic.Int32
	together(orders, func(i int) {
		b := crowd[i]
		bought := b.buy(s.small[i])
		var ends [2]int
		together(2, func(who int) {
			for {
				if who == 0 {
					ends[0] = b.outcome("POST", "/api/v1/orders/"+bought.ID+"/cancel", "")
				} else {
					ends[1] = door.outcome("POST", "/control/v1/shows/small/check-ins", `{"code":"`+bought.Tickets[0].Code+`"}`)
				}
				if ends[who] != http.StatusServiceUnavailable {
					return
				}
			}
		})
		switch ends {
		case [2]int{200, 409}:
			cancelled.Add(1)
		case [2]int{409, 200}:
			used.Add(1)
		default:
			t.Errorf("cancel %d, check-in %d", ends[0], ends[1])
		}
	})
	require.EqualValues(t, orders, used.Load()+cancelled.Load())
	t.Logf("%d were let in, %d cancelled", used.Load(), cancelled.Load())
	require.EqualValues(t, cancelled.Load(), query[int](s, `SELECT count(*) FROM orders WHERE state = 'cancelled'`))
	s.allZero()
}
