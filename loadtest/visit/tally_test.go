package visit

import (
	"testing"

	"github.com/stretchr/testify/require"

	"anteroom/loadtest/journal"
)

func joined(visitor int, sent, answered, number int64) *journal.Record {
	return &journal.Record{Visitor: visitor, Action: journal.Join, Sent: sent, Answered: answered, Status: 201, Epoch: 1, Number: number}
}

func TestTheTallyCountsWhoWasOvertaken(t *testing.T) {
	t.Parallel()
	tally := newTally()
	tally.count(joined(1, 10, 20, 1))
	tally.count(joined(2, 15, 40, 3)) // at the same time as the next one: either may be first
	tally.count(joined(3, 30, 41, 2))
	require.Zero(t, tally.look().inverted)
	tally.count(joined(4, 50, 60, 2)) // sent after number 3 had been answered
	require.Equal(t, 1, tally.look().inverted)
}

// A join whose answer was lost has its place from then; its repetition must not look as if it had overtaken those who came between.
func TestARepeatedJoinCountsFromItsFirstAttempt(t *testing.T) {
	t.Parallel()
	for _, first := range []journal.Record{{Error: "connection lost"}, {Status: 503}} {
		tally := newTally()
		first.Visitor, first.Action, first.Sent, first.Answered = 7, journal.Join, 10, 11
		tally.count(&first)
		tally.count(joined(8, 20, 30, 2))
		tally.count(joined(7, 40, 50, 1))
		require.Zero(t, tally.look().inverted)
		tally.count(joined(9, 60, 70, 1)) // the control: without an earlier attempt it does
		require.Equal(t, 1, tally.look().inverted)
	}
}
