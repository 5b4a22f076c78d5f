package redisqueue_test

import (
	"time"

	"anteroom/waitroom"
)

// model is the line as plain Go, slow and obvious: what the scripts must do, told a second time. Times are ms.
type model struct {
	now, epoch, version int64
	policy              waitroom.Policy
	visitors            []visitor // the one with number n is at n-1
	admissions          []int64   // when, one entry a visitor
	credit, creditedAt  int64
	tickedAt, resumedAt int64
	serving             int64
}

type visitor struct {
	at                  where
	heard               int64 // last, while waiting or active
	gone                int64 // when dropped
	started, expires    int64
	ended, revokedUntil int64
}

type where int

const (
	inLine where = iota
	dropped
	active
	over // had a session
	out  // left, or was dropped for too long
)

func (m *model) count(at where) (n int64) {
	for _, v := range m.visitors {
		if v.at == at {
			n++
		}
	}
	return n
}

func (m *model) ahead(number int64) (n int64) {
	for _, v := range m.visitors[:number-1] {
		if v.at == inLine {
			n++
		}
	}
	return n
}

func (m *model) lastMinute() (n int64) {
	for _, at := range m.admissions {
		if at > m.now-60_000 {
			n++
		}
	}
	return n
}

func (m *model) allowed() int64 {
	rate := m.policy.RatePerMinute
	free := max(0, rate-m.lastMinute())
	burst := min(max(1, rate/60), max(1, free))
	elapsed := min(m.now-m.creditedAt, 60_000)
	m.credit = min(m.credit+elapsed*rate, burst*60_000+min(elapsed, 250)*rate)
	m.creditedAt = m.now
	return max(0, min(m.credit/60_000, burst, free, m.policy.MaxActive-m.count(active)))
}

func (m *model) admit(number int64) {
	v := &m.visitors[number-1]
	v.at, v.heard, v.started, v.expires = active, m.now, m.now, m.now+m.policy.SessionLimitSeconds*1000
	m.admissions = append(m.admissions, m.now)
	m.credit -= 60_000
	m.serving = max(m.serving, number)
}

func (m *model) join() (waitroom.Place, error) {
	if m.policy.Mode == waitroom.ModeDraining || m.policy.Mode == waitroom.ModeClosed {
		return waitroom.Place{}, waitroom.ErrRoomClosed
	}
	number := int64(len(m.visitors) + 1)
	ahead := m.count(inLine)
	m.visitors = append(m.visitors, visitor{heard: m.now})
	if m.policy.Mode == waitroom.ModeOpen && ahead == 0 {
		credit, creditedAt := m.credit, m.creditedAt
		if m.allowed() > 0 {
			m.admit(number)
		} else {
			m.credit, m.creditedAt = credit, creditedAt
		}
	}
	p := m.place(number)
	p.JoinedAt = moment(m.now)
	return p, nil
}

func (m *model) status(number int64) waitroom.Place {
	v := &m.visitors[number-1]
	switch {
	case v.at == active && m.now < v.expires, v.at == inLine:
		v.heard = m.now
	case v.at == dropped && v.gone >= m.now-m.policy.ReturnGraceSeconds*1000:
		v.at, v.heard = inLine, m.now
	}
	return m.place(number)
}

func (m *model) place(number int64) waitroom.Place {
	v := m.visitors[number-1]
	p := waitroom.Place{Room: "arena", Epoch: m.epoch, Number: number}
	switch v.at {
	case inLine:
		if p.State = waitroom.Closed; m.policy.Mode != waitroom.ModeClosed {
			p.State, p.Ahead = waitroom.Waiting, m.ahead(number)
		}
	case active:
		if p.State = waitroom.Passed; m.now < v.expires {
			p.State, p.AdmittedAt, p.ExpiresAt = waitroom.Admitted, moment(v.started), moment(v.expires)
		}
	case over:
		p.State = waitroom.Passed
	default:
		p.State = waitroom.Expired
	}
	return p
}

func (m *model) leave(number int64) {
	if v := &m.visitors[number-1]; v.at == inLine || v.at == dropped {
		v.at = out
	}
}

func (m *model) release(number int64) {
	if v := &m.visitors[number-1]; v.at == active {
		v.at, v.ended, v.revokedUntil = over, m.now, max(v.expires, m.now)+60_000
	}
}

func (m *model) touch(numbers []int64) {
	for _, number := range numbers {
		if v := &m.visitors[number-1]; v.at == active {
			v.heard = m.now
		}
	}
}

func (m *model) tick(since int64) (waitroom.Snapshot, []int64) {
	if m.now-m.tickedAt > 5000 {
		m.resumedAt = m.now
	}
	m.tickedAt = m.now
	silence := func(v visitor) int64 { return m.now - max(v.heard, m.resumedAt) }
	for i, v := range m.visitors {
		switch {
		case v.at == active && (v.expires <= m.now || m.now-v.started >= m.policy.SessionLimitSeconds*1000 ||
			silence(v) >= m.policy.SessionIdleSeconds*1000):
			m.release(int64(i + 1))
		case v.at == inLine && silence(v) > m.policy.GhostSeconds*1000:
			m.visitors[i].at, m.visitors[i].gone = dropped, m.now
		case v.at == dropped && m.now-v.gone > m.policy.ReturnGraceSeconds*1000:
			m.visitors[i].at = out
		}
	}
	allowed := m.allowed()
	if m.policy.Mode != waitroom.ModeHold && m.policy.Mode != waitroom.ModeClosed {
		for i := range m.visitors {
			if m.visitors[i].at == inLine && allowed > 0 {
				allowed--
				m.admit(int64(i + 1))
			}
		}
	}
	revoked := []int64{}
	for i, v := range m.visitors {
		if v.at == over && v.ended >= since && v.revokedUntil > m.now {
			revoked = append(revoked, int64(i+1))
		}
	}
	return m.snapshot(), revoked
}

func (m *model) snapshot() waitroom.Snapshot {
	return waitroom.Snapshot{
		Room: "arena", Version: m.version, Policy: m.policy, Epoch: m.epoch, Issued: int64(len(m.visitors)), Serving: m.serving,
		Waiting: m.count(inLine), Active: m.count(active),
		AdmittedTotal: int64(len(m.admissions)), AdmittedLastMinute: m.lastMinute(), AsOf: moment(m.now),
	}
}

func moment(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
