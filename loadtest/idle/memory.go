package idle

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

// Memory is what a gateway has, in bytes.
type Memory struct {
	Resident float64 // of the process, by the kernel
	InUse    float64 // heap and stacks, by the Go runtime, right after a collection
	Parked   float64 // connections
}

// settled is how long the resident memory must not have fallen to be taken as it is: the runtime gives memory back bit by bit.
const settled = 8 * time.Second

// memory lets the gateway collect its garbage until its memory has settled.
func (s *System) memory(ctx context.Context) (m Memory, err error) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for best, since := 0.0, time.Now(); ; {
		if _, err = s.lines(ctx, "/debug/pprof/heap?gc=1&debug=0"); err != nil {
			return m, err
		}
		if m, err = s.figures(ctx); err != nil {
			return m, err
		}
		if best == 0 || m.Resident < best*0.99 {
			best, since = m.Resident, time.Now()
		}
		if time.Since(since) >= settled {
			return m, nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return m, ctx.Err()
		}
	}
}

func (s *System) figures(ctx context.Context) (m Memory, err error) {
	metrics, err := s.lines(ctx, "/metrics")
	if err != nil {
		return m, err
	}
	value := func(name string) float64 {
		n, ok := metrics[name]
		if !ok {
			err = fmt.Errorf("the gateway prints no metric %s", name)
		}
		return n
	}
	m.InUse = value("go_memstats_heap_inuse_bytes") + value("go_memstats_stack_inuse_bytes")
	m.Parked = value("waitroom_http_connections_parked")
	if err != nil {
		return m, err
	}
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.PID))
	if err != nil {
		return m, err
	}
	for line := range strings.Lines(string(status)) {
		if text, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(text), " kB"), 64)
			m.Resident = kb * 1024
			return m, err
		}
	}
	return m, fmt.Errorf("the system does not tell the resident memory of process %d", s.PID)
}

// lines asks the private port, and takes what it says for metrics without labels.
func (s *System) lines(ctx context.Context, path string) (map[string]float64, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.Private+path, nil)
	if err != nil {
		return nil, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: status %d", path, res.StatusCode)
	}
	all := map[string]float64{}
	in := bufio.NewScanner(res.Body)
	in.Buffer(nil, 16<<20)
	for in.Scan() {
		if name, value, ok := strings.Cut(in.Text(), " "); ok {
			if n, err := strconv.ParseFloat(value, 64); err == nil {
				all[name] = n
			}
		}
	}
	return all, in.Err()
}
