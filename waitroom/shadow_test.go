package waitroom_test

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"anteroom/internal/auth"
	"anteroom/waitroom"
)

// suspicious is a guard that rules by the name of the applicant's account.
type suspicious struct{}

func (suspicious) Judge(_ *waitroom.View, a waitroom.Applicant) (waitroom.Ruling, error) {
	switch a.Account {
	case "bot":
		return waitroom.Ruling{Shadow: true}, nil
	case "stranger":
		return waitroom.Ruling{}, waitroom.ErrCodeRequired
	}
	if a.Account == "another" {
		return waitroom.Ruling{}, nil
	}
	return waitroom.Ruling{Entrant: waitroom.Entrant{Key: "made by the guard"}}, nil
}

func (suspicious) Challenge(*waitroom.View, waitroom.Applicant) (waitroom.Challenge, bool) {
	return waitroom.Challenge{}, false
}

func (d *desk) joinAs(account string, tickets ...string) (waitroom.Visit, error) {
	tokens := make([][]byte, len(tickets))
	for i, ticket := range tickets {
		tokens[i] = []byte(ticket)
	}
	return d.Join(d.t.Context(), "arena", tokens, waitroom.Applicant{Entrant: waitroom.Entrant{Account: account}})
}

func newShadowDesk(t *testing.T, stage waitroom.Watch) *desk {
	d := newDesk(t, func(p *waitroom.Policy) { p.Guards.Shadow = stage })
	d.Guarded(suspicious{})
	return d
}

// TestTheShadowLineMovesNobody: it takes no number, no slot and no call of the line, and never ends.
func TestTheShadowLineMovesNobody(t *testing.T) {
	t.Parallel()
	d := newShadowDesk(t, waitroom.WatchEnforce)
	first, err := d.joinAs("buyer")
	require.NoError(t, err)
	require.EqualValues(t, 1, first.Number)
	d.renew()
	var bots []waitroom.Visit
	for range 50 {
		bot, err := d.joinAs("bot")
		require.NoError(t, err)
		assert.Equal(t, waitroom.Waiting, bot.State)
		assert.Positive(t, bot.Ahead)
		assert.Greater(t, bot.Number, first.Number)
		assert.NotEmpty(t, bot.Ticket)
		bots = append(bots, bot)
	}
	require.EqualValues(t, 1, d.view.Issued)
	second, err := d.queueJoin()
	require.NoError(t, err)
	require.EqualValues(t, 2, second, "the next buyer has the next number")

	// However long it goes on, nobody of them gets anywhere; and the line hears nothing of them.
	d.heard = nil
	for range 300 {
		d.pass(1, 2)
		bot, looks := bots[d.view.Serving%50], d.line.looks
		visit := d.status(bot.Ticket)
		require.Equal(t, waitroom.Waiting, visit.State)
		require.Equal(t, bot.Number, visit.Number)
		require.Positive(t, visit.Ahead)
		require.Empty(t, visit.Pass)
		require.Equal(t, looks, d.line.looks)
	}
	assert.Empty(t, d.heard)
	again, err := d.joinAs("bot", bots[0].Ticket)
	require.NoError(t, err)
	assert.Equal(t, []any{bots[0].Number, bots[0].Ticket}, []any{again.Number, again.Ticket}, "joining again shows the same place")
	require.NoError(t, d.Leave(t.Context(), "arena", [][]byte{[]byte(bots[1].Ticket)}))

	// Nothing false is signed: what the holder gets for a receipt says so to whoever verifies it. A real ticket beside it is what counts.
	receipt, err := d.Receipt("arena", [][]byte{[]byte(bots[0].Ticket)})
	require.NoError(t, err)
	_, err = auth.VerifyReceipt(t.Context(), d.keys, []byte(receipt))
	require.ErrorIs(t, err, auth.ErrReceiptInvalid)
	same, err := d.Receipt("arena", [][]byte{[]byte(bots[0].Ticket)})
	require.NoError(t, err)
	assert.Equal(t, receipt, same)
	both, err := d.Status(t.Context(), "arena", [][]byte{[]byte(bots[0].Ticket), []byte(first.Ticket)})
	require.NoError(t, err)
	assert.Equal(t, first.Number, both.Number)

	// Once the line starts anew, or the shadow is switched off, the ticket is worth nothing and its holder joins as anybody does.
	_, err = d.line.Change(t.Context(), "arena", waitroom.PolicyChange{Guards: &waitroom.Guards{}})
	require.NoError(t, err)
	d.renew()
	_, err = d.Status(t.Context(), "arena", [][]byte{[]byte(bots[0].Ticket)})
	require.ErrorIs(t, err, auth.ErrTicketInvalid)
	free, err := d.joinAs("buyer", bots[0].Ticket)
	require.NoError(t, err)
	assert.Equal(t, "ticket-invalid", free.Replaced)
}

