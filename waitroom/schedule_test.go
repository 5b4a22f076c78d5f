package waitroom_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"anteroom/waitroom"
)

func scheduled(zone, prequeue, open, closing string) waitroom.Policy {
	p := waitroom.DefaultPolicy()
	p.TimeZone, p.PrequeueAt, p.OpenAt, p.CloseAt = zone, prequeue, open, closing
	return p
}

func TestScheduleIsInTheEventsZone(t *testing.T) {
	t.Parallel()
	s, err := scheduled("Asia/Seoul", "2026-12-01T19:30:00", "2026-12-01T20:00:00", "").Schedule()
	require.NoError(t, err)
	assert.Equal(t, "2026-12-01T10:30:00Z", s.PrequeueAt.UTC().Format(time.RFC3339))
	assert.Equal(t, "2026-12-01T20:00:00+09:00", s.OpenAt.Format(time.RFC3339))
	assert.Equal(t, "Asia/Seoul", s.OpenAt.Location().String())
	assert.True(t, s.CloseAt.IsZero())
	none, err := waitroom.DefaultPolicy().Schedule()
	require.NoError(t, err)
	assert.Zero(t, none)
}

func TestScheduleRefusesWhatHasNoOneMeaning(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		policy waitroom.Policy
		field  string
		says   string
	}{
		"no such zone":         {scheduled("Asia/Atlantis", "", "2026-12-01T20:00:00", ""), "time_zone", "IANA"},
		"no zone":              {scheduled("", "", "", ""), "time_zone", "IANA"},
		"this machine's zone":  {scheduled("Local", "", "", ""), "time_zone", "IANA"},
		"a path":               {scheduled("../../etc/passwd", "", "", ""), "time_zone", "IANA"},
		"not a time":           {scheduled("UTC", "", "tomorrow", ""), "open_at", "tomorrow"},
		"an offset":            {scheduled("UTC", "", "2026-12-01T20:00:00+09:00", ""), "open_at", "local time"},
		"no such day":          {scheduled("UTC", "", "2026-02-30T20:00:00", ""), "open_at", "local time"},
		"the clocks go ahead":  {scheduled("Europe/Berlin", "", "2026-03-29T02:30:00", ""), "open_at", "forward"},
		"the clocks go back":   {scheduled("Europe/Berlin", "", "2026-10-25T02:30:00", ""), "open_at", "twice"},
		"half an hour back":    {scheduled("Australia/Lord_Howe", "", "2026-04-05T01:45:00", ""), "open_at", "twice"},
		"gathering after open": {scheduled("UTC", "2026-12-01T21:00:00", "2026-12-01T20:00:00", ""), "open_at", "after prequeue_at"},
		"open and close as one": {scheduled("UTC", "", "2026-12-01T20:00:00", "2026-12-01T20:00:00"),
			"close_at", "after open_at"},
		"gathering for nothing": {scheduled("UTC", "2026-12-01T20:00:00", "", ""), "open_at", "must be given"},
		"closed before gathering": {scheduled("UTC", "2026-12-01T20:00:00", "2026-12-01T21:00:00", "2026-12-01T19:00:00"),
			"close_at", "after open_at"},
	} {
		err := c.policy.Validate()
		require.Equal(t, []string{c.field}, wrong(t, err), name)
		_, again := c.policy.Schedule()
		require.Error(t, again, name)
		assert.ErrorContains(t, fieldsOf(err), c.says, name)
	}
}

func TestScheduleTakesWhatIsNearAChangeOfTheClocks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ zone, local, utc string }{
		{"Europe/Berlin", "2026-03-29T01:59:59", "2026-03-29T00:59:59Z"},
		{"Europe/Berlin", "2026-03-29T03:00:00", "2026-03-29T01:00:00Z"},
		{"Europe/Berlin", "2026-10-25T01:59:59", "2026-10-24T23:59:59Z"},
		{"Europe/Berlin", "2026-10-25T03:00:00", "2026-10-25T02:00:00Z"},
		{"America/New_York", "2026-11-01T00:59:59", "2026-11-01T04:59:59Z"},
		{"America/New_York", "2026-11-01T02:00:00", "2026-11-01T07:00:00Z"},
		{"Australia/Lord_Howe", "2026-04-05T02:00:00", "2026-04-04T15:30:00Z"},
		{"Asia/Kathmandu", "2026-06-01T12:00:00", "2026-06-01T06:15:00Z"},
	} {
		s, err := scheduled(c.zone, "", c.local, "").Schedule()
		require.NoError(t, err, c)
		assert.Equal(t, c.utc, s.OpenAt.UTC().Format(time.RFC3339), c)
	}
}
