package page

import (
	"crypto/sha256"
	"encoding/json"
	"math/bits"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

type guardScenario struct {
	State   string   `json:"state"`
	Typed   []string `json:"typed"`
	Worker  bool     `json:"worker"`
	Answers []object `json:"answers"`
}

type guardOutcome struct {
	Sent  []map[string]string
	Left  bool
	Wrong string
	Form  bool
}

// playGuard runs the script of the guards in Node.
func playGuard(t *testing.T, s guardScenario) (o guardOutcome) {
	t.Helper()
	text, err := json.Marshal(s)
	require.NoError(t, err)
	out, err := exec.CommandContext(t.Context(), "node", "testdata/guard.mjs", "guard.js", string(text)).CombinedOutput()
	require.NoError(t, err, string(out))
	require.NoError(t, json.Unmarshal(out, &o), string(out))
	return o
}

func wanted(challenge string, zeros int) object {
	return object{"status": 428, "problem": object{"type": "urn:anteroom:problem:proof-required", "challenge": challenge, "bits": zeros}}
}

func problem(name string, status int) object {
	return object{"status": status, "problem": object{"type": "urn:anteroom:problem:" + name}}
}

// TestTheScriptSolvesThePuzzle: what it sends solves each challenge by Go's own SHA-256, and is the smallest number that does; in a worker and
// without.
func TestTheScriptSolvesThePuzzle(t *testing.T) {
	t.Parallel()
	zeros := func(text string) int {
		sum := sha256.Sum256([]byte(text))
		return bits.LeadingZeros32(uint32(sum[0])<<24 | uint32(sum[1])<<16 | uint32(sum[2])<<8 | uint32(sum[3]))
	}
	for _, worker := range []bool{true, false} {
		s := guardScenario{State: "proof", Worker: worker}
		challenges := []string{strings.Repeat("A", 36), strings.Repeat("_", 36), "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789"}
		for i, challenge := range challenges {
			s.Answers = append(s.Answers, wanted(challenge, 8+2*i))
		}
		s.Answers = append(s.Answers, object{"status": 201})
		o := playGuard(t, s)
		assert.True(t, o.Left, "with a place, the page goes on to where it stands")
		require.Len(t, o.Sent, 4)
		assert.Equal(t, "/b/join", o.Sent[0]["url"])
		assert.NotContains(t, o.Sent[0], "Waitroom-Proof")
		for i, challenge := range challenges {
			solution := o.Sent[i+1]["Waitroom-Proof"]
			number, err := strconv.Atoi(strings.TrimPrefix(solution, challenge+"."))
			require.NoError(t, err, solution)
			require.GreaterOrEqual(t, zeros(solution), 8+2*i)
			for n := range number {
				require.Less(t, zeros(challenge+"."+strconv.Itoa(n)), 8+2*i)
			}
		}
	}
}

func TestTheScriptTakesACode(t *testing.T) {
	t.Parallel()
	challenge := strings.Repeat("B", 36)
	o := playGuard(t, guardScenario{State: "code", Worker: true, Typed: []string{"wrong", "right"}, Answers: []object{
		problem("code-invalid", 403), wanted(challenge, 8), {"status": 201},
	}})
	assert.True(t, o.Left)
	assert.True(t, o.Form, "the form is shown to who can use it")
	require.Len(t, o.Sent, 3)
	assert.Equal(t, []string{"wrong", "right", "right"}, []string{o.Sent[0]["Waitroom-Code"], o.Sent[1]["Waitroom-Code"], o.Sent[2]["Waitroom-Code"]})
	assert.NotEmpty(t, o.Sent[2]["Waitroom-Proof"])
	assert.Empty(t, o.Wrong, "what was wrong before is no longer said")

	o = playGuard(t, guardScenario{State: "code", Typed: []string{"wrong"}, Answers: []object{problem("code-invalid", 403)}})
	assert.False(t, o.Left)
	assert.Equal(t, "wrong", o.Wrong)
	o = playGuard(t, guardScenario{State: "code", Typed: []string{"wrong"}, Answers: []object{problem("code-attempts", 429)}})
	assert.True(t, o.Left, "the page that comes says why")
}

// An answer that is lost costs nobody a place: the solution that the line may have taken is sent again, not a new one.
func TestTheScriptSendsTheSameAgainWhenTheAnswerIsLost(t *testing.T) {
	t.Parallel()
	o := playGuard(t, guardScenario{State: "code", Worker: true, Typed: []string{"VIP"}, Answers: []object{
		wanted(strings.Repeat("C", 36), 8), {"lost": true}, {"lost": true}, {"status": 201},
	}})
	require.Len(t, o.Sent, 4)
	assert.NotEmpty(t, o.Sent[1]["Waitroom-Proof"])
	assert.Equal(t, []map[string]string{o.Sent[1], o.Sent[1]}, o.Sent[2:])
	assert.True(t, o.Left)
}
