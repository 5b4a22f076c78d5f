package e2e

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"anteroom/internal/testenv"
)

// leave blocks all seats of a show but the first n, as a box office that has given the others away.
func leave(t *testing.T, databaseURL, show string, n int) {
	t.Helper()
	db, err := pgx.Connect(t.Context(), databaseURL)
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close(t.Context())) }()
	require.NoError(t, pgx.BeginFunc(t.Context(), db, func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), `
			UPDATE show_seats s SET state = 'blocked', version = s.version + 1
			  FROM shows w WHERE w.id = s.show_id AND w.slug = $1 AND s.ordinal >= (SELECT min(ordinal) FROM show_seats WHERE show_id = w.id) + $2`, show, n)
		if err != nil {
			return err
		}
		_, err = tx.Exec(t.Context(), `
			UPDATE show_sections c SET seats_blocked = n.blocked
			  FROM (SELECT s.show_id, t.section_id, count(*) AS blocked FROM show_seats s JOIN seats t ON t.id = s.seat_id JOIN shows w ON w.id = s.show_id
			         WHERE w.slug = $1 AND s.state = 'blocked' GROUP BY s.show_id, t.section_id) n
			 WHERE c.show_id = n.show_id AND c.section_id = n.section_id`, show)
		return err
	}))
}

// The last seats of a show are sold: its line ends on every gateway, and everybody in it is told why.
func TestTheLineEndsWhenTheShowIsSoldOut(t *testing.T) {
	s := system(t, nil)
	leave(t, s.DatabaseURL, "theatre", 2)
	operator := signIn(t, s, "manager@demo.test")
	operator.change("theatre", map[string]any{"end_when_sold_out": true}, 200)
	type told struct{ State, Ended string }
	first, second := newVisitor(t, s.GatewayURLs[0]), newVisitor(t, s.GatewayURLs[1])
	want[place](first.post("/waitroom/v1/theatre/join", nil), 201)
	first.pollUntil("theatre", "admitted")
	operator.change("theatre", map[string]any{"mode": "hold"}, 200)
	require.Eventually(t, func() bool {
		return want[told](second.get("/waitroom/v1/theatre/serving"), 200).State == "hold"
	}, patience, 20*time.Millisecond)
	require.Equal(t, "waiting", want[told](second.post("/waitroom/v1/theatre/join", nil), 201).State)

	type show struct {
		Available int  `json:"seats_available"`
		SoldOut   bool `json:"sold_out"`
	}
	shown := func(as show) { // the catalogue may be a second old
		t.Helper()
		require.True(t, testenv.Eventually(func() bool { return want[show](first.get("/api/v1/shows/theatre"), 200) == as }))
	}
	shown(show{2, false})
	first.buy("theatre", 2)
	require.Eventually(t, func() bool {
		return want[told](second.get("/waitroom/v1/theatre/status"), 200) == told{"closed", "sold_out"}
	}, patience, 50*time.Millisecond)
	shown(show{0, true})
	for _, base := range s.GatewayURLs {
		late := newVisitor(t, base)
		require.Eventually(t, func() bool { return late.post("/waitroom/v1/theatre/join", nil).status == 410 }, patience, 50*time.Millisecond)
		require.Equal(t, "urn:anteroom:problem:room-sold-out", want[problem](late.post("/waitroom/v1/theatre/join", nil), 410).Type)
	}
	checkBooking(t, s)
}
