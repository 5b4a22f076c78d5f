package demo

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"anteroom/booking"
)

func TestShowsHaveTheSizesPromised(t *testing.T) {
	shows := Shows()
	require.GreaterOrEqual(t, shows[0].Layout.Seats(), 12000)
	require.InDelta(t, 1000, shows[1].Layout.Seats(), 50)
	for _, show := range shows {
		require.NoError(t, show.Layout.Validate(), show.Slug)
		accessible, companions := 0, 0
		for _, section := range show.Layout.Sections {
			for _, s := range section.Seats {
				if s.Accessible {
					accessible++
				}
				if s.Companion {
					companions++
				}
			}
		}
		require.NotZero(t, accessible, show.Slug)
		require.Equal(t, accessible, companions, "nobody is put at a place for a wheelchair without a place beside it")
	}
}

// Two seats closer than a person is wide, or one outside the drawing, would be a hall that cannot be.
func TestSeatsDoNotOverlapAndAreInside(t *testing.T) {
	for _, show := range Shows() {
		t.Run(show.Slug, func(t *testing.T) {
			const apart, cell = 7.0, 7.0
			type place struct{ x, y int }
			grid := map[place][]booking.NewSeat{}
			for _, section := range show.Layout.Sections {
				require.NotEmpty(t, section.Seats, section.Name)
				require.Less(t, section.Band, len(show.Bands))
				names := map[string]bool{}
				for _, s := range section.Seats {
					require.False(t, names[s.Row+"/"+s.Number], "%s %s %s twice", section.Name, s.Row, s.Number)
					names[s.Row+"/"+s.Number] = true
					require.True(t, s.X > 0 && s.Y > 0 && s.X < show.Layout.Width && s.Y < show.Layout.Height, "%s %v outside", section.Name, s)
					require.False(t, onStage(show.Layout.Stage, s), "%s %v on the stage", section.Name, s)
					at := place{int(s.X / cell), int(s.Y / cell)}
					for dx := -1; dx <= 1; dx++ {
						for dy := -1; dy <= 1; dy++ {
							for _, o := range grid[place{at.x + dx, at.y + dy}] {
								require.Greater(t, math.Hypot(s.X-o.X, s.Y-o.Y), apart, "%s %v and %v", section.Name, s, o)
							}
						}
					}
					grid[at] = append(grid[at], s)
				}
			}
		})
	}
}

func onStage(stage booking.Stage, s booking.NewSeat) bool {
	return s.X > stage.X && s.X < stage.X+stage.Width && s.Y > stage.Y && s.Y < stage.Y+stage.Height
}
