package benchmarks

import (
	"testing"

	"github.com/stretchr/testify/require"

	"anteroom/internal/testenv"
)

func TestVersionsAreAsked(t *testing.T) {
	t.Parallel()
	redis, err := RedisVersion(t.Context(), testenv.Patient(t, testenv.Redis(t).URL))
	require.NoError(t, err)
	require.Regexp(t, `^\d+\.\d+`, redis)
	postgres, err := PostgresVersion(t.Context(), testenv.Postgres(t))
	require.NoError(t, err)
	require.Regexp(t, `^\d+`, postgres)
}
