package api

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"
	"go.yaml.in/yaml/v3"
)

// TestEveryRouteIsInTheContract fails for a path that is served and not described, and for one that is described and not served.
func TestEveryRouteIsInTheContract(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../openapi.yaml")
	require.NoError(t, err)
	var contract struct {
		Paths map[string]map[string]any
	}
	require.NoError(t, yaml.Unmarshal(text, &contract))
	described := map[string][]string{}
	for path, item := range contract.Paths {
		for method := range item {
			if method != "parameters" {
				described[path] = append(described[path], strings.ToUpper(method))
			}
		}
	}
	served := map[string][]string{}
	visitor, control := &Visitor{Auth: &ForwardAuth{}}, &Control{}
	for _, routes := range []map[string][]string{visitor.routes().List(), control.routes().List()} {
		for method, paths := range routes {
			for _, path := range paths {
				served[path] = append(served[path], method)
			}
		}
	}
	for path, methods := range served {
		require.Contains(t, described, path, "served, not described")
		for _, method := range methods {
			if method != "*" { // whichever the other proxy was asked with
				require.Contains(t, described[path], method, "%s is served, not described", path)
			}
		}
	}
	for path, methods := range described {
		require.Contains(t, served, path, "described, not served")
		for _, method := range methods {
			require.True(t, slices.Contains(served[path], method) || slices.Contains(served[path], "*"), "%s %s is described, not served", method, path)
		}
	}
	require.NotContains(t, served, "/waitroom/v1/{room}/other", "the control: what is in neither is in neither")
	require.Contains(t, served["/waitroom/v1/{room}/join"], fasthttp.MethodPost)
}
