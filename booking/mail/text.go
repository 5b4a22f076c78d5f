package mail

import (
	"fmt"
	"strings"
	"text/template"
	"time"

	"anteroom/booking"
)

// links are the addresses that a mail tells.
type links struct {
	base  string
	claim string
}

func (l links) Order(id string) string  { return l.base + "/bookings/" + id }
func (l links) Print(id string) string  { return l.base + "/api/v1/orders/" + id + "/tickets" }
func (l links) Show(slug string) string { return l.base + "/shows/" + slug + "/seats" }

// Claim has the secret in the fragment, which browsers send to nobody.
func (l links) Claim() string { return l.base + "/claim#" + l.claim }

// text is a mail in one language; its first line is the subject.
type text struct{ en, ko string }

var texts = map[string]text{
	booking.OrderPaid: {
		en: `Your tickets: {{.L.Order.Title.EN}} ({{.L.Order.Reference}})
{{with .L.Name}}Hello {{.}},

{{end}}thank you. Your order {{.L.Order.Reference}} is paid.

{{.L.Order.Title.EN}}
{{.L.Order.Venue.EN}}
{{.When .L.Order.StartsAt .L.Order.TimeZone "en"}}
{{range .Valid}}
  {{.Section}} · {{.Row}} · {{.Number}}   ticket {{.Code}}{{end}}

Paid: {{.L.Order.Total}}

Print your tickets, or show them on your phone: {{.Links.Print .L.Order.ID}}
Your booking: {{.Links.Order .L.Order.ID}}
`,
		ko: `예매 완료: {{.L.Order.Title.KO}} ({{.L.Order.Reference}})
{{with .L.Name}}{{.}} 님,

{{end}}예매해 주셔서 감사합니다. 주문 {{.L.Order.Reference}}의 결제가 완료되었습니다.

{{.L.Order.Title.KO}}
{{.L.Order.Venue.KO}}
{{.When .L.Order.StartsAt .L.Order.TimeZone "ko"}}
{{range .Valid}}
  {{.Section}} · {{.Row}} · {{.Number}}   티켓 {{.Code}}{{end}}

결제 금액: {{.L.Order.Total}}

티켓 인쇄 또는 휴대폰에서 보기: {{.Links.Print .L.Order.ID}}
예매 내역: {{.Links.Order .L.Order.ID}}
`},
	booking.OrderCancelled: {
		en: `Cancelled: {{.L.Order.Title.EN}} ({{.L.Order.Reference}})
{{with .L.Name}}Hello {{.}},

{{end}}your order {{.L.Order.Reference}} is cancelled and its tickets are not valid any more.

{{.L.Order.Title.EN}}
{{.When .L.Order.StartsAt .L.Order.TimeZone "en"}}

{{if .L.Order.Refunded}}We have given back {{.L.Order.Refunded}}.{{else}}What is due to you will be given back the way you paid.{{end}}

Your booking: {{.Links.Order .L.Order.ID}}
`,
		ko: `예매 취소: {{.L.Order.Title.KO}} ({{.L.Order.Reference}})
{{with .L.Name}}{{.}} 님,

{{end}}주문 {{.L.Order.Reference}}이(가) 취소되었으며 티켓은 더 이상 사용할 수 없습니다.

{{.L.Order.Title.KO}}
{{.When .L.Order.StartsAt .L.Order.TimeZone "ko"}}

{{if .L.Order.Refunded}}{{.L.Order.Refunded}}을(를) 환불해 드렸습니다.{{else}}환불 금액은 결제하신 수단으로 돌려드립니다.{{end}}

예매 내역: {{.Links.Order .L.Order.ID}}
`},
	booking.TicketTransferred: {
		en: `{{.L.Offer.From}} has a ticket for you: {{.L.Offer.Ticket.Title.EN}}
{{.L.Offer.From}} wants to hand a ticket on to you.

{{.L.Offer.Ticket.Title.EN}}
{{.L.Offer.Ticket.Venue.EN}}
{{.When .L.Offer.Ticket.StartsAt .L.Offer.Ticket.TimeZone "en"}}
{{.L.Offer.Ticket.Section}} · {{.L.Offer.Ticket.Row}} · {{.L.Offer.Ticket.Number}}

Take it here, until {{.When .L.Offer.ExpiresAt .L.Offer.Ticket.TimeZone "en"}}:
{{.Links.Claim}}

The link works once. Do not pass it on: whoever opens it can take the ticket.
`,
		ko: `{{.L.Offer.From}} 님이 티켓을 보냈습니다: {{.L.Offer.Ticket.Title.KO}}
{{.L.Offer.From}} 님이 티켓을 양도하려고 합니다.

{{.L.Offer.Ticket.Title.KO}}
{{.L.Offer.Ticket.Venue.KO}}
{{.When .L.Offer.Ticket.StartsAt .L.Offer.Ticket.TimeZone "ko"}}
{{.L.Offer.Ticket.Section}} · {{.L.Offer.Ticket.Row}} · {{.L.Offer.Ticket.Number}}

{{.When .L.Offer.ExpiresAt .L.Offer.Ticket.TimeZone "ko"}}까지 아래에서 받으실 수 있습니다:
{{.Links.Claim}}

이 링크는 한 번만 사용할 수 있습니다. 링크를 여는 사람이 티켓을 받을 수 있으니 다른 사람에게 전달하지 마세요.
`},
	booking.WaitlistOffer: {
		en: `Seats came back: {{.L.Seats.Title.EN}}
{{with .L.Name}}Hello {{.}},

{{end}}seats that you wait for came back, and we keep them for you until {{.When .L.Seats.Hold.ExpiresAt .L.Seats.TimeZone "en"}}.

{{.L.Seats.Title.EN}}
{{.L.Seats.Venue.EN}}
{{.When .L.Seats.StartsAt .L.Seats.TimeZone "en"}}
{{range .L.Seats.Hold.Seats}}
  {{.Section}} · {{.Row}} · {{.Number}}   {{.Price}}{{end}}

Buy them here: {{.Links.Show .L.Seats.Hold.Show}}
`,
		ko: `대기하신 좌석이 나왔습니다: {{.L.Seats.Title.KO}}
{{with .L.Name}}{{.}} 님,

{{end}}대기하신 좌석이 나왔습니다. {{.When .L.Seats.Hold.ExpiresAt .L.Seats.TimeZone "ko"}}까지 보관해 드립니다.

{{.L.Seats.Title.KO}}
{{.L.Seats.Venue.KO}}
{{.When .L.Seats.StartsAt .L.Seats.TimeZone "ko"}}
{{range .L.Seats.Hold.Seats}}
  {{.Section}} · {{.Row}} · {{.Number}}   {{.Price}}{{end}}

구매하기: {{.Links.Show .L.Seats.Hold.Show}}
`},
}

