package visit

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSumGatedCountsWhatReachedBookingWhateverItAnswered(t *testing.T) {
	t.Parallel()
	metrics := `booking_request_duration_seconds_sum{route="holdSeats"} 12.5
booking_requests_total{route="getSeatState",code="200"} 40
booking_requests_total{route="getSeatState",code="403"} 2
booking_requests_total{route="getSeatLayout",code="200"} 1
booking_requests_total{route="holdSeats",code="409"} 7
booking_requests_total{route="releaseHold",code="204"} 1
booking_requests_total{route="getShow",code="200"} 1000
go_goroutines 12
`
	require.EqualValues(t, 51, sumGated([]byte(metrics)))
	require.EqualValues(t, 0, sumGated([]byte(`booking_requests_total{route="getShow",code="200"} 3`)))
	require.EqualValues(t, -1, sumGated([]byte("go_goroutines 12\n")), "a booking that does not count proves nothing")
}
