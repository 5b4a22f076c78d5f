package page

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"anteroom/internal/fault"
	"anteroom/waitroom"
)

func msOf(ms int64) time.Duration { return time.Duration(ms) * time.Millisecond }

// visits are one of each state.
func visits() map[string]*waitroom.Visit {
	place := func(change func(*waitroom.Visit)) *waitroom.Visit {
		v := &waitroom.Visit{Room: "arena", Number: 9, Epoch: 1, State: waitroom.Waiting, Ahead: 4, ETA: &waitroom.Range{Low: 60, High: 90}, PollAfterMS: 1000}
		change(v)
		return v
	}
	opens := time.Date(2026, 12, 1, 20, 0, 0, 0, time.UTC)
	return map[string]*waitroom.Visit{
		stateWaiting: place(func(*waitroom.Visit) {}),
		stateDrawn:   place(func(v *waitroom.Visit) { v.Draw, v.DrawnPosition = waitroom.DrawDone, 7 }),
		statePaused:  place(func(v *waitroom.Visit) { v.ETA = nil }),
		statePrequeue: place(func(v *waitroom.Visit) {
			v.State, v.ETA, v.Ahead, v.OpensAt, v.OpensInMS = waitroom.Prequeue, nil, 0, &opens, 59_001
		}),
		stateGather: place(func(v *waitroom.Visit) {
			v.State, v.ETA, v.Ahead, v.Draw, v.OpensAt, v.OpensInMS = waitroom.Prequeue, nil, 0, waitroom.DrawCommitted, &opens, 7_200_000
		}),
		stateDrawing: place(func(v *waitroom.Visit) {
			v.State, v.ETA, v.Ahead, v.Draw, v.OpensAt = waitroom.Prequeue, nil, 0, waitroom.DrawSealed, &opens
		}),
		stateTurn:    place(func(v *waitroom.Visit) { v.State, v.ETA, v.Ahead, v.ClaimInMS = waitroom.Admitted, nil, 0, 60_000 }),
		statePassed:  place(func(v *waitroom.Visit) { v.State, v.ETA = waitroom.Passed, nil }),
		stateExpired: place(func(v *waitroom.Visit) { v.State, v.ETA = waitroom.Expired, nil }),
		stateClosed:  place(func(v *waitroom.Visit) { v.State, v.ETA = waitroom.Closed, nil }),
		stateSold:    place(func(v *waitroom.Visit) { v.State, v.ETA, v.Ended = waitroom.Closed, nil, waitroom.SoldOut }),
		stateEnded:   place(func(v *waitroom.Visit) { v.State, v.ETA, v.Ended = waitroom.Closed, nil, waitroom.Over }),
	}
}

// refusals are one of each reason to have no place.
func refusals() map[string]waitroom.Wait {
	opens := time.Date(2026, 12, 1, 20, 0, 0, 0, time.UTC)
	return map[string]waitroom.Wait{
		stateClosed:  {Fault: waitroom.ErrRoomClosed},
		stateEnded:   {Fault: waitroom.ErrRoomClosed, Ended: waitroom.Over},
		stateSold:    {Fault: waitroom.ErrRoomSoldOut, Ended: waitroom.SoldOut},
		stateSoon:    {Fault: waitroom.ErrRoomClosed, OpensAt: opens, OpensIn: time.Hour},
		stateFull:    {Fault: waitroom.ErrRoomFull},
		stateDown:    {Fault: waitroom.ErrLineUnavailable, Kept: true},
		stateDownNew: {Fault: waitroom.ErrLineUnavailable},
		stateLost:    {Fault: waitroom.ErrRoomLost},
		stateBusy:    {Fault: waitroom.ErrJoinLimit},
		stateCode:    {Fault: waitroom.ErrCodeRequired},
		stateProof:   {Fault: waitroom.ErrProofRequired},
		stateRefused: {Fault: fault.New(fault.Forbidden, "something-new", "Something that this page has not heard of.")},
	}
}

// byScript are the states that only the script comes to.
var byScript = []string{stateSuperseded, stateMoved, stateGone}

