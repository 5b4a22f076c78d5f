package booking

import "anteroom/internal/fault"

// Errors of the catalogue and of what staff enter into it.
var (
	ErrOrganisationUnknown = fault.New(fault.NotFound, "organisation-unknown", "There is no such organisation.")
	ErrVenueUnknown        = fault.New(fault.NotFound, "venue-unknown", "There is no such venue.")
	ErrLayoutUnknown       = fault.New(fault.NotFound, "layout-unknown", "The venue has no such version of its layout.")
	ErrSlugTaken           = fault.New(fault.Conflict, "slug-taken", "There is one with this slug already.")
	ErrLayoutPublished     = fault.New(fault.Conflict, "layout-published", "A published layout never changes; clone it and change the clone.")
	ErrLayoutDraft         = fault.New(fault.Conflict, "layout-draft", "The layout is a draft; publish it before a show uses it.")
	ErrShowSelling         = fault.New(fault.Conflict, "show-selling", "The show has been sold from; this cannot be changed any more.")

	ErrEntryInvalid    = fault.New(fault.Invalid, "entry-invalid", "This cannot be entered.")
	ErrShowInvalid     = fault.New(fault.Invalid, "show-invalid", "The show cannot be like this.")
	ErrLayoutInvalid   = fault.New(fault.Invalid, "layout-invalid", "The layout cannot be like this.")
	ErrPlanInvalid     = fault.New(fault.Invalid, "plan-invalid", "The seating plan cannot be read; each field is the path of a value in it.")
	ErrSeatListInvalid = fault.New(fault.Invalid, "seat-list-invalid", "The list of seats cannot be read; each field is a line of it.")
)
