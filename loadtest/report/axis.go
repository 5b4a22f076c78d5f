package report

import (
	"fmt"
	"html/template"
	"math"
	"strings"
)

// tableRows is how many rows the table beside a chart has at most: it is to be read, and report.json has all.
const tableRows = 24

// table writes the values of the chart for those who do not see it.
func (c *chart) table(b *strings.Builder) {
	longest := c.series[0]
	for _, s := range c.series {
		if len(s.x) > len(longest.x) && !s.limit {
			longest = s
		}
	}
	xs := longest.x
	rows := thin(xs, tableRows)
	fmt.Fprintf(b, `<details><summary>Table%s</summary><div class="wide"><table><tr><th scope="col">%s`, onlyIf(len(rows) < len(xs), fmt.Sprintf(", %d of %d rows", len(rows), len(xs))), escape(c.x.name))
	values := make([]map[float64]float64, len(c.series))
	for i, s := range c.series {
		fmt.Fprintf(b, `<th class="n" scope="col">%s%s`, escape(s.name), escape(onlyIf(c.unit != "", ", "+c.unit)))
		values[i] = map[float64]float64{}
		for j, x := range s.x {
			values[i][x] = s.y[j]
		}
	}
	b.WriteString(`</tr>`)
	for _, x := range rows {
		fmt.Fprintf(b, `<tr><td>%s`, c.x.label(x))
		for i, s := range c.series {
			v, ok := values[i][x]
			if s.limit {
				v, ok = s.y[0], true
			}
			fmt.Fprintf(b, `<td class="n">%s`, shown(v, ok))
		}
		b.WriteString(`</tr>`)
	}
	b.WriteString(`</table></div></details>`)
}

func shown(v float64, ok bool) string {
	if !ok || math.IsNaN(v) {
		return "–"
	}
	return thousands(figure(v))
}

// ticks are the values at which an axis is marked.
func (a axis) ticks() (all []float64) {
	switch {
	case a.log:
		between := []float64{1}
		if a.to <= a.from*101 {
			between = []float64{1, 2, 5}
		}
		for v := a.from; v <= a.to*1.001; v *= 10 {
			for _, m := range between {
				if v*m <= a.to*1.001 {
					all = append(all, v*m)
				}
			}
		}
	case a.time:
		step := timeStep((a.to - a.from) / 6)
		for v := a.from; v <= a.to; v += step {
			all = append(all, v)
		}
	default:
		step := roundUp((a.to - a.from) / 5)
		for v := a.from; v <= a.to*1.001; v += step {
			all = append(all, v)
		}
	}
	return all
}

// label writes a value of the axis.
func (a axis) label(v float64) string {
	switch {
	case !a.time:
		return short(v)
	case a.to <= 180:
		return strings.TrimSuffix(fmt.Sprintf("%.1f", v), ".0") + " s"
	case a.to < 3600:
		return fmt.Sprintf("%d:%02d", int(v)/60, int(v)%60)
	default:
		return fmt.Sprintf("%d:%02d:%02d", int(v)/3600, int(v)/60%60, int(v)%60)
	}
}

// timeStep is the next span of time that people count in.
func timeStep(least float64) float64 {
	for _, s := range []float64{1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400} {
		if s >= least {
			return s
		}
	}
	return math.Ceil(least/86400) * 86400
}

// roundUp gives the next 1, 2 or 5 times a power of ten, for the steps of an axis.
func roundUp(v float64) float64 { return next(v, 1, 2, 5) }

// top gives the next round number, for the end of an axis.
func top(v float64) float64 { return next(v, 1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8) }

func next(v float64, round ...float64) float64 {
	if v <= 0 {
		return 1
	}
	unit := math.Pow(10, math.Floor(math.Log10(v)))
	for _, m := range round {
		if m*unit >= v {
			return m * unit
		}
	}
	return 10 * unit
}

// short writes a number for an axis.
func short(v float64) string {
	switch {
	case v >= 1e6:
		return fmt.Sprintf("%gM", math.Round(v/1e4)/100)
	case v >= 10_000:
		return fmt.Sprintf("%gk", math.Round(v/100)/10)
	default:
		return fmt.Sprintf("%g", math.Round(v*1e4)/1e4)
	}
}

// String says what was done, and when.
func (b Band) String() string {
	s := fmt.Sprintf("%s %s, %.0f to %.0f s", b.What, b.How, b.From, b.To)
	return s + onlyIf(b.Note != "", ": "+b.Note)
}

// charts joins some, leaving out those that have nothing to show.
func charts(all ...chart) template.HTML {
	var b strings.Builder
	for _, c := range all {
		b.WriteString(string(c.HTML()))
	}
	return template.HTML(b.String()) //nolint:gosec // each escapes its text
}
