package visit

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/loadtest/profile"
)

func TestAPassIsTriedAgainOnlyWhenEveryGatewayMustKnowThatItWasGivenBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := &crowd{profile: &profile.Profile{Hostile: 1}}
		c.giveBack("first")
		time.Sleep(time.Minute) // of the bubble's clock: as a machine that is stopped
		require.Empty(t, c.spent(0), "nobody has run meanwhile")
		c.looks.Add(revocationLooks - 1)
		require.Empty(t, c.spent(0))
		c.looks.Add(1)
		require.Equal(t, "first", c.spent(0))

		c.giveBack("second")
		c.looks.Add(revocationLooks)
		require.Equal(t, "first", c.spent(1), "it is too soon for the second")
		time.Sleep(revocation)
		require.Equal(t, "second", c.spent(1))
	})
}
