package visit

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sort"
	"time"

	"anteroom/loadtest/journal"
	"anteroom/loadtest/profile"
	"anteroom/loadtest/schedule"
	"anteroom/loadtest/token"
)

// hostile is what the visitors know who try to reach booking without having been admitted. It is all that an outsider can know: passes
// that were given back, one for another room, one that has run out, the published keys, and many ways to spell a path.
type hostile struct {
	*crowd
	forged  []token.Forgery
	foreign string // a genuine pass of another room; empty when there was none to be had
	expired string // a genuine pass whose time is over from expires on
	expires time.Time
	buyer   string  // a genuine buyer session, so that nothing but the pass is missing
	seats   []int64 // that nobody else asks for
}

// firstHostile keeps the numbers of hostile visitors apart from those of the crowd.
const firstHostile = 10_000_000

// gangs is how many tries are under way at once.
const gangs = 8

// near is so few people ahead that a gang's ticket would soon let it through by right.
const near = 40

// gang makes every gangs-th try, one after the other, with the ticket of an accomplice who waits far back in the line. Tries are
// chosen one at a time, because some passes become worthless only during the surge. It needs no lock: one request at a time.
type gang struct {
	*hostile
	id         int
	rand       *rand.Rand
	accomplice *visitor
	from       time.Time
	every      time.Duration // between two tries of all gangs together
}

// accomplice is what an accomplice is: somebody with no habits.
var accomplice = profile.Kind{Name: "accomplice", Do: profile.DoWait, Seats: 2}

// start lets the gangs join at the time given; from then on they try.
func (h *hostile) start(due time.Time) {
	for id := range min(gangs, h.profile.Hostile) {
		g := &gang{hostile: h, id: id, rand: rand.New(rand.NewPCG(h.o.Seed, firstHostile+uint64(id)))} // repeatable, no secret
		g.join(id, due)
	}
}

// join gets a ticket at the back of the line for try n and those after it. When nobody waits any more the gang gives up: it would be
// let through by right, and the tries that are missing show in the verdict.
func (g *gang) join(n int, due time.Time) {
	v := &visitor{crowd: g.crowd, id: firstHostile + g.profile.Hostile + n, kind: &accomplice, home: n % len(g.gateways), rand: g.rand}
	v.ask(journal.Join, v.home, due, http.MethodPost, v.path("/join"), nil, func(r *journal.Record, a schedule.Answer) {
		if r.Lost() || r.Status >= 500 {
			g.join(n, a.Answered.Add(300*time.Millisecond)) // the number of the place that may be lost is nobody's
			return
		}
		if !v.learn(r, a) || v.place.Ahead < near {
			return
		}
		g.accomplice = v
		v.ticket = v.place.Ticket
		if g.from.IsZero() { // the tries are spread over about two thirds of what the line needs at its full rate
			line := time.Duration(v.place.Ahead) * time.Minute / time.Duration(max(g.policy.RatePerMinute, 1))
			g.from, g.every = a.Answered, line*2/3/time.Duration(g.profile.Hostile)
		}
		g.try(n)
	})
}

func (g *gang) try(n int) {
	if n >= g.profile.Hostile {
		return
	}
	due := g.from.Add(time.Duration(n) * g.every)
	g.send(g.request(n, due), func(r *journal.Record, a schedule.Answer) {
		r.Reached = !r.Lost() && reachedBooking(a)
		g.admittedMeanwhile(r, a)
		if ahead, ok := stillWaiting(a); ok && ahead < near {
			g.join(n+gangs, a.Answered)
			return
		}
		g.try(n + gangs)
	})
}

// stillWaiting reads from an answer of the gate how many people are ahead; not every answer says.
func stillWaiting(a schedule.Answer) (ahead int64, ok bool) {
	var told struct {
		Ahead    *int64 `json:"ahead"`
		Waitroom struct {
			Ahead *int64 `json:"ahead"`
		} `json:"waitroom"`
	}
	if json.Unmarshal(a.Body, &told) != nil {
		return 0, false
	}
	for _, p := range []*int64{told.Ahead, told.Waitroom.Ahead} {
		if p != nil {
			return *p, true
		}
	}
	return 0, false
}

// admittedMeanwhile notes a try whose visitor the line itself has admitted in the same request. That is no leak, but an admission:
// it is in the journal with its number and time, and judged with all others for order and limits.
func (c *crowd) admittedMeanwhile(r *journal.Record, a schedule.Answer) {
	pass := setCookie(a.Header, "wp_"+c.profile.Show)
	if pass == "" {
		return
	}
	claims, err := token.Decode(pass)
	if err != nil {
		return
	}
	r.Number, r.Epoch, r.AdmittedMS, r.State = claims.Number, claims.Epoch, claims.AdmittedMS, "admitted"
	c.keep(held{token.PassType, pass, claims.Epoch, claims.Number})
}

