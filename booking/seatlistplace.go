package booking

// Where seats without a place in the drawing are put: rows below each other, sections below each other.
const (
	listPitch    = 20.0
	listRowPitch = 25.0
	listTop      = 120.0
)

// place puts seats that have no place into rows.
func (l *listReader) place() {
	y := listTop
	for i := range l.layout.Sections {
		seats := l.layout.Sections[i].Seats
		if l.layout.Sections[i].Kind != Seated {
			grid := Places(len(seats), 0, 0, placePitch)
			left, upper, _, lower := box(grid, nil)
			for k := range seats {
				seats[k].X, seats[k].Y = grid[k].X-left+margin, grid[k].Y-upper+y
			}
			y += lower - upper + listRowPitch
			continue
		}
		rows, filled := map[string]float64{}, map[string]int{}
		for k := range seats {
			s := &seats[k]
			if _, there := rows[s.Row]; !there {
				rows[s.Row] = y
				y += listRowPitch
			}
			s.X, s.Y = margin+float64(filled[s.Row])*listPitch, rows[s.Row]
			filled[s.Row]++
		}
		y += listRowPitch
	}
}
