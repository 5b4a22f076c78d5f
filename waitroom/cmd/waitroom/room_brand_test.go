package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"anteroom/waitroom"
)

// TestAShellSetsTheBrand field by field or as JSON, and is told what is wrong with it.
func TestAShellSetsTheBrand(t *testing.T) {
	t.Parallel()
	want := waitroom.Brand{Name: "{Hall} = 7", LogoURL: "https://hall.test/a.svg?x=1", Colour: "#1a2b3c", Background: "#ffffff"}
	want.Texts.Ko.Title, want.Texts.Ko.Lead, want.Texts.En.Title = "기다려 주세요", "곧 시작합니다", "7"
	policy, err := parsePolicy([]string{
		"rate_per_minute=90", "brand.name={Hall} = 7", "brand.logo_url=https://hall.test/a.svg?x=1", "brand.colour=#1a2b3c", "brand.background=#ffffff",
		"brand.texts.ko.title=기다려 주세요", "brand.texts.ko.lead=곧 시작합니다", "brand.texts.en.title=7",
	})
	require.NoError(t, err)
	assert.Equal(t, want, policy.Brand)
	assert.EqualValues(t, 90, policy.RatePerMinute)
	policy, err = parsePolicy([]string{`brand={"name":"Hall","texts":{"ja":{"lead":"x"}}}`})
	require.NoError(t, err)
	assert.Equal(t, "x", policy.Brand.Texts.Ja.Lead)

	for want, pairs := range map[string][]string{
		"brand.colour must be":        {"brand.colour=red"},
		`unknown field "slogan"`:      {"brand.slogan=x"},
		`unknown field "fr"`:          {"brand.texts.fr.title=x"},
		"brand.name is there twice":   {"brand.name=a", "brand.name=b"},
		"contradicts what is said of": {`brand={"name":"a"}`, "brand.colour=#1a2b3c"},
		"brand.name.x contradicts":    {"brand.name=a", "brand.name.x=b"},
		"brand.texts.ko.title is":     {"brand.texts.ko.title=a", "brand.texts.ko.title=b"},
		"not of the form":             {"brand.name"},
		"not acceptable":              {"brand.texts=x"},
	} {
		_, err := parsePolicy(pairs)
		require.ErrorContains(t, err, want, "%q", pairs)
	}
}