// queueJoin joins past the guard and returns the number.
func (d *desk) queueJoin() (int64, error) {
	place, err := d.line.Join(d.t.Context(), "arena", waitroom.Entrant{})
	return place.Number, err
}

// TestAShadowTicketLooksLikeATicket: header, length and claims are those of a ticket, and neither passes for the other.
func TestAShadowTicketLooksLikeATicket(t *testing.T) {
	t.Parallel()
	d := newShadowDesk(t, waitroom.WatchEnforce)
	_, err := d.line.JoinMany(t.Context(), "arena", 200)
	require.NoError(t, err)
	d.renew()
	real, err := d.joinAs("another")
	require.NoError(t, err)
	d.renew()
	bot, err := d.joinAs("bot")
	require.NoError(t, err)
	head := func(token string) string { return token[:strings.IndexByte(token, '.')] }
	claims := func(token string) (names []string) {
		text, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
		require.NoError(t, err)
		for _, part := range strings.Split(string(text), ",") {
			names = append(names, part[:strings.IndexByte(part, ':')])
		}
		require.True(t, json.Valid(text))
		return names
	}
	assert.Equal(t, head(real.Ticket), head(bot.Ticket))
	assert.Equal(t, claims(real.Ticket), claims(bot.Ticket))
	assert.Len(t, strings.Split(bot.Ticket, ".")[2], len(strings.Split(real.Ticket, ".")[2]))
	_, err = d.keys.VerifyTicket([]byte(bot.Ticket), "arena")
	require.ErrorIs(t, err, auth.ErrTicketInvalid)
	_, err = d.keys.VerifyShadow([]byte(real.Ticket), "arena")
	require.ErrorIs(t, err, auth.ErrTicketInvalid)
	_, err = d.keys.VerifyShadow([]byte(bot.Ticket), "theatre")
	require.ErrorIs(t, err, auth.ErrTicketOtherRoom)
	a, err := json.Marshal(real)
	require.NoError(t, err)
	b, err := json.Marshal(bot)
	require.NoError(t, err)
	var realDoc, botDoc map[string]any
	require.NoError(t, json.Unmarshal(a, &realDoc))
	require.NoError(t, json.Unmarshal(b, &botDoc))
	for name := range realDoc {
		assert.Contains(t, botDoc, name)
	}
	assert.Len(t, botDoc, len(realDoc))
}

func TestTheGuardIsAskedAboutNewPlacesOnly(t *testing.T) {
	t.Parallel()
	d := newShadowDesk(t, waitroom.WatchEnforce)
	buyer, err := d.joinAs("buyer")
	require.NoError(t, err)
	for _, account := range []string{"stranger", "bot"} {
		again, err := d.joinAs(account, buyer.Ticket)
		require.NoError(t, err)
		assert.Equal(t, buyer.Number, again.Number)
	}
	_, err = d.joinAs("stranger")
	require.ErrorIs(t, err, waitroom.ErrCodeRequired)
	other, err := d.joinAs("somebody else", "no ticket")
	require.NoError(t, err)
	assert.Equal(t, buyer.Number, other.Number, "the guard's name for the entrant is the one that counts")
}
