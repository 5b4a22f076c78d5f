package surge

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"anteroom/loadtest/journal"
	"anteroom/loadtest/schedule"
	"anteroom/loadtest/token"
)

// hostile are the visitors who try to reach booking without having been admitted. They know all that an outsider can know: passes that
// were given back, one for another room, one that has run out, the published keys, and many ways to spell a path.
type hostile struct {
	*crowd
	rand    *rand.Rand
	forged  []token.Forgery
	foreign string // a genuine pass of another room
	expired string // a genuine pass whose time is over from expires on
	expires time.Time
	ticket  string // of an accomplice who waits far back in the line
	buyer   string // a genuine buyer session, so that nothing but the pass is missing
}

// firstHostile keeps the numbers of hostile visitors apart from those of the crowd.
const firstHostile = 10_000_000

// gangs is how many tries are under way at once.
const gangs = 8

// start schedules all tries, spread over the time given. Each try is chosen when the one before it has been answered, because
// some passes become worthless only during the surge.
func (h *hostile) start(from time.Time, spread time.Duration) {
	for g := range min(gangs, h.o.Tries) {
		h.try(g, from, spread/time.Duration(h.o.Tries))
	}
}

func (h *hostile) try(n int, from time.Time, every time.Duration) {
	if n >= h.o.Tries {
		return
	}
	due := from.Add(time.Duration(n) * every)
	h.send(h.request(n, due), func(r *journal.Record, a schedule.Answer) {
		r.Reached = !r.Lost() && reachedBooking(a)
		h.admitted(r, a)
		h.try(n+gangs, from, every)
	})
}

// admitted notes a try whose visitor the line itself has admitted in the same request. That is no leak, but an admission:
// it is in the journal with its number and time, and judged with all others for order and limits.
func (h *hostile) admitted(r *journal.Record, a schedule.Answer) {
	pass := setCookie(a.Header, "wp_"+h.o.Room)
	if pass == "" {
		return
	}
	claims, err := token.Decode(pass)
	if err != nil {
		return
	}
	r.Number, r.Epoch, r.AdmittedMS, r.State = claims.Number, claims.Epoch, claims.AdmittedMS, "admitted"
	h.keep(held{token.PassType, pass, claims.Epoch, claims.Number})
}

func (h *hostile) request(n int, due time.Time) request {
	kind, pass := h.pass(n)
	header := http.Header{"Accept": {"application/json"}}
	cookies := "an_buyer=" + h.buyer
	if kind != "no pass, no ticket" {
		cookies += "; wr_" + h.o.Room + "=" + h.ticket
	}
	switch {
	case pass == "":
	case n/2%2 == 0:
		header.Set("Waitroom-Pass", pass)
	default:
		cookies += "; wp_" + h.o.Room + "=" + pass
	}
	header.Set("Cookie", cookies)
	base := "/api/v1/shows/" + h.o.Room
	q := request{
		visitor: firstHostile + n, action: journal.Probe, gateway: n % len(h.gateways), due: due,
		method: http.MethodGet, header: header, record: journal.Record{Try: kind},
	}
	switch n % 3 {
	case 0: // a hold has an effect that can be seen afterwards, whatever the answer says
		q.method, q.path, q.body = http.MethodPost, h.spell(base, "/holds"), map[string][]int64{"seat_ids": {h.canarySeat(n)}}
	case 1:
		q.path = h.spell(base, "/seats")
	default:
		q.path = h.spell(base, "/seats/state")
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
		return "genuine, of another room", h.foreign
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
	return h.canarySeats[n%len(h.canarySeats)]
}

// spell writes a path, sometimes in a way that a careless gate and a careful server might read differently.
func (h *hostile) spell(base, rest string) string {
	other := "/api/v1/shows/" + h.o.OtherRoom
	switch h.rand.IntN(20) {
	case 0:
		return "/" + base + rest
	case 1:
		return other + "/../" + h.o.Room + rest
	case 2:
		return other + "/%2e%2e/" + h.o.Room + rest
	case 3:
		return "/api/v1/./shows/" + h.o.Room + rest
	case 4:
		return fmt.Sprintf("/api/v1/shows/%%%02x%s%s", h.o.Room[0], h.o.Room[1:], rest)
	case 5:
		return base + rest + "?show=" + h.o.OtherRoom
	case 6:
		return "/api/v1//shows/" + h.o.Room + rest
	case 7:
		return base + rest + "/"
	default:
		return base + rest
	}
}
