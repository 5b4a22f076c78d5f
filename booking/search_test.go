package booking

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestCursorsAreReadAsTheyWereWritten(t *testing.T) {
	t.Parallel()
	for _, show := range []Show{
		{ID: 1, StartsAt: time.Unix(0, 0)},
		{ID: math.MaxInt64, StartsAt: time.Date(2999, 12, 31, 23, 59, 59, 999999000, time.UTC)},
		{ID: 7, StartsAt: time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC)},
	} {
		c, ok := ParseShowCursor(show.Cursor().String())
		require.True(t, ok)
		require.Equal(t, show.Cursor(), c)
		require.True(t, c.Time().Equal(show.StartsAt))
	}
	far := ShowCursor{Micros: math.MaxInt64, ID: 1}
	for _, bad := range []string{"", "x", "MS4w", "!!", far.String(), ShowCursor{1, -1}.String(), ShowCursor{1, 0}.String(), strings.Repeat("A", 1000)} {
		_, ok := ParseShowCursor(bad)
		require.False(t, ok, bad)
	}
}

func TestDaysAndWords(t *testing.T) {
	t.Parallel()
	for day, want := range map[string]bool{"2027-02-28": true, "2028-02-29": true, "2027-02-29": false, "2027-2-1": false, "tomorrow": false, "": false, "0001-01-01": false, "2027-01-01T00:00:00Z": false} {
		require.Equal(t, want, ValidDay(day), day)
	}
	text, ok := SearchText("  Aurora\t한강   ARENA ")
	require.True(t, ok)
	require.Equal(t, "aurora 한강 arena", text)
	for _, bad := range []string{"\x00", "\xff", strings.Repeat("가", MaxQuery+1)} {
		_, ok := SearchText(bad)
		require.False(t, ok)
	}
}
