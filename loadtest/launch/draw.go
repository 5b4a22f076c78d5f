package launch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// drawWrong is the verifier's exit code for a draw that does not hold.
const drawWrong = 1

// VerifyDraw has the waiting room's own verifier recompute a room's draw from what a gateway publishes, and returns what it says
// and, when the draw is not what it should be, what is wrong. It fails when there is no draw to be had, or the verifier cannot be run.
func VerifyDraw(program, gateway, room string) func(ctx context.Context) (string, []string, error) {
	return func(ctx context.Context) (string, []string, error) {
		dir, err := os.MkdirTemp("", "anteroom-draw-")
		if err != nil {
			return "", nil, err
		}
		defer os.RemoveAll(dir)
		document := filepath.Join(dir, "draw.json")
		body, err := download(ctx, gateway+"/waitroom/v1/"+room+"/draw", document)
		if err != nil {
			return "", nil, err
		}
		var published struct {
			Entrants    string `json:"entrants"`
			EntrantsURL string `json:"entrants_url"`
		}
		if err := json.Unmarshal(body, &published); err != nil {
			return "", nil, fmt.Errorf("the draw's document cannot be read: %w", err)
		}
		args := []string{"verify", "draw", document}
		if published.Entrants == "" && published.EntrantsURL != "" {
			entrants := filepath.Join(dir, "entrants")
			if _, err := download(ctx, gateway+published.EntrantsURL, entrants); err != nil {
				return "", nil, err
			}
			args = append(args, "--entrants", entrants)
		}
		out, err := exec.CommandContext(ctx, program, args...).CombinedOutput()
		says := strings.TrimSpace(string(out))
		var exit *exec.ExitError
		switch {
		case errors.As(err, &exit) && exit.ExitCode() == drawWrong:
			return "", []string{says}, nil
		case err != nil:
			return "", nil, fmt.Errorf("waitroom verify draw: %w: %s", err, says)
		}
		return says, nil, nil
	}
}

// downloadLimit is more than any list of entrants has.
const downloadLimit = 256 << 20

// download keeps what an address answers in a file, and returns it.
func download(ctx context.Context, address, file string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept-Encoding", "identity") // the entrants are gzip by themselves, and are wanted so
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, downloadLimit))
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answers %s: %.200s", address, response.Status, body)
	}
	return body, os.WriteFile(file, body, 0o600)
}
