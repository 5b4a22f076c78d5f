package qrcode

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
	"rsc.io/qr"
)

var stroke = regexp.MustCompile(`([Mm])(\d+) ([\d.]+)h(\d+)`)

// painted reads a path back, as a browser does.
func painted(t require.TestingT, c Code) [][]bool {
	grid := make([][]bool, c.Size)
	for y := range grid {
		grid[y] = make([]bool, c.Size)
	}
	x, y := 0, 0
	strokes := stroke.FindAllStringSubmatch(c.Path, -1)
	var all strings.Builder
	for _, s := range strokes {
		all.WriteString(s[0])
		by, _ := strconv.Atoi(s[2])
		switch s[1] {
		case "M":
			row, half := strings.CutSuffix(s[3], ".5")
			require.True(t, half, "the middle of a row")
			x = by
			y, _ = strconv.Atoi(row)
		case "m":
			require.Equal(t, "0", s[3])
			x += by
		}
		length, _ := strconv.Atoi(s[4])
		for range length {
			require.False(t, grid[y][x], "painted once")
			grid[y][x] = true
			x++
		}
	}
	require.Equal(t, c.Path, all.String(), "nothing but strokes")
	return grid
}

func TestThePathIsTheCode(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringN(1, 300, 600).Draw(t, "text")
		want, err := qr.Encode(text, qr.M)
		require.NoError(t, err)
		c, err := Of(text)
		require.NoError(t, err)
		require.Equal(t, want.Size+8, c.Size)
		for y, row := range painted(t, c) {
			for x, dark := range row {
				inside := x >= quiet && y >= quiet && x < c.Size-quiet && y < c.Size-quiet
				require.Equal(t, inside && want.Black(x-quiet, y-quiet), dark, "%d %d", x, y)
			}
		}
	})
}

func TestALinkMakesASmallCode(t *testing.T) {
	t.Parallel()
	c, err := Of("https://tickets.example.org/waitroom/v1/arena/move/1.12345.AbCdEfGhIjKlMnOpQrStUvWxYz012345")
	require.NoError(t, err)
	require.LessOrEqual(t, c.Size, 53)
	require.Less(t, len(c.Path), 6<<10)
	for _, corner := range []string{"M4 4.5h7m", "M4 5.5h1m5 0h1m"} { // the mark that readers look for
		require.Contains(t, c.Path, corner)
	}
}

func TestWhatIsTooLongIsRefused(t *testing.T) {
	t.Parallel()
	_, err := Of(strings.Repeat("x", 2331))
	require.NoError(t, err)
	_, err = Of(strings.Repeat("x", 2332))
	require.Error(t, err)
}
