package booking

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"anteroom/internal/fault"
)

// drawnPlan is a plan as the public editor writes one, with members that its users' files have and that we do not know.
const drawnPlan = `{
  "name": "Town hall", "size": {"width": 400, "height": 300},
  "categories": [{"name": "Stalls", "color": "#7C3AED"}, {"name": "Box", "color": "red"}],
  "zones": [
    {"name": "Ground", "zone_id": "ground", "uuid": "u-1", "position": {"x": 100, "y": 50}, "rows": [
      {"row_number": "1", "row_number_position": "both", "uuid": "u-2", "position": {"x": 10, "y": 60}, "seats": [
        {"seat_guid": "g1", "uuid": "u-3", "seat_number": "1", "position": {"x": 0, "y": 0}, "category": "Stalls", "radius": 10},
        {"seat_guid": "g2", "uuid": "u-4", "seat_number": "2", "position": {"x": 25.5, "y": 0}, "category": "Stalls", "radius": 10},
        {"seat_guid": "g3", "uuid": "u-5", "seat_number": "3", "position": {"x": 50, "y": 1}, "category": "Box", "accessible": true}]},
      {"row_number": "2", "seats": [
        {"seat_guid": "g4", "seat_number": "1", "position": {"x": 0, "y": 100}, "category": "Stalls"}]}],
     "areas": [
       {"shape": "rectangle", "rectangle": {"width": 120, "height": 30}, "color": "#888", "border_color": "#000", "rotation": 0,
        "position": {"x": 0, "y": 0}, "text": {"position": {"x": 60, "y": 15}, "color": "#fff", "text": "STAGE"}},
       {"shape": "circle", "circle": {"radius": 8}, "position": {"x": 5, "y": 180}, "text": "pillar"}]},
    {"name": "Garden", "position": {"x": 300, "y": 200}, "kind": "standing", "capacity": 9, "category": "Stalls", "rows": []}]
}`

func TestAPlanOfTheEditorIsReadAsItIs(t *testing.T) {
	t.Parallel()
	l, warnings, err := ReadPlan([]byte(drawnPlan))
	require.NoError(t, err)
	require.Equal(t, "Town hall", l.Name)
	require.Equal(t, []Category{{"Stalls", "#7c3aed"}, {"Box", ""}}, l.Categories)
	require.Equal(t, Stage{X: 100, Y: 50, Width: 120, Height: 30}, l.Stage)
	require.Equal(t, []float64{400, 300}, []float64{l.Width, l.Height})
	require.Len(t, l.Sections, 3)

	stalls, box, garden := l.Sections[0], l.Sections[1], l.Sections[2]
	require.Equal(t, []string{"Ground Stalls", "Ground Box", "Garden"}, []string{stalls.Name, box.Name, garden.Name})
	require.Equal(t, []NewSeat{
		{Row: "1", Number: "1", X: 110, Y: 110, GUID: "g1"}, {Row: "1", Number: "2", X: 135.5, Y: 110, GUID: "g2"}, {Row: "2", Number: "1", X: 100, Y: 150, GUID: "g4"},
	}, stalls.Seats)
	require.Equal(t, []NewSeat{{Row: "1", Number: "3", X: 160, Y: 111, GUID: "g3", Accessible: true}}, box.Seats)
	require.Equal(t, Standing, garden.Kind)
	require.Len(t, garden.Seats, 9)
	require.Equal(t, []float64{300, 200}, []float64{garden.Seats[4].X, garden.Seats[4].Y})
	require.Len(t, l.Areas, 1, "the pillar; the stage is the layout's own")
	require.Contains(t, string(l.Areas[0]), `"position":{"x":105,"y":230}`)

	said := map[string]int{}
	for _, w := range warnings {
		said[w.Path+" "+w.Message] = w.Count
	}
	require.Equal(t, map[string]int{
		"$.categories[1].color is not of the form #rrggbb and was dropped":        1,
		"$.zones[0] has seats of several categories and became a section of each": 2,
		"$.zones[0].rows[0].row_number_position is not known and was dropped":     1,
		"$.zones[0].rows[0].seats[0].radius is not known and was dropped":         2,
		"$.zones[0].rows[0].seats[0].uuid is not known and was dropped":           3,
		"$.zones[0].rows[0].uuid is not known and was dropped":                    1,
		"$.zones[0].uuid is not known and was dropped":                            1,
		"$.zones[0].zone_id is not known and was dropped":                         1,
	}, said)
}

