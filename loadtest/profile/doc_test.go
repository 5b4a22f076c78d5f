package profile_test

import (
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"anteroom/loadtest/profile"
)

func doc(t *testing.T) string {
	t.Helper()
	content, err := os.ReadFile("../../docs/profiles.md")
	require.NoError(t, err)
	return string(content)
}

// fields are the names of all fields of a profile, those of its parts as well.
func fields(of reflect.Type) []string {
	switch of.Kind() {
	case reflect.Slice, reflect.Pointer:
		return fields(of.Elem())
	case reflect.Struct:
	default:
		return nil
	}
	var all []string
	for i := range of.NumField() {
		all = append(append(all, of.Field(i).Tag.Get("yaml")), fields(of.Field(i).Type)...)
	}
	return all
}

func TestEveryFieldIsDocumented(t *testing.T) {
	t.Parallel()
	text := doc(t)
	all := fields(reflect.TypeFor[profile.Profile]())
	require.Greater(t, len(all), 50)
	for _, name := range all {
		require.NotEmpty(t, name)
		require.Contains(t, text, "`"+name+"`")
	}
	for _, action := range profile.Actions {
		require.Contains(t, text, "`"+string(action)+"`")
	}
	for _, word := range []string{profile.FailedPercent, profile.AdmittedPerMinute, profile.PurchasesPerSecond, "<action>.per_second", ".p99.9"} {
		require.Contains(t, text, "`"+word+"`")
	}
	for _, do := range []string{profile.DoBuy, profile.DoJoin, profile.DoWait, profile.DoBrowse, profile.DoRush, profile.DoAttack} {
		require.Contains(t, text, "\n| `"+do+"` |")
	}
}

func TestTheDocumentedExampleIsAProfile(t *testing.T) {
	t.Parallel()
	_, example, found := strings.Cut(doc(t), "```yaml\n")
	require.True(t, found)
	example, _, found = strings.Cut(example, "```")
	require.True(t, found)
	_, err := profile.Parse("docs/profiles.md", []byte(example))
	require.NoError(t, err)
}

func TestShippedProfilesAreListed(t *testing.T) {
	t.Parallel()
	text := doc(t)
	for _, p := range profile.List() {
		require.Contains(t, text, fmt.Sprintf("\n| `%s` | %d | %s | %s |\n", p.Name, p.Count(), p.Length(), p.About))
	}
}
