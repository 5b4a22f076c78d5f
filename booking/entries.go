package booking

import "context"

// Entries is what staff enter into the catalogue. Every method fails with "database-unavailable" while that is so. What is entered
// must have been validated.
type Entries interface {
	// Organisations lists all, by slug.
	Organisations(ctx context.Context) ([]Organisation, error)

	// AddOrganisation enters one. It fails with "slug-taken".
	AddOrganisation(ctx context.Context, o Organisation) error

	// Venues lists all, by slug.
	Venues(ctx context.Context) ([]Venue, error)

	// AddVenue enters one. It fails with "slug-taken".
	AddVenue(ctx context.Context, v Venue) error

	// Layouts lists the versions of a venue's layout, newest first. It fails with "venue-unknown".
	Layouts(ctx context.Context, venue string) ([]LayoutInfo, error)

	// AddLayout enters a drawing as the venue's next version, a draft. It fails with "venue-unknown".
	AddLayout(ctx context.Context, venue string, l NewLayout) (LayoutInfo, error)

	// ReadLayout returns a drawing as it was entered, with lengths rounded to what PostgreSQL's real keeps.
	// It fails with "layout-unknown".
	ReadLayout(ctx context.Context, venue string, version int) (NewLayout, error)

	// ReplaceLayout changes a draft to another drawing. It fails with "layout-unknown" and "layout-published".
	ReplaceLayout(ctx context.Context, venue string, version int, l NewLayout) (LayoutInfo, error)

	// PublishLayout makes a draft usable by shows, and unchangeable; of a published one it does nothing. It fails with "layout-unknown".
	PublishLayout(ctx context.Context, venue string, version int) (LayoutInfo, error)

	// CloneLayout makes the venue's next version, a draft, of any version. It fails with "layout-unknown".
	CloneLayout(ctx context.Context, venue string, version int) (LayoutInfo, error)

	// AddShow enters a show with its seats, as a draft that nobody sees. It fails with "slug-taken", "organisation-unknown",
	// "layout-unknown", "layout-draft", and "show-invalid" when a section has no band or a band names one that is not there.
	AddShow(ctx context.Context, e ShowEntry) error

	// ReadShow returns a show's settings, also of a draft. It fails with "show-unknown".
	ReadShow(ctx context.Context, slug string) (ShowSettings, error)

	// ChangeShow lets change alter the settings, while nobody else does, and keeps them. It fails as change does, and
	// with "show-unknown", "organisation-unknown", and "show-selling" when the hold policy would change under a sale.
	ChangeShow(ctx context.Context, slug string, change func(*ShowSettings) error) (ShowSettings, error)

	// PublishShow makes a show visible; of a published one it does nothing. It fails with "show-unknown".
	PublishShow(ctx context.Context, slug string) error

	// BlockSeats keeps seats back from sale, or gives them back to it: all or none. What is so already stays so. It returns how many it
	// changed. It fails with "show-unknown", "seat-unknown", "seat-of-another-show" and "seat-taken" (each with seat_ids).
	BlockSeats(ctx context.Context, show string, seats []int64, block bool) (changed int, err error)

	// KeepBack sets how many places of a general section stay unsold. It fails with "show-unknown", with "section-unknown" when there is no
	// such section or its places are chosen one by one, and with "show-invalid" when it has not so many.
	KeepBack(ctx context.Context, show, section string, places int) error
}

// MaxSeatsPerBlock bounds how many seats one call blocks: each takes a lock of PostgreSQL's, of which there are a few thousand.
const MaxSeatsPerBlock = 1000
