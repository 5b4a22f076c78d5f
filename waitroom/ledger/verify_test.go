package ledger_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"anteroom/internal/auth"
	"anteroom/internal/auth/authtest"
	"anteroom/internal/fault"
	"anteroom/waitroom/ledger"
)

func TestAGoodLedgerHolds(t *testing.T) {
	t.Parallel()
	keys := authtest.Keys(t)
	tokens := signed(t, keys, good())
	published, err := auth.ParseJWKS(keys.PublicJWKS())
	require.NoError(t, err)
	r, err := ledger.Verify(t.Context(), published, tokens)
	require.NoError(t, err)
	require.Equal(t, len(tokens), r.Lines())
	require.EqualValues(t, 11, r.Last.Seq)
	require.Equal(t, 338*time.Second, r.LongestGap)
	require.Equal(t, 1, r.Unjudged, "the new epoch")
	require.Equal(t, ledger.Hash(tokens[10]), r.Head)
	var text strings.Builder
	_, err = r.WriteTo(&text)
	require.NoError(t, err)
	require.Contains(t, text.String(), "lines 1 to 11")
	require.Contains(t, text.String(), r.Head)

	for i, l := range good() { // Sign makes the same of them, and Decode reads it back
		if i > 0 {
			prev, err := ledger.Decode(t.Context(), published, tokens[i-1])
			require.NoError(t, err)
			l = ledger.Next(tokens[i-1], prev, l)
			require.NoError(t, ledger.Follows(tokens[i-1], prev, l))
		} else {
			l = ledger.Next("", ledger.Line{}, l)
		}
		token, err := ledger.Sign(keys, l)
		require.NoError(t, err)
		require.Equal(t, tokens[i], token)
	}
}

// members lists the JSON members of a line.
func members(t *testing.T) []string {
	text, err := json.Marshal(ledger.Line{Left: 1, Expired: 1, DrawCommitment: "x", DrawRoot: "x"})
	require.NoError(t, err)
	var all map[string]any
	require.NoError(t, json.Unmarshal(text, &all))
	names := make([]string, 0, len(all))
	for name := range all {
		names = append(names, name)
	}
	slices.Sort(names)
	require.Len(t, names, 19)
	return names
}

func TestEveryFieldBentInOneLineIsSeen(t *testing.T) {
	t.Parallel()
	keys := authtest.Keys(t)
	tokens := signed(t, keys, good())
	const victim = 9 // a line of the middle that has all but the counts of those who went
	for _, name := range members(t) {
		parts := strings.Split(tokens[victim], ".")
		payload, err := base64.RawURLEncoding.DecodeString(parts[1])
		require.NoError(t, err)
		l := ledger.Line{}
		require.NoError(t, json.Unmarshal(payload, &l))
		var claims map[string]any
		require.NoError(t, json.Unmarshal(payload, &claims))
		switch old := claims[name].(type) {
		case nil:
			claims[name] = 1
		case float64:
			claims[name] = int64(old) + 1
		case string:
			claims[name] = bentText(old)
		}
		bent, err := json.Marshal(claims)
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(bent, &l))
		text, err := json.Marshal(l) // in our order of members
		require.NoError(t, err)
		require.NotEqual(t, payload, text, name)

		// By someone without the key.
		forged := slices.Clone(tokens)
		forged[victim] = parts[0] + "." + base64.RawURLEncoding.EncodeToString(text) + "." + parts[2]
		_, err = ledger.Verify(t.Context(), keys, forged)
		brokenAt(t, err, victim+1, "signature")

		// By the operator, who has it: the line after gives it away, where the line itself does not.
		forged[victim], err = keys.SignCheckpoint(l)
		require.NoError(t, err)
		_, err = ledger.Verify(t.Context(), keys, forged)
		require.ErrorIs(t, err, ledger.ErrBroken, name)
		f := fault.From(err)
		if f.Extra["seq"] != int64(victim+1) {
			brokenAt(t, err, victim+2, "prev")
		}
	}
	_, err := ledger.Verify(t.Context(), keys, tokens)
	require.NoError(t, err, "the control")
}

// bentText is another text of the same form.
func bentText(old string) string {
	last := old[len(old)-1]
	if last == 'a' {
		return old[:len(old)-1] + "b"
	}
	return old[:len(old)-1] + "a"
}

