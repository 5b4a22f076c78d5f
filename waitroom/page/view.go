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
	Languages []language
	Self      string

	State    string
	Room     string
	Title    string
	Lead     string
	Replaced string
	Message  string
	Over     bool // only a new place helps
	Visit    *waitroom.Visit
	Ahead    string
	Number   string
	Wait     string
	Opens    string // before the opening: when, in the event's time zone
	OpensAt  string // the same for machines
	Progress int    // of 1000
	Door     door
	Receipt  string

	Refresh     int // seconds; for browsers without JavaScript
	RefreshText string
	Script      script
}

type language struct {
	Lang, Name, Href string
	Current          bool
}

// script is what the page's JavaScript starts with.
type script struct {
	T         *text           `json:"t"`
	Visit     *waitroom.Visit `json:"visit"`
	StatusURL string          `json:"statusURL"`
	TicketURL string          `json:"ticketURL"`
	Self      string          `json:"self"`
	RetryMS   int64           `json:"retryMS"`
	Through   bool            `json:"through"` // the room stays open while its line is down: try to go in then
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

const (
	refreshMin  = 3 * time.Second
	retryClosed = 15 * time.Second
	retryEnded  = time.Minute // it is seldom that a line goes on

	stateEnded = "ended"
)

func viewOf(t *text, w waitroom.Wait, nonce string, ctx *fasthttp.RequestCtx) view {
	v := view{
		T: t, Nonce: nonce, Style: template.CSS(cssSource), Code: template.JS(jsSource), //nolint:gosec // Our own files, embedded.
		Room: w.Room, Self: selfOf(ctx),
	}
	for _, other := range texts {
		v.Languages = append(v.Languages, language{Lang: other.Lang, Name: other.Name, Href: withLang(v.Self, other.Lang), Current: other.Lang == t.Lang})
	}
	retry := v.place(w)
	v.Refresh = int(math.Ceil(max(retry, refreshMin).Seconds()))
	v.RefreshText = strings.ReplaceAll(t.NoScript, "{n}", strconv.Itoa(v.Refresh))
	base := "/waitroom/v1/" + w.Room
	v.Receipt = base + "/receipt"
	v.Script = script{T: t, Visit: bare(w.Visit), StatusURL: base + "/status", TicketURL: base + "/ticket", Self: v.Self, RetryMS: retry.Milliseconds()}
	v.Script.Through = w.Visit != nil && w.Visit.OnOutage == waitroom.OutageOpen
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
func (v *view) place(w waitroom.Wait) time.Duration {
	t := v.T
	if w.Visit == nil {
		return v.none(w)
	}
	visit := w.Visit
	v.Visit, v.State, v.Message = visit, string(visit.State), visit.Message
	v.Ahead, v.Number, v.Wait = grouped(visit.Ahead), grouped(visit.Number), t.wait(visit.ETA)
	progress := 1 - float64(visit.Ahead)/float64(max(visit.Number-1, visit.Ahead, 1))
	v.Progress, v.Door = int(math.Round(progress*1000)), doorAt(progress)
	if visit.Replaced != "" {
		v.Replaced = t.replaced(visit.Replaced)
	}
	switch {
	case visit.Ended == waitroom.SoldOut:
		v.State, v.Title, v.Lead = stateEnded, t.TitleSold, t.LeadSold
	case visit.Ended != "":
		v.State, v.Title, v.Lead = stateEnded, t.TitleEnded, t.LeadEnded
	case visit.State == waitroom.Prequeue:
		v.Title, v.Lead = t.TitleSoon, t.LeadSoon
		v.Progress, v.Door = 0, doorAt(0)
		if at := visit.OpensAt; at != nil {
			v.Opens, v.OpensAt = at.Format("2006-01-02 15:04")+" ("+at.Location().String()+")", at.Format(time.RFC3339)
		}
	case visit.State == waitroom.Closed:
		v.Title, v.Lead = t.TitleClosed, t.LeadClosed
	case visit.ETA == nil:
		v.Title, v.Lead = t.TitlePaused, t.LeadPaused
	default:
		v.Title, v.Lead = t.TitleWaiting, t.LeadWaiting
	}
	return time.Duration(visit.PollAfterMS) * time.Millisecond
}

// none is for who has no place to show.
func (v *view) none(w waitroom.Wait) time.Duration {
	t := v.T
	v.Door = doorAt(0)
	switch w.Fault.Type {
	case waitroom.ErrRoomClosed.Type:
		v.State, v.Title, v.Lead = "closed", t.TitleClosed, t.LeadClosed
		return retryClosed
	case waitroom.ErrRoomSoldOut.Type:
		v.State, v.Title, v.Lead = stateEnded, t.TitleSold, t.LeadSold
		return retryEnded
	case waitroom.ErrRoomFull.Type:
		v.State, v.Title, v.Lead = "full", t.TitleFull, t.LeadFull
		return max(w.Fault.RetryAfter, refreshMin)
	}
	v.State, v.Title, v.Lead = "down", t.TitleDown, t.LeadDownNew
	switch {
	case w.Fault.Type == waitroom.ErrRoomLost.Type:
		v.Lead = t.LeadLost
	case w.Kept:
		v.Lead = t.LeadDown
	}
	return max(w.Fault.RetryAfter, refreshMin)
}

func (t *text) replaced(why string) string {
	if said, ok := t.Replaced[why]; ok {
		return said
	}
	return t.Replaced[""]
}

// wait puts a range into words; page.js does the same.
func (t *text) wait(eta *waitroom.Range) string {
	if eta == nil {
		return t.WaitUnknown
	}
	low, high := eta.Low/60, (eta.High+59)/60
	fill := func(s string, a, b int64) string {
		return strings.NewReplacer("{a}", strconv.FormatInt(a, 10), "{b}", strconv.FormatInt(b, 10)).Replace(s)
	}
	switch {
	case high <= 1:
		return t.WaitSoon
	case low == high:
		return fill(t.Minutes, low, high)
	case low >= 120:
		return fill(t.HoursTo, low/60, (high+59)/60)
	default:
		return fill(t.MinutesTo, low, high)
	}
}

// grouped writes a number with a comma every three digits, as all our languages do.
func grouped(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func withLang(self, lang string) string {
	if strings.Contains(self, "?") {
		return self + "&lang=" + lang
	}
	return self + "?lang=" + lang
}
