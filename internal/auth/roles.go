package auth

import "slices"

// Role is what a member of staff is.
type Role string

// The roles.
const (
	Owner           Role = "owner"
	EventManager    Role = "event-manager"
	BoxOffice       Role = "box-office"
	CustomerService Role = "customer-service"
	Finance         Role = "finance"
	DevOps          Role = "devops"
	Developer       Role = "developer"
	Auditor         Role = "auditor"
)

// Permission is one thing a role may do.
type Permission string

// The permissions.
const (
	RoomRead     Permission = "room:read"
	RoomWrite    Permission = "room:write"    // a room's settings, which can be set back
	LineWrite    Permission = "line:write"    // what cannot be taken back: to reset or end a line, and to decide its draw
	VisitorWrite Permission = "visitor:write" // to end one visitor's place or session
	OrderRead    Permission = "order:read"
	OrderWrite   Permission = "order:write"
	AuditRead    Permission = "audit:read"
	StaffWrite   Permission = "staff:write"

	CatalogueWrite Permission = "catalogue:write" // venues, layouts and shows
	SeatWrite      Permission = "seat:write"      // to keep seats back from sale

	TicketCheck Permission = "ticket:check" // to let people in at the door
)

// grants is the one table of who may do what.
var grants = map[Role][]Permission{
	Owner:           {RoomRead, RoomWrite, LineWrite, VisitorWrite, OrderRead, OrderWrite, AuditRead, StaffWrite, CatalogueWrite, SeatWrite, TicketCheck},
	EventManager:    {RoomRead, RoomWrite, LineWrite, VisitorWrite, OrderRead, CatalogueWrite, SeatWrite, TicketCheck},
	BoxOffice:       {RoomRead, OrderRead, OrderWrite, SeatWrite, TicketCheck},
	CustomerService: {RoomRead, VisitorWrite, OrderRead},
	Finance:         {OrderRead, AuditRead},
	DevOps:          {RoomRead, RoomWrite},
	Developer:       {RoomRead},
	Auditor:         {RoomRead, OrderRead, AuditRead},
}

// ParseRole says whether there is such a role.
func ParseRole(s string) (Role, bool) {
	_, ok := grants[Role(s)]
	return Role(s), ok
}

// Allows reports whether the role has the permission. An unknown role has none.
func (r Role) Allows(p Permission) bool { return slices.Contains(grants[r], p) }

// Permissions lists what the role may do, in a stable order.
func (r Role) Permissions() []Permission { return slices.Clone(grants[r]) }
