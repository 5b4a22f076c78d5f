package page

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// choose finds the language to speak: the one asked for just now, else the one kept, else the best of the browser's
// (RFC 9110 §12.5.4), else the default.
func choose(asked, kept, accept string) (t *text, isAsked bool) {
	if t := find(asked); t != nil {
		return t, true
	}
	if t := find(kept); t != nil {
		return t, false
	}
	for _, tag := range preferred(accept) {
		if t := find(tag); t != nil {
			return t, false
		}
	}
	return &texts[0], false
}

func find(tag string) *text {
	primary, _, _ := strings.Cut(strings.ToLower(tag), "-")
	for i := range texts {
		if texts[i].Lang == primary {
			return &texts[i]
		}
	}
	return nil
}

// maxTags bounds how many languages of a header are looked at.
const maxTags = 16

// preferred lists the tags of an Accept-Language header, best first.
func preferred(accept string) []string {
	type weighted struct {
		tag string
		q   float64
	}
	var all []weighted
	for part := range strings.SplitSeq(accept, ",") {
		tag, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		q := 1.0
		if value, ok := strings.CutPrefix(strings.TrimSpace(params), "q="); ok {
			parsed, err := strconv.ParseFloat(value, 64)
			if err != nil {
				continue
			}
			q = parsed
		}
		if tag != "" && q > 0 && len(all) < maxTags {
			all = append(all, weighted{strings.TrimSpace(tag), q})
		}
	}
	slices.SortStableFunc(all, func(a, b weighted) int { return cmp.Compare(b.q, a.q) })
	tags := make([]string, len(all))
	for i, w := range all {
		tags[i] = w.tag
	}
	return tags
}
