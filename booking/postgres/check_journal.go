package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"anteroom/booking"
)

// clockSlack is by how much the clocks of client and database may differ: sales at the edges of the journal's span are looked at when the
// journal names them.
const clockSlack = 2 * time.Second

// CheckJournal looks at what clients say they were told: whether the database agrees, both ways, and whether the line admitted them in order. No other
// client may have bought in the journal's span.
func (s *Store) CheckJournal(ctx context.Context, j booking.Journal) ([]booking.CheckResult, error) {
	first, last := j.Span()
	named := make([]string, 0, len(j))
	for i := range j {
		if booking.ValidID(j[i].Order) {
			named = append(named, j[i].Order)
		}
	}
	sales, err := collect(ctx, s, func(row pgx.CollectableRow) (sale booking.Sale, err error) {
		err = row.Scan(&sale.Order, &sale.State, &sale.Paid)
		return sale, err
	}, `
		SELECT o.id::text, o.state, EXISTS (SELECT 1 FROM payments p WHERE p.order_id = o.id AND p.state IN ('captured', 'refunded'))
		  FROM orders o
		 WHERE o.id = ANY ($1::uuid[]) OR o.created_at BETWEEN $2 AND $3`, named, first.Add(clockSlack), last.Add(-clockSlack))
	if err != nil {
		return nil, err
	}
	return []booking.CheckResult{
		counted("11-acknowledged", "An order that a client was told of and that is not there, or is there and no client was told of, beyond what lost answers explain.", j.Disagreements(sales)),
		counted("14-admissions-in-order", "An admission that overtook another of somebody who was in the line throughout.", j.OutOfOrder()),
	}, nil
}

func counted(name, wants string, found []string) booking.CheckResult {
	return booking.CheckResult{Name: name, Wants: wants, Count: len(found), Samples: found[:min(len(found), 10)]}
}
