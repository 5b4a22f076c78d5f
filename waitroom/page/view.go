package page

import (
	"fmt"
	"html/template"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/valyala/fasthttp"

	"anteroom/waitroom"
)

// view is what the template shows.
type view struct {
	T         *text
	Nonce     string
	Style     template.CSS
	Code      template.JS
	Dress     dress
	Day       string // the page's colour
	Night     string
	Languages []language
	Self      string
	Back      string // the same, where it is a path of this host

	State    string
	Room     string
	Said     said
	Replaced string
	Message  string
	Visit    *waitroom.Visit
	Ahead    string
	Number   string
	Wait     string
	Drawn    string
	Opens    string // when, in the event's time zone
	OpensAt  string // the same for machines
	Left     string // until then
	Progress int    // of 1000
	Door     door
	Base     string // of the visitor's calls

	Refresh     int // seconds, for browsers without JavaScript; 0: nothing is gained by looking again
	RefreshText string
	Script      script
}

type language struct {
	Lang, Name, Href string
	Current          bool
}

// script is what the page's JavaScript starts with.
type script struct {
	T       *text           `json:"t"`
	State   string          `json:"state"`
	Visit   *waitroom.Visit `json:"visit"`
	Name    string          `json:"name"` // behind the title
	Base    string          `json:"base"`
	Self    string          `json:"self"`
	RetryMS int64           `json:"retryMS"`
	LeftMS  int64           `json:"leftMS"`  // until the room gives places, where it does not yet
	Brand   string          `json:"brand"`   // see waitroom.Brand.Version
	Through bool            `json:"through"` // the room stays open while its line is down: try to go in then
}

// door is the picture: it opens as the turn comes nearer.
type door struct{ Leaf, Floor string }

func doorAt(progress float64) door {
	d := door{Leaf: fmt.Sprintf("translate(50 0) skewY(%.1f) scale(%.3f 1) translate(-50 0)", -7*progress, 1-0.72*progress)}
	if progress > 0.03 { // a narrower gap would look like a flaw
		edge := 190 - 140*0.72*progress
		d.Floor = fmt.Sprintf("M%.0f 275H190L%.0f 330H%.0fz", edge, 205+15*progress, edge-30*progress)
	}
	return d
}

func viewOf(t *text, w waitroom.Wait, nonce string, ctx *fasthttp.RequestCtx) view {
	t = t.branded(w.Brand.Texts)
	v := view{T: t, Nonce: nonce, Dress: dressFor(w.Brand), Room: w.Room, Self: w.Return, Message: w.Message, Base: "/waitroom/v1/" + w.Room}
	paint := v.Dress.paint
	v.Day, v.Night = paint.day.page.String(), paint.night.page.String()
	v.Style = template.CSS(paint.css() + ruleSource) //nolint:gosec // Our own file, and colours that were parsed.
	v.Code = template.JS(jsSource)                   //nolint:gosec // Our own file, embedded.
	here := selfOf(ctx)
	switch {
	case strings.HasPrefix(v.Self, "https://"), strings.HasPrefix(v.Self, "http://"):
	case strings.HasPrefix(v.Self, "/"):
		v.Back = v.Self
	default: // nothing else is an address of a page; script would run what is script
		v.Self, v.Back = here, here
	}
	for _, other := range texts {
		v.Languages = append(v.Languages, language{Lang: other.Lang, Name: other.Name, Href: withLang(here, other.Lang), Current: other.Lang == t.Lang})
	}
	var again time.Duration
	if w.Visit != nil {
		again = v.place(w.Visit)
	} else {
		v.State, again = stateWithout(w)
		v.opening(w.OpensAt, w.OpensIn)
		v.Door = doorAt(0)
	}
	v.guarded()
	v.Said = t.States[v.State]
	if again > 0 {
		v.Refresh = int(math.Ceil(max(again, refreshMin).Seconds()))
		if v.Replaced != "" { // it is said once, and must be read
			v.Refresh = max(v.Refresh, int(refreshRead.Seconds()))
		}
		v.RefreshText = strings.ReplaceAll(t.NoScript, "{n}", strconv.Itoa(v.Refresh))
	}
	v.Script = script{
		T: t, State: v.State, Visit: bare(w.Visit), Name: v.Dress.Name, Base: v.Base, Self: v.Self, Brand: w.Brand.Version(),
		RetryMS: again.Milliseconds(), LeftMS: w.OpensIn.Milliseconds(), Through: w.Visit != nil && w.Visit.OnOutage == waitroom.OutageOpen,
	}
	return v
}

// bare leaves out the tokens: they travel in cookies that no script can read.
func bare(visit *waitroom.Visit) *waitroom.Visit {
	if visit == nil {
		return nil
	}
	c := *visit
	c.Ticket, c.Pass = "", ""
	return &c
}

// place fills in where the visitor stands and returns when to look again.
func (v *view) place(visit *waitroom.Visit) time.Duration {
	v.Visit, v.State, v.Message = visit, stateOf(visit), visit.Message
	v.Ahead, v.Number, v.Wait = grouped(visit.Ahead), grouped(visit.Number), v.T.wait(visit.ETA)
	if visit.Replaced != "" {
		v.Replaced = v.T.replaced(visit.Replaced)
	}
	if visit.DrawnPosition > 0 {
		v.Drawn = grouped(visit.DrawnPosition)
	}
	progress := progressOf(v.State, visit)
	v.Progress, v.Door = int(math.Round(progress*1000)), doorAt(progress)
	if at := visit.OpensAt; at != nil {
		v.opening(*at, time.Duration(visit.OpensInMS)*time.Millisecond)
	}
	if visit.Ended != "" {
		return retryEnded
	}
	return time.Duration(visit.PollAfterMS) * time.Millisecond
}

// progressOf is how far the line has come towards the visitor, 0 to 1; page.js does the same.
func progressOf(state string, visit *waitroom.Visit) float64 {
	switch state {
	case stateTurn:
		return 1
	case statePrequeue, stateGather, stateDrawing:
		return 0
	}
	began := visit.Number - 1
	if visit.DrawnPosition > 0 {
		began = visit.DrawnPosition - 1
	}
	return 1 - float64(visit.Ahead)/float64(max(began, visit.Ahead, 1))
}

// opening tells when the doors open.
func (v *view) opening(at time.Time, left time.Duration) {
	if at.IsZero() {
		return
	}
	v.Opens, v.OpensAt = at.Format("2006-01-02 15:04")+" ("+at.Location().String()+")", at.Format(time.RFC3339)
	if left > 0 {
		v.Left = v.T.left(left)
	}
}

func withLang(self, lang string) string {
	if strings.Contains(self, "?") {
		return self + "&lang=" + lang
	}
	return self + "?lang=" + lang
}
