package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"strconv"
	"sync/atomic"

	"github.com/jackc/pgx/v5/pgxpool"

	"anteroom/booking"
	"anteroom/booking/payment"
	"anteroom/internal/service"
)

// providerSettings say who takes the money.
type providerSettings struct {
	provider      string
	stripeKey     string
	stripeURL     string
	webhookSecret string
	publicURL     string
}

func (p *providerSettings) flags(f *service.Flags) {
	f.String(&p.provider, "payment-provider", "simulator", "who takes the money: simulator or stripe")
	f.String(&p.stripeKey, "stripe-key", "", "secret key of Stripe's API; best given in the environment")
	f.String(&p.stripeURL, "stripe-url", "https://api.stripe.com", "address of Stripe's API")
	f.String(&p.webhookSecret, "webhook-secret", "", "secret that the provider signs webhooks with; best given in the environment. Empty: random for the simulator, and then only one instance may run; Stripe wants one")
	f.String(&p.publicURL, "public-url", "http://localhost:8080", "address of the shop as buyers see it: where they come back to from their bank")
}

func (p *providerSettings) validate() error {
	switch {
	case p.provider != "simulator" && p.provider != "stripe":
		return errors.New("--payment-provider must be simulator or stripe")
	case p.provider == "stripe" && (p.stripeKey == "" || p.webhookSecret == ""):
		return errors.New("--payment-provider stripe wants --stripe-key and --webhook-secret")
	}
	return nil
}

// make returns the provider.
func (p *providerSettings) make(pool *pgxpool.Pool) booking.Provider {
	if p.provider == "stripe" {
		return payment.NewStripe(payment.StripeOptions{Key: p.stripeKey, Secret: p.webhookSecret, URL: p.stripeURL, ReturnBase: p.publicURL})
	}
	simulator := payment.NewSimulator(pool)
	if p.webhookSecret != "" {
		simulator.Secret = []byte(p.webhookSecret)
	}
	return simulator
}

// challenges is the page of the provider's bank, where that is ours to serve.
func challenges(provider booking.Provider) booking.Challenges {
	c, _ := provider.(booking.Challenges)
	return c
}

// conditional is the provider whose condition staff may set, where it is not a real one.
func conditional(provider booking.Provider) booking.Simulated {
	s, _ := provider.(booking.Simulated)
	return s
}

// simulated adds to a service what the simulator, if that is the provider, does by itself: it serves the page of its bank and sends
// webhooks to this service's own public port, as a real provider does from outside.
func simulated(o *service.Options, provider booking.Provider, log *slog.Logger) {
	simulator, ok := provider.(*payment.Simulator)
	if !ok {
		return
	}
	var address atomic.Value
	address.Store("")
	o.Tasks = append(o.Tasks, background(func(ctx context.Context) {
		simulator.Run(ctx, func() string { return address.Load().(string) }, func(err error) { report(ctx, log, "send simulated webhooks", err) })
	}))
	started := o.Started
	o.Started = func(public, private net.Addr) {
		if tcp, ok := public.(*net.TCPAddr); ok {
			host := tcp.IP.String()
			if tcp.IP.IsUnspecified() {
				host = "127.0.0.1"
			}
			address.Store("http://" + net.JoinHostPort(host, strconv.Itoa(tcp.Port)) + "/api/v1/webhooks/" + simulator.Name())
		}
		if started != nil {
			started(public, private)
		}
	}
}