func TestEveryStateHasWordsOfItsOwnInEveryLanguage(t *testing.T) {
	t.Parallel()
	all := slices.Clone(byScript)
	for state := range visits() {
		all = append(all, state)
	}
	for state := range refusals() {
		if !slices.Contains(all, state) {
			all = append(all, state)
		}
	}
	for _, one := range texts {
		assert.Len(t, one.States, len(all), "%s: a state that is never reached, or that the tests do not know", one.Lang)
		leads := map[string]string{}
		for _, state := range all {
			words := one.States[state]
			assert.NotEmpty(t, words.Title, "%s %s", one.Lang, state)
			assert.NotEmpty(t, words.Lead, "%s %s", one.Lang, state)
			assert.Empty(t, leads[words.Lead], "%s: %s says what %s says", one.Lang, state, leads[words.Lead])
			leads[words.Lead] = state
		}
	}
}

func TestEveryStateIsShown(t *testing.T) {
	t.Parallel()
	for _, one := range texts {
		show := func(state string, w waitroom.Wait, leadsOn bool) {
			w.Room = "arena"
			_, body := render(t, w, "/shows/arena/seats", "Accept-Language", one.Lang)
			shown := withoutScript(body)
			has(t, shown, `data-state="`+state+`"`)
			has(t, shown, one.States[state].Title, state)
			has(t, shown, one.States[state].Lead, state)
			assert.Equal(t, leadsOn, strings.Contains(shown, `http-equiv="refresh"`), "%s: without script it leads on by itself", state)
			has(t, shown, `<noscript>`)
			has(t, shown, `<a href="/shows/arena/seats">`+one.Look, "and by hand")
		}
		for state, visit := range visits() {
			show(state, waitroom.Wait{Visit: visit}, true)
		}
		for state, w := range refusals() {
			show(state, w, state != stateCode && state != stateProof)
		}
	}
}

func TestRetriesAreBounded(t *testing.T) {
	t.Parallel()
	_, again := stateWithout(waitroom.Wait{Fault: waitroom.ErrRoomClosed, OpensIn: 5 * time.Second})
	assert.Equal(t, 5*time.Second, again, "the doors are about to open")
	_, again = stateWithout(waitroom.Wait{Fault: waitroom.ErrRoomClosed, OpensIn: time.Hour})
	assert.Equal(t, retryClosed, again)
	_, again = stateWithout(waitroom.Wait{Fault: waitroom.ErrRoomFull.After(time.Minute)})
	assert.Equal(t, time.Minute, again)
	_, again = stateWithout(waitroom.Wait{Fault: waitroom.ErrRoomLost.After(0)})
	assert.Equal(t, refreshMin, again)
}

func TestAPlaceThatWasReplacedIsExplained(t *testing.T) {
	t.Parallel()
	for why, want := range map[string]string{
		"ticket-expired": "your earlier place has expired", "ticket-superseded": "The line was started anew", "ticket-passed": "Your earlier visit is over",
		"ticket-moved": "on another device", "ticket-invalid": "could not be confirmed",
	} {
		w := waitingPlace()
		w.Visit.Replaced = why
		_, body := render(t, w, "/x", "Accept-Language", "en")
		has(t, withoutScript(body), want)
	}
	for _, one := range texts {
		for why := range english.Replaced {
			assert.NotEmpty(t, one.Replaced[why], "%s %q", one.Lang, why)
		}
	}
}

func TestWaitInWords(t *testing.T) {
	t.Parallel()
	for want, r := range map[string]*waitroom.Range{
		"less than a minute": {Low: 1, High: 30}, "about 4 min": {Low: 240, High: 240}, "3–7 hours": {Low: 3 * 3600, High: 7 * 3600}, "90–200 min": {Low: 90 * 60, High: 200 * 60}, "not known just now": nil,
	} {
		assert.Equal(t, want, (&english).wait(r))
	}
	for want, span := range map[string]time.Duration{
		"0:00": -time.Second, "0:01": time.Millisecond, "0:59": 59 * time.Second, "1:00": 59*time.Second + time.Millisecond, "59:59": time.Hour - time.Second, "1:00:00": time.Hour, "3 d 00:00:01": 72*time.Hour + time.Second,
	} {
		assert.Equal(t, want, (&english).left(span))
	}
}
