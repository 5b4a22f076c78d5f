package page

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"anteroom/waitroom"
)

// A page that is open takes the room's new look by loading itself anew, within some polls.
func TestAnOpenPageTakesANewBrand(t *testing.T) {
	t.Parallel()
	answers := func(brand string) (all []object) {
		for range 10 {
			all = append(all, with(at(9, 7), object{"brand": brand}))
		}
		return all
	}
	load := func(brand string) []pageLoad { return []pageLoad{{at(9, 8), answers(brand)}} }
	last := func(s scenario) shown { all := play(t, s); return all[len(all)-1] }

	renewed := last(scenario{Loads: load("b2"), Brand: "b1"})
	require.True(t, renewed.Renewed)
	assert.LessOrEqual(t, renewed.After, 8000.0, "six polls' time, and the poll that tells of it")
	assert.True(t, last(scenario{Loads: load("b1")}).Renewed, "there was none before")
	assert.True(t, last(scenario{Loads: load(""), Brand: "b1"}).Renewed, "it was taken away")
	assert.False(t, last(scenario{Loads: load("b1"), Brand: "b1"}).Renewed)
	assert.False(t, last(scenario{Loads: load("")}).Renewed)
	assert.False(t, last(scenario{Loads: load("b2"), Brand: "b1", Moving: true}).Renewed, "the link that is shown would be gone")
}

func TestThePageKnowsItsBrand(t *testing.T) {
	t.Parallel()
	w := waitingPlace()
	_, body := render(t, w, "/x")
	has(t, body, `"brand":""`)
	w.Brand = waitroom.Brand{Name: "Halle"}
	_, body = render(t, w, "/x")
	has(t, body, `"brand":"`+w.Brand.Version()+`"`)
}
