package backing

import (
	"context"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWebServersAreFoundOrFetched(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	for name, flag := range map[string]string{"nginx": "-v", "caddy": "version", "haproxy": "-v"} {
		p, err := FindWebServer(ctx, name)
		require.NoError(t, err)
		cmd := exec.CommandContext(ctx, p.Path, flag)
		cmd.Env = p.Env
		said, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s", said)
		t.Logf("%s: %s", p.Path, said)
		again, err := FindWebServer(ctx, name)
		require.NoError(t, err)
		assert.Equal(t, p.Path, again.Path)
	}
	_, err := FindWebServer(ctx, "apache")
	require.ErrorContains(t, err, "apache")
}

func TestWhatCannotBeFetchedLeavesNothing(t *testing.T) {
	dir := t.TempDir() + "/program"
	err := fetchPackages(t.Context(), dir, []string{"there-is-no-such-package"})
	require.Error(t, err)
	assert.NoDirExists(t, dir)
	_, err = unpacked(dir, "nginx")
	require.Error(t, err)
}
