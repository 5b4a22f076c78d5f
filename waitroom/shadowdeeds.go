package waitroom

import (
	"sync"
	"time"

	"anteroom/internal/auth"
)

// shadowDeeds are what the holders of shadow tickets did with their places, as far as they would notice if it were forgotten: joins by key,
// leaving, and moving to another device. It is this gateway's own memory and bounded, for the line is to hear nothing of them: what was done
// at another gateway is not known here. The zero value is ready. Safe for concurrent use.
type shadowDeeds struct {
	mu     sync.Mutex
	keyed  recent[shadowKey, auth.Ticket]
	fates  recent[shadowPlace, shadowFate]
	offers recent[string, shadowOffer] // by the digest of the code
}

// shadowKey is a join that may be repeated.
type shadowKey struct {
	room  string
	epoch int64
	key   string // empty: it cannot be
}

// shadowPlace tells shadow places apart; several may have one number.
type shadowPlace struct {
	room                    string
	epoch, number, joinedMS int64
}

func shadowPlaceOf(t auth.Ticket) shadowPlace {
	return shadowPlace{t.Room, t.Epoch, t.Number, t.JoinedAt.UnixMilli()}
}

// shadowFate is what became of a place.
type shadowFate struct {
	moves int64
	left  bool
	offer string // the digest of the newest code
}

// shadowOffer is a place on its way to another device.
type shadowOffer struct {
	Offer
	expires time.Time
	claimed string // the key that it was claimed with; see onceOnly
}

// onceOnly stands for the key of a claim that had none.
const onceOnly = "once"

func (s *shadowDeeds) joined(key shadowKey) (auth.Ticket, bool) {
	if key.key == "" {
		return auth.Ticket{}, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.keyed.get(key)
}

func (s *shadowDeeds) join(key shadowKey, t auth.Ticket) {
	if key.key == "" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keyed.put(key, t)
}

// fate is what became of the place of a ticket. A ticket that says more moves is believed: they were made at another gateway.
func (s *shadowDeeds) fate(t auth.Ticket) shadowFate {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.known(t)
}

func (s *shadowDeeds) known(t auth.Ticket) shadowFate {
	fate, _ := s.fates.get(shadowPlaceOf(t))
	fate.moves = max(fate.moves, t.Moves)
	return fate
}

func (s *shadowDeeds) leave(t auth.Ticket) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	fate := s.known(t)
	if fate.moves > t.Moves {
		return ErrTicketMoved
	}
	fate.left = true
	s.fates.put(shadowPlaceOf(t), fate)
	return nil
}

// offer opens a move, as Mover.Offer does.
func (s *shadowDeeds) offer(offer Offer, expires time.Time) error {
	t := offer.Ticket
	s.mu.Lock()
	defer s.mu.Unlock()
	fate := s.known(t)
	switch {
	case fate.moves > t.Moves:
		return ErrTicketMoved
	case fate.left:
		return ErrPlaceServed
	case fate.moves >= MaxMoves:
		return ErrMoveLimit
	}
	fate.offer = offer.Digest
	s.fates.put(shadowPlaceOf(t), fate)
	s.offers.put(offer.Digest, shadowOffer{Offer: offer, expires: expires})
	return nil
}

// claim takes a move up, as Mover.Claim does; ok reports whether the code is one of this gateway's for a shadow place.
func (s *shadowDeeds) claim(digest, key string, now time.Time) (offer Offer, ok bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	one, ok := s.offers.get(digest)
	if !ok {
		return Offer{}, false, nil
	}
	offer = one.Offer
	fate := s.known(offer.Ticket)
	again := one.claimed != "" && one.claimed == key && fate.moves == offer.Ticket.Moves+1
	switch {
	case fate.offer != digest, !now.Before(one.expires), one.claimed != "" && !again, one.claimed == "" && fate.moves != offer.Ticket.Moves:
		return Offer{}, true, ErrMoveSpent
	case fate.left && !again:
		return Offer{}, true, ErrPlaceServed
	}
	if offer.Ticket.Moves++; !again {
		if one.claimed = key; key == "" {
			one.claimed = onceOnly
		}
		s.offers.put(digest, one)
		fate.moves = offer.Ticket.Moves
		s.fates.put(shadowPlaceOf(offer.Ticket), fate)
	}
	return offer, true, nil
}
