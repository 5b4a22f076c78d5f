package page

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestEveryLanguageSaysEverything(t *testing.T) {
	t.Parallel()
	for _, one := range texts {
		for field, value := range reflect.ValueOf(one).Fields() {
			if value.Kind() == reflect.String {
				assert.NotEmpty(t, value.String(), "%s %s", one.Lang, field.Name)
			}
		}
		for _, blank := range []struct{ text, want string }{
			{one.Days, "{n}"}, {one.NoScript, "{n}"}, {one.Announce, "{n}"}, {one.Minutes, "{a}"}, {one.MinutesTo, "{a}"}, {one.MinutesTo, "{b}"}, {one.HoursTo, "{a}"}, {one.HoursTo, "{b}"},
		} {
			assert.Contains(t, blank.text, blank.want, one.Lang)
		}
	}
}

func TestBestLanguageIsChosen(t *testing.T) {
	t.Parallel()
	for accept, want := range map[string]string{
		"": "ko", "fr": "ko", "ja": "ja", "en-US,en;q=0.9": "en", "fr, ja;q=0.2, en;q=0.3": "en", "en;q=0, ja": "ja", "JA-jp": "ja", "en;q=x, ja;q=0.1": "ja", ";;;,,": "ko", "*": "ko",
	} {
		spoken, asked := choose("", "", accept)
		require.NotNil(t, spoken)
		assert.Equal(t, want, spoken.Lang, accept)
		assert.False(t, asked)
	}
}
