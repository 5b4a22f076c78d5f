package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func write(t *testing.T, path, body string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(t, os.WriteFile(path, []byte(body), 0o755))
}

// repository is a folder with web apps that "npm", a script here, builds by copying.
func repository(t *testing.T) (b *builder, calls func() string, root string) {
	t.Helper()
	root = t.TempDir()
	for _, file := range []string{"waitroom/openapi.yaml", "booking/openapi.yaml", "admin-api/openapi.yaml", "spa/package-lock.json"} {
		write(t, filepath.Join(root, file), "1")
	}
	for _, app := range apps {
		write(t, filepath.Join(root, "spa/apps", app, "index.html"), app)
	}
	install, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "spa", "install.sh"))
	require.NoError(t, err)
	write(t, filepath.Join(root, "spa/install.sh"), string(install))
	log, bin := filepath.Join(root, "calls"), filepath.Join(t.TempDir(), "npm")
	write(t, bin, `#!/bin/sh
echo "$1" >>`+log+`
[ ! -e broken ] || { echo "Unexpected token"; exit 1; }
[ "$1" = ci ] && mkdir -p node_modules
[ "$1" = run ] && for a in apps/*; do mkdir -p $a/dist; cp $a/index.html $a/dist/; done
true
`)
	t.Setenv("PATH", filepath.Dir(bin)+":"+os.Getenv("PATH"))
	b = &builder{root: root, dir: filepath.Join(root, ".run"), say: func(line string) { t.Log(line) }}
	require.NoError(t, b.lock(t.Context()))
	t.Cleanup(b.unlock)
	return b, func() string {
		defer os.Remove(log)
		return strings.Join(strings.Fields(read(log)), " ")
	}, root
}

func TestTheWebAppsAreBuiltWhenTheirSourcesChangeAndOnlyThen(t *testing.T) {
	b, calls, root := repository(t)
	out := filepath.Join(root, ".run", "spa")
	build := func() { require.NoError(t, b.web(t.Context(), out)) }
	build()
	require.Equal(t, "ci run", calls())
	for _, app := range apps {
		require.Equal(t, app, read(filepath.Join(out, app, "index.html")))
	}
	build()
	require.Empty(t, calls())

	write(t, filepath.Join(root, "spa/apps/client/index.html"), "newer")
	build()
	require.Equal(t, "run", calls())
	require.Equal(t, "newer", read(filepath.Join(out, "client/index.html")))

	write(t, filepath.Join(root, "spa/package-lock.json"), "2")
	build()
	require.Equal(t, "ci run", calls())

	write(t, filepath.Join(root, "booking/openapi.yaml"), "2")
	build()
	require.Equal(t, "run", calls())

	write(t, filepath.Join(root, "spa/broken"), "")
	require.ErrorContains(t, b.web(t.Context(), out), "Unexpected token")
	require.Equal(t, "newer", read(filepath.Join(out, "client/index.html")), "a failed build leaves the one before")
}

func TestALongOutputKeepsBothEnds(t *testing.T) {
	require.Equal(t, "1\n2\n3", bothEnds("1\n2\n3", 2))
	require.Equal(t, "1\n2\n    …\n5\n6", bothEnds("1\n2\n3\n4\n5\n6", 2))
}

func TestTwoStartsInOneFolderAreRefused(t *testing.T) {
	b, _, _ := repository(t)
	other := &builder{root: b.root, dir: b.dir, say: b.say}
	require.ErrorContains(t, other.lock(t.Context()), "is in use by the process")
}
