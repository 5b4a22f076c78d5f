package booking

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestWhatClientsWereToldAgreesOrIsNamed(t *testing.T) {
	ordered := Told{Action: "order", Status: 201, Order: "a"}
	paid := Told{Action: "pay", Status: 200, Order: "a", State: "paid"}
	for name, c := range map[string]struct {
		told  Journal
		sales []Sale
		wrong int
	}{
		"all well":                            {Journal{ordered, paid}, []Sale{{"a", Paid, true}}, 0},
		"given back since":                    {Journal{ordered, paid}, []Sale{{"a", Cancelled, true}}, 0},
		"acknowledged and gone":               {Journal{ordered}, nil, 1},
		"paid and gone":                       {Journal{ordered, paid}, nil, 2},
		"paid and no money taken":             {Journal{ordered, paid}, []Sale{{"a", Pending, false}}, 1},
		"read back as paid, no money taken":   {Journal{ordered, {Action: "read-back", Status: 200, Order: "a", State: "paid"}}, []Sale{{"a", Pending, false}}, 1},
		"paid and nobody told":                {Journal{ordered}, []Sale{{"a", Paid, true}}, 1},
		"paid, and the client was declined":   {Journal{ordered, {Action: "pay", Status: 402, Order: "a"}}, []Sale{{"a", Paid, true}}, 1},
		"paid, the answer lost":               {Journal{ordered, {Action: "pay", Order: "a", Error: "reset"}}, []Sale{{"a", Paid, true}}, 0},
		"paid, the answer was to wait":        {Journal{ordered, {Action: "pay", Order: "a", Status: 202}}, []Sale{{"a", Paid, true}}, 0},
		"not paid, the answer lost":           {Journal{ordered, {Action: "pay", Order: "a", Error: "reset"}}, []Sale{{"a", Pending, false}}, 0},
		"an order nobody was told of":         {Journal{}, []Sale{{"a", Pending, false}}, 1},
		"an order whose answer was lost":      {Journal{{Action: "order", Error: "reset"}}, []Sale{{"a", Pending, false}}, 0},
		"two orders, of which one may be one": {Journal{{Action: "order", Error: "reset"}}, []Sale{{"a", Pending, false}, {"b", Pending, false}}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			require.Len(t, c.told.Disagreements(c.sales), c.wrong)
		})
	}
}

// waits is somebody who joined and polled every second until the admission.
func waits(visitor int, number, joined, admitted int64) (all Journal) {
	for at := joined; ; at++ {
		t := Told{Visitor: visitor, Action: "poll", Sent: at * int64(time.Second), Answered: at * int64(time.Second), Status: 200, Epoch: 1, Number: number, State: "waiting", PollAfterMS: 1000}
		if at == joined {
			t.Action = "join"
		}
		if at >= admitted {
			t.State, t.AdmittedMS = "admitted", admitted*1000
			return append(all, t)
		}
		all = append(all, t)
	}
}

func TestAdmissionsOutOfOrderAreNamed(t *testing.T) {
	var inOrder Journal
	for i := range 20 {
		inOrder = append(inOrder, waits(i, int64(i+1), 1, int64(10+i/4))...) // four at a time
	}
	require.Empty(t, inOrder.OutOfOrder())

	overtaken := append(Journal{}, inOrder...)
	overtaken = append(overtaken, waits(30, 30, 1, 11)...)
	require.Len(t, overtaken.OutOfOrder(), 1)

	for name, why := range map[string]func(*Journal){
		"who left":         func(j *Journal) { *j = append(*j, Told{Visitor: 40, Action: "leave", Sent: 2e9}) },
		"who was silent":   func(j *Journal) { (*j)[len(*j)-1].Sent, (*j)[len(*j)-1].Answered = 90e9, 90e9 },
		"of another epoch": func(j *Journal) { (*j)[len(*j)-1].Epoch = 2 },
	} {
		t.Run(name, func(t *testing.T) {
			late := append(Journal{}, inOrder...)
			late = append(late, waits(40, 0, 1, 30)...) // number 0: overtaken by all
			for i := range late {
				if late[i].Visitor == 40 {
					late[i].Number = 1
				}
			}
			late = late.without(0)
			require.NotEmpty(t, late.OutOfOrder(), fmt.Sprint("the control: ", name))
			why(&late)
			require.Empty(t, late.OutOfOrder())
		})
	}
}

// without leaves one visitor out.
func (j Journal) without(visitor int) (rest Journal) {
	for _, t := range j {
		if t.Visitor != visitor {
			rest = append(rest, t)
		}
	}
	return rest
}
