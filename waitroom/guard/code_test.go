package guard

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"anteroom/internal/auth/authtest"
	"anteroom/waitroom"
)

var presale = waitroom.Guards{Presale: waitroom.WatchEnforce}

func madeCodes(t testing.TB, keys Keys, room, label string, count int) (list []string) {
	t.Helper()
	require.NoError(t, MakeCodes(keys, room, label, count, func(code string) error {
		list = append(list, code)
		return nil
	}))
	return list
}

func with(code string) waitroom.Applicant {
	a := from("192.0.2.1")
	a.Code = code
	return a
}

func TestCodes(t *testing.T) {
	t.Parallel()
	keys := authtest.Keys(t)
	f := newFixture(t, keys, presale)
	f.refused(from("192.0.2.1"), waitroom.ErrCodeRequired)
	accounts := map[string]bool{}
	for _, label := range []string{"", "vip", "fanclub2026"} {
		for _, code := range madeCodes(t, keys, "arena", label, 200) {
			ruling, err := f.judge(with(code))
			require.NoError(t, err, code)
			require.LessOrEqual(t, len(ruling.Entrant.Account), waitroom.MaxEntrantKey)
			accounts[ruling.Entrant.Account] = true
			// As people write them.
			typed := strings.NewReplacer("0", "o", "1", "l", "-", " ").Replace(code)
			if label != "" {
				typed = label + strings.NewReplacer("0", "o", "1", "i", "-", "").Replace(code[len(label):])
			}
			again, err := f.judge(with(strings.ToLower(typed)))
			require.NoError(t, err, typed)
			require.Equal(t, ruling, again)
		}
	}
	assert.Len(t, accounts, 600, "each code is an account of its own")
}

func TestCodesThatAreNone(t *testing.T) {
	t.Parallel()
	keys := authtest.Keys(t)
	code := madeCodes(t, keys, "arena", "vip", 1)[0]
	foreign := madeCodes(t, authtest.Keys(t), "arena", "vip", 1)[0]
	theatre := madeCodes(t, keys, "theatre", "vip", 1)[0]
	wrong := []string{
		foreign, theatre, code[4:], "VIQ" + code[3:], code + "A", code[:len(code)-1], "VIP-U" + code[5:], "x", strings.Repeat("-", 60), strings.Repeat("A", 5000),
		"☃" + code, "VI_P" + code[3:],
	}
	for i := 4; i < len(code); i++ { // one wrong character anywhere
		if code[i] != '-' {
			other := byte('7')
			if code[i] == other {
				other = '8'
			}
			wrong = append(wrong, code[:i]+string(other)+code[i+1:])
		}
	}
	for _, text := range wrong {
		f := newFixture(t, keys, presale) // each the first attempt
		f.refused(with(text), waitroom.ErrCodeInvalid)
	}
	require.Error(t, MakeCodes(keys, "arena", "VIP", 1, nil))
	require.Error(t, MakeCodes(keys, "arena", "", 0, nil))
	require.Error(t, MakeCodes(keys, "Not a room", "", 1, nil))
	full := errors.New("the disk is full")
	require.ErrorIs(t, MakeCodes(keys, "arena", "", 5, func(string) error { return full }), full)
}

// TestGuessing: after some wrong codes nobody there is told any more whether one is right, until a while later; elsewhere they are.
func TestGuessing(t *testing.T) {
	t.Parallel()
	keys := authtest.Keys(t)
	f := newFixture(t, keys, presale)
	code := madeCodes(t, keys, "arena", "", 1)[0]
	guesses := 0
	for {
		_, err := f.judge(with("AAAAA-AAAAA-AAAAA-AAAAA"))
		if errors.Is(err, waitroom.ErrCodeAttempts) {
			break
		}
		require.ErrorIs(t, err, waitroom.ErrCodeInvalid)
		guesses++
	}
	assert.LessOrEqual(t, guesses, wrongCodes)
	problem := f.refused(with(code), waitroom.ErrCodeAttempts)
	near := with(code)
	near.Addr = from("192.0.2.99").Addr
	f.refused(near, waitroom.ErrCodeAttempts)
	far := with(code)
	far.Addr = from("198.51.100.1").Addr
	_, err := f.judge(far)
	require.NoError(t, err)
	f.now = f.now.Add(problem.RetryAfter)
	_, err = f.judge(with(code))
	require.NoError(t, err)
	for range 1000 { // right codes are no guesses
		_, err = f.judge(far)
		require.NoError(t, err)
	}
}

func TestThePresaleEndsAtTheOpening(t *testing.T) {
	t.Parallel()
	f := newFixture(t, authtest.Keys(t), waitroom.Guards{Presale: waitroom.WatchEnforce, PresaleUntilOpen: true})
	f.view.Schedule.OpenAt = f.view.LineTime(f.now).Add(time.Hour)
	problem := f.refused(from("192.0.2.1"), waitroom.ErrCodeRequired)
	assert.Equal(t, f.view.Schedule.OpenAt, problem.Extra["open_at"])
	f.now = f.now.Add(time.Hour - time.Millisecond)
	f.refused(from("192.0.2.1"), waitroom.ErrCodeRequired)
	f.now = f.now.Add(time.Millisecond)
	_, err := f.judge(from("192.0.2.1"))
	require.NoError(t, err)
	f.view.Policy.Guards.PresaleUntilOpen = false
	f.refused(from("192.0.2.1"), waitroom.ErrCodeRequired)
}

func FuzzCode(f *testing.F) {
	f.Add("VIP-ABCDE-FGHJK-MNPQR-STVWX")
	f.Add("ooooo iiiii lllll 00000")
	f.Add(strings.Repeat("A", maxCode))
	f.Fuzz(func(t *testing.T, text string) {
		c, ok := parseCode(text)
		if !ok {
			return
		}
		require.True(t, ValidLabel(c.label))
		again, ok := parseCode(writeCode(c.label, c.name, c.mac))
		require.True(t, ok)
		require.Equal(t, c, again)
	})
}
