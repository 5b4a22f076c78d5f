package booking

import (
	"math"
	"strconv"
)

func itoa(n int) string { return strconv.Itoa(n) }

// centre is the middle of the box around seats.
func centre(seats []NewSeat) (x, y float64) {
	left, upper, right, lower := box(seats, nil)
	return (left + right) / 2, (upper + lower) / 2
}

// box is the smallest box around seats and, where it is given, a stage.
func box(seats []NewSeat, stage *Stage) (left, upper, right, lower float64) {
	left, upper, right, lower = math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	put := func(x, y float64) {
		left, upper, right, lower = math.Min(left, x), math.Min(upper, y), math.Max(right, x), math.Max(lower, y)
	}
	for _, s := range seats {
		put(s.X, s.Y)
	}
	if stage != nil {
		put(stage.X, stage.Y)
		put(stage.X+stage.Width, stage.Y+stage.Height)
	}
	return left, upper, right, lower
}

// frame gives a plan a stage, if it has none, and a drawing large enough for all that it shows.
func (r *planReader) frame(l *NewLayout) {
	var all []NewSeat
	for _, s := range l.Sections {
		all = append(all, s.Seats...)
	}
	if r.stage == nil {
		left, upper, right, _ := box(all, nil)
		width := math.Max((right-left)/3, margin)
		l.Stage = Stage{X: (left + right - width) / 2, Y: upper - width/4 - 2*margin, Width: width, Height: width / 4}
		r.warn(top, "no area is called a stage; one was put above the seats")
	}
	left, upper, right, lower := box(all, &l.Stage)
	dx, dy := 0.0, 0.0
	if left < 0 {
		dx = math.Ceil(margin - left)
	}
	if upper < 0 {
		dy = math.Ceil(margin - upper)
	}
	if dx > 0 || dy > 0 {
		r.move(l, dx, dy)
	}
	if right+dx > l.Width || lower+dy > l.Height {
		if l.Width > 0 && l.Height > 0 {
			r.warn(top.member("size"), "is too small for what is drawn and was made larger")
		}
		l.Width, l.Height = math.Max(l.Width, right+dx+margin), math.Max(l.Height, lower+dy+margin)
	}
}

// move shifts the whole drawing, so that nothing is left of or above its corner.
func (r *planReader) move(l *NewLayout, dx, dy float64) {
	l.Stage.X, l.Stage.Y = l.Stage.X+dx, l.Stage.Y+dy
	for i := range l.Sections {
		s := &l.Sections[i]
		s.X, s.Y = s.X+dx, s.Y+dy
		for k := range s.Seats {
			s.Seats[k].X, s.Seats[k].Y = s.Seats[k].X+dx, s.Seats[k].Y+dy
		}
	}
	for i, raw := range l.Areas {
		l.Areas[i] = moveArea(raw, dx, dy)
	}
	r.warn(top, "the drawing was moved so that nothing is outside its upper left corner")
}
