package booking

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"anteroom/internal/fault"
)

func TestValidEmail(t *testing.T) {
	for _, ok := range []string{"ann@example.org", "a.b+c@sub.example.co.kr", "ann@demo.test", "김@예시.한국"} {
		require.True(t, ValidEmail(ok), ok)
	}
	for _, bad := range []string{
		"", "ann", "ann@", "@example.org", "ann@localhost", "ann@example.", "Ann <ann@example.org>", "a@b.org, c@d.org", "ann@example.org\n",
		"a\x00@b.org", " ann@example.org", strings.Repeat("a", 250) + "@b.org", "a@b\xff.org",
	} {
		require.False(t, ValidEmail(bad), "%q", bad)
	}
}

func TestSignUpNamesEveryFieldThatIsWrong(t *testing.T) {
	require.NoError(t, SignUp{Email: "ann@example.org", Password: "eight ch", Name: "앤"}.Validate())
	err := SignUp{Email: "x", Password: "seven..", Name: strings.Repeat("n", 101)}.Validate()
	require.ErrorIs(t, err, ErrAccountInvalid)
	var names []string
	for _, f := range fault.From(err).Fields {
		names = append(names, f.Name)
	}
	require.Equal(t, []string{"email", "password", "name"}, names)
	require.Empty(t, ErrAccountInvalid.Fields, "the error that all share is unchanged")
	require.Error(t, SignUp{Email: "ann@example.org", Password: strings.Repeat("p", 201), Name: "A"}.Validate())
}
