package ledger_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/internal/auth"
	"anteroom/internal/fault"
	"anteroom/waitroom/ledger"
)

const begin = int64(1_795_377_600_000) // the opening, in Unix milliseconds

// good is an honest ledger of every kind of step: joins, admissions, a change of policy with a cut cap, a jump, a draw, a new epoch.
func good() []ledger.Line {
	commitment, root := ledger.Hash("commitment"), ledger.Hash("root")
	line := func(second, epoch, issued, serving, admitted, active, version, rate, most int64) ledger.Line {
		return ledger.Line{
			Room: "arena", Epoch: epoch, At: begin + second*1000, Issued: issued, Serving: serving, AdmittedTotal: admitted,
			Active: active, Waiting: issued - serving, Mode: "queue", Method: "fifo", PolicyVersion: version, RatePerMinute: rate, MaxActive: most,
		}
	}
	lines := []ledger.Line{
		line(0, 3, 0, 0, 0, 0, 4, 60, 50),
		line(1, 3, 30, 1, 1, 1, 4, 60, 50),
		line(31, 3, 90, 31, 31, 31, 4, 60, 50),
		line(59, 3, 90, 60, 60, 50, 4, 60, 50), // 60 in 59 s: all that the rate allows
		line(61, 3, 100, 62, 61, 50, 5, 30, 20),
		line(62, 3, 100, 62, 61, 48, 5, 30, 20), // over the cut cap, but falling
		line(400, 3, 10_100, 212, 211, 20, 5, 30, 20),
		line(401, 3, 10_100, 213, 212, 20, 5, 30, 20),
		line(500, 7, 2, 0, 0, 0, 5, 30, 20),
		line(501, 7, 3, 0, 0, 0, 5, 30, 20),
		line(501, 7, 3, 1, 1, 1, 5, 30, 20),
	}
	lines[2].Left, lines[2].Expired = 3, 2
	for i := 8; i < len(lines); i++ {
		lines[i].Method, lines[i].DrawCommitment = "draw", commitment
		if i > 8 {
			lines[i].DrawRoot = root
		}
	}
	return lines
}

// signed chains and signs lines, as an operator can who holds the keys.
func signed(t testing.TB, keys *auth.Keys, lines []ledger.Line) []string {
	t.Helper()
	tokens, prev := make([]string, len(lines)), ledger.Line{}
	for i, l := range lines {
		token := ""
		if i > 0 {
			token = tokens[i-1]
		}
		l = ledger.Next(token, prev, l)
		var err error
		tokens[i], err = keys.SignCheckpoint(l) // not ledger.Sign: it refuses some of what is tried here
		require.NoError(t, err)
		prev = l
	}
	return tokens
}

// brokenAt demands an error that names line and field.
func brokenAt(t testing.TB, err error, seq int64, field string) {
	t.Helper()
	require.ErrorIs(t, err, ledger.ErrBroken)
	f := fault.From(err)
	require.Equal(t, field, f.Fields[0].Name, "%v", err)
	require.EqualValues(t, seq, f.Extra["seq"], "%v", err)
	require.Contains(t, f.Message, field)
}

func place(epoch, number, ms int64) auth.Ticket {
	return auth.Ticket{Room: "arena", Epoch: epoch, Number: number, JoinedAt: time.UnixMilli(ms)}
}