func TestAPlanThatIsWrongIsRefusedWithTheirPaths(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, from, to, path, message string }{
		{"no JSON", `"size": {`, `"size": {,`, "$", "line 2, column"},
		{"a number beyond all bounds", `"width": 400`, `"width": 1e999`, "$", "line 2, column"},
		{"no name", `"name": "Town hall", `, ``, "$.name", "must be a string"},
		{"a null character", `Town hall`, `Town\u0000hall`, "$.name", "printable"},
		{"a category twice", `"name": "Box"`, `"name": "Stalls"`, "$.categories[1].name", "another category"},
		{"an unknown category", `"x": 50, "y": 1}, "category": "Box"`, `"x": 50, "y": 1}, "category": "Loge"`, "$.zones[0].rows[0].seats[2].category", "a category of the plan"},
		{"an id twice", `"g4"`, `"g1"`, "$.zones[0].rows[1].seats[0].seat_guid", "another seat's"},
		{"a seat twice", `"seat_number": "2"`, `"seat_number": "1"`, "$.zones[0].rows[0].seats[1]", "as is $.zones[0].rows[0].seats[0]"},
		{"a number for a string", `"row_number": "2"`, `"row_number": 2`, "$.zones[0].rows[1].row_number", "must be a string"},
		{"no place", `"position": {"x": 25.5, "y": 0}, `, ``, "$.zones[0].rows[0].seats[1].position", "must be an object"},
		{"half a place", `{"x": 25.5, "y": 0}`, `{"x": 25.5}`, "$.zones[0].rows[0].seats[1].position.y", "must be a number"},
		{"a place far away", `"x": 25.5`, `"x": 1e6`, "$.zones[0].rows[0].seats[1].position.x", "must be a number from"},
		{"no rows", `"rows": []`, `"lines": []`, "$.zones[1].rows", "must be a list"},
		{"half a place to stand", `"capacity": 9`, `"capacity": 1.5`, "$.zones[1].capacity", "whole number"},
		{"seats that stand", `"kind": "standing"`, `"kind": "seated"`, "$.zones[1].kind", "general or standing"},
		{"a kind nobody knows", `"kind": "standing"`, `"kind": "floating"`, "$.zones[1].kind", "must be seated, general or standing"},
		{"accessible in words", `"accessible": true`, `"accessible": "yes"`, "$.zones[0].rows[0].seats[2].accessible", "true or false"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			require.Contains(t, drawnPlan, c.from)
			_, _, err := ReadPlan([]byte(strings.Replace(drawnPlan, c.from, c.to, 1)))
			require.ErrorIs(t, err, ErrPlanInvalid)
			found := fault.From(err).Fields
			require.Equal(t, c.path, found[0].Name)
			require.Contains(t, found[0].Message, c.message)
		})
	}
	for _, empty := range []string{``, `null`, `[]`, `1`, `{}`, `{"name":"x","zones":[],"categories":[]}`} {
		_, _, err := ReadPlan([]byte(empty))
		require.ErrorIs(t, err, ErrPlanInvalid, empty)
	}
	_, _, err := ReadPlan(make([]byte, MaxPlanBytes+1))
	require.ErrorIs(t, err, ErrPlanInvalid)
}

// A plan with everything wrong is not answered by a list as long as itself.
func TestFindingsAreBounded(t *testing.T) {
	t.Parallel()
	seats := strings.Repeat(`{},`, 10_000)
	_, _, err := ReadPlan([]byte(`{"name":"x","categories":[],"zones":[{"position":{"x":0,"y":0},"rows":[{"row_number":"1","seats":[` + seats[:len(seats)-1] + `]}]}]}`))
	require.Len(t, fault.From(err).Fields, maxFindings)
}

