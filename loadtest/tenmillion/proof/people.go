package proof

import (
	"cmp"
	"slices"
)

// class is what the laboratory knows of a number.
type class uint8

const (
	unknown  class = iota // nobody's
	present               // heard often enough from the join to the admission, or to the end
	doubtful              // meant to be heard, but with a gap: the line may have taken them for gone
	ghost                 // fell silent for good
	back                  // fell silent and came back
)

// line is the evidence, put together by number.
type line struct {
	*Evidence
	classes []class
	source  []bool  // by number: of a visitor over HTTP
	silent  []int64 // of the ghosts of the drill, by number / GhostEvery: when they last may have been heard
}

func gather(e *Evidence) *line {
	highest := int64(len(e.Admissions.After)) - 1
	for i := range e.Joins {
		if last := e.Joins[i].last(); last < 1<<34 {
			highest = max(highest, last)
		}
	}
	l := &line{Evidence: e, classes: make([]class, highest+2), source: make([]bool, highest+2)}
	if e.GhostEvery > 0 {
		l.silent = make([]int64, highest/e.GhostEvery+2)
	}
	heard := series(e.Hears)
	for i := range e.Joins {
		if j := &e.Joins[i]; j.Via < Real {
			l.addDrill(j, heard)
		}
	}
	for i := range e.Visitors {
		l.addVisitor(&e.Visitors[i])
	}
	return l
}

// place is one chunk of one gateway's people.
type place struct {
	via   int32
	chunk int64
}

func series(hears []Hear) map[place][]Hear {
	heard := map[place][]Hear{}
	for _, h := range hears {
		at := place{h.Via, h.Chunk}
		heard[at] = append(heard[at], h)
	}
	for _, one := range heard {
		slices.SortFunc(one, func(a, b Hear) int { return cmp.Compare(a.Sent, b.Sent) })
	}
	return heard
}

func (l *line) addDrill(j *Join, heard map[place][]Hear) {
	for n := j.First; n <= j.last() && n < int64(len(l.classes)); n++ {
		if n <= 0 {
			continue
		}
		beats := heard[place{j.Via, n / ChunkNumbers}]
		if l.GhostEvery > 0 && n%l.GhostEvery == 0 {
			l.classes[n] = ghost
			last := j.Answered
			for i := range beats {
				if beats[i].Ghosts {
					last = max(last, beats[i].Answered)
				}
			}
			l.silent[n/l.GhostEvery] = last
			continue
		}
		l.classes[n] = l.drilled(j, beats, l.Admissions.At(n)*1e6)
	}
}

// drilled tells whether one of the drill's people was heard often enough up to the admission; 0 when there was none. The line may see a
// heartbeat anywhere between sent and answered, so a gap is counted from the sending of one to the answer to the next.
func (l *line) drilled(j *Join, beats []Hear, admitted int64) class {
	last, patience := j.Sent, l.patience()
	for i := range beats {
		h := &beats[i]
		if h.Sent < j.Answered {
			continue
		}
		if admitted > 0 && h.Answered > admitted {
			break
		}
		if h.Answered-last > patience {
			return doubtful
		}
		last = h.Sent
	}
	if admitted > 0 && admitted-last > patience {
		return doubtful
	}
	return present
}

func (l *line) addVisitor(v *Visitor) {
	if v.Number <= 0 || v.Number >= int64(len(l.classes)) {
		return
	}
	l.source[v.Number] = true
	admitted := l.Admissions.At(v.Number) * 1e6
	switch {
	case v.ReturnedAt > 0:
		l.classes[v.Number] = back
	case v.Silent > 0:
		l.classes[v.Number] = ghost
	case v.MaxGap > l.patience(), admitted-v.LastBeat > l.patience():
		l.classes[v.Number] = doubtful
	default:
		l.classes[v.Number] = present
	}
}

// silentSince is when a ghost last may have been heard.
func (l *line) silentSince(number int64, v *Visitor) int64 {
	if v != nil {
		return v.Silent
	}
	return l.silent[number/l.GhostEvery]
}

// mayRelease reports whether a session may have ended before its time.
func (l *line) mayRelease(number int64) bool {
	return l.ReleaseEvery > 0 && !l.source[number] && number%l.ReleaseEvery == l.ReleaseRemainder
}
