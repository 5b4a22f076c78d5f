package main

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/booking"
)

const smallHolds = "/api/v1/shows/small/holds"

// redrawable lets a test change the hall although its layout is published, which nobody else may.
func (s *system) redrawable() {
	s.exec(`ALTER TABLE sections DISABLE TRIGGER USER; ALTER TABLE seats DISABLE TRIGGER USER`)
}

func TestTheBestSeatsARenewalAndAChangeOverHTTP(t *testing.T) {
	t.Parallel()
	s := newSystem(t, change{})
	s.redrawable()
	s.exec(`UPDATE seats SET accessible = true WHERE id = (SELECT seat_id FROM show_seats WHERE id = $1)`, s.small[4])
	b := s.guest()

	best := decode[booking.Hold](b.do("POST", smallHolds, `{"best":{"count":3,"section":"A"}}`).want(201))
	require.Len(t, best.Seats, 3)
	for _, l := range best.Seats {
		require.NotEqual(t, s.small[4], l.SeatID, "nobody asked for an accessible seat")
	}
	chair := decode[booking.Hold](b.do("POST", smallHolds, `{"best":{"count":2,"accessible":true}}`).want(201))
	require.Contains(t, []int64{chair.Seats[0].SeatID, chair.Seats[1].SeatID}, s.small[4])
	b.do("POST", smallHolds, `{"best":{"count":2,"accessible":true}}`).problem(409, "seats-not-together") // there was one

	renewed := decode[booking.Hold](b.do("POST", smallHolds+"/"+best.ID+"/renew", "").want(200))
	require.Equal(t, 1, renewed.RenewalsLeft)
	require.False(t, renewed.ExpiresAt.Before(best.ExpiresAt))
	b.do("POST", smallHolds+"/"+best.ID+"/renew", "").want(200)
	b.do("POST", smallHolds+"/"+best.ID+"/renew", "").problem(409, "hold-not-renewable")

	b.do("PUT", smallHolds+"/"+best.ID, ids(chair.Seats[0].SeatID)).problem(409, "seat-taken")
	changed := decode[booking.Hold](b.do("PUT", smallHolds+"/"+best.ID, ids(s.small[30], s.small[31])).want(200))
	require.Len(t, changed.Seats, 2)
	b.do("GET", smallHolds+"/"+best.ID, "").problem(404, "hold-unknown")
	b.do("PUT", smallHolds+"/"+best.ID, ids(s.small[40])).problem(410, "hold-expired")
	require.Equal(t, changed, decode[booking.Hold](b.do("GET", smallHolds+"/"+changed.ID, "").want(200)))
	mine := decode[struct{ Holds []booking.Hold }](b.do("GET", smallHolds, "").want(200)).Holds
	require.Equal(t, []booking.Hold{chair, changed}, mine)
	require.Empty(t, decode[struct{ Holds []booking.Hold }](s.guest().do("GET", smallHolds, "").want(200)).Holds)

	order := b.place(changed)
	b.settled(order, "best")
	b.do("POST", smallHolds+"/"+changed.ID+"/renew", "").problem(409, "hold-ordered")
	s.allZero()
}

func TestGeneralAdmissionOverHTTP(t *testing.T) {
	t.Parallel()
	s := newSystem(t, change{})
	s.redrawable()
	s.exec(`UPDATE sections SET kind = 'standing' WHERE name = 'C'`)
	ann, ben, cleo := s.guest(), s.guest(), s.guest()
	const ten = `{"general":{"section":"C","count":10}}`
	require.Len(t, decode[booking.Hold](ann.do("POST", smallHolds, ten).want(201)).Seats, 10)
	floor := decode[booking.Hold](ben.do("POST", smallHolds, `{"general":{"section":"C","count":8}}`).want(201))
	require.EqualValues(t, 2, cleo.do("POST", smallHolds, ten).problem(409, "seats-insufficient")["available"])
	cleo.do("POST", smallHolds, `{"general":{"section":"A","count":1}}`).problem(422, "section-unknown")
	paid := ben.paid(ben.place(floor), "floor")
	require.Len(t, paid.Tickets, 8)
	s.allZero()
}

