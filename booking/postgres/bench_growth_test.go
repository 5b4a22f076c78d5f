package postgres

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"anteroom/booking"
	"anteroom/booking/demo"
	"anteroom/internal/testenv"
)

// growthSeats are those of each show; so 2 shows have ten thousand and 200 a million.
const growthSeats = 5010

// cloneShowSQL makes more shows in the same hall, with all that the first one has but what is sold of it.
const cloneShowSQL = `
DO $$ DECLARE cols text; BEGIN
  SELECT string_agg(quote_ident(column_name), ', ') INTO cols FROM information_schema.columns
   WHERE table_schema = current_schema() AND table_name = 'shows' AND column_name NOT IN ('id', 'slug') AND is_generated = 'NEVER';
  EXECUTE format($q$INSERT INTO shows (slug, %s) SELECT 'more' || g, %s FROM shows, generate_series(1, current_setting('bench.more')::int) g WHERE slug = 'first'$q$, cols, cols);
END $$;
INSERT INTO price_bands (show_id, ordinal, name_en, name_ko, price, colour)
SELECT m.id, p.ordinal, p.name_en, p.name_ko, p.price, p.colour FROM shows f JOIN price_bands p ON p.show_id = f.id, shows m WHERE f.slug = 'first' AND m.slug LIKE 'more%';
INSERT INTO show_sections (show_id, section_id, band_id, seats_total)
SELECT m.id, s.section_id, q.id, s.seats_total
  FROM shows f JOIN show_sections s ON s.show_id = f.id JOIN price_bands p ON p.id = s.band_id, shows m JOIN price_bands q ON q.show_id = m.id
 WHERE f.slug = 'first' AND m.slug LIKE 'more%' AND q.ordinal = p.ordinal;
INSERT INTO show_seats (show_id, seat_id, section_id, ordinal)
SELECT m.id, s.seat_id, s.section_id, s.ordinal FROM shows f JOIN show_seats s ON s.show_id = f.id, shows m WHERE f.slug = 'first' AND m.slug LIKE 'more%' ORDER BY m.id, s.ordinal`

// BenchmarkHoldTenThousand holds one seat after the other, of ten thousand in two shows.
func BenchmarkHoldTenThousand(b *testing.B) { benchGrowth(b, 2) }

// BenchmarkHoldMillion is the same with a million seats in 200 shows.
func BenchmarkHoldMillion(b *testing.B) { benchGrowth(b, 200) }

// grownHall holds single seats of many shows at random.
type grownHall struct {
	*hall
	slugs  []string
	lowest []int64 // seat of each show; the others follow
	buyers []booking.Session
	held   int
	taken  int
}

func newGrownHall(b testing.TB, shows int) *grownHall {
	b.Helper()
	h := newHall(b, 1)
	_, err := h.SeedShow(context.Background(), demo.Small("first", "", growthSeats/30, 10))
	require.NoError(b, err)
	conn, err := h.pool.Acquire(context.Background())
	require.NoError(b, err)
	for _, sql := range []string{`SET statement_timeout = 0`, `SET enable_seqscan = on`, fmt.Sprintf(`SELECT set_config('bench.more', '%d', false)`, shows-1)} {
		_, err := conn.Exec(context.Background(), sql)
		require.NoError(b, err)
	}
	_, err = conn.Conn().PgConn().Exec(context.Background(), cloneShowSQL).ReadAll()
	require.NoError(b, err)
	// As a database is that has been there for a while: what comes after a bulk load is not measured.
	for _, sql := range []string{`VACUUM ANALYZE shows, price_bands, show_sections, show_seats, seats`, `CHECKPOINT`} {
		_, err := conn.Exec(context.Background(), sql)
		require.NoError(b, err)
	}
	require.NoError(b, conn.Conn().Close(context.Background())) // its settings go with it
	conn.Release()
	require.Equal(b, shows*growthSeats+30, query[int](h, `SELECT count(*) FROM show_seats`))
	h.exec(`UPDATE shows SET hold_seconds = 1, max_per_buyer = 1000000`)
	g := &grownHall{
		hall:   h,
		slugs:  query[[]string](h, `SELECT array_agg(slug ORDER BY id) FROM shows WHERE slug <> 'small'`),
		lowest: query[[]int64](h, `SELECT array_agg(low ORDER BY show_id) FROM (SELECT show_id, min(id) AS low FROM show_seats WHERE show_id <> (SELECT id FROM shows WHERE slug = 'small') GROUP BY 1) s`),
	}
	for range 512 {
		g.buyers = append(g.buyers, h.guest())
	}
	for range 200 { // the connection's plans
		require.NoError(b, g.hold())
	}
	return g
}

func (g *grownHall) hold() error {
	g.held++
	k := rand.IntN(len(g.slugs))
	_, err := g.HoldSeats(context.Background(), g.buyers[g.held%len(g.buyers)], g.slugs[k], []int64{g.lowest[k] + rand.Int64N(growthSeats)})
	if errors.Is(err, booking.ErrSeatTaken) {
		g.taken++
		return nil
	}
	return err
}

// blocks are those looked at until now, of tables and indexes: they tell of growth on a machine that has much else to do as well.
func (g *grownHall) blocks() int64 {
	return query[int64](g.hall, `SELECT blks_hit + blks_read FROM pg_stat_database WHERE datname = current_database()`)
}

func benchGrowth(b *testing.B, shows int) {
	g := testenv.Lasting(b, fmt.Sprint(shows, " shows"), func(t testing.TB) *grownHall { return newGrownHall(t, shows) })
	for range 5 { // what has been away from the processor's cache meanwhile
		require.NoError(b, g.hold())
	}
	g.taken = 0
	before := g.blocks()
	b.ResetTimer()
	for b.Loop() {
		if err := g.hold(); err != nil {
			b.Fatal(err)
		}
	}
	b.StopTimer()
	b.ReportMetric(float64(g.blocks()-before)/float64(b.N), "blocks/op")
	b.ReportMetric(float64(g.taken)/float64(b.N), "taken/op")
}
