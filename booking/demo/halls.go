package demo

import (
	"fmt"
	"math"
	"strconv"

	"anteroom/booking"
)

// Indices into the bands of the shows.
const (
	arenaVIP = iota
	arenaR
	arenaS
	arenaA
	arenaUpper
)

const (
	clubFloor = iota
	clubGallery
)

const (
	theatreR = iota
	theatreS
	theatreA
)

// arena is a bowl of two tiers around a floor, with the stage at its upper end; the part of the bowl behind the stage is not sold.
func arena() booking.NewLayout {
	const cx, cy, stretch = 850, 580, 1.18
	l := booking.NewLayout{
		Version: 1, Width: 1700, Height: 1290,
		Stage: booking.Stage{X: cx - 130, Y: cy - 255, Width: 260, Height: 95},
	}
	l.Sections = append(l.Sections, arenaFloor(cx, cy-130)...)
	tier := func(prefix string, count int, radius float64, rows int, band func(distance float64) int) {
		const from, to = -50, 230 // clockwise from the right of the stage round to its left
		width := float64(to-from) / float64(count)
		for i := range count {
			a := arc{
				cx: cx, cy: cy, stretch: stretch, from: from + width*float64(i), to: from + width*float64(i+1),
				radius: radius, rows: rows, rowPitch: 9.2, pitch: 8.2, aisle: 5, row: numbered,
			}
			// 0 beside the stage, 1 opposite to it.
			distance := 1 - math.Abs((a.from+a.to)/2-90)/140
			s := a.section(fmt.Sprintf("%s%02d", prefix, i+1), band(distance))
			if distance < besideStage {
				restrict(s.Seats)
			}
			if prefix == "1" {
				wheelchairs(s.Seats, numbered(rows-1)) // level with the concourse
			}
			l.Sections = append(l.Sections, s)
		}
	}
	tier("1", 22, 325, 15, func(d float64) int {
		if d > 0.3 && d < 0.85 {
			return arenaR
		}
		return arenaS
	})
	tier("2", 28, 492, 22, func(d float64) int {
		if d > 0.35 {
			return arenaA
		}
		return arenaUpper
	})
	return l
}

// arenaFloor is nine blocks of rows that bend a little around the stage.
func arenaFloor(cx, top float64) []booking.NewSection {
	const across, deep, rows, seats = 3, 3, 12, 17
	const pitch, rowPitch, aisleX, aisleY = 8.2, 9.2, 14.0, 14.0
	const width, height = seats * pitch, rows * rowPitch
	var sections []booking.NewSection
	for b := range deep {
		for a := range across {
			left := cx + (float64(a)-float64(across)/2)*(width+aisleX) + aisleX/2
			upper := top + float64(b)*(height+aisleY)
			bend := func(x float64) float64 { u := (x - cx) / 220; return -u * u * 12 }
			s := booking.NewSection{Name: "F" + strconv.Itoa(b*across+a+1), Band: arenaVIP, X: left + width/2}
			s.Y = upper + height/2 + bend(s.X)
			for r := range rows {
				for k := range seats {
					x := left + (float64(k)+0.5)*pitch
					s.Seats = append(s.Seats, booking.NewSeat{
						Row: numbered(r), Number: strconv.Itoa(k + 1), X: x, Y: upper + (float64(r)+0.5)*rowPitch + bend(x),
					})
				}
			}
			sections = append(sections, s)
		}
	}
	return sections
}

// theatre is stalls and a balcony in arcs before a proscenium.
func theatre() booking.NewLayout {
	const cx, cy = 500, 20
	l := booking.NewLayout{
		Version: 1, Width: 1000, Height: 640,
		Stage: booking.Stage{X: cx - 190, Y: 20, Width: 380, Height: 90},
	}
	block := func(name string, band int, from, to, radius float64, rows int, row func(int) string) {
		a := arc{
			cx: cx, cy: cy, stretch: 1, from: from, to: to, radius: radius, rows: rows,
			rowPitch: 17, pitch: 13.4, aisle: 9, row: row,
		}
		l.Sections = append(l.Sections, a.section(name, band))
	}
	back := func(i int) string { return lettered(i + 8) }
	block("Stalls left", theatreS, 118, 142, 165, 18, lettered)
	block("Stalls centre front", theatreR, 62, 118, 165, 8, lettered)
	block("Stalls centre", theatreR, 62, 118, 165+8*17, 10, back)
	block("Stalls right", theatreS, 38, 62, 165, 18, lettered)
	block("Balcony left", theatreA, 112, 138, 500, 6, lettered)
	block("Balcony centre", theatreS, 68, 112, 500, 6, lettered)
	block("Balcony right", theatreA, 42, 68, 500, 6, lettered)
	wheelchairs(l.Sections[0].Seats, lettered(17))
	wheelchairs(l.Sections[3].Seats, lettered(17))
	return l
}

// club is a floor for 600 who stand, with a gallery of two rows along three of its walls.
func club() booking.NewLayout {
	const width, height = 640.0, 520.0
	l := booking.NewLayout{
		Version: 1, Width: width, Height: height,
		Stage: booking.Stage{X: width/2 - 130, Y: 20, Width: 260, Height: 60},
	}
	l.Sections = append(l.Sections, booking.NewSection{
		Name: "Floor", Kind: booking.Standing, Band: clubFloor, X: width / 2, Y: 240, Seats: booking.Places(600, width/2, 240, 11),
	})
	const pitch, rowPitch = 15.0, 17.0
	// wall is two rows of seats from a point on, along a wall and away from it.
	wall := func(name string, count int, x, y, alongX, alongY, awayX, awayY float64) {
		s := booking.NewSection{Name: name, Band: clubGallery}
		for r := range 2 {
			for k := range count {
				s.Seats = append(s.Seats, booking.NewSeat{
					Row: lettered(r), Number: strconv.Itoa(k + 1),
					X: x + alongX*float64(k)*pitch + awayX*float64(r)*rowPitch, Y: y + alongY*float64(k)*pitch + awayY*float64(r)*rowPitch,
				})
			}
		}
		first, last := s.Seats[0], s.Seats[len(s.Seats)-1]
		s.X, s.Y = (first.X+last.X)/2, (first.Y+last.Y)/2
		l.Sections = append(l.Sections, s)
	}
	wall("Gallery left", 18, 120, 120, 0, 1, -1, 0)
	wall("Gallery back", 24, width/2-11.5*pitch, 440, 1, 0, 0, 1)
	wall("Gallery right", 18, width-120, 120, 0, 1, 1, 0)
	wheelchairs(l.Sections[2].Seats, lettered(0))
	return l
}

// besideStage is up to where a seat looks at the stage from the side: 0 is beside it, 1 opposite.
const besideStage = 0.12

// restrict says of seats that something is in their view.
func restrict(seats []booking.NewSeat) {
	for i := range seats {
		seats[i].Restricted = true
	}
}

// wheelchairs makes both ends of a row places for wheelchairs, and those beside them for companions.
func wheelchairs(seats []booking.NewSeat, row string) {
	var of []*booking.NewSeat
	for i := range seats {
		if seats[i].Row == row {
			of = append(of, &seats[i])
		}
	}
	last := len(of) - 1
	of[0].Accessible, of[last].Accessible = true, true
	of[1].Companion, of[last-1].Companion = true, true
}
