package waitroom

// Brand is what the host has made of a room's pages, as this gateway has heard last; no brand where it has heard of no such room. It needs
// no line, so it works during an outage.
func (d *Desk) Brand(room string) Brand {
	r, err := d.rooms.Find([]byte(room))
	if err != nil {
		return Brand{}
	}
	return r.View().Policy.Brand
}
