package benchmarks

import (
	"context"
	"fmt"
	"io"
)

// proof is the pair that Prove measures; it is in proof_test.go and does work in memory alone.
var proof = []Figure{
	{"benchmarks", "Proof", "work that can be slowed down by ProofSlower", "ProofCalibrator"},
	{"benchmarks", "ProofCalibrator", "as much work that cannot", ""},
}

// ProofSlower is the variable that makes BenchmarkProof do so many percent more work.
const ProofSlower = "BENCH_PROOF_SLOWER"

// Prove shows on this machine that the gate can be believed, with the thresholds it has: a baseline is measured, then the gate compares the
// same build with it comparisons times, none of which may find a regression; then a build with 15 % more work, which must be one; then one
// with 15 % less, which must be faster. Every measurement is a whole one of o.Count rounds. It returns the ratios of the same build,
// measurement by measurement.
func Prove(ctx context.Context, o Options, t *Thresholds, comparisons int, out io.Writer) ([][]float64, error) {
	once := func(percent int) (*Measurement, error) {
		part := o
		part.Progress = io.Discard
		part.Env = append(part.Env, fmt.Sprintf("%s=%d", ProofSlower, percent))
		return Measure(ctx, proof, part)
	}
	m, err := once(0)
	if err != nil {
		return nil, err
	}
	var same [][]float64
	b := &Baseline{Schema: Schema, Metrics: map[string]Recorded{}}
	metrics := Metrics(proof)
	b.Record(m, metrics, t, false)
	same = append(same, b.Metrics[metrics[0].String()].Values)
	wrong := 0
	try := func(name string, percent int, right func(Outcome) bool) error {
		c, err := Gate(ctx, proof, b, t, 0, func(context.Context, []Figure) (*Measurement, error) { return once(percent) })
		if err != nil {
			return err
		}
		v := c.Verdicts[0] // the ratio; the second one counts allocations
		if percent == 0 {
			values, _ := c.Measured.Values(metrics[0])
			same = append(same, values)
		}
		said := "right"
		if !right(v.Outcome) {
			said, wrong = "WRONG", wrong+1
		}
		fmt.Fprintf(out, "%-22s %s, %+.1f %%, P %.4f %s: %s\n", name, v.Outcome, 100*v.Worse, v.P, v.Note, said)
		return nil
	}
	for i := range comparisons {
		if err := try(fmt.Sprintf("the same build, %d/%d", i+1, comparisons), 0, func(o Outcome) bool { return o == OK || o == Noise }); err != nil {
			return same, err
		}
	}
	if err := try("15 % more work", 15, func(o Outcome) bool { return o == Regression }); err != nil {
		return same, err
	}
	if err := try("15 % less work", -15, func(o Outcome) bool { return o == Faster }); err != nil {
		return same, err
	}
	if wrong > 0 {
		return same, fmt.Errorf("the gate was wrong %d times of %d", wrong, comparisons+2)
	}
	return same, nil
}
