package routes

import "fmt"

// summary is the route in words.
func (d *draft) summary(line int, hosts []string) Summary {
	out := Summary{Line: line, Name: d.name, Hosts: hosts, To: d.to, Room: d.room, Notes: d.notes}
	for i := range d.paths {
		out.Paths = append(out.Paths, d.paths[i].source)
	}
	if d.outage != "" {
		out.Notes = append(out.Notes, "while the line is down: "+d.outage)
	}
	if d.optional {
		out.Notes = append(out.Notes, "open where there is no such room")
	}
	if d.links {
		out.Notes = append(out.Notes, "past the gate: signed links")
	}
	if d.staff {
		out.Notes = append(out.Notes, "past the gate: staff")
	}
	if d.anyCase {
		out.Notes = append(out.Notes, "letters' case does not matter")
	}
	return out
}

// String is the route in one line.
func (s Summary) String() string {
	room := "open"
	if s.Room != "" {
		room = "room " + s.Room
	}
	text := fmt.Sprintf("%s: %s %s → %s, %s", s.Name, joined(s.Hosts), joined(s.Paths), s.To, room)
	for _, note := range s.Notes {
		text += "; " + note
	}
	return text
}
