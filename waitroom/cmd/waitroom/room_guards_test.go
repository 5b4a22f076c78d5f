package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"anteroom/waitroom"
)

// TestAShellSetsGuards as JSON, and is told what is wrong with them.
func TestAShellSetsGuards(t *testing.T) {
	t.Parallel()
	policy, err := parsePolicy([]string{"rate_per_minute=90", `guards={"proof_of_work":"watch","proof_bits":18}`, `adaptive={"stage":"watch","min_rate_per_minute":9,"target_p95_ms":500,"max_error_percent":5}`})
	require.NoError(t, err)
	assert.Equal(t, waitroom.Guards{ProofOfWork: waitroom.WatchOnly, ProofBits: 18}, policy.Guards)
	assert.Equal(t, waitroom.WatchOnly, policy.Adaptive.Stage)
	for text, want := range map[string]string{
		`guards={"shadow":"on"}`: "guards.shadow", `guards={"shade":"watch"}`: "shade", `guards={`: "value", `adaptive={"stage":"enforce"}`: "adaptive.target_p95_ms",
	} {
		_, err := parsePolicy([]string{text})
		require.ErrorContains(t, err, want, text)
	}
}
