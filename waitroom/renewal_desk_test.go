package waitroom_test

import (
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"anteroom/internal/auth"
	"anteroom/waitroom"
	"anteroom/waitroom/queuetest"
)

func TestAPassIsNoLongerThanItsLife(t *testing.T) {
	t.Parallel()
	d := newDesk(t, func(p *waitroom.Policy) { p.Mode, p.PassLifeSeconds = waitroom.ModeOpen, 300 })
	v := d.join()
	require.Equal(t, waitroom.Admitted, v.State)
	p, err := auth.NewPassVerifier(d.keys).Verify([]byte(v.Pass), "arena", d.clock.Now())
	require.NoError(t, err)
	assert.InDelta(t, 300, p.ExpiresAt.Sub(d.clock.Now()).Seconds(), 30)
	assert.InDelta(t, 900, p.EndsAt.Sub(d.clock.Now()).Seconds(), 30)
	assert.True(t, v.PassExpiresAt.Equal(p.ExpiresAt))
}

// A place is kept through as many rotations as there are, while its holder is heard of: in the end it was signed with a key that the
// first ticket's gateway did not know.
func TestAPlaceOutlivesItsKeys(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "keys.json")
		_, err := auth.InitKeys(file)
		require.NoError(t, err)
		load := func() *auth.Keys {
			keys, err := auth.LoadKeys(file)
			require.NoError(t, err)
			return keys
		}
		d := &desk{t: t, clock: queuetest.NewClock(), keys: load()}
		d.line = &counted{Line: queuetest.NewModel(d.clock.Now)}
		policy := waitroom.DefaultPolicy()
		policy.Mode, policy.RatePerMinute = waitroom.ModeHold, 0
		_, err = d.line.Create(t.Context(), "arena", policy)
		require.NoError(t, err)
		use := func(keys *auth.Keys) {
			d.keys = keys
			d.Desk = waitroom.NewDesk(d.line, d, keys, auth.NewPassVerifier(keys), d)
			d.renew()
		}
		use(d.keys)
		first := d.join()
		ticket := first.Ticket
		assert.Empty(t, d.status(ticket).Ticket, "no new one without need")
		for range 3 {
			require.NoError(t, auth.RotateKeys(file, auth.Rotation{Overlap: time.Hour}))
			use(load())
			v := d.status(ticket)
			assert.Equal(t, first.Number, v.Number)
			require.NotEmpty(t, v.Ticket, "its key signs no more")
			require.NotEqual(t, ticket, v.Ticket)
			joined, err := d.Join(t.Context(), "arena", [][]byte{[]byte(ticket)}, waitroom.Applicant{})
			require.NoError(t, err)
			assert.Equal(t, v.Ticket, joined.Ticket)
			old := ticket
			ticket = v.Ticket
			time.Sleep(2 * time.Hour)
			d.renew()
			_, err = d.Status(t.Context(), "arena", [][]byte{[]byte(old)})
			require.ErrorIs(t, err, auth.ErrTicketInvalid, "the control: the old one runs out")
		}
		assert.Equal(t, first.Number, d.status(ticket).Number)
	})
}
