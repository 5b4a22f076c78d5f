package page

import (
	"strconv"
	"strings"
	"time"

	"anteroom/waitroom"
)

// text is what the page says in one language. Fields that JavaScript needs as well have JSON names; {n}, {a} and {b} stand for figures.
type text struct {
	Lang string `json:"lang"`
	Name string `json:"-"` // of the language, in itself

	States map[string]said `json:"states"`

	Skip      string `json:"-"`
	Ahead     string `json:"-"`
	Number    string `json:"-"`
	Wait      string `json:"-"`
	Drawn     string `json:"-"` // the position that the draw gave
	Proof     string `json:"-"` // a link to the draw's document
	Opens     string `json:"-"`
	OpensIn   string `json:"opensIn"`
	ClaimIn   string `json:"claimIn"` // how long the turn can be taken
	Days      string `json:"days"`    // {n}
	Progress  string `json:"-"`
	Message   string `json:"message"`
	Kept      string `json:"-"`
	Receipt   string `json:"-"`
	Leave     string `json:"-"`
	LeaveSure string `json:"leaveSure"`
	Enter     string `json:"enter"` // when it is the visitor's turn
	Again     string `json:"again"` // to take a new place
	Look      string `json:"-"`     // to load the page again, by hand
	Home      string `json:"-"`
	NoScript  string `json:"-"` // {n}
	Languages string `json:"-"`
	Post      string `json:"-"`

	Tell      string `json:"-"` // to be told of one's turn
	TellSound string `json:"tellSound"`
	TellBoth  string `json:"tellBoth"`

	Code       string `json:"-"` // of a presale
	CodeSend   string `json:"-"`
	CodeWrong  string `json:"codeWrong"`
	CodeScript string `json:"-"` // without script there is no way to enter one

	Move     string `json:"-"`
	MoveHow  string `json:"moveHow"`
	MoveFail string `json:"moveFail"`
	MoveCode string `json:"-"` // what the QR code of the link is

	WaitUnknown string `json:"waitUnknown"`
	WaitSoon    string `json:"waitSoon"`
	Minutes     string `json:"minutes"`   // {a}
	MinutesTo   string `json:"minutesTo"` // {a}, {b}
	HoursTo     string `json:"hoursTo"`   // {a}, {b}
	Announce    string `json:"announce"`  // {n}

	// Replaced explains, by the type of the error, why an earlier place no longer counts.
	Replaced map[string]string `json:"-"`
}

// said is a state's own words.
type said struct {
	Title string `json:"title"`
	Lead  string `json:"lead"`
}

// texts are the languages, the default first.
var texts = []text{korean, english, japanese}

// branded puts a host's own words in the place of ours, for who waits.
func (t *text) branded(b waitroom.BrandTexts) *text {
	own := map[string]waitroom.BrandText{"ko": b.Ko, "en": b.En, "ja": b.Ja}[t.Lang]
	if own == (waitroom.BrandText{}) {
		return t
	}
	c := *t
	c.States = make(map[string]said, len(t.States))
	for state, words := range t.States {
		c.States[state] = words
	}
	words := c.States[stateWaiting]
	if own.Title != "" {
		words.Title = own.Title
	}
	if own.Lead != "" {
		words.Lead = own.Lead
	}
	c.States[stateWaiting] = words
	return &c
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

// left puts a span that runs down into figures, rounded up to seconds; page.js does the same.
func (t *text) left(span time.Duration) string {
	seconds := int64(max(span+time.Second-1, 0) / time.Second)
	two := func(n int64) string { return strconv.FormatInt(100+n, 10)[1:] }
	days, hours, minutes := seconds/86400, seconds/3600%24, seconds/60%60
	switch {
	case days > 0:
		return strings.ReplaceAll(t.Days, "{n}", strconv.FormatInt(days, 10)) + " " + two(hours) + ":" + two(minutes) + ":" + two(seconds%60)
	case hours > 0:
		return strconv.FormatInt(hours, 10) + ":" + two(minutes) + ":" + two(seconds%60)
	default:
		return strconv.FormatInt(minutes, 10) + ":" + two(seconds%60)
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
