package profile

import "math/rand/v2"

// mixStream keeps the draw of a visitor's kind apart from the other draws that are made from the seed and the visitor's number.
const mixStream = 0x6b696e64 // "kind"

// KindOf is what kind of visitor an arrival is: by its weight, the same for the same seed in every run and in every part of one.
// It is nil only in a profile that is not valid.
func (p *Profile) KindOf(seed uint64, visitor int) *Kind {
	total := 0.0
	for i := range p.Visitors {
		total += p.Visitors[i].Weight
	}
	at := rand.New(rand.NewPCG(seed^mixStream, uint64(visitor))).Float64() * total // repeatable, no secret
	for i := range p.Visitors {
		if at -= p.Visitors[i].Weight; at < 0 {
			return &p.Visitors[i]
		}
	}
	if len(p.Visitors) == 0 {
		return nil
	}
	return &p.Visitors[len(p.Visitors)-1] // rounding
}

// Kind is the kind of that name, nil when there is none.
func (p *Profile) Kind(name string) *Kind {
	for i := range p.Visitors {
		if p.Visitors[i].Name == name {
			return &p.Visitors[i]
		}
	}
	return nil
}
