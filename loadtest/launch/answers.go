package launch

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// askTime bounds one question whether a part answers.
const askTime = 2 * time.Second

// answers waits until a part answers by the way that the others ask it, which is what a fault is undone for.
func (s *System) answers(ctx context.Context, what string) error {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		err := s.ask(ctx, what)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s does not answer again: %w", what, err)
		case <-tick.C:
		}
	}
}

func (s *System) ask(ctx context.Context, what string) error {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	switch what {
	case "redis":
		return askRedis(ctx, s.relays["redis"].Address())
	case "postgres":
		return askPostgres(ctx, s.running.DatabaseURL)
	case "gateway":
		return askHTTP(ctx, s.running.GatewayControlURLs[len(s.Gateways)-1]+"/healthz")
	case "booking":
		return askHTTP(ctx, "http://"+s.relays["booking"].Address()+"/api/v1/session")
	}
	if err := askRedis(ctx, s.relays["redis"].Address()); err != nil {
		return err
	}
	return askHTTP(ctx, "http://"+s.relays["booking"].Address()+"/api/v1/session")
}

// askHTTP is content with any answer: a part that says that another one is missing answers.
func askHTTP(ctx context.Context, address string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return err
	}
	request.Close = true
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	return response.Body.Close()
}

func askRedis(ctx context.Context, address string) error {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
	if err != nil {
		return err
	}
	defer conn.Close()
	if deadline, ok := ctx.Deadline(); ok {
		if err := conn.SetDeadline(deadline); err != nil {
			return err
		}
	}
	if _, err := conn.Write([]byte("PING\r\n")); err != nil {
		return err
	}
	line, err := bufio.NewReader(conn).ReadString('\n')
	if err == nil && !strings.HasPrefix(line, "+PONG") {
		err = fmt.Errorf("the answer to PING is %q", strings.TrimSpace(line))
	}
	return err
}

func askPostgres(ctx context.Context, address string) error {
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	return conn.Ping(ctx)
}