func TestHoldsThatAreAskedForWrongly(t *testing.T) {
	t.Parallel()
	s := newSystem(t, change{})
	b := s.guest()
	for _, c := range []struct {
		body   string
		status int
		typ    string
	}{
		{`{"best":{"count":0}}`, 422, "seats-invalid"},
		{`{"best":{"count":11}}`, 422, "seats-invalid"},
		{`{"best":{}}`, 422, "seats-invalid"},
		{`{"best":{"count":2},"seat_ids":[1]}`, 422, "seats-invalid"},
		{`{"best":{"count":2},"general":{"section":"C","count":2}}`, 422, "seats-invalid"},
		{`{"general":{"count":2}}`, 422, "seats-invalid"},
		{`{"best":{"count":2,"row":"A"}}`, 400, "json-unknown-field"},
		{`{"best":{"count":"2"}}`, 400, "json-type"},
		{`{"best":{"count":2,"band_id":999999}}`, 422, "band-unknown"},
		{`{"best":{"count":2,"section":"nowhere"}}`, 422, "section-unknown"},
		{`{"general":{"section":"nowhere","count":2}}`, 422, "section-unknown"},
	} {
		a := b.do("POST", smallHolds, c.body)
		require.Equal(t, c.status, a.status, "%s: %s", c.body, a.body)
		a.problem(c.status, c.typ)
	}
	for _, c := range [][3]string{
		{"PUT", smallHolds + "/" + anID, `{"seat_ids":[1]}`},
		{"POST", smallHolds + "/" + anID + "/renew", ""},
		{"GET", smallHolds + "/" + anID, ""},
	} {
		b.do(c[0], c[1], c[2]).problem(404, "hold-unknown")
		b.do(c[0], c[1], c[2], "Waitroom-Pass", "").problem(403, "pass-missing")
		s.browser().do(c[0], c[1], c[2]).problem(401, "session-missing")
	}
	for _, c := range [][2]string{{"PUT", smallHolds + "/" + anID}, {"POST", smallHolds + "/" + anID + "/renew"}, {"POST", waitingList}, {"DELETE", waitingList}} {
		b.do(c[0], c[1], "", "Origin", "https://evil.example").problem(403, "origin-mismatch")
	}
	b.do("PUT", smallHolds+"/"+anID, `{"seat_ids":[1,1]}`).problem(422, "seats-invalid")
	require.Zero(t, query[int](s, `SELECT count(*) FROM holds`))
}

const waitingList = "/api/v1/shows/small/waiting-list"

func TestWhoWaitsIsOfferedWhatComesBack(t *testing.T) {
	t.Parallel()
	s := newSystem(t, change{settings: func(set *settings) { set.offerEvery = 20 * time.Millisecond }})
	var crowd []*browser
	var orders []booking.Order
	for i := 0; i < len(s.small); i += 10 {
		b := s.guest()
		order := b.place(b.hold(s.small[i : i+10]...))
		b.settled(order, "all")
		crowd, orders = append(crowd, b), append(orders, order)
	}
	ann, ben := s.guest(), s.guest()
	ann.do("GET", waitingList, "").problem(404, "waiting-list-unknown")
	ann.do("POST", waitingList, `{"count":0}`).problem(422, "seats-invalid")
	ann.do("POST", waitingList, `{"count":2,"band_id":999999}`).problem(422, "band-unknown")
	place := decode[booking.WaitingPlace](ann.do("POST", waitingList, `{"count":2}`).want(201))
	require.Equal(t, booking.Waiting, place.State)
	about := decode[struct {
		List []booking.WaitingPlace `json:"waiting_list"`
	}](ann.do("GET", "/api/v1/me/export", "").want(200))
	require.Equal(t, []booking.WaitingPlace{place}, about.List)
	ann.do("POST", waitingList, `{"count":2}`).problem(409, "waiting-list-joined")
	ben.do("POST", waitingList, `{"count":3}`).want(201)

	crowd[0].do("POST", "/api/v1/orders/"+orders[0].ID+"/cancel", "").want(200)
	for _, b := range []*browser{ann, ben} {
		require.Eventually(t, func() bool {
			return decode[booking.WaitingPlace](b.do("GET", waitingList, "").want(200)).State == booking.Offered
		}, patience, 20*time.Millisecond)
	}
	offer := decode[booking.WaitingPlace](ann.do("GET", waitingList, "").want(200)).Offer
	ann.settled(ann.place(*offer), "offer")
	require.Equal(t, booking.Taken, decode[booking.WaitingPlace](ann.do("GET", waitingList, "").want(200)).State)
	ben.do("DELETE", waitingList, "").want(204)
	ben.do("GET", waitingList, "").problem(404, "waiting-list-unknown")
	ben.do("POST", waitingList, `{"count":1}`).problem(409, "seats-available")
	s.allZero()
}

// One buyer in many windows: whichever way the seats are asked for, the limit holds.
func TestTheLimitHoldsAcrossAllWaysOfTakingSeats(t *testing.T) {
	t.Parallel()
	s := newSystem(t, change{})
	s.redrawable()
	s.exec(`UPDATE sections SET kind = 'general' WHERE name = 'C'`)
	b := s.guest()
	bodies := []string{ids(s.small[0:3]...), `{"best":{"count":3}}`, `{"general":{"section":"C","count":3}}`}
	won := make(chan int, 12)
	for i := range cap(won) {
		go func() {
			for {
				a, err := b.try("POST", smallHolds, bodies[i%3])
				if err == nil && a.status == http.StatusServiceUnavailable {
					continue // as the answer asks: try again
				}
				n := 0
				if err == nil && a.status == http.StatusCreated {
					var hold booking.Hold
					if json.Unmarshal(a.body, &hold) == nil {
						n = len(hold.Seats)
					}
				}
				won <- n
				return
			}
		}()
	}
	sum := 0
	for range cap(won) {
		sum += <-won
	}
	require.Equal(t, 9, sum, "of ten allowed")
	require.Equal(t, 9, query[int](s, `SELECT count(*) FROM show_seats WHERE state = 'held'`))
	s.allZero()
}
