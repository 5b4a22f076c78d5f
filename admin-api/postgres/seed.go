package postgres

import (
	"context"

	"anteroom/internal/auth"
)

// DemoPassword is what all demo staff sign in with. It is published, so a seeded system is for demonstrations only.
const DemoPassword = "demo-anteroom"

// DemoStaff has one member for each role.
var DemoStaff = []auth.Staff{
	{Email: "owner@demo.test", Name: "Olivia Owens", Role: auth.Owner},
	{Email: "manager@demo.test", Name: "Minjun Kim", Role: auth.EventManager},
	{Email: "boxoffice@demo.test", Name: "Bora Han", Role: auth.BoxOffice},
	{Email: "service@demo.test", Name: "Seo-yeon Park", Role: auth.CustomerService},
	{Email: "finance@demo.test", Name: "Felix Brandt", Role: auth.Finance},
	{Email: "devops@demo.test", Name: "Dana Petrov", Role: auth.DevOps},
	{Email: "developer@demo.test", Name: "Devi Rao", Role: auth.Developer},
	{Email: "auditor@demo.test", Name: "Aiko Tanaka", Role: auth.Auditor},
}

// Seed makes the demo staff that are not there yet and returns how many it made. Who is there is left as is.
func (s *Store) Seed(ctx context.Context) (made int, err error) {
	for _, who := range DemoStaff {
		var there bool
		if err := s.pool.QueryRow(ctx, `SELECT EXISTS (SELECT FROM staff WHERE email = $1)`, who.Email).Scan(&there); err != nil {
			return made, translate(err)
		}
		if there {
			continue // spares the hash, the slow part
		}
		hash, err := auth.HashPassword(DemoPassword)
		if err != nil {
			return made, err
		}
		done, err := s.pool.Exec(ctx, `
			INSERT INTO staff (email, name, role, password_hash) VALUES ($1, $2, $3, $4) ON CONFLICT (email) DO NOTHING`,
			who.Email, who.Name, who.Role, hash)
		if err != nil {
			return made, translate(err)
		}
		made += int(done.RowsAffected())
	}
	return made, nil
}