func TestAPlanWithoutAStageOrOutsideItsFrameIsMadeWhole(t *testing.T) {
	t.Parallel()
	l, warnings, err := ReadPlan([]byte(`{"name":"x","categories":[{"name":"A"}],"zones":[
		{"name":"Z","position":{"x":-50,"y":-10},"rows":[{"row_number":"1","seats":[{"seat_guid":"1","seat_number":"1","position":{"x":0,"y":0},"category":"A"}]}],
		 "areas":[{"width":10,"height":10,"position":{"x":0,"y":0},"text":"Bar"}]},
		{"name":"Z","position":{"x":90,"y":40},"rows":[{"row_number":"1","seats":[{"seat_guid":"2","seat_number":"1","position":{"x":0,"y":0},"category":"A"}]}]},
		{"position":{"x":90,"y":80},"rows":[{"row_number":"1","seats":[{"seat_guid":"3","seat_number":"1","position":{"x":0,"y":0},"category":"A"}]}]}]}`))
	require.NoError(t, err)
	require.Equal(t, []string{"Z", "Z (2)", "Zone 3"}, []string{l.Sections[0].Name, l.Sections[1].Name, l.Sections[2].Name})
	first, last := l.Sections[0].Seats[0], l.Sections[2].Seats[0]
	require.Equal(t, []float64{140, 90}, []float64{last.X - first.X, last.Y - first.Y}, "moved as a whole")
	require.Greater(t, first.Y, l.Stage.Y+l.Stage.Height, "the stage is before the seats")
	require.True(t, l.Stage.X >= 0 && l.Stage.Y >= 0 && first.X >= 0 && last.X < l.Width && last.Y < l.Height)
	var bar struct{ Position planPoint }
	require.NoError(t, json.Unmarshal(l.Areas[0], &bar))
	require.Equal(t, planPoint{first.X, first.Y}, bar.Position, "what is drawn beside a seat stays there")
	require.NotEmpty(t, warnings)
}

func TestWhatWasWrittenIsReadAgain(t *testing.T) {
	t.Parallel()
	l, _, err := ReadPlan([]byte(drawnPlan))
	require.NoError(t, err)
	for i := range l.Sections[0].Seats {
		s := &l.Sections[0].Seats[i]
		s.GUID, s.Companion, s.Restricted = "", i == 0, i == 1
	}
	written, err := WritePlan(l)
	require.NoError(t, err)
	again, warnings, err := ReadPlan(written)
	require.NoError(t, err)
	require.Empty(t, warnings)
	require.Equal(t, "Ground Stalls-1-1", again.Sections[0].Seats[0].GUID, "a seat without an id is given one")
	for i := range again.Sections[0].Seats {
		again.Sections[0].Seats[i].GUID = ""
	}
	for i := range l.Areas {
		require.JSONEq(t, string(l.Areas[i]), string(again.Areas[i]))
	}
	l.Areas, again.Areas = nil, nil
	require.Equal(t, l, again)
}

func FuzzReadPlan(f *testing.F) {
	f.Add([]byte(drawnPlan))
	f.Add([]byte(`{"name":"x","zones":[],"categories":[]}`))
	f.Add([]byte(`{"name":"x","size":{"width":-1,"height":1e5},"categories":[{"name":"A"}],"zones":[{"position":{"x":1,"y":-99999},"kind":"general","capacity":20,"category":"A","rows":[]}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		l, _, err := ReadPlan(data)
		if err != nil {
			if f := fault.From(err); f.Code != fault.Invalid || len(f.Fields) == 0 {
				t.Fatalf("refused without saying what is wrong: %v", err)
			}
			return
		}
		sameWhenReadAgain(t, l, WritePlan, ReadPlan)
	})
}

// sameWhenReadAgain: what was read is valid, and, once written, is read to the same seats.
func sameWhenReadAgain(t *testing.T, l NewLayout, write func(NewLayout) ([]byte, error), read func([]byte) (NewLayout, []PlanWarning, error)) {
	t.Helper()
	if err := l.Validate(); err != nil {
		t.Fatalf("read a layout that is not valid: %v", err)
	}
	written, err := write(l)
	if err != nil {
		t.Fatal(err)
	}
	if len(written) > MaxPlanBytes {
		return
	}
	again, _, err := read(written)
	if err != nil {
		t.Fatalf("what was written cannot be read: %v\n%s", fault.From(err).Fields, written)
	}
	if again.Seats() != l.Seats() || len(again.Sections) != len(l.Sections) {
		t.Fatalf("%d seats in %d sections became %d in %d", l.Seats(), len(l.Sections), again.Seats(), len(again.Sections))
	}
	for i, s := range l.Sections {
		for k, seat := range s.Seats {
			other := again.Sections[i].Seats[k]
			if s.Kind == Seated && (seat.Row != other.Row || seat.Number != other.Number || seat.Accessible != other.Accessible) {
				t.Fatalf("%v became %v", seat, other)
			}
		}
	}
}
