package launch

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestParseRecount(t *testing.T) {
	t.Parallel()
	counts, err := parseRecount([]byte(`{"ok":false,"checks":[{"name":"a","count":0},{"name":"b","wants":"x","count":2}],"not_checked_yet":[]}`))
	require.NoError(t, err)
	require.Equal(t, map[string]int64{"a": 0, "b": 2}, counts)

	for name, body := range map[string]string{
		"nothing":                "",
		"no checks":              `{"ok":true,"checks":[]}`,
		"no verdict":             `{"checks":[{"name":"a","count":0}]}`,
		"a verdict that lies":    `{"ok":true,"checks":[{"name":"a","count":1}]}`,
		"another verdict's lies": `{"ok":false,"checks":[{"name":"a","count":0}]}`,
	} {
		_, err := parseRecount([]byte(body))
		require.Error(t, err, name)
	}
}

func TestModuleRootIsFound(t *testing.T) {
	t.Parallel()
	root, err := moduleRoot()
	require.NoError(t, err)
	require.DirExists(t, root+"/waitroom")
}