func TestWhatAnOperatorCannotWrite(t *testing.T) {
	t.Parallel()
	keys := authtest.Keys(t)
	for _, c := range []struct {
		name  string
		line  int // 0-based; what it carries is signed and chained like all others
		bend  func(*ledger.Line)
		field string
	}{
		{"another room", 5, func(l *ledger.Line) { l.Room = "theatre" }, "room"},
		{"no room", 5, func(l *ledger.Line) { l.Room = "" }, "room"},
		{"an earlier epoch", 9, func(l *ledger.Line) { l.Epoch = 3 }, "epoch"},
		{"time going back", 5, func(l *ledger.Line) { l.At -= 1001 }, "at"},
		{"no time", 5, func(l *ledger.Line) { l.At = 0 }, "at"},
		{"numbers taken back", 4, func(l *ledger.Line) { l.Issued, l.Waiting = 89, 0 }, "issued"},
		{"serving more than issued", 4, func(l *ledger.Line) { l.Serving = 101 }, "serving"},
		{"serving going back", 5, func(l *ledger.Line) { l.Serving = 61 }, "serving"},
		{"admissions taken back", 5, func(l *ledger.Line) { l.AdmittedTotal = 60 }, "admitted_total"},
		{"one too many within 58 s", 3, func(l *ledger.Line) { l.AdmittedTotal = 62 }, "admitted_total"},
		{"one too many since two lines before", 2, func(l *ledger.Line) { l.AdmittedTotal = 61 }, "admitted_total"},
		{"too many over a gap of 338 s", 6, func(l *ledger.Line) { l.AdmittedTotal = 61 + 6*30 + 1 }, "admitted_total"},
		{"over the cap", 2, func(l *ledger.Line) { l.Active = 51 }, "active"},
		{"over the cut cap and rising", 5, func(l *ledger.Line) { l.Active = 51 }, "active"},
		{"negative", 5, func(l *ledger.Line) { l.Active = -1 }, "active"},
		{"more waiting than issued", 5, func(l *ledger.Line) { l.Waiting = 101 }, "waiting"},
		{"an older policy", 5, func(l *ledger.Line) { l.PolicyVersion = 4 }, "policy_version"},
		{"another rate under one version", 2, func(l *ledger.Line) { l.RatePerMinute = 61 }, "rate_per_minute"},
		{"another cap under one version", 2, func(l *ledger.Line) { l.MaxActive = 51 }, "max_active"},
		{"another commitment", 10, func(l *ledger.Line) { l.DrawCommitment = ledger.Hash("other") }, "draw_commitment"},
		{"another root", 10, func(l *ledger.Line) { l.DrawRoot = ledger.Hash("other") }, "draw_root"},
		{"a root without a commitment", 10, func(l *ledger.Line) { l.DrawCommitment = "" }, "draw_commitment"},
		{"a commitment of another form", 8, func(l *ledger.Line) { l.DrawCommitment = strings.ToUpper(l.DrawCommitment) }, "draw_commitment"},
		{"no mode", 8, func(l *ledger.Line) { l.Mode = "" }, "mode"},
		{"a method with a space", 8, func(l *ledger.Line) { l.Method = "a b" }, "method"},
		{"fewer than none left", 8, func(l *ledger.Line) { l.Left = -1 }, "left"},
		{"fewer than none expired", 8, func(l *ledger.Line) { l.Expired = -1 }, "expired"},
	} {
		lines := good()
		c.bend(&lines[c.line])
		_, err := ledger.Verify(t.Context(), keys, signed(t, keys, lines))
		require.Error(t, err, c.name)
		brokenAt(t, err, int64(c.line+1), c.field)
	}
}

func TestANewEpochMayHaveAnotherDraw(t *testing.T) {
	t.Parallel()
	keys := authtest.Keys(t)
	lines := good()
	next := lines[10]
	next.Epoch, next.At, next.DrawCommitment, next.DrawRoot = 8, next.At+1, ledger.Hash("another"), ""
	_, err := ledger.Verify(t.Context(), keys, signed(t, keys, append(lines, next)))
	require.NoError(t, err)
}

