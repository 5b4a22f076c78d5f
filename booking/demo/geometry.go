package demo

import (
	"math"
	"strconv"

	"anteroom/booking"
)

// arc is a block of curved rows, an arm of a ring around a centre. Angles are in degrees, clockwise from the right as the drawing's y points
// down; 90 is below the centre. Radii are vertical; stretch makes the ring wider than high.
type arc struct {
	cx, cy   float64
	stretch  float64
	from, to float64 // angles
	radius   float64 // of the first row
	rows     int
	rowPitch float64
	pitch    float64 // between seats of a row
	aisle    float64 // left free at each end of a row
	row      func(i int) string
}

// seats places the seats of the block: in each row as many as the length of the row allows, evenly along the curve.
func (a arc) seats() []booking.NewSeat {
	var seats []booking.NewSeat
	for i := range a.rows {
		r := a.radius + float64(i)*a.rowPitch
		walk := a.curve(r)
		length := walk[len(walk)-1].at - 2*a.aisle
		n := int(length / a.pitch)
		for k := range n {
			// Centre the row: what is left over goes to both aisles alike.
			at := a.aisle + (length-float64(n)*a.pitch)/2 + (float64(k)+0.5)*a.pitch
			x, y := along(walk, at)
			seats = append(seats, booking.NewSeat{Row: a.row(i), Number: strconv.Itoa(k + 1), X: x, Y: y})
		}
	}
	return seats
}

// label is where the block's name is drawn.
func (a arc) label() (x, y float64) {
	return a.point(a.radius+float64(a.rows-1)*a.rowPitch/2, (a.from+a.to)/2)
}

func (a arc) point(r, degrees float64) (x, y float64) {
	t := degrees * math.Pi / 180
	return a.cx + a.stretch*r*math.Cos(t), a.cy + r*math.Sin(t)
}

type step struct{ at, x, y float64 }

// curve walks along a row and notes the length so far, because an ellipse's arc has no closed form.
func (a arc) curve(r float64) []step {
	const steps = 200
	walk := make([]step, steps+1)
	for i := range walk {
		x, y := a.point(r, a.from+(a.to-a.from)*float64(i)/steps)
		walk[i] = step{x: x, y: y}
		if i > 0 {
			walk[i].at = walk[i-1].at + math.Hypot(x-walk[i-1].x, y-walk[i-1].y)
		}
	}
	return walk
}

// along finds the point at a length of the walk.
func along(walk []step, at float64) (x, y float64) {
	for i := 1; i < len(walk); i++ {
		if walk[i].at >= at {
			a, b := walk[i-1], walk[i]
			f := (at - a.at) / (b.at - a.at)
			return a.x + f*(b.x-a.x), a.y + f*(b.y-a.y)
		}
	}
	last := walk[len(walk)-1]
	return last.x, last.y
}

// section makes a block of it.
func (a arc) section(name string, band int) booking.NewSection {
	x, y := a.label()
	return booking.NewSection{Name: name, Band: band, X: x, Y: y, Seats: a.seats()}
}

func numbered(i int) string { return strconv.Itoa(i + 1) }

// lettered skips I and O, which are read as digits.
func lettered(i int) string { return string("ABCDEFGHJKLMNPQRSTUVWXYZ"[i]) }
