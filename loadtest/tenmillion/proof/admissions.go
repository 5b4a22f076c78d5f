package proof

import (
	"fmt"

	"anteroom/loadtest/check"
)

// admissionOrder looks at those who were in the line throughout: a smaller number is admitted no later. Neighbours are compared with the
// latest admission so far, which compares all pairs.
func (l *line) admissionOrder() check.Check {
	c := check.Check{Name: "order of admission"}
	var latest, latestNumber, besides int64
	for n := range int64(len(l.classes)) {
		at := l.Admissions.At(n)
		if at == 0 {
			continue
		}
		if l.classes[n] != present {
			besides++
			continue
		}
		c.Of++
		if at < latest {
			c.Violate("number %d was admitted %d ms before number %d", n, latest-at, latestNumber)
			continue
		}
		latest, latestNumber = at, n
	}
	c.Note = fmt.Sprintf("%d pairs; admitted besides, after silence: %d", c.Of*(c.Of-1)/2, besides)
	return c
}

// everybody looks for people who were heard throughout and not admitted. Who was sent home early says nothing.
func (l *line) everybody() check.Check {
	c := check.Check{Name: "everybody who waited was admitted", Missing: l.Stopped}
	if c.Missing != "" {
		return c
	}
	for n, class := range l.classes {
		if class != present {
			continue
		}
		c.Of++
		if l.Admissions.At(int64(n)) == 0 {
			c.Violate("number %d was heard throughout and not admitted", n)
		}
	}
	return c
}

// judged makes sure that those who were heard too seldom, because the machine was too busy for the laboratory, are not so many that the
// admission of the others says nothing: at most a tenth of the drill's people, and of those over HTTP.
func (l *line) judged() check.Check {
	c := check.Check{Name: "the laboratory kept its visitors' heartbeats up"}
	var all int64
	for _, part := range []struct {
		name string
		http bool
	}{{"of the drill", false}, {"over HTTP", true}} {
		var meant, doubt int64
		for n, class := range l.classes {
			if l.source[n] == part.http && (class == present || class == doubtful) {
				meant++
				if class == doubtful {
					doubt++
				}
			}
		}
		c.Of += meant
		if all += doubt; doubt*10 > meant {
			c.Violations += doubt - 1
			c.Violate("%d of %d people %s were heard too seldom to be judged", doubt, meant, part.name)
		}
	}
	c.Note = fmt.Sprintf("%d people were heard too seldom to be judged", all)
	return c
}

// complete makes sure that the record of admissions was read whole: nobody in it twice or unknown, and as many as the line itself counted; where that
// is not known, read often enough that no session can have come and gone between two readings.
func (l *line) complete() check.Check {
	a := &l.Admissions
	c := check.Check{Name: "record of admissions read whole", Violations: a.TwiceAll, Examples: a.Twice}
	for n := range a.After {
		if a.After[n] == 0 {
			continue
		}
		c.Of++
		if l.classes[n] == unknown && l.LostJoins == 0 {
			c.Violate("number %d was admitted, but nobody has it", n)
		}
	}
	if a.Strange > 0 {
		c.Violate("%d members of the record are no numbers of this line", a.Strange)
	}
	shortest := l.Session
	if l.ReleaseEvery > 0 {
		shortest = min(shortest, l.ReleaseAfter)
	}
	if a.MaxPause >= shortest && a.Total != c.Of { // else nobody was missed, however long the laboratory was kept from reading
		c.Violate("%s passed between two readings; a session may be as short as %s", a.MaxPause, shortest)
	}
	if a.Total >= 0 && a.Total != c.Of {
		c.Violate("the line counts %d admissions, its record had %d", a.Total, c.Of)
	}
	c.Note = fmt.Sprintf("the line itself counts %d; longest time between two readings %d ms", a.Total, a.MaxPause.Milliseconds())
	return c
}

// told compares what visitors were told with the record.
func (l *line) told() check.Check {
	c := check.Check{Name: "admitted as told"}
	var late int64
	for i := range l.Visitors {
		v := &l.Visitors[i]
		switch v.End {
		case ToldAdmitted:
			c.Of++
			if at := l.Admissions.At(v.Number); v.ToldMS != at {
				c.Violate("number %d was told %d, recorded is %d (Unix ms)", v.Number, v.ToldMS, at)
			}
		case ToldPassed:
			c.Of++
			late++
			if l.Admissions.At(v.Number) == 0 {
				c.Violate("number %d was told that the turn had passed, and never had one", v.Number)
			}
		case ToldOther:
			c.Of++
			c.Violate("number %d was told neither to wait nor to come in", v.Number)
		}
	}
	c.Note = fmt.Sprintf("visitors over HTTP; %d asked when their session was over", late)
	return c
}

// ghosts looks at those who fell silent for good: once they have surely gone, they are not admitted.
func (l *line) ghosts() check.Check {
	c := check.Check{Name: "the silent are passed over"}
	var skipped, before int64
	look := func(n int64, v *Visitor) {
		c.Of++
		at := l.Admissions.At(n)
		switch {
		case at == 0:
			skipped++
		case at*1e6 > l.silentSince(n, v)+l.gone():
			c.Violate("number %d was admitted %.1f s after it had last been heard", n, float64(at*1e6-l.silentSince(n, v))/1e9)
		default:
			before++
		}
	}
	for n, class := range l.classes {
		if class == ghost && !l.source[n] {
			look(int64(n), nil)
		}
	}
	for i := range l.Visitors {
		if v := &l.Visitors[i]; v.Number > 0 && v.Number < int64(len(l.classes)) && l.classes[v.Number] == ghost {
			look(v.Number, v)
		}
	}
	c.Note = fmt.Sprintf("%d passed over, %d admitted before they counted as gone", skipped, before)
	return c
}

// returned looks at those who came back after having been passed over: they are admitted.
func (l *line) returned() check.Check {
	c := check.Check{Name: "who comes back in time is admitted"}
	var slowest int64
	for i := range l.Visitors {
		v := &l.Visitors[i]
		if v.ReturnedAt == 0 {
			continue
		}
		c.Of++
		at := l.Admissions.At(v.Number)
		if at == 0 {
			c.Violate("number %d came back and was not admitted", v.Number)
			continue
		}
		slowest = max(slowest, at-v.ReturnedAt/1e6)
	}
	c.Note = fmt.Sprintf("the slowest was admitted %d ms after asking again", slowest)
	return c
}
