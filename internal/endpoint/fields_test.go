package endpoint

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNamesAreTokens(t *testing.T) {
	t.Parallel()
	// RFC 9110, section 5.6.2: any visible character but the delimiters.
	for c := range 256 {
		want := c > ' ' && c < 0x7f && !strings.ContainsRune(`"(),/:;<=>?@[\]{}`, rune(c))
		require.Equal(t, want, IsToken([]byte{'x', byte(c)}), "%q", c)
		require.Equal(t, want, IsToken([]byte{byte(c), 'x'}), "%q", c)
	}
	require.False(t, IsToken(nil))
}

func TestValuesAreText(t *testing.T) {
	t.Parallel()
	for c := range 256 {
		want := c == '\t' || c >= ' ' && c != 0x7f
		require.Equal(t, want, IsText([]byte{'x', byte(c), 'x'}), "%q", c)
	}
	require.True(t, IsText(nil))
}

func TestSpaceAroundAValue(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{"": "", " \t ": "", " a b\t": "a b", "\r a": "\r a", "a\u00a0": "a\u00a0"} {
		require.Equal(t, want, string(TrimSpace([]byte(value))), "%q", value)
	}
}

func TestNamesLikeOurs(t *testing.T) {
	t.Parallel()
	const own = "content-length"
	for name, want := range map[string]struct{ begins, is bool }{
		"content-length":      {true, true},
		"CONTENT_Length":      {true, true},
		"Content-Length-More": {true, false},
		"content-lengt":       {false, false},
		"content\rlength":     {false, false}, // the byte that a careless mask makes a hyphen of
		"content length":      {false, false},
		"":                    {false, false},
	} {
		require.Equal(t, want.begins, BeginsLike([]byte(name), own), "%q", name)
		require.Equal(t, want.is, IsLike([]byte(name), own), "%q", name)
	}
}
