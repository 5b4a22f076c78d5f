package profile

// Validate says all that is wrong with the profile, as Problems; nil when nothing is.
func (p *Profile) Validate() error {
	var all Problems
	p.checkArrivals(&all)
	if len(all) == 0 {
		return nil
	}
	return all
}

func (p *Profile) checkArrivals(all *Problems) {
	if len(p.Arrivals) < 2 {
		all.add("arrivals", "must be at least two corners of a line, are %d", len(p.Arrivals))
	}
}
