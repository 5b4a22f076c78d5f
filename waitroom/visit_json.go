package waitroom

import (
	"encoding/json"
	"strconv"
	"time"
)

// AppendJSON appends the visit as encoding/json writes it. Every poll is answered with one, and reflection took a tenth of a gateway's time.
func (v *Visit) AppendJSON(b []byte) []byte {
	b = appendText(append(b, `{"room":`...), v.Room)
	b = appendText(append(b, `,"state":`...), string(v.State))
	b = strconv.AppendInt(append(b, `,"number":`...), v.Number, 10)
	b = strconv.AppendInt(append(b, `,"epoch":`...), v.Epoch, 10)
	b = strconv.AppendInt(append(b, `,"ahead":`...), v.Ahead, 10)
	b = append(b, `,"eta_seconds":`...)
	if v.ETA == nil {
		b = append(b, "null"...)
	} else {
		b = strconv.AppendInt(append(b, `{"low":`...), v.ETA.Low, 10)
		b = strconv.AppendInt(append(b, `,"high":`...), v.ETA.High, 10)
		b = append(b, '}')
	}
	b = strconv.AppendInt(append(b, `,"poll_after_ms":`...), v.PollAfterMS, 10)
	b = appendTextMember(b, `,"ended":`, v.Ended)
	b = appendTimeMember(b, `,"opens_at":`, v.OpensAt)
	b = appendTextMember(b, `,"message":`, v.Message)
	b = appendTextMember(b, `,"brand":`, v.Brand)
	b = appendTextMember(b, `,"ticket":`, v.Ticket)
	b = appendTextMember(b, `,"pass":`, v.Pass)
	b = appendTimeMember(b, `,"pass_expires_at":`, v.PassExpiresAt)
	b = appendTimeMember(b, `,"admitted_at":`, v.AdmittedAt)
	b = appendIntMember(b, `,"opens_in_ms":`, v.OpensInMS)
	b = appendIntMember(b, `,"claim_in_ms":`, v.ClaimInMS)
	b = appendTextMember(b, `,"draw":`, string(v.Draw))
	b = appendIntMember(b, `,"drawn_position":`, v.DrawnPosition)
	return append(b, '}')
}

// The members that are left out when they are empty; name is written with what stands before and after it.

func appendTextMember(b []byte, name, text string) []byte {
	if text == "" {
		return b
	}
	return appendText(append(b, name...), text)
}

func appendIntMember(b []byte, name string, n int64) []byte {
	if n == 0 {
		return b
	}
	return strconv.AppendInt(append(b, name...), n, 10)
}

func appendTimeMember(b []byte, name string, t *time.Time) []byte {
	if t == nil {
		return b
	}
	b = append(append(b, name...), '"')
	return append(t.AppendFormat(b, time.RFC3339Nano), '"')
}

// appendText appends a string. What an operator wrote may need to be escaped, which is left to the library.
func appendText(b []byte, text string) []byte {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c >= 0x7f || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			quoted, _ := json.Marshal(text) // a string can always be written
			return append(b, quoted...)
		}
	}
	b = append(b, '"')
	b = append(b, text...)
	return append(b, '"')
}