// page is what a text's template sees.
type page struct {
	L     booking.Letter
	Links links
}

// When tells a time at the hall.
func (page) When(t time.Time, zone, lang string) string { return booking.When(t, zone, lang) }

// Valid are the tickets of the order that can be used.
func (p page) Valid() (valid []booking.Ticket) {
	for _, t := range p.L.Order.Tickets {
		if t.State == "valid" {
			valid = append(valid, t)
		}
	}
	return valid
}

// templates are the parsed texts: kind and language.
var templates = func() map[string][2]*template.Template {
	all := map[string][2]*template.Template{}
	for kind, t := range texts {
		all[kind] = [2]*template.Template{template.Must(template.New(kind + ".en").Parse(t.en)), template.Must(template.New(kind + ".ko").Parse(t.ko))}
	}
	return all
}()

// write makes subject and text of a mail, English above Korean: nobody has said yet which of them they read.
func write(kind string, l booking.Letter, links links) (subject, body string, err error) {
	both, ok := templates[kind]
	if !ok {
		return "", "", fmt.Errorf("there is no mail for %q", kind)
	}
	var subjects, bodies []string
	for _, t := range both {
		var b strings.Builder
		if err := t.Execute(&b, page{l, links}); err != nil {
			return "", "", fmt.Errorf("write mail: %w", err)
		}
		first, rest, _ := strings.Cut(b.String(), "\n")
		subjects, bodies = append(subjects, first), append(bodies, rest)
	}
	// A line break in a name would be one in the header.
	subject = strings.Join(strings.Fields(strings.Join(subjects, " / ")), " ")
	return subject, strings.Join(bodies, "\n――――――――――\n\n"), nil
}