func TestLimitsAreJudgedOnlyWhereTheyAreKnown(t *testing.T) {
	t.Parallel()
	keys := authtest.Keys(t)
	over := func(bend func([]ledger.Line)) (*ledger.Report, error) {
		lines := good()[:4]
		lines[3].AdmittedTotal = 100
		bend(lines)
		return ledger.Verify(t.Context(), keys, signed(t, keys, lines))
	}
	_, err := over(func([]ledger.Line) {})
	brokenAt(t, err, 4, "admitted_total")
	_, err = over(func(l []ledger.Line) { l[3].PolicyVersion, l[3].RatePerMinute = 5, 99 })
	brokenAt(t, err, 4, "admitted_total")
	_, err = over(func(l []ledger.Line) { l[3].PolicyVersion, l[3].RatePerMinute = 5, 100 })
	require.NoError(t, err, "the larger rate may have been in force all the time")
	r, err := over(func(l []ledger.Line) { l[3].PolicyVersion = 6 })
	require.NoError(t, err, "an unseen policy may have allowed it")
	require.Equal(t, 1, r.Unjudged)
	r, err = over(func(l []ledger.Line) { l[3].Method = ledger.Passthrough })
	require.NoError(t, err)
	require.Equal(t, 1, r.Unjudged, "and that is told")
}

func TestPartsAndDocuments(t *testing.T) {
	t.Parallel()
	keys := authtest.Keys(t)
	tokens := signed(t, keys, good())
	_, err := ledger.Verify(t.Context(), keys, tokens[4:])
	brokenAt(t, err, 1, "seq")
	_, err = ledger.Verify(t.Context(), keys, nil)
	require.ErrorIs(t, err, ledger.ErrDocument)

	page := func(from, next int, room string) ledger.Document {
		return ledger.Document{Room: room, From: int64(from), Next: int64(next), Lines: tokens[from-1 : next-1]}
	}
	v := ledger.NewVerifier(keys, true)
	require.NoError(t, v.AddDocument(t.Context(), page(5, 8, "arena")))
	require.NoError(t, v.AddDocument(t.Context(), page(8, 12, "arena")))
	r, err := v.Report()
	require.NoError(t, err)
	require.Equal(t, 7, r.Lines())
	var text strings.Builder
	_, err = r.WriteTo(&text)
	require.NoError(t, err)
	require.Contains(t, text.String(), "begins at line 5")

	brokenAt(t, v.AddDocument(t.Context(), page(5, 6, "arena")), 12, "seq")
	_, err = v.Report()
	require.ErrorIs(t, err, ledger.ErrBroken, "the first violation sticks")
	brokenAt(t, ledger.NewVerifier(keys, true).AddDocument(t.Context(), page(5, 8, "theatre")), 5, "room")
	lying := page(5, 8, "arena")
	lying.From++
	brokenAt(t, ledger.NewVerifier(keys, true).AddDocument(t.Context(), lying), 5, "seq")
}

func TestALineTooBadToSign(t *testing.T) {
	t.Parallel()
	keys := authtest.Keys(t)
	l := good()[0]
	l.Seq = 1
	_, err := ledger.Sign(keys, l)
	require.NoError(t, err, "the control")
	for field, bend := range map[string]func(*ledger.Line){
		"serving": func(l *ledger.Line) { l.Serving = 1 }, "seq": func(l *ledger.Line) { l.Seq = 0 },
		"prev": func(l *ledger.Line) { l.Prev = ledger.Hash("nothing") },
	} {
		bad := l
		bend(&bad)
		_, err = ledger.Sign(keys, bad)
		require.ErrorIs(t, err, ledger.ErrLine)
		require.Equal(t, field, fault.From(err).Fields[0].Name)
	}

	// The longest line there can be still fits a token.
	const most = int64(9_223_372_036_854_775_807)
	long := ledger.Line{
		Room: strings.Repeat("a", 63), Epoch: most, Seq: most, At: most, Issued: most, Serving: most, AdmittedTotal: most, Left: most, Expired: most,
		Active: most, Waiting: most, Mode: strings.Repeat("m", 32), Method: strings.Repeat("m", 32), PolicyVersion: most, RatePerMinute: most, MaxActive: most,
		DrawCommitment: ledger.Hash("a"), DrawRoot: ledger.Hash("b"), Prev: ledger.Hash("c"),
	}
	token, err := ledger.Sign(keys, long)
	require.NoError(t, err)
	require.LessOrEqual(t, len(token), ledger.MaxLine)
	got, err := ledger.Decode(t.Context(), keys, token)
	require.NoError(t, err)
	require.Equal(t, long, got)
}

func TestKeysThatCannotBeHadAreNoVerdict(t *testing.T) {
	t.Parallel()
	tokens := signed(t, authtest.Keys(t), good())
	_, err := ledger.Verify(t.Context(), auth.NewRemoteKeys("http://127.0.0.1:1/"), tokens)
	require.Equal(t, fault.Unavailable, fault.From(err).Code, fmt.Sprint(err))
}
