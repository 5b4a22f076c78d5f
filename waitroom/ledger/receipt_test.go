package ledger_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"anteroom/internal/auth"
	"anteroom/internal/auth/authtest"
	"anteroom/internal/fault"
	"anteroom/waitroom/ledger"
)

func TestReceiptsFitTheLedger(t *testing.T) {
	t.Parallel()
	keys := authtest.Keys(t)
	r, err := ledger.Verify(t.Context(), keys, signed(t, keys, good()))
	require.NoError(t, err)
	part := ledger.NewVerifier(keys, true)
	for _, token := range signed(t, keys, good())[4:] {
		require.NoError(t, part.Add(t.Context(), token))
	}
	from5, err := part.Report()
	require.NoError(t, err)

	for _, c := range []struct {
		name   string
		report *ledger.Report
		place  auth.Ticket
		kind   *fault.Error // nil: it fits
		field  string
	}{
		{"the first", r, place(3, 1, begin+500), nil, ""},
		{"the last before a line", r, place(3, 30, begin+999), nil, ""},
		{"within a jump", r, place(3, 10_001, begin+399_000), nil, ""},
		{"in the millisecond of a line, before it", r, place(3, 30, begin+1000), nil, ""},
		{"in the millisecond of a line, after it", r, place(3, 31, begin+1000), nil, ""},
		{"of a later epoch", r, place(7, 3, begin+500_500), nil, ""},
		{"between the epochs, of the later", r, place(7, 1, begin+499_999), nil, ""},

		{"back-dated", r, place(3, 91, begin+500), ledger.ErrReceipt, "number"},
		{"back-dated by a millisecond", r, place(3, 31, begin+999), ledger.ErrReceipt, "number"},
		{"slipped in with a small number", r, place(3, 30, begin+1001), ledger.ErrReceipt, "number"},
		{"never issued", r, place(3, 10_101, begin+400_500), ledger.ErrReceipt, "number"},
		{"another room", r, auth.Ticket{Room: "theatre", Epoch: 3, Number: 1, JoinedAt: place(3, 1, begin+500).JoinedAt}, ledger.ErrReceipt, "room"},
		{"an epoch that had ended", r, place(3, 10_101, begin+500_500), ledger.ErrReceipt, "epoch"},
		{"an epoch that had not begun", r, place(7, 1, begin+400_500), ledger.ErrReceipt, "epoch"},
		{"an epoch that never was", r, place(5, 1, begin+400_500), ledger.ErrReceipt, "epoch"},

		{"after the last line", r, place(7, 4, begin+501_001), ledger.ErrNotCovered, "joined_at"},
		{"at the last line", r, place(7, 3, begin+501_000), ledger.ErrNotCovered, "joined_at"},
		{"after its epoch's last line", r, place(3, 10_101, begin+450_000), ledger.ErrNotCovered, "epoch"},
		{"before a part begins", from5, place(3, 1, begin+500), ledger.ErrNotCovered, "joined_at"},
		{"within a part", from5, place(3, 101, begin+70_000), nil, ""},
		{"before a part begins, never issued", from5, place(3, 101, begin+500), ledger.ErrReceipt, "number"},
	} {
		err := c.report.CheckReceipt(c.place)
		if c.kind == nil {
			require.NoError(t, err, c.name)
			continue
		}
		require.ErrorIs(t, err, c.kind, c.name)
		require.Equal(t, c.field, fault.From(err).Fields[0].Name, "%s: %v", c.name, err)
	}
}

func TestReceiptsMustAgree(t *testing.T) {
	t.Parallel()
	keys := authtest.Keys(t)
	r, err := ledger.Verify(t.Context(), keys, signed(t, keys, good()))
	require.NoError(t, err)
	// All of these fit the ledger one by one.
	first, second, third := place(3, 5, begin+100), place(3, 6, begin+100), place(3, 20, begin+700)
	require.NoError(t, r.CheckReceipts([]auth.Ticket{third, first, second, first}))
	for _, c := range []struct {
		name   string
		places []auth.Ticket
		field  string
	}{
		{"a smaller number joined later", []auth.Ticket{first, second, third, place(3, 19, begin+701)}, "joined_at"},
		{"one number twice", []auth.Ticket{first, third, place(3, 5, begin+99)}, "number"},
	} {
		for _, p := range c.places {
			require.NoError(t, r.CheckReceipt(p), c.name)
		}
		err := r.CheckReceipts(c.places)
		require.ErrorIs(t, err, ledger.ErrReceipt, c.name)
		require.Equal(t, c.field, fault.From(err).Fields[0].Name, "%s: %v", c.name, err)
	}
	require.NoError(t, ledger.Agree([]auth.Ticket{place(3, 9, begin+5), place(7, 1, begin+4), {Room: "theatre", Epoch: 3, Number: 9, JoinedAt: first.JoinedAt}}),
		"other epochs and rooms have lines of their own")

	late := place(7, 9, begin+900_000)
	require.ErrorIs(t, r.CheckReceipts([]auth.Ticket{late, first}), ledger.ErrNotCovered)
	require.ErrorIs(t, r.CheckReceipts([]auth.Ticket{late, place(3, 91, begin+500)}), ledger.ErrReceipt, "a contradiction comes first")
}
