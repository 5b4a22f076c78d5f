package proxy

import (
	"bytes"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/valyala/fasthttp"

	"anteroom/internal/auth"
	"anteroom/internal/endpoint"
	"anteroom/internal/fault"
	"anteroom/waitroom"
)

// LinkParameter is the query parameter that makes a URL a bypass link.
const LinkParameter = "waitroom_bypass"

// HeaderStaff carries a staff token that goes past the gate, where the route says so.
const HeaderStaff = "Waitroom-Staff"

// What let a request past the gate.
const (
	byRule  = "rule"
	byStaff = "staff"
	byLink  = "link"
)

// leave is how a request goes past the gate.
type leave struct {
	by     string
	cookie string // to set; empty: none
	life   time.Duration
}

// bypass decides whether a gated request goes past the gate. What is not good is as if it were not there: its sender stands in line like
// everybody else. A link's parameter is taken out of the query in any case, so that neither the upstream nor its logs ever have it.
func (f *Front) bypass(ctx *fasthttp.RequestCtx, p *passage, path []byte) (leave, bool) {
	var link []byte
	if p.Links {
		link = takeLink(ctx)
	}
	if p.Bypass {
		return leave{by: byRule}, true
	}
	if p.Staff && f.isStaff(ctx, p) {
		return leave{by: byStaff}, true
	}
	if p.Links && p.LinkKeys != nil {
		return f.byLink(ctx, p, path, link)
	}
	return leave{}, false
}

// isStaff reports whether a member of staff asks. Whoever may see rooms may look at what is behind them.
func (f *Front) isStaff(ctx *fasthttp.RequestCtx, p *passage) bool {
	token := ctx.Request.Header.Peek(HeaderStaff)
	if f.Staff == nil || len(token) == 0 {
		return false
	}
	staff, err := f.Staff.Verify(token, time.Now())
	if err == nil {
		err = auth.RequirePermission(staff, auth.RoomRead)
	}
	if err != nil {
		f.Seen.Refused(string(p.Room), fault.From(err).Type)
		return false
	}
	return true
}

// byLink looks at the cookie that an earlier link left, and then at the link itself.
func (f *Front) byLink(ctx *fasthttp.RequestCtx, p *passage, path, link []byte) (leave, bool) {
	room, host, now := string(p.Room), LinkHost(string(p.host)), time.Now()
	tried := 0
	for key, value := range endpoint.Cookies(ctx) {
		if tried == waitroom.MaxTokens || !f.Gate.isCookie(key, waitroom.BypassCookie, room) {
			continue
		}
		tried++
		if _, err := p.LinkKeys.Cookie(string(value), room, host, now); err == nil {
			return leave{by: byLink}, true
		}
	}
	if len(link) == 0 {
		return leave{}, false
	}
	expires, err := p.LinkKeys.Link(string(link), room, host, string(path), now)
	if err != nil {
		f.Seen.Refused(room, fault.From(err).Type)
		return leave{}, false
	}
	life := min(p.CookieLife, expires.Sub(now))
	cookie, err := p.LinkKeys.SignCookie(auth.Bypass{Room: room, Host: host, Expires: now.Add(life)})
	if err != nil { // a defect of ours; the link itself is good
		f.Log.Error("sign bypass cookie", "err", err)
	}
	return leave{byLink, cookie, max(life, time.Second)}, true
}

// past answers someone who goes past the gate.
func (f *Front) past(ctx *fasthttp.RequestCtx, p *passage, l leave) error {
	if !p.Optional {
		if _, err := f.Gate.Rooms.Find(p.Room); errors.Is(err, waitroom.ErrRoomUnknown) {
			return err
		}
	}
	f.Seen.Bypassed(l.by)
	room := string(p.Room)
	_, err := f.serveFrom(ctx, p, f.Gate.escort(ctx, p.Room))
	if l.cookie != "" {
		endpoint.Cookie(ctx, f.Gate.Secure, waitroom.BypassCookie+room, l.cookie, l.life)
		ctx.Response.Header.Set(fasthttp.HeaderCacheControl, "no-store")
	}
	return err
}

// takeLink takes the parameter out of the query, without writing the rest of it anew: the upstream gets it as the visitor wrote it. The first
// one counts, all are taken out.
func takeLink(ctx *fasthttp.RequestCtx) (token []byte) {
	query := ctx.URI().QueryString()
	if !bytes.Contains(query, []byte(LinkParameter+"=")) {
		return nil
	}
	rest := make([]byte, 0, len(query))
	for pair := range bytes.SplitSeq(query, []byte("&")) {
		if value, is := bytes.CutPrefix(pair, []byte(LinkParameter+"=")); is {
			if token == nil {
				token = bytes.Clone(value)
			}
			continue
		}
		if len(rest) > 0 {
			rest = append(rest, '&')
		}
		rest = append(rest, pair...)
	}
	ctx.URI().SetQueryStringBytes(rest)
	return token
}

// LinkHost is a host in lower case without its port and the root's dot: what links and their cookies are good for.
func LinkHost(host string) string {
	host = strings.ToLower(host)
	if colon := strings.LastIndexByte(host, ':'); colon >= 0 && !strings.Contains(host[colon:], "]") {
		host = host[:colon]
	}
	return strings.TrimSuffix(host, ".")
}

// escorts are the passes that the gateway shows to upstreams on behalf of those who go past the gate without one. Visitors never get them.
// The zero value is ready. Safe for concurrent use.
type escorts struct {
	mu    sync.Mutex
	rooms map[string]escortPass
}

type escortPass struct {
	pass  string
	epoch int64
	until time.Time
}

// escort is the pass to show to the upstream for a request that goes past the gate: the visitor's own, if there is a good one, else one
// of the gateway's that stands for nobody's place. It is empty where there is no such room, or none is known now: the upstream may
// not want one.
func (g *Gate) escort(ctx *fasthttp.RequestCtx, name []byte) string {
	room, err := g.Rooms.Find(name)
	if err != nil {
		return ""
	}
	if held, err := g.findPass(ctx, room); err == nil {
		return held.pass.Token()
	}
	return g.escorts.pass(room, g.Keeper)
}

// pass makes one pass last for half its life.
func (e *escorts) pass(room waitroom.Room, keeper waitroom.Gatekeeper) string {
	view, now := room.View(), time.Now()
	e.mu.Lock()
	defer e.mu.Unlock()
	if kept, ok := e.rooms[view.Room]; ok && kept.epoch == view.Epoch && now.Before(kept.until) {
		return kept.pass
	}
	visit, err := keeper.Detour(room)
	if err != nil || visit.PassExpiresAt == nil {
		return "" // it could not be signed; the upstream refuses by itself
	}
	if e.rooms == nil {
		e.rooms = make(map[string]escortPass)
	}
	e.rooms[view.Room] = escortPass{visit.Pass, view.Epoch, now.Add(visit.PassExpiresAt.Sub(view.LineTime(now)) / 2)}
	return visit.Pass
}
