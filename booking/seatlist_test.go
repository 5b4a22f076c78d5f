package booking

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"anteroom/internal/fault"
)

func TestAListOfSeatsIsRead(t *testing.T) {
	t.Parallel()
	l, warnings, err := ReadSeatList([]byte("\xef\xbb\xbfSection;Row;Number;Category;Accessible\r\n" +
		"Stalls;A;1;Best;yes\r\nStalls;A;2;Best;\r\n\"Balcony; left\";A;1;Cheap;no\r\nStalls;B;1;Best;\r\n"))
	require.NoError(t, err)
	require.Len(t, warnings, 2, "of the places, and of the stage")
	require.Equal(t, []Category{{Name: "Best"}, {Name: "Cheap"}}, l.Categories)
	require.Equal(t, []string{"Stalls", "Balcony; left"}, []string{l.Sections[0].Name, l.Sections[1].Name})
	stalls := l.Sections[0].Seats
	require.Len(t, stalls, 3)
	require.True(t, stalls[0].Accessible)
	require.Equal(t, listPitch, stalls[1].X-stalls[0].X, "rows are plain")
	require.Greater(t, stalls[2].Y, stalls[0].Y)
}

func TestAListThatIsWrongIsRefusedWithItsLines(t *testing.T) {
	t.Parallel()
	const head = "section,row,number,x,y,category,kind,accessible,companion,restricted,guid\n"
	const seat = "A,1,1,10,20,Best,seated,,,,g1\n"
	for name, c := range map[string]struct{ list, line, message string }{
		"nothing":               {"", "line 1", "no seats"},
		"a header only":         {head, "line 1", "no seats"},
		"no header":             {seat, "line 1", "column 1 must be one of"},
		"a column missing":      {"section,row\nA,1\n", "line 1", "must have the column number"},
		"a column twice":        {"section,row,number,row\n", "line 1", "column row twice"},
		"x alone":               {"section,row,number,x\nA,1,1,1\n", "line 1", "both columns x and y"},
		"too few values":        {head + seat + "A,1,2\n", "line 3", "wrong number of fields"},
		"a quote left open":     {head + "\"A,1,1,1,1,,,,,,\n", "line 2", "quote"},
		"no number":             {head + seat + "A,1,,10,20,Best,seated,,,,\n", "line 3", "number must be"},
		"no section":            {head + ",1,1,10,20,,,,,,\n", "line 2", "section must be"},
		"a seat twice":          {head + seat + "A,1,1,30,20,Best,seated,,,,\n", "line 3", "is the seat of line 2"},
		"an id twice":           {head + seat + "A,1,2,30,20,Best,seated,,,,g1\n", "line 3", "that of line 2"},
		"a place in words":      {head + "A,1,1,left,20,,,,,,\n", "line 2", "x must be a number"},
		"no number at all":      {head + "A,1,1,NaN,20,,,,,,\n", "line 2", "x must be a number"},
		"a kind nobody knows":   {head + "A,1,1,1,1,,flying,,,,\n", "line 2", "kind must be"},
		"neither yes nor no":    {head + "A,1,1,1,1,,,maybe,,,\n", "line 2", "accessible must be"},
		"two categories":        {head + seat + "A,1,2,1,1,Cheap,seated,,,,\n", "line 3", "one category"},
		"a line break in a row": {head + seat + "A,\"1\n2\",2,1,1,Best,seated,,,,\n", "line 3", "row must be"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, _, err := ReadSeatList([]byte(c.list))
			require.ErrorIs(t, err, ErrSeatListInvalid)
			found := fault.From(err).Fields
			require.Equal(t, c.line, found[0].Name)
			require.Contains(t, found[0].Message, c.message)
		})
	}
	_, _, err := ReadSeatList([]byte(head + strings.Repeat(seat, 1000)))
	require.Len(t, fault.From(err).Fields, maxFindings)
}

func TestAListThatWasWrittenIsReadAgain(t *testing.T) {
	t.Parallel()
	l, _, err := ReadPlan([]byte(drawnPlan))
	require.NoError(t, err)
	written, err := WriteSeatList(l)
	require.NoError(t, err)
	again, _, err := ReadSeatList(written)
	require.NoError(t, err)
	require.Len(t, again.Sections, len(l.Sections))
	dx, dy := again.Sections[0].Seats[0].X-l.Sections[0].Seats[0].X, again.Sections[0].Seats[0].Y-l.Sections[0].Seats[0].Y
	for i, s := range l.Sections {
		for k, seat := range s.Seats {
			seat.X, seat.Y = seat.X+dx, seat.Y+dy // a list has no stage; room for one was made
			require.Equal(t, seat, again.Sections[i].Seats[k])
		}
	}
}

func FuzzReadSeatList(f *testing.F) {
	f.Add([]byte("section,row,number\nA,1,1\nA,1,2\n"))
	f.Add([]byte("section;row;number;x;y;kind\nA;;1;0.5;-3;standing\n\"B\";1;1;1e5;0;\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		l, _, err := ReadSeatList(data)
		if err != nil {
			if f := fault.From(err); f.Code != fault.Invalid || len(f.Fields) == 0 {
				t.Fatalf("refused without saying what is wrong: %v", err)
			}
			return
		}
		sameWhenReadAgain(t, l, WriteSeatList, ReadSeatList)
	})
}