func (g *gang) request(n int, due time.Time) request {
	kind, pass := g.pass(n)
	header := http.Header{"Accept": {"application/json"}}
	cookies := "an_buyer=" + g.buyer
	if kind != "no pass, no ticket" {
		cookies += "; wr_" + g.profile.Show + "=" + g.accomplice.ticket
	}
	switch {
	case pass == "":
	case n/2%2 == 0:
		header.Set("Waitroom-Pass", pass)
	default:
		cookies += "; wp_" + g.profile.Show + "=" + pass
	}
	header.Set("Cookie", cookies)
	base := "/api/v1/shows/" + g.profile.Show
	q := request{
		visitor: firstHostile + n, action: journal.Probe, gateway: n % len(g.gateways), due: due,
		method: http.MethodGet, header: header, record: journal.Record{Try: kind},
	}
	switch n % 3 {
	case 0: // a hold has an effect that can be seen afterwards, whatever the answer says
		q.method, q.path, q.body = http.MethodPost, g.spell(base, "/holds"), map[string][]int64{"seat_ids": {g.canarySeat(n)}}
	case 1:
		q.path = g.spell(base, "/seats")
	default:
		q.path = g.spell(base, "/seats/state")
	}
	return q
}

// pass chooses what to try with: of those that are worthless by now.
func (h *hostile) pass(n int) (kind, pass string) {
	switch n / 3 % 10 {
	case 0:
		if n%4 == 0 {
			return "no pass, no ticket", ""
		}
		return "a ticket, no pass", ""
	case 1, 2:
		if h.foreign != "" {
			return "genuine, of another room", h.foreign
		}
	case 3, 4, 5:
		if pass := h.spent(n); pass != "" {
			return "genuine, given back", pass
		}
	case 6, 7:
		if h.expired != "" && time.Now().After(h.expires.Add(time.Second)) {
			return "genuine, run out", h.expired
		}
	}
	f := h.forged[n%len(h.forged)]
	return f.Kind, f.Token
}

// canarySeat is one of the seats that nobody else asks for.
func (h *hostile) canarySeat(n int) int64 {
	if len(h.seats) == 0 {
		return 1 // there is none to be told apart: the answer has to do
	}
	return h.seats[n%len(h.seats)]
}

// spell writes a path, sometimes in a way that a careless gate and a careful server might read differently.
func (g *gang) spell(base, rest string) string {
	other := "/api/v1/shows/" + g.profile.OtherShow
	switch g.rand.IntN(20) {
	case 0:
		return "/" + base + rest
	case 1:
		return other + "/../" + g.profile.Show + rest
	case 2:
		return other + "/%2e%2e/" + g.profile.Show + rest
	case 3:
		return "/api/v1/./shows/" + g.profile.Show + rest
	case 4:
		return fmt.Sprintf("/api/v1/shows/%%%02x%s%s", g.profile.Show[0], g.profile.Show[1:], rest)
	case 5:
		return base + rest + "?show=" + g.profile.OtherShow
	case 6:
		return "/api/v1//shows/" + g.profile.Show + rest
	case 7:
		return base + rest + "/"
	default:
		return base + rest
	}
}

// spent is a pass that was given back.
type spent struct {
	pass string
	at   time.Time
	look int64 // how many looks at the room had been answered by then
}

// A pass may still open a gateway for a while after it was given back at another: the promise says one second. That time is nothing where nobody ran in
// it, on a machine that was stopped or did something else: looks at the room, one a second, must have been answered as well. The first of them may
// have been on its way already, the second comes at once where it is overdue.
const (
	revocation      = 1500 * time.Millisecond
	revocationLooks = 3
)

// mostSpent bounds how many of them are remembered.
const mostSpent = 2000

// giveBack remembers a pass that was given back.
func (c *crowd) giveBack(pass string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.profile.Hostile > 0 && len(c.released) < mostSpent {
		c.released = append(c.released, spent{pass, time.Now(), c.looks.Load()})
	}
}

// spent returns a pass that must be worthless by now because it was given back; nothing when there is none yet.
func (c *crowd) spent(n int) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	old := sort.Search(len(c.released), func(i int) bool {
		return time.Since(c.released[i].at) < revocation || c.looks.Load() < c.released[i].look+revocationLooks
	})
	if old == 0 {
		return ""
	}
	return c.released[n%old].pass
}
